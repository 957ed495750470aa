//! Rows that nobody is known for: whom they create, and who might be the same.

use std::io;

use convoke_people::field::Field;
use convoke_people::id::PersonId;
use convoke_people::person::MembershipState;

use super::{Draft, Planner};
use crate::chunk::CheckedChunk;
use crate::holders::Left;
use crate::identity::identity_hash;
use crate::issue::{Issue, IssueCode, quote};
use crate::plan::{Create, JoinGroup, Outcome, PersonState, PlannedRow};
use crate::settings::OnNew;

impl Planner<'_> {
    /// A row nobody is known for. True if it creates.
    pub(super) fn unmatched(&self, place: usize, draft: &mut Draft<'_>, row: &mut PlannedRow) -> io::Result<bool> {
        let settings = &self.recipe.settings;
        if settings.on_new == OnNew::Skip {
            row.outcome = Outcome::Skipped;
            row.issues.push(Issue::new(IssueCode::NotKnown));
            return Ok(false);
        }
        if settings.record_type.needs_name() && self.name_is_blank(place, draft.chunk) {
            row.outcome = Outcome::Failed;
            row.issues.push(Issue::new(IssueCode::RequiredBlank).column(self.recipe.name_header()));
            return Ok(false);
        }
        let id = PersonId(self.block.id(row.row));
        row.outcome = Outcome::Created;
        row.person = Some(id);
        draft.plan.creates.push(Create { id, row: place as u32, folded: None });
        self.possible_duplicates(place, draft, row);
        let (groups, tags) = (self.groups_of(place, draft), self.tags_of(place, draft));
        for group in groups {
            draft.plan.groups.push(JoinGroup { person: id, group, state: MembershipState::Pending, row: row.row });
        }
        for tag in tags {
            self.give_tag(id, tag, row.row, draft);
        }
        let (chunk, known) = (draft.chunk, draft.known);
        let left = Left { chunk, known, place, id, version: 1, before: None, written: &[] };
        self.judge().row(&left, &mut draft.holders, row)?;
        Ok(true)
    }

    /// Names whoever has an account that the row names beside its own. The file comes first: a check knows nobody that an
    /// earlier chunk of the run has made.
    fn possible_duplicates(&self, place: usize, draft: &Draft<'_>, row: &mut PlannedRow) {
        for account in draft.chunk.row_also_at(place) {
            let hash = identity_hash(account, self.recipe.hash_seed);
            let owner = match (self.repeats.row_of_account(hash), draft.known.of_account(account)) {
                (Some(other), _) => format!("row {other} is about this account"),
                (None, Some("")) => "a creator of the workspace is this account".to_owned(),
                (None, Some(name)) => format!("{} of the workspace is this account", quote(name)),
                (None, None) => continue,
            };
            row.issues.push(Issue::new(IssueCode::PossibleDuplicate).value(account).detail(owner));
        }
    }

    fn name_is_blank(&self, place: usize, chunk: &CheckedChunk) -> bool {
        self.recipe.layout.slot_of(Field::Name).is_none_or(|slot| chunk.value(place, slot).is_none())
    }

    /// The state of a person a row creates.
    pub(super) fn created_state(&self, place: usize, draft: &Draft<'_>) -> PersonState {
        let chunk = draft.chunk;
        let fields = self.recipe.layout.fields.len();
        PersonState {
            id: PersonId(self.block.id(chunk.rows[place].row)),
            version: 1,
            kind: self.recipe.settings.kind,
            invited: false,
            joined: false,
            archived: false,
            values: (0..fields).map(|slot| chunk.value(place, slot).map(Into::into)).collect(),
            custom: chunk.text(chunk.rows[place].custom).map(Into::into),
            groups: self.groups_of(place, draft),
            tags: self.tags_of(place, draft).into_iter().map(|(key, _)| key).collect(),
        }
    }
}
