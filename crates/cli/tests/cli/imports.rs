//! Check and import: the JSON both print, the report for people, exit codes, options.

use serde_json::{Value, json};

use crate::place::{Place, THREE_ADVOCATES};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn an_import_prints_one_json_document_of_the_agreed_shape() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!(code, 1, "a row failed");
    assert_eq!(
        keys(&report),
        ["import", "kind", "status", "record_type", "file", "counts", "credits", "issues_total", "issues", "problem"]
    );
    assert!(report["import"].as_str().is_some_and(|id| id.starts_with("imp_") && id.len() == 17));
    assert_eq!((&report["kind"], &report["status"]), (&json!("import"), &json!("completed")));
    assert_eq!(report["record_type"], "advocate");
    assert_eq!(keys(&report["file"]), ["name", "bytes", "sha256", "format", "encoding", "delimiter"]);
    assert_eq!(report["file"]["name"], "people.csv");
    assert_eq!(report["file"]["bytes"], THREE_ADVOCATES.len());
    assert_eq!(report["file"]["sha256"], crate::round_trips::sha256(THREE_ADVOCATES.as_bytes()));
    assert_eq!(report["file"]["delimiter"], ",");
    assert_eq!(
        report["counts"].to_string(),
        r#"{"total":3,"created":2,"updated":0,"unchanged":0,"skipped":0,"failed":1,"not_processed":0}"#
    );
    assert_eq!(report["credits"].to_string(), r#"{"estimated_milli":0,"reserved_milli":0,"spent_milli":0}"#);
    assert_eq!((&report["issues_total"], &report["problem"]), (&json!(1), &Value::Null));
    let issue = &report["issues"][0];
    assert_eq!(keys(issue), ["row", "column", "value", "severity", "code", "message", "hint"]);
    assert_eq!((&issue["row"], &issue["column"], &issue["value"]), (&json!(3), &json!("Email"), &json!("jon@@x.org")));
    assert_eq!((&issue["severity"], &issue["code"]), (&json!("error"), &json!("email_invalid")));
    assert_eq!(issue["message"], "Email is invalid");
}

#[test]
fn a_check_tells_the_same_as_the_import_and_changes_nobody() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (code, check) = place.json(&["check", file, "--as", "ADVOCATE"]);
    assert_eq!(code, 1);
    assert_eq!((&check["kind"], &check["status"]), (&json!("dry_run"), &json!("completed")));
    assert!(place.people("advocates").is_empty());
    let (_, import) = place.json(&["import", file, "--as", "advocate"]);
    for key in ["file", "counts", "issues_total", "issues", "record_type", "problem"] {
        assert_eq!(check[key], import[key], "{key}");
    }
}

#[test]
fn a_clean_file_ends_with_0_and_a_refused_one_with_2() {
    let place = Place::new();
    let clean = place.file("clean.csv", "Name,Email\nAnna,anna@example.com\n");
    assert_eq!(place.run(&["check", clean, "--as", "advocates"]).code, 0);
    assert_eq!(place.run(&["import", clean, "--as", "advocates"]).code, 0);
    let refused = place.file("refused.csv", "Name,Shoe size\nAnna,38\n");
    let (code, report) = place.json(&["import", refused, "--as", "advocates"]);
    assert_eq!(code, 2);
    assert_eq!((&report["status"], &report["problem"]["code"]), (&json!("refused"), &json!("invalid_header")));
    assert!(report["import"].as_str().is_some_and(|id| id.starts_with("imp_")), "the refusal is in the history");
    assert_eq!(keys(&report["problem"]), ["code", "message", "hint"]);
    let file = &report["file"];
    assert_eq!((&file["name"], &file["bytes"], &file["format"]), (&json!("refused.csv"), &json!(23), &json!("csv")));
    assert_eq!(&file["encoding"], &Value::Null, "it was never read as a table");
}

#[test]
fn all_rows_may_fail_and_each_says_why() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,\nBen,ben\n,c@example.com\n");
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!((code, &report["counts"]["failed"], &report["counts"]["created"]), (1, &json!(3), &json!(0)));
    let messages: Vec<_> = report["issues"].as_array().expect("issues").iter().map(|i| i["message"].clone()).collect();
    assert_eq!(messages, ["Email is invalid, Email can't be blank", "Email is invalid", "Name can't be blank"]);
}

