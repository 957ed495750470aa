//! Which delimiter and quoting a table is written with: every candidate reads the head with the real reader, and the
//! one whose records look most like a table wins.
//!
//! Invariants: nothing but what the reader would give is judged; of equals the comma and doubled quotes win.

use super::cell_shape::{Shape, shape};
use super::padded_quote::has_padded_quotes;
use super::sep_line::table_start;
use crate::records::{Dialect, Position, Quoting, ReadError, Record, RecordReader};
use crate::source::HEAD_BYTES;

/// The dialect a table is most probably written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialectGuess {
    pub dialect: Dialect,
    /// Percent. Below 60 the runner-up reads nearly as well.
    pub certainty: u8,
    /// The next best dialect that would give other cells.
    pub runner_up: Option<Dialect>,
    pub line_ends: LineEnds,
    /// Where the records begin: behind a line `sep=;`, which Excel does not show and does not count.
    pub start: Position,
}

/// How the records of a file end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// `\n`, or a file of a single line.
    Lf,
    /// `\r\n`.
    CrLf,
    /// `\r`, as old Macs wrote it.
    Cr,
    /// Several of them.
    Mixed,
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records looked at; more do not change the picture.
const ENOUGH_RECORDS: usize = 3_000;

/// Guesses from the first [`HEAD_BYTES`] of a text, which may hold bytes that are no UTF-8 and may end anywhere unless
/// it `is_whole`. A `delimiter` that is given stays.
pub fn guess_dialect(head: &[u8], is_whole: bool, delimiter: Option<u8>) -> DialectGuess {
    let is_whole = is_whole && head.len() <= HEAD_BYTES;
    let head = &head[..head.len().min(HEAD_BYTES)];
    let (start, named) = table_start(head);
    let text = &head[start.byte as usize..];
    let mut best: Option<Reading> = None;
    let mut second: Option<Reading> = None;
    let (mut is_unclosed, mut is_well_quoted) = (false, false);
    for dialect in candidates(text, delimiter.or(named)) {
        let reading = read(text, is_whole, dialect);
        // Quotes around cells are quotes: where each is closed within its line nothing else needs to be tried, and one that is never
        // closed is an error, not a dialect without quoting.
        if dialect.quoting == Quoting::Doubled {
            (is_unclosed, is_well_quoted) = (reading.is_unclosed, reading.is_well_quoted);
        } else if dialect.quoting == Quoting::None && (is_well_quoted || (is_unclosed && reading.has_enclosed_cells)) {
            continue;
        }
        let is_better = best.as_ref().is_none_or(|best| reading.score > best.score + 1e-9);
        let rival = if is_better { best.replace(reading) } else { Some(reading) };
        let Some(rival) = rival else { continue };
        if best.as_ref().is_some_and(|best| rival.cells_hash != best.cells_hash)
            && second.as_ref().is_none_or(|second| rival.score > second.score)
        {
            second = Some(rival);
        }
    }
    let best = best.unwrap_or_else(|| read(text, is_whole, Dialect::default()));
    let second = second.filter(|second| second.cells_hash != best.cells_hash);
    let named = (delimiter.or(named).is_some() && second.is_none()).then_some(100);
    DialectGuess {
        dialect: best.dialect,
        certainty: named.unwrap_or_else(|| certainty(&best, second.as_ref())),
        runner_up: second.map(|second| second.dialect),
        line_ends: best.line_ends,
        start,
    }
}

