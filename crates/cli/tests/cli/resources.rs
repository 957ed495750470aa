//! Groups, tags, custom fields, saved mappings and people over HTTP, on both databases: made, listed by pages, changed by
//! whoever has seen them as they are, deleted when that is meant.

use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::{Value, json};

use crate::place::Place;
use crate::serving::{Answer, Server, full_token};

const PEOPLE: &str = "Name,Email,Company,Tier,Group,Tags\nAnna Lee,anna@example.com,Lee,Gold,Launch,vip\n\
                      Ben Ito,ben@example.com,,Silver,Launch,\nCleo May,cleo@example.com,,,,vip\n";

struct Client<'p> {
    place: &'p Place,
    server: Server,
    token: String,
}

fn on_both(test: impl Fn(&Client<'_>)) {
    let on = |place: &Place| {
        let token = full_token(place);
        test(&Client { place, server: Server::start(place), token });
    };
    on(&Place::new());
    if !is_quick() {
        let database = Postgres::shared().database();
        on(&Place::on(&database.url()));
    }
}

impl Client<'_> {
    fn get(&self, path: &str) -> Answer {
        self.server.get(&self.token, path)
    }

    fn send(&self, verb: &str, path: &str, body: &Value, headers: &[&str]) -> Answer {
        let body = body.to_string();
        let mut arguments = vec!["--request", verb, "--header", "Content-Type: application/json", "--data", &body];
        headers.iter().for_each(|header| arguments.extend(["--header", header]));
        self.server.curl(&self.token, path, &arguments)
    }

    #[track_caller]
    fn make(&self, collection: &str, body: &Value) -> Value {
        let made = self.send("POST", &format!("/api/v1/{collection}"), body, &[]);
        assert_eq!(made.status, 201, "{made:?}");
        made.json()
    }

    #[track_caller]
    fn refused(&self, verb: &str, path: &str, body: &Value, wanted: (u16, &str)) -> String {
        let refused = self.send(verb, path, body, &[]);
        assert_eq!((refused.status, refused.text("code").as_str()), wanted, "{verb} {path} {body}: {refused:?}");
        refused.text("detail")
    }

    fn etag(&self, path: &str) -> String {
        let answer = self.server.curl(&self.token, path, &["--include"]);
        let line = answer.body.lines().find(|line| line.to_ascii_lowercase().starts_with("etag: ")).expect("an ETag");
        line[6..].trim().to_owned()
    }

    fn import(&self, list: &str, query: &str) -> Value {
        self.place.file("list.csv", list);
        let path = format!("/api/v1/imports?as=advocates&wait=30{query}");
        let import = self.server.upload(&self.token, &path, self.place, "list.csv").json();
        assert_eq!(import["status"], "completed", "{import}");
        import
    }

    /// Three advocates in a group, with a tag and a custom field.
    fn with_people(&self) -> Value {
        self.make("groups", &json!({"name": "Launch"}));
        let tier = json!({"name": "Tier", "record_type": "advocate", "type": "single_select", "options": ["Gold", "Silver", "Bronze"]});
        self.make("fields", &tier);
        self.import(PEOPLE, "")
    }

    fn only(&self, collection: &str) -> (String, Value) {
        let items = self.get(&format!("/api/v1/{collection}")).json()["items"].clone();
        assert_eq!(items.as_array().map(Vec::len), Some(1), "{items}");
        (format!("/api/v1/{collection}/{}", items[0]["id"].as_str().expect("an id")), items[0].clone())
    }
}

