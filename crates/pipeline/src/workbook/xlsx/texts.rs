//! The text of a string item (`si`, `is`): its runs together, without phonetic guides. Source: ECMA-376 part 1, 18.4.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use crate::problem::Problem;
use crate::records::MAX_CELL_BYTES;
use crate::workbook::markup::{Markup, local, push_reference, raw_attribute};

/// Bytes collected of one text; the table writes fewer.
const MAX_TEXT: usize = 4 * MAX_CELL_BYTES;

/// What comes next in a string item.
enum Next {
    Text { keeps_space: bool },
    Guide,
    Start,
    End,
    Other,
}

/// Appends the text of the string item whose start was the last event, up to its end.
pub(super) fn push_item<B: BufRead>(markup: &mut Markup<B>, text: &mut String) -> Result<(), Problem> {
    let mut depth = 1usize;
    while depth > 0 {
        match next(markup)? {
            Next::Text { keeps_space } => push_text(markup, text, keeps_space)?,
            Next::Guide => markup.skip()?,
            Next::Start => depth += 1,
            Next::End => depth -= 1,
            Next::Other => {}
        }
    }
    Ok(())
}

#[inline]
fn next<B: BufRead>(markup: &mut Markup<B>) -> Result<Next, Problem> {
    Ok(match markup.next()? {
        Event::Start(tag) => match local(tag.name().0) {
            "t" => Next::Text { keeps_space: keeps_space(&tag) },
            "rPh" => Next::Guide,
            _ => Next::Start,
        },
        Event::End(_) => Next::End,
        _ => Next::Other,
    })
}

fn keeps_space(tag: &BytesStart<'_>) -> bool {
    raw_attribute(tag, "space").is_some_and(|space| space == "preserve")
}

/// Appends the text inside the element whose start was the last event, escapes resolved.
fn push_text<B: BufRead>(markup: &mut Markup<B>, text: &mut String, keeps_space: bool) -> Result<(), Problem> {
    let start = text.len();
    push_characters(markup, text)?;
    if !keeps_space {
        let is_blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        text.truncate(start + text[start..].trim_end_matches(is_blank).len());
        let blanks = text[start..].len() - text[start..].trim_start_matches(is_blank).len();
        text.drain(start..start + blanks);
    }
    unescape(text, start);
    Ok(())
}

/// Appends the characters inside the element whose start was the last event, as they stand there.
pub(super) fn push_characters<B: BufRead>(markup: &mut Markup<B>, text: &mut String) -> Result<(), Problem> {
    let mut depth = 1usize;
    loop {
        match markup.next()? {
            // Line ends are one character in XML, whatever they are in the file.
            Event::Text(piece) if piece.contains('\r') => push_capped(text, &piece.xml10_content()),
            Event::Text(piece) => push_capped(text, &piece),
            Event::CData(piece) => push_capped(text, &piece.xml10_content()),
            Event::GeneralRef(reference) if text.len() < MAX_TEXT => push_reference(text, &reference),
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 1 => return Ok(()),
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
}

fn push_capped(text: &mut String, piece: &str) {
    let room = MAX_TEXT.saturating_sub(text.len());
    text.push_str(if piece.len() <= room { piece } else { &piece[..piece.floor_char_boundary(room)] });
}

/// Resolves `_x000D_` and its like from byte `start` on: characters that XML does not allow, and `_x005F_` for the
/// underscore before what only looks like one.
pub(super) fn unescape(text: &mut String, start: usize) {
    if !text[start..].contains("_x") {
        return;
    }
    let written = text.split_off(start);
    let mut rest = written.as_str();
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let length = if let Some(character) = character {
            text.push_str(&rest[..at]);
            text.push(character);
            at + 7
        } else {
            text.push_str(&rest[..at + 2]);
            at + 2
        };
        rest = &rest[length..];
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(written: &str, read: &str) {
        let mut text = format!("_x000D_{written}");
        unescape(&mut text, 7);
        assert_eq!(text, format!("_x000D_{read}"));
    }

    #[test]
    fn escapes_are_resolved_from_the_start_of_the_text_on() {
        reads("a_x000D_\nb", "a\r\nb");
        reads("_x0041__x0042_", "AB");
    }

    #[test]
    fn an_escaped_underscore_protects_what_looks_like_an_escape() {
        reads("_x005F_x000D_", "_x000D_");
    }

    #[test]
    fn what_only_looks_like_an_escape_stays() {
        for text in ["_x00", "_xé000_", "_xD83D_", "max_x_y", "_x000G_", "_x000D", "_x"] {
            reads(text, text);
        }
    }
}
