//! The server dies at every named place of a check and of a confirmation. The next one makes the check again by itself,
//! to the same plan, and a confirmation whose answer was lost is repeated without a second run.

use std::time::Duration;

use convoke_app::crash::{CHECK_POINTS, CONFIRM_POINTS};
use serde_json::{Value, json};

use crate::judge::{Table, judge_witness};
use crate::people::mixed;
use crate::place::{Engine, Place};
use crate::server::Server;

/// More than the reports that are stored at once.
const ROWS: u64 = 90_000;

/// Uploads a draft and asks for its check; gives its id.
fn begin(server: &Server, rows: u64) -> String {
    let uploaded = server.post("/api/v1/drafts?as=advocates&name=list.csv&tag=New", &mixed(0, rows));
    assert_eq!(uploaded.status, 201, "{}", uploaded.text());
    let import = uploaded.json()["import"]["import"].as_str().expect("an id").to_owned();
    // The server may die before it answers.
    if let Some(answer) = server.ask("POST", &format!("/api/v1/imports/{import}/check"), b"") {
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
    import
}

fn confirm(server: &Server, import: &str, plan: &Value) -> Option<crate::http::Answer> {
    let body = json!({"plan": plan}).to_string();
    server.ask("POST", &format!("/api/v1/imports/{import}/confirm"), body.as_bytes())
}

/// What a check found, without what differs between installations.
fn plan(server: &Server, import: &str) -> Value {
    server.until(import, &["ready"]);
    let mut plan = server.get(&format!("/api/v1/imports/{import}/plan")).json();
    plan.as_object_mut().expect("an object").remove("import");
    plan
}

fn armed(place: &Place, at: &str) -> Server {
    Server::try_start(place, &[], &[("CONVOKE_CRASH_AT", at)]).expect("it starts")
}

fn checks_cut_off(engine: Engine) {
    let undisturbed = {
        let place = Place::new(engine);
        let server = Server::start(&place);
        let import = begin(&server, ROWS);
        plan(&server, &import)
    };
    assert!(undisturbed["plan"].is_string(), "{undisturbed}");
    // The reports are stored twice.
    let places = CHECK_POINTS.iter().map(|point| format!("{point}:1")).chain(["check_stored:2".to_owned()]);
    for at in places {
        let place = Place::new(engine);
        place.watch_imports();
        let mut server = armed(&place, &at);
        let import = begin(&server, ROWS);
        server.ended(Duration::from_secs(60));
        let server = Server::start(&place);
        assert_eq!(plan(&server, &import), undisturbed, "{engine:?}, died at {at}");
        let found = judge_witness(&Table::read(), &place.witnessed());
        assert_eq!(found, Ok(()), "{engine:?}, died at {at}");
        assert!(place.people().is_empty(), "a check changes nobody");
    }
}

fn confirmations_cut_off(engine: Engine) {
    for at in CONFIRM_POINTS {
        let place = Place::new(engine);
        place.watch_imports();
        let mut server = armed(&place, at);
        let import = begin(&server, 500);
        let plan = plan(&server, &import);
        assert!(confirm(&server, &import, &plan["plan"]).is_none(), "{at}: nobody is left to answer");
        server.ended(Duration::from_secs(10));

        let server = Server::start(&place);
        let again = confirm(&server, &import, &plan["plan"]).expect("an answer");
        assert_eq!((again.status, again.says("import")), (202, import.clone()), "{}", again.text());
        let done = server.until(&import, &["completed"]);
        assert_eq!(done["counts"], plan["counts"], "{engine:?}");
        assert_eq!(confirm(&server, &import, &plan["plan"]).expect("an answer").status, 202);
        let history = server.get("/api/v1/imports").json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1), "{history}");
        assert_eq!(place.people().len() as u64, done["counts"]["created"].as_u64().expect("a number"));
        assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?}");
    }
}

#[test]
fn sqlite_makes_a_check_that_was_cut_off_again_to_the_same_plan() {
    checks_cut_off(Engine::Sqlite);
}

#[test]
fn postgres_makes_a_check_that_was_cut_off_again_to_the_same_plan() {
    if !convoke_testbed::is_quick() {
        checks_cut_off(Engine::Postgres);
    }
}

#[test]
fn a_confirmation_whose_answer_was_lost_is_repeated_and_runs_once() {
    crate::place::engines().into_iter().for_each(confirmations_cut_off);
}
