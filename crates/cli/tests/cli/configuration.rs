//! The configuration: file, environment, flags, and what is said about what cannot be used.

use crate::place::{Place, THREE_ADVOCATES};

#[test]
fn the_file_of_the_folder_is_read_and_flags_win_over_it() {
    let place = Place::new();
    place.file("convoke.toml", "[limits]\nrows = 2\n");
    place.file("list.csv", THREE_ADVOCATES);
    let refused = place.run(&["import", "list.csv", "--as", "advocates"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    refused.says("the limit for advocates is 2");
    let imported = place.run(&["import", "list.csv", "--as", "advocates", "--max-rows", "3"]);
    assert_eq!(imported.code, 1, "{imported:?}");
}

#[test]
fn the_settings_are_printed_with_who_says_them_and_without_secrets() {
    let place = Place::new();
    place.file("c.toml", "listen = \"127.0.0.1:1234\"\n\n[files]\naccess_key_id = \"AKID\"\n");
    let mut command = place.command(&["config", "--config", "c.toml", "--files", "elsewhere"]);
    command
        .env("CONVOKE_FILES_SECRET_ACCESS_KEY", "hunter2")
        .env("CONVOKE_DB", "postgres://me:hunter2@db.example.com/x");
    let output = command.output().expect("started");
    let text = String::from_utf8(output.stdout).expect("text");
    for said in ["c.toml, line 1", "c.toml, line 4", "CONVOKE_FILES_SECRET_ACCESS_KEY", "--files", "elsewhere", "***"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("postgres://...@db.example.com/x") && !text.contains("hunter2"), "{text}");
}

#[test]
fn what_cannot_be_used_ends_every_command_with_its_place() {
    let place = Place::new();
    place.file("convoke.toml", "wokers = 3\n");
    let wrong = place.run(&["people", "list", "--as", "advocates"]);
    assert_eq!(wrong.code, 2);
    wrong.says("convoke.toml, line 1: wokers is no setting");
    let missing = place.run(&["config", "--config", "nowhere.toml"]);
    assert_eq!(missing.code, 2);
    missing.says("nowhere.toml");
}

#[test]
fn a_hint_repeats_the_configuration_that_was_typed() {
    let place = Place::new();
    place.file("c.toml", "db = \"own.db\"\n");
    place.file("list.csv", "Name,Mail\nAnna,anna@example.com\n");
    let mut command = place.command(&["import", "list.csv", "--as", "advocates", "--config", "c.toml"]);
    command.env_remove("CONVOKE_DB");
    let output = command.output().expect("started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(place.path("own.db").exists(), "{said}");
}
