//! The beginning of an upload's text: how its cells are told apart, and which row holds the headers. What is no text
//! table is refused here, before anything is read in full.

use std::io::Read;

use convoke_people::text;

use crate::decoding::TextEncoding;
use crate::defuse::take_back;
use crate::detect::dialect::guess_dialect;
use crate::detect::header_row::guess_header_row;
use crate::detect::sep_line::table_start;
use crate::mapping::column_letters;
use crate::problem::{Problem, ProblemCode};
use crate::records::{Dialect, Position, Quoting, ReadError, Record, RecordReader};
use crate::scan::ScanError;

/// Bytes of the text that detection looks at.
pub const HEAD_BYTES: usize = 256 * 1024;

/// What the user says about how a file is written, instead of what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    pub encoding: Option<TextEncoding>,
    pub delimiter: Option<u8>,
    /// As a spreadsheet program numbers rows; 0 if there is none, and the columns are called A, B, C.
    pub header_row: Option<u32>,
    /// Of a workbook: a name, or a number from 1.
    pub sheet: Option<String>,
}

/// How sure a choice is, and what else it might have been.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guess<T> {
    /// Percent; 100 where the user said so.
    pub certainty: u8,
    pub runner_up: Option<T>,
}

impl<T> Guess<T> {
    fn said() -> Self {
        Self { certainty: 100, runner_up: None }
    }
}

/// A text with its detected format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub dialect: Dialect,
    pub dialect_guess: Guess<Dialect>,
    pub header_guess: Guess<u32>,
    /// Header cells, trimmed.
    pub headers: Vec<String>,
    /// Where the header stands: titles and blank lines may come before it.
    pub header: Position,
    /// Where the records below the header begin.
    pub body: Position,
}

/// The dialect workbooks are written in for the rest of the pipeline.
pub const WORKBOOK_DIALECT: Dialect = Dialect { delimiter: b',', quoting: Quoting::Doubled };

/// The first bytes of a text, from its first line that is not blank.
#[derive(Clone, Copy, Debug)]
pub struct Head<'t> {
    pub text: &'t [u8],
    pub start: Position,
    /// Whether the text ends here too.
    pub is_whole: bool,
}

/// How the cells are told apart and which row holds the headers, as far as a text's head tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub dialect: Dialect,
    pub dialect_guess: Guess<Dialect>,
    /// None: nothing looks like a header; the first line is taken for one, and the mapping says what is missing.
    pub header_row: Option<u32>,
    pub header_guess: Guess<u32>,
    pub start: Position,
}

/// Refuses a file that holds nothing, or what is no text in any encoding.
pub fn refuse_binary(head: &[u8], encoding: TextEncoding) -> Result<(), Problem> {
    if head.is_empty() {
        return Err(Problem::new(
            ProblemCode::FileEmpty,
            "The file is empty",
            "Choose the file that holds the people.",
        ));
    }
    let strange = head.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    // Of random bytes a tenth are such; a short list may have a few by accident.
    let share = if head.len() < SHORT_BYTES { 8 } else { 20 };
    if encoding.is_ascii_compatible() && strange * share > head.len() {
        return Err(Problem::new(
            ProblemCode::FileType,
            "The file is no text: it is binary data",
            "Choose the CSV file or workbook that holds the people.",
        ));
    }
    match OTHER_TEXTS.iter().find(|(beginning, _)| begins_with(head, beginning)) {
        Some((_, what)) => Err(Problem::new(
            ProblemCode::FileType,
            format!("The file is {what}, not a table"),
            "Open it in the program it is meant for, or in Excel, and save it as .xlsx or CSV.",
        )),
        None => Ok(()),
    }
}

/// A file below this size is short.
const SHORT_BYTES: usize = 1024;

/// Texts that are no tables, by how they begin, in lower case.
const OTHER_TEXTS: &[(&str, &str)] = &[
    ("<!doctype html", "a web page"),
    ("<html", "a web page"),
    ("<table", "a web page"),
    ("<?xml", "an XML document"),
    ("<workbook", "an XML document"),
    ("begin:vcard", "a list of vCards"),
    ("{\"", "a JSON document"),
    ("[{", "a JSON document"),
];

fn begins_with(head: &[u8], beginning: &str) -> bool {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    head.get(..beginning.len()).is_some_and(|found| found.eq_ignore_ascii_case(beginning.as_bytes()))
}

