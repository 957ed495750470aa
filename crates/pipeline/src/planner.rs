//! Checked rows + known people -> plan. `plan` is pure; `settle` is the planner's only change of mind, made when a
//! chunk's plan is known to hold. Preview, check and run use this one planner.

mod groups_and_tags;
mod new_people;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;

use convoke_people::field::Field;
use convoke_people::id::Block;
use convoke_people::person::MembershipState;
use convoke_people::record_type::{OnMatch, RecordType};
use convoke_people::text;

use crate::account_cells::no_room;
use crate::chunk::{CheckedChunk, CheckedRow, Verdict};
use crate::holders::{Holders, KeyJudge, Left, NewHolders};
use crate::issue::{Issue, IssueCode};
use crate::known::Known;
use crate::memory::{Memory, Remembered};
use crate::merging::{Merge, PersonRef};
use crate::plan::{Change, ChunkPlan, Counts, Create, GiveTag, JoinGroup, Outcome, PlannedRow, Update};
use crate::plan_hash::PlanHash;
use crate::recipe::Recipe;
use crate::repeats::Repeats;
use crate::scan::Scan;
use crate::secondary_keys::KeyHashes;
use crate::stumbling::{self, caught};

/// Rows of a chunk that may fail by a mistake of ours before the whole chunk does.
const MOST_STUMBLES: u32 = 64;

/// Whether what the store found is the truth at this moment, or may be older than the planner's own memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Looked up inside the transaction that will write.
    Current,
    /// Looked up ahead, or not at all.
    Ahead,
}

/// Plans the chunks of one import in order.
#[derive(Debug)]
pub struct Planner<'a> {
    pub(crate) recipe: &'a Recipe,
    block: Block,
    repeats: &'a Repeats,
    memory: Memory,
    keys: &'a KeyHashes,
    holders: Holders,
    default_tags: Vec<(Box<str>, Box<str>)>,
}

/// A plan while its rows are added.
struct Draft<'c> {
    chunk: &'c CheckedChunk,
    known: &'c Known,
    freshness: Freshness,
    plan: Parts,
    /// Repeated identities met in this chunk.
    met: HashMap<u64, Vec<Met>>,
    holders: NewHolders,
    tag_keys: HashSet<Box<str>>,
}

#[derive(Default)]
struct Parts {
    rows: Vec<PlannedRow>,
    creates: Vec<Create>,
    updates: Vec<Update>,
    changes: Vec<Change>,
    groups: Vec<JoinGroup>,
    tags: Vec<GiveTag>,
    tag_names: Vec<(Box<str>, Box<str>)>,
    counts: Counts,
}

/// A row and the person it names.
struct Match<'a> {
    place: usize,
    person: &'a PersonRef<'a>,
    /// The first row of the file that named the person.
    earlier_row: Option<u32>,
}

struct Met {
    entry: Remembered,
    place: Place,
}

/// Where the person of a repeated identity stands in this plan.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    Create(usize),
    Update(usize),
}

impl<'a> Planner<'a> {
    pub fn new(recipe: &'a Recipe, block: Block, scan: &'a Scan) -> Self {
        let default_tags = recipe.settings.tags.iter().map(|name| (text::key(name).into(), name.as_str().into()));
        let default_tags = default_tags.collect();
        Self {
            recipe,
            block,
            repeats: &scan.repeats,
            memory: Memory::new(None),
            keys: &scan.keys,
            holders: Holders::new(None),
            default_tags,
        }
    }

    /// Lets what outgrows memory lie in two empty files of the planner's own.
    #[must_use]
    pub fn with_scratch(self, [memory, holders]: [File; 2]) -> Self {
        Self { memory: Memory::new(Some(memory)), holders: Holders::new(Some(holders)), ..self }
    }

    /// After a restart, for each row of an earlier chunk that did not fail and whose identity is repeated.
    pub fn replay(&mut self, hash: u64, row: u32) {
        self.memory.replay(hash, row);
    }

