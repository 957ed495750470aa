//! Record -> checked row: every cell is read by its column's role, and what is wrong becomes an issue of the row.
//! A row never becomes an error and never touches another row.

use convoke_people::email::{Email, EmailError};
use convoke_people::field::{Field, MAX_VALUE_CHARS, Shape};
use convoke_people::id::GroupId;
use convoke_people::number::{parse_count, parse_rate_ppm};
use convoke_people::record_type::IdentityKind;
use convoke_people::text;

use crate::chunk::{CheckedChunk, CheckedRow, Span, Verdict};
use crate::custom_cells::{CustomCells, Cut};
use crate::identity::{IdentityColumns, identity_hash, plain_text};
use crate::issue::{Issue, IssueCode, Severity};
use crate::mapping::{Target, column_letters};
use crate::not_a_person;
use crate::recipe::{Recipe, Role};
use crate::records::{Cell, Record};
use crate::stumbling::{self, caught};

/// Checks the records of one import, in file order.
pub struct Checker<'a> {
    pub(crate) recipe: &'a Recipe,
    pub(crate) identity: IdentityColumns,
    custom: CustomCells,
    pub(crate) key: String,
}

/// A cell and the place of its column.
#[derive(Clone, Copy)]
pub(crate) struct CellAt<'c> {
    pub(crate) column: usize,
    pub(crate) cell: Cell<'c>,
}

/// The row being put together.
pub(crate) struct Draft {
    pub(crate) first_value: usize,
    pub(crate) identity: Span,
    /// The identity is wrong, and an issue says so.
    pub(crate) identity_error: bool,
    first_name: Span,
    last_name: Span,
    pub(crate) group: Option<GroupId>,
    pub(crate) issues: Vec<Issue>,
}

impl<'a> Checker<'a> {
    pub fn new(recipe: &'a Recipe) -> Self {
        Self { recipe, identity: IdentityColumns::of(recipe), custom: CustomCells::default(), key: String::new() }
    }

    /// An empty chunk that rows can be added to.
    pub fn chunk(&self, number: u32) -> CheckedChunk {
        CheckedChunk { number, slots: self.recipe.layout.slots(), ..CheckedChunk::default() }
    }

    /// Checks one record and adds its row. A row over which we stumble is a row that failed.
    pub fn check(&mut self, record: &Record, chunk: &mut CheckedChunk) {
        let row = record.start().row;
        let filled = chunk.filled();
        let is_broken = self.recipe.stumbled_rows.binary_search(&row).is_ok();
        if is_broken || caught(|| self.check_row(record, chunk)).is_none() {
            (self.custom, self.key) = (CustomCells::default(), String::new());
            chunk.stumbled(filled, row, self.recipe.secondary_keys.len());
        }
    }

    fn check_row(&mut self, record: &Record, chunk: &mut CheckedChunk) {
        stumbling::at("check", |cell| record.cells().any(|found| found.bytes == cell.as_bytes()));
        let (first_tag, first_other) = (chunk.tags.len() as u32, chunk.also_at.len() as u32);
        let mut draft = Draft {
            first_value: chunk.values.len(),
            identity: Span::NONE,
            identity_error: false,
            first_name: Span::NONE,
            last_name: Span::NONE,
            group: None,
            issues: Vec::new(),
        };
        chunk.values.resize(draft.first_value + chunk.slots, Span::NONE);
        let cells = record.as_text();
        if cells.are_text() || self.is_text(record, &mut draft) {
            self.surplus_cells(record, &mut draft);
            for column in 0..self.recipe.roles.len().min(record.len()) {
                self.cell(column, cells.cell(column), chunk, &mut draft);
            }
            self.name(chunk, &mut draft);
            self.keep_name(chunk, &mut draft);
            self.account(record, chunk, &mut draft);
            self.profile_url(record, chunk, &mut draft);
            if draft.identity.is_none() && !draft.identity_error {
                self.identity_blank(record, &mut draft);
            }
        }
        self.secondary_keys(chunk, &draft);
        let custom = self.custom.finish(chunk, draft.first_value);
        let verdict = self.verdict(record, chunk, &mut draft);
        let hash = draft.identity.of(&chunk.text).map_or(0, |key| identity_hash(key, self.recipe.hash_seed));
        chunk.rows.push(CheckedRow {
            row: record.start().row,
            verdict,
            identity: draft.identity,
            identity_hash: hash,
            custom,
            group: draft.group,
            tags: (first_tag, chunk.tags.len() as u32),
            also_at: (first_other, chunk.also_at.len() as u32),
            issues: draft.issues,
        });
    }

