//! Drafts over HTTP: a file is uploaded, mapped, checked, corrected, checked again, and confirmed.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::place::Place;
use crate::serving::{Answer, Server, full_token, token};

const MIXED: &str = "Full name,Mail adress,Company,Tier\n\
                     Anna Lee,anna@example.com,Lee,Gold\n\
                     Jon Doe,jon@@example.org,Doe,Gold\n\
                     Mia Ray,mia@example.org,Ray,Silver\n\
                     Total: 3,,,\n";

/// A server with a token, and one draft of a file.
struct Drafting {
    place: Place,
    server: Server,
    key: String,
    id: String,
}

impl Drafting {
    fn of(file: &str, query: &str) -> Self {
        let place = Place::new();
        place.file("list.csv", file);
        let key = full_token(&place);
        let server = Server::start(&place);
        let mut drafting = Self { place, server, key, id: String::new() };
        drafting.id = drafting.upload("list.csv", query);
        drafting
    }

    fn upload(&self, file: &str, query: &str) -> String {
        let uploaded = self.server.upload(&self.key, &format!("/api/v1/drafts?{query}"), &self.place, file);
        assert_eq!(uploaded.status, 201, "{uploaded:?}");
        uploaded.json()["import"]["import"].as_str().expect("an id").to_owned()
    }

    fn at(&self, rest: &str) -> String {
        format!("/api/v1/imports/{}{rest}", self.id)
    }

    fn get(&self, rest: &str) -> Value {
        let answer = self.server.get(&self.key, &self.at(rest));
        assert_eq!(answer.status, 200, "{rest}: {answer:?}");
        answer.json()
    }

    fn send(&self, method: &str, rest: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let arguments = ["--request", method, "--json", &body];
        self.server.curl(&self.key, &self.at(rest), &arguments)
    }

    /// Has it checked; gives its plan.
    #[track_caller]
    fn check(&self) -> Value {
        let begun = self.server.post(&self.key, &self.at("/check"));
        assert_eq!(begun.status, 202, "{begun:?}");
        self.server.until(&self.key, &self.id, &["ready"]);
        self.get("/plan")
    }

    fn confirm(&self, plan: &Value) -> Answer {
        self.send("POST", "/confirm", &json!({"plan": plan["plan"]}))
    }
}

#[test]
fn a_draft_is_mapped_checked_corrected_and_confirmed() {
    let draft = Drafting::of(MIXED, "as=advocates&name=list.csv");
    let shown = draft.get("/draft");
    assert_eq!(shown["import"]["status"], "draft");
    assert_eq!((&shown["source"]["encoding"], &shown["source"]["rows"]), (&"UTF-8".into(), &4.into()));
    let column = |place: usize| shown["columns"][place].clone();
    assert_eq!((&column(1)["decided"], &column(1)["suggestion"]["field"]), (&"open".into(), &"Email".into()));
    assert_eq!(column(3)["samples"], json!(["Gold", "Silver"]));
    assert_eq!(shown["problem"]["code"], "invalid_header");

    // What still has to be said is told at once.
    let early = draft.server.post(&draft.key, &draft.at("/check"));
    assert_eq!((early.status, early.text("code").as_str()), (422, "invalid_header"), "{early:?}");

    let patch = json!({"map": {"Mail adress": "Email"}, "ignore": ["Tier"]});
    let changed = draft.send("PATCH", "/draft", &patch);
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(changed.json()["problem"], Value::Null, "{changed:?}");

    let plan = draft.check();
    assert_eq!((&plan["counts"]["created"], &plan["counts"]["failed"]), (&2.into(), &1.into()), "{plan}");
    let failed = draft.get("/rows?outcome=failed");
    assert_eq!(failed["rows"][0]["row"], 3);
    assert_eq!(failed["rows"][0]["cells"][1], "jon@@example.org");
    assert_eq!(failed["rows"][0]["issues"][0]["code"], "email_invalid");
    assert_eq!(draft.get("/rows?search=MIA")["rows"][0]["row"], 4);

    // Corrected to somebody who is there already: both rows are shown as they would end now.
    let corrected = draft.send("POST", "/corrections", &json!({"row": 3, "column": "B", "value": "anna@example.com"}));
    let rows = corrected.json()["rows"].as_array().cloned().unwrap_or_default();
    let fates: Vec<_> = rows.iter().map(|row| (row["row"].clone(), row["outcome"].clone())).collect();
    assert_eq!(fates, [(2.into(), "created".into()), (3.into(), "unchanged".into())], "{corrected:?}");
    let corrected = draft.send("POST", "/corrections", &json!({"row": 3, "column": "B", "value": "jon@example.org"}));
    assert_eq!(corrected.json()["rows"][0]["outcome"], "created", "{corrected:?}");

    // The plan that was checked is not the one that would be run.
    let stale = draft.confirm(&plan);
    assert_eq!((stale.status, stale.text("code").as_str()), (409, "plan_stale"), "{stale:?}");
    draft.server.until(&draft.key, &draft.id, &["ready"]);
    let plan = draft.get("/plan");
    assert_eq!((&plan["counts"]["created"], &plan["counts"]["skipped"]), (&3.into(), &1.into()), "{plan}");
    assert_eq!(draft.send("POST", "/confirm", &json!({"plan": "0123"})).text("code"), "plan_stale");

    let confirmed = draft.confirm(&plan);
    assert_eq!(confirmed.status, 202, "{confirmed:?}");
    let done = draft.server.until(&draft.key, &draft.id, &["completed"]);
    assert_eq!((&done["counts"], &done["drifted"]), (&plan["counts"], &0.into()), "{done}");
    assert_eq!(draft.confirm(&plan).status, 202, "asked again it answers the same");
    let late = draft.send("PATCH", "/draft", &json!({"tags": ["Late"]}));
    assert_eq!((late.status, late.text("code").as_str()), (409, "conflict"), "{late:?}");
    let results = draft.server.get(&draft.key, &draft.at("/files/results")).body;
    let line = results.lines().find(|line| line.contains("jon@example.org")).expect("the corrected row");
    assert!(line.contains("Mail adress: corrected, the file has"), "{line}");
    assert_eq!(draft.server.get(&draft.key, &draft.at("/files/original")).body, MIXED);
}

