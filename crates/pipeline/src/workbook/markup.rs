//! The XML of a workbook, event by event.
//!
//! Invariants: a document type declaration is refused, so there are no entities but the five and numbers; one piece of
//! markup or text takes bounded memory; malformed XML is a refusal, not an end.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::archive::{Limit, problem_of_reading};
use super::{damaged, too_large};
use crate::problem::{Problem, ProblemCode};

/// Bytes of one tag or one piece of text. A cell of Excel takes at most 200 KB, escapes included.
const MAX_PIECE_BYTES: u64 = 4 << 20;

/// A part of a workbook as XML events.
pub(super) struct Markup<B> {
    reader: Reader<Paced<B>>,
    buffer: Vec<u8>,
    /// Elements that are open.
    depth: usize,
    /// The part's name, for messages.
    name: String,
}

impl<B: BufRead> Markup<B> {
    pub(super) fn new(part: B, name: &str) -> Self {
        let mut reader = Reader::from_reader(Paced { inner: part, piece: 0 });
        // One way through for `<c/>` and `<c></c>`. Names of end tags are checked, as by default: mixed up is damaged.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, name: name.to_owned() }
    }

    /// The next event: an element without content is a start and an end. `Event::Eof` comes only when all elements are
    /// closed, so whoever is inside of one need not expect it.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Event<'_>, Problem> {
        self.buffer.clear();
        self.reader.get_mut().piece = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::DocType(_)) => Err(Problem::new(
                ProblemCode::FileType,
                format!("The workbook's {} declares a document type, as no spreadsheet program does", self.name),
                "Open it in Excel or LibreOffice, save it as a new .xlsx file or as CSV, and import that.",
            )),
            Ok(event) => {
                match &event {
                    Event::Start(_) => self.depth += 1,
                    Event::End(_) => self.depth -= 1,
                    Event::Eof if self.depth > 0 => return Err(cut(&self.name)),
                    _ => {}
                }
                Ok(event)
            }
            Err(quick_xml::Error::Io(error)) => Err(problem_of_reading(&error)),
            Err(error) => Err(damaged(format_args!("its part {} is broken ({error})", self.name))),
        }
    }

    /// Skips to behind the end of the element whose start was the last event.
    pub(super) fn skip(&mut self) -> Result<(), Problem> {
        let mut depth = 1usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// The part ended before what it was read for.
    pub(super) fn cut(&self) -> Problem {
        cut(&self.name)
    }
}

fn cut(name: &str) -> Problem {
    damaged(format_args!("its part {name} ends too early"))
}

/// A name without its prefix.
#[inline]
pub(super) fn local(name: &str) -> &str {
    name.bytes().rposition(|byte| byte == b':').map_or(name, |colon| &name[colon + 1..])
}

/// The attribute of this local name, as written; most need no unescaping.
#[inline]
pub(super) fn raw_attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Option<Cow<'t, str>> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| local(attribute.key.0) == name)?;
    Some(found.value)
}

/// The attribute of this local name, unescaped.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|attribute| local(attribute.key.0) == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    Some(value.map_or_else(|_| found.value.clone().into_owned(), Cow::into_owned))
}

/// Whether an attribute says yes, as XLSX and ODS write it.
pub(super) fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Appends what `&...;` stands for; what is no entity stays as written.
pub(super) fn push_reference(text: &mut String, reference: &BytesRef<'_>) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
        return;
    }
    match &**reference {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        other => {
            text.push('&');
            text.push_str(other);
            text.push(';');
        }
    }
}

/// Ends reading when one piece of markup is longer than any honest one.
pub(super) struct Paced<B> {
    inner: B,
    piece: u64,
}

impl<B: BufRead> Read for Paced<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<B: BufRead> BufRead for Paced<B> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > MAX_PIECE_BYTES {
            let sentence = format!("The workbook holds a piece of text of more than {} MB", MAX_PIECE_BYTES >> 20);
            return Err(io::Error::other(Limit(too_large(sentence))));
        }
        self.inner.fill_buf()
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.piece += amount as u64;
        self.inner.consume(amount);
    }
}
