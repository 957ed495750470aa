//! Who holds the secondary keys that rows give: people the store found, corrected by what earlier rows of this file did.
//! Remembered are only people another row of the file may ask for, so a list without shared keys costs nothing here.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io;

use convoke_people::field::Field;
use convoke_people::id::{Block, PersonId};

use crate::chunk::CheckedChunk;
use crate::issue::{Issue, IssueCode};
use crate::known::Known;
use crate::merging::PersonRef;
use crate::plan::PlannedRow;
use crate::recipe::Recipe;
use crate::scratch::{Piece, Scratch};
use crate::secondary_keys::{Holder, KeyHash, KeyHashes, MOST_HOLDERS};

/// People kept in memory; the rest goes to the scratch file.
const MOST_IN_MEMORY: usize = 50_000;

/// A row that takes effect, and the person it leaves behind.
pub(crate) struct Left<'r> {
    pub(crate) chunk: &'r CheckedChunk,
    pub(crate) known: &'r Known,
    pub(crate) place: usize,
    pub(crate) id: PersonId,
    pub(crate) version: i64,
    /// None if the row made the person.
    pub(crate) before: Option<&'r PersonRef<'r>>,
    /// What the row writes over it, by slot.
    pub(crate) written: &'r [(usize, Option<Box<str>>)],
}

impl Left<'_> {
    fn before(&self, slot: usize) -> Option<&str> {
        self.before.and_then(|person| person.value(slot))
    }

    fn after(&self, slot: usize) -> Option<&str> {
        if self.before.is_none() {
            return self.chunk.value(self.place, slot);
        }
        match self.written.iter().find(|(written, _)| *written == slot) {
            Some((_, value)) => value.as_deref(),
            None => self.before(slot),
        }
    }

    fn is_written(&self, slot: usize) -> bool {
        self.before.is_none() || self.written.iter().any(|(written, _)| *written == slot)
    }
}

/// What the rows of one chunk change about who holds what.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewHolders {
    people: HashMap<PersonId, Holder>,
    /// Who was given a key with this hash.
    given: BTreeSet<(KeyHash, PersonId)>,
}

/// Where a person lies.
#[derive(Debug)]
enum Place {
    Here(Box<Holder>),
    Scratch(Piece),
}

/// What the chunks before changed about who holds what.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    people: HashMap<PersonId, Place>,
    given: BTreeSet<(KeyHash, PersonId)>,
    here: usize,
    most_here: usize,
    scratch: Scratch,
}

impl Holders {
    /// Without a scratch file everybody stays in memory.
    pub(crate) fn new(scratch: Option<File>) -> Self {
        Self { scratch: Scratch::new(scratch), most_here: MOST_IN_MEMORY, ..Self::default() }
    }

    /// Takes over what a chunk changed.
    pub(crate) fn settle(&mut self, new: NewHolders) -> io::Result<()> {
        self.given.extend(new.given);
        for (id, holder) in new.people {
            if let Some(Place::Here(_)) = self.people.remove(&id) {
                self.here -= 1;
            }
            let is_full = self.here >= self.most_here;
            let piece = if is_full { self.scratch.write(&holder)? } else { None };
            let place = piece.map_or_else(|| Place::Here(Box::new(holder)), Place::Scratch);
            if let Place::Here(_) = place {
                self.here += 1;
            }
            self.people.insert(id, place);
        }
        Ok(())
    }

    fn get(&self, id: PersonId) -> io::Result<Option<Cow<'_, Holder>>> {
        Ok(match self.people.get(&id) {
            None => None,
            Some(Place::Here(holder)) => Some(Cow::Borrowed(holder)),
            Some(Place::Scratch(piece)) => Some(Cow::Owned(self.scratch.read(*piece)?)),
        })
    }
}

fn given_to(given: &BTreeSet<(KeyHash, PersonId)>, hash: KeyHash) -> impl Iterator<Item = PersonId> {
    given.range((hash, PersonId(0))..=(hash, PersonId(i64::MAX))).map(|(_, id)| *id)
}

/// Judges the secondary keys of one row.
pub(crate) struct KeyJudge<'j> {
    pub(crate) recipe: &'j Recipe,
    pub(crate) block: Block,
    pub(crate) keys: &'j KeyHashes,
    pub(crate) settled: &'j Holders,
}