#[test]
fn groups_are_made_changed_and_deleted() {
    on_both(|client| {
        let made = client.make("groups", &json!({"name": " Launch ", "code": "launch-26"}));
        assert_eq!(
            (&made["name"], &made["code"], &made["description"]),
            (&json!("Launch"), &json!("launch-26"), &Value::Null)
        );
        let path = format!("/api/v1/groups/{}", made["id"].as_str().expect("an id"));
        assert_eq!(client.get(&path).json(), made);
        client.refused("POST", "/api/v1/groups", &json!({"name": "LAUNCH"}), (409, "name_taken"));
        client.refused(
            "POST",
            "/api/v1/groups",
            &json!({"name": "Other", "code": "launch-26"}),
            (409, "join_code_taken"),
        );
        for (wrong, code) in [
            (json!({"name": "x".repeat(256)}), "usage"),
            (json!({"name": " "}), "usage"),
            (json!({"name": "a\u{7}"}), "usage"),
            (json!({"name": "a\u{0}"}), "usage"),
            (json!({"name": "a", "code": "not a code"}), "usage"),
            (json!({"name": "a", "description": "x".repeat(1001)}), "usage"),
            (json!({"name": null}), "body_invalid"),
            (json!({"nome": "a"}), "body_invalid"),
            (json!([]), "body_invalid"),
        ] {
            client.refused("POST", "/api/v1/groups", &wrong, (400, code));
        }

        let change = json!({"name": "Start", "description": "Two\nlines", "code": null});
        let changed = client.send("PATCH", &path, &change, &[]);
        assert_eq!(changed.status, 200, "{changed:?}");
        let wanted = json!({"id": made["id"], "name": "Start", "description": "Two\nlines", "code": null, "pending": 0, "active": 0});
        assert_eq!(changed.json(), wanted);
        assert_eq!(client.send("PATCH", &path, &json!({}), &[]).json(), wanted, "nothing said, nothing changed");
        client.refused("PATCH", &path, &json!({"name": null}), (400, "body_invalid"));

        let etag = client.etag(&path);
        let unchanged = client.server.curl(&client.token, &path, &["--header", &format!("If-None-Match: {etag}")]);
        assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""));
        let seen = format!("If-Match: {etag}");
        assert_eq!(client.send("PATCH", &path, &json!({"name": "Again"}), &[&seen]).status, 200);
        let late = client.send("PATCH", &path, &json!({"name": "Late"}), &[&seen]);
        assert_eq!((late.status, late.text("code").as_str()), (412, "changed_meanwhile"));
        let late = client.send("DELETE", &path, &json!({}), &[&seen]);
        assert_eq!(late.status, 412);
        assert_eq!(client.get(&path).json()["name"], "Again");
        assert_eq!(client.send("DELETE", &path, &json!({}), &["If-Match: *"]).status, 204);
        for verb in ["GET", "PATCH", "DELETE"] {
            client.refused(verb, &path, &json!({}), (404, "not_found"));
        }
    });
}

#[test]
fn what_people_hang_on_is_deleted_only_when_that_is_meant() {
    on_both(|client| {
        let import = client.with_people();
        let (group, shown) = client.only("groups");
        assert_eq!(shown["pending"], 2);
        let said = client.refused("DELETE", &group, &json!({}), (409, "consent_needed"));
        assert_eq!(said, "To delete the group Launch concerns 2 people");
        // Somebody joined it: that is no change of what can be edited.
        let etag = client.etag(&group);
        client.import("Name,Email,Group\nDora Fox,dora@example.com,Launch\n", "");
        assert_ne!(client.etag(&group), etag);
        let seen = format!("If-Match: {etag}");
        assert_eq!(client.send("DELETE", &format!("{group}?confirm=true"), &json!({}), &[&seen]).status, 204);

        let (tag, shown) = client.only("tags");
        assert_eq!((&shown["name"], &shown["people"]), (&json!("vip"), &json!(2)));
        client.refused("DELETE", &tag, &json!({}), (409, "consent_needed"));
        assert_eq!(client.send("PATCH", &tag, &json!({"name": "Guest"}), &[]).json()["people"], 2);
        let anna = &client.get("/api/v1/people?as=advocates&search=ANNA").json()["items"][0];
        assert_eq!((&anna["tags"], &anna["groups"]), (&json!(["Guest"]), &json!([])));
        assert_eq!(anna["import"], import["import"]);
        assert_eq!(client.send("DELETE", &format!("{tag}?confirm=true"), &json!({}), &[]).status, 204);

        let (field, _) = client.only("fields");
        let said = client.refused("PATCH", &field, &json!({"options": ["Gold", "Bronze", "Tin"]}), (409, "in_use"));
        assert_eq!(said, "People have options that would go: Silver (1)");
        let options = json!({"options": ["Silver", "Gold", "Tin"], "shown": true, "name": "Level"});
        assert_eq!(client.send("PATCH", &field, &options, &[]).json()["options"], options["options"]);
        let map = json!([{"column": "Stufe", "field": "level"}]);
        client.make("mappings", &json!({"name": "CRM", "record_type": "advocate", "map": map}));
        let said = client.refused("DELETE", &field, &json!({}), (409, "consent_needed"));
        assert_eq!(said, "To delete the custom field Level concerns 2 people; the saved mapping CRM");
        assert_eq!(client.send("DELETE", &format!("{field}?confirm=true"), &json!({}), &[]).status, 204);
        let anna = client.get("/api/v1/people?as=advocates&search=anna").json()["items"][0].clone();
        assert_eq!((&anna["custom"], &anna["tags"]), (&json!({}), &json!([])));
    });
}

