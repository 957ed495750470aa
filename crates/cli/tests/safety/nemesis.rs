//! Four clients and a nemesis. The clients upload, check, correct, confirm, import, pause, resume, cancel, look and fetch;
//! the nemesis kills, freezes, restarts and cuts. Every call and every fault goes to a file, which `history.rs` judges.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use convoke_testbed::postgres::{Options, Postgres};
use serde_json::{Value, json};

use crate::effort::{Draw, now, rounds, turn, until, wait};
use crate::history::{Last, judge, known_imports};
use crate::http::{Answer, send};
use crate::people::mixed;
use crate::place::{Engine, Place};
use crate::server::{Server, signal};

/// A client waits for no answer longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// After the last fault everything has come to rest.
const REST: Duration = Duration::from_secs(60);

/// What clients and nemesis share.
struct Arena<'a> {
    place: &'a Place,
    /// Of two workspaces.
    tokens: [String; 2],
    /// Imports that a client of the other workspace may try.
    foreign: Mutex<Vec<String>>,
    addresses: Mutex<Vec<SocketAddr>>,
    history: Mutex<File>,
    is_over: AtomicBool,
    operations: AtomicU64,
    faults: AtomicU64,
}

/// Somebody who calls, in one of the workspaces.
struct Client {
    draw: Draw,
    workspace: usize,
}

