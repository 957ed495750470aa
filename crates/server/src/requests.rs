//! Every request: its id, its line in the log, its counts. The route is the template, never the path: a path holds what was
//! typed.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use convoke_app::people::id::WorkspaceId;
use futures_util::FutureExt;
use metrics::{counter, histogram};

use crate::problem::{Problem, ProblemDetails};

/// Names a request in the answer, in problems and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The route of what has none.
const NO_ROUTE: &str = "none";

/// What turned out about a request, for the log: the workspace that is asked, and the id of the member or token that asks.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    workspace: Arc<OnceLock<WorkspaceId>>,
    actor: Arc<OnceLock<String>>,
}

impl Asked {
    // Who is told once is told for good.
    pub(crate) fn is_of(&self, workspace: WorkspaceId) {
        let _ = self.workspace.set(workspace);
    }

    pub(crate) fn is_by(&self, id: impl Into<String>) {
        let _ = self.actor.set(id.into());
    }
}

/// Marks an answer that tells a problem, which is written down with the id of its request.
#[derive(Clone)]
pub(crate) struct Told(pub(crate) ProblemDetails);

/// Draws ids of requests. `chance` makes them different from those of other processes and starts.
#[derive(Clone)]
pub struct RequestIds {
    chance: u64,
    next: Arc<AtomicU64>,
}

impl RequestIds {
    pub fn new(chance: u64) -> Self {
        Self { chance, next: Arc::default() }
    }

    fn draw(&self) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("req_{:016x}{number:x}", self.chance)
    }
}

/// Around every handler.
pub(crate) async fn told(ids: RequestIds, mut request: Request, next: Next) -> Response {
    let id = ids.draw();
    let method = known_method(request.method().as_str());
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let asked = Asked::default();
    request.extensions_mut().insert(asked.clone());
    let began = Instant::now();
    // A mistake of ours ends one request, and is answered.
    let answered = AssertUnwindSafe(async {
        convoke_app::crash::at("request_begun");
        next.run(request).await
    });
    let mut response = answered.catch_unwind().await.unwrap_or_else(|_| Problem::internal().into_response());
    if let Some(Told(details)) = response.extensions_mut().remove::<Told>() {
        response = with_id(response, details, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let (workspace, actor) = (asked.workspace.get().map(|id| id.0), asked.actor.get());
    tracing::info!(method, route, status, ms = took.as_millis() as u64, request_id = id, workspace, actor, "request");
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_string())];
    counter!("convoke_requests_total", &labels).increment(1);
    histogram!("convoke_request_seconds", &labels[..2]).record(took.as_secs_f64());
    response
}

fn with_id(response: Response, details: ProblemDetails, id: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(text) = serde_json::to_vec(&details.of_request(id)) else {
        return Response::from_parts(parts, body);
    };
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(text))
}

/// A client may invent methods without end.
fn known_method(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("OTHER")
}