/// What occurs in the text decides what is tried; the comma and doubled quotes come first.
fn candidates(text: &[u8], delimiter: Option<u8>) -> Vec<Dialect> {
    let occurs = |byte: u8| memchr::memchr(byte, text).is_some();
    let delimiters: Vec<u8> = match delimiter {
        Some(delimiter) => vec![delimiter],
        None => DELIMITERS.into_iter().filter(|&byte| byte == b',' || occurs(byte)).collect(),
    };
    let mut quotings = vec![Quoting::Doubled];
    if memchr::memmem::find(text, b"\\\"").is_some() {
        quotings.push(Quoting::Backslash);
    }
    // A single quote is text within a cell; before one it is an error that the reader names, not a dialect.
    if memchr::memchr_iter(b'"', text).nth(1).is_some() {
        quotings.push(Quoting::None);
    }
    let mut all = Vec::new();
    for delimiter in delimiters {
        all.extend(quotings.iter().map(|&quoting| Dialect { delimiter, quoting }));
        if has_padded_quotes(text, delimiter) {
            all.push(Dialect { delimiter, quoting: Quoting::Padded });
        }
    }
    all
}

/// The head as one dialect reads it.
struct Reading {
    dialect: Dialect,
    score: f64,
    is_one_column: bool,
    is_unclosed: bool,
    has_enclosed_cells: bool,
    /// Some cells are quoted, and each of them ends with its quote on the line it began on.
    is_well_quoted: bool,
    cells_hash: u64,
    line_ends: LineEnds,
}

/// What is noted of a record.
struct Seen {
    /// Cells up to the last that is not blank, and all of them.
    filled: usize,
    width: usize,
    /// Sum of what its cells are worth.
    worth: f64,
}

fn read(text: &[u8], is_whole: bool, dialect: Dialect) -> Reading {
    let mut reader = RecordReader::new(text, dialect, Position::START);
    let mut record = Record::default();
    let mut seen: Vec<Seen> = Vec::new();
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    let mut ends = [0_u64; 3];
    let mut unclosed_share = 0.0;
    let mut has_enclosed_cells = false;
    let (mut quoted, mut odd) = (0, 0);
    while seen.len() < ENOUGH_RECORDS {
        match reader.read(&mut record) {
            Ok(true) => {}
            Ok(false) | Err(ReadError::Io(_) | ReadError::TooManyCells { .. }) => break,
            Err(ReadError::QuoteUnclosed { byte, .. }) => {
                let open = text.len() - (byte as usize).min(text.len());
                // At the end of a head that is cut a quote may well be open, but not for long.
                if is_whole || open > 4_096 {
                    unclosed_share = (open as f64 / text.len() as f64).max(if is_whole { 0.02 } else { 0.0 });
                }
                break;
            }
        }
        let end = reader.position().byte as usize;
        if !is_whole && end == text.len() && !seen.is_empty() && !matches!(text[end - 1], b'\n' | b'\r') {
            break;
        }
        note_line_end(&text[..end], &mut ends);
        for cell in record.cells() {
            hasher.update(cell.bytes);
            hasher.update(&[0xFE]);
        }
        hasher.update(&[0xFF]);
        has_enclosed_cells |= record.cells().any(|cell| matches!(cell.bytes, [b'"', _, .., b'"']));
        let of_quoted = || record.cells().filter(|cell| cell.quoted);
        quoted += of_quoted().count();
        let spans_lines = of_quoted().any(|cell| memchr::memchr2(b'\n', b'\r', cell.bytes).is_some());
        odd += usize::from(spans_lines || record.has_text_behind_quote());
        seen.push(note(&record, dialect));
    }
    let (score, is_one_column) = score(&seen);
    let score = score * (1.0 - unclosed_share);
    let is_unclosed = unclosed_share > 0.0;
    let is_well_quoted = quoted > 0 && odd == 0 && !is_unclosed;
    let (cells_hash, line_ends) = (hasher.digest(), line_ends(ends));
    Reading { dialect, score, is_one_column, is_unclosed, has_enclosed_cells, is_well_quoted, cells_hash, line_ends }
}

