//! Custom fields over HTTP.

use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use convoke_app::directory::fields::{Field, FieldChange, NewField};
use convoke_app::directory::pages::Page;
use convoke_app::once::Manner;
use convoke_app::people::custom::CustomField;
use convoke_app::people::id::FieldId;

use crate::access::{Definer, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::conditions::{Conditions, IfMatch, IfNoneMatch, changed};
use crate::listing::{Consent, NamedOf};
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

const MADE: Manner = Manner { status: 201, place: Some("/api/v1/fields/{id}") };

/// List custom fields
///
/// By name, of all record types or of one.
#[utoipa::path(
    get, path = "/api/v1/fields", tag = "fields", params(NamedOf),
    responses((status = OK, description = "A page", body = Page<Field>), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<NamedOf>) -> Answer<Json<Page<Field>>> {
    Ok(Json(blocking(move || workspace.field_page(page.of()?, &page.asked())).await?))
}

/// Show a custom field
#[utoipa::path(
    get, path = "/api/v1/fields/{id}", tag = "fields", params(("id" = String, Path), IfNoneMatch),
    responses(
        (status = OK, description = "The custom field", body = Field, headers(("ETag" = String))),
        (status = NOT_MODIFIED, description = "It is as you have it"),
        Problems
    )
)]
pub(crate) async fn show(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    conditions: Conditions,
) -> Answer<Response> {
    let id: FieldId = id_of(&id)?;
    let found = blocking(move || workspace.field(id)).await?;
    Ok(conditions.show(&found))
}

/// Define a custom field
#[utoipa::path(
    post, path = "/api/v1/fields", tag = "fields", params(IdempotencyKey), request_body = NewField,
    responses((status = CREATED, description = "Made", body = Field, headers(("Location" = String))), Problems)
)]
pub(crate) async fn make(Definer(workspace): Definer, keyed: Keyed, sent: Sent<NewField>) -> Answer<Response> {
    let new = sent.value;
    keyed.act(workspace, MADE, &sent.bytes, move |workspace| workspace.make_field(CustomField::from(&new))).await
}

/// Change a custom field
///
/// What is left out stays. The type never changes; options that people have cannot go.
#[utoipa::path(
    patch, path = "/api/v1/fields/{id}", tag = "fields", params(("id" = String, Path), IfMatch), request_body = FieldChange,
    responses((status = OK, description = "As it is now", body = Field, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    Definer(workspace): Definer,
    Path(id): Path<String>,
    conditions: Conditions,
    sent: Sent<FieldChange>,
) -> Answer<Response> {
    let id: FieldId = id_of(&id)?;
    let found = blocking(move || workspace.change_field(id, &sent.value, &conditions.seen)).await?;
    Ok(changed(&found))
}

/// Delete a custom field
///
/// Its values are shown no more. Who has some, and the saved mappings and imports that use it, are named in the refusal of a request without `confirm=true`.
#[utoipa::path(
    delete, path = "/api/v1/fields/{id}", tag = "fields", params(("id" = String, Path), Consent, IfMatch),
    responses((status = NO_CONTENT, description = "It is gone"), Problems)
)]
pub(crate) async fn delete(
    Definer(workspace): Definer,
    Path(id): Path<String>,
    Query(consent): Query<Consent>,
    conditions: Conditions,
) -> Answer<StatusCode> {
    let id: FieldId = id_of(&id)?;
    blocking(move || workspace.delete_field(id, &conditions.seen, consent.confirm)).await?;
    Ok(StatusCode::NO_CONTENT)
}
