//! The first bytes of an upload: what kind of file it is, and its header row. What is no text table is refused here,
//! before anything is read in full.

use std::io::Read;

use convoke_people::text;

use crate::defuse::take_back;
use crate::problem::{Problem, ProblemCode};
use crate::records::{Dialect, Position, ReadError, Record, RecordReader};
use crate::scan::ScanError;

/// Bytes of the file that detection looks at.
pub const HEAD_BYTES: usize = 256 * 1024;

/// An upload with its detected format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub dialect: Dialect,
    /// Header cells, trimmed.
    pub headers: Vec<String>,
    /// Where the header stands: blank lines may come before it.
    pub header: Position,
    /// Where the records below the header begin.
    pub body: Position,
}

/// Looks at the first [`HEAD_BYTES`] and refuses what is no text.
pub fn refuse_other_files(head: &[u8]) -> Result<(), Problem> {
    let refused = |message: &str, hint: &str| Err(Problem::new(ProblemCode::FileType, message, hint));
    if head.is_empty() {
        return Err(Problem::new(
            ProblemCode::FileEmpty,
            "The file is empty",
            "Choose the file that holds the people.",
        ));
    }
    if head.starts_with(b"PK\x03\x04") {
        return refused(
            "The file is a workbook or zip archive, not a CSV file",
            "Save it as \"CSV UTF-8\" and import that.",
        );
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return refused("The file is an old Excel workbook (.xls)", "Save it as \"CSV UTF-8\" and import that.");
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return refused("The file is encoded in UTF-16", "Save it as \"CSV UTF-8\" and import that.");
    }
    if head.starts_with(b"%PDF-") || head.starts_with(b"\x89PNG") || head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return refused("The file is a picture or PDF, not a table", "Choose the CSV file that holds the people.");
    }
    let strange = head.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    if strange * 20 > head.len() {
        return refused("The file is no text: it is binary data", "Choose the CSV file that holds the people.");
    }
    Ok(())
}

/// Reads the header row. `file` stands at byte 0.
pub fn read_header<R: Read>(file: R, dialect: Dialect) -> Result<Source, ScanError> {
    let mut reader = RecordReader::new(file, dialect, Position::START);
    let mut record = Record::default();
    let found = match reader.read(&mut record) {
        Err(ReadError::QuoteUnclosed { row, .. }) => {
            return Err(ScanError::Refused(Problem::new(
                ProblemCode::QuoteUnclosed,
                format!("A quote opened in row {row}, before any person, is never closed"),
                "Close the quote in the header row.",
            )));
        }
        other => other?,
    };
    if !found {
        return Err(ScanError::Refused(Problem::new(
            ProblemCode::FileEmpty,
            "The file holds nothing but blanks",
            "Choose the file that holds the people.",
        )));
    }
    let headers = record.cells().map(|cell| header_text(cell.bytes)).collect();
    Ok(Source { dialect, headers, header: record.start(), body: reader.position() })
}

fn header_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text::remove_controls(&text).unwrap_or_else(|| text.into_owned());
    // A header of one of our own files may have been defused.
    take_back(text::trim(&text)).split_whitespace().collect::<Vec<_>>().join(" ")
}
