//! `--server`: the same commands on a server do what they do on a database, and end with the same exit codes.

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{Server, token};

/// Words with others behind them.
fn behind<'w>(words: &[&'w str], others: &[&'w str]) -> Vec<&'w str> {
    [words, others].concat()
}

#[test]
fn commands_on_a_server_do_what_they_do_on_a_database() {
    let (here, there) = (Place::new(), Place::new());
    let far = Place::new();
    for place in [&here, &there, &far] {
        place.file("list.csv", THREE_ADVOCATES);
    }
    for place in [&here, &there] {
        place.done(&["groups", "add", "Launch"]);
    }
    let key = token(&there, &["cli"]);
    let server = Server::start(&there);
    let at = ["--server", &server.address, "--token", &key];

    for words in [
        vec!["check", "list.csv", "--as", "advocates", "--rows", "rows.csv", "--errors", "errors.csv"],
        vec![
            "import",
            "list.csv",
            "--as",
            "advocate",
            "--group",
            "Launch",
            "--policy",
            "Title=overwrite",
            "--tag",
            "a=b",
        ],
        vec!["import", "list.csv", "--as", "advocates", "--max-failed", "0"],
        vec!["check", "list.csv", "--as", "prospects"],
    ] {
        let (code, ours) = here.json(&words);
        let (their_code, theirs) = far.json(&behind(&words, &at));
        assert_eq!(code, their_code, "{words:?}: {theirs}");
        for same in ["kind", "status", "record_type", "file", "counts", "credits", "issues_total", "issues"] {
            assert_eq!(ours[same], theirs[same], "{same} of {words:?}");
        }
        assert_eq!(ours["problem"]["code"], theirs["problem"]["code"], "{words:?}");
    }
    let text = |place: &Place, name: &str| std::fs::read_to_string(place.path(name)).expect("written");
    assert_eq!(text(&here, "errors.csv"), text(&far, "errors.csv"));
    assert_eq!(text(&here, "rows.csv").lines().count(), text(&far, "rows.csv").lines().count());

    let list = far.done(&behind(&["imports", "list", "--limit", "3", "--json"], &at)).lines();
    assert_eq!(list.len(), 3);
    let id = list[2]["import"].as_str().expect("an id").to_owned();
    let (code, shown) = far.json(&behind(&["imports", "show", &id], &at));
    assert_eq!((code, shown["status"].as_str()), (0, Some("completed")));
    assert_eq!(far.done(&behind(&["imports", "original", &id], &at)).stdout, THREE_ADVOCATES);
    let late = far.run(&behind(&["imports", "pause", &id], &at));
    assert_eq!(late.code, 2, "{late:?}");
    assert!(late.stderr.contains("cannot be paused"), "{late:?}");
    let read = far.done(&behind(&["imports", "report", &id], &at)).stdout;
    assert!(read.contains("email_invalid") && read.contains("Imported list.csv"), "{read}");
    // Nothing was made where the command ran.
    assert!(!far.path("convoke-data").exists());
}

#[test]
fn a_server_that_cannot_be_asked_is_named_with_what_to_do() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let import = ["import", "list.csv", "--as", "advocates"];
    for (words, code, said) in [
        (vec!["--server", "convoke.example.com", "--token", "x"], 2, "no address of a server"),
        (vec!["--server", "http://127.0.0.1:9"], 2, "A token is needed"),
        (vec!["--server", "http://127.0.0.1:9", "--token", "x"], 3, "cannot be reached"),
    ] {
        let failed = place.run(&behind(&import, &words));
        assert_eq!(failed.code, code, "{failed:?}");
        assert!(failed.stderr.contains(said), "{failed:?}");
    }
    let server = Server::start(&place);
    let at = ["--server", &server.address, "--token", "cvk_1_nobody"];
    let unknown = place.run(&behind(&["imports", "list"], &at));
    assert_eq!((unknown.code, unknown.stderr.contains("valid API token")), (2, true), "{unknown:?}");
    let local = place.run(&behind(&["migrate"], &at));
    assert_eq!((local.code, local.stderr.contains("not on a server")), (2, true), "{local:?}");
}