#[test]
fn a_draft_survives_and_is_changed_by_one_at_a_time() {
    let draft = Drafting::of(MIXED, "as=advocates");
    let tag = |answer: &Answer| format!("\"{}\"", answer.json()["revision"]);
    let first = draft.send("PATCH", "/draft", &json!({"tags": ["A"]}));
    let body = json!({"tags": ["B"]}).to_string();
    let with = |tag: &str| {
        let tag = format!("If-Match: {tag}");
        draft.server.curl(&draft.key, &draft.at("/draft"), &["--request", "PATCH", "--json", &body, "--header", &tag])
    };
    assert_eq!(with(&tag(&first)).status, 200);
    let late = with(&tag(&first));
    assert_eq!((late.status, late.text("code").as_str()), (412, "changed_meanwhile"), "{late:?}");

    for (patch, said) in [
        (json!({"tagz": ["A"]}), "unknown field"),
        (json!({"dates": "sometimes"}), "dates: it is dmy, mdy or ymd"),
        (json!({"groups": ["Nobody"]}), "Group Nobody does not exist"),
        (json!([1]), "JSON object"),
        (json!({"record_type": null}), "record_type"),
    ] {
        let wrong = draft.send("PATCH", "/draft", &patch);
        assert_eq!(wrong.status, 400, "{wrong:?}");
        assert!(wrong.text("detail").contains(said), "{wrong:?}");
    }
    // How the file is read can be said otherwise, and is looked at anew.
    let otherwise = draft.send("PATCH", "/draft", &json!({"delimiter": "semicolon"})).json();
    assert_eq!(otherwise["columns"].as_array().map(Vec::len), Some(1), "{otherwise}");
    draft.send("PATCH", "/draft", &json!({"delimiter": null, "record_type": "prospect"}));

    let Drafting { place, server, key, id } = draft;
    server.kill();
    let server = Server::start(&place);
    let shown = server.get(&key, &format!("/api/v1/imports/{id}/draft")).json();
    assert_eq!((&shown["choices"]["tags"], &shown["choices"]["record_type"]), (&json!(["B"]), &"prospect".into()));
    let dropped = server.post(&key, &format!("/api/v1/imports/{id}/cancel")).json();
    assert_eq!(dropped["status"], "cancelled");
    let gone = server.curl(&key, &format!("/api/v1/imports/{id}/check"), &["--request", "POST"]);
    assert_eq!((gone.status, gone.text("code").as_str()), (409, "conflict"), "{gone:?}");
}

