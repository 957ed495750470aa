//! What a row changes about a person who is there: field by field by policy, custom values, kind. A blank cell changes
//! nothing, and a value that is there already is no change.

use convoke_people::also_at::{OtherAccount, add_accounts, read_accounts, write_accounts};
use convoke_people::custom::{CustomValues, push_json_value, read_custom, write_custom};
use convoke_people::field::Field;
use convoke_people::handle::Handle;
use convoke_people::id::{GroupId, PersonId};
use convoke_people::person::Kind;
use convoke_people::platform::Platform;
use convoke_people::policy::Policy;

use crate::chunk::{CheckedChunk, Span};
use crate::known::{Known, KnownPerson};
use crate::plan::{FieldChange, PersonState, Update};
use crate::recipe::Recipe;

/// A person as the store found it, or as an earlier row of this file left it.
pub(crate) enum PersonRef<'a> {
    Known(&'a Known, usize),
    Remembered(&'a PersonState),
}

macro_rules! fact {
    ($($name:ident: $type:ty),*) => {$(
        pub(crate) fn $name(&self) -> $type {
            match self {
                Self::Known(known, at) => known.person(*at).$name,
                Self::Remembered(state) => state.$name,
            }
        }
    )*};
}

impl PersonRef<'_> {
    fact!(id: PersonId, version: i64, kind: Option<Kind>, invited: bool, joined: bool, archived: bool);

    pub(crate) fn value(&self, field: usize) -> Option<&str> {
        match self {
            Self::Known(known, at) => known.value(*at, field),
            Self::Remembered(state) => state.values[field].as_deref(),
        }
    }

    pub(crate) fn custom(&self) -> Option<&str> {
        match self {
            Self::Known(known, at) => known.custom(*at),
            Self::Remembered(state) => state.custom.as_deref(),
        }
    }

    pub(crate) fn groups(&self) -> &[GroupId] {
        match self {
            Self::Known(known, at) => &known.person(*at).groups,
            Self::Remembered(state) => &state.groups,
        }
    }

    pub(crate) fn tags(&self) -> &[Box<str>] {
        match self {
            Self::Known(known, at) => &known.person(*at).tags,
            Self::Remembered(state) => &state.tags,
        }
    }

    pub(crate) fn to_state(&self, recipe: &Recipe) -> PersonState {
        let (known, at) = match self {
            Self::Remembered(state) => return (*state).clone(),
            Self::Known(known, at) => (known, *at),
        };
        let KnownPerson { id, version, kind, invited, joined, archived, ref groups, ref tags, .. } = *known.person(at);
        PersonState {
            id,
            version,
            kind,
            invited,
            joined,
            archived,
            values: (0..recipe.layout.fields.len()).map(|f| known.value(at, f).map(Into::into)).collect(),
            custom: known.custom(at).map(Into::into),
            groups: groups.clone(),
            tags: tags.clone(),
        }
    }
}

/// A row and the person it is about.
struct Meeting<'m> {
    recipe: &'m Recipe,
    chunk: &'m CheckedChunk,
    place: usize,
    person: &'m PersonRef<'m>,
}

impl Meeting<'_> {
    fn span(&self, slot: usize) -> Span {
        self.chunk.row_values(self.place)[slot]
    }

    fn given(&self, slot: usize) -> Option<&str> {
        self.chunk.value(self.place, slot)
    }

    fn there(&self, slot: usize) -> Option<&str> {
        self.person.value(slot)
    }
}

/// The differences a row makes to a person.
#[derive(Default)]
pub(crate) struct Merge {
    pub(crate) fields: Vec<FieldChange>,
    /// Standard fields by their place in the layout.
    pub(crate) values: Vec<(usize, Option<Box<str>>)>,
    pub(crate) custom: Option<CustomValues>,
    pub(crate) kind_changed: bool,
    /// Groups and tags to be added; the caller knows them.
    pub(crate) groups: Vec<GroupId>,
    /// Compared form and name.
    pub(crate) tags: Vec<(Box<str>, Box<str>)>,
    /// The first other account beyond what is kept of a person.
    pub(crate) no_room_for: Option<OtherAccount>,
}

