//! Every operation of the API, as everybody who may ask, with ids of one's own, of another workspace, unknown and malformed
//! ones. What there is to ask comes from docs/openapi.json, who may from a table written apart from the product: a route
//! that is in one and not in the other fails here.

mod rules;
mod world;

use std::collections::BTreeSet;
use std::path::Path;

use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::{Value, json};

use self::rules::{For, RULES, Role, Rule};
use self::world::{Asker, Heard, Kind, Shown, Things, World};
use crate::place::Place;

/// Ids that name nothing, by what they are called after their prefix.
const UNKNOWN: &str = "0000000000077";
/// What is no id of anything.
const MALFORMED: [&str; 2] = ["nonsense", "wsp_0000000000001"];
/// What an owner may do and the state of the thing forbids here: the import has ended.
const TOO_LATE: [&str; 3] =
    ["POST /api/v1/imports/{id}/pause", "POST /api/v1/imports/{id}/resume", "POST /api/v1/imports/{id}/cancel"];

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the document")).expect("JSON")
}

/// Method and path of every operation, with what is said of it.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    let all = paths.flat_map(|(path, item)| item.as_object().expect("operations").iter().map(move |of| (path, of)));
    all.map(|(path, (method, operation))| (format!("{} {path}", method.to_uppercase()), operation)).collect()
}

#[test]
fn the_table_of_who_may_has_every_operation_of_the_document_and_no_other() {
    let document = document();
    let documented: BTreeSet<_> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let ruled: BTreeSet<_> = RULES.iter().map(|rule| rule.operation.to_owned()).collect();
    assert_eq!(documented, ruled, "matrix/rules.rs says who may do each operation of docs/openapi.json");
    assert_eq!(ruled.len(), RULES.len(), "each once");
    for (name, operation) in operations(&document) {
        let rule = RULES.iter().find(|rule| rule.operation == name).expect("ruled");
        let schemes = operation.get("security").unwrap_or(&document["security"]).as_array().expect("security");
        let keys: Vec<_> = schemes.iter().flat_map(|scheme| scheme.as_object().expect("a scheme").keys()).collect();
        let wanted: &[&str] = match rule.who {
            For::Anybody => &[],
            For::Members | For::Operator => &["session"],
            For::Role(_, None) => &["session"],
            For::Role(_, Some(_)) => &["token", "session"],
        };
        assert_eq!(keys, wanted, "{name}: how one says who asks");
        assert_eq!(name.contains("{id}"), !rule.thing.is_empty(), "{name}: a thing for its id");
        assert_eq!(operation.get("requestBody").is_some(), !rule.body.is_empty(), "{name}: a body");
    }
}

#[test]
fn the_printed_permissions_are_those_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/permissions.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let printed: BTreeSet<_> = rows
        .map(|row| {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            let roles = Role::ALL.iter().zip(&cells[2..6]);
            let may: Vec<_> = roles.filter(|(_, mark)| **mark == "yes").map(|(role, _)| *role).collect();
            let least = *may.first().expect("somebody may");
            assert_eq!(may.len(), Role::ALL.iter().filter(|role| **role >= least).count(), "{row}");
            (least, cells[6].trim_matches('`').to_owned())
        })
        .collect();
    let ruled = RULES.iter().filter_map(|rule| match rule.who {
        For::Role(least, scope) => Some((least, scope.unwrap_or("none").to_owned())),
        _ => None,
    });
    assert_eq!(printed, ruled.collect());
}

#[test]
fn nobody_does_what_the_table_forbids_and_foreign_ids_answer_like_unknown_ones_on_sqlite() {
    judge(&Place::new());
}

#[test]
fn nobody_does_what_the_table_forbids_and_foreign_ids_answer_like_unknown_ones_on_postgresql() {
    if !is_quick() {
        let database = Postgres::shared().database();
        judge(&Place::on(&database.url()));
    }
}

