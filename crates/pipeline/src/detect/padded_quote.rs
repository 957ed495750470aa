//! Whether a table is written with blanks before the opening quotes of its cells: `"Anna", "anna@example.com"`.
//!
//! Invariant: a sign, not a reading; it makes a candidate, and how the reader reads that one is what is judged.

use crate::records::is_padding;

/// Of a quoted cell that is longer than this nothing is said.
const MAX_BYTES: usize = 4_096;

/// Whether such cells are a habit of the table: two of them, or one that would fall apart at its delimiters. A single
/// word in quotes behind a blank may be meant to have them.
pub(super) fn has_padded_quotes(text: &[u8], delimiter: u8) -> bool {
    let opening = memchr::memchr_iter(b'"', text).filter(|&at| is_opening(&text[..at], delimiter));
    let mut cells = opening.filter_map(|at| quoted_cell(&text[at + 1..], delimiter));
    match (cells.next(), cells.next()) {
        (Some(_), Some(_)) => true,
        (Some(cell), None) => memchr::memchr(delimiter, cell).is_some(),
        (None, _) => false,
    }
}

/// Whether only blanks stand between what is `before` a quote and the border of its cell, and at least one does.
fn is_opening(before: &[u8], delimiter: u8) -> bool {
    let is_blank = |byte: &u8| is_padding(*byte) && *byte != delimiter;
    let blanks = before.iter().rev().take(MAX_BYTES).take_while(|byte| is_blank(byte)).count();
    blanks > 0 && before[..before.len() - blanks].last().is_none_or(|&byte| is_border(byte, delimiter))
}

/// The inside of the cell whose opening quote stands before `text`, if nothing but blanks follows the closing one.
fn quoted_cell(text: &[u8], delimiter: u8) -> Option<&[u8]> {
    let text = &text[..text.len().min(MAX_BYTES)];
    let mut at = 0;
    loop {
        let closing = at + memchr::memchr(b'"', &text[at..])?;
        at = closing + 1;
        if text.get(at) != Some(&b'"') {
            let behind = text[at..].iter().find(|&&byte| !is_padding(byte) || byte == delimiter);
            return behind.is_none_or(|&byte| is_border(byte, delimiter)).then(|| &text[..closing]);
        }
        at += 1;
    }
}

fn is_border(byte: u8, delimiter: u8) -> bool {
    byte == delimiter || matches!(byte, b'\n' | b'\r')
}
