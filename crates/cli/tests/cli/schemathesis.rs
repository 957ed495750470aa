//! Requests that nobody thought of, made from the document of the API: the server never fails, and answers only what the
//! document says.

use std::path::Path;
use std::process::Command;

use convoke_testbed::is_quick;
use serde_json::{Value, json};

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{Server, full_token};

/// What is there to be asked for, by the collection in its address.
fn sample(place: &Place, server: &Server, token: &str) -> Vec<(&'static str, String)> {
    let make = |collection: &str, body: Value| -> String {
        let body = body.to_string();
        let arguments = ["--header", "Content-Type: application/json", "--data", &body];
        server.curl(token, &format!("/api/v1/{collection}"), &arguments).text("id")
    };
    let group = make("groups", json!({"name": "Launch", "code": "launch"}));
    let tier = json!({"name": "Tier", "record_type": "advocate", "type": "single_select", "options": ["Gold"]});
    let field = make("fields", tier);
    let map = json!([{"column": "Mail", "field": "email"}]);
    let mapping = make("mappings", json!({"name": "CRM", "record_type": "advocate", "map": map}));
    place.file("list.csv", THREE_ADVOCATES);
    let path = "/api/v1/imports?as=advocates&group=Launch&tag=vip&wait=30";
    let import = server.upload(token, path, place, "list.csv").text("import");
    let first = |collection: &str| {
        let items = server.get(token, &format!("/api/v1/{collection}")).json()["items"].clone();
        items[0]["id"].as_str().expect("an id").to_owned()
    };
    let (tag, person) = (first("tags"), first("people?as=advocates"));
    [
        ("groups", group),
        ("fields", field),
        ("mappings", mapping),
        ("imports", import),
        ("tags", tag),
        ("people", person),
    ]
    .into()
}

#[test]
fn the_server_answers_what_its_document_says_whatever_it_is_asked() {
    if is_quick() {
        return;
    }
    let place = Place::new();
    let token = full_token(&place);
    let server = Server::start(&place);
    let mut settings = format!("headers = {{ Authorization = \"Bearer {token}\" }}\n");
    let document = server.get(&token, "/api/v1/openapi.json").json();
    for (collection, id) in sample(&place, &server, &token) {
        let within = format!("/api/v1/{collection}/{{id}}");
        for path in document["paths"].as_object().expect("paths").keys().filter(|path| path.starts_with(&within)) {
            settings += &format!(
                "[[operations]]\ninclude-path = \"{path}\"\nexclude-method = \"DELETE\"\nparameters = {{ \"path.id\" = \"{id}\" }}\n"
            );
        }
    }
    place.file("schemathesis.toml", settings);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/schemathesis");
    let ran = Command::new(script).arg(&server.address).current_dir(place.path(".")).output().expect("it starts");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    assert!(said.contains(" passed"), "nothing was tried: {said}");
}