fn judge(place: &Place) {
    let world = World::new(place);
    let operator = world.askers.last().expect("the operator");
    let (own, foreign) =
        (everything(&world, operator, &world.own), everything(&world, &world.stranger, &world.foreign));
    let mut wrong = Vec::new();
    without_credentials(&world, &mut wrong);
    forbidden(&world, &mut wrong);
    of_others(&world, &mut wrong);
    named_elsewhere(&world, &mut wrong);
    // To the letter: also the logs of what was done.
    for (before, who, things) in [(own, operator, &world.own), (foreign, &world.stranger, &world.foreign)] {
        let after = everything(&world, who, things);
        wrong.extend(before.iter().zip(&after).filter(|(before, after)| before != after).map(|(before, after)| {
            format!("{} changed in the workspace of {:?}:\n  {}\n  {}", before.0, who.kind, before.1, after.1)
        }));
    }
    allowed(&world, &mut wrong);
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// All that somebody can see in its workspace, but for what is written down when it is taken away.
fn everything(world: &World<'_>, asker: &Asker, things: &Things) -> Vec<(&'static str, String)> {
    let is_noted = |rule: &&Rule| matches!(rule.who, For::Anybody | For::Operator | For::Role(_, Some("export")));
    let is_seen = |rule: &&Rule| {
        rule.operation.starts_with("GET ") && !is_noted(rule) && rule.operation != "GET /api/v1/audit/export"
    };
    let seen = RULES.iter().filter(is_seen).map(|rule| {
        let mut heard = world.ask_rule(asker, rule, things.get(rule.thing).map_or("", String::as_str), things);
        assert_eq!(heard.status, 200, "{}: {heard:?}", rule.operation);
        if rule.operation == "GET /api/v1/sessions" {
            // It is seen by being asked.
            let items = serde_json::from_str::<Value>(&heard.body).expect("JSON")["items"].clone();
            let ids = items.as_array().expect("items").iter().map(|line| line["id"].to_string());
            heard.body = ids.collect::<Vec<_>>().join(" ");
        }
        (rule.operation, heard.body)
    });
    seen.collect()
}

fn unknown_like(id: &str) -> String {
    id.split_once('_').map_or(String::new(), |(prefix, _)| format!("{prefix}_{UNKNOWN}"))
}

fn id_of<'t>(rule: &Rule, things: &'t Things) -> &'t str {
    if rule.thing.is_empty() { "" } else { &things[rule.thing] }
}

fn told(heard: &Heard) -> String {
    format!("{} {} {}", heard.status, heard.headers.join("; "), heard.body)
}

/// Who shows nothing, or what is no token and no session, is told so.
fn without_credentials(world: &World<'_>, wrong: &mut Vec<String>) {
    let cookie = "convoke=0000000000000000000000000000000000000000000000000000000000000000";
    for (shown, code) in [
        (Shown::Nothing, None),
        (Shown::Token("cvk_1_guessed".to_owned()), None),
        (Shown::Cookie(cookie.to_owned()), Some("session_invalid")),
    ] {
        let asker = Asker { kind: Kind::Member(Role::Owner), shown };
        for rule in RULES {
            let heard = world.ask_rule(&asker, rule, id_of(rule, &world.own), &world.own);
            let is_right = match rule.who {
                For::Anybody => ![401, 403].contains(&heard.status),
                For::Members | For::Operator => (heard.status, heard.code.as_str()) == (401, "session_invalid"),
                For::Role(..) => (heard.status, heard.code.as_str()) == (401, code.unwrap_or("token_invalid")),
            };
            if !is_right {
                wrong.push(format!("{} by nobody: {}", rule.operation, told(&heard)));
            }
        }
    }
}

/// Who may not is told so, whatever the id, before anything is looked for.
fn forbidden(world: &World<'_>, wrong: &mut Vec<String>) {
    for rule in RULES {
        for asker in world.askers.iter().filter(|asker| !asker.may(rule.who)) {
            let (own, foreign) = (id_of(rule, &world.own), id_of(rule, &world.foreign));
            let unknown = unknown_like(own);
            let first = world.ask_rule(asker, rule, own, &world.own);
            if (first.status, first.code.as_str()) != asker.refusal(rule.who) {
                wrong.push(format!("{} by {:?}: {}", rule.operation, asker.kind, told(&first)));
            }
            for other in [foreign, unknown.as_str()].into_iter().chain(MALFORMED).filter(|_| !own.is_empty()) {
                let heard = world.ask_rule(asker, rule, other, &world.own);
                if heard != first {
                    let told = (told(&first), told(&heard));
                    wrong.push(format!(
                        "{} by {:?} with {other}:\n  {}\n  {}",
                        rule.operation, asker.kind, told.0, told.1
                    ));
                }
            }
        }
    }
}

/// Who may hears the same of what is another's and of what is nobody's.
fn of_others(world: &World<'_>, wrong: &mut Vec<String>) {
    for rule in RULES.iter().filter(|rule| !rule.thing.is_empty()) {
        for asker in world.askers.iter().filter(|asker| asker.may(rule.who)) {
            let foreign = id_of(rule, &world.foreign);
            let first = world.ask_rule(asker, rule, foreign, &world.own);
            if (first.status, first.code.as_str()) != (404, "not_found") {
                wrong.push(format!("{} by {:?} with {foreign}: {}", rule.operation, asker.kind, told(&first)));
            }
            for other in [unknown_like(foreign).as_str()].into_iter().chain(MALFORMED) {
                let heard = world.ask_rule(asker, rule, other, &world.own);
                if heard != first {
                    let told = (told(&first), told(&heard));
                    wrong.push(format!(
                        "{} by {:?} with {other}:\n  {}\n  {}",
                        rule.operation, asker.kind, told.0, told.1
                    ));
                }
            }
        }
    }
}

