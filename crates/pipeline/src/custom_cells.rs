//! Values of custom fields, and of the built-in fields that behave like them: pieces, options, numbers, dates, yes/no.
//! The values of a row end up as one canonical JSON text, each field's list a slice of it.

use std::borrow::Cow;

use convoke_people::custom::{CustomField, CustomKind, push_json_field, push_json_value};
use convoke_people::date::parse_date;
use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::number::{Decimal, parse_number};
use convoke_people::text;
use convoke_people::yes_no::parse_yes_no;

use crate::checking::{chars_of, text_of};
use crate::chunk::{CheckedChunk, Span};
use crate::issue::{Issue, IssueCode, quote};
use crate::recipe::{Form, Recipe};
use crate::records::Cell;

/// Values one cell takes at most.
const MAX_VALUES: usize = 500;

/// The custom values of the row being checked, by slot. Buffers are reused from row to row.
#[derive(Default)]
pub(crate) struct CustomCells {
    arrays: Vec<Array>,
    json: String,
    pieces: Vec<String>,
}

#[derive(Default)]
struct Array {
    slot: usize,
    field: i64,
    json: String,
    state: ArrayState,
}

#[derive(Default, PartialEq, Eq)]
enum ArrayState {
    #[default]
    Free,
    Values,
    Clear,
}

/// How a cell is cut into values.
#[derive(Clone, Copy)]
pub(crate) struct Cut<'h> {
    /// The column's, for messages.
    pub(crate) header: &'h str,
    pub(crate) multiple: bool,
    /// Values are the same whatever their case.
    pub(crate) without_case: bool,
}

impl CustomCells {
    /// Reads the cell of custom field `custom` into `slot`; nothing is kept of a value that is wrong.
    pub(crate) fn read(
        &mut self,
        recipe: &Recipe,
        (custom, slot, column): (usize, usize, usize),
        cell: Cell<'_>,
        issues: &mut Vec<Issue>,
    ) {
        let field = recipe.custom(custom);
        let header = recipe.header(column);
        let multiple = field.multiple || field.kind == CustomKind::MultiSelect;
        if !self.split(Cut { header, multiple, without_case: field.kind.has_options() }, cell, issues) {
            return;
        }
        let mut array = self.free_array();
        array.field = field.id.0;
        array.slot = slot;
        // Text and options were compared when the cell was cut; `1.5` and `1.50` are written apart and are one number.
        let may_be_same = self.pieces.len() > 1 && field.kind != CustomKind::Text && !field.kind.has_options();
        let mut values: Vec<Cow<'_, str>> = Vec::new();
        for piece in &self.pieces {
            match canonical(field, recipe, custom, recipe.forms[column], piece) {
                Ok(value) if values.contains(&value) => {
                    issues.push(Issue::new(IssueCode::ValueTaken).column(header).value(piece).detail(value));
                }
                Ok(value) => {
                    push_json_value(&mut array.json, &value);
                    if may_be_same {
                        values.push(value);
                    }
                }
                Err(issue) => {
                    issues.push(issue.column(header).value(piece));
                    array.json.clear();
                    break;
                }
            }
        }
        if !array.json.is_empty() {
            array.json.push(']');
            array.state = ArrayState::Values;
        }
        self.arrays.push(array);
    }

    pub(crate) fn clear(&mut self, slot: usize) {
        let mut array = self.free_array();
        array.slot = slot;
        array.state = ArrayState::Clear;
        self.arrays.push(array);
    }

    fn free_array(&mut self) -> Array {
        match self.arrays.iter().position(|a| a.state == ArrayState::Free) {
            Some(place) => {
                let mut array = self.arrays.swap_remove(place);
                array.json.clear();
                array
            }
            None => Array::default(),
        }
    }

    /// A built-in field that behaves like a custom one: its values joined as they were written.
    pub(crate) fn built_in(
        &mut self,
        cut: Cut<'_>,
        cell: Cell<'_>,
        chunk: &mut CheckedChunk,
        issues: &mut Vec<Issue>,
    ) -> Span {
        if text_of(cell).is_empty() {
            issues.push(Issue::new(IssueCode::ValueBlank).column(cut.header));
            return Span::NONE;
        }
        if !self.split(cut, cell, issues) {
            return Span::NONE;
        }
        let start = chunk.text.len();
        for (place, piece) in self.pieces.iter().enumerate() {
            if place > 0 {
                chunk.text.push_str(", ");
            }
            chunk.text.push_str(piece);
        }
        if chunk.text.len() == start { Span::NONE } else { Span::new(start, chunk.text.len()) }
    }

