//! The quick way: a record that lies whole in the text at hand becomes ranges of it.
//!
//! Invariant: whatever it takes, `piecewise` would read the same; whatever is rare or wrong it leaves to `piecewise`.

use super::marks::{Marks, Needles};
use super::record::Span;
use super::{MAX_CELL_BYTES, MAX_CELLS};

/// Blanks looked through before a quote, so that many quotes behind many blanks are not looked at over and over.
const MAX_PADDING: usize = 256;

/// What became of a try.
pub(super) enum Attempt {
    /// A record, up to this place in the text, line end included.
    Whole(usize),
    /// The text ends before the record does.
    Incomplete,
    /// Too large for it, or with text behind a closing quote.
    Odd,
}

/// Reads the record that begins at `text[from]` into spans relative to `from`; `marks` stands there.
pub(super) fn split(text: &[u8], from: usize, marks: &mut Marks, needles: &Needles, spans: &mut Vec<Span>) -> Attempt {
    let mut cell = from;
    loop {
        let Some(mut at) = marks.next(text, needles) else {
            return Attempt::Incomplete;
        };
        // Quotes and backslashes are marks only where the dialect gives them a meaning.
        if matches!(text[at], b'"' | b'\\') {
            let padding = at - cell;
            if padding > MAX_PADDING && needles.is_padded {
                return Attempt::Odd;
            }
            let opens = padding == 0 || needles.is_padded && text[cell..at].iter().all(|&byte| is_padding(byte));
            if !opens || text[at] == b'\\' {
                continue;
            }
            let (end, escaped) = match closing_quote(text, marks, needles) {
                Ok(found) => found,
                Err(attempt) => return attempt,
            };
            spans.push(Span::quoted(at + 1 - from, end - from, escaped));
            at = end + 1;
        } else {
            spans.push(Span::plain(cell - from, at - from));
        }
        if spans.len() > MAX_CELLS {
            return Attempt::Odd;
        }
        cell = at + 1;
        if text[at] == needles.delimiter {
            continue;
        }
        if text[at] == b'\r' {
            match text.get(cell) {
                None => return Attempt::Incomplete,
                Some(b'\n') => {
                    marks.next(text, needles);
                    cell += 1;
                }
                Some(_) => {}
            }
        }
        // Below this size nothing can reach a cap but the number of cells.
        if cell - from > MAX_CELL_BYTES {
            return Attempt::Odd;
        }
        return Attempt::Whole(cell);
    }
}

/// The place of the quote that ends a quoted cell and whether something in the cell is escaped. The delimiter or line
/// end behind the quote is taken from `marks` too.
fn closing_quote(text: &[u8], marks: &mut Marks, needles: &Needles) -> Result<(usize, bool), Attempt> {
    let mut escaped = false;
    loop {
        let Some(at) = marks.next(text, needles) else {
            return Err(Attempt::Incomplete);
        };
        let is_quote = text[at] == b'"';
        if !is_quote && text[at] != b'\\' {
            continue;
        }
        let Some(&next) = text.get(at + 1) else {
            return Err(Attempt::Incomplete);
        };
        if is_quote && next != b'"' {
            if next != needles.delimiter && next != b'\n' && next != b'\r' {
                return Err(Attempt::Odd);
            }
            marks.next(text, needles);
            return Ok((at, escaped));
        }
        if is_quote || is_escapable(next) {
            marks.next(text, needles);
            escaped = true;
        }
    }
}

/// Whether this byte may stand before an opening quote; one that is the delimiter never gets here.
pub(crate) fn is_padding(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a backslash before this byte is dropped.
pub(super) fn is_escapable(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | b'\r' | b'\n')
}
