//! Rows as they leave the check: ten thousand records or 16 MB by position in the file, their text in one arena.
//! A row is data whatever is wrong with it; its issues stand beside it.

use convoke_people::id::GroupId;

use crate::issue::{Issue, IssueCode};
use crate::records::Position;
use crate::secondary_keys::KeyHash;

/// Records in a chunk at most.
pub const CHUNK_RECORDS: u32 = 10_000;
/// Bytes of the file in a chunk at most (the record that reaches it is the last one).
pub const CHUNK_BYTES: u64 = 16 << 20;

/// A piece of an arena's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Nothing there.
    pub const NONE: Self = Self { start: u32::MAX, end: u32::MAX };
    /// A field to be erased, by the clear token.
    pub const CLEAR: Self = Self { start: u32::MAX - 1, end: u32::MAX - 1 };

    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    pub fn of(self, text: &str) -> Option<&str> {
        if self.start >= u32::MAX - 1 { None } else { text.get(self.start as usize..self.end as usize) }
    }
}

/// What the check alone can say of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The planner decides by who is known.
    Sound,
    Failed,
    /// A footer, total, repeated header or the template's example.
    NotAPerson,
}

/// A row after the check.
#[derive(Clone, Debug)]
pub struct CheckedRow {
    /// As a spreadsheet program numbers it.
    pub row: u32,
    pub verdict: Verdict,
    /// Compared form: e-mail key, or platform and handle key.
    pub identity: Span,
    pub identity_hash: u64,
    /// Custom values of the row as one canonical JSON text.
    pub custom: Span,
    pub group: Option<GroupId>,
    /// Range in [`CheckedChunk::tags`].
    pub tags: (u32, u32),
    /// Range in [`CheckedChunk::also_at`].
    pub also_at: (u32, u32),
    pub issues: Vec<Issue>,
}

impl CheckedRow {
    /// Fails by a mistake of ours; what else was said of it may be wrong.
    pub(crate) fn stumble(&mut self) {
        self.verdict = Verdict::Failed;
        self.issues = vec![Issue::new(IssueCode::RowStumbled)];
    }
}

/// How far a chunk was filled: rows, text, values, keys, tags, other accounts.
#[derive(Clone, Copy)]
pub(crate) struct Filled([usize; 6]);

/// A tag a row names.
#[derive(Clone, Copy, Debug)]
pub struct TagSpan {
    pub name: Span,
    /// Compared without case.
    pub key: Span,
}

/// Where a chunk begins in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkStart {
    pub position: Position,
    pub records: u32,
}

/// The rows of one chunk.
#[derive(Clone, Debug, Default)]
pub struct CheckedChunk {
    /// Counted from 0.
    pub number: u32,
    pub rows: Vec<CheckedRow>,
    pub text: String,
    /// One span a row and slot of the layout, row by row.
    pub values: Vec<Span>,
    pub slots: usize,
    /// One a row and secondary key of the recipe, row by row.
    pub keys: Vec<Option<KeyHash>>,
    pub tags: Vec<TagSpan>,
    /// The other accounts of creators, as the identities they would be.
    pub also_at: Vec<Span>,
}

impl CheckedChunk {
    pub fn text(&self, span: Span) -> Option<&str> {
        span.of(&self.text)
    }

    /// The spans of a row, one a slot.
    pub fn row_values(&self, row: usize) -> &[Span] {
        &self.values[row * self.slots..(row + 1) * self.slots]
    }

    pub fn value(&self, row: usize, slot: usize) -> Option<&str> {
        self.values[row * self.slots + slot].of(&self.text)
    }

    pub fn identity(&self, row: usize) -> Option<&str> {
        self.rows[row].identity.of(&self.text)
    }

    /// The secondary keys of a row.
    pub fn row_keys(&self, row: usize) -> &[Option<KeyHash>] {
        let count = self.keys.len() / self.rows.len().max(1);
        &self.keys[row * count..(row + 1) * count]
    }

    pub fn row_tags(&self, row: usize) -> &[TagSpan] {
        let (start, end) = self.rows[row].tags;
        &self.tags[start as usize..end as usize]
    }

    /// The other accounts of a row, as identities.
    pub fn row_also_at(&self, row: usize) -> impl Iterator<Item = &str> {
        let (start, end) = self.rows[row].also_at;
        self.also_at[start as usize..end as usize].iter().filter_map(|span| self.text(*span))
    }

    /// Appends text to the arena.
    pub fn push(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        Span::new(start, self.text.len())
    }

    /// How far it was filled, to come back to.
    pub(crate) fn filled(&self) -> Filled {
        Filled([
            self.rows.len(),
            self.text.len(),
            self.values.len(),
            self.keys.len(),
            self.tags.len(),
            self.also_at.len(),
        ])
    }

    /// Takes away what was added since, and adds a row that failed by a mistake of ours.
    pub(crate) fn stumbled(&mut self, Filled(filled): Filled, row: u32, keys: usize) {
        let [rows, text, values, first_key, tags, also_at] = filled;
        self.rows.truncate(rows);
        self.text.truncate(text);
        self.values.truncate(values);
        self.values.resize(values + self.slots, Span::NONE);
        self.keys.truncate(first_key);
        self.keys.resize(first_key + keys, None);
        self.tags.truncate(tags);
        self.also_at.truncate(also_at);
        let mut failed = CheckedRow {
            row,
            verdict: Verdict::Sound,
            identity: Span::NONE,
            identity_hash: 0,
            custom: Span::NONE,
            group: None,
            tags: (tags as u32, tags as u32),
            also_at: (also_at as u32, also_at as u32),
            issues: Vec::new(),
        };
        failed.stumble();
        self.rows.push(failed);
    }

    /// A chunk of one row, for the rare time when a database refuses the whole.
    pub fn only(&self, row: usize) -> Self {
        let mut one = Self { number: self.number, slots: self.slots, ..Self::default() };
        let mut copied = self.rows[row].clone();
        copied.identity = self.copy(copied.identity, &mut one);
        copied.custom = self.copy(copied.custom, &mut one);
        for &span in self.row_values(row) {
            let span = self.copy(span, &mut one);
            one.values.push(span);
        }
        for tag in self.row_tags(row) {
            let (name, key) = (self.copy(tag.name, &mut one), self.copy(tag.key, &mut one));
            one.tags.push(TagSpan { name, key });
        }
        one.keys.extend_from_slice(self.row_keys(row));
        copied.tags = (0, one.tags.len() as u32);
        for identity in self.row_also_at(row) {
            let span = one.push(identity);
            one.also_at.push(span);
        }
        copied.also_at = (0, one.also_at.len() as u32);
        one.rows.push(copied);
        one
    }

    fn copy(&self, span: Span, to: &mut Self) -> Span {
        match span.of(&self.text) {
            Some(text) => to.push(text),
            None => span,
        }
    }
}
