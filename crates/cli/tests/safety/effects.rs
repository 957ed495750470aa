//! How soon a pause, a resumption and a cancellation of a large import take effect, also by a server that was started
//! after a kill.

use std::time::{Duration, Instant};

use crate::effort::{is_long, turn, until, wait};
use crate::people::list;
use crate::place::{Engine, Place};
use crate::server::Server;

const SOON: Duration = Duration::from_secs(5);
const ROWS: u64 = 1_000_000;

fn processed(server: &Server, import: &str) -> u64 {
    let counts = server.shown(import)["counts"].clone();
    counts["total"].as_u64().unwrap_or_default() - counts["not_processed"].as_u64().unwrap_or_default()
}

/// Asks for something and waits for its effect; gives how long that took.
#[track_caller]
fn takes(server: &Server, import: &str, verb: &str) -> Duration {
    let before = processed(server, import);
    let began = Instant::now();
    let answer = server.post(&format!("/api/v1/imports/{import}/{verb}"), b"");
    assert_eq!(answer.status, 202, "{verb}: {}", answer.text());
    until(verb, Duration::from_secs(60), || match verb {
        "pause" => (server.shown(import)["status"] == "paused").then_some(()),
        "cancel" => (server.shown(import)["status"] == "cancelled").then_some(()),
        _ => (processed(server, import) > before).then_some(()),
    });
    began.elapsed()
}

/// A large import of people who are new, in the middle.
fn under_way(server: &Server, number: u64) -> String {
    let import = server.import(&list(number * ROWS, ROWS));
    let before = processed(server, &import);
    until("it grows", Duration::from_secs(60), || (processed(server, &import) > before).then_some(()));
    import
}

fn measured(engine: Engine) -> Vec<(&'static str, Duration)> {
    let place = Place::new(engine);
    let server = Server::start(&place);
    let import = under_way(&server, 0);
    let mut found = vec![("pause", takes(&server, &import, "pause")), ("resume", takes(&server, &import, "resume"))];
    server.until(&import, &["completed"]);
    let import = under_way(&server, 1);
    found.push(("cancel", takes(&server, &import, "cancel")));

    let import = under_way(&server, 2);
    server.kill();
    let server = Server::start(&place);
    found.push(("pause of a killed run", takes(&server, &import, "pause")));
    server.kill();
    let server = Server::start(&place);
    assert_eq!(server.shown(&import)["status"], "paused", "also after a kill");
    found.push(("resume after a kill", takes(&server, &import, "resume")));
    server.until(&import, &["completed"]);

    let import = under_way(&server, 3);
    server.kill();
    let server = Server::start(&place);
    found.push(("cancel of a killed run", takes(&server, &import, "cancel")));
    let then = server.shown(&import);
    server.kill();
    let server = Server::start(&place);
    wait(Duration::from_secs(2));
    assert_eq!(server.shown(&import), then, "nothing changes after the end");
    found
}

#[test]
fn requests_take_effect_within_five_seconds_also_after_a_kill() {
    if !is_long() {
        return;
    }
    let _turn = turn();
    let mut late = Vec::new();
    for engine in crate::place::engines() {
        let found = measured(engine);
        println!("{engine:?}, {ROWS} rows: {found:.2?}");
        late.extend(found.into_iter().filter(|(_, took)| *took > SOON).map(|late| (engine, late)));
    }
    assert!(late.is_empty(), "later than {SOON:?}: {late:?}");
}
