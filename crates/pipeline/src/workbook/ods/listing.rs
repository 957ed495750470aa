//! The sheets of an ODS workbook by name, and which of them are hidden.

use std::collections::HashSet;
use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};

use crate::problem::Problem;
use crate::workbook::markup::{Markup, attribute, local};
use crate::workbook::sheet_choice::Sheets;

/// Styles of hidden sheets that are remembered.
const MAX_STYLES: usize = 10_000;

/// Longest name of a style.
const MAX_NAME_BYTES: usize = 1000;

/// Whether a tag starts a sheet: not the copy of another file's cells that LibreOffice keeps for formulas.
pub(super) fn is_sheet(tag: &BytesStart<'_>) -> bool {
    local(tag.name().0) == "table" && name_of(tag).is_some_and(|name| !name.starts_with("'file:"))
}

fn name_of(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "name")
}

/// What comes next outside of sheets.
enum Next {
    Sheet { name: String, style: Option<String> },
    Style(Option<String>),
    Hidden,
    History,
    Eof,
    Other,
}

/// Reads through the whole content.
pub(super) fn list_sheets<B: BufRead>(markup: &mut Markup<B>) -> Result<Sheets, Problem> {
    let mut sheets = Sheets::default();
    let mut hidden: HashSet<String> = HashSet::new();
    let mut style = None;
    loop {
        match next(markup)? {
            Next::Style(name) => style = name,
            Next::Hidden if hidden.len() < MAX_STYLES => hidden.extend(style.take()),
            Next::Sheet { name, style } => {
                let is_visible = !style.is_some_and(|style| hidden.contains(&style));
                sheets.add(&name, is_visible)?;
                markup.skip()?;
            }
            Next::History => markup.skip()?,
            Next::Eof => return Ok(sheets),
            Next::Hidden | Next::Other => {}
        }
    }
}

fn next<B: BufRead>(markup: &mut Markup<B>) -> Result<Next, Problem> {
    Ok(match markup.next()? {
        Event::Start(tag) if is_sheet(&tag) => {
            Next::Sheet { name: name_of(&tag).unwrap_or_default(), style: attribute(&tag, "style-name") }
        }
        Event::Start(tag) if local(tag.name().0) == "tracked-changes" => Next::History,
        Event::Start(tag) => match local(tag.name().0) {
            "style" => Next::Style(attribute(&tag, "name").filter(|name| name.len() <= MAX_NAME_BYTES)),
            "table-properties" if attribute(&tag, "display").is_some_and(|display| display == "false") => Next::Hidden,
            _ => Next::Other,
        },
        Event::Eof => Next::Eof,
        _ => Next::Other,
    })
}
