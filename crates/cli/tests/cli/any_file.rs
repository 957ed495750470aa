//! Files as they come, through the real executable: how each is read, what can be said about it, what comes back.

use serde_json::{Value, json};

use crate::place::Place;
use crate::round_trips::sha256;

/// German Excel: Windows-1252, semicolons, a title, a footer, one address that is wrong.
fn german_excel() -> Vec<u8> {
    let text = "Kundenliste;;\r\n;;\r\nVorname;Name;E-Mail\r\nJ\u{fc}rgen;Beispiel;juergen@example.com\r\n\
                K\u{e4}the;\"Mu;ster\";kaethe@@example.com\r\nGesamt: 2;;\r\n";
    text.chars().map(|c| u8::try_from(u32::from(c)).expect("a Latin letter")).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    std::iter::once('\u{FEFF}')
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect()
}

#[test]
fn a_report_says_in_one_line_how_the_file_was_read() {
    let place = Place::new();
    let file = place.file("kunden.csv", german_excel());
    for command in ["check", "import"] {
        let ran = place.run(&[command, file, "--as", "advocates"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.shows("CSV, Windows-1252, semicolon, header in row 3; 3 columns mapped");
    }
    let jurgen = place.person("advocates", "juergen@example.com");
    assert_eq!(jurgen["name"], "J\u{fc}rgen Beispiel");
}

#[test]
fn inspect_shows_what_was_detected_and_changes_nothing() {
    let place = Place::new();
    let file = place.file("kunden.csv", german_excel());
    let found = place.done(&["inspect", file, "--json"]).json();
    let facts = &found["file"];
    assert_eq!(
        [&facts["format"], &facts["encoding"], &facts["delimiter"], &facts["quoting"], &facts["header_row"]],
        [&json!("csv"), &json!("Windows-1252"), &json!(";"), &json!("doubled"), &json!(3)],
    );
    assert_eq!((&found["rows"], &facts["sha256"]), (&json!(3), &json!(sha256(&german_excel()))));
    assert_eq!(found["columns"][2]["suggestion"], "Email");
    assert_eq!(found["columns"][1]["samples"], json!(["Beispiel", "Mu;ster"]));
    assert!(found["certainty"]["encoding"]["percent"].as_u64().is_some_and(|percent| percent > 50), "{found}");
    place.done(&["inspect", file]).shows("kaethe@@example.com");
    assert!(!place.path("convoke.db").exists(), "no database is made");
}

#[test]
fn inspect_remembers_what_this_workspace_made_of_a_header() {
    let place = Place::new();
    let file = place.file("people.csv", "Wer,Email\nAnna Lee,anna@example.com\n");
    let suggestion = |place: &Place| {
        let found = place.done(&["inspect", "people.csv", "--as", "advocates", "--json"]).json();
        (found["columns"][0]["suggestion"].clone(), found["columns"][0]["by"].clone())
    };
    assert_ne!(suggestion(&place).1, "remembered");
    place.done(&["import", file, "--as", "advocates", "--map", "Wer=name"]);
    assert_eq!(suggestion(&place), (json!("Name"), json!("remembered")));
}

#[test]
fn how_a_file_is_written_can_be_said() {
    let place = Place::new();
    let file = place.file(
        "list.txt",
        "Old,Title\nName;Email\nAm\u{8e}lie;amelie@example.com\n".chars().map(|c| c as u8).collect::<Vec<_>>(),
    );
    let said = ["--encoding", "macintosh", "--delimiter", "semicolon", "--header-row", "2"];
    let ran = place.done(&[&["check", file, "--as", "advocates"], said.as_slice()].concat());
    ran.shows("CSV, Mac Roman, semicolon, header in row 2");
    // What was said is in the command that does it.
    ran.shows("--encoding 'Mac Roman' --delimiter semicolon --header-row 2");
    place.done(&[&["import", file, "--as", "advocates"], said.as_slice()].concat());
    assert_eq!(place.person("advocates", "amelie@example.com")["name"], "Am\u{e9}lie");
}

#[test]
fn what_cannot_be_said_of_a_file_is_refused() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\nAnna,anna@example.com\n");
    for command in ["inspect", "check"] {
        let arguments = [&[command, file, "--sheet", "2"][..], &["--as", "advocates"]].concat();
        let ran = place.run(&arguments);
        assert_eq!(ran.code, 2);
        ran.says("The file is text and has no sheets");
    }
    let workbook = "template.xlsx";
    place.done(&["template", "advocates", "--format", "xlsx", "--out", workbook]);
    let ran = place.run(&["check", workbook, "--as", "advocates", "--encoding", "utf-8"]);
    assert_eq!(ran.code, 2);
    ran.says("The file is a workbook, which has neither encoding nor delimiter");
}

#[test]
fn a_header_row_that_is_blank_or_not_there_is_named() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email\n\nAnna,anna@example.com\n");
    let blank = place.file("blank.csv", "\n\n");
    let ran = place.run(&["check", blank, "--as", "advocates", "--header-row", "0"]);
    assert_eq!(ran.code, 2);
    ran.says("The file holds nothing but blanks");
    for (row, sentence) in [
        ("2", "Row 2 should hold the headers, and it is blank"),
        ("9", "Row 9 should hold the headers, and it does not exist"),
    ] {
        let ran = place.run(&["check", file, "--as", "advocates", "--header-row", row]);
        assert_eq!(ran.code, 2);
        ran.says(sentence);
    }
}

