//! One record: the cells as written, quotes taken off, and where it stands in the file.
//!
//! Invariant: every span lies inside `data`; a cell that is not in `cuts` is kept whole.

use convoke_people::text::trim;

use super::block::is_escapable;
use super::{CorrectedRow, MAX_CELL_BYTES, MAX_RECORD_BYTES, Position};

/// The cells of one line of a spreadsheet. Reused from read to read, so that reading allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The text of the cells; between them may stand bytes that belong to none.
    pub(super) data: Vec<u8>,
    pub(super) spans: Vec<Span>,
    /// What is known of the cells that were too long to keep, in order.
    cuts: Vec<Cut>,
    /// Whether something else than blanks was cut off.
    cut_off_text: bool,
    text_behind_quote: bool,
    start: Position,
    pub(super) size_bytes: u64,
    /// Columns that were corrected, with what the file has there.
    corrected: Vec<(usize, String)>,
    is_person: bool,
}

/// Where a cell stands in a record's data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
    quoted: bool,
    escaped: bool,
}

impl Span {
    #[inline(always)]
    pub(super) fn plain(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32, quoted: false, escaped: false }
    }

    #[inline(always)]
    pub(super) fn quoted(start: usize, end: usize, escaped: bool) -> Self {
        Self { start: start as u32, end: end as u32, quoted: true, escaped }
    }
}

/// The true measures of a cell that was cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    cell: usize,
    length_bytes: u64,
    length_chars: u64,
}

/// One value as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Without quotes and escapes; the beginning only, if [`Cell::is_cut`].
    pub bytes: &'a [u8],
    /// Of the whole cell, without quotes and escapes.
    pub length_bytes: u64,
    /// Whether it began with a quote.
    pub quoted: bool,
    /// Counted while reading if the cell was cut, else only when asked for.
    counted_chars: u64,
    /// The same as `bytes`, if the whole record is known to be text.
    text: Option<&'a str>,
}

/// The cells of a record, looked at as text once for all of them: a test per cell costs six times as much.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    record: &'a Record,
    text: Option<&'a str>,
}

impl<'a> Cells<'a> {
    /// Whether every cell is UTF-8.
    pub fn are_text(&self) -> bool {
        self.text.is_some()
    }

    /// The cell in column `i`, from 0. Panics beyond the last.
    pub fn cell(&self, i: usize) -> Cell<'a> {
        let span = self.record.spans[i];
        let text = self.text.and_then(|text| text.get(span.start as usize..span.end as usize));
        Cell { text, ..self.record.cell(i) }
    }
}

impl<'a> Cell<'a> {
    /// The cell as text, if it is UTF-8.
    pub fn text(&self) -> Option<&'a str> {
        self.text.or_else(|| std::str::from_utf8(self.bytes).ok())
    }

    /// Whether `bytes` holds less than the file.
    pub fn is_cut(&self) -> bool {
        self.length_bytes > self.bytes.len() as u64
    }

    /// Characters in the whole cell. In text that is not UTF-8: bytes that do not continue a character.
    pub fn length_chars(&self) -> u64 {
        if self.is_cut() { self.counted_chars } else { count_chars(self.bytes) }
    }
}

impl Record {
    /// Where its first byte stands.
    pub fn start(&self) -> Position {
        self.start
    }

