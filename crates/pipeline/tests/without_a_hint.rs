//! The corpora of csv-spectrum, commons-csv, papaparse and frictionless, read without being told the dialect or the
//! encoding: the same cells as with a hint. Where detection reads otherwise, the reason stands here.
//! `CONVOKE_CORPORA` names the directory; without it these tests say so and pass.

use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_pipeline::decoding::Decoder;
use convoke_pipeline::detect::dialect::guess_dialect;
use convoke_pipeline::detect::encoding::EncodingDetector;
use convoke_pipeline::detect::header_row::guess_header_row;
use convoke_pipeline::records::{Dialect, Record, RecordReader};
use convoke_pipeline::synonyms;

#[expect(clippy::disallowed_methods, reason = "where the corpora are is a setting of the test run")]
fn corpora() -> Option<PathBuf> {
    let found = env::var_os("CONVOKE_CORPORA").map(PathBuf::from);
    if found.is_none() {
        println!("CONVOKE_CORPORA is not set: no corpus was read");
    }
    found
}

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
fn csv_spectrum_reads_as_its_json_says() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("csv-spectrum");
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

#[test]
fn commons_csv_reads_as_its_control_files_say() {
    let Some(corpora) = corpora() else { return };
    let folder = corpora.join("commons-csv");
    for (control, file) in [("test_default.txt", "test.csv"), ("test_rfc4180.txt", "test.csv")] {
        let control = fs::read_to_string(folder.join("CSVFileParser").join(control)).expect("a control file");
        let widths = control.lines().skip(2).filter_map(|line| line.split_once(':')?.0.parse::<usize>().ok());
        // Blank lines are no records here: of those that hold nothing, delimiters or not, the reader tells nothing.
        let is_blank = |line: &&str| line.ends_with(":[]") || line.ends_with(":[, , , ]");
        let blank = control.lines().filter(is_blank).count();
        let table = read_file(&folder.join("CSVFileParser").join(file));
        let read: Vec<usize> = table.rows.iter().map(Vec::len).collect();
        let expected: Vec<usize> = widths.collect();
        assert_eq!(read.len() + blank, expected.len());
        assert_eq!(read.iter().filter(|&&width| width == 4).count(), 4);
    }
    let japanese = read_file(&folder.join("CSV-196/japanese.csv"));
    let emoji = read_file(&folder.join("CSV-196/emoji.csv"));
    for table in [japanese, emoji] {
        assert!(!table.rows.is_empty());
        assert!(table.rows.iter().flatten().all(|cell| !cell.contains('\u{FFFD}')));
    }
    let bom = read_file(&folder.join("CSVFileParser/bom.csv"));
    assert!(!bom.rows[0][0].starts_with('\u{FEFF}'));
    let psql = read_file(&folder.join("CSV-290/psql.tsv"));
    assert_eq!(psql.dialect.delimiter, b'\t');
}

/// Cases of papaparse that detection reads otherwise, by description, and why.
const PAPAPARSE: &[(&str, &str)] = &[(
    "Mixed slash n and slash r should choose first as precident",
    "a lone CR ends a record wherever it stands: nobody types one into a cell",
)];

#[test]
fn papaparse_cases_read_the_same_without_their_delimiter() {
    let Some(corpora) = corpora() else { return };
    let cases = fs::read_to_string(corpora.join("papaparse/cases.json")).expect("papaparse lies in CONVOKE_CORPORA");
    let cases: serde_json::Value = serde_json::from_str(&cases).expect("json");
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
    let rows = case["expected"]["data"].as_array()?;
    let cells = |row: &serde_json::Value| -> Option<Vec<String>> {
        row.as_array()?.iter().map(|cell| cell.as_str().map(str::to_owned)).collect()
    };
    let rows: Option<Vec<Vec<String>>> = rows.iter().map(cells).collect();
    let is_blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
    Some((case["input"].as_str()?, rows?.into_iter().filter(|row| !is_blank(row)).map(|row| trimmed(&row)).collect()))
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
fn frictionless_tables_are_recognised() {
    let Some(corpora) = corpora() else { return };
    for (file, delimiter, header_row) in FRICTIONLESS {
        let table = read_file(&corpora.join("frictionless").join(file));
        assert_eq!((table.dialect.delimiter, table.header_row), (*delimiter, *header_row), "{file}");
    }
    let greek = read_file(&corpora.join("frictionless/table-infer-iso-8859-7.csv"));
    assert!(greek.rows.iter().flatten().all(|cell| !cell.contains('\u{FFFD}')), "{:?}", greek.rows);
}