impl Merge {
    pub(crate) fn of(recipe: &Recipe, chunk: &CheckedChunk, place: usize, person: &PersonRef<'_>) -> Self {
        let meeting = Meeting { recipe, chunk, place, person };
        let mut merge = Self::default();
        for (slot, &field) in recipe.layout.fields.iter().enumerate() {
            match field {
                Field::Platform => {}
                Field::Handle => merge.account(&meeting, slot),
                Field::FirstName => merge.first_name(&meeting, slot),
                Field::AlsoAt => merge.also_at(&meeting, slot),
                _ => merge.standard(&meeting, slot),
            }
        }
        merge.custom(&meeting);
        if recipe.settings.kind == Some(Kind::Advocate) && person.kind() == Some(Kind::Nominee) {
            merge.kind_changed = true;
            merge.fields.push(FieldChange {
                field: "kind".into(),
                old: Some(Kind::Nominee.key().into()),
                new: Some(Kind::Advocate.key().into()),
            });
        }
        merge
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.groups.is_empty() && self.tags.is_empty()
    }

    fn standard(&mut self, meeting: &Meeting<'_>, slot: usize) {
        let (span, recipe) = (meeting.span(slot), meeting.recipe);
        if span.is_none() {
            return;
        }
        let there = meeting.there(slot);
        let key = recipe.layout.fields[slot].key();
        if span == Span::CLEAR {
            if there.is_some() && recipe.policy(slot) != Policy::Keep {
                self.write(key, slot, there, None);
            }
            return;
        }
        let new = meeting.given(slot);
        if there != new && recipe.policy(slot).writes_over(there) {
            self.write(key, slot, there, new);
        }
    }

    /// A first name is part of a name: it is written beside its own name only, and does not outlive it.
    fn first_name(&mut self, meeting: &Meeting<'_>, slot: usize) {
        let Some(name_slot) = meeting.recipe.layout.slot_of(Field::Name) else { return };
        let (new, there) = (meeting.given(name_slot), meeting.there(name_slot));
        let is_written = self.values.iter().any(|(written, _)| *written == name_slot);
        if is_written && there.is_some() && meeting.given(slot).is_none() {
            if meeting.there(slot).is_some() {
                self.write(Field::FirstName.key(), slot, meeting.there(slot), None);
            }
        } else if is_written || new.is_none() || new == there {
            self.standard(meeting, slot);
        }
    }

    /// Platform and handle are one value in two cells: either both are written or none.
    fn account(&mut self, meeting: &Meeting<'_>, handle_slot: usize) {
        let Some(platform_slot) = meeting.recipe.layout.slot_of(Field::Platform) else { return };
        let policy = meeting.recipe.policy(handle_slot);
        let new = (meeting.given(platform_slot), meeting.given(handle_slot));
        let there = (meeting.there(platform_slot), meeting.there(handle_slot));
        if meeting.span(handle_slot) == Span::CLEAR {
            if there.1.is_some() && policy != Policy::Keep {
                self.write(Field::Platform.key(), platform_slot, there.0, None);
                self.write(Field::Handle.key(), handle_slot, there.1, None);
            }
            return;
        }
        if new.1.is_none() || new == there || !policy.writes_over(there.1) {
            return;
        }
        if new.0 != there.0 {
            self.write(Field::Platform.key(), platform_slot, there.0, new.0);
        }
        if new.1 != there.1 {
            self.write(Field::Handle.key(), handle_slot, there.1, new.1);
        }
    }

