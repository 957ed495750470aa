//! The document of the API (OpenAPI 3.1): what every address takes and answers, put together from the handlers. A test keeps
//! docs/openapi.json equal to it.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Document, Ref, RefOr, Schema, SecurityRequirement};

use crate::problem::ProblemDetails;
use crate::routes::documented;

/// What the shape of a page is called, before the name of its items.
const PAGE_OF: &str = "Page_";
/// The names of the ways to say who asks.
const TOKEN: &str = "token";
const SESSION: &str = "session";

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
        (name = "access", description = "Who signs in, and what each may do"),
        (name = "operating", description = "How the server is")
    )
)]
struct Frame;

/// The document without its addresses.
pub(crate) fn frame() -> Document {
    let mut document = Frame::openapi();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token: cvk_...")).build();
    let session = "The cookie of a sign-in; over https its name is __Host-convoke.";
    let session = ApiKey::Cookie(ApiKeyValue::with_description("convoke", session));
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme(TOKEN, SecurityScheme::Http(token));
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(session));
    let either = [TOKEN, SESSION].map(|scheme| SecurityRequirement::new(scheme, [] as [&str; 0]));
    document.security = Some(either.to_vec());
    document
}

/// The whole document.
pub fn document() -> Document {
    let mut document = documented().into_openapi();
    document.components.iter_mut().for_each(name_items);
    for (path, item) in &mut document.paths.paths {
        let fixed: Vec<_> =
            path.split('/').filter(|word| !["", "api", "v1"].contains(word) && !word.starts_with('{')).collect();
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        operations.into_iter().flatten().for_each(|operation| name_operation(operation, &fixed));
    }
    document
}

/// Handlers of different modules have one name; with the words of the address each operation has its own, as clients that
/// are made from the document need: `list_groups`, `pause_imports`.
fn name_operation(operation: &mut Operation, address: &[&str]) {
    let handler = operation.operation_id.take().unwrap_or_default();
    let others = address.iter().map(|word| word.replace(['-', '.'], "_")).filter(|word| *word != handler);
    operation.operation_id = Some(std::iter::once(handler.clone()).chain(others).collect::<Vec<_>>().join("_"));
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
