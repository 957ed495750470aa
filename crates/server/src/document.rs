//! The document of the API (OpenAPI 3.1): what every address takes and answers, put together from the handlers. A test keeps
//! docs/openapi.json equal to it.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Document, Ref, RefOr, Schema, SecurityRequirement};

use crate::problem::ProblemDetails;
use crate::routes::documented;

/// What the shape of a page is called, before the name of its items.
const PAGE_OF: &str = "Page_";
/// The name of the way to show a token.
const TOKEN: &str = "token";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Convoke",
        description = "Brings people into a program in bulk: shows what a file will do, does it once, and says of every row what became of it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemDetails)),
    tags(
        (name = "imports", description = "Files in, and what became of their rows"),
        (name = "drafts", description = "Imports that are prepared step by step: choose, check, correct, confirm"),
        (name = "people", description = "Who is there, as lists, files and templates"),
        (name = "groups", description = "What people are put into; a group is there before an import names it"),
        (name = "tags", description = "Words that people are given"),
        (name = "fields", description = "Custom fields of a record type"),
        (name = "mappings", description = "Choices about the columns of files, saved by name"),
        (name = "operating", description = "How the server is")
    )
)]
struct Frame;

/// The document without its addresses.
pub(crate) fn frame() -> Document {
    let mut document = Frame::openapi();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token: cvk_...")).build();
    document.components.get_or_insert_with(Components::new).add_security_scheme(TOKEN, SecurityScheme::Http(token));
    document.security = Some(vec![SecurityRequirement::new(TOKEN, [] as [&str; 0])]);
    document
}

/// The whole document.
pub fn document() -> Document {
    let mut document = documented().into_openapi();
    document.components.iter_mut().for_each(name_items);
    document
}

/// Pages are written with their items in full; here they name them, so that clients have one type for each.
fn name_items(components: &mut Components) {
    for (name, schema) in &mut components.schemas {
        let (Some(item), RefOr::T(Schema::Object(page))) = (name.strip_prefix(PAGE_OF), schema) else { continue };
        if let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
}

/// This document
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "operating", security(()),
    responses((status = OK, description = "OpenAPI 3.1", body = serde_json::Value))
)]
pub(crate) async fn json() -> Json<Document> {
    Json(document())
}