    /// Plans a chunk. The same chunk, people and memory give the same plan; only the scratch file can fail. Where a row is
    /// stumbled over, it fails and the chunk is planned anew: what the row had changed in the plan is gone with it.
    pub fn plan(&self, mut chunk: CheckedChunk, known: &Known, freshness: Freshness) -> io::Result<ChunkPlan> {
        for _ in 0..MOST_STUMBLES {
            let mut at = 0;
            if let Some(plan) = caught(|| self.plan_rows(&chunk, (known, freshness), &mut at)) {
                return Ok(ChunkPlan { chunk, ..plan? });
            }
            chunk.rows[at].stumble();
        }
        // So many are no matter of a few rows: whoever runs the import is told.
        let plan = self.plan_rows(&chunk, (known, freshness), &mut 0)?;
        Ok(ChunkPlan { chunk, ..plan })
    }

    /// The plan without its chunk; `at` is the row it has come to.
    fn plan_rows(
        &self,
        chunk: &CheckedChunk,
        (known, freshness): (&Known, Freshness),
        at: &mut usize,
    ) -> io::Result<ChunkPlan> {
        let mut draft = Draft {
            chunk,
            known,
            freshness,
            plan: Parts { rows: Vec::with_capacity(chunk.rows.len()), ..Parts::default() },
            met: HashMap::new(),
            holders: NewHolders::default(),
            tag_keys: HashSet::new(),
        };
        let mut hash = PlanHash::new(self.block);
        for place in 0..chunk.rows.len() {
            *at = place;
            let row = self.row(place, &mut draft)?;
            hash.row(&row, row.change.map(|c| &draft.plan.changes[c as usize]));
            draft.plan.counts.add(row.outcome);
            draft.plan.rows.push(row);
        }
        let remembered = draft.met.into_values().flatten().map(|met| met.entry).collect();
        let mut parts = draft.plan;
        parts.updates.sort_by_key(|update| update.state.id);
        Ok(ChunkPlan {
            rows: parts.rows,
            creates: parts.creates,
            updates: parts.updates,
            changes: parts.changes,
            groups: parts.groups,
            tags: parts.tags,
            tag_names: parts.tag_names,
            counts: parts.counts,
            hash: hash.finish(),
            remembered,
            holders: draft.holders,
            chunk: CheckedChunk::default(),
        })
    }

    /// Takes note of a plan that holds: it was committed, or shown by a check.
    pub fn settle(&mut self, plan: &mut ChunkPlan) -> io::Result<()> {
        let last_row = plan.rows.last().map_or(0, |row| row.row);
        for entry in plan.remembered.drain(..) {
            self.memory.keep(entry, self.repeats, last_row)?;
        }
        self.holders.settle(std::mem::take(&mut plan.holders))
    }

    fn row(&self, place: usize, draft: &mut Draft<'_>) -> io::Result<PlannedRow> {
        let checked = &draft.chunk.rows[place];
        let mut row = PlannedRow {
            row: checked.row,
            outcome: Outcome::Failed,
            person: None,
            issues: checked.issues.clone(),
            change: None,
        };
        match checked.verdict {
            Verdict::Failed => return Ok(row),
            Verdict::NotAPerson => row.outcome = Outcome::Skipped,
            Verdict::Sound if self.repeats.contains(checked.identity_hash) => {
                self.repeated(place, checked, draft, &mut row)?;
            }
            Verdict::Sound => match draft.known.of_row(place) {
                Some(person) => {
                    let person = PersonRef::Known(draft.known, person);
                    let update = self.matched(&Match { place, person: &person, earlier_row: None }, draft, &mut row)?;
                    draft.plan.updates.extend(update.filter(Update::writes_person));
                }
                None => {
                    self.unmatched(place, draft, &mut row)?;
                }
            },
        }
        stumbling::at("plan", |cell| draft.chunk.identity(place) == Some(cell));
        Ok(row)
    }

