//! The cells of a sheet -> rows of the table, in one pass. Source: ECMA-376 part 1, 18.3.1.
//!
//! Invariant: rows and the cells in them ascend, as the standard says; a sheet that breaks this is damaged, because
//! its row numbers could not be trusted.

use std::io::{BufRead, Write};

use quick_xml::events::{BytesStart, Event};

use super::strings::SharedStrings;
use super::styles::Styles;
use super::texts::{push_characters, push_item, unescape};
use crate::problem::Problem;
use crate::workbook::dates::{Epoch, tidy_iso};
use crate::workbook::markup::{Markup, local};
use crate::workbook::numbers::push_number;
use crate::workbook::table::Table;
use crate::workbook::{MAX_COLUMNS, MAX_ROWS, WorkbookError, damaged, too_large};

/// What the cells of a sheet refer to.
pub(super) struct Cells<'w> {
    pub(super) strings: &'w SharedStrings,
    pub(super) styles: &'w Styles,
    pub(super) epoch: Epoch,
}

/// What a cell's value is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    Shared,
    /// Of a formula, or an error.
    Text,
    Inline,
    Boolean,
    Date,
}

/// An open cell.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    column: u32,
    kind: Kind,
    style: u32,
}

/// What is read of a cell, and what is shown of it; used again from cell to cell.
#[derive(Debug, Default)]
struct Texts {
    raw: String,
    shown: String,
}

/// Where reading stands: row and column are those that come next, row from 1 and column from 0.
struct Place {
    row: u32,
    column: u32,
}

/// What comes next in the sheet's data.
enum Next {
    Row(Option<u32>),
    RowEnd,
    Cell(Option<u32>, Kind, u32),
    DataEnd,
    Cut,
    Other,
}

/// Writes the rows of a sheet; gives the number of its formulas that no value is stored for.
pub(super) fn write_sheet<B: BufRead, W: Write>(
    part: B,
    name: &str,
    cells: &Cells<'_>,
    table: &mut Table<W>,
) -> Result<u64, WorkbookError> {
    let mut blank_formulas = 0;
    let mut markup = Markup::new(part, name);
    let mut place = Place { row: 1, column: 0 };
    let mut texts = Texts::default();
    loop {
        match next(&mut markup)? {
            Next::Row(row) => place.begin_row(row)?,
            Next::RowEnd => {
                table.end_row(place.row, 1)?;
                place.row += 1;
            }
            Next::Cell(column, kind, style) => {
                let open = Open { column: place.take_cell(column)?, kind, style };
                blank_formulas += u64::from(write_cell(&mut markup, open, cells, &mut texts, table)?);
            }
            Next::DataEnd => return Ok(blank_formulas),
            Next::Cut => return Err(markup.cut().into()),
            Next::Other => {}
        }
    }
}

#[inline]
fn next<B: BufRead>(markup: &mut Markup<B>) -> Result<Next, Problem> {
    Ok(match markup.next()? {
        Event::Start(tag) => match local(tag.name().0) {
            "c" => {
                let (reference, kind, style) = facts_of_cell(&tag)?;
                Next::Cell(reference, kind, style)
            }
            "row" => Next::Row(number_of_row(&tag)?),
            _ => Next::Other,
        },
        Event::End(tag) => match local(tag.name().0) {
            "row" => Next::RowEnd,
            "sheetData" => Next::DataEnd,
            _ => Next::Other,
        },
        Event::Eof => Next::Cut,
        _ => Next::Other,
    })
}

impl Place {
    fn begin_row(&mut self, row: Option<u32>) -> Result<(), Problem> {
        let row = row.unwrap_or(self.row);
        if row < self.row {
            return Err(damaged(format_args!("its row {row} comes behind row {}", self.row - 1)));
        }
        if row > MAX_ROWS {
            return Err(too_large(format!("The sheet has more than {MAX_ROWS} rows")));
        }
        (self.row, self.column) = (row, 0);
        Ok(())
    }

    /// The column of the cell that was met.
    #[inline]
    fn take_cell(&mut self, column: Option<u32>) -> Result<u32, Problem> {
        let column = column.unwrap_or(self.column);
        if column < self.column {
            return Err(damaged(format_args!("the cells of its row {} are not in order", self.row)));
        }
        if column >= MAX_COLUMNS {
            return Err(too_large(format!("The sheet has more than {MAX_COLUMNS} columns")));
        }
        self.column = column + 1;
        Ok(column)
    }
}