/// Finds the layout of a text; `is_known` tells the headers this program knows from others.
pub fn find_layout(head: Head<'_>, hints: &Hints, fixed: Option<Dialect>, is_known: &dyn Fn(&str) -> bool) -> Layout {
    let mut start = head.start;
    let (dialect, dialect_guess) = match fixed {
        Some(dialect) => (dialect, Guess::said()),
        None => {
            let guess = guess_dialect(head.text, head.is_whole, hints.delimiter);
            // A line that only names the delimiter is no row.
            start.byte += guess.start.byte;
            (guess.dialect, Guess { certainty: guess.certainty, runner_up: guess.runner_up })
        }
    };
    // In a workbook a line `sep=;` is a row like any other.
    let is_row = fixed.is_some() && table_start(head.text).1.is_some();
    let rows_above = head.start.row - 1 + u32::from(is_row);
    let (header_row, header_guess) = match hints.header_row {
        Some(row) => (Some(row), Guess::said()),
        None => match guess_header_row(head.text, head.is_whole, dialect, is_known) {
            Some(found) => {
                let runner_up = found.runner_up.map(|row| row + rows_above);
                (Some(found.row + rows_above), Guess { certainty: found.certainty, runner_up })
            }
            None => (None, Guess { certainty: 0, runner_up: None }),
        },
    };
    Layout { dialect, dialect_guess, header_row, header_guess, start }
}

/// Reads the header row. `text` stands at the start of the layout.
pub fn read_header<R: Read>(text: R, layout: &Layout) -> Result<Source, ScanError> {
    let mut reader = RecordReader::new(text, layout.dialect, layout.start);
    let mut record = Record::default();
    let has_none = layout.header_row == Some(0);
    loop {
        let found = match reader.read(&mut record) {
            Err(ReadError::QuoteUnclosed { row, .. }) => return Err(ScanError::Refused(unclosed_above_people(row))),
            other => other?,
        };
        let row = record.start().row;
        let wanted = layout.header_row.unwrap_or(row);
        if found && has_none {
            break;
        }
        if !found || row > wanted {
            return Err(ScanError::Refused(no_header(layout.header_row, found)));
        }
        if row == wanted {
            break;
        }
    }
    let (headers, header, body) = if has_none {
        ((0..record.len()).map(column_letters).collect(), Position { row: 0, ..layout.start }, layout.start)
    } else {
        (record.cells().map(|cell| header_text(cell.bytes)).collect(), record.start(), reader.position())
    };
    Ok(Source {
        dialect: layout.dialect,
        dialect_guess: layout.dialect_guess.clone(),
        header_guess: layout.header_guess.clone(),
        headers,
        header,
        body,
    })
}

fn unclosed_above_people(row: u32) -> Problem {
    Problem::new(
        ProblemCode::QuoteUnclosed,
        format!("A quote opened in row {row}, before any person, is never closed"),
        "Close the quote in the header row.",
    )
}

fn no_header(row: Option<u32>, is_there_more: bool) -> Problem {
    // Without a header, or looked for anywhere, it is the file that has no row at all.
    let Some(row) = row.filter(|row| *row > 0) else {
        return Problem::new(
            ProblemCode::FileEmpty,
            "The file holds nothing but blanks",
            "Choose the file that holds the people.",
        );
    };
    let what = if is_there_more { "is blank" } else { "does not exist" };
    Problem::new(
        ProblemCode::HeaderMissing,
        format!("Row {row} should hold the headers, and it {what}"),
        "Say which row holds them: --header-row N, as the spreadsheet program numbers rows.",
    )
}

/// Where the first line that is not blank begins, and whether there is one; if all of `text` is blank, where its last
/// line begins. A line of delimiters alone is blank too. `text` stands `at` this place of the file.
pub fn first_filled_line(text: &[u8], mut at: Position) -> (Position, bool) {
    let mut line = at;
    let mark = if at == Position::START && text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    at.byte += mark as u64;
    let mut bytes = text[mark..].iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        at.byte += 1;
        match byte {
            b'\r' => {
                if bytes.peek() == Some(&b'\n') {
                    bytes.next();
                    at.byte += 1;
                }
                at.row = at.row.saturating_add(1);
                line = at;
            }
            b'\n' => {
                at.row = at.row.saturating_add(1);
                line = at;
            }
            b' ' | b'\t' | b',' | b';' | b'|' => {}
            _ => return (line, true),
        }
    }
    (line, false)
}

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

fn header_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text::remove_controls(&text).unwrap_or_else(|| text.into_owned());
    // A header of one of our own files may have been defused.
    take_back(text::trim(&text)).split_whitespace().collect::<Vec<_>>().join(" ")
}