    /// Number of cells; in a record that was read, at least one.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing was read into it yet.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The cell in column `i`, from 0. Panics beyond the last; see [`Record::get`].
    pub fn cell(&self, i: usize) -> Cell<'_> {
        let span = self.spans[i];
        let bytes = &self.data[span.start as usize..span.end as usize];
        let (length_bytes, counted_chars) = match self.cuts.binary_search_by_key(&i, |cut| cut.cell) {
            Ok(found) => (self.cuts[found].length_bytes, self.cuts[found].length_chars),
            Err(_) => (bytes.len() as u64, 0),
        };
        Cell { bytes, length_bytes, quoted: span.quoted, counted_chars, text: None }
    }

    /// The cells, looked at as text together.
    pub fn as_text(&self) -> Cells<'_> {
        Cells { record: self, text: std::str::from_utf8(&self.data).ok() }
    }

    /// The cell in column `i`, from 0, if the record is that wide.
    pub fn get(&self, i: usize) -> Option<Cell<'_>> {
        (i < self.len()).then(|| self.cell(i))
    }

    /// The cells in order.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = Cell<'_>> {
        (0..self.len()).map(|i| self.cell(i))
    }

    /// Whether more than blanks follow a closing quote somewhere: a sign that quotes are not what the dialect says.
    pub fn has_text_behind_quote(&self) -> bool {
        self.text_behind_quote
    }

    /// Its size in the file, quotes and line end included.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Bytes of memory it holds on to.
    pub fn capacity_bytes(&self) -> usize {
        self.data.capacity() + self.spans.capacity() * size_of::<Span>() + self.cuts.capacity() * size_of::<Cut>()
    }

    pub(super) fn begin(&mut self, start: Position) {
        self.data.clear();
        self.spans.clear();
        self.cuts.clear();
        self.cut_off_text = false;
        self.text_behind_quote = false;
        self.start = start;
        self.size_bytes = 0;
        self.corrected.clear();
        self.is_person = false;
    }

    /// Puts the corrected cells in the place of those of the file. All text is put together anew, so that nothing of what
    /// was corrected is left: it may be the one that is no text.
    pub(super) fn correct(&mut self, row: &CorrectedRow) {
        let width = row.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0).max(self.len());
        let mut whole =
            Self { start: self.start, size_bytes: self.size_bytes, is_person: row.is_person, ..Self::default() };
        for column in 0..width {
            let of_file = self.get(column);
            let corrected = row.cells.iter().find(|(other, _)| *other == column);
            let start = whole.data.len();
            whole.data.extend_from_slice(
                corrected.map_or(of_file.map_or(&[], |cell| cell.bytes), |(_, value)| value.as_bytes()),
            );
            let end = whole.data.len();
            let is_quoted = of_file.is_some_and(|cell| cell.quoted);
            whole.spans.push(if is_quoted { Span::quoted(start, end, false) } else { Span::plain(start, end) });
            if corrected.is_some() {
                let there = of_file.map_or_else(String::new, |cell| String::from_utf8_lossy(cell.bytes).into_owned());
                whole.corrected.push((column, there));
            } else if let Ok(cut) = self.cuts.binary_search_by_key(&column, |cut| cut.cell) {
                whole.cuts.push(self.cuts[cut]);
            }
        }
        *self = whole;
    }

    /// Columns that were corrected, with what the file has there.
    pub fn corrected(&self) -> &[(usize, String)] {
        &self.corrected
    }

    /// Whether somebody said that this is a person, whatever it reads like.
    pub fn is_brought_back(&self) -> bool {
        self.is_person
    }

    /// Takes the text that the spans were made for.
    #[inline]
    pub(super) fn take_text(&mut self, text: &[u8], has_backslash: bool) {
        self.data.extend_from_slice(text);
        self.size_bytes = text.len() as u64;
        for span in self.spans.iter_mut().filter(|span| span.escaped) {
            let cell = &mut self.data[span.start as usize..span.end as usize];
            span.end = span.start + unescape(cell, has_backslash) as u32;
        }
    }

    /// Whether all cells are empty or blank: such a line is no record.
    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        !self.cut_off_text && self.spans.iter().all(|span| is_blank(&self.data[span.start as usize..span.end as usize]))
    }
}

/// A record that is put together cell by cell, within the caps.
pub(super) struct Draft<'r> {
    record: &'r mut Record,
    /// Where the open cell starts in the record's data.
    start: usize,
    /// How far the record's data may grow before the open cell ends.
    limit: usize,
    quoted: bool,
    /// Where the record's data ended when the closing quote was met.
    closed_at: Option<usize>,
    /// Bytes and characters beyond the limit.
    beyond: (u64, u64),
}

impl<'r> Draft<'r> {
    pub(super) fn new(record: &'r mut Record) -> Self {
        let mut draft = Self { record, start: 0, limit: 0, quoted: false, closed_at: None, beyond: (0, 0) };
        draft.open_cell();
        draft
    }