fn number_of_row(tag: &BytesStart<'_>) -> Result<Option<u32>, Problem> {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let Some(found) = attributes.flatten().find(|attribute| attribute.key.0 == "r") else { return Ok(None) };
    match found.value.parse::<u32>() {
        Ok(row) if row > 0 => Ok(Some(row)),
        _ => Err(damaged(format_args!("it has a row of the number {}", found.value))),
    }
}

/// Column, kind of value and style of a cell.
#[inline]
fn facts_of_cell(tag: &BytesStart<'_>) -> Result<(Option<u32>, Kind, u32), Problem> {
    let (mut column, mut kind, mut style) = (None, Kind::Number, 0);
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    for attribute in attributes.flatten() {
        let value = &*attribute.value;
        match attribute.key.0 {
            "r" => column = Some(column_of(value)?),
            "s" => style = value.parse().unwrap_or(0),
            "t" => {
                kind = match value {
                    "s" => Kind::Shared,
                    "str" | "e" => Kind::Text,
                    "inlineStr" => Kind::Inline,
                    "b" => Kind::Boolean,
                    "d" => Kind::Date,
                    _ => Kind::Number,
                }
            }
            _ => {}
        }
    }
    Ok((column, kind, style))
}

/// The column, from 0, of a reference like `AB12`.
#[inline]
fn column_of(reference: &str) -> Result<u32, Problem> {
    let mut column = 0u32;
    for byte in reference.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if column <= MAX_COLUMNS => {
                column = column * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
            }
            _ => break,
        }
    }
    column.checked_sub(1).ok_or_else(|| damaged(format_args!("it has a cell named {reference}")))
}

/// What comes next in a cell.
enum Inside {
    Value,
    Inline,
    Formula,
    /// Extensions.
    Beside,
    End,
    Other,
}

/// Reads the open cell to its end and writes its value; says whether it is a formula that none is stored for.
#[inline]
fn write_cell<B: BufRead, W: Write>(
    markup: &mut Markup<B>,
    mut open: Open,
    cells: &Cells<'_>,
    texts: &mut Texts,
    table: &mut Table<W>,
) -> Result<bool, Problem> {
    texts.raw.clear();
    let (mut is_formula, mut has_value) = (false, false);
    loop {
        match inside(markup)? {
            Inside::Value => {
                // A text may be stored as an empty one; a number without digits is none.
                has_value = open.kind == Kind::Text;
                push_characters(markup, &mut texts.raw)?;
            }
            // Some programs give an inline text another type, or none.
            Inside::Inline => {
                texts.raw.clear();
                open.kind = Kind::Inline;
                push_item(markup, &mut texts.raw)?;
            }
            Inside::Formula => {
                is_formula = true;
                markup.skip()?;
            }
            Inside::Beside => markup.skip()?,
            Inside::End => break,
            Inside::Other => {}
        }
    }
    if texts.raw.is_empty() {
        return Ok(is_formula && !has_value);
    }
    table.cell(open.column, shown(open, cells, texts)?)?;
    Ok(false)
}

#[inline]
fn inside<B: BufRead>(markup: &mut Markup<B>) -> Result<Inside, Problem> {
    Ok(match markup.next()? {
        Event::Start(tag) => match local(tag.name().0) {
            "v" => Inside::Value,
            "is" => Inside::Inline,
            "f" => Inside::Formula,
            _ => Inside::Beside,
        },
        Event::End(_) => Inside::End,
        _ => Inside::Other,
    })
}

/// The text of a cell as a person sees it.
#[inline]
fn shown<'t>(open: Open, cells: &Cells<'t>, texts: &'t mut Texts) -> Result<&'t str, Problem> {
    let raw = &mut texts.raw;
    match open.kind {
        Kind::Shared => return cells.strings.of_cell(raw),
        Kind::Number => {
            texts.shown.clear();
            push_number(&mut texts.shown, raw, cells.styles.shown(open.style), cells.epoch);
            return Ok(&texts.shown);
        }
        Kind::Text => unescape(raw, 0),
        Kind::Inline => {}
        Kind::Boolean => return Ok(boolean(raw)),
        Kind::Date => *raw = tidy_iso(raw),
    }
    Ok(raw)
}

fn boolean(raw: &str) -> &str {
    match raw.trim() {
        "1" | "true" => "TRUE",
        "0" | "false" => "FALSE",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_name_columns() {
        let columns = [("A1", 0), ("Z9", 25), ("AA1", 26), ("az7", 51), ("XFD1048576", 16_383), ("B", 1)];
        for (reference, column) in columns {
            assert_eq!(column_of(reference).expect(reference), column);
        }
        assert!(column_of("12").is_err() && column_of("").is_err());
        assert!(column_of("ZZZZZZZZZZZZZZZZ1").is_ok_and(|column| column >= MAX_COLUMNS));
    }
}
