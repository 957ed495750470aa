//! The tables of frictionless, each named after a defect, through the real executable: the defect is reported with its
//! row (and column), and the good rows import. Where it is none for a list of people, the reason stands here.

use std::collections::BTreeSet;
use std::fs;

use convoke_testbed::corpora;
use serde_json::Value;

use crate::place::Place;

/// The tables hold no people: an unknown column is left out, and the first one says who somebody is on Instagram.
const ANY_TABLE: &str = "--map A=instagram --ignore-unknown";

/// Table, options instead of [`ANY_TABLE`], what is found, and why the defect is not reported, if it is not.
const TABLES: &[[&str; 4]] = &[
    ["accent.csv", "", "1 created; 1 skipped; duplicate_in_file (row 3)", ""],
    ["analysis-data.csv", "", "2 created; 7 skipped; duplicate_in_file (row 3, 4, 6, 7, 8, 9, 10)", ""],
    ["ascii-notvalid.csv", "", "1 created", ""],
    ["ascii.csv", "", "1 created", ""],
    ["blank-cells.csv", "", "5 created", "a blank optional cell changes nothing and is no defect"],
    ["blank-headers.csv", "--map A=instagram", "invalid_header: Invalid header - (column B), age", ""],
    ["blank-rows-multiple.csv", "", "2 created", "rows of blanks are no rows"],
    ["blank-rows-no-fields.csv", "", "2 created", "rows of blanks are no rows"],
    ["blank-rows.csv", "", "2 created", "rows of blanks are no rows"],
    ["bom.csv", "", "2 created", ""],
    [
        "capital-invalid.csv",
        "--map A=instagram",
        "header_duplicate: Duplicate header - \"name\" (column B) and \"name\" (column C) are both Name",
        "",
    ],
    ["defective-rows.csv", "", "1 created; 1 failed; too_many_cells (row 3)", ""],
    ["delimiter.csv", "", "2 created", ""],
    [
        "doublequote.csv",
        "",
        "1 created; 4 skipped; handle_unusual in INCISO (row 2, 3, 4, 5, 6); duplicate_in_file (row 3, 4, 5, 6)",
        "",
    ],
    [
        "duplicate-column.csv",
        "--map B=instagram --ignore-unknown",
        "header_duplicate: Duplicate header - \"B\" (column B) and \"B\" (column C) are both Instagram Handle",
        "",
    ],
    [
        "duplicate-headers.csv",
        "--map id=instagram --ignore-unknown",
        "header_duplicate: Duplicate header - \"id\" (column A) and \"id\" (column C) are both Instagram Handle",
        "",
    ],
    ["duplicate-rows.csv", "", "2 created; 1 skipped; duplicate_in_file (row 4)", ""],
    ["empty.csv", "", "file_empty: The file is empty", ""],
    ["escaping.csv", "", "3 created", ""],
    [
        "invalid.csv",
        "--map A=instagram",
        "header_duplicate: Duplicate header - \"name\" (column B) and \"name\" (column D) are both Name",
        "",
    ],
    ["issue-1009-comma.csv", "", "1 created", ""],
    ["issue-1009-semicolon.csv", "", "1 created", ""],
    ["issue-1105-timezone.csv", "", "2 created", ""],
    ["issue-1138.csv", "--map B=instagram --ignore-unknown", "5 created; 2 skipped; duplicate_in_file (row 4, 7)", ""],
    ["issue-1232.csv", "", "5 created", ""],
    [
        "issue-312.xlsx",
        "",
        "header_duplicate: Duplicate header - \"name\" (column B) and \"name\" (column D) are both Name",
        "",
    ],
    ["issue-313.xlsx", "", "2 created", ""],
    ["issue-825.csv", "--map C=instagram --ignore-unknown", "1 created; 1 failed; handle_invalid in 2010 (row 3)", ""],
    ["issue-833.csv", "", "3 created", ""],
    ["issue-844.csv", "", "2 created", ""],
    ["issue-870.xlsx", "", "9 created", ""],
    ["issue-991.csv", "", "1 created", ""],
    ["latin1.csv", "", "2 created", ""],
    ["leading-zeros.csv", "", "3 created", ""],
    ["long.csv", "", "6 created", ""],
    ["matrix-with-comment.csv", "", "4 created", ""],
    ["merged-cells.xlsx", "", "no_rows: The file has a header and no rows below it", ""],
    [
        "multiline-headers.xlsx",
        "--map Region=instagram --ignore-unknown",
        "3 failed; too_many_cells (row 4, 6); required_blank in Region (row 4, 5)",
        "a header of several rows with merged cells: the first is the header, and each row below is reported",
    ],
    ["number-format-multicode.xlsx", "", "2 created; 1 failed; handle_invalid in col1 (row 3)", ""],
    [
        "numeric-labels.csv",
        "--map A=instagram --ignore-unknown --header-row 1",
        "3 created",
        "headers that are numbers are taken for a row: row 2 is guessed, 23 % sure; --header-row 1 reads it",
    ],
    ["preserve-formatting-percentage.xlsx", "", "3 created", ""],
    [
        "schema-errors.csv",
        "",
        "3 created; 1 failed; too_many_cells (row 5); required_blank in id (row 5)",
        "row 4 breaks a schema that a list of people does not have; the wide row 5 is reported",
    ],
    ["sheets.xlsx", "", "1 created", ""],
    ["skip-blank-at-the-end.csv", "", "1 created; 1 failed; handle_invalid in test1 (row 2)", ""],
    ["skip-rows-before-headers.csv", "", "2 created", ""],
    ["skip-rows.xlsx", "", "1 created; 1 skipped; not_a_contact (row 4)", ""],
    ["structure-errors.csv", "", "2 created; 1 failed; too_many_cells (row 5)", ""],
    ["table-infer-iso-8859-7.csv", "", "4 created", ""],
    ["table-infer-missing-values.csv", "", "4 created; 3 failed; required_blank in id (row 3, 5, 7)", ""],
    ["table-infer-utf8.csv", "", "5 created", ""],
    ["table-unicode-headers.csv", "", "2 created", ""],
    ["table.tsv", "", "3 created", ""],
    ["table.xlsx", "", "2 created", ""],
    ["unique-field.csv", "", "8 created; 1 skipped; duplicate_in_file (row 10)", ""],
    ["without-headers-extra.csv", "--map A=instagram", "invalid_header: Invalid header - english", ""],
    ["without-headers.csv", "--map A=instagram", "invalid_header: Invalid header - english", ""],
];