    fn secondary_keys(&self, chunk: &mut CheckedChunk, draft: &Draft) {
        for (place, key) in self.recipe.secondary_keys.iter().enumerate() {
            let value = chunk.values[draft.first_value + key.slot].of(&chunk.text);
            chunk.keys.push(value.map(|value| self.recipe.key_hash(place, value)));
        }
    }

    fn verdict(&self, record: &Record, chunk: &CheckedChunk, draft: &mut Draft) -> Verdict {
        if draft.identity.is_none() {
            let is_closing = self.recipe.closing_row.is_some_and(|first| record.start().row >= first);
            if is_closing && !record.is_brought_back() || not_a_person::is_footer_or_header(record, self.recipe) {
                draft.issues.clear();
                draft.issues.push(Issue::new(IssueCode::NotAContact));
                return Verdict::NotAPerson;
            }
        } else if draft.identity.of(&chunk.text).is_some_and(|key| not_a_person::is_example(key, record, self.recipe)) {
            draft.issues.clear();
            draft.issues.push(Issue::new(IssueCode::ExampleRow));
            return Verdict::NotAPerson;
        }
        let failed = draft.issues.iter().any(|i| i.code.severity() == Severity::Error);
        if failed { Verdict::Failed } else { Verdict::Sound }
    }

    fn is_text(&self, record: &Record, draft: &mut Draft) -> bool {
        for (column, cell) in record.cells().enumerate() {
            if std::str::from_utf8(cell.bytes).is_err() {
                let mut issue = Issue::new(IssueCode::InvalidEncoding).value(&String::from_utf8_lossy(cell.bytes));
                if column < self.recipe.mapping.columns.len() {
                    issue = issue.column(self.recipe.header(column));
                }
                draft.issues.push(issue);
                return false;
            }
        }
        true
    }

    fn surplus_cells(&self, record: &Record, draft: &mut Draft) {
        let width = self.recipe.mapping.columns.len();
        for column in width..record.len() {
            let value = text_of(record.cell(column));
            if !value.is_empty() {
                draft.issues.push(Issue::new(IssueCode::TooManyCells).value(value).detail(column_letters(column)));
                return;
            }
        }
    }

    fn cell(&mut self, column: usize, cell: Cell<'_>, chunk: &mut CheckedChunk, draft: &mut Draft) {
        if cell.bytes.is_empty() {
            return;
        }
        let at = CellAt { column, cell };
        let recipe = self.recipe;
        match recipe.roles[column] {
            Role::Ignored => {}
            Role::Field { field, slot } => {
                let value = self.standard(field, at, chunk, draft);
                chunk.values[draft.first_value + slot] = value;
            }
            Role::FirstName => {
                draft.first_name = self.line(at, MAX_VALUE_CHARS, chunk, draft).unwrap_or(Span::NONE);
            }
            Role::LastName => {
                draft.last_name = self.line(at, MAX_VALUE_CHARS, chunk, draft).unwrap_or(Span::NONE);
            }
            Role::Custom { custom, slot } => {
                self.custom_cell(custom, slot, at, draft);
            }
            Role::Group => self.group(column, cell, draft),
            Role::Tags => self.tags(column, cell, chunk, draft),
            // Read together, once the whole row was seen.
            Role::Platform | Role::Handle | Role::ProfileUrl | Role::Account => {}
        }
    }

