//! Several processes on one SQLite file, and processes that end in the middle.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command};

use convoke_app::imports::{ImportOptions, Progress, Watch};
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::ImportKind;
use convoke_app::store::{Access, Address, Store};
use convoke_app::{Files, Limits, Workspace, WorkspaceChoice};
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

/// Lets the work stop as a crash would, in the middle of an import.
struct Dies;

impl Watch for Dies {
    fn progress(&mut self, _: Progress) {
        // Silently: a printed panic would look like a failed test.
        std::panic::resume_unwind(Box::new("the power went"));
    }
}

/// Begins an import of these rows in this process and leaves it without a word.
fn cut_off(place: &Place, rows: u64) -> String {
    let mut file = File::create(place.path("advocates.csv")).expect("made");
    Advocates { clean: true, ..Advocates::new(rows) }.write(&mut file).expect("written");
    let address = Address::Sqlite(place.path("convoke.db"));
    let store = Store::open(&address, Access::Write, || 1_700_000_000_000_000).expect("opened");
    let files = Files::new(place.path("convoke.db-files"));
    let choice = WorkspaceChoice::Only;
    let workspace = Workspace::open(store, files, Limits::default(), &choice, Access::Write).expect("a workspace");
    let options = ImportOptions::new(RecordType::Advocate);
    let mut options = options;
    options.choices.ignore_unknown = true;
    let prepared = workspace.prepare(&place.path("advocates.csv"), &options, ImportKind::Import).expect("prepared");
    let id = prepared.id.to_string();
    catch_unwind(AssertUnwindSafe(|| workspace.run(&prepared, &mut Dies))).expect_err("it died");
    id
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