/// What an import found, in a line.
fn found(report: &Value) -> String {
    let problem = &report["problem"];
    if let (Some(code), Some(message)) = (problem["code"].as_str(), problem["message"].as_str()) {
        return format!("{code}: {}", message.split(". Valid headers").next().unwrap_or_default());
    }
    let counts = report["counts"].as_object().expect("counts").iter();
    let counts = counts.filter(|(outcome, count)| *outcome != "total" && **count != 0);
    let mut found: Vec<String> = counts.map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let mut rows_by_issue: Vec<(String, Vec<String>)> = Vec::new();
    for issue in report["issues"].as_array().expect("issues") {
        let column = issue["column"].as_str().map(|column| format!(" in {column}")).unwrap_or_default();
        let told = format!("{}{column}", issue["code"].as_str().expect("a code"));
        let row = issue["row"].to_string();
        match rows_by_issue.iter_mut().find(|(known, _)| *known == told) {
            Some((_, rows)) => rows.push(row),
            None => rows_by_issue.push((told, vec![row])),
        }
    }
    found.extend(rows_by_issue.iter().map(|(told, rows)| format!("{told} (row {})", rows.join(", "))));
    found.join("; ")
}

#[test]
fn every_defect_of_the_corpus_frictionless_is_reported_with_its_row() {
    let Some(folder) = corpora::folder("frictionless") else { return };
    let mut wrong = Vec::new();
    for [name, options, expected, _] in TABLES {
        let place = Place::new();
        let file = place.file(name, fs::read(folder.join(name)).expect(name));
        let options = if options.is_empty() { ANY_TABLE } else { options };
        let options: Vec<&str> = options.split(' ').collect();
        let (_, report) = place.json(&[&["import", file, "--as", "creators"], options.as_slice()].concat());
        let found = found(&report);
        if found != *expected {
            wrong.push(format!("{name}: {found}"));
        }
    }
    let exceptions: Vec<(&str, &str)> =
        TABLES.iter().filter(|table| !table[3].is_empty()).map(|table| (table[0], table[3])).collect();
    corpora::report("frictionless", TABLES.len(), TABLES.len() - exceptions.len() - wrong.len(), &exceptions);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let there = fs::read_dir(&folder).expect("the folder").flatten();
    let there: BTreeSet<String> = there.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let known: BTreeSet<String> = TABLES.iter().map(|table| table[0].to_owned()).collect();
    assert_eq!(there.into_iter().filter(|name| !name.ends_with(".md")).collect::<BTreeSet<_>>(), known);
}