#[test]
fn the_report_for_people_is_understood_without_colour() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let ran = place.run(&["import", file, "--as", "advocates"]);
    assert_eq!(ran.code, 1);
    ran.shows("Imported people.csv into Workspace, 1 row failed");
    ran.shows("CSV, UTF-8, comma, header in row 1; 3 columns mapped");
    ran.shows("created       2   66.7 %");
    ran.shows("failed        1   33.3 %");
    ran.shows("1 × Email is invalid  error, email_invalid");
    ran.shows("row 3  Email  \"jon@@x.org\"\n");
    ran.shows("--errors errors.csv");
    assert!(!ran.stdout.contains('\u{1b}'), "no colour where nobody looks");
    assert_eq!(ran.stderr, "", "nothing to say beside the report");
    let again = place.run(&["import", file, "--as", "advocates"]);
    again.says("the same content was imported before as imp_");
}

#[test]
fn what_comes_next_can_be_copied() {
    let place = Place::new();
    let people = "\n\nWho,Email,Shoe size\nAnna,anna@example.com,38\nJon,jon@@x.org,44\n";
    let file = place.file("my people.csv", people);
    let options = ["--map", "Who=name", "--ignore", "Shoe size", "--tag", "it's new"];
    let again = "--as advocates --map Who=Name --ignore 'Shoe size' --tag 'it'\\''s new'";
    let check = place.run(&[&["check", file, "--as", "advocates"], options.as_slice()].concat());
    check.shows("header in row 3; 2 columns mapped, 1 left out (Shoe size)");
    check.shows(&format!("Do it:\n  convoke import '{file}' {again}\n"));
    let import = [&["import", file, "--as", "advocates", "--errors", "errors.csv"], options.as_slice()].concat();
    let ran = place.run(&import);
    ran.shows(&format!("  convoke import errors.csv {again}\n"));
    let errors = place.json(&[&["import", "errors.csv", "--as", "advocates"], options.as_slice()].concat()).1;
    assert_eq!((&errors["status"], &errors["counts"]["failed"]), (&json!("completed"), &json!(1)));
}

#[test]
fn issues_of_several_columns_share_a_sentence() {
    let place = Place::new();
    let file = place.file("people.csv", "Platform,Handle\n,anna\nInstagram,\nTikTok,a b\n");
    let ran = place.run(&["import", file, "--as", "creators"]);
    ran.shows("2 × A required cell can't be blank  error, required_blank");
    ran.shows("Name the platform, or give the address of the profile.");
    ran.shows("A TikTok handle has 1 to 30 letters a-z, digits, points and underscores, and no point at the end.");
}

#[test]
fn a_cell_cannot_steer_the_terminal() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,\u{1b}[2Janna\u{7}\n");
    let ran = place.run(&["import", file, "--as", "advocates"]);
    assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn the_stop_rule_refuses_before_any_row_takes_effect() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    for rule in ["0", "33%"] {
        let (code, report) = place.json(&["import", file, "--as", "advocates", "--max-failed", rule]);
        assert_eq!((code, &report["status"]), (2, &json!("refused")));
        assert_eq!(report["problem"]["code"], "stop_rule");
        assert!(report["problem"]["message"].as_str().is_some_and(|m| m.starts_with("1 of 3 rows would fail")));
        assert_eq!((&report["counts"]["created"], &report["counts"]["not_processed"]), (&json!(0), &json!(3)));
        assert_eq!(report["issues"][0]["code"], "email_invalid", "the rows that would fail are named");
        let id = report["import"].as_str().expect("an id").to_owned();
        place.run(&["imports", "resume", &id]).says("is refused: there is nothing to resume");
    }
    assert!(place.people("advocates").is_empty());
    for rule in ["1", "34%"] {
        assert_eq!(place.json(&["import", file, "--as", "advocates", "--max-failed", rule]).0, 1);
    }
    assert_eq!(place.people("advocates").len(), 2);
    let check = place.run(&["check", file, "--as", "advocates", "--max-failed", "0"]);
    check.says("The import would be refused: 1 of 3 rows would fail");
}