impl Arena<'_> {
    fn note(&self, line: &Value) {
        writeln!(self.history.lock().expect("the history"), "{line}").expect("noted");
    }

    /// Calls any server, and notes call and answer.
    fn call(&self, draw: &mut Client, (method, path): (&str, &str), body: &[u8]) -> Option<Answer> {
        let Client { draw, workspace } = draw;
        let address = *draw.of(&self.addresses.lock().expect("the addresses"));
        let sent = now();
        let answer = send(address, &self.tokens[*workspace], (method, path), body, PATIENCE).ok();
        self.operations.fetch_add(1, Ordering::Relaxed);
        let is_upload = body.first().is_some_and(|first| *first != b'{');
        let is_file = path.contains("/files/");
        self.note(&json!({
            "client": format!("{:?}", std::thread::current().id()),
            "workspace": workspace,
            "sent": sent,
            "answered": now(),
            "method": method,
            "path": path,
            "status": answer.as_ref().map(|answer| answer.status),
            "sha256": is_upload.then(|| digest(body)),
            "body": answer.as_ref().filter(|_| !is_file).map(Answer::json),
            "fetched": answer.as_ref().filter(|answer| is_file && answer.is_done()).map(|answer| digest(&answer.body)),
        }));
        answer.filter(Answer::is_done)
    }

    fn client(&self, mut client: Client) {
        let mut mine: Vec<String> = Vec::new();
        while !self.is_over.load(Ordering::Relaxed) {
            let draw = &mut client.draw;
            wait(Duration::from_millis(draw.below(30)));
            let list = mixed(draw.below(20) * 500, 200 + draw.below(3_000) * draw.below(8));
            let what = draw.below(11);
            match what {
                0 => {
                    let path = "/api/v1/imports?as=advocates&name=one.csv";
                    mine.extend(self.call(&mut client, ("POST", path), &list).map(|answer| answer.says("import")));
                }
                1 => mine.extend(self.draft(&mut client, &list)),
                _ => {
                    let known = if what == 10 { self.foreign.lock().expect("imports").clone() } else { mine.clone() };
                    if !known.is_empty() {
                        self.ask_about(&mut client, &known, what);
                    }
                }
            }
            if client.workspace == 0 {
                self.foreign.lock().expect("imports").clone_from(&mine);
            }
            // The youngest are where something happens.
            if mine.len() > 4 {
                mine.remove(0);
            }
        }
    }

    /// Asks for something about an import, or looks at it.
    fn ask_about(&self, client: &mut Client, known: &[String], what: u64) {
        let import = client.draw.of(known).clone();
        let (method, rest) = match what {
            2..=5 => ("POST", *client.draw.of(&["/pause", "/resume", "/resume", "/cancel"])),
            6 => ("GET", *client.draw.of(&["/files/original", "/files/original", "/report"])),
            _ => ("GET", ""),
        };
        self.call(client, (method, &format!("/api/v1/imports/{import}{rest}")), b"");
    }

    /// A draft on its way to an import, as far as it comes.
    fn draft(&self, client: &mut Client, list: &[u8]) -> Option<String> {
        let draft = self.call(client, ("POST", "/api/v1/drafts?as=advocates&name=draft.csv"), list)?;
        let import = draft.json()["import"]["import"].as_str()?.to_owned();
        let path = |rest: &str| format!("/api/v1/imports/{import}{rest}");
        if client.draw.below(2) == 0 {
            let correction =
                json!({"row": 2 + client.draw.below(100), "column": "Title", "value": "Corrected"}).to_string();
            self.call(client, ("POST", &path("/corrections")), correction.as_bytes());
        }
        let began = Instant::now();
        while began.elapsed() < PATIENCE && !self.is_over.load(Ordering::Relaxed) {
            let shown = self.call(client, ("GET", &path("")), b"");
            match shown.map(|shown| (shown.says("status"), shown.says("plan"))) {
                Some((status, _)) if status == "draft" => drop(self.call(client, ("POST", &path("/check")), b"")),
                Some((status, plan)) if status == "ready" => {
                    let body =
                        json!({"plan": plan, "on_drift": client.draw.of(&["name", "name", "pause"])}).to_string();
                    if self.call(client, ("POST", &path("/confirm")), body.as_bytes()).is_some() {
                        break;
                    }
                }
                Some((status, _)) if status != "checking" => break,
                _ => wait(Duration::from_millis(client.draw.below(60))),
            }
        }
        Some(import)
    }

    fn fault(&self, what: &str) {
        self.faults.fetch_add(1, Ordering::Relaxed);
        self.note(&json!({"fault": what, "at": now()}));
    }

    /// Does harm until the time is over; the servers are whole then.
    fn nemesis(&self, mut draw: Draw, servers: &mut [Server], cluster: Option<&Postgres>, lasting: Duration) {
        let began = Instant::now();
        while began.elapsed() < lasting {
            wait(Duration::from_millis(200 + draw.below(1_800)));
            let at = draw.below(servers.len() as u64) as usize;
            match (draw.below(6), cluster) {
                (0, Some(cluster)) => {
                    self.fault("restart of PostgreSQL");
                    cluster.restart_immediate();
                    servers[at].is_healthy();
                }
                (1, Some(_)) => {
                    self.fault("cut of all connections");
                    self.place.sql(
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    );
                    servers[at].is_healthy();
                }
                (2 | 3, _) => {
                    self.fault("freeze");
                    servers[at].signal("STOP");
                    // Longer than a lease, now and then.
                    let long = if draw.below(4) == 0 { 7_000 } else { 1_000 };
                    wait(Duration::from_millis(draw.below(long)));
                    servers[at].signal("CONT");
                }
                (4, _) => {
                    self.fault("SIGTERM");
                    servers[at].signal("TERM");
                    servers[at].ended(Duration::from_secs(15));
                    self.replace(&mut servers[at], at);
                }
                _ => {
                    self.fault("kill -9");
                    signal(servers[at].id(), "KILL");
                    servers[at].ended(Duration::from_secs(10));
                    self.replace(&mut servers[at], at);
                }
            }
        }
    }

    fn replace(&self, server: &mut Server, at: usize) {
        *server = Server::start(self.place);
        self.addresses.lock().expect("the addresses")[at] = server.address;
    }
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn battle(engine: Engine) {
    let _turn = turn();
    let lasting = Duration::from_secs(rounds(10, 600));
    let cluster = (engine == Engine::Postgres).then(|| Postgres::start(&Options::durable()));
    let place = match &cluster {
        Some(cluster) => Place::at(&cluster.url("postgres")),
        None => Place::new(engine),
    };
    place.watch_imports();
    let other = place.done(&["token", "create", "other", "--workspace", "Other"]).trim().to_owned();
    // A file of SQLite has one server; PostgreSQL several.
    let mut servers: Vec<_> = (0..if cluster.is_some() { 2 } else { 1 }).map(|_| Server::start(&place)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.jsonl");
    let arena = Arena {
        place: &place,
        tokens: [place.token.clone(), other],
        foreign: Mutex::default(),
        addresses: Mutex::new(servers.iter().map(|server| server.address).collect()),
        history: Mutex::new(File::create(&path).expect("a file")),
        is_over: AtomicBool::new(false),
        operations: AtomicU64::new(0),
        faults: AtomicU64::new(0),
    };
    std::thread::scope(|scope| {
        let arena = &arena;
        for seed in 0..4 {
            let client = Client { draw: Draw::new(seed), workspace: usize::from(seed == 3) };
            scope.spawn(move || arena.client(client));
        }
        let nemesis = std::panic::AssertUnwindSafe(|| {
            arena.nemesis(Draw::new(99), &mut servers, cluster.as_ref(), lasting);
        });
        let ended = std::panic::catch_unwind(nemesis);
        arena.is_over.store(true, Ordering::Relaxed);
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
    rest(&place, &servers[0]);
    let text = std::fs::read_to_string(&path).expect("the history");
    let originals = originals(servers[0].address, &arena.tokens, &text);
    let verdict = judge(&text, &place, &originals);
    let (operations, faults) = (arena.operations.into_inner(), arena.faults.into_inner());
    let imports = originals.len();
    println!("{engine:?}: {operations} operations on {imports} imports, {faults} faults: {} violations", verdict.len());
    if !verdict.is_empty() {
        let kept = folder.keep();
        let logs: Vec<_> = servers.iter().map(Server::log).collect();
        panic!("{} has the history; {verdict:#?}\n{logs:#?}", kept.display());
    }
}

/// Everything is ended, or rests because somebody must decide.
fn rest(place: &Place, server: &Server) {
    let busy = "SELECT count(*) FROM import WHERE state IN (3, 5, 6)";
    until("every import has come to rest", REST, || {
        wait(Duration::from_millis(200));
        (place.sql(busy) == "0").then_some(())
    });
    until("the server is ready", Duration::from_secs(5), || {
        server.ask("GET", "/ready", b"").filter(|answer| answer.status == 200)
    });
}

/// All imports and the digests of their originals, as their own workspace sees them at the end.
fn originals(address: SocketAddr, tokens: &[String; 2], history: &str) -> Vec<Last> {
    let fetch = |(import, workspace): (String, usize)| {
        let get = |path: String| send(address, &tokens[workspace], ("GET", &path), b"", PATIENCE).ok();
        let original = get(format!("/api/v1/imports/{import}/files/original")).filter(Answer::is_done);
        let shown = get(format!("/api/v1/imports/{import}")).filter(Answer::is_done);
        let (digest, shown) = (original.map(|original| digest(&original.body)), shown.map(|shown| shown.json()));
        Last { import, workspace, digest, shown: shown.unwrap_or_default() }
    };
    known_imports(history).into_iter().map(fetch).collect()
}

#[test]
fn sqlite_keeps_every_promise_under_four_clients_and_a_nemesis() {
    battle(Engine::Sqlite);
}

#[test]
fn postgres_keeps_every_promise_under_four_clients_and_a_nemesis() {
    if !convoke_testbed::is_quick() {
        battle(Engine::Postgres);
    }
}
