//! Workspaces over HTTP: those one belongs to, new ones, and the settings of the one where the session is.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use convoke_app::sessions::MyWorkspace;
use convoke_app::workspaces::{WorkspaceChange, WorkspaceSettings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Asker, Reader, Session, WorkspaceKeeper};
use crate::blocking::blocking;
use crate::conditions::{Conditions, IfMatch, IfNoneMatch, changed};
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
///
/// Those a member belongs to; of a token its own. POST to /api/v1/session/workspace goes to another one.
#[utoipa::path(
    get, path = "/api/v1/workspaces", tag = "access",
    responses((status = OK, description = "Those one belongs to", body = Workspaces), Problems)
)]
pub(crate) async fn list(asker: Asker) -> Answer<Json<Workspaces>> {
    let items = match asker {
        Asker::Member(signed_in) => blocking(move || signed_in.workspaces()).await?,
        Asker::Token(workspace) => vec![workspace.as_mine()?],
    };
    Ok(Json(Workspaces { items }))
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
/// The one of the session or the token: its settings, and what the operator says for all.
#[utoipa::path(
    get, path = "/api/v1/workspace", tag = "access", params(IfNoneMatch),
    responses(
        (status = OK, description = "Its settings", body = WorkspaceSettings, headers(("ETag" = String))),
        (status = NOT_MODIFIED, description = "It is as you have it"),
        Problems
    )
)]
pub(crate) async fn show(Reader(workspace): Reader, conditions: Conditions) -> Answer<Response> {
    let found = blocking(move || workspace.shown_settings()).await?;
    Ok(conditions.show(&found))
}

/// Change the workspace
///
/// Its name, the member in whose name it writes, and how long files are kept: all that is named, or nothing.
#[utoipa::path(
    patch, path = "/api/v1/workspace", tag = "access", security(("session" = [])), params(IfMatch),
    request_body = WorkspaceChange,
    responses((status = OK, description = "Its settings", body = WorkspaceSettings, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    WorkspaceKeeper(workspace): WorkspaceKeeper,
    conditions: Conditions,
    Sent { value: change, .. }: Sent<WorkspaceChange>,
) -> Answer<Response> {
    let found = blocking(move || workspace.change_settings(&change, &conditions.seen)).await?;
    Ok(changed(&found))
}