fn note(record: &Record, dialect: Dialect) -> Seen {
    let mut worth = 0.0;
    let mut filled = 0;
    let is_odd = record.has_text_behind_quote();
    for (column, cell) in record.cells().enumerate() {
        let shape = shape(cell.bytes, dialect.delimiter, cell.quoted);
        if shape != Shape::Blank {
            filled = column + 1;
        }
        worth += match shape {
            _ if is_odd => 0.0,
            Shape::Torn => 0.0,
            Shape::Text if !cell.quoted && has_loose_quote(cell.bytes) => 0.1,
            Shape::Blank => 0.6,
            Shape::Text => 0.75,
            _ => 1.0,
        };
    }
    Seen { filled, width: record.len(), worth }
}

/// Whether a quote stands where one would open or close a cell; behind a digit it is inches.
fn has_loose_quote(cell: &[u8]) -> bool {
    let cell = cell.trim_ascii();
    cell.starts_with(b"\"") || matches!(cell, [.., before, b'"'] if !before.is_ascii_digit() && *before != b'"')
}

/// How much the records look like a table, from 0 to 1, and whether like one of a single column.
///
/// A table has a width that most of its records share (lines above and below it do not count), and cells that look like
/// values. After van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019):
/// the product of both; a wider table is more of a pattern than a narrow one.
fn score(seen: &[Seen]) -> (f64, bool) {
    let worth_of = |records: &[Seen]| {
        let cells: usize = records.iter().map(|record| record.width).sum();
        records.iter().map(|record| record.worth).sum::<f64>() / cells.max(1) as f64
    };
    let one_column = (ONE_COLUMN * worth_of(seen), true);
    let Some(width) = dominant_width(seen) else { return one_column };
    let fits = |record: &Seen| record.width == width || (record.width > width && record.filled <= width);
    let first = seen.iter().position(fits).unwrap_or(0);
    let last = seen.iter().rposition(fits).unwrap_or(0);
    let table = &seen[first..=last];
    let fitting = table.iter().filter(|record| fits(record)).count() as f64;
    let share = fitting / (table.len() as f64 + 0.2 * (seen.len() - table.len()) as f64);
    let pattern = (width as f64 - 1.0) / width as f64;
    let table_score = share * pattern * worth_of(table);
    if table_score > one_column.0 { (table_score, false) } else { one_column }
}

/// What one column of plain values is worth beside a table of two, which is half a pattern.
const ONE_COLUMN: f64 = 0.3;

/// The width that most records with several cells share; of equals the greater one.
fn dominant_width(seen: &[Seen]) -> Option<usize> {
    let mut widths: Vec<usize> = seen.iter().map(|record| record.width).filter(|&width| width > 1).collect();
    widths.sort_unstable();
    widths.chunk_by(|a, b| a == b).max_by_key(|group| group.len()).map(|group| group[0])
}

fn certainty(best: &Reading, second: Option<&Reading>) -> u8 {
    let Some(second) = second else { return 99 };
    // A list without any delimiter is one column, whatever the scores of the others.
    if best.is_one_column && second.is_one_column {
        return 95;
    }
    let ratio = if best.score > 0.0 { (second.score / best.score).clamp(0.0, 1.0) } else { 1.0 };
    // A fifth less is a clear defeat: most cells are the same in both.
    (50.0 + 49.0 * (4.0 * (1.0 - ratio)).min(1.0)) as u8
}

fn note_line_end(read: &[u8], ends: &mut [u64; 3]) {
    match read {
        [.., b'\r', b'\n'] => ends[1] += 1,
        [.., b'\n'] => ends[0] += 1,
        [.., b'\r'] => ends[2] += 1,
        _ => {}
    }
}

fn line_ends([lf, crlf, cr]: [u64; 3]) -> LineEnds {
    match (lf > 0, crlf > 0, cr > 0) {
        (_, false, false) => LineEnds::Lf,
        (false, true, false) => LineEnds::CrLf,
        (false, false, true) => LineEnds::Cr,
        _ => LineEnds::Mixed,
    }
}

#[cfg(test)]
mod tests;