#[test]
fn files_of_a_decoded_list_are_written_from_its_text_and_the_original_is_untouched() {
    let place = Place::new();
    let file = place.file("kunden.csv", german_excel());
    let (code, report) =
        place.json(&["import", file, "--as", "advocates", "--rows", "rows.csv", "--errors", "errors.csv"]);
    assert_eq!((code, &report["counts"]["created"], &report["counts"]["failed"]), (1, &json!(1), &json!(1)));
    assert!(place.read("rows.csv").contains("J\u{fc}rgen"), "{}", place.read("rows.csv"));
    let mended = place.read("errors.csv").replace("@@", "@");
    let mended = place.file("mended.csv", mended);
    assert_eq!(place.json(&["import", mended, "--as", "advocates"]).1["counts"]["created"], 1);
    assert_eq!(place.person("advocates", "kaethe@example.com")["name"], "K\u{e4}the Mu;ster");
    let id = report["import"].as_str().expect("an id");
    let original = place.command(&["imports", "original", id]).output().expect("started");
    assert_eq!(original.stdout, german_excel());
}

#[test]
fn utf_16_cut_in_the_middle_of_a_character_fails_its_row() {
    let place = Place::new();
    let mut bytes = utf_16("Name,Email\r\nZo\u{eb},zoe@example.com\r\nBen,ben@example.com");
    bytes.pop();
    let file = place.file("people.csv", bytes);
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!(
        (code, &report["counts"]["created"], &report["counts"]["failed"]),
        (1, &json!(1), &json!(1)),
        "{report}"
    );
    assert_eq!(report["issues"][0]["code"], "invalid_encoding");
}