#[test]
fn options_choose_groups_tags_kind_policies_and_whom_to_touch() {
    let place = Place::new();
    place.done(&["groups", "add", "Launch"]);
    let file = place.file("people.csv", "Name,Email,Title\nAnna,anna@example.com,Head\n");
    place.done(&[
        "import",
        file,
        "--as",
        "advocates",
        "--group",
        "LAUNCH",
        "--tag",
        "vip",
        "--tag",
        "north",
        "--nominees",
    ]);
    let anna = place.person("advocates", "anna@example.com");
    assert_eq!(anna["groups"], json!([{"name": "Launch", "state": "pending"}]));
    assert_eq!(anna["tags"], json!(["north", "vip"]));
    assert_eq!((&anna["kind"], &anna["label"]), (&json!("nominee"), &json!("Nominee")));
    let changed = place.file("changed.csv", "Name,Email,Title\nAnn,anna@example.com,Lead\nBo,bo@example.com,\n");
    let import = |options: &[&str]| {
        place.json(&[&["import", changed, "--as", "advocates", "--nominees"], options].concat()).1["counts"].clone()
    };
    assert_eq!(import(&["--on-new", "skip"])["skipped"], 1);
    assert_eq!(place.person("advocates", "anna@example.com")["fields"]["title"], "Head", "a title is only filled");
    assert_eq!(import(&["--on-match", "skip"])["created"], 1);
    assert_eq!(import(&["--policy", "Title=overwrite", "--policy", "name=keep"])["updated"], 1);
    let anna = place.person("advocates", "anna@example.com");
    assert_eq!((&anna["name"], &anna["fields"]["title"]), (&json!("Anna"), &json!("Lead")));
    let cleared = place.file("cleared.csv", "Name,Email,Title\nAnna,anna@example.com,[clear]\n");
    let (code, _) = place.json(&[
        "import",
        cleared,
        "--as",
        "advocates",
        "--clear-token",
        "[clear]",
        "--policy",
        "title=overwrite",
    ]);
    assert_eq!(code, 0);
    assert_eq!(place.person("advocates", "anna@example.com")["fields"], json!({}));
}

#[test]
fn invite_and_enrich_are_accepted_and_say_that_nothing_was_queued() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    let ran = place.done(&["import", file, "--as", "advocates", "--invite", "--enrich", "--json"]);
    ran.says("--invite: invitations do not exist yet; nothing was queued");
    ran.says("--enrich: enrichment does not exist yet; nothing was queued");
    assert_eq!(ran.json()["counts"]["created"], 1);
}

