//! The child process that reads a workbook, and the template as one: the real executable within real limits.

use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use convoke_app::Error;
use convoke_app::pipeline::problem::{Problem, ProblemCode};
use convoke_app::pipeline::workbook::SheetInfo;
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_testbed::corpora;
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::place::Place;

/// What a workbook may take that is made to harm.
const FEW: WorkbookLimits = WorkbookLimits { memory_bytes: 256 << 20, time: Duration::from_secs(10) };

/// What the child read of a workbook, and the table.
fn read(path: &Path, sheet: Option<&str>, limits: WorkbookLimits) -> Result<(SheetInfo, String), Problem> {
    let reader = WorkbookReader { program: env!("CARGO_BIN_EXE_convoke").into(), limits };
    let mut out = tempfile::tempfile().expect("a file");
    match reader.read(File::open(path).expect("the workbook"), sheet, out.try_clone().expect("a file")) {
        Ok(info) => {
            let mut table = String::new();
            out.rewind().and_then(|()| out.read_to_string(&mut table)).expect("text");
            Ok((info, table))
        }
        Err(Error::Refused(problem)) => Err(problem),
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

/// A workbook of one sheet with these rows and shared strings, packed like this.
fn workbook(rows: &str, strings: &str, packing: CompressionMethod) -> Vec<u8> {
    let relationship =
        |id: u32, kind: &str, part: &str| format!("<Relationship Id=\"{id}\" Type=\"a/{kind}\" Target=\"{part}\"/>");
    let related = [relationship(1, "worksheet", "sheet.xml"), relationship(2, "sharedStrings", "strings.xml")].concat();
    let parts = [
        ("[Content_Types].xml", "<a ContentType=\"spreadsheetml.sheet.main\"/>".to_owned()),
        ("_rels/.rels", format!("<a>{}</a>", relationship(1, "officeDocument", "workbook.xml"))),
        ("_rels/workbook.xml.rels", format!("<a>{related}</a>")),
        ("workbook.xml", "<a><sheet name=\"People\" id=\"1\"/></a>".to_owned()),
        ("sheet.xml", format!("<a><sheetData>{rows}</sheetData></a>")),
        ("strings.xml", format!("<a>{strings}</a>")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default().compression_method(packing)).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A template with a person in its first sheet, as the executable writes it.
fn template(place: &Place) -> PathBuf {
    place.done(&["fields", "add", "Tier", "--as", "advocates", "--option", "Gold", "--type", "single_select"]);
    place.done(&["template", "advocates", "--format", "xlsx", "--out", "template.xlsx"]);
    place.path("template.xlsx")
}

#[test]
fn the_template_as_a_workbook_reads_as_the_one_in_csv() {
    let place = Place::new();
    let (info, table) = read(&template(&place), None, FEW).expect("read");
    assert_eq!((info.sheet.as_str(), info.rows, info.columns), ("Advocates", 2, 11));
    let csv = place.done(&["template", "advocates"]).stdout.replace("\r\n", "\n");
    assert_eq!(table.lines().next(), csv.lines().next());
    assert!(table.lines().next().is_some_and(|header| header.ends_with("External Account ID,Tier")), "{table}");
    let (_, notes) = read(&place.path("template.xlsx"), Some("notes"), FEW).expect("read");
    assert!(notes.contains("Tier,One of: Gold.\n"), "{notes}");
}

#[test]
fn the_template_as_a_workbook_goes_to_a_pipe_before_there_is_a_database() {
    let place = Place::new();
    let output = place.command(&["template", "creator", "--format", "xlsx"]).output().expect("the executable starts");
    assert!(output.status.success() && output.stdout.starts_with(b"PK"), "{output:?}");
}

#[test]
fn the_table_of_a_sheet_goes_to_stdout_and_what_it_is_to_stderr() {
    let place = Place::new();
    template(&place);
    let ran = place.done(&["read-workbook", "template.xlsx", "--sheet", "2"]);
    ran.shows("Column,What goes into it\nName,");
    let info: SheetInfo = serde_json::from_str(ran.stderr.trim()).expect("one line of JSON");
    assert_eq!((info.sheet.as_str(), info.sheets), ("Notes", vec!["Advocates".to_owned(), "Notes".to_owned()]));
}

#[test]
fn a_refusal_is_one_line_on_stderr_and_exit_code_2() {
    let place = Place::new();
    place.file("people.xlsx", b"\x89PNG\r\n\x1A\n");
    let ran = place.run(&["read-workbook", "people.xlsx"]);
    let problem: Problem = serde_json::from_str(ran.stderr.trim()).expect("one line of JSON");
    assert_eq!((ran.code, problem.code, ran.stdout.as_str()), (2, ProblemCode::FileType, ""));
    assert!(place.run(&["read-workbook", "nowhere.xlsx"]).stderr.contains("\"code\":\"file_unreadable\""));
}

#[test]
fn a_workbook_is_checked_imported_resumed_and_given_back_like_any_other_file() {
    let place = Place::new();
    place.done(&["fields", "add", "Score", "--as", "advocates", "--type", "number"]);
    let cell = |text: &str| format!("<c t=\"str\"><v>{text}</v></c>");
    let row = |at: u32, cells: &str| format!("<row r=\"{at}\">{cells}</row>");
    let header = row(3, &(cell("Name") + &cell("Email") + &cell("Score")));
    let anna = row(4, &(cell("Anna Lee") + &cell("anna@example.com") + "<c><v>1.234</v></c>"));
    let ben = row(6, &(cell("Ben Ito") + &cell("ben@@example.com") + "<c><v>2.5</v></c>"));
    let rows = row(1, &cell("Our friends")) + &header + &anna + &ben;
    let bytes = workbook(&rows, "", CompressionMethod::Deflated);
    // Told by its content, whatever its name is.
    let file = place.file("people.csv", &bytes);
    let ran = place.run(&["check", file, "--as", "advocates"]);
    ran.shows("XLSX, sheet People, header in row 3; 3 columns mapped");
    let (code, report) = place.json(&["import", file, "--as", "advocates", "--errors", "errors.csv"]);
    assert_eq!((code, &report["counts"]["created"], &report["issues"][0]["row"]), (1, &json!(1), &json!(6)));
    assert_eq!((&report["file"]["format"], &report["file"]["encoding"]), (&json!("xlsx"), &json!(null)));
    assert_eq!(place.person("advocates", "anna@example.com")["custom"], json!({"Score": ["1.234"]}));
    assert!(place.read("errors.csv").contains("ben@@example.com"));
    let id = report["import"].as_str().expect("an id");
    let original = place.command(&["imports", "original", id]).output().expect("started");
    assert_eq!(original.stdout, bytes);
    let ran = place.run(&["check", file, "--as", "advocates", "--sheet", "Enemies"]);
    assert_eq!(ran.code, 2);
    ran.says("People");
}

#[test]
fn formulas_that_were_never_computed_are_told_wherever_the_file_is_read() {
    let place = Place::new();
    let text = |text: &str| format!("<c t=\"str\"><v>{text}</v></c>");
    let never = "<c><f>B2</f></c><c><f>C2</f><v/></c><c t=\"str\"><f t=\"shared\" si=\"0\"/></c>";
    let computed = "<c t=\"str\"><f>B2</f><v></v></c><c><f>1+1</f><v>2</v></c><c/>";
    let header: String = ["Email", "Name", "Title", "Company"].map(text).concat();
    let [anna, ben] = ["anna@example.com", "ben@example.com"].map(text);
    let rows = format!("<row>{header}</row><row>{anna}{never}</row><row>{ben}{computed}</row>");
    let bytes = workbook(&rows, "", CompressionMethod::Deflated);
    let file = place.file("people.xlsx", &bytes);
    let sentence =
        "3 formulas have no stored value and were read as blank; open the file in a spreadsheet program, save it";
    place.done(&["inspect", file]).shows(sentence);
    assert_eq!(place.json(&["inspect", file]).1["file"]["blank_formulas"], json!(3));
    let ran = place.run(&["check", file, "--as", "advocates"]);
    ran.says(sentence);
    ran.shows("XLSX, sheet People, 3 formulas without a value, header in row 1");
}

#[test]
fn a_refusal_of_a_workbook_names_the_sheet_that_was_read_and_the_others() {
    let place = Place::new();
    template(&place);
    let ran = place.run(&["check", "template.xlsx", "--as", "advocates", "--sheet", "2"]);
    assert_eq!(ran.code, 2);
    ran.says("This is the sheet Notes; others are Advocates (--sheet NAME).");
}

#[test]
fn the_command_is_not_among_those_that_help_lists() {
    let ran = Place::new().done(&["--help"]);
    assert!(!ran.stdout.contains("read-workbook"), "{ran:?}");
}

#[test]
fn a_child_without_memory_or_time_is_told_as_a_workbook_that_is_too_large() {
    let place = Place::new();
    let strings: String = (0..600_000).map(|n| format!("<si><t>{n:0>72}</t></si>")).collect();
    let cell = "<row><c t=\"s\"><v>0</v></c></row>";
    place.file("strings.xlsx", workbook(cell, &strings, CompressionMethod::Stored));
    let path = place.path("strings.xlsx");
    assert_eq!(read(&path, None, FEW).expect("read").0.rows, 1);
    let hungry = WorkbookLimits { memory_bytes: 40 << 20, ..FEW };
    let problem = read(&path, None, hungry).expect_err("no memory");
    assert_eq!(problem.code, ProblemCode::WorkbookTooLarge);
    assert_eq!(problem.message, "The workbook takes more than 40 MB of memory to read");
    let hasty = WorkbookLimits { time: Duration::from_micros(1), ..FEW };
    let problem = read(&path, None, hasty).expect_err("no time");
    assert_eq!(problem.message, "The workbook takes more than 1 seconds to read");
}

#[test]
fn a_million_rows_of_nothing_and_one_person_take_little() {
    let place = Place::new();
    let rows: String = (1..=1_000_000).map(|row| format!("<row r=\"{row}\" s=\"1\"/>")).collect();
    let rows = format!("{rows}<row r=\"1000001\"><c t=\"str\"><v>Anna</v></c></row>");
    place.file("sparse.xlsx", workbook(&rows, "", CompressionMethod::Deflated));
    let small = WorkbookLimits { memory_bytes: 40 << 20, ..FEW };
    let (info, table) = read(&place.path("sparse.xlsx"), None, small).expect("read");
    assert_eq!((info.rows, table.len()), (1_000_001, 1_000_005));
}

#[test]
fn the_most_text_that_is_taken_fits_into_the_memory_that_is_given() {
    let place = Place::new();
    // Distinct texts up to just above what is taken, then a refusal in words, not for want of memory.
    let strings: String = (0..2_600_000).map(|n| format!("<si><t>{n:0>72}</t></si>")).collect();
    place.file("strings.xlsx", workbook("", &strings, CompressionMethod::Stored));
    let most = WorkbookLimits { memory_bytes: 300 << 20, ..WorkbookLimits::default() };
    let problem = read(&place.path("strings.xlsx"), None, most).expect_err("too much");
    assert_eq!(problem.message, "The workbook holds more than 200 MB of distinct text");
}

#[test]
fn every_workbook_of_the_corpus_ends_in_words_within_its_limits() {
    let Some(folder) = corpora::folder("xlsx-calamine") else { return };
    let limits = WorkbookLimits { memory_bytes: 256 << 20, time: Duration::from_secs(5) };
    let mut files: Vec<_> = fs::read_dir(folder).expect("the folder").flatten().collect();
    files.sort_by_key(|file| file.file_name());
    for path in files.iter().map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end != "md")) {
        let start = Instant::now();
        let found = read(&path, None, limits);
        let name = path.file_name().expect("a name").to_string_lossy();
        let is_old = [".xls", ".xlsb", ".png"].iter().any(|end| name.ends_with(end));
        let words = match &found {
            Ok((info, table)) => format!("{} rows of {}, {} bytes", info.rows, info.sheet, table.len()),
            Err(problem) => format!("{}: {}. {}", problem.code.key(), problem.message, problem.hint),
        };
        eprintln!("{:5} ms {name}: {words}", start.elapsed().as_millis());
        assert!(!is_old || found.is_err(), "{name} was read");
        assert!(!words.contains("ended early") && !words.starts_with("workbook_too_large"), "{name}: {words}");
    }
}
