//! A workspace and what is set for it over HTTP: who sees it, who changes it, and what it tells of the machine.

use serde_json::{Value, json};

use crate::access::{Browser, first_owner, header, join};
use crate::place::Place;
use crate::serving::{Answer, Server, token};

/// Changes the workspace as somebody who has seen it with this ETag.
fn change(server: &Server, who: &Browser<'_>, body: &Value, etag: &str) -> Answer {
    let (cookie, body, seen) = (format!("Cookie: {}", who.cookie), body.to_string(), format!("If-Match: {etag}"));
    let arguments = ["--request", "PATCH", "--header", &cookie, "--header", &seen, "--data", &body];
    server.curl("", "/api/v1/workspace", &[&arguments[..], &["--header", "Content-Type: application/json"]].concat())
}

fn etag(server: &Server, key: &str) -> String {
    let told = server.curl(key, "/api/v1/workspace", &["--include"]);
    header(&told.body, "etag").expect("an ETag")
}

#[test]
fn a_workspace_is_seen_by_all_changed_by_owners_and_tells_no_path_of_the_machine() {
    let place = Place::new();
    let key = token(&place, &["crm"]);
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    join(&owner, "ben@example.com", "admin");
    let admin = Browser::of(&server, "ben@example.com");
    let seen = etag(&server, &key);
    let body = json!({"retention_days": 30, "default_sender": owner.id()});
    assert_eq!(change(&server, &admin, &body, "*").text("code"), "permission_missing");
    let changed = change(&server, &owner, &body, &seen);
    assert_eq!((changed.status, &changed.json()["retention_days"]), (200, &30.into()), "{changed:?}");
    let late = change(&server, &owner, &json!({"name": "Other"}), &seen);
    assert_eq!((late.status, late.text("code").as_str()), (412, "changed_meanwhile"));
    assert_eq!(change(&server, &owner, &json!({"retention_days": null}), &etag(&server, &key)).status, 200);
    for (wrong, code) in [
        (json!({"retention_days": 0}), "usage"),
        (json!({"retention_days": "30"}), "body_invalid"),
        (json!({"default_sender": "mem_0000000000001"}), "usage"),
        (json!({"files": {"kind": "bucket"}}), "body_invalid"),
    ] {
        let refused = change(&server, &owner, &wrong, "*");
        assert_eq!((refused.status, refused.text("code").as_str()), (400, code), "{wrong}: {refused:?}");
    }
    let shown = server.get(&key, "/api/v1/workspace");
    assert_eq!(shown.json()["files"], json!({"kind": "folder", "place": null}));
    assert!(!shown.body.contains(&place.path("").display().to_string()), "{shown:?}");
    let same =
        server.curl(&key, "/api/v1/workspace", &["--header", &format!("If-None-Match: {}", etag(&server, &key))]);
    assert_eq!(same.status, 304);
    let log = owner.get("/api/v1/audit").body;
    assert_eq!(log.matches("retention_changed").count(), 2, "{log}");
}

#[test]
fn members_and_tokens_are_told_which_workspaces_are_theirs() {
    let place = Place::new();
    let key = token(&place, &["crm"]);
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    assert_eq!(owner.post("/api/v1/workspaces", json!({"name": "Second"})).status, 201);
    let names = |answer: &Answer| {
        let items = answer.json()["items"].as_array().expect("items").clone();
        let named = items.iter().map(|item| (item["name"].clone(), item["role"].clone()));
        named.collect::<Vec<_>>()
    };
    let mine = owner.get("/api/v1/workspaces");
    assert_eq!(names(&mine), [("Workspace".into(), "owner".into()), ("Second".into(), "owner".into())]);
    assert_eq!(names(&server.get(&key, "/api/v1/workspaces")), [("Workspace".into(), Value::Null)]);
    assert_eq!(server.get("cvk_1_nobody", "/api/v1/workspaces").status, 401);
}
