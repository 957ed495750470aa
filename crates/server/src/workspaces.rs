//! Workspaces over HTTP: those one belongs to, new ones, and the settings of the one where the session is.

use axum::Json;
use axum::http::StatusCode;
use convoke_app::sessions::MyWorkspace;
use convoke_app::workspaces::{WorkspaceChange, WorkspaceSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Reader, Session, WorkspaceKeeper};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

/// The workspaces one belongs to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Workspaces {
    items: Vec<MyWorkspace>,
}

/// A workspace to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    name: String,
}

/// List the own workspaces
#[utoipa::path(
    get, path = "/api/v1/workspaces", tag = "access", security(("session" = [])),
    responses((status = OK, description = "Those one belongs to", body = Workspaces), Problems)
)]
pub(crate) async fn list(Session(signed_in): Session) -> Answer<Json<Workspaces>> {
    Ok(Json(Workspaces { items: blocking(move || signed_in.workspaces()).await? }))
}

/// Make a workspace
///
/// For the operator, who owns it then.
#[utoipa::path(
    post, path = "/api/v1/workspaces", tag = "access", security(("session" = [])), request_body = NewWorkspace,
    responses((status = CREATED, description = "Made", body = MyWorkspace), Problems)
)]
pub(crate) async fn make(
    Session(signed_in): Session,
    Sent { value: new, .. }: Sent<NewWorkspace>,
) -> Answer<(StatusCode, Json<MyWorkspace>)> {
    Ok((StatusCode::CREATED, Json(blocking(move || signed_in.make_workspace(&new.name)).await?)))
}

/// Show the workspace
///
/// The one of the session or the token.
#[utoipa::path(
    get, path = "/api/v1/workspace", tag = "access",
    responses((status = OK, description = "Its settings", body = WorkspaceSettings), Problems)
)]
pub(crate) async fn show(Reader(workspace): Reader) -> Answer<Json<WorkspaceSettings>> {
    Ok(Json(blocking(move || workspace.shown_settings()).await?))
}

/// Change the workspace
///
/// Its name, and the member in whose name it writes.
#[utoipa::path(
    patch, path = "/api/v1/workspace", tag = "access", security(("session" = [])), request_body = WorkspaceChange,
    responses((status = OK, description = "Its settings", body = WorkspaceSettings), Problems)
)]
pub(crate) async fn change(
    WorkspaceKeeper(workspace): WorkspaceKeeper,
    Sent { value: change, .. }: Sent<WorkspaceChange>,
) -> Answer<Json<WorkspaceSettings>> {
    Ok(Json(blocking(move || workspace.change_settings(&change)).await?))
}
