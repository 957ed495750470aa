//! Mistakes of the program itself, which tests bring about at named places and cells: a row costs itself, an import is tried
//! again and then paused with a name that stands in the log, a request is answered, and everybody else goes on.

use std::io::Write;
use std::time::Duration;

use convoke_app::pipeline::stumbling::STAGES;
use serde_json::{Value, json};

use crate::effort::{is_long, until};
use crate::http::{Answer, LONGEST, connect, head, receive};
use crate::judge::{Table, adds_up, judge_witness};
use crate::people::list;
use crate::place::{Engine, Place, engines};
use crate::server::Server;

/// The row of a list over which the program stumbles, as a spreadsheet program numbers it.
const ROW: u64 = 59;
const CELL: &str = "person.57@example.com";

fn stumbling(place: &Place, over: &str) -> Server {
    Server::try_start(place, &[], &[("CONVOKE_STUMBLE_OVER", over)]).expect("it starts")
}

/// The rows of an import that failed: number and codes.
fn failed(server: &Server, import: &str) -> Value {
    let page = server.get(&format!("/api/v1/imports/{import}/rows?outcome=failed")).json();
    let rows = page["rows"].as_array().unwrap_or_else(|| panic!("{page}"));
    let codes = |row: &Value| row["issues"].as_array().expect("a list").iter().map(|i| i["code"].clone()).collect();
    rows.iter().map(|row| json!([row["row"], Value::Array(codes(row))])).collect()
}

fn one_failed_row(engine: Engine, stage: &str) {
    let place = Place::new(engine);
    place.watch_imports();
    let server = stumbling(&place, &format!("{stage}:{CELL}"));
    let uploaded = server.post("/api/v1/drafts?as=advocates&name=list.csv&tag=New", &list(0, 300));
    assert_eq!(uploaded.status, 201, "{stage}: {}", uploaded.text());
    let draft = uploaded.json()["import"]["import"].as_str().expect("an id").to_owned();
    assert_eq!(server.post(&format!("/api/v1/imports/{draft}/check"), b"").status, 202);
    let ready = server.until(&draft, &["ready", "draft", "failed"]);
    let guilty = json!([[ROW, ["row_stumbled"]]]);
    // What is written is not written by a check.
    let is_foretold = stage != "write";
    assert_eq!(ready["counts"]["failed"], u64::from(is_foretold), "{engine:?} {stage}: {ready}\n{:?}", server.log());
    if is_foretold {
        assert_eq!(failed(&server, &draft), guilty, "{engine:?} {stage}, in the check");
    }
    let plan = server.get(&format!("/api/v1/imports/{draft}/plan")).json()["plan"].clone();
    let confirmed =
        server.post(&format!("/api/v1/imports/{draft}/confirm"), json!({"plan": plan}).to_string().as_bytes());
    assert_eq!(confirmed.status, 202, "{}", confirmed.text());
    let done = server.until(&draft, &["completed", "paused"]);
    assert_eq!((&done["status"], &done["counts"]["created"]), (&json!("completed"), &json!(299)), "{stage}: {done}");
    let codes = failed(&server, &draft).to_string();
    assert!(codes.starts_with(&format!("[[{ROW},[\"row_stumbled\"")), "{engine:?} {stage}: {codes}");

    // Once more: everybody is there but one.
    let again = server.import(&list(0, 300));
    let done = server.until(&again, &["completed", "paused"]);
    assert_eq!((&done["counts"]["failed"], &done["counts"]["created"]), (&json!(1), &json!(0)), "{stage}: {done}");
    assert_eq!(failed(&server, &again), guilty, "{engine:?} {stage}, among people who are there");
    assert_eq!(place.people().len(), 299);
    assert!(!server.log().concat().contains(CELL), "the log holds no cell: {:#?}", server.log());
    server.kill();
    // A later version without the mistake imports the row.
    let server = Server::start(&place);
    let mended = server.import(&list(0, 300));
    assert_eq!(server.until(&mended, &["completed"])["counts"]["created"], 1);
    assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?} {stage}");
}

