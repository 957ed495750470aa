//! What is measured, as Prometheus reads it. Labels are routes, states, record types and outcomes: never anything that
//! somebody typed, nor a workspace, so that their number is bounded.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use convoke_app::{Installation, Result};
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::blocking::blocking;
use crate::problem::Answer;

/// Seconds that tell a quick answer from a slow one, and a short import from a long chunk.
const BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0];

/// The measures of this process.
#[derive(Clone)]
pub(crate) struct Measures {
    handle: PrometheusHandle,
    installation: Installation,
}

/// Measures from now on; what was counted before is lost.
pub(crate) fn begin(installation: &Installation) -> std::result::Result<Measures, BuildError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    // Only the first of a process counts, which is all there is but in tests.
    let _ = metrics::set_global_recorder(recorder);
    describe();
    Ok(Measures { handle, installation: installation.clone() })
}

fn describe() {
    describe_counter!("convoke_requests_total", "Requests by method, route and status");
    describe_histogram!("convoke_request_seconds", Unit::Seconds, "From a request to the head of its answer");
    describe_counter!("convoke_imports_total", "Imports that left the running state, by the state and record type");
    describe_counter!("convoke_rows_total", "Rows by what became of them");
    describe_histogram!("convoke_commit_seconds", Unit::Seconds, "The commit of a group of chunks");
    describe_gauge!("convoke_jobs", "Imports that wait or run, of all workspaces");
    describe_gauge!("convoke_oldest_waiting_seconds", Unit::Seconds, "How long the import that waits longest is due");
    describe_counter!("convoke_stored_bytes_total", "Bytes of uploads that were stored");
    describe_counter!("convoke_upload_failures_total", "Uploads that broke off or could not be stored");
    describe_counter!("convoke_storage_errors_total", "Refusals and silences of the storage of files");
    describe_gauge!("convoke_database_connections", "Connections of this process by use");
    describe_gauge!("convoke_resident_bytes", Unit::Bytes, "Memory this process holds");
}

/// `/metrics`
pub(crate) fn router(measures: Measures) -> Router {
    Router::new().route("/metrics", get(page)).with_state(measures)
}

async fn page(State(measures): State<Measures>) -> Answer<Response> {
    let text = blocking(move || measures.page()).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

impl Measures {
    fn page(&self) -> Result<String> {
        let jobs = self.installation.jobs()?;
        gauge!("convoke_jobs", "state" => "waiting").set(jobs.waiting as f64);
        gauge!("convoke_jobs", "state" => "running").set(jobs.running as f64);
        let waits = jobs.oldest_due.map_or(0, |due| (self.installation.store.now() - due).max(0));
        gauge!("convoke_oldest_waiting_seconds").set(waits as f64 / 1e6);
        let (idle, busy) = self.installation.store.connections();
        gauge!("convoke_database_connections", "use" => "idle").set(idle as f64);
        gauge!("convoke_database_connections", "use" => "busy").set(busy as f64);
        if let Some(bytes) = resident_bytes() {
            gauge!("convoke_resident_bytes").set(bytes as f64);
        }
        self.handle.run_upkeep();
        Ok(self.handle.render())
    }
}

/// As Linux tells it; None elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}
