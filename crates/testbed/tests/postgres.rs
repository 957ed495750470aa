//! The temporary clusters keep their promises: databases are separate, addresses are understood,
//! nothing is left behind.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use convoke_testbed::is_quick;
use convoke_testbed::postgres::{Options, Postgres};
use postgres::{Client, NoTls};

#[test]
fn two_databases_are_separate() {
    if is_quick() {
        return;
    }
    let (one, other) = (Postgres::shared().database(), Postgres::shared().database());
    one.psql("CREATE TABLE seen (n int); INSERT INTO seen VALUES (1), (2)");
    assert_eq!(one.psql("SELECT count(*), max(n) FROM seen"), "2|2");
    assert_eq!(other.psql("SELECT to_regclass('seen') IS NULL"), "t");
}

#[test]
fn the_postgres_crate_understands_the_address() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let mut client = Client::connect(&database.url(), NoTls).expect("the address is right");
    let row = client.query_one("SELECT current_database()::text, current_setting('fsync')", &[]).unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, &str>(1)), (database.name(), "off"));
}

#[test]
fn a_database_is_dropped_under_an_open_connection() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let name = database.name().to_owned();
    let mut client = Client::connect(&database.url(), NoTls).unwrap();
    drop(database);
    assert!(client.query("SELECT 1", &[]).is_err());
    let left =
        Postgres::shared().psql("postgres", &format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
    assert_eq!(left, "0");
}

#[test]
fn committed_rows_survive_a_crash_of_a_durable_cluster() {
    if is_quick() {
        return;
    }
    let cluster = Postgres::start(&Options::durable().with("shared_buffers", "16MB"));
    let database = cluster.database();
    database.psql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    assert_eq!(database.psql("SHOW fsync"), "on");
    assert_eq!(database.psql("SHOW shared_buffers"), "16MB");
    cluster.restart_immediate();
    assert_eq!(database.psql("SELECT count(*) FROM kept"), "1000");
    cluster.stop();
    assert!(Client::connect(&database.url(), NoTls).is_err());
    cluster.resume();
    assert_eq!(database.psql("SELECT count(*) FROM kept"), "1000");
}

#[test]
fn a_dropped_cluster_leaves_no_files() {
    if is_quick() {
        return;
    }
    let cluster = Postgres::start(&Options::quick());
    let directory = cluster.socket_directory().to_owned();
    assert!(directory.join("data").exists());
    drop(cluster);
    assert!(!directory.exists());
}

#[test]
fn a_killed_process_leaves_no_cluster() {
    if is_quick() {
        return;
    }
    let mut process = Command::new(env!("CARGO_BIN_EXE_pg"))
        // The command lives on: it must not keep the watchdog waiting.
        .args(["--", "sh", "-c", r#"echo "$PGHOST"; exec cat"#])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let directory = PathBuf::from(lines.next().unwrap().unwrap());
    let postmaster = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
    let postmaster = Path::new("/proc").join(postmaster.lines().next().unwrap());
    assert!(is_running(&postmaster));

    // Keeps the command's standard input open beyond the end of its parent.
    let _stdin = process.stdin.take();
    process.kill().unwrap();
    process.wait().unwrap();
    eventually("the files are gone", || !directory.exists());
    assert!(!is_running(&postmaster));
}

/// A process that ended and that nobody waited for keeps its entry, but has no command line.
fn is_running(process: &Path) -> bool {
    fs::read(process.join("cmdline")).is_ok_and(|line| !line.is_empty())
}

#[test]
fn the_command_beside_a_cluster_decides_the_exit_code() {
    if is_quick() {
        return;
    }
    let status = Command::new(env!("CARGO_BIN_EXE_pg"))
        .args(["-c", "work_mem=5MB", "--", "sh", "-c"])
        .arg(r#"test -n "$CONVOKE_TEST_PG" && test -d "$PGHOST" && exit 7"#)
        .status();
    assert_eq!(status.unwrap().code(), Some(7));
}

/// Waits for what another process does, which nothing announces.
#[expect(clippy::disallowed_methods, reason = "polls for the end of a foreign process")]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_200 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("not within a minute: {what}");
}