#[test]
fn a_row_over_which_the_program_stumbles_is_one_failed_row_in_check_and_import() {
    for engine in engines() {
        STAGES.into_iter().for_each(|stage| one_failed_row(engine, stage));
    }
}

/// Waits for a line of the log that holds all of these.
#[track_caller]
fn logged(server: &Server, words: &[&str]) {
    until(&format!("{words:?} is in the log"), Duration::from_secs(5), || {
        server.log().iter().any(|line| words.iter().all(|word| line.contains(word))).then_some(())
    });
}

/// The name of a mistake in a problem, which the log has as well.
#[track_caller]
fn named(server: &Server, problem: &Value) -> String {
    let message = problem["message"].as_str().unwrap_or_else(|| panic!("{problem}"));
    let name = message.split(' ').find(|word| word.starts_with("mis_")).unwrap_or_else(|| panic!("{problem}"));
    logged(server, &[name]);
    logged(server, &["a mistake of the program", ".rs:"]);
    name.to_owned()
}

#[test]
fn a_mistake_in_a_run_is_tried_again_and_changes_nothing_twice() {
    let places =
        ["claimed", "group_held", "chunk_planned", "chunk_written", "before_commit", "after_commit", "before_finish"];
    for engine in engines() {
        // Where a connection is lost on PostgreSQL is where SQLite's one writer is given back.
        let few = engine == Engine::Sqlite && !is_long();
        for at in places.into_iter().skip(if few { 3 } else { 0 }) {
            let place = Place::new(engine);
            place.watch_imports();
            let server = Server::try_start(&place, &[], &[("CONVOKE_PANIC_AT", at)]).expect("it starts");
            let import = server.import(&list(0, 300));
            let done = server.until(&import, &["completed", "paused", "failed"]);
            if at == "claimed" {
                // Nothing was begun: whoever resumes it is the next try.
                named(&server, &done["problem"]);
                assert_eq!(server.post(&format!("/api/v1/imports/{import}/resume"), b"").status, 202);
            }
            let done = server.until(&import, &["completed", "failed"]);
            assert_eq!(
                (&done["status"], &done["counts"]["created"]),
                (&json!("completed"), &json!(300)),
                "{at}: {done}"
            );
            assert_eq!(place.people().len(), 300, "{engine:?} {at}");
            assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?} {at}");
        }
    }
}

/// More rows that are stumbled over than can be a matter of rows.
fn hopeless() -> Vec<u8> {
    let mut body = list(0, 10);
    for _ in 0..100 {
        writeln!(body, "Nobody,{CELL},,").expect("written");
    }
    body
}

#[test]
fn an_import_that_always_meets_a_mistake_is_paused_with_its_name_and_others_go_on() {
    for engine in engines() {
        let place = Place::new(engine);
        place.watch_imports();
        let server = stumbling(&place, &format!("plan:{CELL}"));
        let doomed = server.import(&hopeless());
        let other = server.import(&list(1_000, 20_000));
        assert_eq!(server.get("/health").status, 200);
        assert_eq!(server.until(&other, &["completed", "paused"])["counts"]["created"], 20_000, "{engine:?}");
        let paused = server.until(&doomed, &["paused", "failed", "completed"]);
        assert_eq!(paused["status"], "paused", "{paused}");
        let first = named(&server, &paused["problem"]);
        assert_eq!(adds_up(&paused), Ok(()));
        assert_eq!(place.people().len(), 20_000, "nothing of it took effect");
        // Resumed, it is tried again, and paused again with another name.
        assert_eq!(server.post(&format!("/api/v1/imports/{doomed}/resume"), b"").status, 202);
        let second = until("another name", Duration::from_secs(30), || {
            let shown = server.shown(&doomed);
            (shown["status"] == "paused").then(|| named(&server, &shown["problem"])).filter(|name| *name != first)
        });
        assert_ne!(first, second);
        server.kill();
        // With the mistake mended it goes on where it was.
        let server = Server::start(&place);
        assert_eq!(server.post(&format!("/api/v1/imports/{doomed}/resume"), b"").status, 202);
        assert_eq!(server.until(&doomed, &["completed"])["counts"]["created"], 11, "{engine:?}");
        assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?}");
    }
}