    /// Other accounts are only ever added. The account of a row that does not become the person's main one is one of them.
    fn also_at(&mut self, meeting: &Meeting<'_>, slot: usize) {
        let layout = &meeting.recipe.layout;
        let (Some(platform), Some(handle)) = (layout.slot_of(Field::Platform), layout.slot_of(Field::Handle)) else {
            return;
        };
        let given = main_account(meeting.given(platform), meeting.given(handle));
        let is_written = self.values.iter().any(|(written, _)| *written == platform || *written == handle);
        let there = main_account(meeting.there(platform), meeting.there(handle));
        let main = if is_written { given.clone() } else { there };
        let is_main = |other: &OtherAccount| main.as_ref().is_some_and(|main| main.is(other));
        let mut accounts = meeting.there(slot).map(read_accounts).unwrap_or_default();
        let new = meeting.given(slot).map(read_accounts).unwrap_or_default();
        let new = new.into_iter().chain(given).filter(|other| !is_main(other));
        self.no_room_for = add_accounts(&mut accounts, new);
        let (text, old) = (write_accounts(accounts), meeting.there(slot));
        if text.as_deref() != old {
            self.write(Field::AlsoAt.key(), slot, old, text.as_deref());
        }
    }

    fn write(&mut self, field: &str, slot: usize, old: Option<&str>, new: Option<&str>) {
        let change = FieldChange { field: field.into(), old: old.map(Into::into), new: new.map(Into::into) };
        self.values.push((slot, change.new.clone()));
        self.fields.push(change);
    }

    fn custom(&mut self, meeting: &Meeting<'_>) {
        let Meeting { recipe, chunk, place, person } = *meeting;
        let first = recipe.layout.fields.len();
        let spans = &chunk.row_values(place)[first..];
        let row = chunk.text(chunk.rows[place].custom);
        // Both texts are canonical: the common case of a list that comes again needs no reading.
        if spans.iter().all(|span| span.is_none()) || row.is_some() && row == person.custom() {
            return;
        }
        let there = person.custom().map(read_custom).unwrap_or_default();
        let new = row.map(read_custom).unwrap_or_default();
        let mut after = there.clone();
        for (at, span) in spans.iter().enumerate() {
            let id = recipe.settings.custom_fields[recipe.layout.customs[at]].id;
            let (old, policy) = (there.get(&id.0), recipe.policy(first + at));
            if *span == Span::CLEAR && old.is_some() && policy != Policy::Keep {
                after.remove(&id.0);
            } else if let Some(values) = new.get(&id.0).filter(|_| !span.is_none()) {
                let writes = match policy {
                    Policy::Keep => false,
                    Policy::Fill => old.is_none(),
                    Policy::Overwrite => true,
                };
                if writes {
                    after.insert(id.0, values.clone());
                }
            }
            if after.get(&id.0) != old {
                self.fields.push(FieldChange {
                    field: id.to_string().into(),
                    old: old.map(|v| json_array(v)),
                    new: after.get(&id.0).map(|v| json_array(v)),
                });
            }
        }
        if after != there {
            self.custom = Some(after);
        }
    }

    /// The person after the change. Groups and tags stand beside the person and raise no version.
    pub(crate) fn apply(&self, recipe: &Recipe, person: &PersonRef<'_>) -> Update {
        let mut state = person.to_state(recipe);
        let mut changed_fields = 0;
        for (slot, value) in &self.values {
            state.values[*slot] = value.clone();
            changed_fields |= 1 << slot;
        }
        if let Some(custom) = &self.custom {
            state.custom = write_custom(custom).map(Into::into);
        }
        if self.kind_changed {
            state.kind = Some(Kind::Advocate);
        }
        if !self.fields.is_empty() {
            state.version += 1;
        }
        state.groups.extend_from_slice(&self.groups);
        state.tags.extend(self.tags.iter().map(|(key, _)| key.clone()));
        Update {
            seen_version: person.version(),
            state,
            changed_fields,
            custom_changed: self.custom.is_some(),
            kind_changed: self.kind_changed,
        }
    }
}

/// The account that stands in platform and handle.
fn main_account(platform: Option<&str>, handle: Option<&str>) -> Option<OtherAccount> {
    let platform = Platform::from_code(platform?.parse().ok()?)?;
    let (handle, _) = Handle::parse(Some(platform), handle?).ok()?;
    Some(handle.into())
}

fn json_array(values: &[String]) -> Box<str> {
    let mut array = String::new();
    values.iter().for_each(|value| push_json_value(&mut array, value));
    array.push(']');
    array.into()
}
