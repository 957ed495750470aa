//! `/health`: the process answers. `/ready`: the database does too.

use axum::Json;
use axum::extract::State;
use convoke_app::Installation;
use serde_json::{Value, json};

use crate::blocking::blocking;
use crate::problem::Answer;

pub(crate) async fn health() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

pub(crate) async fn ready(State(installation): State<Installation>) -> Answer<Json<Value>> {
    blocking(move || installation.workspaces()).await?;
    Ok(Json(json!({"status": "ready"})))
}
