//! What will happen to the rows of a chunk: an outcome for each, and the people, changes, memberships and tags that
//! make it so. The check shows a plan, the run commits it; there is no other way to change people by a file.

use convoke_people::id::{GroupId, PersonId};
use convoke_people::person::{Kind, MembershipState};
use serde::{Deserialize, Serialize};

use crate::chunk::CheckedChunk;
use crate::issue::{Issue, Severity};

/// What becomes of a row. Rows behind the checkpoint of an import that ended early are `not_processed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    Skipped,
    Failed,
    NotProcessed,
}

impl Outcome {
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Updated, Self::Unchanged, Self::Skipped, Self::Failed, Self::NotProcessed];

    /// Reads the stable word.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::NotProcessed => "not_processed",
        }
    }
}

/// How many rows had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub skipped: u64,
    pub failed: u64,
}

impl Counts {
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.created += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::NotProcessed => {}
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.failed += other.failed;
    }

    /// Takes away what was told before.
    pub fn take(&mut self, before: Self) {
        self.created -= before.created;
        self.updated -= before.updated;
        self.unchanged -= before.unchanged;
        self.skipped -= before.skipped;
        self.failed -= before.failed;
    }

    pub fn processed(self) -> u64 {
        self.created + self.updated + self.unchanged + self.skipped + self.failed
    }
}

/// A row with its fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    pub row: u32,
    pub outcome: Outcome,
    pub person: Option<PersonId>,
    pub issues: Vec<Issue>,
    /// Place in [`ChunkPlan::changes`].
    pub change: Option<u32>,
}

impl PlannedRow {
    /// Nothing to say beyond the outcome.
    pub fn is_plain(&self) -> bool {
        self.issues.is_empty() && matches!(self.outcome, Outcome::Created | Outcome::Unchanged)
    }

    pub fn has(&self, severity: Severity) -> bool {
        self.issues.iter().any(|i| i.code.severity() == severity)
    }
}

/// A person to be created from a row of the chunk.
#[derive(Clone, Debug)]
pub struct Create {
    pub id: PersonId,
    /// Place in the chunk's rows; identity and values stand there.
    pub row: u32,
    /// Later rows of this chunk changed the person already: its state after them.
    pub folded: Option<Box<PersonState>>,
}

/// The values of a person an import can see, owned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonState {
    pub id: PersonId,
    pub version: i64,
    pub kind: Option<Kind>,
    pub invited: bool,
    pub joined: bool,
    pub archived: bool,
    /// One a standard field of the layout.
    pub values: Vec<Option<Box<str>>>,
    /// Canonical JSON text.
    pub custom: Option<Box<str>>,
    pub groups: Vec<GroupId>,
    pub tags: Vec<Box<str>>,
}

/// A known person to be changed.
#[derive(Clone, Debug)]
pub struct Update {
    pub seen_version: i64,
    pub state: PersonState,
    /// Bit n: standard field n of the layout differs.
    pub changed_fields: u64,
    pub custom_changed: bool,
    pub kind_changed: bool,
}

impl Update {
    /// Whether the person's own row changes, and not only groups and tags.
    pub fn writes_person(&self) -> bool {
        self.changed_fields != 0 || self.custom_changed || self.kind_changed
    }
}

/// What one row changed about somebody who was there: the journal's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub row: u32,
    pub person: PersonId,
    /// The person's version after it.
    pub version: i64,
    pub fields: Vec<FieldChange>,
    pub groups: Vec<GroupId>,
    /// Added tags in compared form.
    pub tags: Vec<Box<str>>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// API name of the field, `fld_...`, or `kind`.
    pub field: Box<str>,
    /// Custom fields: the JSON array.
    pub old: Option<Box<str>>,
    pub new: Option<Box<str>>,
}

/// Somebody put into a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinGroup {
    pub person: PersonId,
    pub group: GroupId,
    pub state: MembershipState,
    pub row: u32,
}

/// Somebody given a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiveTag {
    pub person: PersonId,
    pub key: Box<str>,
    pub row: u32,
}

/// The plan of a chunk.
#[derive(Clone, Debug)]
pub struct ChunkPlan {
    pub chunk: CheckedChunk,
    pub rows: Vec<PlannedRow>,
    pub creates: Vec<Create>,
    /// By ascending id.
    pub updates: Vec<Update>,
    pub changes: Vec<Change>,
    pub groups: Vec<JoinGroup>,
    pub tags: Vec<GiveTag>,
    /// Tags named here, in compared form and as written; the workspace may lack them.
    pub tag_names: Vec<(Box<str>, Box<str>)>,
    pub counts: Counts,
    /// Equal for equal plans: covers rows, outcomes, people known, changed fields and issues.
    pub hash: u64,
    pub(crate) remembered: Vec<crate::memory::Remembered>,
    pub(crate) holders: crate::holders::NewHolders,
}

impl ChunkPlan {
    /// Makes room for the rows of plans of one row each; see [`ChunkPlan::absorb`].
    pub fn empty(chunk: CheckedChunk) -> Self {
        Self {
            chunk,
            rows: Vec::new(),
            creates: Vec::new(),
            updates: Vec::new(),
            changes: Vec::new(),
            groups: Vec::new(),
            tags: Vec::new(),
            tag_names: Vec::new(),
            counts: Counts::default(),
            hash: 0,
            remembered: Vec::new(),
            holders: Default::default(),
        }
    }

    /// Takes over the fate of a row that was planned and committed alone.
    pub fn absorb(&mut self, mut row: PlannedRow) {
        row.change = None;
        self.counts.add(row.outcome);
        self.rows.push(row);
    }
}
