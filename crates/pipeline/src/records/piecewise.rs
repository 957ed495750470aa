//! The patient way: a record of any size, piece by piece, keeping no more of it than the caps allow.
//!
//! Invariant: between two steps nothing before `at` is needed any more, so a block may end anywhere.

use std::io::Read;

use memchr::{memchr, memchr2, memchr3};

use super::block::{is_escapable, is_padding};
use super::record::Draft;
use super::{MAX_CELLS, Quoting, ReadError, Record, RecordReader};

/// What the bytes read so far have led to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    /// After blanks that belong to nobody if a quote follows.
    Padding,
    Plain,
    Quoted,
    /// After a quote in a quoted cell: the first of two, or the closing one.
    Quote,
    /// After a backslash in a quoted cell.
    Backslash,
    /// After a CR that ended the record; an LF belongs to it.
    CarriageReturn,
    Done,
}

impl<R: Read> RecordReader<R> {
    /// Reads one record, or finds none: then the file has ended.
    pub(super) fn read_piecewise(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let start = self.position();
        let mut quote_byte = start.byte;
        let mut state = State::CellStart;
        let mut draft = Draft::new(record);
        while state != State::Done {
            if self.at == self.filled {
                self.refill()?;
                if self.filled == 0 {
                    match state {
                        State::Quoted | State::Backslash => {
                            return Err(ReadError::QuoteUnclosed { row: self.row, byte: quote_byte });
                        }
                        State::CellStart if self.position() == start => return Ok(false),
                        State::CarriageReturn => {}
                        _ => self.close_cell(&mut draft)?,
                    }
                    break;
                }
            }
            if matches!(state, State::CellStart | State::Padding) {
                quote_byte = self.position().byte;
            }
            let (used, next) = self.step(state, &mut draft)?;
            self.at += used;
            state = next;
        }
        record.size_bytes = self.position().byte - start.byte;
        Ok(true)
    }

    /// One step over the bytes at hand, of which there is at least one: how many it used, and what they led to.
    fn step(&self, state: State, draft: &mut Draft<'_>) -> Result<(usize, State), ReadError> {
        let text = &self.block[self.at..self.filled];
        Ok(match state {
            State::CellStart | State::Padding if text[0] == b'"' && self.dialect.quoting != Quoting::None => {
                draft.set_quoted();
                (1, State::Quoted)
            }
            State::CellStart | State::Padding if self.is_padding(text[0]) => {
                let blanks = text.iter().take_while(|&&byte| self.is_padding(byte)).count();
                draft.push(&text[..blanks]);
                (blanks, State::Padding)
            }
            State::CellStart | State::Padding | State::Plain => {
                let end = memchr3(self.dialect.delimiter, b'\n', b'\r', text);
                draft.push(&text[..end.unwrap_or(text.len())]);
                let Some(end) = end else {
                    return Ok((text.len(), State::Plain));
                };
                self.close_cell(draft)?;
                let next = match text[end] {
                    b'\n' => State::Done,
                    b'\r' => State::CarriageReturn,
                    _ => State::CellStart,
                };
                (end + 1, next)
            }
            State::Quoted => {
                let end = match self.dialect.quoting {
                    Quoting::Backslash => memchr2(b'"', b'\\', text),
                    _ => memchr(b'"', text),
                };
                draft.push(&text[..end.unwrap_or(text.len())]);
                match end {
                    None => (text.len(), State::Quoted),
                    Some(end) if text[end] == b'"' => (end + 1, State::Quote),
                    Some(end) => (end + 1, State::Backslash),
                }
            }
            State::Quote if text[0] == b'"' => {
                draft.push(b"\"");
                (1, State::Quoted)
            }
            // Text behind a closing quote belongs to the cell, a further quote in it too.
            State::Quote => {
                draft.set_quote_closed();
                (0, State::Plain)
            }
            State::Backslash if is_escapable(text[0]) => {
                draft.push(&text[..1]);
                (1, State::Quoted)
            }
            State::Backslash => {
                draft.push(b"\\");
                (0, State::Quoted)
            }
            State::CarriageReturn | State::Done => (usize::from(text[0] == b'\n'), State::Done),
        })
    }

    fn is_padding(&self, byte: u8) -> bool {
        self.dialect.quoting == Quoting::Padded && byte != self.dialect.delimiter && is_padding(byte)
    }

    fn close_cell(&self, draft: &mut Draft<'_>) -> Result<(), ReadError> {
        if draft.close_cell() > MAX_CELLS {
            return Err(ReadError::TooManyCells { row: self.row });
        }
        Ok(())
    }
}