    /// Cuts a cell into `pieces`; false if a piece is too long, which fails the row.
    fn split(&mut self, cut: Cut<'_>, cell: Cell<'_>, issues: &mut Vec<Issue>) -> bool {
        let Cut { header, multiple, without_case } = cut;
        let value = text_of(cell);
        let cleaned = text::remove_controls(value);
        if cleaned.is_some() {
            issues.push(Issue::new(IssueCode::ControlCharacterRemoved).column(header).value(value));
        }
        let value = cleaned.as_deref().map_or(value, text::trim);
        if multiple && cell.is_cut() {
            // What was cut off may have been values: better none than some of them.
            issues.push(Issue::new(IssueCode::ValueTooLong).column(header).value(value).detail(cell.length_chars()));
            return false;
        }
        let (mut kept, mut is_blank, mut taken) = (0, false, String::new());
        let single = [value];
        let many;
        let pieces: &[&str] = if multiple {
            many = pieces_of(value).collect::<Vec<_>>();
            &many
        } else {
            &single
        };
        if pieces.len() > MAX_VALUES {
            issues.push(Issue::new(IssueCode::TooManyValues).column(header).value(value).detail(pieces.len()));
            return false;
        }
        for piece in pieces {
            let found = if pieces.len() == 1 { chars_of(cell, piece) } else { piece.chars().count() as u64 };
            if piece.is_empty() {
                is_blank = true;
            } else if found > u64::from(MAX_VALUE_CHARS) {
                issues.push(Issue::new(IssueCode::ValueTooLong).column(header).value(piece).detail(found));
                return false;
            } else if self.pieces[..kept].iter().any(|p| p == piece || without_case && text::key(p) == text::key(piece))
            {
                if taken.split(", ").any(|known| known == *piece) {
                    continue;
                }
                taken.push_str(if taken.is_empty() { "" } else { ", " });
                taken.push_str(piece);
            } else {
                keep(&mut self.pieces, kept, piece);
                kept += 1;
            }
        }
        // Once a cell, whatever it holds: a cell can never fill the report.
        if is_blank {
            issues.push(Issue::new(IssueCode::ValueBlank).column(header));
        }
        if !taken.is_empty() {
            issues.push(Issue::new(IssueCode::ValueTaken).column(header).value(value).detail(quote(&taken)));
        }
        self.pieces.truncate(kept);
        true
    }

    /// Writes the row's JSON text and the slots that point into it, and starts anew.
    pub(crate) fn finish(&mut self, chunk: &mut CheckedChunk, first_value: usize) -> Span {
        if self.arrays.iter().all(|a| a.state == ArrayState::Free) {
            return Span::NONE;
        }
        self.arrays.sort_unstable_by_key(|a| (a.state == ArrayState::Free, a.field));
        let start = chunk.text.len();
        self.json.clear();
        for array in self.arrays.iter_mut().filter(|a| a.state != ArrayState::Free) {
            let slot = first_value + array.slot;
            if array.state == ArrayState::Clear {
                chunk.values[slot] = Span::CLEAR;
            } else {
                push_json_field(&mut self.json, array.field, &array.json);
                let end = start + self.json.len();
                chunk.values[slot] = Span::new(end - array.json.len(), end);
            }
            array.state = ArrayState::Free;
        }
        if self.json.is_empty() {
            return Span::NONE;
        }
        self.json.push('}');
        chunk.push(&self.json)
    }
}

/// The values of a cell that takes several; a comma without a blank behind it is part of a value.
pub(crate) fn pieces_of(value: &str) -> impl Iterator<Item = &str> {
    value.split(", ").map(text::trim)
}

fn keep(pieces: &mut Vec<String>, place: usize, piece: &str) {
    match pieces.get_mut(place) {
        Some(slot) => {
            slot.clear();
            slot.push_str(piece);
        }
        None => pieces.push(piece.to_owned()),
    }
}

/// The form in which a value is kept, or what is wrong with it.
fn canonical<'a>(
    field: &'a CustomField,
    recipe: &'a Recipe,
    custom: usize,
    form: Form,
    piece: &'a str,
) -> Result<Cow<'a, str>, Issue> {
    match field.kind {
        CustomKind::Text => Ok(piece.into()),
        CustomKind::SingleSelect | CustomKind::MultiSelect => match recipe.options[custom].get(&text::key(piece)) {
            Some(option) => Ok(option.as_str().into()),
            None => Err(Issue::new(IssueCode::OptionUnknown).detail(field.options.join(", "))),
        },
        CustomKind::Number => parse_number(piece, form.decimal.unwrap_or(Decimal::Point))
            .or_else(|| form.decimal.is_none().then(|| parse_number(piece, Decimal::Comma)).flatten())
            .map(Into::into)
            .ok_or_else(|| Issue::new(IssueCode::NumberInvalid)),
        CustomKind::Date => parse_date(piece, form.dates)
            .map(|date| date.to_string().into())
            .ok_or_else(|| Issue::new(IssueCode::DateInvalid)),
        CustomKind::YesNo => parse_yes_no(piece)
            .map(|yes| if yes { "yes" } else { "no" }.into())
            .ok_or_else(|| Issue::new(IssueCode::YesNoInvalid)),
    }
}