    /// A row whose identity stands in the file more than once.
    fn repeated(
        &self,
        place: usize,
        checked: &CheckedRow,
        draft: &mut Draft<'_>,
        row: &mut PlannedRow,
    ) -> io::Result<()> {
        let identity = draft.chunk.identity(place).unwrap_or_default();
        let hash = checked.identity_hash;
        let list = draft.met.entry(hash).or_default();
        let found = list.iter().position(|met| met.entry.identity.as_deref() == Some(identity));
        let mut met = match found {
            Some(at) => list.swap_remove(at),
            None => self.first_in_chunk(hash, identity, place, draft)?,
        };
        let known = draft.known.of_row(place);
        let earlier_row = (met.entry.first_row > 0).then_some(met.entry.first_row);
        if let Some(state) = met.entry.state.take() {
            let person = PersonRef::Remembered(&state);
            let updated = self.matched(&Match { place, person: &person, earlier_row }, draft, row)?;
            met.place = remember_change(met.place, updated.as_ref(), draft);
            met.entry.state = Some(updated.map_or(state, |u| Box::new(u.state)));
        } else if let Some(at) = known {
            let person = PersonRef::Known(draft.known, at);
            let updated = self.matched(&Match { place, person: &person, earlier_row }, draft, row)?;
            met.place = remember_change(Place::Nowhere, updated.as_ref(), draft);
            met.entry.state = Some(Box::new(updated.map_or_else(|| person.to_state(self.recipe), |u| u.state)));
        } else if self.unmatched(place, draft, row)? {
            met.place = Place::Create(draft.plan.creates.len() - 1);
            met.entry.state = Some(Box::new(self.created_state(place, draft)));
        }
        if met.entry.first_row == 0 && row.outcome != Outcome::Failed {
            met.entry.first_row = row.row;
        }
        draft.met.entry(hash).or_default().push(met);
        Ok(())
    }

    fn first_in_chunk(&self, hash: u64, identity: &str, place: usize, draft: &Draft<'_>) -> io::Result<Met> {
        let known = draft.known.of_row(place).map(|at| draft.known.person(at));
        // After a restart only the hash is remembered: without a person there was no such row.
        let remembered = self.memory.find(hash, identity)?.filter(|r| r.identity.is_some() || known.is_some());
        let first_row = remembered.as_ref().map_or(0, |r| r.first_row);
        let state = remembered.and_then(|r| r.state).filter(|state| match (draft.freshness, known) {
            (Freshness::Current, _) => false,
            // The same version does not mean the same groups and tags: they are added beside the person.
            (Freshness::Ahead, Some(known)) => state.version >= known.version,
            (Freshness::Ahead, None) => true,
        });
        let entry = Remembered { hash, identity: Some(identity.into()), first_row, state };
        Ok(Met { entry, place: Place::Nowhere })
    }

    /// A row somebody is known for; gives the update if it changes fields or kind.
    fn matched(&self, met: &Match<'_>, draft: &mut Draft<'_>, row: &mut PlannedRow) -> io::Result<Option<Update>> {
        let settings = &self.recipe.settings;
        let person = met.person;
        row.person = Some(person.id());
        if settings.on_match == OnMatch::Skip {
            row.outcome = Outcome::Skipped;
            row.issues.push(duplicate_notice(met.earlier_row));
            if settings.tag_duplicates {
                let merge = Merge { tags: self.new_tags(met.place, person, draft), ..Merge::default() };
                return Ok(self.changed(merge, person, draft, row));
            }
            return Ok(None);
        }
        let mut merge = Merge::of(self.recipe, draft.chunk, met.place, person);
        merge.groups = self.groups_of(met.place, draft);
        merge.groups.retain(|group| !person.groups().contains(group));
        merge.tags = self.new_tags(met.place, person, draft);
        self.notices(person, &merge, met.earlier_row, row);
        self.keys_of_matched(met, &merge, draft, row)?;
        if merge.is_empty() {
            let adds_nothing = met.earlier_row.is_some() && settings.record_type == RecordType::Prospect;
            row.outcome = if adds_nothing { Outcome::Skipped } else { Outcome::Unchanged };
            return Ok(None);
        }
        row.outcome = Outcome::Updated;
        Ok(self.changed(merge, person, draft, row))
    }

