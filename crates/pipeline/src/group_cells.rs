//! The cells that name a group or tags. A file puts people into groups and gives tags; it never takes either away.

use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::text;

use crate::checking::{Checker, Draft, text_of};
use crate::chunk::{CheckedChunk, TagSpan};
use crate::issue::{Issue, IssueCode};
use crate::records::Cell;

/// Tags one cell gives at most.
const MAX_TAGS: usize = 100;

impl Checker<'_> {
    pub(crate) fn group(&self, column: usize, cell: Cell<'_>, draft: &mut Draft) {
        let value = text_of(cell);
        if value.is_empty() || self.is_kept(column, value, draft) {
            return;
        }
        match self.recipe.groups.get(&text::key(value)) {
            Some(group) => draft.group = Some(*group),
            None => {
                let header = self.recipe.header(column);
                draft.issues.push(Issue::new(IssueCode::GroupUnknown).column(header).value(value));
            }
        }
    }

    /// The tags of a cell, split at commas and semicolons; one that comes twice counts once.
    pub(crate) fn tags(&self, column: usize, cell: Cell<'_>, chunk: &mut CheckedChunk, draft: &mut Draft) {
        let header = self.recipe.header(column);
        let value = text_of(cell);
        if self.is_kept(column, value, draft) {
            return;
        }
        let ignored =
            |value: &str, why: String| Issue::new(IssueCode::ValueIgnored).column(header).value(value).detail(why);
        if cell.is_cut() {
            let why = format!("The cell has {} characters, too many for tags.", cell.length_chars());
            draft.issues.push(ignored(value, why));
            return;
        }
        let cleaned = text::remove_controls(value);
        if cleaned.is_some() {
            draft.issues.push(Issue::new(IssueCode::ControlCharacterRemoved).column(header).value(value));
        }
        let (first, mut has_long) = (chunk.tags.len(), false);
        let value = cleaned.as_deref().unwrap_or(value);
        for piece in value.split([',', ';']).map(text::trim).filter(|piece| !piece.is_empty()) {
            let found = piece.chars().count();
            if found > MAX_VALUE_CHARS as usize {
                if !std::mem::replace(&mut has_long, true) {
                    let why = format!("The tag has {found} characters; the maximum is {MAX_VALUE_CHARS}.");
                    draft.issues.push(ignored(piece, why));
                }
                continue;
            }
            if chunk.tags.len() - first == MAX_TAGS {
                let why = format!("A row gives up to {MAX_TAGS} tags; those from here on were left out.");
                draft.issues.push(ignored(piece, why));
                return;
            }
            let key = text::key(piece);
            if chunk.tags[first..].iter().any(|tag| tag.key.of(&chunk.text) == Some(&key)) {
                continue;
            }
            let tag = TagSpan { name: chunk.push(piece), key: chunk.push(&key) };
            chunk.tags.push(tag);
        }
    }

    /// The clear token erases fields, and nobody's groups and tags: it is said, and nothing is done.
    fn is_kept(&self, column: usize, value: &str, draft: &mut Draft) -> bool {
        let is_clear = self.is_clear(value);
        if is_clear {
            let issue = Issue::new(IssueCode::ValueIgnored).column(self.recipe.header(column)).value(value);
            draft.issues.push(issue.detail("An import never removes anybody from a group or tag."));
        }
        is_clear
    }
}
