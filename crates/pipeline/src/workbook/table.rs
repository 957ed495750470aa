//! Cells of a sheet -> lines of CSV text.
//!
//! Invariants: row n of the sheet is line n (a quoted cell may hold line breaks); blank rows are blank lines, but none
//! stand behind the last row that holds anything; no line ends in blank cells.

use std::io::{self, BufWriter, Write};

use super::{MAX_COLUMNS, MAX_ROWS, WorkbookError, too_large};
use crate::problem::Problem;
use crate::records::MAX_CELL_BYTES;

/// Bytes written of one cell: all that Excel can hold, and more than the record reader keeps, so that it measures what
/// is too long.
const MAX_WRITTEN_CELL: usize = 2 * MAX_CELL_BYTES;

/// Bytes of one line. The record reader keeps a quarter of that.
const MAX_LINE: usize = 16 << 20;

/// Bytes of the whole table.
const MAX_TABLE: u64 = 1 << 30;

const NEWLINES: [u8; 4096] = [b'\n'; 4096];

/// A table that is being written.
pub(super) struct Table<W: Write> {
    out: BufWriter<W>,
    line: Vec<u8>,
    /// Delimiters that the line has so far: the column, from 0, that it stands at.
    delimiters: u32,
    lines: u32,
    columns: u32,
    written: u64,
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W) -> Self {
        let out = BufWriter::with_capacity(256 * 1024, out);
        Self { out, line: Vec::new(), delimiters: 0, lines: 0, columns: 0, written: 0 }
    }

    /// The last row that was written.
    pub(super) fn rows(&self) -> u32 {
        self.lines
    }

    /// The widest row so far.
    pub(super) fn columns(&self) -> u32 {
        self.columns
    }

    /// A cell of the open row, behind its earlier ones; `column` counts from 0. A blank one is nothing.
    #[inline]
    pub(super) fn cell(&mut self, column: u32, text: &str) -> Result<(), Problem> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(too_large(format!("The sheet has more than {MAX_COLUMNS} columns")));
        }
        while self.delimiters < column {
            self.line.push(b',');
            self.delimiters += 1;
        }
        push_cell(&mut self.line, beginning(text));
        if self.line.len() > MAX_LINE {
            return Err(too_large(format!("A row of the sheet holds more than {} MB", MAX_LINE >> 20)));
        }
        Ok(())
    }

    /// Ends the open row: it is row `row` of the sheet, counted from 1, and the `repeats - 1` ones below it.
    pub(super) fn end_row(&mut self, row: u32, repeats: u32) -> Result<(), WorkbookError> {
        if self.line.is_empty() {
            return Ok(());
        }
        if row.saturating_add(repeats - 1) > MAX_ROWS {
            return Err(too_large(format!("The sheet has more than {MAX_ROWS} rows")).into());
        }
        self.columns = self.columns.max(self.delimiters + 1);
        self.line.push(b'\n');
        let gap = row - 1 - self.lines;
        self.written += u64::from(gap) + u64::from(repeats) * self.line.len() as u64;
        if self.written > MAX_TABLE {
            return Err(too_large(format!("The sheet holds more than {} GB of text", MAX_TABLE >> 30)).into());
        }
        self.write_row(gap, repeats).map_err(WorkbookError::Write)?;
        self.lines = row + repeats - 1;
        self.line.clear();
        self.delimiters = 0;
        Ok(())
    }

    fn write_row(&mut self, gap: u32, repeats: u32) -> io::Result<()> {
        let mut left = gap as usize;
        while left > 0 {
            let now = left.min(NEWLINES.len());
            self.out.write_all(&NEWLINES[..now])?;
            left -= now;
        }
        (0..repeats).try_for_each(|_| self.out.write_all(&self.line))
    }

    /// All rows were given.
    pub(super) fn finish(&mut self) -> Result<(), WorkbookError> {
        self.out.flush().map_err(WorkbookError::Write)
    }
}

/// The text up to [`MAX_WRITTEN_CELL`], cut between characters.
fn beginning(text: &str) -> &str {
    match text.len() {
        0..=MAX_WRITTEN_CELL => text,
        _ => &text[..text.floor_char_boundary(MAX_WRITTEN_CELL)],
    }
}

#[inline]
fn push_cell(line: &mut Vec<u8>, text: &str) {
    let needs_quotes = text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if !needs_quotes {
        line.extend_from_slice(text.as_bytes());
        return;
    }
    line.push(b'"');
    for (number, piece) in text.split('"').enumerate() {
        if number > 0 {
            line.extend_from_slice(b"\"\"");
        }
        line.extend_from_slice(piece.as_bytes());
    }
    line.push(b'"');
}
