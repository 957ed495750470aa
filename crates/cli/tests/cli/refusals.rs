//! Bad files: each gets a clear sentence and a code, changes nobody, and leaves nothing half done.

use serde_json::json;

use crate::place::Place;

/// Imports the bytes as advocates: they are refused with this code and this sentence, in JSON and on stderr.
#[track_caller]
fn refused(content: impl AsRef<[u8]>, code: &str, sentence: &str) {
    refused_with(content, &[], code, sentence);
}

#[track_caller]
fn refused_with(content: impl AsRef<[u8]>, options: &[&str], code: &str, sentence: &str) {
    let place = Place::new();
    let bytes = content.as_ref().len();
    place.file("people.csv", content);
    for command in ["check", "import"] {
        let ran = place.run(&[&[command, "people.csv", "--as", "advocates", "--json"], options].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(sentence);
        let report = ran.json();
        assert_eq!((&report["status"], &report["problem"]["code"]), (&json!("refused"), &json!(code)));
        let file = &report["file"];
        assert_eq!((&file["name"], &file["bytes"]), (&json!("people.csv"), &json!(bytes)));
        let is_stored = !report["import"].is_null();
        assert_eq!(file["sha256"].as_str().is_some_and(|digest| digest.len() == 64), is_stored, "{report}");
        assert!(report["problem"]["message"].as_str().is_some_and(|message| message.contains(sentence)), "{report}");
        assert!(report["problem"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{report}");
    }
    assert!(place.people("advocates").is_empty());
    assert_eq!(place.leftovers(), [""; 0]);
}

#[test]
fn an_empty_file() {
    refused("", "file_empty", "The file is empty");
}

#[test]
fn what_is_known_of_a_refused_file_is_told_then_and_later() {
    let place = Place::new();
    place.file("people.csv", "Name,Title\nAnna,Head\n");
    let (_, inspected) = place.json(&["inspect", "people.csv", "--as", "advocates"]);
    let (code, report) = place.json(&["import", "people.csv", "--as", "advocates"]);
    let facts = ["name", "bytes", "sha256", "format"].map(|fact| inspected["file"][fact].clone());
    assert_eq!((code, ["name", "bytes", "sha256", "format"].map(|fact| report["file"][fact].clone())), (2, facts));
    let (_, later) = place.json(&["imports", "show", report["import"].as_str().expect("an id")]);
    assert_eq!(later["file"], report["file"]);
}

#[test]
fn a_file_of_blank_lines() {
    refused("\n\n  \n", "file_empty", "The file holds nothing but blanks");
}

#[test]
fn a_header_alone() {
    refused("Name,Email\n", "no_rows", "The file has a header and no rows below it");
}

#[test]
fn a_file_without_a_header() {
    refused(
        "Anna,anna@example.com\nBen,ben@example.com\n",
        "invalid_header",
        "Invalid header - Anna, anna@example.com",
    );
}

#[test]
fn two_columns_of_one_field() {
    refused(
        "Name,Email,E-Mail\nAnna,a@example.com,b@example.com\n",
        "header_duplicate",
        "Duplicate header - \"Email\" (column B) and \"E-Mail\" (column C) are both Email",
    );
}

#[test]
fn a_missing_column() {
    refused("Name,Title\nAnna,Head\n", "header_missing", "Missing header - Email. The file has Name, Title");
}

#[test]
fn a_column_nobody_knows() {
    refused(
        "Name,Email,Shoe size\nAnna,a@example.com,38\n",
        "invalid_header",
        "Invalid header - Shoe size. Valid headers are Name, Email, Title",
    );
}

#[test]
fn a_nameless_column_with_values() {
    refused("Name,Email,\nAnna,a@example.com,38\n", "invalid_header", "Invalid header - (column C).");
}

#[test]
fn a_nameless_column_of_blanks_is_left_out() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,,\nAnna,a@example.com, ,\n");
    assert_eq!(place.json(&["import", file, "--as", "advocates"]).1["counts"]["created"], 1);
}

#[test]
fn columns_that_no_file_may_set() {
    for name in ["id", "kind", "invited", "credits"] {
        refused(
            format!("Name,Email,{name}\nAnna,a@example.com,1\n"),
            "invalid_header",
            &format!("Invalid header - {name}. Valid headers are"),
        );
        let place = Place::new();
        let file = place.file("people.csv", "Name,Email,X\nAnna,a@example.com,1\n");
        let map = format!("X={name}");
        let ran = place.run(&["import", file, "--as", "advocates", "--map", &map]);
        assert_eq!(ran.code, 2);
        ran.says(&format!("\"{name}\" is no field of advocates"));
    }
}

#[test]
fn an_unclosed_quote() {
    refused(
        "Name,Email\nAnna,a@example.com\n\"Ben,b@example.com\nCarl,c@example.com\n",
        "quote_unclosed",
        "A quote opened in row 3 is never closed",
    );
}

#[test]
fn a_binary_file() {
    let bytes: Vec<u8> = (0..4096u32).map(|n| (n * 7 % 256) as u8).collect();
    refused(bytes, "file_type", "The file is no text: it is binary data");
}

#[test]
fn more_rows_than_the_limit() {
    let rows = "Name,Email\nA,a@example.com\nB,b@example.com\nC,c@example.com\n";
    refused_with(rows, &["--max-rows", "2"], "too_many_rows", "The file has 3 rows; the limit for advocates is 2");
    let place = Place::new();
    let file = place.file("people.csv", rows);
    assert_eq!(place.json(&["import", file, "--as", "advocates", "--max-rows", "3"]).0, 0, "exactly the limit passes");
}

#[test]
fn more_bytes_than_the_limit() {
    let rows = "Name,Email\nA,a@example.com\n";
    refused_with(rows, &["--max-bytes", "26"], "file_too_large", "The file is too large: 27 bytes; the limit is 26");
    let place = Place::new();
    let file = place.file("people.csv", rows);
    let mut command = place.command(&["import", file, "--as", "advocates"]);
    assert!(command.env("CONVOKE_MAX_BYTES", "27").status().expect("started").success(), "exactly the limit passes");
}

#[test]
fn a_missing_file_or_a_directory() {
    let place = Place::new();
    let missing = place.run(&["import", "nowhere.csv", "--as", "advocates"]);
    assert_eq!(missing.code, 2);
    missing.says("Cannot read nowhere.csv: No such file");
    std::fs::create_dir(place.path("folder")).expect("a folder");
    let folder = place.run(&["import", "folder", "--as", "advocates"]);
    assert_eq!(folder.code, 2);
    folder.says("Cannot read folder: it is a directory");
}

#[test]
fn ragged_rows_fail_alone_and_only_for_values_beyond_the_last_header() {
    let place = Place::new();
    let rows = "Name,Email,Title\nShort,short@example.com\nBlank,blank@example.com,x,,\nLong,long@example.com,x,y\n";
    let file = place.file("people.csv", rows);
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!((code, &report["counts"]["created"], &report["counts"]["failed"]), (1, &json!(2), &json!(1)));
    assert_eq!((&report["issues"][0]["row"], &report["issues"][0]["code"]), (&json!(4), &json!("too_many_cells")));
}

#[test]
fn nul_bytes_are_taken_out_of_their_cell() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,Title\nAnna,anna@example.com,He\0ad\nBen,ben@example.com,\n");
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(2)));
    assert_eq!(report["issues"][0]["code"], "control_character_removed");
    assert_eq!(place.person("advocates", "anna@example.com")["fields"]["title"], "Head");
}

