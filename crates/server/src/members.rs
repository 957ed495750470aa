//! Members of a workspace over HTTP: who they are, what role each has, and how one leaves.

use axum::Json;
use axum::http::StatusCode;
use convoke_app::Workspace;
use convoke_app::members::{Leaving, Member, role};
use convoke_app::people::id::MemberId;
use convoke_app::permissions::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{MemberKeeper, Opened, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

/// Members in the order they came.
#[derive(Serialize, ToSchema)]
pub(crate) struct Members {
    items: Vec<Member>,
}

/// What a member is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleChange {
    /// `viewer`, `manager`, `admin` or `owner`.
    role: String,
}

/// Who inherits.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Heir {
    /// The id of the member to whom everything goes that hangs on the one who leaves.
    heir: String,
}

/// List members
#[utoipa::path(
    get, path = "/api/v1/members", tag = "access",
    responses((status = OK, description = "Members", body = Members), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader) -> Answer<Json<Members>> {
    Ok(Json(Members { items: blocking(move || workspace.members()).await? }))
}

/// Change a role
///
/// The last owner stays one.
#[utoipa::path(
    patch, path = "/api/v1/members/{id}", tag = "access",
    security(("session" = [])), params(("id" = String, Path)), request_body = RoleChange,
    responses((status = OK, description = "The member", body = Member), Problems)
)]
pub(crate) async fn change(
    MemberKeeper(workspace): MemberKeeper,
    Path(id): Path<String>,
    Sent { value: change, .. }: Sent<RoleChange>,
) -> Answer<Json<Member>> {
    let id: MemberId = id_of(&id)?;
    Ok(Json(blocking(move || workspace.set_role(id, role(&change.role)?)).await?))
}

/// Show what hangs on a member
///
/// To be looked at before it leaves.
#[utoipa::path(
    get, path = "/api/v1/members/{id}/leaving", tag = "access",
    security(("session" = [])), params(("id" = String, Path)),
    responses((status = OK, description = "What an heir would get", body = Leaving), Problems)
)]
pub(crate) async fn leaving(Opened(workspace): Opened, Path(id): Path<String>) -> Answer<Json<Leaving>> {
    let id = kept_member(&workspace, &id)?;
    Ok(Json(blocking(move || workspace.leaving(id)).await?))
}

/// Let a member leave
///
/// What hangs on it goes to the heir: tokens stay good, imports go on. The last owner cannot leave.
#[utoipa::path(
    delete, path = "/api/v1/members/{id}", tag = "access",
    security(("session" = [])), params(("id" = String, Path), Heir),
    responses((status = NO_CONTENT, description = "Gone"), Problems)
)]
pub(crate) async fn remove(
    Opened(workspace): Opened,
    Path(id): Path<String>,
    Query(heir): Query<Heir>,
) -> Answer<StatusCode> {
    let (id, heir): (_, MemberId) = (kept_member(&workspace, &id)?, id_of(&heir.heir)?);
    blocking(move || workspace.remove_member(id, heir)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The member whom a request names, if whoever asks keeps members or is that one.
fn kept_member(workspace: &Workspace, text: &str) -> Answer<MemberId> {
    let id = id_of(text);
    match &id {
        Ok(id) => workspace.require_for(*id)?,
        Err(_) => workspace.require(Permission::ManageMembers)?,
    }
    id
}