#[test]
fn custom_fields_and_mappings_keep_the_rules_of_the_command_line() {
    on_both(|client| {
        let field = |name: &str, kind: &str, options: Value| json!({"name": name, "record_type": "advocate", "type": kind, "options": options});
        for (wrong, code) in [
            (field("Tier", "single_select", json!([])), "usage"),
            (field("Tier", "single_select", json!(["Gold", "gold"])), "usage"),
            (field("Tier", "text", json!(["Gold"])), "usage"),
            (field("Email", "text", json!([])), "usage"),
            (field(&"x".repeat(65), "text", json!([])), "usage"),
            (field("Tier", "colour", json!([])), "body_invalid"),
        ] {
            client.refused("POST", "/api/v1/fields", &wrong, (400, code));
        }
        let made = client.make("fields", &field("Tags Of Old", "multi_select", json!(["A", "B"])));
        assert_eq!((&made["multiple"], &made["shown"]), (&json!(true), &json!(false)));
        client.refused("POST", "/api/v1/fields", &field("tags of old", "text", json!([])), (409, "name_taken"));
        let path = format!("/api/v1/fields/{}", made["id"].as_str().expect("an id"));
        client.refused("PATCH", &path, &json!({"type": "text"}), (400, "body_invalid"));
        client.refused("PATCH", &path, &json!({"options": []}), (400, "usage"));
        client.refused("PATCH", &path, &json!({"name": "E-Mail"}), (400, "usage"));

        let mapping = |name: &str, field: &str| json!({"name": name, "record_type": "advocate", "map": [{"column": "Old", "field": field}], "ignore": ["x"]});
        let saved = client.make("mappings", &mapping("CRM", "tags of old"));
        client.refused("POST", "/api/v1/mappings", &mapping("crm", "email"), (409, "name_taken"));
        client.refused("POST", "/api/v1/mappings", &mapping("Other", "shoe size"), (400, "usage"));
        client.refused("POST", "/api/v1/mappings", &json!({"name": "None", "record_type": "advocate"}), (400, "usage"));
        let path = format!("/api/v1/mappings/{}", saved["id"].as_str().expect("an id"));
        let changed = client.send("PATCH", &path, &json!({"ignore": [], "ignore_unknown": true}), &[]).json();
        assert_eq!(
            (&changed["map"], &changed["ignore"], &changed["ignore_unknown"]),
            (&saved["map"], &json!([]), &json!(true))
        );
        let list = "Name,Email,Old,Else\nAnna Lee,anna@example.com,A,7\n";
        assert_eq!(client.import(list, "&mapping=CRM")["counts"]["created"], 1);
        assert_eq!(client.send("DELETE", &path, &json!({}), &[]).status, 204);
    });
}

