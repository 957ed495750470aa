//! `--server`: the same commands on a server do what they do on a database, and end with the same exit codes.

use crate::place::{Place, Ran, THREE_ADVOCATES};
use crate::serving::{Server, full_token, token};

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
    // A hint calls options as whoever asked calls them.
    for place in [&here, &far] {
        place.file("unknown.csv", "Name,Email,Shoe size\nAnna Lee,anna@example.com,38\n");
    }
    let refused = ["check", "unknown.csv", "--as", "advocates"];
    let hint = |ran: Ran| ran.stderr.lines().find(|line| line.starts_with("hint: ")).expect("a hint").to_owned();
    let (ours, theirs) = (hint(here.run(&refused)), hint(far.run(&behind(&refused, &at))));
    assert_eq!((ours.contains("--ignore-unknown"), &ours), (true, &theirs));
    let told = server.upload(&key, "/api/v1/checks?as=advocates", &far, "unknown.csv").text("hint");
    assert!(told.contains("`ignore_unknown`") && !told.contains("--"), "{told}");
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
}

/// What differs from database to database: ids.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 17 && word.as_bytes()[3] == b'_';
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let known =
        words.map(|word| if is_id(word.trim_end_matches(|c: char| !c.is_alphanumeric())) { "ID" } else { word });
    known.collect()
}

/// What makes and removes, and what is refused.
const MADE: &[&[&str]] = &[
    &["groups", "list"],
    &["groups", "add", " Launch ", "--code", "launch-1", "--description", "Those of the first day"],
    &["groups", "add", "launch"],
    &["groups", "add", "Lunch", "--code", "no code"],
    &["groups", "add", "Lunch", "--json"],
    &["groups", "remove", "Dinner"],
    &["fields", "add", "Tier", "--as", "advocates", "--type", "single_select", "--option", "Gold", "--shown"],
    &["fields", "add", "Size", "--as", "prospects", "--type", "number", "--json"],
    &["fields", "add", "tier", "--as", "advocates"],
    &["fields", "add", "Colour", "--as", "advocates", "--type", "single_select"],
    &["mappings", "list"],
    &["mappings", "add", "CRM", "--as", "advocates", "--map", "Work mail=email", "--ignore", "Age"],
    &["mappings", "add", "crm", "--as", "advocates", "--map", "Mail=email", "--ignore-unknown"],
    &["mappings", "add", "CRM", "--as", "prospects", "--map", "Mail=nothing"],
    &["mappings", "add", "CRM", "--as", "creators", "--ignore-unknown"],
    &["mappings", "add", "Empty", "--as", "creators"],
    &["tags", "list"],
    &["people", "list", "--as", "advocates"],
    &["member", "list"],
];

/// What only looks.
const SHOWN: &[&[&str]] = &[
    &["groups", "list"],
    &["groups", "list", "--json"],
    &["fields", "list"],
    &["fields", "list", "--as", "prospects", "--json"],
    &["tags", "list"],
    &["tags", "list", "--json"],
    &["mappings", "list"],
    &["mappings", "list", "--json"],
    &["people", "list", "--as", "advocates"],
    &["people", "list", "--as", "creators"],
    &["people", "list", "--as", "creators", "--limit", "1"],
    &["people", "export", "--as", "advocates"],
    &["template", "advocates"],
    &["workspace", "show"],
    &["workspace", "show", "--json"],
    &["workspace", "list"],
    &["workspace", "list", "--json"],
];

/// What goes again.
const REMOVED: &[&[&str]] = &[
    &["groups", "remove", "LAUNCH"],
    &["mappings", "remove", "Crm", "--as", "advocates"],
    &["mappings", "remove", "Crm", "--as", "advocates"],
    &["groups", "list"],
    &["mappings", "list"],
];

#[test]
fn what_belongs_to_a_workspace_is_made_removed_and_told_alike_on_both() {
    let (here, there, far) = (Place::new(), Place::new(), Place::new());
    // Whoever asks first for nothing is told so on both.
    for place in [&here, &there] {
        place.file(
            "people.csv",
            "Name,Email,Tags,Tier\nAnna Lee,anna@example.com,vip,Gold\nBen Ito,ben@example.com,,\n",
        );
        place.file("creators.csv", "Platform,Handle,Followers\nInstagram,Anna.Lee,1200\nTikTok,@ben,5K\n");
        place.done(&["fields", "add", "First", "--as", "advocates"]);
    }
    let key = full_token(&there);
    let server = Server::start(&there);
    let at = ["--server", &server.address, "--token", &key];
    let same = |words: &[&str]| {
        let (ours, theirs) = (here.run(words), far.run(&behind(words, &at)));
        // A command that is named is to be asked of the same server.
        let aside = format!(" --server {}", server.address);
        let told = |ran: &Ran| (ran.code, without_ids(&ran.stdout), without_ids(&ran.stderr.replace(&aside, "")));
        assert_eq!(told(&ours), told(&theirs), "{words:?}");
    };
    for words in MADE {
        same(words);
    }
    // The file itself is the server's; what follows only looks.
    for place in [&here, &far] {
        place.file("people.csv", there.read("people.csv"));
        place.file("creators.csv", there.read("creators.csv"));
    }
    for (file, of) in [("people.csv", "advocates"), ("creators.csv", "creators")] {
        let import = ["import", file, "--as", of, "--group", "Launch"];
        assert_eq!([here.run(&import).code, far.run(&behind(&import, &at)).code], [0, 0]);
    }
    for words in SHOWN {
        same(words);
    }
    // Times differ between two databases; of one they are the same.
    for words in [
        &["people", "list", "--as", "advocates", "--json"][..],
        &["people", "list", "--as", "creators", "--json", "--limit", "1"],
    ] {
        assert_eq!(there.done(words).stdout, far.done(&behind(words, &at)).stdout);
    }
    for words in REMOVED {
        same(words);
    }
    assert!(!far.path("convoke-data").exists() && !far.path("convoke.db").exists(), "all of it was done there");
}

#[test]
fn what_makes_no_sense_on_a_server_is_refused_with_the_reason() {
    let place = Place::new();
    let at = ["--server", "http://127.0.0.1:9", "--token", "x"];
    for (words, why) in [
        (&["migrate"][..], "a server brings its own up to date"),
        (&["backup", "copy"], "where the database is"),
        (&["restore", "copy"], "before the server starts"),
        (&["serve"], "it is a server itself"),
        (&["worker"], "beside the server"),
        (&["config"], "the settings of this machine"),
        (&["inspect", "list.csv"], "reads the file here"),
        (&["workspace", "change", "--keep-files", "30"], "no token may rename the workspace"),
        (&["token", "list"], "no token may make and revoke API tokens"),
        (&["member", "add", "anna@example.com", "--role", "owner"], "no token may invite"),
        (&["member", "remove", "anna@example.com", "--heir", "ben@example.com"], "no token may invite"),
        (&["groups", "list", "--workspace", "Other"], "A token names its workspace"),
    ] {
        let ran = place.run(&behind(words, &at));
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(why);
        ran.says("hint: ");
    }
}
