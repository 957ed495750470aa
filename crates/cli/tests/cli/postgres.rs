//! The same commands on PostgreSQL, and what can only be arranged there: a process that is told to stop in the middle.

use std::process::Command;

use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::json;

use crate::place::{Place, Ran, THREE_ADVOCATES};
use crate::serving::{Server, token};

#[test]
fn everything_works_on_postgresql_too() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    let early = place.run(&["people", "list", "--as", "advocates", "--json"]);
    assert_eq!(early.code, 3, "reading makes no tables");
    early.says("run `convoke migrate`");
    place.done(&["migrate"]).shows("applied migration");
    place.done(&["groups", "add", "Launch"]);
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (code, check) = place.json(&["check", file, "--as", "advocates", "--group", "launch"]);
    let (also, import) = place.json(&["import", file, "--as", "advocates", "--group", "launch", "--tag", "vip"]);
    assert_eq!((code, also), (1, 1));
    assert_eq!(check["counts"], import["counts"]);
    let (code, refused) = place.json(&["import", file, "--as", "advocates", "--max-failed", "0"]);
    assert_eq!((code, &refused["problem"]["code"]), (2, &json!("stop_rule")));
    let anna = place.person("advocates", "anna@example.com");
    assert_eq!((&anna["tags"], &anna["groups"][0]["name"]), (&json!(["vip"]), &json!("Launch")));
    place.done(&["people", "export", "--as", "advocates", "--out", "export.csv"]);
    let (code, again) = place.json(&["import", "export.csv", "--as", "advocates"]);
    assert_eq!((code, &again["counts"]["unchanged"]), (0, &json!(2)));
    let id = import["import"].as_str().expect("an id");
    assert_eq!(place.done(&["imports", "original", id]).stdout, THREE_ADVOCATES);
    assert!(place.path("convoke-data/files").is_dir());
    let backup = place.run(&["backup", "copy"]);
    assert_eq!(backup.code, 2);
    backup.says("Use pg_dump");
}

/// A lock that keeps an import waiting where it claims its job.
const GATE: &str = "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS \
                    $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$; \
                    CREATE TRIGGER gate BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION gate()";

/// Whether an import of this database waits at the gate.
const WAITING: &str = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                       WHERE l.locktype = 'advisory' AND l.objid = 7 AND NOT l.granted AND d.datname = current_database()";

#[test]
fn a_process_that_is_told_to_stop_pauses_its_import_and_says_how_to_go_on() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    place.done(&["migrate"]);
    database.psql(GATE);
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    let mut keeper = postgres::Client::connect(&database.url(), postgres::NoTls).expect("connected");
    keeper.query("SELECT pg_advisory_lock(7)", &[]).expect("locked");
    let child = place.command(&["import", file, "--as", "advocates", "--json"]).spawn().expect("started");
    while database.psql(WAITING) == "0" {}
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    // The signal is delivered before kill returns; only then may the import go on.
    keeper.query("SELECT pg_advisory_unlock(7)", &[]).expect("unlocked");
    let ran = Ran::of(&["import"], child.wait_with_output().expect("ended"));
    assert_eq!(ran.code, 3, "{ran:?}");
    let report = ran.json();
    let id = report["import"].as_str().expect("an id");
    assert_eq!((&report["status"], &report["counts"]["not_processed"]), (&json!("paused"), &json!(1)));
    ran.says(&format!("Continue it with: convoke imports resume {id}"));
    assert!(place.people("advocates").is_empty());
    let resumed = place.done(&["imports", "resume", id, "--json"]);
    assert_eq!((&resumed.json()["status"], place.people("advocates").len()), (&json!("completed"), 1));
}

#[test]
fn an_import_whose_process_is_gone_is_taken_over_when_its_lease_ran_out() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    place.done(&["migrate"]);
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    database.psql(GATE);
    let mut keeper = postgres::Client::connect(&database.url(), postgres::NoTls).expect("connected");
    keeper.query("SELECT pg_advisory_lock(7)", &[]).expect("locked");
    let mut child = place.command(&["import", file, "--as", "advocates"]).spawn().expect("started");
    while database.psql(WAITING) == "0" {}
    child.kill().expect("killed");
    child.wait().expect("ended");
    keeper.query("SELECT pg_advisory_unlock(7)", &[]).expect("unlocked");
    // As if the process had died a moment after its claim: its lease still runs.
    database.psql("DROP TRIGGER gate ON job");
    database.psql(
        "UPDATE job SET state = 6, fence = 1, lease_owner = 'process 1', \
         lease_until = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 1500000; \
         UPDATE import SET state = 6",
    );
    let id = place.done(&["imports", "list", "--json"]).lines()[0]["import"].as_str().expect("an id").to_owned();
    let resumed = place.done(&["imports", "resume", &id, "--json"]);
    resumed.says("Another process held this import: waiting");
    assert_eq!((&resumed.json()["status"], place.people("advocates").len()), (&json!("completed"), 1));
}

#[test]
fn two_servers_share_the_imports_and_one_goes_on_with_what_the_other_left() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    place.file("many.csv", people(60_000));
    let key = token(&place, &["test"]);
    let servers = [Server::start(&place), Server::start(&place)];
    // Made beside them: PostgreSQL has more than one writer.
    let late = token(&place, &["late"]);
    let imports: Vec<_> = (0..4)
        .map(|n| {
            let path = format!("/api/v1/imports?as=advocates&tag=T{n}");
            servers[n % 2].upload(&late, &path, &place, "many.csv").text("import")
        })
        .collect();
    let [first, second] = servers;
    first.kill();
    for import in &imports {
        let done = second.until(&key, import, &["completed"]);
        let counts = &done["counts"];
        let found = ["created", "updated", "unchanged"].map(|name| counts[name].as_u64().unwrap_or_default());
        assert_eq!(found.iter().sum::<u64>(), 60_000, "{done}");
    }
    assert_eq!(second.end().0, 0);
    assert_eq!(place.people("advocates").len(), 60_000);
}

fn people(many: u32) -> String {
    let rows = (0..many).map(|n| format!("Person {n},person.{n}@example.com\n"));
    "Name,Email\n".to_owned() + &rows.collect::<String>()
}
