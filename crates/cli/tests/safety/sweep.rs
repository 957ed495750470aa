//! Every system call that writes, syncs, renames or sends is once the last one of the server, or fails, while a small
//! import goes through the API; afterwards the server starts again without that, and what it had answered is true.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::effort::{Draw, is_long, rounds, turn};
use crate::http::{Answer, send};
use crate::judge::{Table, adds_up, judge_witness};
use crate::people::mixed;
use crate::place::Place;
use crate::server::{ENDED, Server};

const ROWS: u64 = 200;
/// A server that lost a call to wake its own threads may never answer.
const PATIENCE: Duration = Duration::from_secs(4);
const CALLS: [&str; 7] = ["pwrite64", "write", "fdatasync", "fsync", "rename,renameat,renameat2", "sendto", "writev"];
/// What happens at the k-th call, and `+`: at each one from there.
const FAULTS: [(&str, &str); 5] =
    [("signal=SIGKILL", ""), ("error=EIO", ""), ("error=EIO", "+"), ("error=ENOSPC", ""), ("error=ENOSPC", "+")];

/// A fault at the k-th call of a thread.
#[derive(Clone, Debug)]
struct Fault {
    call: &'static str,
    what: &'static str,
    k: u64,
    lasting: &'static str,
}

impl Fault {
    /// The program that does it, in front of the server's own words.
    fn wrapper(&self, log: &Path) -> Vec<String> {
        let Self { call, what, k, lasting } = self;
        let words =
            ["strace", "-D", "-f", "-qq", "-o", &log.display().to_string(), "-e", &format!("trace={call}"), "-e"];
        let inject = format!("inject={call}:{what}:when={k}{lasting}");
        words.into_iter().map(str::to_owned).chain([inject]).collect()
    }
}

/// A prepared installation, and what an undisturbed import leaves.
struct Undisturbed {
    place: Place,
    people: Vec<Value>,
    counts: Value,
}

impl Undisturbed {
    fn new() -> Self {
        let run = Place::new(crate::place::Engine::Sqlite);
        let server = Server::start(&run);
        let import = server.import(&mixed(0, ROWS));
        let counts = server.until(&import, &["completed"])["counts"].clone();
        server.kill();
        let place = Place::new(crate::place::Engine::Sqlite);
        place.watch_imports();
        Self { place, people: run.people(), counts }
    }

    fn copy(&self, to: &Path) -> Place {
        std::fs::copy(self.place.path("convoke.db"), to.join("convoke.db")).expect("copied");
        self.place.copied(to)
    }
}

/// What a client was told while the fault was there.
#[derive(Default)]
struct Told {
    import: Option<Value>,
    has_original: bool,
}

fn ask(place: &Place, server: &Server, method: &str, path: &str, body: &[u8]) -> Option<Answer> {
    send(server.address, &place.token, (method, path), body, PATIENCE).ok().filter(Answer::is_done)
}

/// Uploads, follows to the end, fetches the original; as far as it is answered.
fn client(place: &Place, server: &mut Server, file: &[u8]) -> Told {
    let mut told = Told::default();
    let Some(answer) = ask(place, server, "POST", "/api/v1/imports?as=advocates&name=list.csv", file) else {
        return told;
    };
    let path = format!("/api/v1/imports/{}", answer.says("import"));
    told.import = Some(answer.json());
    let began = Instant::now();
    while !server.is_gone() && began.elapsed() < PATIENCE {
        let Some(answer) = ask(place, server, "GET", &path, b"") else { break };
        told.import = Some(answer.json());
        if answer.says("status") == "paused" || ENDED.contains(&answer.says("status").as_str()) {
            break;
        }
    }
    let original = ask(place, server, "GET", &format!("{path}/files/original"), b"");
    told.has_original = original.is_some_and(|original| original.body == file);
    told
}