    fn open_cell(&mut self) {
        self.start = self.record.data.len();
        let room = if self.start < MAX_RECORD_BYTES { MAX_CELL_BYTES } else { 0 };
        self.limit = self.start + room;
        self.quoted = false;
        self.closed_at = None;
        self.beyond = (0, 0);
    }

    /// The open cell begins with a quote; blanks before it are forgotten.
    pub(super) fn set_quoted(&mut self) {
        self.record.data.truncate(self.start);
        self.beyond = (0, 0);
        self.quoted = true;
    }

    /// The quote that the open cell began with is closed; what follows is appended as written.
    pub(super) fn set_quote_closed(&mut self) {
        self.closed_at = Some(self.record.data.len());
    }

    /// More text of the open cell.
    pub(super) fn push(&mut self, text: &[u8]) {
        let data = &mut self.record.data;
        let (kept, rest) = text.split_at(text.len().min(self.limit - data.len()));
        if data.len() + kept.len() > data.capacity() {
            // Doubling, but never past what a record can hold.
            let most = MAX_RECORD_BYTES + MAX_CELL_BYTES;
            let wanted = (data.capacity() * 2).min(most).max(data.len() + kept.len());
            data.reserve_exact(wanted - data.len());
        }
        data.extend_from_slice(kept);
        if !rest.is_empty() {
            self.beyond.0 += rest.len() as u64;
            self.beyond.1 += count_chars(rest);
            // Byte by byte, so that it does not matter where the blocks of the file end: only ASCII blanks count here.
            self.record.cut_off_text |= !rest.iter().all(|&byte| is_ascii_blank(byte));
        }
    }

    /// Ends the open cell and opens the next. Gives the number of cells so far.
    pub(super) fn close_cell(&mut self) -> usize {
        let record = &mut *self.record;
        if let Some(closed_at) = self.closed_at {
            record.text_behind_quote |= !is_blank(&record.data[closed_at..]);
        }
        if self.beyond.0 > 0 {
            let kept = &record.data[self.start..];
            record.cuts.push(Cut {
                cell: record.spans.len(),
                length_bytes: kept.len() as u64 + self.beyond.0,
                length_chars: count_chars(kept) + self.beyond.1,
            });
            let whole = self.start + whole_chars(kept);
            record.data.truncate(whole);
        }
        let (start, end) = (self.start, record.data.len());
        record.spans.push(if self.quoted { Span::quoted(start, end, false) } else { Span::plain(start, end) });
        self.open_cell();
        self.record.spans.len()
    }
}

/// Drops the first byte of every escaped pair, in place; gives the length that remains. Every quote in `cell` is the
/// first of a pair, or follows a backslash.
fn unescape(cell: &mut [u8], has_backslash: bool) -> usize {
    let mut kept = 0;
    let mut at = 0;
    while at < cell.len() {
        let next = cell.get(at + 1).copied().unwrap_or_default();
        if cell[at] == b'"' || (has_backslash && cell[at] == b'\\' && is_escapable(next)) {
            at += 1;
        }
        cell[kept] = cell[at];
        kept += 1;
        at += 1;
    }
    kept
}

fn count_chars(text: &[u8]) -> u64 {
    text.iter().filter(|&&byte| !is_continuation(byte)).count() as u64
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Length of the text without a character that is cut in two at its end.
fn whole_chars(text: &[u8]) -> usize {
    let continued = text.iter().rev().take(3).take_while(|&&byte| is_continuation(byte)).count();
    let Some(lead) = text.len().checked_sub(continued + 1) else {
        return text.len();
    };
    let announced = match text[lead] {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => 1,
    };
    if announced > continued + 1 { lead } else { text.len() }
}

fn is_ascii_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Whether nothing of the cell can be seen: the same blanks that trimming takes off a value.
#[inline]
pub(super) fn is_blank(cell: &[u8]) -> bool {
    let Some(first) = cell.iter().position(|&byte| !is_ascii_blank(byte)) else {
        return true;
    };
    // The first byte in sight settles it for nearly every cell.
    !cell[first].is_ascii() && str::from_utf8(&cell[first..]).is_ok_and(|text| trim(text).is_empty())
}
