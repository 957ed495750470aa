//! Groups over HTTP.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use convoke_app::directory::groups::{Group, GroupChange, NewGroup};
use convoke_app::directory::pages::Page;
use convoke_app::once::Manner;
use convoke_app::people::id::GroupId;

use crate::access::{Organiser, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::conditions::{Conditions, IfMatch, IfNoneMatch, changed};
use crate::listing::{Consent, Named};
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

const MADE: Manner = Manner { status: 201, place: Some("/api/v1/groups/{id}") };

/// List groups
///
/// By name, with their members counted.
#[utoipa::path(
    get, path = "/api/v1/groups", tag = "groups", params(Named),
    responses((status = OK, description = "A page", body = Page<Group>), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<Named>) -> Answer<Json<Page<Group>>> {
    Ok(Json(blocking(move || workspace.group_page(&page.asked())).await?))
}

/// Show a group
#[utoipa::path(
    get, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path), IfNoneMatch),
    responses(
        (status = OK, description = "The group", body = Group, headers(("ETag" = String))),
        (status = NOT_MODIFIED, description = "It is as you have it"),
        Problems
    )
)]
pub(crate) async fn show(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    conditions: Conditions,
) -> Answer<Response> {
    let id: GroupId = id_of(&id)?;
    let found = blocking(move || workspace.group(id)).await?;
    Ok(conditions.show(&found))
}

/// Make a group
#[utoipa::path(
    post, path = "/api/v1/groups", tag = "groups", params(IdempotencyKey), request_body = NewGroup,
    responses((status = CREATED, description = "Made", body = Group, headers(("Location" = String))), Problems)
)]
pub(crate) async fn make(Organiser(workspace): Organiser, keyed: Keyed, sent: Sent<NewGroup>) -> Answer<Response> {
    let new = sent.value;
    keyed.act(workspace, MADE, &sent.bytes, move |workspace| workspace.make_group(&new)).await
}

/// Change a group
///
/// What is left out stays; `null` removes description or join code.
#[utoipa::path(
    patch, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path), IfMatch), request_body = GroupChange,
    responses((status = OK, description = "As it is now", body = Group, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    conditions: Conditions,
    sent: Sent<GroupChange>,
) -> Answer<Response> {
    let id: GroupId = id_of(&id)?;
    let found = blocking(move || workspace.change_group(id, &sent.value, &conditions.seen)).await?;
    Ok(changed(&found))
}

/// Delete a group
///
/// Its people stay, without it. Whoever it concerns is counted in the refusal of a request without `confirm=true`.
#[utoipa::path(
    delete, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path), Consent, IfMatch),
    responses((status = NO_CONTENT, description = "It is gone"), Problems)
)]
pub(crate) async fn delete(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    Query(consent): Query<Consent>,
    conditions: Conditions,
) -> Answer<StatusCode> {
    let id: GroupId = id_of(&id)?;
    blocking(move || workspace.delete_group(id, &conditions.seen, consent.confirm)).await?;
    Ok(StatusCode::NO_CONTENT)
}
