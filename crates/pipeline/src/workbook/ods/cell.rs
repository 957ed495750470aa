//! One cell of ODS: its value as stored, or the paragraphs that are shown in it.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use crate::problem::Problem;
use crate::records::MAX_CELL_BYTES;
use crate::workbook::dates::{Epoch, duration_text, tidy_iso};
use crate::workbook::markup::{Markup, attribute, local, push_reference, raw_attribute};
use crate::workbook::number_format::Shown;
use crate::workbook::numbers::push_number;

/// Bytes collected of one text; the table writes fewer.
const MAX_TEXT: usize = 4 * MAX_CELL_BYTES;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Percent,
    Date,
    Time,
    Boolean,
    /// Below a merged cell.
    Covered,
}

/// The stored value of a cell.
#[derive(Clone, Debug)]
pub(super) struct Value {
    kind: Kind,
    stored: Option<String>,
    /// A formula without any kind of value: nobody has computed it yet.
    is_missing: bool,
}

impl Value {
    pub(super) fn of(tag: &BytesStart<'_>) -> Self {
        let value_type = raw_attribute(tag, "value-type");
        let is_missing = value_type.is_none() && raw_attribute(tag, "formula").is_some();
        let (kind, name) = match value_type.as_deref() {
            Some("float" | "currency") => (Kind::Number, "value"),
            Some("percentage") => (Kind::Percent, "value"),
            Some("date") => (Kind::Date, "date-value"),
            Some("time") => (Kind::Time, "time-value"),
            Some("boolean") => (Kind::Boolean, "boolean-value"),
            _ => (Kind::Text, "string-value"),
        };
        Self { kind, stored: attribute(tag, name), is_missing }
    }

    pub(super) fn covered() -> Self {
        Self { kind: Kind::Covered, stored: None, is_missing: false }
    }

    /// Whether it is a formula that no value is stored for.
    pub(super) fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// The text of the cell as a person sees it, `paragraphs` being what its program showed.
    pub(super) fn shown<'t>(&'t self, paragraphs: &'t str) -> Cow<'t, str> {
        let stored = match (&self.stored, self.kind) {
            (_, Kind::Covered) => return Cow::Borrowed(""),
            // Formulas that fail are numbers without a value.
            (None, _) => return Cow::Borrowed(paragraphs),
            (Some(stored), Kind::Text) => {
                return Cow::Borrowed(if paragraphs.is_empty() { stored } else { paragraphs });
            }
            (Some(stored), _) => stored,
        };
        let mut text = String::new();
        match self.kind {
            Kind::Number if is_padded(stored, paragraphs) || is_error(paragraphs) => return Cow::Borrowed(paragraphs),
            Kind::Percent => push_number(&mut text, stored, &Shown::Percent, Epoch::From1900),
            Kind::Date => text = tidy_iso(stored),
            Kind::Time => text = duration_text(stored).unwrap_or_else(|| stored.clone()),
            Kind::Boolean => text = stored.to_uppercase(),
            Kind::Number | Kind::Text | Kind::Covered => {
                push_number(&mut text, stored, &Shown::Plain, Epoch::From1900);
            }
        }
        Cow::Owned(text)
    }
}

/// Whether what is shown is the stored whole number with leading zeros.
fn is_padded(stored: &str, shown: &str) -> bool {
    shown.starts_with('0')
        && shown.len() > stored.len()
        && shown.trim_start_matches('0') == stored.trim_start_matches('0')
}

/// `#N/A`, `#DIV/0!` and the like, which LibreOffice stores as 0.
fn is_error(shown: &str) -> bool {
    shown.starts_with('#') && shown.len() > 2 && shown.ends_with(['!', '?', 'A'])
}

/// What comes next in a cell.
enum Next {
    Paragraph,
    /// So many blanks or one other character, as an element.
    Characters(char, usize),
    /// Comments, shapes, phonetic guides, tables within.
    Beside,
    Start,
    End,
    Other,
}

/// Appends the paragraphs of the cell whose start was the last event, up to its end.
pub(super) fn push_paragraphs<B: BufRead>(markup: &mut Markup<B>, text: &mut String) -> Result<(), Problem> {
    let mut depth = 1usize;
    // How deep the open paragraph stands; text outside of paragraphs is layout.
    let mut paragraph = None;
    let mut is_first = true;
    while depth > 0 {
        match next(markup, text, paragraph.is_some())? {
            Next::Paragraph => {
                depth += 1;
                paragraph = paragraph.or(Some(depth));
                if !std::mem::take(&mut is_first) {
                    push_capped(text, '\n', 1);
                }
            }
            Next::Characters(character, count) => {
                depth += 1;
                push_capped(text, character, count);
            }
            Next::Beside => markup.skip()?,
            Next::Start => depth += 1,
            Next::End => {
                paragraph = paragraph.filter(|&at| at < depth);
                depth -= 1;
            }
            Next::Other => {}
        }
    }
    Ok(())
}

fn next<B: BufRead>(markup: &mut Markup<B>, text: &mut String, in_paragraph: bool) -> Result<Next, Problem> {
    let takes_text = in_paragraph && text.len() < MAX_TEXT;
    match markup.next()? {
        Event::Start(tag) => return Ok(start(&tag)),
        Event::End(_) => return Ok(Next::End),
        Event::Text(piece) if takes_text => push_collapsed(text, &piece),
        Event::CData(piece) if takes_text => push_collapsed(text, &piece),
        Event::GeneralRef(reference) if takes_text => push_reference(text, &reference),
        _ => {}
    }
    Ok(Next::Other)
}

fn start(tag: &BytesStart<'_>) -> Next {
    match local(tag.name().0) {
        "p" | "h" => Next::Paragraph,
        "s" => Next::Characters(' ', raw_attribute(tag, "c").and_then(|count| count.parse().ok()).unwrap_or(1)),
        "tab" => Next::Characters('\t', 1),
        "line-break" => Next::Characters('\n', 1),
        "annotation" | "frame" | "table" | "ruby-text" | "note" | "custom-shape" | "detective" | "g" => Next::Beside,
        _ => Next::Start,
    }
}

fn push_capped(text: &mut String, character: char, count: usize) {
    let room = MAX_TEXT.saturating_sub(text.len());
    text.extend(std::iter::repeat_n(character, count.min(room)));
}

/// Blanks and line breaks of the file's layout are one blank, and none at the beginning.
fn push_collapsed(text: &mut String, piece: &str) {
    for character in piece.chars() {
        match character {
            ' ' | '\t' | '\n' | '\r' => {
                if !text.is_empty() && !text.ends_with([' ', '\n', '\t']) {
                    text.push(' ');
                }
            }
            character => text.push(character),
        }
    }
}
