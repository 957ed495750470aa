//! Backup and restore of a SQLite installation, and databases that cannot be used.

use serde_json::json;

use crate::place::{Place, THREE_ADVOCATES};

#[test]
fn a_backup_is_restored_with_people_history_and_originals() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (_, report) = place.json(&["import", file, "--as", "advocates"]);
    let id = report["import"].as_str().expect("an id");
    place.done(&["backup", "copy"]).says("Database and 1 uploaded file are copied to copy");
    let over = place.run(&["backup", "copy"]);
    assert_eq!(over.code, 2);
    over.says("copy is there already");
    let before = place.people("advocates");
    place.done(&["--db", "other/back.db", "restore", "copy"]);
    let after = place.done(&["--db", "other/back.db", "people", "list", "--as", "advocates", "--json"]).lines();
    assert_eq!(after, before);
    let original = place.done(&["--db", "other/back.db", "imports", "original", id]);
    assert_eq!(original.stdout, THREE_ADVOCATES);
    let onto = place.run(&["restore", "copy"]);
    assert_eq!(onto.code, 2);
    onto.says("a restore never writes over data");
    let nothing = place.run(&["--db", "third.db", "restore", "people.csv"]);
    assert_eq!(nothing.code, 2);
    nothing.says("is no backup");
}

#[test]
fn a_restore_refuses_the_log_of_an_older_database() {
    let place = Place::new();
    place.done(&["groups", "add", "Launch"]);
    place.done(&["backup", "copy"]);
    place.file("other.db-wal", "left behind");
    let ran = place.run(&["--db", "other.db", "restore", "copy"]);
    assert_eq!(ran.code, 2);
    ran.says("other.db-wal is there already");
    assert!(!place.path("other.db").exists());
}

#[test]
fn a_database_that_cannot_be_used_ends_with_3_and_a_problem() {
    let place = Place::new();
    place.file("notes.txt", "this is no database, but it is long enough to look like one".repeat(100));
    let file = place.file("people.csv", THREE_ADVOCATES);
    for (database, code) in [
        ("notes.txt", "database_damaged"),
        ("postgres://127.0.0.1:1/none?connect_timeout=2", "database_unavailable"),
        ("people.csv/x.db", "database_unavailable"),
    ] {
        let ran = place.run(&["--db", database, "import", file, "--as", "advocates", "--json"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        ran.says("error: ");
        let report = ran.json();
        assert_eq!((&report["status"], &report["problem"]["code"]), (&json!("failed"), &json!(code)));
        assert_eq!((&report["kind"], &report["record_type"]), (&json!("import"), &json!("advocate")));
    }
}

#[test]
fn a_full_disk_behind_stdout_is_told() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let place = Place::new();
    let output = place.command(&["template", "creators"]).stdout(full).output().expect("started");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"));
}

#[test]
fn a_reader_who_has_enough_is_no_error() {
    let place = Place::new();
    let rows: String = (0..20_000).map(|n| format!("Person {n},p{n}@example.com\n")).collect();
    let file = place.file("people.csv", format!("Name,Email\n{rows}"));
    place.done(&["import", file, "--as", "advocates"]);
    let mut child = place.command(&["people", "export", "--as", "advocates"]).spawn().expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
