//! The line `sep=;` by which a file tells Excel its delimiter.
//!
//! Invariant: it is no record and no row: what follows it is row 1, as Excel shows it.

use crate::records::Position;

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Where the records of a text begin, and the delimiter its first line names, if it is such a line.
pub(crate) fn table_start(head: &[u8]) -> (Position, Option<u8>) {
    let mark = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let text = &head[mark..];
    let end = text.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(text.len());
    let line = text[..end].strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(&text[..end]);
    // Excel pads a line with delimiters when it saves a file it had opened without knowing the line.
    let delimiter = match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, rest @ ..]
            if rest.iter().all(|byte| byte == delimiter) && b",;\t|".contains(delimiter) =>
        {
            *delimiter
        }
        _ => return (Position { byte: mark as u64, row: 1 }, None),
    };
    let line_end = match &text[end..] {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    };
    (Position { byte: (mark + end + line_end) as u64, row: 1 }, Some(delimiter))
}
