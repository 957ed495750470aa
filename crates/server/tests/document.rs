//! The document of the API is committed, so that a change of the API is seen in a review and clients are made from it.

use std::path::Path;

#[test]
#[expect(clippy::disallowed_methods, reason = "the test itself is told to write the document anew")]
fn the_document_of_the_api_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = serde_json::to_string_pretty(&convoke_server::document()).expect("a document") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "docs/openapi.json is stale: UPDATE_DOCS=1 cargo test -p convoke-server --test document"
    );
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = serde_json::to_value(convoke_server::document()).expect("a document");
    let items = document["paths"].as_object().expect("paths").values().filter_map(|item| item.as_object());
    let names: Vec<_> = items.flatten().filter_map(|(_, operation)| operation["operationId"].as_str()).collect();
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert!(names.len() > 70 && distinct.len() == names.len(), "{names:?}");
}
