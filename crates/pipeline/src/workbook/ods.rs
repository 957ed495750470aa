//! ODS: the sheets of one stream of XML, each cell by its stored value. Source: OpenDocument 1.3 part 3, 9.1 and 19.
//!
//! Invariant: repeated rows and cells cost nothing while they are blank, and no more than their text if they are not.

mod cell;
mod listing;

use std::io::{BufRead, Read, Seek, Write};

use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use super::markup::{Markup, local, raw_attribute};
use super::table::Table;
use super::{MAX_ROWS, SheetInfo, WorkbookError, damaged, locked};
use crate::problem::Problem;
use cell::{Value, push_paragraphs};
use listing::{is_sheet, list_sheets};

const CONTENT: &str = "content.xml";

/// Bytes of the manifest, which names each part.
const MANIFEST_BYTES: u64 = 8 << 20;

/// Writes the sheet asked for, or the first visible one that holds anything. The file stands at byte 0.
pub(super) fn write_csv<R: Read + Seek, W: Write>(
    file: R,
    asked: Option<&str>,
    out: W,
) -> Result<SheetInfo, WorkbookError> {
    let mut archive = Archive::open(file)?;
    let manifest = archive.text_of("META-INF/manifest.xml", MANIFEST_BYTES)?;
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(locked().into());
    }
    let missing = || damaged(format_args!("its part {CONTENT} is missing"));
    let sheets = list_sheets(&mut Markup::new(archive.part(CONTENT)?.ok_or_else(missing)?, CONTENT))?;
    let wanted = sheets.wanted(asked)?;
    let mut markup = Markup::new(archive.part_again(CONTENT)?.ok_or_else(missing)?, CONTENT);
    let mut table = Table::new(out);
    for (at, is_wanted) in (0..).map(|at| (at, wanted.contains(&at))) {
        if !to_next_sheet(&mut markup)? {
            break;
        }
        if !is_wanted {
            markup.skip()?;
            continue;
        }
        let blank_formulas = write_rows(&mut markup, &mut table)?;
        if table.rows() > 0 {
            table.finish()?;
            return Ok(SheetInfo { blank_formulas, ..sheets.info(at, table.rows(), table.columns()) });
        }
    }
    Err(sheets.nothing_found(asked).into())
}

/// Moves to behind the start of the next sheet, if there is one.
fn to_next_sheet<B: BufRead>(markup: &mut Markup<B>) -> Result<bool, Problem> {
    loop {
        let is_history = match markup.next()? {
            Event::Start(tag) if is_sheet(&tag) => return Ok(true),
            Event::Start(tag) => local(tag.name().0) == "tracked-changes",
            Event::Eof => return Ok(false),
            _ => false,
        };
        if is_history {
            markup.skip()?;
        }
    }
}

/// What comes next in a sheet.
enum Next {
    Row(u32),
    RowEnd,
    Cell(Value, u32),
    /// Shapes, forms and the like, which hold no cells of this sheet.
    Beside,
    Start,
    End,
    Other,
}

/// Writes the rows of the sheet whose start was the last event, up to its end; gives the number of formulas that no
/// value is stored for.
fn write_rows<B: BufRead, W: Write>(markup: &mut Markup<B>, table: &mut Table<W>) -> Result<u64, WorkbookError> {
    let mut blank_formulas = 0;
    let (mut row, mut repeats, mut column) = (1u32, 1u32, 0u32);
    let mut depth = 1usize;
    let mut text = String::new();
    while depth > 0 {
        match next(markup)? {
            Next::Row(number) => (repeats, column) = (number, 0),
            Next::RowEnd => {
                table.end_row(row.min(MAX_ROWS + 1), repeats)?;
                row = row.saturating_add(repeats);
            }
            Next::Cell(value, number) => {
                text.clear();
                push_paragraphs(markup, &mut text)?;
                blank_formulas += u64::from(text.is_empty() && value.is_missing());
                let shown = value.shown(&text);
                if !shown.is_empty() {
                    let columns = column..column.saturating_add(number);
                    columns.into_iter().try_for_each(|column| table.cell(column, &shown))?;
                }
                column = column.saturating_add(number);
            }
            Next::Beside => markup.skip()?,
            Next::Start => depth += 1,
            Next::End => depth -= 1,
            Next::Other => {}
        }
    }
    Ok(blank_formulas)
}

fn next<B: BufRead>(markup: &mut Markup<B>) -> Result<Next, Problem> {
    Ok(match markup.next()? {
        Event::Start(tag) => match local(tag.name().0) {
            "table-row" => Next::Row(repeats(&tag, "number-rows-repeated")?),
            "table-cell" => Next::Cell(Value::of(&tag), repeats(&tag, "number-columns-repeated")?),
            // Below a merged cell nobody sees anything.
            "covered-table-cell" => Next::Cell(Value::covered(), repeats(&tag, "number-columns-repeated")?),
            "table-row-group" | "table-header-rows" | "table-rows" => Next::Start,
            _ => Next::Beside,
        },
        Event::End(tag) => match local(tag.name().0) {
            "table-row" => Next::RowEnd,
            _ => Next::End,
        },
        _ => Next::Other,
    })
}

/// How often a row or cell stands there.
fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u32, Problem> {
    match raw_attribute(tag, name).map(|times| times.parse::<u32>()) {
        None => Ok(1),
        Some(Ok(times)) if times > 0 => Ok(times),
        Some(_) => Err(damaged(format_args!("its {name} is no number"))),
    }
}
