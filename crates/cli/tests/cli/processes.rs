//! Several processes on one SQLite file, and processes that end in the middle.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::{Child, Command};

use convoke_testbed::people::Advocates;
use serde_json::json;

use crate::place::{Place, Ran};

/// An import that reads from a pipe: it holds the database until the pipe is closed.
struct Held {
    child: Child,
    pipe: File,
}

impl Held {
    fn start(place: &Place) -> Self {
        let made = Command::new("mkfifo").arg(place.path("pipe")).status().expect("mkfifo");
        assert!(made.success());
        let child = place.command(&["import", "pipe", "--as", "advocates", "--json"]).spawn().expect("started");
        // Opening waits until the child opens the other end, and by then it holds the database.
        let pipe = OpenOptions::new().write(true).open(place.path("pipe")).expect("a pipe");
        Self { child, pipe }
    }

    fn finish(mut self, rows: &str) -> Ran {
        self.pipe.write_all(rows.as_bytes()).expect("written");
        drop(self.pipe);
        Ran::of(&["import", "pipe"], self.child.wait_with_output().expect("ended"))
    }
}

#[test]
fn a_second_writer_says_who_writes_and_readers_are_not_disturbed() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    place.done(&["import", file, "--as", "advocates"]);
    let held = Held::start(&place);
    let number = held.child.id();
    let second = place.run(&["import", file, "--as", "advocates", "--json"]);
    assert_eq!(second.code, 3);
    second.says(&format!("another Convoke process (number {number}) is writing to convoke.db"));
    assert_eq!(second.json()["problem"]["code"], "database_locked");
    assert_eq!(place.people("advocates").len(), 1);
    assert_eq!(place.done(&["imports", "list", "--json"]).lines().len(), 1);
    place.done(&["people", "export", "--as", "advocates"]);
    place.done(&["backup", "copy"]);
    let first = held.finish("Name,Email\nBen,ben@example.com\n");
    assert_eq!((first.code, &first.json()["counts"]["created"]), (0, &json!(1)));
    assert_eq!(place.people("advocates").len(), 2);
}

#[test]
fn a_writer_that_was_killed_leaves_the_database_free() {
    let place = Place::new();
    let mut held = Held::start(&place);
    held.child.kill().expect("killed");
    held.child.wait().expect("ended");
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    place.done(&["import", file, "--as", "advocates"]);
}

/// Begins an import of these rows and dies behind its first commit.
fn cut_off(place: &Place, rows: u64) -> String {
    let mut file = File::create(place.path("advocates.csv")).expect("made");
    Advocates { clean: true, ..Advocates::new(rows) }.write(&mut file).expect("written");
    let mut command = place.command(&["import", "advocates.csv", "--as", "advocates", "--ignore-unknown"]);
    // An hour ago: its lease has run out.
    command.env("CONVOKE_CLOCK_FILE", place.path(place.file("clock", "-3600")));
    let died = command.env("CONVOKE_CRASH_AT", "after_commit").output().expect("the executable starts");
    assert_eq!(died.status.code(), None, "it died");
    let history = place.done(&["imports", "list", "--json"]).lines();
    history[0]["import"].as_str().expect("an id").to_owned()
}

#[test]
fn an_import_that_was_cut_off_is_told_at_the_next_command_and_resumed() {
    let place = Place::new();
    let id = cut_off(&place, 30_000);
    let told = place.done(&["groups", "add", "Launch"]);
    told.says(&format!("Import {id} (advocates.csv) was interrupted after "));
    told.says(&format!("of 30,000 rows. Continue it with: convoke imports resume {id}"));
    place.done(&["people", "list", "--as", "advocates"]).says("was interrupted after");
    let resumed = place.done(&["imports", "resume", &id, "--json"]);
    assert_eq!(resumed.stderr, "", "of this import it need not be said");
    let report = resumed.json();
    assert_eq!(report["status"], "completed");
    assert_eq!((&report["counts"]["total"], &report["counts"]["created"]), (&json!(30_000), &json!(30_000)));
    assert_eq!(place.people("advocates").len(), 30_000);
    assert_eq!(place.done(&["groups", "list"]).stderr, "");
    place.done(&["imports", "resume", &id]).says("is completed: there is nothing to resume");
}
