//! Lines behind the people: below a blank line, each a single text in the first column, up to the end of the file.
//!
//! Invariant: no line that names somebody, rightly or wrongly, is among them, nor any line that has people below it.

use std::ops::Range;

use convoke_people::field::Field;

use crate::checking::text_of;
use crate::recipe::{Recipe, Role};
use crate::records::Record;

/// What the records seen so far say of the end of the file.
pub(crate) struct ClosingLines {
    /// Columns that a results file of ours adds.
    own: Range<usize>,
    /// The first column tells people apart: a single word in it may be a mistyped account.
    is_account: bool,
    has_people: bool,
    last_row: u32,
    from: Option<u32>,
}

impl ClosingLines {
    pub(crate) fn new(recipe: &Recipe) -> Self {
        let is_account = matches!(
            recipe.roles.first(),
            Some(
                Role::Field { field: Field::Email, .. }
                    | Role::Platform
                    | Role::Handle
                    | Role::ProfileUrl
                    | Role::Account
            )
        );
        let own = recipe.mapping.result_columns();
        Self { own, is_account, has_people: false, last_row: u32::MAX, from: None }
    }

    /// The next record, and whether it names somebody.
    pub(crate) fn note(&mut self, record: &Record, is_person: bool) {
        let row = record.start().row;
        if is_person || !self.is_alone(record) {
            self.has_people = true;
            self.from = None;
        } else if self.from.is_none() && self.has_people && row > self.last_row.saturating_add(1) {
            self.from = Some(row);
        }
        self.last_row = row;
    }

    /// The row of the first of them, as far as is known: a later record may show that it was none.
    pub(crate) fn from(&self) -> Option<u32> {
        self.from
    }

    fn is_alone(&self, record: &Record) -> bool {
        let is_blank = |column| text_of(record.cell(column)).is_empty() && record.cell(column).text().is_some();
        let line = text_of(record.cell(0));
        !line.is_empty()
            && !line.contains('@')
            && (!self.is_account || line.contains(char::is_whitespace))
            && (1..record.len()).filter(|column| !self.own.contains(column)).all(is_blank)
    }
}
