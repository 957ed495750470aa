//! The clock of the server's machine is set forwards and back while it works and while it is stopped: imports begin, go on
//! and end all the same, leases hold, and nothing expires before its time.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::effort::{is_long, now, until};
use crate::judge::{Table, judge_witness};
use crate::people::list;
use crate::place::{Engine, Place, engines};
use crate::server::Server;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// By how many seconds the clock is set: an hour and a day, back and forwards, to 1970, and right again.
fn jumps() -> [i64; 6] {
    [-HOUR, HOUR, -DAY, DAY, DAY - now() / 1_000, 0]
}

const SOON: Duration = Duration::from_secs(30);

/// A server whose clock is set as the file says.
fn started(place: &Place, shows: &Path) -> Server {
    Server::try_start(place, &[], &[("CONVOKE_CLOCK_FILE", &shows.display().to_string())]).expect("it starts")
}

fn set(shows: &Path, seconds: i64) {
    fs::write(shows, seconds.to_string()).expect("written");
}

#[track_caller]
fn completes(server: &Server, import: &str, when: &str) {
    let done = until(&format!("it completes {when}"), SOON, || {
        let shown = server.shown(import);
        ["completed", "paused", "failed"].iter().any(|state| shown["status"] == *state).then_some(shown)
    });
    assert_eq!((&done["status"], &done["counts"]["failed"]), (&"completed".into(), &0.into()), "{when}: {done}");
}

fn jumping(engine: Engine) {
    let place = Place::new(engine);
    place.watch_imports();
    let shows = place.path("clock");
    set(&shows, 0);
    let mut server = started(&place, &shows);
    let rows = if is_long() { 200_000 } else { 12_000 };
    let mut from = 0;
    for jump in jumps() {
        // While an import runs.
        let import = server.import(&list(from, rows));
        set(&shows, jump);
        completes(&server, &import, &format!("while the clock jumps by {jump} s"));
        let waiting = server.import(&list(from + rows, 1_000));
        completes(&server, &waiting, &format!("after the clock jumped by {jump} s"));
        from += rows + 1_000;
    }
    // One that waits behind others, and would be due tomorrow.
    set(&shows, DAY);
    let queued: Vec<_> = [60_000, 60_000, 60_000, 1_000].iter().map(|many| server.import(&list(from, *many))).collect();
    set(&shows, 0);
    for import in &queued {
        completes(&server, import, "though it was due tomorrow");
    }
    from += 60_000;
    // A lease that was given tomorrow, to somebody who is dead today.
    set(&shows, DAY);
    let import = server.import(&list(from, rows));
    until("somebody is at it", SOON, || {
        let state = server.shown(&import)["status"].clone();
        (state != "pending").then_some(())
    });
    server.kill();
    set(&shows, 0);
    server = started(&place, &shows);
    completes(&server, &import, "though its lease is of tomorrow");
    // Who was known is known: a token of today is one of today.
    assert_eq!(server.get("/api/v1/imports").status, 200);
    assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?}");
}

#[test]
fn imports_begin_go_on_and_end_while_the_clock_jumps() {
    engines().into_iter().for_each(jumping);
}
