//! Reads records from a source, block by block.
//!
//! Invariant: `block[at..filled]` is what was read from the source and not yet given out; `base` is the place of
//! `block[0]` in the file; `marks` stands at `at` between two records.

use std::io::{ErrorKind, Read};
use std::sync::Arc;

use super::block::{Attempt, split};
use super::marks::{Marks, Needles};
use super::{Corrections, Dialect, Position, Quoting, ReadError, Record};

const BLOCK_BYTES: usize = 256 * 1024;
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Reads the records of a delimited file in order, blank lines left out.
///
/// Records end with LF, CRLF or a lone CR, the last one also with the file. A line whose cells are all empty or blank
/// (`,,,` or `"",` or white space) is a blank line: it moves the row number and is not given out. Line ends in a quoted
/// cell are text, kept as written. NUL is a byte like any other. After an error the reader is at its end.
pub struct RecordReader<R> {
    source: R,
    pub(super) dialect: Dialect,
    needles: Needles,
    pub(super) block: Vec<u8>,
    pub(super) at: usize,
    pub(super) filled: usize,
    pub(super) base: u64,
    pub(super) row: u32,
    marks: Marks,
    /// Whether the source gave all it has.
    ended: bool,
    begun: bool,
    failed: bool,
    /// None for most files.
    corrections: Option<Arc<Corrections>>,
}

impl<R: Read> RecordReader<R> {
    /// Reads on from `start`, where `source` already stands. Only at byte 0 a UTF-8 byte order mark is skipped.
    pub fn new(source: R, dialect: Dialect, start: Position) -> Self {
        Self::with_block_size(source, dialect, start, BLOCK_BYTES)
    }

    /// Tests read in tiny blocks. A block holds at least a byte order mark.
    pub(super) fn with_block_size(source: R, dialect: Dialect, start: Position, size: usize) -> Self {
        Self {
            source,
            dialect,
            needles: Needles::of(dialect),
            block: vec![0; size.max(BYTE_ORDER_MARK.len())],
            at: 0,
            filled: 0,
            base: start.byte,
            row: start.row,
            marks: Marks::default(),
            ended: false,
            begun: false,
            failed: false,
            corrections: None,
        }
    }

    /// Reads cells as they were corrected from now on.
    #[must_use]
    pub fn with_corrections(self, corrections: &Arc<Corrections>) -> Self {
        Self { corrections: (!corrections.is_empty()).then(|| Arc::clone(corrections)), ..self }
    }

    /// Where the next `read` begins to look: behind the last record, before any blank lines that follow it.
    pub fn position(&self) -> Position {
        Position { byte: self.base + self.at as u64, row: self.row }
    }

    /// Reads the next record; `false` at the end of the file, or after an error.
    pub fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        if self.failed {
            record.begin(self.position());
            return Ok(false);
        }
        let read = self.try_read(record);
        self.failed = read.is_err();
        if let (Some(corrections), Ok(true)) = (&self.corrections, &read)
            && let Some(row) = corrections.of(record.start().row)
        {
            record.correct(row);
        }
        read
    }

    fn try_read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        if !self.begun {
            self.refill()?;
            if self.base == 0 && self.block[..self.filled].starts_with(BYTE_ORDER_MARK) {
                self.at = BYTE_ORDER_MARK.len();
                self.find_marks();
            }
            self.begun = true;
        }
        loop {
            record.begin(self.position());
            let text = &self.block[..self.filled];
            match split(text, self.at, &mut self.marks, &self.needles, &mut record.spans) {
                Attempt::Whole(end) => {
                    record.take_text(&text[self.at..end], self.dialect.quoting == Quoting::Backslash);
                    self.at = end;
                }
                Attempt::Incomplete if self.at > 0 && !self.ended => {
                    self.refill()?;
                    continue;
                }
                Attempt::Incomplete | Attempt::Odd => {
                    record.begin(self.position());
                    if !self.read_piecewise(record)? {
                        return Ok(false);
                    }
                    self.find_marks();
                }
            }
            self.row = self.row.saturating_add(1);
            if !record.is_blank() {
                return Ok(true);
            }
        }
    }

    /// Moves what is left to the front of the block and fills it up, so that fewer bytes than a block mean the end.
    pub(super) fn refill(&mut self) -> Result<(), ReadError> {
        self.block.copy_within(self.at..self.filled, 0);
        self.base += self.at as u64;
        self.filled -= self.at;
        self.at = 0;
        while self.filled < self.block.len() && !self.ended {
            match self.source.read(&mut self.block[self.filled..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.find_marks();
        Ok(())
    }

    fn find_marks(&mut self) {
        self.marks = Marks::at(&self.block[..self.filled], self.at, &self.needles);
    }
}
