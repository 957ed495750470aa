//! Saved mappings over HTTP.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use convoke_app::directory::mappings::{MappingChange, NewMapping, Saved};
use convoke_app::directory::pages::Page;
use convoke_app::once::Manner;
use convoke_app::people::id::MappingId;

use crate::access::{Organiser, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::conditions::{Conditions, IfMatch, IfNoneMatch, changed};
use crate::listing::NamedOf;
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

const MADE: Manner = Manner { status: 201, place: Some("/api/v1/mappings/{id}") };

/// List mappings
///
/// By name, of all record types or of one.
#[utoipa::path(
    get, path = "/api/v1/mappings", tag = "mappings", params(NamedOf),
    responses((status = OK, description = "A page", body = Page<Saved>), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<NamedOf>) -> Answer<Json<Page<Saved>>> {
    Ok(Json(blocking(move || workspace.mapping_page(page.of()?, &page.asked())).await?))
}

/// Show a mapping
#[utoipa::path(
    get, path = "/api/v1/mappings/{id}", tag = "mappings", params(("id" = String, Path), IfNoneMatch),
    responses(
        (status = OK, description = "The saved mapping", body = Saved, headers(("ETag" = String))),
        (status = NOT_MODIFIED, description = "It is as you have it"),
        Problems
    )
)]
pub(crate) async fn show(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    conditions: Conditions,
) -> Answer<Response> {
    let id: MappingId = id_of(&id)?;
    let found = blocking(move || workspace.mapping(id)).await?;
    Ok(conditions.show(&found))
}

/// Save a mapping
#[utoipa::path(
    post, path = "/api/v1/mappings", tag = "mappings", params(IdempotencyKey), request_body = NewMapping,
    responses((status = CREATED, description = "Made", body = Saved, headers(("Location" = String))), Problems)
)]
pub(crate) async fn make(Organiser(workspace): Organiser, keyed: Keyed, sent: Sent<NewMapping>) -> Answer<Response> {
    let new = sent.value;
    keyed.act(workspace, MADE, &sent.bytes, move |workspace| workspace.make_mapping(&new)).await
}

/// Change a mapping
///
/// What is left out stays; a list replaces the whole list.
#[utoipa::path(
    patch, path = "/api/v1/mappings/{id}", tag = "mappings", params(("id" = String, Path), IfMatch), request_body = MappingChange,
    responses((status = OK, description = "As it is now", body = Saved, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    conditions: Conditions,
    sent: Sent<MappingChange>,
) -> Answer<Response> {
    let id: MappingId = id_of(&id)?;
    let found = blocking(move || workspace.change_mapping(id, &sent.value, &conditions.seen)).await?;
    Ok(changed(&found))
}

/// Delete a mapping
///
/// Imports that used it keep what it said.
#[utoipa::path(
    delete, path = "/api/v1/mappings/{id}", tag = "mappings", params(("id" = String, Path), IfMatch),
    responses((status = NO_CONTENT, description = "It is gone"), Problems)
)]
pub(crate) async fn delete(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    conditions: Conditions,
) -> Answer<StatusCode> {
    let id: MappingId = id_of(&id)?;
    blocking(move || workspace.delete_mapping(id, &conditions.seen)).await?;
    Ok(StatusCode::NO_CONTENT)
}
