//! The case suite. A folder `NAME/` beside this file is a case: `case.json` sets a workspace up and names the sentences
//! of `docs/cases.md` it proves, the CSV files are imported one after the other, `expected.json` says what becomes of
//! every row and of the people. Every import of every case is checked first, run, compared with its check, and played
//! backwards.
//!
//! `UPDATE_CASES=1` rewrites `expected.json`, `UPDATE_DOCS=1` the generated pages of `docs/`: read the difference.

mod case;
mod chunks;
mod directory;
mod elsewhere;
mod files;
mod files_back;
mod generated;
mod pages;
mod render;
mod tables;
mod world;

use std::fmt::Write as _;
use std::fs;

use case::Case;
use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::Value as Json;
use world::{Database, World};

/// Whether a variable asks for files to be rewritten.
#[expect(clippy::disallowed_methods, reason = "the switches of the tests themselves")]
fn is_asked(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

/// What became of a case: its imports in order, the people and the tags behind them.
fn play(case: &Case, database: &Database<'_>) -> Json {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut world = World::open(database, &case.name);
    case.set_up(folder.path(), &mut world);
    let files = case.files(folder.path());
    let imports: Vec<Json> = files.iter().map(|(file, options)| world.import(file, options).to_json(&world)).collect();
    let told = serde_json::json!({"imports": imports, "people": world.people(), "tags": world.tags()});
    // The same files a second time make nobody.
    for (file, options) in &files {
        let again = world.import(file, options);
        assert_eq!(again.created(), 0, "{}: a file imported again created somebody", case.name);
    }
    told
}

/// Plays every case and collects what differs from `expected.json`, so that one run shows all of it.
fn play_all(database: &Database<'_>, may_update: bool) {
    let mut differences = String::new();
    for case in Case::all() {
        let told = render::pretty(&play(&case, database));
        let path = case.folder.join("expected.json");
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if told == expected {
            continue;
        }
        if may_update && is_asked("UPDATE_CASES") {
            fs::write(&path, told).expect("the case can be written");
        } else {
            let _ = write!(differences, "{}:\n{}", case.name, render::difference(&expected, &told));
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

#[test]
fn every_case_does_on_sqlite_what_its_folder_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    play_all(&Database::Sqlite(folder.path()), true);
}

#[test]
fn every_case_does_the_same_on_postgresql() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let folder = tempfile::tempdir().expect("a temporary folder");
    play_all(&Database::Postgres(&database, folder.path()), false);
}
