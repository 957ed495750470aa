//! Which row names the columns: titles, dates of a report and blank lines may stand above it.
//!
//! Invariants: headers the program knows outweigh every look; a file without a header yields its first full row with
//! a low certainty, so that the refusal can name what stands there.

use convoke_people::text;

use super::cell_shape::{Shape, value_shape};
use super::sep_line::table_start;
use crate::records::{Dialect, Record, RecordReader};
use crate::source::HEAD_BYTES;

/// The row that most probably names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderGuess {
    /// As a spreadsheet program counts them.
    pub row: u32,
    /// Percent. Below 50 the row reads like a person: the file has no header.
    pub certainty: u8,
    /// The next best row.
    pub runner_up: Option<u32>,
}

/// Records among which a header is looked for.
const FIRST_RECORDS: usize = 50;

/// Records by which the columns below are judged.
const ENOUGH_RECORDS: usize = 200;

/// Characters of the longest header that is believed.
const LONGEST_NAME: usize = 80;

/// Guesses from the first [`HEAD_BYTES`] of a text. `is_known` says of a header, as written but trimmed, whether the
/// program knows what it means. None: there is no row at all.
pub fn guess_header_row(
    head: &[u8],
    is_whole: bool,
    dialect: Dialect,
    is_known: &dyn Fn(&str) -> bool,
) -> Option<HeaderGuess> {
    let rows = first_rows(head, is_whole, dialect, is_known);
    let columns = usual_filled(&rows);
    let scored = rows.iter().enumerate().take(FIRST_RECORDS);
    let mut scored: Vec<(f64, &Row)> =
        scored.map(|(at, row)| (score(row, at, columns, &rows[at + 1..]), row)).collect();
    // Stable: of equals the upper one.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best_score, best) = scored.first()?;
    // The header once more, below a page break, is no rival.
    let second = scored[1..].iter().find(|(score, row)| *score > 0.0 && row.names != best.names);
    let lead = second.map_or(100.0, |(score, _)| best_score - score);
    let certainty = best_score.min(55.0 + 2.0 * lead).clamp(5.0, 99.0);
    Some(HeaderGuess { row: best.number, certainty: certainty as u8, runner_up: second.map(|(_, row)| row.number) })
}

/// A record as a header is judged by.
struct Row {
    number: u32,
    /// In compared form, sorted.
    names: Vec<String>,
    shapes: Vec<Shape>,
    filled: usize,
    known: usize,
    typed: usize,
    /// Cells that are too long for a name, or stand there twice.
    unlikely: usize,
}

fn first_rows(head: &[u8], is_whole: bool, dialect: Dialect, is_known: &dyn Fn(&str) -> bool) -> Vec<Row> {
    let is_whole = is_whole && head.len() <= HEAD_BYTES;
    let head = &head[..head.len().min(HEAD_BYTES)];
    let (start, _) = table_start(head);
    let mut reader = RecordReader::new(&head[start.byte as usize..], dialect, start);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while rows.len() < ENOUGH_RECORDS && reader.read(&mut record).unwrap_or(false) {
        let is_cut = !is_whole && reader.position().byte == head.len() as u64;
        if is_cut && !rows.is_empty() {
            break;
        }
        rows.push(row(&record, is_known));
    }
    rows
}

fn row(record: &Record, is_known: &dyn Fn(&str) -> bool) -> Row {
    let mut row = Row {
        number: record.start().row,
        names: Vec::new(),
        shapes: Vec::new(),
        filled: 0,
        known: 0,
        typed: 0,
        unlikely: 0,
    };
    for cell in record.cells() {
        let value = String::from_utf8_lossy(cell.bytes);
        let name = text::trim(&value);
        let shape = value_shape(name.as_bytes());
        row.shapes.push(shape);
        if shape == Shape::Blank {
            continue;
        }
        row.filled += 1;
        row.known += usize::from(is_known(name));
        row.typed += usize::from(shape.is_typed());
        row.unlikely += usize::from(name.chars().count() > LONGEST_NAME);
        row.names.push(text::key(name));
    }
    row.names.sort_unstable();
    row.unlikely += row.names.len() - row.names.chunk_by(|a, b| a == b).count();
    row
}

/// How many cells of a row of the table are filled, as a rule.
fn usual_filled(rows: &[Row]) -> usize {
    let mut filled: Vec<usize> = rows.iter().map(|row| row.filled).collect();
    filled.sort_unstable();
    // Titles are few and short: the upper half are rows of the table.
    filled.get(filled.len() / 2).copied().unwrap_or(0)
}

/// Points up to about 100: how much `row` reads like the names of the columns below it.
fn score(row: &Row, at: usize, columns: usize, below: &[Row]) -> f64 {
    let share = |count: usize| count as f64 / row.filled.max(1) as f64;
    let fullness = (row.filled as f64 / columns.max(1) as f64).min(1.0);
    let known = match row.known {
        0 => 0.0,
        1 if row.filled > 2 => 20.0 + 25.0 * share(1),
        count => 35.0 + 30.0 * share(count),
    };
    // A title may well be "Comments" or "Contacts: e-mail".
    let known = if fullness < 0.5 { 0.3 * known } else { known };
    let look = 35.0 * fullness * fullness + 20.0 * contrast(row, below);
    let against = 70.0 * share(row.typed) + 30.0 * share(row.unlikely);
    // The last row names nothing, unless it is a template that nobody filled in.
    let against = against + if below.is_empty() && row.known == 0 { 50.0 } else { 0.0 };
    // Between rows of one look the upper one names the columns.
    known + look + if row.filled == 0 { -100.0 } else { 10.0 } - against - at as f64
}

/// The share of this row's texts that stand above values that are none: addresses, numbers, dates.
fn contrast(row: &Row, below: &[Row]) -> f64 {
    let mut texts = 0;
    let mut differ = 0;
    for (column, _) in row.shapes.iter().enumerate().filter(|(_, shape)| **shape == Shape::Text) {
        let values = || below.iter().filter_map(|row| row.shapes.get(column)).filter(|shape| **shape != Shape::Blank);
        let count = values().count();
        texts += 1;
        differ += usize::from(count > 0 && values().filter(|shape| shape.is_typed()).count() * 2 > count);
    }
    if texts == 0 { 0.0 } else { f64::from(differ as u32).min(2.0) / f64::from(texts as u32).min(2.0) }
}

#[cfg(test)]
mod tests;