#[test]
fn rows_of_another_encoding_fail_and_the_others_are_imported() {
    let place = Place::new();
    let mut bytes = "Name,Email\nJos\u{e9},jose@example.com\nZo\u{eb},zoe@example.com\n".as_bytes().to_vec();
    bytes.extend_from_slice(b"Andr\xE9,andre@example.com\nAnna,anna@example.com\n");
    let file = place.file("people.csv", bytes);
    let (_, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!((&report["counts"]["created"], &report["counts"]["failed"]), (&json!(3), &json!(1)));
    let issue = &report["issues"][0];
    assert_eq!((&issue["row"], &issue["message"]), (&json!(4), &json!("FAILED: Invalid Encoding")));
}

#[test]
fn every_control_character_is_taken_out_and_told() {
    let place = Place::new();
    let controls: Vec<u8> = (1..32).filter(|byte| ![9, 10, 11, 12, 13].contains(byte)).chain([127]).collect();
    let mut bytes = b"Name,Email,Title\nAnna Lee,anna@example.com,He".to_vec();
    bytes.extend_from_slice(&controls);
    bytes.extend_from_slice(b"ad\nBen Ito,ben@example.com,Lead of everything that stands in this list of people\n");
    bytes.extend("Cleo Sample,cleo@example.com,Somebody with a title\n".repeat(20).as_bytes());
    let file = place.file("people.csv", bytes);
    let (code, report) = place.json(&["import", file, "--as", "advocates"]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(place.person("advocates", "anna@example.com")["fields"]["title"], "Head");
    let codes: Vec<&Value> = report["issues"].as_array().expect("issues").iter().map(|issue| &issue["code"]).collect();
    assert!(codes.contains(&&json!("control_character_removed")), "{report}");
}

#[test]
fn a_million_blank_rows_before_the_data_move_the_row_number() {
    let place = Place::new();
    let file = place.file("people.csv", format!("{}Name,Email\nAnna,anna@@x\n", ",,\n".repeat(1_000_000)));
    let ran = place.run(&["import", file, "--as", "advocates", "--json"]);
    assert_eq!(ran.json()["issues"][0]["row"], 1_000_002);
    place.run(&["check", file, "--as", "advocates"]).shows("header in row 1,000,001");
}

#[test]
fn a_table_of_16384_columns_is_read() {
    let place = Place::new();
    let blanks = ",".repeat(16_382);
    let file = place.file("wide.csv", format!("Name,Email{blanks}\nAnna,anna@example.com{blanks}\n"));
    assert_eq!(place.json(&["import", file, "--as", "advocates"]).1["counts"]["created"], 1);
    let file = place.file("wider.csv", format!("Name,Email,{blanks}\nAnna,anna@example.com\n"));
    let ran = place.run(&["import", file, "--as", "advocates"]);
    assert_eq!(ran.code, 2);
    ran.says("has more than 16384 cells");
}

#[test]
fn a_file_of_one_endless_line_is_refused() {
    let place = Place::new();
    let file = place.file("line.csv", "a".repeat(30 << 20));
    let ran = place.run(&["import", file, "--as", "advocates"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.len() < 5_000, "the line is not printed");
}

#[test]
fn a_list_without_headers_loses_nobody() {
    let place = Place::new();
    let rows: String = ('a'..='j').map(|c| format!("Anna {c} Lee,anna{c}@example.com,Lee\n")).collect();
    let file = place.file("list.csv", rows);
    let by_letter = ["--map", "A=Name", "--map", "B=Email", "--map", "C=Company"];
    let ran = place.run(&[&["check", file, "--as", "prospects"], &by_letter[..]].concat());
    assert_eq!(ran.code, 2, "the first person is no header: {ran:?}");
    ran.says("annaa@example.com. It is a value, not the name of a column");
    ran.says("--header-row 0");
    let arguments = [&["import", file, "--as", "prospects", "--header-row", "0"], &by_letter[..]].concat();
    let (code, report) = place.json(&arguments);
    assert_eq!((code, &report["counts"]["created"]), (0, &json!(10)));
    assert_eq!(place.person("prospects", "annaa@example.com")["name"], "Anna a Lee");
    place
        .run(&[&["check", file, "--as", "prospects", "--header-row", "0"], &by_letter[..]].concat())
        .shows("no header");
}

#[test]
fn values_beyond_the_last_header_fail_again_in_the_errors_file() {
    let place = Place::new();
    let file = place.file("people.csv", "Name,Email,Company,Country\nBob,bob@example.com,Acme, Inc,US,x\n");
    for file in [file, "errors.csv"] {
        let errors = if file == "errors.csv" { "again.csv" } else { "errors.csv" };
        let (code, report) = place.json(&["import", file, "--as", "prospects", "--errors", errors]);
        assert_eq!((code, &report["issues"][0]["code"]), (1, &json!("too_many_cells")), "{report}");
        assert!(place.read(errors).trim_end().ends_with(",US,x"), "{}", place.read(errors));
    }
}

#[test]
fn what_is_a_text_but_no_table_is_named() {
    let place = Place::new();
    for (content, what) in [
        ("\u{FEFF}<html><body><table><tr><th>Name</th></tr></table></body></html>", "a web page"),
        ("<?xml version=\"1.0\"?><Workbook></Workbook>", "an XML document"),
        ("BEGIN:VCARD\nFN:Anna Lee\nEND:VCARD\n", "a list of vCards"),
        ("[{\"name\": \"Anna Lee\"}]", "a JSON document"),
    ] {
        let ran = place.run(&["check", place.file("list.xls", content), "--as", "advocates"]);
        assert_eq!(ran.code, 2);
        ran.says(&format!("The file is {what}, not a table"));
    }
}

#[test]
fn a_guess_of_the_encoding_is_told() {
    let place = Place::new();
    let bytes = b"Name;Email\rJ\x9Arg M\x9Fller;j@example.com\r\x80nne Gro\xA7;a@example.com\r";
    let ran = place.run(&["check", place.file("mac.csv", bytes), "--as", "advocates"]);
    ran.says("The encoding is a guess:");
    ran.says("--encoding");
}

#[test]
fn cells_whose_quotes_are_text_are_told_in_the_line_that_says_how_the_file_was_read() {
    let place = Place::new();
    let rows = "Dan Sample\tdan@example.com\t\"Best in town\nEva Sample\teva@example.com\t5\" Screens\n\
                Finn Sample\tfinn@example.com\t\"Half quoted\n";
    let file = place.file("q.tsv", format!("Name\tEmail\tCompany\n{rows}"));
    place.run(&["check", file, "--as", "advocates"]).shows("CSV, UTF-8, tab, quotes as text, header in row 1");
}

#[test]
fn a_mark_before_blank_lines_hides_nothing() {
    let place = Place::new();
    let file =
        place.file("people.csv", format!("\u{FEFF}{}Name;Email\nAnna;anna@example.com\n", ";;\n".repeat(100_000)));
    assert_eq!(place.json(&["import", file, "--as", "advocates"]).1["counts"]["created"], 1);
}
