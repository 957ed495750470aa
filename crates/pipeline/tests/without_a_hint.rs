//! The corpora of csv-spectrum, commons-csv, papaparse and frictionless, read without being told the dialect or the
//! encoding: the same cells as with a hint, or by the pass rules. Where we read otherwise, the reason stands here.
//! `CONVOKE_CORPORA` names the directory; without it these tests say so and pass.

use std::fs;
use std::io::Read;
use std::path::Path;

use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_pipeline::decoding::Decoder;
use convoke_pipeline::detect::dialect::guess_dialect;
use convoke_pipeline::detect::encoding::EncodingDetector;
use convoke_pipeline::detect::header_row::guess_header_row;
use convoke_pipeline::records::{Dialect, Position, ReadError, Record, RecordReader};
use convoke_pipeline::synonyms;
use convoke_testbed::corpora;

/// A file as it was read: dialect, row of the header, records.
struct Table {
    dialect: Dialect,
    header_row: Option<u32>,
    rows: Vec<Vec<String>>,
}

fn is_known(header: &str) -> bool {
    RecordType::ALL.iter().any(|&record_type| synonyms::target(&text::key(header), record_type).is_some())
}

fn read(bytes: &[u8]) -> Table {
    let mut detector = EncodingDetector::new();
    detector.feed(bytes);
    let mut decoded = Vec::new();
    Decoder::new(bytes, detector.finish().encoding).read_to_end(&mut decoded).expect("a sound source");
    let guess = guess_dialect(&decoded, true, None);
    let header = guess_header_row(&decoded, true, guess.dialect, &is_known);
    let body = &decoded[guess.start.byte as usize..];
    let mut reader = RecordReader::new(body, guess.dialect, guess.start);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while reader.read(&mut record).unwrap_or(false) {
        rows.push(record.cells().map(|cell| String::from_utf8_lossy(cell.bytes).into_owned()).collect());
    }
    Table { dialect: guess.dialect, header_row: header.map(|header| header.row), rows }
}

