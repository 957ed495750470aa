//! Tags over HTTP.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use convoke_app::directory::pages::Page;
use convoke_app::directory::tags::{NewTag, Tag, TagChange};
use convoke_app::once::Manner;
use convoke_app::people::id::TagId;

use crate::access::{Organiser, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::conditions::{Conditions, IfMatch, IfNoneMatch, changed};
use crate::listing::{Consent, Named};
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

const MADE: Manner = Manner { status: 201, place: Some("/api/v1/tags/{id}") };

/// List tags
///
/// By name, with the people who have them counted.
#[utoipa::path(
    get, path = "/api/v1/tags", tag = "tags", params(Named),
    responses((status = OK, description = "A page", body = Page<Tag>), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<Named>) -> Answer<Json<Page<Tag>>> {
    Ok(Json(blocking(move || workspace.tag_page(&page.asked())).await?))
}

/// Show a tag
#[utoipa::path(
    get, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = String, Path), IfNoneMatch),
    responses(
        (status = OK, description = "The tag", body = Tag, headers(("ETag" = String))),
        (status = NOT_MODIFIED, description = "It is as you have it"),
        Problems
    )
)]
pub(crate) async fn show(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    conditions: Conditions,
) -> Answer<Response> {
    let id: TagId = id_of(&id)?;
    let found = blocking(move || workspace.tag(id)).await?;
    Ok(conditions.show(&found))
}

/// Make a tag
#[utoipa::path(
    post, path = "/api/v1/tags", tag = "tags", params(IdempotencyKey), request_body = NewTag,
    responses((status = CREATED, description = "Made", body = Tag, headers(("Location" = String))), Problems)
)]
pub(crate) async fn make(Organiser(workspace): Organiser, keyed: Keyed, sent: Sent<NewTag>) -> Answer<Response> {
    let new = sent.value;
    keyed.act(workspace, MADE, &sent.bytes, move |workspace| workspace.make_tag(&new)).await
}

/// Change a tag
///
/// It is renamed for everybody who has it.
#[utoipa::path(
    patch, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = String, Path), IfMatch), request_body = TagChange,
    responses((status = OK, description = "As it is now", body = Tag, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    conditions: Conditions,
    sent: Sent<TagChange>,
) -> Answer<Response> {
    let id: TagId = id_of(&id)?;
    let found = blocking(move || workspace.change_tag(id, &sent.value, &conditions.seen)).await?;
    Ok(changed(&found))
}

/// Delete a tag
///
/// From everybody who has it. Whoever it concerns is counted in the refusal of a request without `confirm=true`.
#[utoipa::path(
    delete, path = "/api/v1/tags/{id}", tag = "tags", params(("id" = String, Path), Consent, IfMatch),
    responses((status = NO_CONTENT, description = "It is gone"), Problems)
)]
pub(crate) async fn delete(
    Organiser(workspace): Organiser,
    Path(id): Path<String>,
    Query(consent): Query<Consent>,
    conditions: Conditions,
) -> Answer<StatusCode> {
    let id: TagId = id_of(&id)?;
    blocking(move || workspace.delete_tag(id, &conditions.seen, consent.confirm)).await?;
    Ok(StatusCode::NO_CONTENT)
}
