//! Pause, resume and cancel in every order, from several clients at once, with random delays, some of them over kills and
//! restarts: only states that the table allows follow each other, and every request that was answered took effect or was
//! overtaken by a later one.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::effort::{Draw, now, rounds, turn, until, wait};
use crate::http::{LONGEST, follow, send};
use crate::judge::{Table, code, judge_seen, judge_witness};
use crate::people::list;
use crate::place::{Engine, Place};
use crate::server::{ENDED, Server};

const ROWS: u64 = 45_000;

/// A request for something, and what came of it.
#[derive(Clone, Debug)]
struct Asked {
    verb: &'static str,
    sent: i64,
    answered: i64,
    /// None: no answer came.
    status: Option<u16>,
    import: Value,
}

impl Asked {
    /// It may have been stored.
    fn may_count(&self) -> bool {
        self.status.is_none_or(|status| status < 300)
    }

    fn is_done(&self) -> bool {
        self.status.is_some_and(|status| status < 300)
    }

    /// How an import may rest if this was the last request.
    fn explains(&self, state: &str) -> bool {
        match self.verb {
            "pause" => matches!(state, "paused" | "completed"),
            "cancel" => matches!(state, "cancelled" | "completed"),
            _ => state == "completed",
        }
    }
}

/// What all threads of a round share.
struct Round<'r> {
    place: &'r Place,
    address: Mutex<SocketAddr>,
    import: String,
    is_over: AtomicBool,
}

impl Round<'_> {
    fn address(&self) -> SocketAddr {
        *self.address.lock().expect("the address")
    }

    /// A client: some requests, each after a moment.
    fn client(&self, mut draw: Draw, verbs: &[&'static str]) -> Vec<Asked> {
        let many = 1 + draw.below(4);
        let mut all = Vec::new();
        for _ in 0..many {
            wait(Duration::from_millis(draw.below(51)));
            let verb = *draw.of(verbs);
            let sent = now();
            let path = format!("/api/v1/imports/{}/{verb}", self.import);
            let answer = send(self.address(), &self.place.token, ("POST", &path), b"", LONGEST).ok();
            let status = answer.as_ref().map(|answer| answer.status);
            let import = answer.map(|answer| answer.json()).unwrap_or_default();
            all.push(Asked { verb, sent, answered: now(), status, import });
        }
        all
    }

    /// Follows the events, over every restart.
    fn follower(&self) -> Vec<Value> {
        let mut seen = Vec::new();
        while !self.is_over.load(Ordering::Relaxed) {
            follow(self.address(), &self.place.token, &format!("/api/v1/imports/{}/events", self.import), |event| {
                seen.push(event);
                !self.is_over.load(Ordering::Relaxed)
            });
            let has_ended = seen.last().is_some_and(|last| ENDED.iter().any(|state| last["status"] == *state));
            if has_ended {
                break;
            }
            wait(Duration::from_millis(5));
        }
        seen
    }

    /// Ends the server by a signal and starts another one.
    fn restart(&self, server: &mut Server, name: &str, after: Duration) {
        wait(after);
        server.signal(name);
        server.ended(Duration::from_secs(10));
        *server = Server::start(self.place);
        *self.address.lock().expect("the address") = server.address;
    }
}

fn round(engine: Engine, number: u64, table: &Table) -> Result<(), String> {
    let mut draw = Draw::new(number);
    let place = Place::new(engine);
    place.watch_imports();
    let mut server = Server::start(&place);
    let import = server.import(&list(0, ROWS));
    let address = Mutex::new(server.address);
    let round = Round { place: &place, address, import, is_over: AtomicBool::new(false) };
    // Without cancellations in most rounds: nothing comes after one.
    let verbs = if draw.below(3) == 0 { &["pause", "resume", "cancel"][..] } else { &["pause", "resume"] };
    let signal = *draw.of(&["", "", "KILL", "TERM"]);
    let (moment, seeds) = (Duration::from_millis(draw.below(150)), [draw.below(1 << 40), draw.below(1 << 40), 7]);
    let (asked, seen, settled) = std::thread::scope(|scope| {
        let follower = scope.spawn(|| round.follower());
        let round = &round;
        let clients: Vec<_> =
            seeds.iter().map(|seed| scope.spawn(move || round.client(Draw::new(seed ^ number), verbs))).collect();
        if !signal.is_empty() {
            round.restart(&mut server, signal, moment);
        }
        let asked: Vec<Vec<Asked>> = clients.into_iter().map(|client| client.join().expect("a client")).collect();
        let settled = settle(&server, &round.import);
        round.is_over.store(settled["status"] != "paused", Ordering::Relaxed);
        if settled["status"] == "paused" {
            let path = format!("/api/v1/imports/{}/resume", round.import);
            assert_eq!(server.post(&path, b"").status, 202);
            server.until(&round.import, &["completed"]);
            round.is_over.store(true, Ordering::Relaxed);
        }
        (asked, follower.join().expect("the follower"), settled)
    });
    let last = server.shown(&round.import);
    server.kill();
    judge_seen(table, &seen)?;
    for client in &asked {
        judge_seen(table, client.iter().filter(|asked| asked.is_done()).map(|asked| &asked.import))?;
    }
    let witnessed = place.witnessed();
    judge_witness(table, &witnessed)?;
    judge_requests(&asked.concat(), &settled, &witnessed)?;
    let (people, created) = (place.people().len() as u64, last["counts"]["created"].as_u64());
    if created != Some(people) {
        return Err(format!("{people} people are there: {last}"));
    }
    Ok(())
}