fn read_file(path: &Path) -> Table {
    read(&fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// `json/location_coordinates.json` names another phone number than the table it belongs to.
const CORPUS_ERRATUM: (&str, &str) = ("1234567890", "2095257564");

#[test]
fn the_corpus_csv_spectrum_reads_as_its_json_says() {
    let Some(folder) = corpora::folder("csv-spectrum") else { return };
    let tables = fs::read_dir(folder.join("csvs")).expect("csv-spectrum lies in CONVOKE_CORPORA");
    let mut met = 0;
    for table in tables {
        let path = table.expect("a table").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        let json = fs::read_to_string(folder.join("json").join(format!("{name}.json"))).expect("its json");
        let json = json.replace(CORPUS_ERRATUM.0, CORPUS_ERRATUM.1);
        // A table of one row may stand there without the brackets.
        let expected = match serde_json::from_str(&json).expect("json") {
            serde_json::Value::Array(rows) => rows,
            row => vec![row],
        };
        let mut table = read_file(&path);
        assert_eq!(table.header_row, Some(1), "{name}");
        let header = table.rows.remove(0);
        let object = |row: Vec<String>| header.iter().cloned().zip(row.into_iter().map(Into::into)).collect();
        let read: Vec<_> = table.rows.into_iter().map(|row| serde_json::Value::Object(object(row))).collect();
        assert_eq!(read, expected, "{name}");
        met += 1;
    }
    assert_eq!(met, 12);
}

/// Control files of commons-csv, and why they do not hold here.
const COMMONS: &[(&str, &str)] = &[
    (
        "testCSV85_default.txt",
        "asks for comment lines to be left out; a line that begins with # is a row like any other, and the others agree",
    ),
    ("CSV-141/csv-141.csv", "a quote in it is never closed; the file is refused, and the row of the quote named"),
];

/// The widths of records that a control file names, without those that hold nothing: blank lines are no records here.
fn expected_widths(control: &str) -> Vec<usize> {
    let records = control.lines().skip(2).filter(|line| !line.starts_with('#'));
    let records = records.filter_map(|line| line.split_once(':'));
    let filled = records.filter(|(_, cells)| !cells.starts_with("[]") && *cells != "[, , , ]");
    filled.map(|(width, _)| width.parse().expect("a number")).collect()
}

/// Everything of a text but what tells cells apart.
fn substance(text: &str, dialect: Dialect) -> String {
    text.chars().filter(|&c| !['"', '\\', '\r', '\n', '\u{FEFF}', char::from(dialect.delimiter)].contains(&c)).collect()
}

#[test]
fn the_corpus_commons_csv_reads_as_its_control_files_say_and_without_loss() {
    let Some(folder) = corpora::folder("commons-csv") else { return };
    let (mut cases, mut wrong) = (0, Vec::new());
    let controls = [("test_default.txt", "test"), ("test_rfc4180.txt", "test"), ("testCSV85_default.txt", "testCSV85")];
    for (control, file) in controls {
        let expected = expected_widths(&fs::read_to_string(folder.join("CSVFileParser").join(control)).expect(control));
        let mut rows = read_file(&folder.join(format!("CSVFileParser/{file}.csv"))).rows;
        cases += 1;
        if rows.iter().map(Vec::len).collect::<Vec<_>>() != expected {
            wrong.push(control);
            rows.retain(|row| !row[0].starts_with('#'));
            assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), expected, "{control}: comment lines aside");
        }
    }
    let bugs = ["CSV-141/csv-141.csv", "CSV-196/emoji.csv", "CSV-196/japanese.csv", "CSV-213/999751170.patch.csv"];
    let more = ["CSV-254/csv-254.csv", "CSV-259/sample.txt", "CSV-290/psql.csv", "CSV-290/psql.tsv"];
    let rest = ["CSVFileParser/bom.csv", "CSVFileParser/testCSV246.csv", "csv-167/sample1.csv"];
    for file in [bugs.as_slice(), &more, &rest].concat() {
        let table = read_file(&folder.join(file));
        let text = fs::read_to_string(folder.join(file)).expect(file);
        let read: String = table.rows.concat().iter().map(|cell| substance(cell, table.dialect)).collect();
        cases += 1;
        if read != substance(&text, table.dialect) || table.rows[0][0].starts_with('\u{FEFF}') {
            wrong.push(file);
        }
    }
    let unclosed = fs::read_to_string(folder.join(COMMONS[1].0)).expect("a bug file");
    assert!(matches!(read_with(&unclosed, b','), Err(ReadError::QuoteUnclosed { row: 3, .. })));
    corpora::report("commons-csv", cases, cases - wrong.len(), COMMONS);
    assert_eq!(wrong, COMMONS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

/// The cases of papaparse.
fn papaparse() -> Option<serde_json::Value> {
    let cases = fs::read_to_string(corpora::folder("papaparse")?.join("cases.json")).expect("the cases of papaparse");
    Some(serde_json::from_str(&cases).expect("json"))
}

/// Cases of papaparse that differ although their settings are those of its pass rule, and why.
const BY_THE_RULE: &[(&str, &str)] = &[
    ("Quoted field has invalid trailing quote after delimiter with a valid closer", BEHIND_A_QUOTE),
    ("Quoted field has invalid trailing quote after delimiter", BEHIND_A_QUOTE),
    ("Quoted field has invalid trailing quote before delimiter", BEHIND_A_QUOTE),
    ("Quoted field has invalid trailing quote after new line", BEHIND_A_QUOTE),
    ("Mixed slash n and slash r should choose first as precident", "a lone CR ends a record wherever it stands"),
    ("Bad delimiter (\\n)", "a line end is refused as a delimiter, not replaced by a comma"),
    ("Multi-character delimiter", "a delimiter is one byte"),
    ("Multi-character delimiter (length 2) with quoted field", "a delimiter is one byte"),
    ("Single quote as quote character", "only \" quotes a cell"),
    ("Using reserved regex character . as quote character", "only \" quotes a cell"),
    ("Using reserved regex character | as quote character", "only \" quotes a cell"),
];
const BEHIND_A_QUOTE: &str = "what follows a closing quote belongs to the cell, as in Excel, and is no error";

#[test]
fn papaparse_cases_of_the_corpus_read_as_their_settings_say() {
    let Some(sets) = papaparse() else { return };
    let (mut cases, mut wrong) = (0, Vec::new());
    for set in ["CORE_PARSER_TESTS", "PARSE_TESTS"] {
        for case in sets[set].as_array().expect("cases").iter().filter(|case| is_in_the_rule(case)) {
            cases += 1;
            if !is_met(case, set == "PARSE_TESTS") {
                wrong.push(case["description"].as_str().expect("a description"));
            }
        }
    }
    corpora::report("papaparse", cases, cases - wrong.len(), BY_THE_RULE);
    assert_eq!(wrong, BY_THE_RULE.iter().map(|(description, _)| *description).collect::<Vec<_>>());
}

/// Whether a case has no settings but those of the pass rule.
fn is_in_the_rule(case: &serde_json::Value) -> bool {
    let settings = ["delimiter", "newline", "quoteChar", "skipEmptyLines"];
    case["config"].as_object().is_none_or(|config| config.keys().all(|key| settings.contains(&key.as_str())))
}

/// The same cells, blanks around them and rows of nothing aside; or a broken quote that is reported with its row.
fn is_met(case: &serde_json::Value, may_guess: bool) -> bool {
    let input = case["input"].as_str().expect("an input");
    let read = match case["config"]["delimiter"].as_str().map(str::as_bytes) {
        None if may_guess => Ok(read(input.as_bytes()).rows),
        Some(&[delimiter]) => read_with(input, delimiter),
        None => read_with(input, b','),
        Some(_) => return false,
    };
    match read {
        Ok(rows) => rows.iter().map(|row| trimmed(row)).collect::<Vec<_>>() == expected_rows(case),
        Err(error) => {
            matches!(error, ReadError::QuoteUnclosed { row: 1.., .. })
                && case["expected"]["errors"][0]["type"] == "Quotes"
        }
    }
}

/// Reads with this delimiter.
fn read_with(input: &str, delimiter: u8) -> Result<Vec<Vec<String>>, ReadError> {
    let mut reader = RecordReader::new(input.as_bytes(), Dialect { delimiter, ..Dialect::default() }, Position::START);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while reader.read(&mut record)? {
        rows.push(record.cells().map(|cell| String::from_utf8_lossy(cell.bytes).into_owned()).collect());
    }
    Ok(rows)
}

/// Cases of papaparse that detection reads otherwise, by description, and why.
const PAPAPARSE: &[(&str, &str)] = &[(
    "Mixed slash n and slash r should choose first as precident",
    "a lone CR ends a record wherever it stands: nobody types one into a cell",
)];

#[test]
fn papaparse_cases_of_the_corpus_read_the_same_without_their_delimiter() {
    let Some(cases) = papaparse() else { return };
    let mut wrong = Vec::new();
    let mut met = 0;
    for case in ["CORE_PARSER_TESTS", "PARSE_TESTS"].iter().flat_map(|set| cases[set].as_array().expect("cases")) {
        let Some((input, expected)) = comparable(case) else { continue };
        let rows: Vec<Vec<String>> = read(input.as_bytes()).rows.iter().map(|row| trimmed(row)).collect();
        if rows == expected {
            met += 1;
        } else {
            println!("{case} {rows:?}");
            wrong.push(case["description"].as_str().unwrap_or_default().to_owned());
        }
    }
    println!("{met} met, {} not met", wrong.len());
    assert_eq!(wrong, PAPAPARSE.iter().map(|(description, _)| *description).collect::<Vec<_>>());
}

/// Blanks around a cell are nothing to us, those behind a closing quote too.
fn trimmed(row: &[String]) -> Vec<String> {
    row.iter().map(|cell| text::trim(cell).to_owned()).collect()
}

/// Input and expected rows of a case that asks for nothing but reading; rows of blanks are left out.
fn comparable(case: &serde_json::Value) -> Option<(&str, Vec<Vec<String>>)> {
    let plain = ["delimiter", "newline", "skipEmptyLines"];
    if let Some(config) = case["config"].as_object() {
        let is_plain = config.iter().all(|(key, value)| plain.contains(&key.as_str()) && !value.is_object());
        let is_ours = config.get("delimiter").is_none_or(|d| [",", ";", "\t", "|", ""].iter().any(|ours| d == ours));
        if !is_plain || !is_ours {
            return None;
        }
    }
    let has_errors = case["expected"]["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    if has_errors {
        return None;
    }
    Some((case["input"].as_str()?, expected_rows(case)))
}

/// The rows a case expects, without those of blanks and without blanks around a cell. (A row may be an object whose
/// keys are the headers; none of the cases that are read here is.)
fn expected_rows(case: &serde_json::Value) -> Vec<Vec<String>> {
    let cell = |cell: &serde_json::Value| cell.as_str().expect("text").to_owned();
    let row = |row: &serde_json::Value| row.as_array().expect("cells").iter().map(cell).collect();
    let rows = case["expected"]["data"].as_array().expect("rows").iter().map(row);
    let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
    rows.filter(|row| !is_blank(row)).map(|row| trimmed(&row)).collect()
}

/// Delimiter and header row of each file; None: the first row is already data.
const FRICTIONLESS: &[(&str, u8, Option<u32>)] = &[
    ("accent.csv", b';', Some(1)),
    ("delimiter.csv", b';', Some(1)),
    ("doublequote.csv", b',', Some(1)),
    ("escaping.csv", b',', Some(1)),
    ("issue-1009-comma.csv", b',', Some(1)),
    ("issue-1009-semicolon.csv", b';', Some(1)),
    ("issue-1105-timezone.csv", b';', Some(1)),
    ("issue-1138.csv", b';', Some(1)),
    ("issue-1232.csv", b';', Some(1)),
    ("issue-833.csv", b',', Some(1)),
    ("latin1.csv", b',', Some(1)),
    ("leading-zeros.csv", b',', Some(1)),
    ("matrix-with-comment.csv", b',', Some(2)),
    ("skip-rows-before-headers.csv", b',', Some(2)),
    ("structure-errors.csv", b',', Some(1)),
    ("table-infer-iso-8859-7.csv", b',', Some(1)),
    ("table.tsv", b'\t', Some(1)),
    ("without-headers.csv", b',', Some(1)),
];

#[test]
fn frictionless_tables_of_the_corpus_are_recognised() {
    let Some(folder) = corpora::folder("frictionless") else { return };
    for (file, delimiter, header_row) in FRICTIONLESS {
        let table = read_file(&folder.join(file));
        assert_eq!((table.dialect.delimiter, table.header_row), (*delimiter, *header_row), "{file}");
    }
    let greek = read_file(&folder.join("table-infer-iso-8859-7.csv"));
    assert!(greek.rows.iter().flatten().all(|cell| !cell.contains('\u{FFFD}')), "{:?}", greek.rows);
}
