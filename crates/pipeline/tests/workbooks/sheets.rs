//! Which sheet is read.

use crate::made::{Xlsx, ods, read, refused};

const ROW: &str = "<row><c><v>1</v></c></row>";

fn several() -> Vec<u8> {
    let row = |number: u32| format!("<row><c><v>{number}</v></c></row>");
    Xlsx::default()
        .sheet("Cover", "visible", "")
        .sheet("Old", "hidden", &row(2))
        .sheet("Secret", "veryHidden", &row(3))
        .sheet("People", "visible", &row(4))
        .sheet("2", "visible", &row(5))
        .bytes()
}

#[test]
fn the_first_visible_sheet_that_holds_anything_is_read() {
    let (info, csv) = read(&several(), None).expect("read");
    assert_eq!((info.sheet.as_str(), csv.as_str()), ("People", "4\n"));
    assert_eq!(info.sheets, ["Cover", "People", "2", "Old", "Secret"]);
}

#[test]
fn a_sheet_is_asked_for_by_name_in_any_case_or_by_number() {
    for (asked, sheet) in
        [("People", "People"), (" people ", "People"), ("old", "Old"), ("2", "2"), ("3", "2"), ("4", "Old")]
    {
        assert_eq!(read(&several(), Some(asked)).expect(asked).0.sheet, sheet, "{asked}");
    }
}

#[test]
fn an_unknown_sheet_is_refused_with_the_names() {
    for asked in ["Persons", "0", "6", "-1", ""] {
        let problem = read(&several(), Some(asked)).expect_err(asked);
        assert_eq!(problem.code.key(), "sheet_unknown");
        assert_eq!(problem.message, format!("The workbook has no sheet \"{asked}\""));
        assert_eq!(problem.hint, "Its sheets: Cover, People, 2, Old, Secret.");
    }
}

#[test]
fn names_are_without_control_characters() {
    let workbook = Xlsx::of(ROW).sheet("Ol\0d\u{1}", "visible", ROW).bytes();
    let (info, _) = read(&workbook, Some("Old")).expect("read");
    assert_eq!((info.sheet.as_str(), info.sheets), ("Old", vec!["People".to_owned(), "Old".to_owned()]));
    let row = "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    let workbook = ods(&format!("<table:table table:name=\"\0Li\u{7f}st\">{row}</table:table>"));
    assert_eq!(read(&workbook, None).expect("read").0.sheet, "List");
}

#[test]
fn two_sheets_of_one_name_are_refused() {
    for name in ["People", "PEOPLE", "Peo\0ple"] {
        let workbook = Xlsx::of("").sheet(name, "visible", ROW).bytes();
        let problem = read(&workbook, None).expect_err(name);
        assert_eq!(problem.code.key(), "workbook_damaged");
        assert!(
            problem.message.contains("two of its sheets have the name \"People\"") || name == "PEOPLE",
            "{problem:?}"
        );
    }
    let sheet = "<table:table table:name=\"List\"/>";
    refused(
        &ods(&sheet.repeat(2)),
        "workbook_damaged",
        "The workbook is damaged: two of its sheets have the name \"List\"",
    );
}

#[test]
fn an_empty_sheet_that_was_asked_for_is_refused() {
    let problem = read(&several(), Some("Cover")).expect_err("empty");
    assert_eq!((problem.code.key(), problem.message.as_str()), ("file_empty", "Sheet \"Cover\" is empty"));
}

#[test]
fn a_workbook_without_cells_is_empty() {
    refused(&Xlsx::of("<row r=\"5\"><c r=\"B5\" s=\"0\"/></row>").bytes(), "file_empty", "The workbook is empty");
    refused(&Xlsx::default().bytes(), "file_empty", "The workbook is empty");
}

#[test]
fn a_workbook_whose_people_are_hidden_says_so() {
    let workbook = Xlsx::of("").sheet("Archive", "hidden", ROW).bytes();
    let problem = read(&workbook, None).expect_err("nothing visible");
    assert_eq!(problem.message, "The workbook's visible sheets are empty");
    assert!(problem.hint.contains("--sheet \"Archive\""), "{problem:?}");
}

#[test]
fn sheets_of_ods_are_chosen_the_same_way() {
    let sheet = |name: &str, style: &str, cell: &str| {
        format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\"><table:table-row><table:table-cell>{cell}\
             </table:table-cell></table:table-row></table:table>"
        )
    };
    let cell = "<text:p>x</text:p>";
    let tables = [
        sheet("Cover", "shown", ""),
        sheet("Old", "hidden", cell),
        sheet("'file:///other.ods'#$Sheet1", "shown", cell),
        sheet("A &amp; B", "shown", cell),
    ];
    let workbook = ods(&tables.concat());
    let (info, _) = read(&workbook, None).expect("read");
    assert_eq!((info.sheet.as_str(), info.sheets.join("|")), ("A & B", "Cover|A & B|Old".to_owned()));
    assert_eq!(read(&workbook, Some("OLD")).expect("read").0.sheet, "Old");
    assert_eq!(read(&workbook, Some("2")).expect("read").0.sheet, "A & B");
    assert_eq!(read(&workbook, Some("x")).expect_err("unknown").code.key(), "sheet_unknown");
    assert_eq!(read(&workbook, Some("1")).expect_err("empty").code.key(), "file_empty");
}

#[test]
fn a_sheet_that_is_a_chart_is_none() {
    let parts = Xlsx::of(ROW).sheet("Chart", "visible", "").parts();
    let spoilt: Vec<_> = parts
        .into_iter()
        .map(|(name, content)| {
            let text = String::from_utf8(content).expect("text");
            let chart = text.replace("worksheet\" Target=\"worksheets/sheet2", "chartsheet\" Target=\"charts/sheet2");
            (name, chart.into_bytes())
        })
        .collect();
    let (info, _) = read(&crate::made::zipped(&spoilt), None).expect("read");
    assert_eq!(info.sheets, ["People"]);
}