#[test]
fn all_cells_with_the_same_value_are_corrected_at_once_and_lines_brought_back() {
    let mut list = "Name,Email,Group\n".to_owned();
    (0..40).for_each(|n| writeln!(list, "Person {n},person.{n}@example.com,Lunch").expect("written"));
    list += "Total,,\n";
    let draft = Drafting::of(&list, "as=prospects");
    let plan = draft.check();
    assert_eq!(plan["unknown_groups"], json!([{"name": "Lunch", "rows": 40}]));
    assert_eq!(plan["counts"]["failed"], 40);

    let take_back = |which: &str| {
        draft.server.curl(&draft.key, &draft.at(&format!("/corrections{which}")), &["--request", "DELETE"])
    };
    let one = draft.send("POST", "/corrections", &json!({"row": 3, "column": "Group", "value": ""})).json();
    assert_eq!((&one["cells"], &one["alike"]), (&1.into(), &39.into()), "{one}");
    assert_eq!(take_back("?row=3&column=Group").json()["rows"][0]["outcome"], "failed");

    let all = json!({"column": "Group", "from": "Lunch", "value": ""});
    assert_eq!(draft.send("POST", "/corrections", &all).json()["alike"], 0);
    let undone = take_back("?column=Group&value=").json();
    assert_eq!((&undone["cells"], &undone["rows"][39]["outcome"]), (&40.into(), &"failed".into()), "{undone}");
    assert_eq!(take_back("?column=Group&value=").status, 404);
    assert_eq!(take_back("?column=Group").status, 400);

    let corrected = draft.send("POST", "/corrections", &all).json();
    assert_eq!(corrected["cells"], 40, "{corrected}");
    assert!(corrected["rows"].as_array().is_some_and(|rows| rows.iter().all(|row| row["outcome"] == "created")));
    let again = draft.send("POST", "/corrections", &all);
    assert_eq!((again.status, again.text("code").as_str()), (404, "not_found"), "{again:?}");
    assert_eq!(draft.get("/corrections")["items"].as_array().map(Vec::len), Some(40));

    let back = draft.send("POST", "/corrections", &json!({"row": 42, "is_person": true})).json();
    assert_eq!(back["rows"][0]["outcome"], "failed", "a total without an address is a person who lacks one: {back}");
    let undone = take_back("?row=42").json();
    assert_eq!(undone["rows"][0]["outcome"], "skipped", "{undone}");

    for (body, status) in [
        (json!({"row": 1, "column": "Email", "value": "x"}), 404),
        (json!({"row": 9, "column": "Nothing", "value": "x"}), 422),
        (json!({"row": 9, "column": "Email"}), 400),
        (json!({"row": 9, "column": "Email", "from": "a", "value": "x"}), 400),
        (json!({"row": 9, "column": "Email", "value": "\u{0}"}), 400),
        (json!({"row": 9, "column": "Email", "value": "x", "colour": "red"}), 400),
    ] {
        let wrong = draft.send("POST", "/corrections", &body);
        assert_eq!(wrong.status, status, "{body}: {wrong:?}");
    }
    let plan = draft.check();
    assert_eq!((&plan["counts"]["created"], &plan["unknown_groups"]), (&40.into(), &json!([])), "{plan}");
}

#[test]
fn what_drifted_is_named_or_paused_before() {
    let list = "Name,Email,Company\nAnna,anna@example.com,Lee\nMia,mia@example.org,Ray\n";
    for (on_drift, states) in [("name", ["completed"]), ("pause", ["paused"])] {
        let draft = Drafting::of(list, "as=advocates");
        let plan = draft.check();
        draft.place.file("other.csv", "Name,Email,Company\nAnna,anna@example.com,Lee\n");
        let other = "/api/v1/imports?as=advocates&wait=30";
        let other = draft.server.upload(&draft.key, other, &draft.place, "other.csv");
        assert_eq!(other.json()["status"], "completed", "{other:?}");

        let confirmed = draft.send("POST", "/confirm", &json!({"plan": plan["plan"], "on_drift": on_drift}));
        assert_eq!(confirmed.status, 202, "{confirmed:?}");
        let then = draft.server.until(&draft.key, &draft.id, &states);
        if on_drift == "pause" {
            assert_eq!(
                (&then["problem"]["code"], &then["counts"]["created"]),
                (&"drifted".into(), &0.into()),
                "{then}"
            );
            draft.server.post(&draft.key, &draft.at("/resume"));
        }
        let done = draft.server.until(&draft.key, &draft.id, &["completed"]);
        assert_eq!((&done["drifted"], &done["counts"]["unchanged"]), (&1.into(), &1.into()), "{done}");
        let named = draft.get("/rows?issue=drifted");
        assert_eq!((&named["rows"][0]["row"], named["rows"].as_array().map(Vec::len)), (&2.into(), Some(1)), "{named}");
    }
}