/// Tries one fault; whether it came at all.
fn survives(undisturbed: &Undisturbed, fault: &Fault) -> Result<bool, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = undisturbed.copy(folder.path());
    let (log, file) = (folder.path().join("strace.log"), mixed(0, ROWS));
    let mut told = Told::default();
    let mut is_gone = true;
    if let Ok(mut server) = Server::try_start(&place, &fault.wrapper(&log), &[]) {
        told = client(&place, &mut server, &file);
        // Who was killed ends a moment after its connections.
        is_gone = !told.has_original && server.ends_within(Duration::from_millis(500));
        server.kill();
    }
    let traced = std::fs::read_to_string(&log).unwrap_or_default();
    let has_come = is_gone || traced.contains("(INJECTED)");

    let server = Server::try_start(&place, &[], &[]).map_err(|log| format!("it does not start again: {log:?}"))?;
    let history = server.get("/api/v1/imports").json()["items"].clone();
    let listed: Vec<_> = history.as_array().cloned().unwrap_or_default();
    if let Some(told) = &told.import
        && !listed.iter().any(|import| import["import"] == told["import"] && is_further(import, told))
    {
        return Err(format!("answered was {told}, listed is {history}"));
    }
    if listed.len() > 1 {
        return Err(format!("one upload is listed twice: {history}"));
    }
    let id = match listed.first() {
        Some(import) => import["import"].as_str().expect("an id").to_owned(),
        // Nothing of it happened: the client sends it once more.
        None => server.import(&file),
    };
    let mut done = server.until(&id, &["completed", "paused"]);
    if done["status"] == "paused" {
        if done["problem"].is_null() {
            return Err(format!("it is paused and nobody knows why: {done}"));
        }
        server.post(&format!("/api/v1/imports/{id}/resume"), b"");
        done = server.until(&id, &["completed", "paused"]);
    }
    adds_up(&done)?;
    if done["counts"] != undisturbed.counts {
        return Err(format!("the counts are others: {done}, undisturbed {}", undisturbed.counts));
    }
    if server.get(&format!("/api/v1/imports/{id}/files/original")).body != file {
        return Err("the original is another".to_owned());
    }
    let results = server.get(&format!("/api/v1/imports/{id}/files/results"));
    if results.text().lines().count() as u64 != ROWS + 1 {
        return Err(format!("the results have not each row once: {}", results.text()));
    }
    server.kill();
    judge_witness(&Table::read(), &place.witnessed())?;
    if place.sql("PRAGMA integrity_check") != "ok" {
        return Err("the database is damaged".to_owned());
    }
    if place.people() != undisturbed.people {
        return Err("the people are others than after an undisturbed run".to_owned());
    }
    Ok(has_come)
}

/// Nothing of what was told is taken back.
fn is_further(found: &Value, told: &Value) -> bool {
    let open = |import: &Value| import["counts"]["not_processed"].as_u64();
    open(found) <= open(told) && (!ENDED.iter().any(|end| told["status"] == *end) || found == told)
}

#[test]
fn every_call_may_be_the_last_one_or_fail() {
    let traced = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    assert!(
        traced.is_ok_and(|traced| traced.status.success()),
        "strace is missing or not allowed here: install the Debian package strace (scripts/deps does), and let this \
         user trace its own processes"
    );
    let _turn = turn();
    let undisturbed = Undisturbed::new();
    let mut tried = 0;
    let mut try_it = |fault: &Fault| {
        tried += 1;
        survives(&undisturbed, fault).unwrap_or_else(|found| panic!("{fault:?}: {found}"))
    };
    if is_long() {
        // Until the call does not come so often, each of the first ones, then fewer; a part of them where fewer rounds
        // are asked for.
        let step = (300 / rounds(1, 300)).max(1);
        for (call, (what, lasting)) in CALLS.iter().flat_map(|call| FAULTS.map(|fault| (*call, fault))) {
            let mut k = 1;
            while try_it(&Fault { call, what, k, lasting }) {
                k += step.max(k / 16);
            }
        }
    } else {
        let mut draw = Draw::new(2);
        for call in CALLS {
            let (what, lasting) = *draw.of(&FAULTS);
            let most = if matches!(call, "pwrite64" | "write") { 24 } else { 5 };
            try_it(&Fault { call, what, k: 1 + draw.below(most), lasting });
            try_it(&Fault { call, what: "signal=SIGKILL", k: 1 + draw.below(most), lasting: "" });
        }
    }
    println!("{tried} faults of system calls survived");
}
