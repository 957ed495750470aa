//! People the store found for the rows of a chunk, with the values the import may compare, in one arena.

use std::collections::HashMap;

use convoke_people::id::{GroupId, PersonId};
use convoke_people::person::Kind;

use crate::chunk::Span;
use crate::secondary_keys::{Holder, KeyHash};

/// A person as the planner needs it.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    pub id: PersonId,
    /// Raised by every change; an update names the one it saw.
    pub version: i64,
    pub kind: Option<Kind>,
    pub invited: bool,
    pub joined: bool,
    pub archived: bool,
    /// Custom values as JSON text.
    pub custom: Span,
    pub groups: Vec<GroupId>,
    /// Tags in compared form.
    pub tags: Vec<Box<str>>,
}

/// The people known for a chunk.
#[derive(Clone, Debug, Default)]
pub struct Known {
    text: String,
    people: Vec<KnownPerson>,
    /// One span a person and standard field of the layout.
    values: Vec<Span>,
    fields: usize,
    /// Person of each row of the chunk, counted from 1; 0 is nobody.
    by_row: Vec<u32>,
    /// The name of who has an account that a row names beside its own, by identity; blank where there is none.
    by_account: HashMap<Box<str>, Box<str>>,
    /// By ascending id.
    holders: HashMap<KeyHash, Vec<Holder>>,
}

impl Known {
    /// Nobody is known of `rows` rows; `fields` is the number of standard fields in the layout.
    pub fn nobody(rows: usize, fields: usize) -> Self {
        Self { by_row: vec![0; rows], fields, ..Self::default() }
    }

    /// The place of the person a row matches.
    pub fn of_row(&self, row: usize) -> Option<usize> {
        self.by_row.get(row).and_then(|place| (*place as usize).checked_sub(1))
    }

    pub fn person(&self, place: usize) -> &KnownPerson {
        &self.people[place]
    }

    pub fn person_mut(&mut self, place: usize) -> &mut KnownPerson {
        &mut self.people[place]
    }

    pub fn people(&self) -> &[KnownPerson] {
        &self.people
    }

    pub fn value(&self, place: usize, field: usize) -> Option<&str> {
        self.values[place * self.fields + field].of(&self.text)
    }

    pub fn custom(&self, place: usize) -> Option<&str> {
        self.people[place].custom.of(&self.text)
    }

    /// Adds the person that `row` matches; its values follow by [`Known::push_value`], then its custom values.
    pub fn push(&mut self, row: usize, person: KnownPerson) {
        self.people.push(person);
        self.by_row[row] = self.people.len() as u32;
    }

    /// Lets another row match the person that was added last for `first_row`.
    pub fn same_as(&mut self, row: usize, first_row: usize) {
        self.by_row[row] = self.by_row[first_row];
    }

    /// Notes who has an account that a row names beside its own.
    pub fn push_account(&mut self, identity: &str, name: Option<&str>) {
        self.by_account.insert(identity.into(), name.unwrap_or_default().into());
    }

    /// The name of the person whose identity this account is, blank where it has none.
    pub fn of_account(&self, identity: &str) -> Option<&str> {
        self.by_account.get(identity).map(AsRef::as_ref)
    }

    pub fn push_value(&mut self, value: Option<&str>) {
        let span = self.push_text(value);
        self.values.push(span);
    }

    pub fn push_custom(&mut self, json: Option<&str>) {
        let span = self.push_text(json);
        if let Some(person) = self.people.last_mut() {
            person.custom = span;
        }
    }

    /// Other people who may hold a key that rows of the chunk carry, by ascending id; [`MOST_HOLDERS`] at most.
    ///
    /// [`MOST_HOLDERS`]: crate::secondary_keys::MOST_HOLDERS
    pub fn holders(&self, hash: KeyHash) -> &[Holder] {
        if self.holders.is_empty() {
            return &[];
        }
        self.holders.get(&hash).map_or(&[], Vec::as_slice)
    }

    pub fn set_holders(&mut self, holders: HashMap<KeyHash, Vec<Holder>>) {
        self.holders = holders;
    }

    fn push_text(&mut self, value: Option<&str>) -> Span {
        let Some(value) = value else { return Span::NONE };
        let start = self.text.len();
        self.text.push_str(value);
        Span::new(start, self.text.len())
    }
}