    fn standard(&mut self, field: Field, at: CellAt<'_>, chunk: &mut CheckedChunk, draft: &mut Draft) -> Span {
        let CellAt { column, cell } = at;
        let header = self.recipe.header(column);
        let ignored =
            |value: &str, why: &str| Issue::new(IssueCode::ValueIgnored).column(header).value(value).detail(why);
        let value = text_of(cell);
        match field.shape() {
            Shape::Text { max_chars } => self.line(at, max_chars, chunk, draft).unwrap_or(Span::NONE),
            Shape::CustomLike { .. } if self.is_clear(value) => Span::CLEAR,
            Shape::CustomLike { multiple } => {
                let cut = Cut { header, multiple, without_case: false };
                self.custom.built_in(cut, cell, chunk, &mut draft.issues)
            }
            _ if value.is_empty() => Span::NONE,
            _ if self.is_clear(value) && !self.recipe.settings.record_type.is_identity(field) => Span::CLEAR,
            Shape::Email => self.email(column, cell, chunk, draft),
            Shape::Count => match parse_count(value, self.recipe.forms[column].decimal) {
                Some(count) => chunk.push(&count.to_string()),
                None => {
                    draft.issues.push(ignored(value, "It is not a whole number such as 12500, 12,500 or 12.5K."));
                    Span::NONE
                }
            },
            Shape::Rate => match parse_rate_ppm(value, self.recipe.forms[column].decimal) {
                Some(rate) => chunk.push(&rate.to_string()),
                None => {
                    draft.issues.push(ignored(value, "It is not a rate such as 3.4 or 3.4 %."));
                    Span::NONE
                }
            },
            Shape::Platform | Shape::Handle | Shape::ProfileUrl | Shape::Accounts => Span::NONE,
        }
    }

    /// A text of at most `max_chars` characters; None if nothing is to be written.
    pub(crate) fn line(
        &self,
        CellAt { column, cell }: CellAt<'_>,
        max_chars: u32,
        chunk: &mut CheckedChunk,
        draft: &mut Draft,
    ) -> Option<Span> {
        let header = self.recipe.header(column);
        let value = text_of(cell);
        if value.is_empty() {
            return None;
        }
        if self.is_clear(value) {
            return Some(Span::CLEAR);
        }
        let cleaned = text::remove_controls(value);
        if cleaned.is_some() {
            draft.issues.push(Issue::new(IssueCode::ControlCharacterRemoved).column(header).value(value));
        }
        let value = cleaned.as_deref().map_or(value, text::trim);
        if value.is_empty() {
            return None;
        }
        let found = chars_of(cell, value);
        if found > u64::from(max_chars) {
            draft.issues.push(too_long(self.is_required(column), found, max_chars).column(header).value(value));
            return None;
        }
        Some(chunk.push(value))
    }

    /// Whether a name is made of this column.
    fn is_required(&self, column: usize) -> bool {
        let is_name = match self.recipe.roles[column] {
            Role::Field { field, .. } => field == Field::Name,
            Role::FirstName | Role::LastName => self.recipe.mapping.column_of(Target::Field(Field::Name)).is_none(),
            _ => false,
        };
        is_name && self.recipe.settings.record_type.needs_name()
    }

    pub(crate) fn is_clear(&self, value: &str) -> bool {
        self.recipe.settings.clear_token.as_deref().is_some_and(|token| token == value)
    }

    fn email(&self, column: usize, cell: Cell<'_>, chunk: &mut CheckedChunk, draft: &mut Draft) -> Span {
        let is_identity = self.recipe.settings.record_type.identity() == IdentityKind::Email;
        let value = text_of(cell);
        // Of a cell that was cut not even the @ need be there.
        match if cell.is_cut() { Err(EmailError::TooLong) } else { Email::parse(value) } {
            Ok(email) => {
                let written = chunk.push(email.written);
                if is_identity {
                    let same = email.key == email.written;
                    draft.identity = if same { written } else { chunk.push(&email.key) };
                }
                written
            }
            Err(error) => {
                draft.identity_error |= is_identity;
                let issue = if is_identity {
                    Issue::new(IssueCode::EmailInvalid).detail(error)
                } else {
                    Issue::new(IssueCode::ValueIgnored).detail(format!("It is no e-mail address: {error}."))
                };
                draft.issues.push(issue.column(self.recipe.header(column)).value(value));
                Span::NONE
            }
        }
    }