/// Ids and names in queries and bodies: what is another's answers like what is nobody's there as well.
fn named_elsewhere(world: &World<'_>, wrong: &mut Vec<String>) {
    let (own, foreign) = (&world.own, &world.foreign);
    let upload =
        |place: &str, query: &str| ("POST", format!("/api/v1/{place}?as=advocates&{query}"), rules::FILE.to_owned());
    let get = |path: &str| ("GET", format!("/api/v1/{path}"), String::new());
    let send = |method, path: &str, body: Value| (method, format!("/api/v1/{path}"), body.to_string());
    let draft = format!("imports/{}/draft", own["draft"]);
    for (thing, (method, path, body)) in [
        ("group", get("people?as=advocates&group={id}")),
        ("tag", get("people?as=advocates&tag={id}")),
        ("import", get("people?as=advocates&import={id}")),
        ("person", get("people?as=advocates&after={id}")),
        ("import", get("imports?before={id}")),
        ("group", upload("imports", "group={id}")),
        ("mapping", upload("imports", "mapping={id}")),
        ("group", upload("checks", "group={id}")),
        ("mapping", upload("checks", "mapping={id}")),
        ("group", upload("drafts", "group={id}")),
        ("mapping", upload("drafts", "mapping={id}")),
        ("group", send("PATCH", &draft, json!({"groups": ["{id}"]}))),
        ("mapping", send("PATCH", &draft, json!({"mapping": "{id}"}))),
        ("plan", send("POST", &format!("imports/{}/confirm", own["ready"]), json!({"plan": "{id}"}))),
        ("heir", ("DELETE", format!("/api/v1/members/{}?heir={{id}}", own["member"]), String::new())),
        ("heir", send("PATCH", "workspace", json!({"default_sender": "{id}"}))),
        ("workspace", send("POST", "session/workspace", json!({"workspace": "{id}"}))),
        ("workspace", ("GET", "/api/v1/imports?workspace={id}".to_owned(), String::new())),
    ] {
        let operator = world.askers.last().expect("the operator");
        let heard = |id: &str| {
            let heard = world.ask(operator, method, &path.replace("{id}", id), &body.replace("{id}", id));
            Heard { body: heard.body.replace(id, "{id}"), ..heard }
        };
        let unknown = if thing == "plan" { "0".repeat(foreign[thing].len()) } else { unknown_like(&foreign[thing]) };
        let (theirs, nobodys) = (heard(&foreign[thing]), heard(&unknown));
        // A list of what hangs on nothing of this workspace is a list like any other.
        if theirs != nobodys || theirs.status < 400 && method != "GET" {
            let told = (told(&theirs), told(&nobodys));
            wrong.push(format!("{method} {path} {body} with the {thing} of another:\n  {}\n  {}", told.0, told.1));
        }
    }
}

/// Who may is not refused; and the operator, who may all, does all with things of its own, so that what was refused before
/// was refused for who asked.
fn allowed(world: &World<'_>, wrong: &mut Vec<String>) {
    let (operator, others) = world.askers.split_last().expect("the operator");
    // Who signs in anew leaves the session before.
    for rule in RULES.iter().filter(|rule| rule.who != For::Anybody) {
        for asker in others.iter().filter(|asker| asker.may(rule.who) && rule.thing.is_empty()) {
            let heard = world.ask_rule(asker, rule, "", &world.own);
            // Names are taken by who came before.
            let is_taken = (heard.status, heard.code.as_str()) == (409, "name_taken");
            if !(200..300).contains(&heard.status) && !is_taken {
                wrong.push(format!("{} by {:?}: {}", rule.operation, asker.kind, told(&heard)));
            }
        }
        let heard = world.ask_rule(operator, rule, id_of(rule, &world.own), &world.own);
        let is_late = TOO_LATE.contains(&rule.operation) && heard.status == 409;
        let is_taken = heard.code == "name_taken";
        if !(200..300).contains(&heard.status) && !is_late && !is_taken {
            wrong.push(format!("{} by {:?}: {}", rule.operation, operator.kind, told(&heard)));
        }
    }
}
