//! Two thousand made-up tables, written as programs write them and read back without a hint: bytes -> encoding -> text ->
//! dialect -> header row -> records, compared cell by cell. `CONVOKE_TEST_QUICK` makes it two hundred.
//!
//! What cannot be told apart: a file that doubles its backslashes but escapes no quote reads as well with doubled quotes,
//! and `\\\\` may be a network path; and a table with two or three letters that are names in two encodings.

mod chance;
mod people;
mod writing;

use std::collections::BTreeMap;
use std::env;
use std::io::Read;

use chance::Chance;
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_pipeline::decoding::Decoder;
use convoke_pipeline::detect::dialect::guess_dialect;
use convoke_pipeline::detect::encoding::EncodingDetector;
use convoke_pipeline::detect::header_row::guess_header_row;
use convoke_pipeline::records::{Dialect, Position, Record, RecordReader};
use convoke_pipeline::source::HEAD_BYTES;
use convoke_pipeline::synonyms;
use people::{LANGUAGES, table};
use writing::{Written, write};

/// What went wrong first on the way, and how sure the guess was of it.
struct Failure {
    cause: String,
    certainty: u8,
}

fn is_known(header: &str) -> bool {
    RecordType::ALL.iter().any(|&record_type| synonyms::target(&text::key(header), record_type).is_some())
}

fn read_back(file: &Written) -> Result<(), Failure> {
    let mut detector = EncodingDetector::new();
    file.bytes.chunks(5_000).for_each(|block| detector.feed(block));
    let encoding = detector.finish();
    let failed = |cause: String, certainty| Err(Failure { cause, certainty });
    let mut decoded = Vec::new();
    Decoder::new(&file.bytes[..], encoding.encoding).read_to_end(&mut decoded).expect("a sound source");
    if decoded != file.text.as_bytes() {
        return failed(format!("{} read as {}", file.encoding, encoding.encoding.name()), encoding.certainty);
    }
    let head = &decoded[..decoded.len().min(HEAD_BYTES)];
    let is_whole = head.len() == decoded.len();
    let guess = guess_dialect(head, is_whole, None);
    let records = read(&decoded, guess.dialect);
    let header = guess_header_row(head, is_whole, guess.dialect, &is_known);
    let Some(header) = header else { return failed("no header".to_owned(), 0) };
    let from_header: Vec<_> = records.iter().filter(|(row, _)| *row >= header.row).map(|(_, cells)| cells).collect();
    if from_header.iter().copied().eq(file.records.iter()) {
        return Ok(());
    }
    let (ours, theirs) = (guess.dialect, file.dialect);
    if ours.delimiter != theirs.delimiter {
        let (theirs, ours) = (char::from(theirs.delimiter), char::from(ours.delimiter));
        return failed(format!("delimiter {theirs:?} read as {ours:?}"), guess.certainty);
    }
    if ours.quoting != theirs.quoting {
        return failed(format!("quoting {:?} read as {:?}", theirs.quoting, ours.quoting), guess.certainty);
    }
    if header.row != file.header_row {
        return failed("header row".to_owned(), header.certainty);
    }
    failed("cells".to_owned(), 0)
}

/// Every record with its row and cells.
fn read(text: &[u8], dialect: Dialect) -> Vec<(u32, Vec<String>)> {
    let mut reader = RecordReader::new(text, dialect, Position::START);
    let mut record = Record::default();
    let mut records = Vec::new();
    while reader.read(&mut record).unwrap_or(false) {
        let cells = record.cells().map(|cell| String::from_utf8_lossy(cell.bytes).into_owned()).collect();
        records.push((record.start().row, cells));
    }
    records
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a quick run is a setting of the test run")]
fn made_up_tables_are_read_back_without_a_hint() {
    let count = if env::var_os("CONVOKE_TEST_QUICK").is_some() { 200 } else { 2_000 };
    let mut causes: BTreeMap<String, (usize, u8)> = BTreeMap::new();
    let (mut exact, mut sure_but_wrong) = (0, 0);
    for seed in 0..count {
        let mut chance = Chance::new(seed);
        let language = &LANGUAGES[chance.between(0, LANGUAGES.len())];
        let file = write(table(language, &mut chance), language, &mut chance);
        match read_back(&file) {
            Ok(()) => exact += 1,
            Err(failure) => {
                sure_but_wrong += usize::from(failure.certainty >= 90);
                println!("seed {seed} {}: {} ({} %)", language.name, failure.cause, failure.certainty);
                let cause = causes.entry(failure.cause).or_insert((0, 0));
                *cause = (cause.0 + 1, cause.1.max(failure.certainty));
            }
        }
    }
    for (cause, (times, certainty)) in &causes {
        println!("{times:4} x {cause}, at most {certainty} % sure");
    }
    println!("{exact} of {count} read back exactly; {sure_but_wrong} wrong although 90 % sure");
    assert!(exact * 1000 >= count as usize * 990, "{exact} of {count}");
}