impl KeyJudge<'_> {
    /// Warns of each key the row gives that somebody else holds, and notes what later rows have to know.
    pub(crate) fn row(&self, left: &Left<'_>, new: &mut NewHolders, row: &mut PlannedRow) -> io::Result<()> {
        let hashes = left.chunk.row_keys(left.place);
        let mut is_shared = false;
        for (at, key) in self.recipe.secondary_keys.iter().enumerate() {
            let Some(hash) = hashes[at] else { continue };
            // Nobody else can have it: neither a row of this file nor anybody of the workspace.
            if !self.keys.is_shared(hash) && left.known.holders(hash).is_empty() {
                continue;
            }
            is_shared = true;
            let Some(value) = left.after(key.slot) else { continue };
            if left.chunk.value(left.place, key.slot) != Some(value) {
                continue;
            }
            if let Some(holder) = self.other_holder(left, new, (at, hash, value))? {
                let column = self.recipe.header(key.column);
                let issue = Issue::new(IssueCode::ExternalIdElsewhere).column(column).value(value);
                row.issues.push(issue.detail(holder.told(self.block)));
            }
        }
        // Nearly every new person: nobody else has such keys, and nobody will.
        if is_shared || left.before.is_some() {
            self.note(left, new);
        }
        Ok(())
    }

    /// The person with the lowest id, but the row's own, who holds exactly this value now.
    fn other_holder<'h>(
        &'h self,
        left: &Left<'h>,
        new: &'h NewHolders,
        (at, hash, value): (usize, KeyHash, &str),
    ) -> io::Result<Option<Cow<'h, Holder>>> {
        let known = left.known.holders(hash);
        let mut lowest: Option<Cow<'h, Holder>> = None;
        let sources: [&mut dyn Iterator<Item = PersonId>; 3] = [
            &mut known.iter().map(|holder| holder.id),
            &mut given_to(&self.settled.given, hash),
            &mut given_to(&new.given, hash),
        ];
        for ids in sources {
            for id in ids.filter(|id| *id != left.id) {
                if lowest.as_ref().is_some_and(|lowest| lowest.id <= id) {
                    break;
                }
                let there = known.iter().find(|holder| holder.id == id);
                let Some(holder) = self.as_of_now(id, there, new)? else { continue };
                if holder.keys[at].as_deref() == Some(value) {
                    lowest = Some(holder);
                    break;
                }
            }
        }
        Ok(lowest)
    }

    /// A person as this file left it, unless what the store found is newer.
    fn as_of_now<'h>(
        &'h self,
        id: PersonId,
        there: Option<&'h Holder>,
        new: &'h NewHolders,
    ) -> io::Result<Option<Cow<'h, Holder>>> {
        let by_file = match new.people.get(&id) {
            Some(holder) => Some(Cow::Borrowed(holder)),
            None => self.settled.get(id)?,
        };
        let newer = by_file.filter(|holder| there.is_none_or(|there| there.version <= holder.version));
        Ok(newer.or_else(|| there.map(Cow::Borrowed)))
    }

    /// Remembers the person if another row may ask for a key it holds now or has just lost.
    fn note(&self, left: &Left<'_>, new: &mut NewHolders) {
        let name = self.recipe.layout.slot_of(Field::Name);
        let keys = &self.recipe.secondary_keys;
        if !keys.iter().map(|key| key.slot).chain(name).any(|slot| left.is_written(slot)) {
            return;
        }
        let hashes = left.chunk.row_keys(left.place);
        let mut is_asked_for = false;
        for (at, key) in keys.iter().enumerate() {
            let (before, after) = (left.before(key.slot), left.after(key.slot));
            if let Some(value) = before.filter(|_| before != after) {
                is_asked_for |= self.keys.occurs(self.recipe.key_hash(at, value));
            }
            let Some(value) = after else { continue };
            let is_given = left.chunk.value(left.place, key.slot) == after;
            let hash = hashes[at].filter(|_| is_given).unwrap_or_else(|| self.recipe.key_hash(at, value));
            if !if is_given { self.keys.is_shared(hash) } else { self.keys.occurs(hash) } {
                continue;
            }
            if before == after {
                is_asked_for = true;
            } else if !self.has_most(hash, new) {
                is_asked_for = true;
                new.given.insert((hash, left.id));
            }
        }
        // Whoever is remembered has to be remembered as of now.
        if is_asked_for || new.people.contains_key(&left.id) || self.settled.people.contains_key(&left.id) {
            let holder = Holder {
                id: left.id,
                version: left.version,
                identity: left.chunk.identity(left.place).unwrap_or_default().into(),
                name: name.and_then(|slot| left.after(slot)).map(Into::into),
                keys: keys.iter().map(|key| left.after(key.slot).map(Into::into)).collect(),
            };
            new.people.insert(left.id, holder);
        }
    }

    fn has_most(&self, hash: KeyHash, new: &NewHolders) -> bool {
        given_to(&self.settled.given, hash).chain(given_to(&new.given, hash)).take(MOST_HOLDERS).count() == MOST_HOLDERS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_as_the_last_chunk_left_them_in_memory_and_in_the_scratch_file() {
        let person = |id, version, key: &str| Holder {
            id: PersonId(id),
            version,
            identity: "anna@example.com".into(),
            name: None,
            keys: vec![Some(key.into())],
        };
        for most_here in [0, 1, 9] {
            let scratch = tempfile::tempfile().expect("a scratch file");
            let mut holders = Holders { most_here, ..Holders::new(Some(scratch)) };
            for people in
                [vec![person(1, 1, "003A"), person(2, 1, "003B")], vec![person(1, 2, "003C"), person(3, 1, "003D")]]
            {
                let people = people.into_iter().map(|person| (person.id, person)).collect();
                holders.settle(NewHolders { people, given: BTreeSet::new() }).expect("settled");
            }
            for wanted in [person(1, 2, "003C"), person(2, 1, "003B"), person(3, 1, "003D")] {
                assert_eq!(holders.get(wanted.id).expect("read").as_deref(), Some(&wanted), "{most_here}");
            }
            assert!(holders.get(PersonId(4)).expect("read").is_none());
            assert!(holders.here <= most_here);
        }
    }
}