#[test]
fn lists_come_in_pages_by_name() {
    on_both(|client| {
        let names = ["Écru", "beta", "Alpha", "Beta 2", "gamma"];
        names.iter().for_each(|name| drop(client.make("groups", &json!({"name": name}))));
        let mut found = Vec::new();
        let mut path = "/api/v1/groups?limit=2".to_owned();
        loop {
            let page = client.get(&path).json();
            found.extend(
                page["items"]
                    .as_array()
                    .expect("items")
                    .iter()
                    .map(|item| item["name"].as_str().expect("a name").to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            let escaped: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
            path = format!("/api/v1/groups?limit=2&after={escaped}");
        }
        assert_eq!(found, ["Alpha", "beta", "Beta 2", "gamma", "Écru"]);
        let items = client.get("/api/v1/groups?name=BET").json()["items"].clone();
        assert_eq!(items.as_array().map(Vec::len), Some(2));
        for wrong in ["limit=0", "limit=501", "limit=x", "after=x", "name=%00", "nome=a"] {
            client.refused("GET", &format!("/api/v1/groups?{wrong}"), &json!({}), (400, "usage"));
        }
    });
}

#[test]
fn people_are_listed_found_shown_and_exported_as_the_command_line_does() {
    on_both(|client| {
        let import = client.with_people();
        let id = import["import"].as_str().expect("an id").to_owned();
        let names = |query: &str| -> Vec<String> {
            let page = client.get(&format!("/api/v1/people?as=advocates{query}")).json();
            let items = page["items"].as_array().unwrap_or_else(|| panic!("{query}: {page}"));
            items.iter().map(|person| person["name"].as_str().expect("a name").to_owned()).collect()
        };
        assert_eq!(names("&group=launch&tag=vip"), ["Anna Lee"]);
        assert_eq!(names(&format!("&import={id}&limit=500")), ["Anna Lee", "Ben Ito", "Cleo May"]);
        assert_eq!(names("&search=ben%20i"), ["Ben Ito"]);
        assert_eq!(names("&search=Cleo@EX"), ["Cleo May"]);
        assert_eq!(names("&search=may"), ["Cleo May"]);
        assert_eq!(names("&search=EXAMPLE").len(), 3);
        assert_eq!(names("&identity=BEN@example.com"), ["Ben Ito"]);
        assert_eq!(names("&identity=example.com").len(), 0);
        assert_eq!(names("&search=nobody").len(), 0);
        let first = client.get("/api/v1/people?as=advocates&limit=2").json();
        let rest =
            client.get(&format!("/api/v1/people?as=advocates&after={}", first["next"].as_str().expect("more"))).json();
        assert_eq!((&rest["items"][0]["name"], &rest["next"]), (&json!("Cleo May"), &Value::Null));
        for wrong in [
            "as=people",
            "",
            "as=advocates&group=None",
            "as=advocates&tag=none",
            "as=advocates&import=imp_1",
            "as=advocates&search=%00",
        ] {
            client.refused("GET", &format!("/api/v1/people?{wrong}"), &json!({}), (400, "usage"));
        }
        let anna = &first["items"][0];
        let path = format!("/api/v1/people/{}", anna["id"].as_str().expect("an id"));
        assert_eq!(client.get(&path).json(), *anna);
        client.refused("GET", "/api/v1/people/per_0000000000007", &json!({}), (404, "not_found"));

        let lines = client.get("/api/v1/people/export?as=advocates&format=ndjson").body;
        let exported: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a line")).collect();
        assert_eq!(exported, client.place.people("advocates"), "one shape for both");
        let some = client.get("/api/v1/people/export?as=advocates&format=ndjson&search=lee").body;
        assert_eq!(some.lines().count(), 1, "{some}");
        client.refused("GET", "/api/v1/people/export?as=advocates&tag=none", &json!({}), (400, "usage"));
        let log = client.get("/api/v1/audit").json();
        let noted =
            |action: &str| log["items"].as_array().expect("items").iter().find(|entry| entry["action"] == action);
        assert_eq!(noted("people_exported").expect("noted")["detail"], json!({"as": "advocates", "narrowed": true}));
        assert_eq!(noted("group_made").expect("noted")["detail"]["name"], "Launch", "{log}");
        let csv = client.get("/api/v1/people/export?as=advocates").body;
        assert_eq!(client.import(&csv, "")["counts"]["unchanged"], 3);
        let template = client.get("/api/v1/templates/advocates");
        assert!(template.status == 200 && template.body.contains("Tier"), "{template:?}");
        client.refused("GET", "/api/v1/templates/people", &json!({}), (404, "not_found"));
        client.refused("GET", "/api/v1/templates/advocates?format=pdf", &json!({}), (400, "usage"));
    });
}

#[test]
fn bodies_are_json_of_a_megabyte_at_most() {
    on_both(|client| {
        let send = |body: &str, media_type: &str| {
            client.place.file("body", body);
            let body = format!("@{}", client.place.path("body").display());
            let media_type = format!("Content-Type: {media_type}");
            client.server.curl(&client.token, "/api/v1/groups", &["--data-binary", &body, "--header", &media_type])
        };
        let other = send("{\"name\": \"a\"}", "text/plain");
        assert_eq!((other.status, other.text("code").as_str()), (415, "media_type_unsupported"));
        let long = send(&format!("{{\"name\": \"{}\"}}", "x".repeat(1 << 20)), "application/json");
        assert_eq!((long.status, long.text("code").as_str()), (413, "body_too_large"));
        let cut = send("{\"name\": \"a\"", "application/json; charset=utf-8");
        assert_eq!((cut.status, cut.text("code").as_str()), (400, "json_invalid"));
        assert!(cut.text("detail").contains("line 1 column 12"), "{cut:?}");
    });
}

#[test]
fn a_repeated_change_of_the_directory_is_made_once() {
    on_both(|client| {
        let key = ["Idempotency-Key: 5f3b"];
        let body = json!({"name": "Launch"});
        let first = client.send("POST", "/api/v1/groups", &body, &key);
        let again = client.send("POST", "/api/v1/groups", &body, &key);
        assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
        let other = client.send("POST", "/api/v1/groups", &json!({"name": "Other"}), &key);
        assert_eq!((other.status, other.text("code").as_str()), (422, "idempotency_mismatch"));
        // A name that is taken is not kept: it may be free the next time.
        let key = ["Idempotency-Key: 77"];
        assert_eq!(client.send("POST", "/api/v1/groups", &body, &key).status, 409);
        let (path, _) = client.only("groups");
        assert_eq!(client.send("DELETE", &path, &json!({}), &[]).status, 204);
        assert_eq!(client.send("POST", "/api/v1/groups", &body, &key).status, 201);
    });
}

#[test]
fn the_page_about_the_api_is_served_under_a_strict_policy() {
    let place = Place::new();
    let server = Server::start(&place);
    let page = server.curl("", "/docs/api", &["--include"]);
    assert!(page.status == 200 && page.body.contains("content-type: text/html"), "{}", page.status);
    assert!(page.body.contains("content-security-policy: default-src 'none'; style-src 'self'"), "{}", page.body);
    assert_eq!(server.get("", "/docs/api.css").status, 200);
}

#[test]
fn a_program_in_a_loop_is_told_to_wait() {
    let place = Place::new();
    let token = full_token(&place);
    let server = Server::start(&place);
    // One curl for many requests: faster than any loop of ours.
    let urls = format!("{}/api/v1/groups?limit=[1-400]", server.address);
    let output = std::process::Command::new("curl")
        .args(["--silent", "--parallel", "--write-out", "%{stderr}%{http_code} %header{retry-after}\n"])
        .args(["--header", &format!("Authorization: Bearer {token}"), &urls])
        .output()
        .expect("curl starts");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let (good, refused) = (said.matches("200 ").count(), said.matches("429 1").count());
    assert!(good >= 200 && good + refused == 400, "{good} and {refused}: {said}");
}
