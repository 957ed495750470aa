//! The clock of the server's machine is set forwards and back while it works and while it is stopped: imports begin, go on
//! and end all the same, leases hold, and nothing expires before its time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::effort::{is_long, until};
use crate::judge::{Table, judge_witness};
use crate::people::list;
use crate::place::{Engine, Place, engines};
use crate::server::Server;

/// What the clock shows, as libfaketime reads it.
const JUMPS: [&str; 6] = ["-1h", "+1h", "-1d", "+1d", "@1970-01-02 00:00:00", "+0"];
const SOON: Duration = Duration::from_secs(30);

/// The library that answers for the clock; scripts/deps installs it.
fn library() -> PathBuf {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];
    let paths = folders.map(|folder| Path::new(folder).join("faketime/libfaketimeMT.so.1"));
    paths.into_iter().find(|path| path.exists()).expect("libfaketime (scripts/deps installs it)")
}

/// A server whose clock shows what the file says.
fn started(place: &Place, shows: &Path) -> Server {
    let (library, shows) = (library().display().to_string(), shows.display().to_string());
    let variables = [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME_TIMESTAMP_FILE", shows.as_str()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    Server::try_start(place, &[], &variables).expect("it starts")
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
    fs::write(&shows, "+0").expect("written");
    let mut server = started(&place, &shows);
    let rows = if is_long() { 200_000 } else { 12_000 };
    let mut from = 0;
    for jump in JUMPS {
        // While an import runs.
        let import = server.import(&list(from, rows));
        fs::write(&shows, jump).expect("written");
        completes(&server, &import, &format!("while the clock goes to {jump}"));
        let waiting = server.import(&list(from + rows, 1_000));
        completes(&server, &waiting, &format!("after the clock went to {jump}"));
        from += rows + 1_000;
    }
    // A lease that was given tomorrow, to somebody who is dead today.
    fs::write(&shows, "+1d").expect("written");
    let import = server.import(&list(from, rows));
    until("somebody is at it", SOON, || {
        let state = server.shown(&import)["status"].clone();
        (state != "pending").then_some(())
    });
    server.kill();
    fs::write(&shows, "+0").expect("written");
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