/// Waits until nothing goes on any more.
fn settle(server: &Server, import: &str) -> Value {
    server.until(import, &["paused", "completed", "cancelled", "failed", "refused"])
}

/// What was answered took effect, or something later did; and nothing happened that nobody asked for.
fn judge_requests(asked: &[Asked], settled: &Value, witnessed: &[[i64; 10]]) -> Result<(), String> {
    let state = settled["status"].as_str().unwrap_or_default();
    let said = || format!("it rests as {state}, asked were {asked:?}, noted was {witnessed:?}");
    // Those that may have come last.
    let is_last =
        |one: &&Asked| one.may_count() && !asked.iter().any(|other| other.is_done() && other.sent > one.answered);
    let last: Vec<_> = asked.iter().filter(is_last).collect();
    if !last.is_empty() && !last.iter().any(|one| one.explains(state)) {
        return Err(format!("a request was lost: {}", said()));
    }
    if let [only] = last[..]
        && only.is_done()
        && only.verb != "resume"
    {
        // The group that was being committed, and nothing behind it.
        let is_work = |row: &&[i64; 10]| row[9] > only.answered + 1 && row[1] == row[2];
        let until = if state == "paused" { settled_at(witnessed) } else { i64::MAX };
        let late = witnessed.iter().filter(is_work).filter(|row| row[9] <= until && row[4] > 0).count();
        let commits = witnessed.windows(2).filter(|pair| is_work(&&pair[1]) && pair[1][9] <= until);
        let grown = commits.filter(|pair| pair[1][4] > pair[0][4]).count();
        if grown > 1 {
            return Err(format!("{grown} of {late} commits came after the answer to {}: {}", only.verb, said()));
        }
    }
    for (verb, from, to) in [("pause", "", "paused"), ("resume", "paused", "pending"), ("cancel", "", "cancelled")] {
        let is_step =
            |row: &&[i64; 10]| row[2] == code(to) && row[1] != row[2] && (from.is_empty() || row[1] == code(from));
        let may_have = asked.iter().filter(|asked| asked.verb == verb && asked.may_count()).count();
        // The round itself resumes what it finds paused.
        let own = usize::from(verb == "resume" && state == "paused");
        if witnessed.iter().filter(is_step).count() > may_have + own {
            return Err(format!("nobody asked to {verb}: {}", said()));
        }
    }
    Ok(())
}

/// When it was paused last.
fn settled_at(witnessed: &[[i64; 10]]) -> i64 {
    let paused = witnessed.iter().rev().find(|row| row[2] == code("paused") && row[1] != row[2]);
    paused.map_or(i64::MAX, |row| row[9])
}

fn races(engine: Engine) {
    let _turn = turn();
    let table = Table::read();
    let many = rounds(15, 500);
    for number in 0..many {
        if let Err(found) = round(engine, number, &table) {
            panic!("{engine:?}, round {number}: {found}");
        }
    }
}

#[test]
fn sqlite_takes_pauses_resumptions_and_cancellations_in_any_order() {
    races(Engine::Sqlite);
}

#[test]
fn postgres_takes_pauses_resumptions_and_cancellations_in_any_order() {
    if !convoke_testbed::is_quick() {
        races(Engine::Postgres);
    }
}

#[test]
fn a_pause_that_was_answered_holds_when_the_server_is_asked_to_end() {
    for engine in crate::place::engines() {
        let place = Place::new(engine);
        let mut server = Server::start(&place);
        let import = server.import(&list(0, 120_000));
        server.until(&import, &["running"]);
        // Both at once: whichever the run sees first.
        let id = server.id();
        let answer = std::thread::scope(|scope| {
            let asked = scope.spawn(|| server.ask("POST", &format!("/api/v1/imports/{import}/pause"), b""));
            let answer = asked.join().expect("asked");
            crate::server::signal(id, "TERM");
            answer
        });
        server.ended(Duration::from_secs(10));
        let server = Server::start(&place);
        let then = settle(&server, &import);
        if answer.is_some_and(|answer| answer.is_done()) {
            assert_eq!(then["status"], "paused", "{engine:?}: {then}");
            assert!(then["counts"]["not_processed"].as_u64() > Some(0), "{then}");
        }
        until("it goes on", LONGEST, || {
            server.ask("POST", &format!("/api/v1/imports/{import}/resume"), b"").filter(|answer| answer.status == 202)
        });
        assert_eq!(server.until(&import, &["completed"])["counts"]["created"], 120_000);
    }
}