    fn custom_cell(&mut self, custom: usize, slot: usize, at: CellAt<'_>, draft: &mut Draft) {
        let CellAt { column, cell } = at;
        let value = text_of(cell);
        let header = self.recipe.header(column);
        if self.is_clear(value) {
            self.custom.clear(slot);
        } else if value.is_empty() {
            draft.issues.push(Issue::new(IssueCode::ValueBlank).column(header));
        } else {
            self.custom.read(self.recipe, (custom, slot, column), cell, &mut draft.issues);
        }
    }

    fn name(&self, chunk: &mut CheckedChunk, draft: &mut Draft) {
        if draft.first_name.is_none() && draft.last_name.is_none() {
            return;
        }
        let slot = |field| self.recipe.layout.slot_of(field).map(|slot| draft.first_value + slot);
        if let Some(slot) = slot(Field::FirstName) {
            chunk.values[slot] = draft.first_name;
        }
        let Some(slot) = slot(Field::Name) else { return };
        if !chunk.values[slot].is_none() {
            return;
        }
        let parts = [draft.first_name, draft.last_name];
        let parts: Vec<_> = parts.iter().filter_map(|part| part.of(&chunk.text)).collect();
        let name = parts.join(" ");
        let found = name.chars().count() as u64;
        if found > u64::from(MAX_VALUE_CHARS) {
            let is_required = self.recipe.settings.record_type.needs_name();
            draft.issues.push(too_long(is_required, found, MAX_VALUE_CHARS).column(Field::Name.label()).value(&name));
        } else if !name.is_empty() {
            chunk.values[slot] = chunk.push(&name);
        }
    }

    /// A person that needs a name keeps it: people without one cannot be told apart in a list.
    fn keep_name(&self, chunk: &mut CheckedChunk, draft: &mut Draft) {
        let slot = self.recipe.layout.slot_of(Field::Name).filter(|_| self.recipe.settings.record_type.needs_name());
        let Some(slot) = slot.map(|slot| draft.first_value + slot) else { return };
        if chunk.values[slot] == Span::CLEAR {
            chunk.values[slot] = Span::NONE;
            let token = self.recipe.settings.clear_token.as_deref().unwrap_or_default();
            let issue = Issue::new(IssueCode::ValueIgnored).column(self.recipe.name_header()).value(token);
            draft.issues.push(issue.detail("A name that is required cannot be erased."));
        }
    }

    fn identity_blank(&self, record: &Record, draft: &mut Draft) {
        let issue = match self.recipe.settings.record_type.identity() {
            IdentityKind::Email => {
                let column = self.identity.email.unwrap_or_default();
                Issue::new(IssueCode::EmailBlank).column(self.recipe.header(column))
            }
            IdentityKind::PlatformAndHandle => self.account_blank(record),
        };
        draft.issues.push(issue);
    }
}

/// What is to be said of a text with more characters than `max_chars`.
fn too_long(is_required: bool, found: u64, max_chars: u32) -> Issue {
    if is_required {
        Issue::new(IssueCode::ValueTooLong).detail(found)
    } else {
        Issue::new(IssueCode::ValueIgnored).detail(format!("It has {found} characters; the maximum is {max_chars}."))
    }
}

/// The text of a cell that is known to be UTF-8.
pub(crate) fn text_of(cell: Cell<'_>) -> &str {
    cell.text().map(plain_text).unwrap_or_default()
}

/// Characters of a value: counted in the cell if only its beginning was kept.
pub(crate) fn chars_of(cell: Cell<'_>, value: &str) -> u64 {
    if cell.is_cut() { cell.length_chars() } else { value.chars().count() as u64 }
}