#[test]
fn a_group_made_since_the_check_makes_the_plan_stale_and_its_rows_sound() {
    let draft = Drafting::of("Name,Email,Group\nAnna,anna@example.com,Lunch\n", "as=prospects");
    let plan = draft.check();
    assert_eq!(plan["unknown_groups"], json!([{"name": "Lunch", "rows": 1}]));
    let made = draft.server.curl(&draft.key, "/api/v1/groups", &["--json", "{\"name\": \"Lunch\"}"]);
    assert_eq!(made.status, 201, "{made:?}");
    let stale = draft.confirm(&plan);
    assert_eq!((stale.status, stale.text("code").as_str()), (409, "plan_stale"), "{stale:?}");
    draft.server.until(&draft.key, &draft.id, &["ready"]);
    let plan = draft.get("/plan");
    assert_eq!((&plan["counts"]["created"], &plan["unknown_groups"]), (&1.into(), &json!([])), "{plan}");
    assert_eq!(draft.confirm(&plan).status, 202);
    draft.server.until(&draft.key, &draft.id, &["completed"]);
}

#[test]
fn a_stop_rule_is_judged_by_the_check_before_anything_is_confirmed() {
    let draft = Drafting::of("Name,Email\nAnna,anna@example.com\nJon,jon@@example.org\n", "as=advocates&max_failed=0");
    let plan = draft.check();
    let refused = draft.confirm(&plan);
    assert_eq!((refused.status, refused.text("code").as_str()), (422, "stop_rule"), "{refused:?}");
    assert_eq!(refused.text("detail"), "1 of 2 rows would fail; this import allows 0");
    assert_eq!(draft.get("")["status"], "ready", "it can be corrected");
    draft.send("POST", "/corrections", &json!({"row": 3, "column": "Email", "value": "jon@example.org"}));
    let plan = draft.check();
    assert_eq!(draft.confirm(&plan).status, 202);
    draft.server.until(&draft.key, &draft.id, &["completed"]);
}