#[test]
fn nominees_and_invite_together_are_refused_in_words() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    let ran = place.run(&["import", file, "--as", "advocates", "--nominees", "--invite", "--json"]);
    assert_eq!(ran.code, 2);
    ran.says("Nominees are not invited by an import");
    assert_eq!(ran.json()["problem"]["code"], "usage");
    assert!(place.run(&["imports", "list", "--json"]).stdout.starts_with(r#"{"status":"failed""#), "no database yet");
}

#[test]
fn dates_and_decimals_that_can_be_read_two_ways_are_asked_for() {
    let place = Place::new();
    place.done(&["fields", "add", "Since", "--as", "advocates", "--type", "date"]);
    place.done(&["fields", "add", "Score", "--as", "advocates", "--type", "number"]);
    let file = place.file("people.csv", "Name,Email,Since,Score\nAnna,anna@example.com,03/04/2026,\"1,234\"\n");
    let import = |options: &[&str]| place.json(&[&["import", file, "--as", "advocates"], options].concat());
    let (code, report) = import(&["--decimal", "point"]);
    assert_eq!((code, &report["problem"]["code"]), (2, &json!("dates_ambiguous")));
    let (code, report) = import(&["--dates", "dmy"]);
    assert_eq!((code, &report["problem"]["code"]), (2, &json!("decimal_ambiguous")));
    assert_eq!(import(&["--dates", "DMY", "--decimal", ","]).0, 0);
    let custom = place.person("advocates", "anna@example.com")["custom"].clone();
    assert_eq!(custom, json!({"Since": ["2026-04-03"], "Score": ["1.234"]}));
}

#[test]
fn rows_and_errors_files_are_written_whole_or_not_at_all() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let ran = place.run(&["import", file, "--as", "advocates", "--rows", "rows.csv", "--errors", "errors.csv"]);
    assert_eq!(ran.code, 1);
    assert_eq!(place.read("rows.csv").lines().count(), 4);
    assert!(place.read("rows.csv").lines().nth(1).is_some_and(|line| line.contains(",2,created,per_")));
    assert_eq!(
        place.read("errors.csv").replace("\r\n", "\n"),
        "Name,Email,Title,row,outcome,person id,matched account,messages\n\
         Jon,jon@@x.org,,3,failed,,,Email: Email is invalid [Correct the address (there are two @; write one address a cell).]\n"
    );
    let nowhere = place.run(&["import", file, "--as", "advocates", "--errors", "no/such/folder.csv"]);
    assert_eq!(nowhere.code, 2, "said before anything was imported");
    nowhere.says("cannot write no/such/folder.csv");
    let itself = place.run(&["import", file, "--as", "advocates", "--errors", file]);
    assert_eq!(itself.code, 2);
    itself.says("people.csv is named twice: it would be written over");
    assert_eq!(place.read("people.csv"), THREE_ADVOCATES);
    assert_eq!(place.leftovers(), [""; 0]);
}

#[test]
fn a_report_can_be_asked_for_later() {
    let place = Place::new();
    let file = place.file("people.csv", THREE_ADVOCATES);
    let (_, import) = place.json(&["import", file, "--as", "advocates"]);
    let id = import["import"].as_str().expect("an id");
    assert_eq!(place.done(&["imports", "show", id, "--json"]).json(), import);
    assert_eq!(place.done(&["imports", "report", id, "--json", "--errors", "e.csv"]).json(), import);
    assert_eq!(place.read("e.csv").lines().count(), 2);
    place.done(&["imports", "show", id]).shows("state     completed");
    place.done(&["imports", "report", id]).shows("1 × Email is invalid");
    let list = place.done(&["imports", "list"]);
    list.shows("completed   advocates   people.csv      3         2         0        1");
    assert!(list.stdout.lines().all(|line| line.chars().count() <= 120), "{}", list.stdout);
    let lines = place.done(&["imports", "list", "--json"]).lines();
    assert_eq!((lines.len(), &lines[0]["import"], &lines[0]["counts"]), (1, &import["import"], &import["counts"]));
    let unknown = place.run(&["imports", "show", "imp_0000000000000"]);
    assert_eq!(unknown.code, 2);
    unknown.says("There is no import imp_0000000000000");
}

#[test]
fn bad_usage_ends_with_2_and_a_problem_in_json() {
    let place = Place::new();
    for (arguments, sentence) in [
        (vec!["import", "x.csv"], "--as <TYPE>"),
        (vec!["import", "x.csv", "--as", "people"], "it is one of creators, prospects, advocates"),
        (vec!["import", "x.csv", "--as", "advocates", "--policy", "title"], "write FIELD=keep"),
        (vec!["import", "x.csv", "--as", "advocates", "--max-failed", "many"], "write a number of rows"),
        (vec!["import", "x.csv", "--as", "advocates", "--encoding", "latin-99"], "no encoding is known by that name"),
        (vec!["import", "x.csv", "--as", "advocates", "--delimiter", "#"], "it is comma, semicolon, tab or pipe"),
        (vec!["import", "x.csv", "--as", "advocates", "--header-row", "first"], "--header-row"),
        (vec!["imports", "show", "per_0000000000000"], "is not an id of this kind"),
        (vec!["dance"], "dance"),
    ] {
        let ran = place.run(&[arguments.as_slice(), &["--json"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(sentence);
        assert_eq!((&ran.json()["status"], &ran.json()["problem"]["code"]), (&json!("refused"), &json!("usage")));
    }
    assert_eq!(place.run(&["--help"]).code, 0);
    assert_eq!(place.run(&[]).code, 2);
}
