//! `/health`: the process answers. `/ready`: the database does too.

use axum::Json;
use axum::extract::State;
use convoke_app::Installation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::blocking::blocking;
use crate::problem::{Answer, Problems};

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

/// The database answers too
#[utoipa::path(
    get, path = "/ready", tag = "operating", security(()),
    responses((status = OK, description = "It does", body = Health), Problems)
)]
pub(crate) async fn ready(State(installation): State<Installation>) -> Answer<Json<Health>> {
    blocking(move || installation.workspaces()).await?;
    Ok(Json(Health { status: "ready" }))
}