#[test]
fn fifty_confirmations_at_once_start_one_import() {
    let draft = Drafting::of("Name,Email\nAnna,anna@example.com\n", "as=advocates");
    let plan = draft.check();
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50).map(|_| scope.spawn(|| draft.confirm(&plan))).collect();
        asked.into_iter().map(|asked| asked.join().expect("an answer")).collect()
    });
    assert!(answers.iter().all(|answer| answer.status == 202), "{answers:?}");
    let done = draft.server.until(&draft.key, &draft.id, &["completed"]);
    assert_eq!(done["counts"]["created"], 1);
    let history = draft.server.get(&draft.key, "/api/v1/imports").json();
    assert_eq!(history["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn failed_rows_are_followed_up_and_a_check_is_kept_as_a_dry_run() {
    let list = "Naam,E-Mail Addr,Tier\nAnna,anna@example.com,a\nJon,jon@@example.org,b\n";
    let draft = Drafting::of(list, "as=advocates&map=Naam=name&map=E-Mail%20Addr=email&ignore=Tier&tag=T");
    let early = draft.server.post(&draft.key, &draft.at("/follow-up"));
    assert_eq!((early.status, early.text("code").as_str()), (409, "conflict"), "{early:?}");
    let plan = draft.check();
    draft.confirm(&plan);
    draft.server.until(&draft.key, &draft.id, &["completed"]);

    let followed = draft.server.post(&draft.key, &draft.at("/follow-up"));
    assert_eq!(followed.status, 201, "{followed:?}");
    let shown = followed.json();
    assert_eq!((&shown["import"]["parent"], &shown["source"]["rows"]), (&draft.id.as_str().into(), &1.into()));
    assert_eq!((&shown["choices"]["tags"], &shown["problem"]), (&json!(["T"]), &Value::Null), "{shown}");
    let second = Drafting { id: shown["import"]["import"].as_str().expect("an id").to_owned(), ..draft };
    let plan = second.check();
    assert_eq!(plan["counts"]["failed"], 1);
    second.send("POST", "/corrections", &json!({"row": 2, "column": "E-Mail Addr", "value": "jon@example.org"}));
    let plan = second.check();
    assert_eq!(plan["counts"]["created"], 1, "{plan}");

    let kept = second.server.post(&second.key, &second.at("/keep")).json();
    assert_eq!((&kept["kind"], &kept["status"]), (&"dry_run".into(), &"completed".into()), "{kept}");
    assert_eq!(second.server.post(&second.key, &second.at("/keep")).status, 200, "asked again it answers the same");
    let late = second.confirm(&plan);
    assert_eq!((late.status, late.text("code").as_str()), (409, "conflict"), "{late:?}");
}

#[test]
fn the_file_of_a_dry_run_is_imported_once_more_with_what_was_chosen_and_corrected() {
    let list = "Naam;E-Mail Addr\nAnna;anna@example.com\nJon;jon@@example.org\n";
    let draft = Drafting::of(list, "as=advocates&map=Naam=name&map=E-Mail%20Addr=email&tag=T&delimiter=%3B");
    draft.check();
    let corrected = json!({"row": 3, "column": "E-Mail Addr", "value": "jon@example.org"});
    let corrected = draft.send("POST", "/corrections", &corrected);
    assert_eq!(corrected.status, 200, "{corrected:?}");
    draft.check();
    draft.server.post(&draft.key, &draft.at("/keep"));
    let shown = draft.server.post(&draft.key, &draft.at("/repeat"));
    assert_eq!(shown.status, 201, "{shown:?}");
    let shown = shown.json();
    assert_eq!(shown["import"]["parent"], Value::Null);
    assert_eq!((&shown["choices"]["tags"], &shown["problem"]), (&json!(["T"]), &Value::Null), "{shown}");
    let second = Drafting { id: shown["import"]["import"].as_str().expect("an id").to_owned(), ..draft };
    let plan = second.check();
    assert_eq!((&plan["counts"]["created"], &plan["counts"]["failed"]), (&2.into(), &0.into()), "{plan}");

    // One that was asked for in one request has no choices of a draft; what was said of it is said again.
    let send = |query: &str, file: &str| {
        second.place.file("other.csv", file);
        second.server.upload(&second.key, &format!("/api/v1/imports?as=advocates&{query}"), &second.place, "other.csv")
    };
    let query = "map=Naam=name&map=E-Mail%20Addr=email&ignore=Tier&delimiter=%3B&nominees=true&wait=60";
    let done = send(query, "Naam;E-Mail Addr;Tier\nCleo;cleo@example.com;a\n");
    let id = done.json()["import"].as_str().expect("an id").to_owned();
    let shown = second.server.post(&second.key, &format!("/api/v1/imports/{id}/repeat")).json();
    let choices = &shown["choices"];
    assert_eq!((&choices["ignore"], &choices["nominees"]), (&json!(["Tier"]), &true.into()), "{shown}");
    assert_eq!(shown["problem"], Value::Null, "{shown}");

    // The file of what could not be understood was not kept.
    let refused = send("wait=60", "Name\nAnna\n").json();
    let id = refused["import"].as_str().expect("an id");
    let not_kept = second.server.post(&second.key, &format!("/api/v1/imports/{id}/repeat"));
    assert_eq!((not_kept.status, not_kept.text("hint").as_str()), (409, "Upload it once more."), "{not_kept:?}");
}

#[test]
fn a_check_that_was_cut_off_is_made_again_and_one_can_be_cancelled() {
    let mut list = "Name,Email,Title,Company\n".to_owned();
    (0..120_000).for_each(|n| writeln!(list, "Person {n},person.{n}@example.com,Head,Example").expect("written"));
    let draft = Drafting::of(&list, "as=advocates");
    let begun = draft.server.post(&draft.key, &draft.at("/check"));
    assert_eq!((begun.status, begun.json()["status"].clone()), (202, "checking".into()), "{begun:?}");
    assert_eq!(draft.send("POST", "/confirm", &json!({"plan": "x"})).text("code"), "plan_stale");
    assert_eq!(draft.send("PATCH", "/draft", &json!({})).status, 409);
    let Drafting { place, server, key, id } = draft;
    server.kill();
    let server = Server::start(&place);
    server.until(&key, &id, &["ready"]);
    let draft = Drafting { place, server, key, id };
    assert_eq!(draft.get("/plan")["counts"]["created"], 120_000);
    let last = draft.get("/rows?after=119990&limit=5");
    assert_eq!((&last["rows"][0]["row"], &last["next"]), (&119_991.into(), &119_995.into()));
    // Any place of a long list is shown at once: by what the counts tell, or by reading.
    for which in ["", "&outcome=created", "&search=person"] {
        let page = draft.get(&format!("/rows?offset=95000&limit=2{which}"));
        assert_eq!((&page["rows"][0]["row"], &page["next"]), (&95_002.into(), &95_003.into()), "{which}");
        let total = if which.contains("search") { Value::Null } else { 120_000.into() };
        assert_eq!(page["total"], total, "{which}");
    }
    assert_eq!(draft.get("/rows?offset=120000")["rows"], json!([]));
    assert_eq!(draft.get("/rows?outcome=failed")["total"], 0);
    assert_eq!(draft.get("/rows?after=10001&offset=10000&limit=1")["rows"][0]["row"], 20_002);

    draft.server.post(&draft.key, &draft.at("/check"));
    draft.server.post(&draft.key, &draft.at("/cancel"));
    let cancelled = draft.server.until(&draft.key, &draft.id, &["cancelled"]);
    assert_eq!((&cancelled["counts"]["created"], &cancelled["started_at"]), (&0.into(), &Value::Null), "{cancelled}");
}

#[test]
fn what_an_update_changes_is_told_as_people_write_it() {
    let place = Place::new();
    place.done(&[
        "fields",
        "add",
        "Niche",
        "--as",
        "creators",
        "--type",
        "multi_select",
        "--option",
        "Art",
        "--option",
        "Food",
    ]);
    let before = place.file("before.csv", "Platform,Handle,Engagement Rate,Niche\nTikTok,anna,3.4 %,Art\n");
    place.done(&["import", before, "--as", "creators"]);
    place.file("after.csv", "Platform,Handle,Engagement Rate,Niche\nTikTok,anna,3.6 %,\"Food, Art\"\n");
    let key = full_token(&place);
    let server = Server::start(&place);
    let mut draft = Drafting { place, server, key, id: String::new() };
    draft.id = draft.upload("after.csv", "as=creators&on_match=merge&policy=Niche=overwrite");
    draft.check();
    let rows = draft.get("/rows");
    let changes = json!([
        {"field": "Engagement Rate", "before": "3.4 %", "after": "3.6 %"},
        {"field": "Niche", "before": "Art", "after": "Food, Art"},
    ]);
    assert_eq!(rows["rows"][0]["changes"], changes, "{rows}");
}

#[test]
fn what_was_foretold_of_a_draft_that_is_dropped_has_not_happened() {
    let draft = Drafting::of("Name,Email\nAnna,anna@example.com\nJon,jon@@example.org\n", "as=advocates");
    let plan = draft.check();
    assert_eq!((&plan["counts"]["created"], &plan["counts"]["failed"]), (&1.into(), &1.into()), "{plan}");
    let dropped = draft.server.post(&draft.key, &draft.at("/cancel")).json();
    let counts = &dropped["counts"];
    assert_eq!((&counts["created"], &counts["failed"], &counts["not_processed"]), (&0.into(), &0.into(), &2.into()));
    assert_eq!(dropped["started_at"], Value::Null, "{dropped}");
    let late = draft.server.post(&draft.key, &draft.at("/follow-up"));
    assert_eq!((late.status, late.text("code").as_str()), (409, "conflict"), "{late:?}");
}

#[test]
fn a_draft_that_cannot_be_read_as_chosen_comes_back_with_the_reason() {
    let place = Place::new();
    place.file("list.csv", "Name,Email,Since\nAnna,anna@example.com,03/04/2024\n");
    place.done(&["fields", "add", "Since", "--as", "advocates", "--type", "date"]);
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    let mut draft = Drafting { place, server, key, id: String::new() };
    draft.id = draft.upload("list.csv", "as=advocates");
    draft.server.post(&draft.key, &draft.at("/check"));
    let back = draft.server.until(&draft.key, &draft.id, &["draft"]);
    assert_eq!(back["problem"]["code"], "dates_ambiguous", "{back}");
    let mended = draft.send("PATCH", "/draft", &json!({"dates": "dmy"}));
    assert_eq!(mended.json()["problem"], Value::Null);
    assert_eq!(draft.check()["counts"]["created"], 1);

    draft.place.file("noise.csv", "\u{0}\u{1}\u{2}PNG");
    let refused = draft.server.upload(&draft.key, "/api/v1/drafts?as=advocates", &draft.place, "noise.csv");
    assert_eq!((refused.status, refused.text("code").as_str()), (422, "file_type"), "{refused:?}");
}
