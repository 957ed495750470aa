//! PostgreSQL behind a relay that delays, stalls, cuts, refuses, and lets the server vanish without a word: the page of
//! health answers, the page of readiness says what is wrong, requests do not pile up, and imports go on by themselves.

use std::time::{Duration, Instant};

use convoke_testbed::postgres::{Options, Postgres};
use convoke_testbed::relay::{Manner, Relay};

use crate::effort::{is_long, turn, until, wait};
use crate::http::{Answer, send};
use crate::judge::{Table, judge_witness};
use crate::people::list;
use crate::place::Place;
use crate::server::Server;

const SOON: Duration = Duration::from_secs(60);

/// A server whose database is behind a relay; the test itself asks the database directly.
struct Behind {
    relay: Relay,
    place: Place,
    _cluster: Postgres,
}

impl Behind {
    fn new() -> Self {
        let cluster = Postgres::start(&Options::quick());
        let relay = Relay::to(&cluster.socket());
        let mut place = Place::at(&cluster.url("postgres"));
        place.watch_imports();
        place.through(&format!("postgres://postgres@{}/postgres", relay.address()));
        Self { relay, place, _cluster: cluster }
    }

    /// An import in its middle.
    fn under_way(&self, server: &Server, from: u64, rows: u64) -> String {
        let import = server.import(&list(from, rows));
        until("it goes on", SOON, || {
            (self.place.sql("SELECT max(next_chunk) > 0 FROM job WHERE state = 6") == "t").then_some(())
        });
        import
    }
}

#[track_caller]
fn completes(server: &Server, import: &str) {
    let done = until("it completes by itself", SOON, || {
        let path = format!("/api/v1/imports/{import}");
        let shown = server.ask("GET", &path, b"").filter(Answer::is_done)?.json();
        (shown["status"] != "running" && shown["status"] != "pending").then_some(shown)
    });
    assert_eq!(
        (&done["status"], &done["counts"]["failed"]),
        (&"completed".into(), &0.into()),
        "{done}\n{:#?}",
        server.log()
    );
}

/// The page of readiness, and how long it took.
fn readiness(server: &Server) -> (u16, Duration) {
    let began = Instant::now();
    (server.get("/ready").status, began.elapsed())
}

#[test]
fn a_database_that_is_slow_silent_or_away_stops_nothing_for_good() {
    if convoke_testbed::is_quick() {
        return;
    }
    let _turn = turn();
    let behind = Behind::new();
    let server = Server::start(&behind.place);

    behind.relay.set(Manner::Slow(Duration::from_millis(20)));
    let import = server.import(&list(0, 10_000));
    server.is_healthy();
    completes(&server, &import);
    behind.relay.set(Manner::Flow);

    // It says nothing any more, in the middle of an import.
    let import = behind.under_way(&server, 100_000, 60_000);
    behind.relay.set(Manner::Stall);
    let waiting: Vec<_> = (0..300)
        .map(|_| {
            let (address, token) = (server.address, behind.place.token.clone());
            // So many at the same moment would wait for the system to take them.
            wait(Duration::from_millis(3));
            std::thread::spawn(move || send(address, &token, ("GET", "/api/v1/imports"), b"", SOON).map(|it| it.status))
        })
        .collect();
    server.is_healthy();
    let (status, took) = readiness(&server);
    assert!(status == 503 && took < Duration::from_secs(6), "{status} {took:?}");
    // More than can wait are told at once, and so need not be waited for.
    until("some are refused", Duration::from_secs(20), || waiting.iter().any(|one| one.is_finished()).then_some(()));
    server.is_healthy();
    behind.relay.set(Manner::Flow);
    let answers: Vec<u16> = waiting.into_iter().map(|one| one.join().expect("a thread").expect("an answer")).collect();
    assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
    assert!(answers.contains(&200) && answers.contains(&503), "{answers:?}");
    completes(&server, &import);
    assert_eq!(readiness(&server).0, 200);

    // It is away for a while, and the connections with it.
    let import = behind.under_way(&server, 200_000, 60_000);
    behind.relay.set(Manner::Refuse);
    server.is_healthy();
    let (status, took) = readiness(&server);
    assert!(status == 503 && took < Duration::from_secs(6), "{status} {took:?}");
    let refused = server.get("/api/v1/imports");
    assert_eq!((refused.status, refused.says("code").as_str()), (503, "database_unavailable"), "{}", refused.text());
    wait(Duration::from_secs(2));
    behind.relay.set(Manner::Flow);
    completes(&server, &import);

    // Cut again and again.
    let import = behind.under_way(&server, 300_000, 60_000);
    for _ in 0..3 {
        behind.relay.cut();
        server.is_healthy();
        wait(Duration::from_millis(300));
    }
    completes(&server, &import);
    assert_eq!(behind.place.people().len(), 10_000 + 3 * 60_000);
    assert_eq!(judge_witness(&Table::read(), &behind.place.witnessed()), Ok(()));
}

#[test]
fn a_database_that_vanishes_without_a_word_is_given_up_and_reached_anew() {
    if convoke_testbed::is_quick() || !is_long() {
        // It takes most of a minute until nobody can be there any more.
        return;
    }
    let _turn = turn();
    let behind = Behind::new();
    let server = Server::start(&behind.place);
    let import = behind.under_way(&server, 0, 200_000);
    behind.relay.vanish();
    let began = Instant::now();
    server.is_healthy();
    completes(&server, &import);
    println!("a vanished database: the import completed after {:.1?}", began.elapsed());
    until("it is ready", SOON, || (server.get("/ready").status == 200).then_some(()));
    assert_eq!(judge_witness(&Table::read(), &behind.place.witnessed()), Ok(()));
}