#[test]
fn a_check_that_meets_a_mistake_is_tried_again_and_then_a_draft_with_its_name() {
    for engine in engines() {
        let check = |variable: (&str, &str), dry_run: bool| {
            let place = Place::new(engine);
            let server = Server::try_start(&place, &[], &[variable]).expect("it starts");
            let import = if dry_run {
                // Whoever asks for a dry run waits for it.
                let answer = server.post("/api/v1/checks?as=advocates&name=list.csv", &list(0, 300));
                assert_eq!((answer.status, answer.says("code").as_str()), (500, "mistake"), "{}", answer.text());
                server.get("/api/v1/imports").json()["items"][0]["import"].as_str().expect("an id").to_owned()
            } else {
                let draft = server.post("/api/v1/drafts?as=advocates&name=list.csv", &list(0, 300)).json();
                let import = draft["import"]["import"].as_str().expect("an id").to_owned();
                assert_eq!(server.post(&format!("/api/v1/imports/{import}/check"), b"").status, 202);
                import
            };
            let ended =
                until("it ends", LONGEST, || Some(server.shown(&import)).filter(|shown| shown["status"] != "checking"));
            if !ended["problem"].is_null() {
                named(&server, &ended["problem"]);
            }
            ended
        };
        for at in ["check_claimed", "check_stored"] {
            assert_eq!(check(("CONVOKE_PANIC_AT", at), false)["status"], "ready", "{engine:?} {at}");
            let draft = check(("CONVOKE_PANIC_FROM", at), false);
            assert_eq!((&draft["status"], &draft["problem"]["code"]), (&json!("draft"), &json!("mistake")), "{draft}");
            let dry_run = check(("CONVOKE_PANIC_FROM", at), true);
            assert_eq!(dry_run["status"], "failed", "{dry_run}");
        }
    }
}

/// Imports with an idempotency key.
fn keyed(server: &Server, place: &Place, body: &[u8]) -> Answer {
    let mut stream = connect(server.address, LONGEST).expect("connected");
    let head = head("POST", "/api/v1/imports?as=advocates&name=list.csv", &place.token);
    let length = body.len();
    write!(stream, "{head}Content-Type: text/csv\r\nIdempotency-Key: one\r\nContent-Length: {length}\r\n\r\n")
        .and_then(|()| stream.write_all(body))
        .expect("sent");
    receive(stream).expect("an answer")
}

#[test]
fn a_mistake_in_a_request_is_answered_and_harms_no_other() {
    for engine in engines() {
        let place = Place::new(engine);
        let server = Server::try_start(&place, &[], &[("CONVOKE_PANIC_AT", "request_begun:3")]).expect("it starts");
        for status in [200, 200, 500, 200] {
            let answer = server.get("/api/v1/imports");
            assert_eq!(answer.status, status, "{}", answer.text());
            if status == 500 {
                assert_eq!(answer.says("code"), "internal");
                let request = answer.says("request_id");
                logged(&server, &[&request, "500"]);
            }
        }
        server.kill();

        // Behind the effect: the answer is lost, and the same key finds what was done.
        let server = Server::try_start(&place, &[], &[("CONVOKE_PANIC_AT", "before_answer")]).expect("it starts");
        let lost = keyed(&server, &place, &list(0, 300));
        assert_eq!((lost.status, lost.says("code").as_str()), (500, "internal"), "{}", lost.text());
        let found = keyed(&server, &place, &list(0, 300));
        assert_eq!(found.status, 202, "{}", found.text());
        server.until(&found.says("import"), &["completed"]);
        let history = server.get("/api/v1/imports").json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1), "{history}");
        assert_eq!(place.people().len(), 300);
    }
}
