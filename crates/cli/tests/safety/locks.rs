//! Locks that others hold, people that two imports write in opposite order, connections that are used up, transactions that
//! cannot be serialised: no row fails for it, and everything goes on by itself when it is over.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use convoke_testbed::postgres::{Options, Postgres};

use crate::effort::{is_long, turn, until, wait};
use crate::judge::{Table, adds_up, judge_witness};
use crate::people::list;
use crate::place::{Engine, Holding, Place, engines};
use crate::server::Server;

/// Longer than the store waits for a lock: of PostgreSQL once, of SQLite twice, because there the lease cannot be renewed
/// meanwhile either.
fn held_time(engine: Engine) -> Duration {
    let seconds = if engine == Engine::Sqlite { 11 } else { 6 };
    Duration::from_secs(if is_long() { 30 } else { seconds })
}

/// After the last fault everything goes on.
const SOON: Duration = Duration::from_secs(60);

/// People `0..many` with another title, from the first to the last or back.
fn retitled(title: &str, many: u64, is_backwards: bool) -> Vec<u8> {
    let mut body = "Name,Email,Title\n".to_owned();
    for n in 0..many {
        let n = if is_backwards { many - 1 - n } else { n };
        let _ = writeln!(body, "Person {n},person.{n}@example.com,{title}");
    }
    body.into_bytes()
}

/// Imports people whose titles are written whatever is there.
#[track_caller]
fn overwrite(server: &Server, body: &[u8]) -> String {
    let answer = server.post("/api/v1/imports?as=advocates&name=list.csv&policy=title%3Doverwrite", body);
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.says("import")
}

#[track_caller]
fn completes(server: &Server, import: &str, total: u64) {
    let done = until(&format!("{import} completes"), SOON, || {
        let shown = server.shown(import);
        let rests = ["completed", "paused", "failed"].iter().any(|state| shown["status"] == *state);
        rests.then_some(shown)
    });
    assert_eq!(done["status"], "completed", "{done}\n{:#?}", server.log());
    assert_eq!((done["counts"]["total"].as_u64(), done["counts"]["failed"].as_u64()), (Some(total), Some(0)), "{done}");
    assert_eq!(adds_up(&done), Ok(()));
}

fn beside_a_lock(engine: Engine) {
    let place = Place::new(engine);
    place.watch_imports();
    let server = Server::start(&place);
    let rows = 20_000;
    let first = server.import(&list(0, rows));
    completes(&server, &first, rows);
    // SQLite has one lock for all; of PostgreSQL the rows that the import will write.
    let lock = match engine {
        Engine::Sqlite => "BEGIN IMMEDIATE;",
        Engine::Postgres => {
            "BEGIN; SELECT count(*) FROM (SELECT id FROM person WHERE id % 100 = 7 FOR UPDATE) AS held;"
        }
    };
    let import = overwrite(&server, &retitled("Locked", rows, false));
    let held = place.holding(lock);
    let began = Instant::now();
    while began.elapsed() < held_time(engine) {
        server.is_healthy();
        let shown = server.shown(&import);
        assert_ne!(shown["status"], "failed", "{shown}");
        wait(Duration::from_millis(300));
    }
    drop(held);
    completes(&server, &import, rows);
    let people = place.people();
    let other = people.iter().find(|person| person["title"] != "Locked" && person["fields"]["title"] != "Locked");
    assert_eq!((people.len() as u64, other), (rows, None), "everybody was written");
    assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?}");
}

#[test]
fn sqlite_locked_by_somebody_else_delays_an_import_and_fails_no_row() {
    let _turn = turn();
    beside_a_lock(Engine::Sqlite);
}

#[test]
fn postgres_rows_locked_by_somebody_else_delay_an_import_and_fail_no_row() {
    if !convoke_testbed::is_quick() {
        let _turn = turn();
        beside_a_lock(Engine::Postgres);
    }
}

#[test]
fn two_imports_of_the_same_people_in_opposite_order_both_complete() {
    for engine in engines() {
        let place = Place::new(engine);
        let server = Server::start(&place);
        let rows = if is_long() { 50_000 } else { 11_000 };
        let first = server.import(&list(0, rows));
        completes(&server, &first, rows);
        let ways = [("Down", false), ("Up", true), ("Down again", false), ("Up again", true)];
        let imports = ways.map(|(title, is_backwards)| overwrite(&server, &retitled(title, rows, is_backwards)));
        for import in &imports {
            completes(&server, import, rows);
        }
        assert_eq!(place.people().len() as u64, rows);
    }
}

#[test]
fn transactions_that_cannot_be_serialised_are_tried_again() {
    if convoke_testbed::is_quick() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let server = Server::start(&place);
    // Every statement is refused three times, as PostgreSQL refuses what it cannot serialise, and what would wait for itself.
    for (code, table) in [("40001", "person"), ("40P01", "import_chunk")] {
        place.sql(&format!(
            "CREATE SEQUENCE tries_{table}; CREATE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF nextval('tries_{table}') <= 3 THEN RAISE EXCEPTION 'not now' USING ERRCODE = '{code}'; END IF; \
             RETURN NULL; END $$; CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse_{table}()"
        ));
    }
    let import = server.import(&list(0, 12_000));
    completes(&server, &import, 12_000);
    assert_eq!(place.people().len(), 12_000);
}

#[test]
fn connections_that_are_used_up_delay_an_import_and_others_are_served_afterwards() {
    if convoke_testbed::is_quick() {
        return;
    }
    let few = Options::quick().with("max_connections", "12").with("superuser_reserved_connections", "0");
    let cluster = Postgres::start(&few);
    let place = Place::at(&cluster.url("postgres"));
    let server = Server::start(&place);
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'";
    let mut greedy: Vec<Holding> = Vec::new();
    let taken: usize = place.sql(sessions).parse().expect("a number");
    greedy.extend((taken..12).map(|_| place.holding("")));
    // What the server has it may use: whoever needs one more waits, or is told.
    let uploaded = server.post("/api/v1/imports?as=advocates&name=list.csv", &list(0, 30_000));
    let refused = server.get("/api/v1/imports");
    for answer in [&uploaded, &refused] {
        assert!(answer.is_done() || answer.status == 503, "{}", answer.text());
    }
    server.is_healthy();
    wait(Duration::from_secs(3));
    server.is_healthy();
    drop(greedy);
    let import = if uploaded.is_done() { uploaded.says("import") } else { server.import(&list(0, 30_000)) };
    completes(&server, &import, 30_000);
    assert_eq!(server.get("/ready").status, 200);
}