    fn keys_of_matched(
        &self,
        met: &Match<'_>,
        merge: &Merge,
        draft: &mut Draft<'_>,
        row: &mut PlannedRow,
    ) -> io::Result<()> {
        let (person, place) = (met.person, met.place);
        let (chunk, known) = (draft.chunk, draft.known);
        let version = person.version() + i64::from(!merge.fields.is_empty());
        let left = Left { chunk, known, place, id: person.id(), version, before: Some(person), written: &merge.values };
        self.judge().row(&left, &mut draft.holders, row)
    }

    fn judge(&self) -> KeyJudge<'_> {
        KeyJudge { recipe: self.recipe, block: self.block, keys: self.keys, settled: &self.holders }
    }

    fn notices(&self, person: &PersonRef<'_>, merge: &Merge, earlier_row: Option<u32>, row: &mut PlannedRow) {
        if earlier_row.is_some() {
            row.issues.push(duplicate_notice(earlier_row));
        }
        if self.recipe.settings.record_type == RecordType::Advocate && person.invited() && !person.joined() {
            row.issues.push(Issue::new(IssueCode::EmailTaken));
        }
        if let Some(account) = &merge.no_room_for {
            row.issues.push(no_room(account).column(Field::AlsoAt.label()));
        }
        if merge.kind_changed {
            row.issues.push(Issue::new(IssueCode::NomineeUpgraded));
        }
        if person.archived() {
            row.issues.push(Issue::new(IssueCode::ArchivedPerson));
        }
    }

    /// Writes the journal's entry, memberships and tags of a change, and gives the person's new state.
    fn changed(
        &self,
        merge: Merge,
        person: &PersonRef<'_>,
        draft: &mut Draft<'_>,
        row: &mut PlannedRow,
    ) -> Option<Update> {
        if merge.is_empty() {
            return None;
        }
        let state = if person.joined() { MembershipState::Active } else { MembershipState::Pending };
        for &group in &merge.groups {
            draft.plan.groups.push(JoinGroup { person: person.id(), group, state, row: row.row });
        }
        let update = merge.apply(self.recipe, person);
        let tag_keys = merge.tags.iter().map(|(key, _)| key.clone()).collect();
        for tag in merge.tags {
            self.give_tag(person.id(), tag, row.row, draft);
        }
        row.change = Some(draft.plan.changes.len() as u32);
        draft.plan.changes.push(Change {
            row: row.row,
            person: person.id(),
            version: update.state.version,
            fields: merge.fields,
            groups: merge.groups,
            tags: tag_keys,
        });
        Some(update)
    }
}

/// Puts a change of a person this file names repeatedly where it belongs: into the creation or update that this chunk
/// makes already, or into an update of its own.
fn remember_change(place: Place, updated: Option<&Update>, draft: &mut Draft<'_>) -> Place {
    let Some(update) = updated.filter(|u| u.writes_person()) else { return place };
    match place {
        Place::Create(at) => {
            draft.plan.creates[at].folded = Some(Box::new(update.state.clone()));
            place
        }
        Place::Update(at) => {
            let first = &mut draft.plan.updates[at];
            first.state = update.state.clone();
            first.changed_fields |= update.changed_fields;
            first.custom_changed |= update.custom_changed;
            first.kind_changed |= update.kind_changed;
            place
        }
        Place::Nowhere => {
            draft.plan.updates.push(update.clone());
            Place::Update(draft.plan.updates.len() - 1)
        }
    }
}

fn duplicate_notice(earlier_row: Option<u32>) -> Issue {
    match earlier_row {
        Some(row) => Issue::new(IssueCode::DuplicateInFile).detail(row),
        None => Issue::new(IssueCode::DuplicatePerson),
    }
}
