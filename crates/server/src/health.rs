//! `/health`: the process answers. `/ready`: database, migrations and storage are as they must be.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use convoke_app::{Installation, Part};
use serde::Serialize;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::blocking::blocking;
use crate::log;
use crate::problem::{Answer, Problem, Problems};

/// So many look at once, each so long.
static LOOK: Semaphore = Semaphore::const_new(4);
const LOOK_TIME: Duration = Duration::from_secs(3);

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok` or `ready`.
    status: &'static str,
}

/// The process answers
#[utoipa::path(
    get, path = "/health", tag = "operating", security(()),
    responses((status = OK, description = "It does", body = Health))
)]
pub(crate) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether database, migrations and storage are ready
#[utoipa::path(
    get, path = "/ready", tag = "operating", security(()),
    responses((status = OK, description = "They are", body = Health), Problems)
)]
pub(crate) async fn ready(State(installation): State<Installation>) -> Answer<Json<Health>> {
    // Few looks at a time: a database that is silent is asked a few times, however many want to know.
    let Ok(look) = LOOK.try_acquire() else { return Err(silent()) };
    let looked = blocking(move || {
        let _look = look;
        Ok(installation.unready())
    });
    let Ok(unready) = tokio::time::timeout(LOOK_TIME, looked).await else { return Err(silent()) };
    let unready = unready?;
    let Some((part, error)) = unready else { return Ok(Json(Health { status: "ready" })) };
    log::fault(&format!("the {} is not ready", part.name()), &error);
    let message = match part {
        Part::Migrations => format!("The migrations are not ready: {error}"),
        // What it says holds addresses.
        Part::Database | Part::Storage => format!("The {} is not ready", part.name()),
    };
    let hint = error.hint().unwrap_or("See the log of the server.");
    Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.code(), &message, hint))
}

/// Something does not answer, so nothing is ready.
fn silent() -> Problem {
    let message = "The database or the storage does not answer";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_answering", message, "See the log of the server.").soon()
}

/// What a worker answers beside its measures.
pub(crate) fn router(installation: Installation) -> Router {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).with_state(installation)
}
