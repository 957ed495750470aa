//! Frozen processes, a database that goes away, a file that cannot grow, and two imports at once.

use std::process::{Command, Stdio};
use std::time::Duration;

use convoke_app::store::{Access, Value};
use convoke_testbed::postgres::{Options, Postgres};

use crate::dump::{assert_same, dump};
use crate::installation::{Engine, Installation, Template};
use crate::kills::{undisturbed, wait};

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

/// Waits until the import has committed a chunk, so that it is in the middle.
fn until_it_runs(installation: &Installation<'_>) {
    let store = installation.store(Access::Read);
    for _ in 0..2_000 {
        let sql = "SELECT count(*) FROM import_chunk WHERE workspace_id = $1 AND pass = 2";
        let rows = store.read(|r| r.query(sql, &[Value::Int(1)])).expect("read");
        if rows[0].int(0).expect("a number") > 3 {
            return;
        }
        wait(Duration::from_millis(5));
    }
    panic!("the import did not start");
}

#[test]
fn a_frozen_process_that_wakes_up_changes_nothing() {
    if convoke_testbed::is_quick() {
        return;
    }
    let template = Template::new(Engine::Postgres);
    let (wanted, _) = undisturbed(&template);
    let installation = template.copy();
    let frozen = installation.start_import();
    until_it_runs(&installation);
    signal(frozen.id(), "STOP");
    installation.finish();
    let before = dump(&installation);
    assert_same(&before, &wanted, "after another process took over");
    signal(frozen.id(), "CONT");
    let woken = frozen.wait_with_output().expect("it ends");
    assert_eq!(woken.status.code(), Some(3), "{}", String::from_utf8_lossy(&woken.stderr));
    assert_same(&dump(&installation), &wanted, "after the frozen process woke up");
}

#[test]
fn two_imports_with_the_same_people_at_once_both_complete() {
    if convoke_testbed::is_quick() {
        return;
    }
    let template = Template::new(Engine::Postgres);
    let installation = template.copy();
    let other = || {
        let mut command = installation.command();
        command.arg("import").arg(template.file("all.csv"));
        command.args(["--as", "advocates", "--policy", "company=overwrite", "--tag", "other", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
    };
    let (one, two) = (installation.start_import(), other());
    for child in [one, two] {
        let done = child.wait_with_output().expect("it ends");
        assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).expect("one JSON document");
        let counts = &report["counts"];
        let sum: i64 = ["created", "updated", "unchanged", "skipped", "failed"]
            .iter()
            .map(|name| counts[name].as_i64().expect("a number"))
            .sum();
        assert_eq!(sum, counts["total"].as_i64().expect("a number"), "{counts}");
        assert_eq!(counts["not_processed"], 0);
    }
    let store = installation.store(Access::Read);
    let count = |sql: &str| store.read(|r| r.query(sql, &[Value::Int(1)])).expect("read")[0].int(0).expect("a number");
    let people = count("SELECT count(*) FROM person WHERE workspace_id = $1");
    assert_eq!(people, count("SELECT count(DISTINCT identity) FROM person WHERE workspace_id = $1"));
    // Both imports reach every person of the file: nobody lost the tag of either.
    for tag in ["new", "other"] {
        let tagged = store
            .read(|r| {
                let sql = "SELECT count(*) FROM person_tag g JOIN tag t ON t.workspace_id = g.workspace_id AND t.id = g.tag_id \
                           WHERE g.workspace_id = $1 AND t.name = $2";
                r.query(sql, &[Value::Int(1), tag.into()])
            })
            .expect("read")[0]
            .int(0)
            .expect("a number");
        assert_eq!(tagged, people, "people with the tag {tag}");
    }
    // Every change raised the version of its person by one: none was lost under another.
    let lost = count(
        "SELECT count(*) FROM person p WHERE p.workspace_id = $1 AND p.version <> 1 + (SELECT count(*) FROM change c \
         WHERE c.workspace_id = p.workspace_id AND c.person_id = p.id \
         AND (c.fields - '+groups' - '+tags') <> '{}'::jsonb)",
    );
    assert_eq!(lost, 0, "people whose version does not match their journal");
}

#[test]
fn a_database_that_vanishes_in_mid_import_is_said_and_the_import_goes_on_later() {
    if convoke_testbed::is_quick() {
        return;
    }
    let template = Template::new(Engine::Postgres);
    let (wanted, _) = undisturbed(&template);
    let cluster = Postgres::start(&Options::durable());
    let dumped = Command::new("sh")
        .args([
            "-c",
            &format!("pg_dump '{}' | psql -qX -v ON_ERROR_STOP=1 '{}'", template.url(), cluster.url("postgres")),
        ])
        .stdout(Stdio::null())
        .status()
        .expect("pg_dump runs");
    assert!(dumped.success());
    let installation = template.copy_at(cluster.url("postgres"));
    let child = installation.start_import();
    until_it_runs(&installation);
    cluster.crash();
    let cut_off = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&cut_off.stderr).into_owned();
    assert_eq!(cut_off.status.code(), Some(3), "{said}");
    assert!(said.contains("the database cannot be reached"), "{said}");
    cluster.resume();
    installation.finish();
    assert_same(&dump(&installation), &wanted, "after the database came back");
}

#[test]
fn a_full_disk_pauses_the_import_and_loses_nothing() {
    let template = Template::new(Engine::Sqlite);
    let (wanted, _) = undisturbed(&template);
    let installation = template.copy();
    // A limit on the size of files stands for a disk without room: it needs no rights and no mount.
    let import = installation.import();
    let mut limited = Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 16000; exec \"$@\"", "bash"]);
    limited.arg(import.get_program()).args(import.get_args());
    let full = limited.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("bash runs");
    let said = String::from_utf8_lossy(&full.stderr).into_owned();
    assert_eq!(full.status.code(), Some(3), "{said}");
    assert!(said.contains("convoke imports resume") || said.contains("cannot"), "{said}");
    installation.finish();
    assert_same(&dump(&installation), &wanted, "after there was room again");
}