#[test]
fn a_row_in_another_encoding_fails_alone() {
    let place = Place::new();
    let file = place.file("people.csv", b"Name,Email\nJos\xC3\xA9,a@example.com\nZo\xEB,z@example.com\n");
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!((code, &report["counts"]["created"], &report["counts"]["failed"]), (1, &json!(1), &json!(1)));
    assert_eq!(report["issues"][0]["message"], "FAILED: Invalid Encoding");
}

#[test]
fn a_cell_of_some_megabytes_harms_no_other_row_and_is_never_printed_whole() {
    let place = Place::new();
    place.done(&["fields", "add", "Bio", "--as", "advocates"]);
    let rows = format!(
        "Name,Email,Bio\nAnna,anna@example.com,short\nBen,ben@example.com,{}\nCarl,carl@example.com,short\n",
        "x".repeat(5 << 20)
    );
    let file = place.file("people.csv", rows);
    let ran = place.run(&["import", file, "--as", "advocates", "--json", "--rows", "rows.csv"]);
    assert_eq!(ran.code, 1);
    let report = ran.json();
    assert_eq!((&report["counts"]["created"], &report["counts"]["failed"]), (&json!(2), &json!(1)));
    assert_eq!(report["issues"][0]["message"], "Bio value is too long (maximum is 255 characters)");
    assert!(
        report["issues"][0]["hint"].as_str().is_some_and(|hint| hint.contains("5242880")),
        "{}",
        report["issues"][0]
    );
    assert!(ran.stdout.len() < 4_000, "the cell is quoted in part");
    let id = report["import"].as_str().expect("an id");
    assert!(place.done(&["imports", "report", id]).stdout.len() < 4_000);
}

#[test]
fn an_unknown_group_or_mapping_is_said_before_the_file_is_read() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,a@example.com\n");
    let group = place.run(&["import", file, "--as", "advocates", "--group", "Lunch"]);
    assert_eq!(group.code, 2);
    group.says("Group Lunch does not exist");
    let mapping = place.run(&["import", file, "--as", "advocates", "--mapping", "crm"]);
    assert_eq!(mapping.code, 2);
    mapping.says("There is no mapping \"crm\" for advocates");
    assert!(place.done(&["imports", "list", "--json"]).stdout.is_empty());
}
