//! `/health`: the process answers. `/ready`: database, migrations and storage are as they must be.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use convoke_app::{Installation, Part};
use serde::Serialize;
use utoipa::ToSchema;

use crate::blocking::blocking;
use crate::log;
use crate::problem::{Answer, Problem, Problems};

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
    let unready = blocking(move || Ok(installation.unready())).await?;
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

/// What a worker answers beside its measures.
pub(crate) fn router(installation: Installation) -> Router {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).with_state(installation)
}
