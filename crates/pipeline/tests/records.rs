//! The reader on files of others (csv-spectrum) and on files too large to hold in memory.

use std::io::{Cursor, Read, repeat};

use convoke_pipeline::records::{Dialect, MAX_CELL_BYTES, Position, ReadError, Record, RecordReader};
use convoke_testbed::corpora;

/// `json/location_coordinates.json` names another phone number than the table it belongs to.
const CORPUS_ERRATUM: (&str, &str, &str) = ("location_coordinates", "1234567890", "2095257564");

#[test]
fn the_corpus_csv_spectrum_reads_as_its_json_says() {
    let Some(folder) = corpora::folder("csv-spectrum") else { return };
    let tables = std::fs::read_dir(folder.join("csvs")).expect("csv-spectrum lies in CONVOKE_CORPORA");
    let mut read = 0;
    for table in tables {
        let table = table.expect("a table").path();
        let name = table.file_stem().and_then(|name| name.to_str()).expect("a name");
        let mut json = std::fs::read_to_string(folder.join("json").join(format!("{name}.json"))).expect("its json");
        if name == CORPUS_ERRATUM.0 {
            json = json.replace(CORPUS_ERRATUM.1, CORPUS_ERRATUM.2);
        }
        // A table of one row may stand there without the brackets.
        let expected = match serde_json::from_str(&json).expect("json") {
            serde_json::Value::Array(rows) => rows,
            row => vec![row],
        };
        assert_eq!(objects(&std::fs::read(&table).expect("the table")), expected, "{name}");
        read += 1;
    }
    assert_eq!(read, 12);
    let reason = "its JSON names another phone number than its table; the table's is read";
    corpora::report("csv-spectrum", 12, read, &[(CORPUS_ERRATUM.0, reason)]);
}

/// The records of a table, each as an object with the header's cells as keys.
fn objects(file: &[u8]) -> Vec<serde_json::Value> {
    let mut reader = RecordReader::new(file, Dialect::default(), Position::START);
    let mut record = Record::default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut rows = Vec::new();
    while reader.read(&mut record).expect("a sound table") {
        rows.push(record.cells().map(|cell| text(cell.bytes)).collect::<Vec<_>>());
    }
    let header = rows.remove(0);
    let object = |row: Vec<String>| header.iter().cloned().zip(row.into_iter().map(Into::into)).collect();
    rows.into_iter().map(|row| serde_json::Value::Object(object(row))).collect()
}

/// As large as the build has patience for: 1 GB of one cell, and a file of which every byte has to be looked at.
const LARGE: u64 = if cfg!(debug_assertions) { 200_000_000 } else { 1_000_000_000 };
const BUSY: u64 = LARGE / if cfg!(debug_assertions) { 50 } else { 5 };

fn read_between<'a>(before: &'a str, byte: u8, count: u64, after: &'a str) -> RecordReader<impl Read + 'a> {
    let source = Cursor::new(before).chain(repeat(byte).take(count)).chain(Cursor::new(after));
    RecordReader::new(source, Dialect::default(), Position::START)
}

#[test]
fn a_huge_cell_is_measured_but_not_kept() {
    for quote in ["", "\""] {
        let (before, after) = (format!("a,{quote}"), format!("é{quote},b\nc"));
        let mut reader = read_between(&before, b'x', LARGE, &after);
        let mut record = Record::default();
        assert!(reader.read(&mut record).expect("a record"));
        let cell = record.cell(1);
        assert_eq!(cell.bytes.len(), MAX_CELL_BYTES);
        assert_eq!((cell.length_bytes, cell.length_chars(), cell.is_cut()), (LARGE + 2, LARGE + 1, true));
        assert_eq!(record.cell(2).bytes, b"b");
        assert_eq!(record.size_bytes(), (before.len() + after.len() - 1) as u64 + LARGE);
        assert!(record.capacity_bytes() < 300_000, "{}", record.capacity_bytes());
        assert!(reader.read(&mut record).expect("a record"));
        assert_eq!((record.start().row, record.cell(0).bytes), (2, &b"c"[..]));
    }
}

#[test]
fn a_huge_cell_of_quotes_is_measured_but_not_kept() {
    let mut reader = read_between("\"", b'"', BUSY, "\",b\n");
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert_eq!((record.cell(0).length_bytes, record.cell(1).bytes), (BUSY / 2, &b"b"[..]));
    assert!(record.capacity_bytes() < 300_000, "{}", record.capacity_bytes());
}

#[test]
fn a_quote_that_is_never_closed_is_named_and_swallows_no_memory() {
    let mut reader = read_between("a\n\"", b'\n', LARGE, "");
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert!(matches!(reader.read(&mut record), Err(ReadError::QuoteUnclosed { row: 2, byte: 2 })));
    assert!(record.capacity_bytes() < 300_000, "{}", record.capacity_bytes());
}

#[test]
fn a_huge_line_of_delimiters_is_refused_early() {
    let mut reader = read_between("a\n", b',', LARGE, "");
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert!(matches!(reader.read(&mut record), Err(ReadError::TooManyCells { row: 2 })));
    assert!(reader.position().byte < 1_000_000);
    assert!(record.capacity_bytes() < 500_000, "{}", record.capacity_bytes());
}

#[test]
fn a_huge_line_of_many_cells_stays_within_the_cap_of_a_record() {
    let cell = format!("{},", "x".repeat(29_999));
    let source = Cursor::new(cell.repeat(10_000)).chain(Cursor::new("end\nnext"));
    let mut reader = RecordReader::new(source, Dialect::default(), Position::START);
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert_eq!(
        (record.len(), record.cell(9_999).length_bytes, record.cell(10_000).length_chars()),
        (10_001, 29_999, 3)
    );
    assert!(record.capacity_bytes() < 5_500_000, "{}", record.capacity_bytes());
}

#[test]
fn blank_lines_by_the_million_cost_no_memory() {
    let mut reader = read_between("", b'\n', BUSY, "a");
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert_eq!((record.start().row, record.start().byte), (BUSY as u32 + 1, BUSY));
}
