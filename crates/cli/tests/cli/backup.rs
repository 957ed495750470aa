//! Backup and restore of a SQLite installation, and databases that cannot be used.

use convoke_testbed::s3::S3;
use serde_json::json;

use crate::operating::bucket;
use crate::place::{Place, Ran, THREE_ADVOCATES};
use crate::serving::{Server, token};

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

/// Runs the executable with these variables.
fn with(place: &Place, variables: &[(&'static str, String)], words: &[&str]) -> Ran {
    let mut command = place.command(words);
    command.envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
    Ran::of(words, command.output().expect("started"))
}

#[test]
fn a_backup_holds_the_files_of_a_bucket_and_puts_back_those_that_are_gone() {
    let (place, storage, elsewhere) = (Place::new(), S3::start(), S3::start());
    let (here, there) = (bucket(&storage), bucket(&elsewhere));
    let file = place.file("people.csv", THREE_ADVOCATES);
    let report = with(&place, &here, &["import", file, "--as", "advocates", "--json"]).json();
    let id = report["import"].as_str().expect("an id");
    with(&place, &here, &["backup", "copy"]).says("Database and 1 uploaded file are copied to copy");
    with(&place, &here, &["backup", "alone", "--without-files"]).says("stay in s3://uploads/convoke");

    // Into another bucket, which has nothing yet; and once more into the same, which has it all.
    for (database, variables) in [("other.db", &there), ("same.db", &here)] {
        let restored = with(&place, variables, &["--db", database, "restore", "copy"]);
        assert_eq!(restored.code, 0, "{restored:?}");
        restored.says("and 1 uploaded file are restored from copy");
        let original = with(&place, variables, &["--db", database, "imports", "original", id]);
        assert_eq!(original.stdout, THREE_ADVOCATES);
    }
    assert_eq!((storage.objects().len(), elsewhere.objects().len()), (1, 1));
    let alone = with(&place, &there, &["--db", "alone.db", "restore", "alone"]);
    assert_eq!(alone.code, 0, "{alone:?}");
    alone.says("1 uploaded file are in s3://uploads/convoke as they were");

    // A bucket that lost a file, or has another one in its place.
    let object = &elsewhere.objects()[0];
    std::fs::write(object, "another").expect("written");
    let onto = with(&place, &there, &["--db", "onto.db", "restore", "copy"]);
    assert_eq!((onto.code, place.path("onto.db").exists()), (2, false), "{onto:?}");
    onto.says("a restore never writes over data");
    let late = with(&place, &there, &["--db", "other.db", "backup", "late"]);
    assert_eq!(late.code, 3, "{late:?}");
    late.says("1 file is missing or damaged");
    std::fs::remove_file(object).expect("removed");
    let alone = with(&place, &there, &["--db", "late.db", "restore", "alone"]);
    assert_eq!((alone.code, place.path("late.db").exists()), (3, true), "{alone:?}");
    alone.says("1 file is missing or damaged");
    assert_eq!(with(&place, &there, &["--db", "last.db", "restore", "copy"]).code, 0);
    // A storage that is away is no reason for half a backup.
    elsewhere.refuse(true);
    let away = with(&place, &there, &["--db", "last.db", "backup", "away"]);
    assert_eq!(
        (away.code, place.path("away").exists(), place.path("away.part").exists()),
        (3, false, false),
        "{away:?}"
    );
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_written() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    assert_eq!(place.run(&["import", file, "--as", "advocates"]).code, 1);
    place.done(&["backup", "copy"]);
    let key = std::fs::read_dir(place.path("copy/files/1")).expect("files").flatten().next().expect("one").path();
    let (file, database) =
        (std::fs::read(&key).expect("read"), std::fs::read(place.path("copy/convoke.db")).expect("read"));
    let refused = |said: &str| {
        let ran = place.run(&["--db", "new/back.db", "restore", "copy"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(said);
        assert!(!place.path("new").exists(), "nothing was written");
    };
    std::fs::write(&key, "Name,Email\nEve,eve@example.com\n").expect("written");
    refused("is damaged: it is not as the backup wrote it");
    std::fs::write(&key, &file).expect("written");
    let mut bent = database.clone();
    bent[5_000] ^= 1;
    std::fs::write(place.path("copy/convoke.db"), bent).expect("written");
    refused("convoke.db is damaged");
    std::fs::write(place.path("copy/convoke.db"), database).expect("written");
    std::fs::rename(place.path("copy/manifest.json"), place.path("kept.json")).expect("moved");
    refused("it holds no manifest.json");
    std::fs::rename(place.path("kept.json"), place.path("copy/manifest.json")).expect("moved");
    // What a restore that was cut off has put back is taken as it is; what is somebody else's is not touched.
    std::fs::create_dir_all(place.path("new/back.db-files/1")).expect("made");
    let put_back = place.path("new/back.db-files/1").join(key.file_name().expect("a name"));
    std::fs::write(put_back.with_file_name("strange"), "somebody's").expect("written");
    let strange = place.run(&["--db", "new/back.db", "restore", "copy"]);
    assert_eq!(strange.code, 2, "{strange:?}");
    std::fs::rename(put_back.with_file_name("strange"), put_back.with_extension("part")).expect("moved");
    std::fs::write(&put_back, &file).expect("written");
    place.done(&["--db", "new/back.db", "restore", "copy"]).says("and 1 uploaded file are restored");
}

#[test]
fn a_backup_taken_while_an_import_runs_is_sound_and_goes_on() {
    // So many that it is at work for a while; who has the tag is counted without listing them.
    const ROWS: u64 = 600_000;
    let place = Place::new();
    let key = token(&place, &["cli"]);
    let rows: String = (0..ROWS).map(|n| format!("Person {n},p{n}@example.com\n")).collect();
    let file = place.file("people.csv", format!("Name,Email\n{rows}"));
    let server = Server::start(&place);
    let id = server.upload(&key, "/api/v1/imports?as=advocates&tag=all", &place, file).text("import");
    let began = loop {
        let import = server.get(&key, &format!("/api/v1/imports/{id}")).json();
        if import["counts"]["created"].as_u64() > Some(0) {
            break import;
        }
    };
    // It is at work whenever it is stopped here, perhaps in the middle of a transaction.
    server.freeze(true);
    assert_eq!(began["status"], "running", "{began}");
    place.done(&["backup", "copy"]);
    server.kill();
    let there = ["--db", "other/back.db"];
    place.done(&[&there[..], &["restore", "copy"]].concat());
    let of = |words: &[&str]| place.done(&[&there[..], words].concat()).json();
    let then = of(&["imports", "show", &id, "--json"]);
    let created = then["counts"]["created"].as_u64().expect("a number");
    assert!((1..ROWS).contains(&created) && then["status"] == "running", "it was under way: {then}");
    assert_eq!(of(&["tags", "list", "--json"])["people"], created);
    let resumed = of(&["imports", "resume", &id, "--json"]);
    assert_eq!((&resumed["status"], &resumed["counts"]["created"]), (&json!("completed"), &json!(ROWS)), "{resumed}");
    assert_eq!(of(&["tags", "list", "--json"])["people"], ROWS);
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
