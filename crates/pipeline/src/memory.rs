//! What the planner remembers of earlier rows: for identities that occur again, the first row that did not fail and
//! the person's state after it. An entry is dropped behind its last row; what outgrows the budget lies in a scratch
//! file, so that memory stays flat whatever the file repeats.

use std::collections::HashMap;
use std::fs::File;
use std::io;

use serde::{Deserialize, Serialize};

use crate::plan::PersonState;
use crate::repeats::{BuildHash, Repeats};
use crate::scratch::{Piece, Scratch};

/// States kept in memory, in bytes; the rest goes to the scratch file.
const BUDGET_BYTES: usize = 64 << 20;

/// An identity that will come again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) hash: u64,
    /// None after a restart: only the hash is known, and the look-up has to confirm that the person is there.
    pub(crate) identity: Option<Box<str>>,
    pub(crate) first_row: u32,
    /// None if the row made nobody, or after a restart.
    pub(crate) state: Option<Box<PersonState>>,
}

/// Where an entry lies.
#[derive(Debug)]
enum Place {
    Here(Box<Remembered>),
    Scratch(Piece),
    /// After a restart.
    HashOnly {
        first_row: u32,
    },
}

/// The entries, by identity hash.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    entries: HashMap<u64, Place, BuildHash>,
    /// Identities whose hash belongs to another one already.
    collisions: Vec<Remembered>,
    here_bytes: usize,
    scratch: Scratch,
    budget_bytes: usize,
}

impl Memory {
    /// Without a scratch file everything stays in memory.
    pub(crate) fn new(scratch: Option<File>) -> Self {
        Self { scratch: Scratch::new(scratch), budget_bytes: BUDGET_BYTES, ..Self::default() }
    }

    pub(crate) fn find(&self, hash: u64, identity: &str) -> io::Result<Option<Remembered>> {
        let is_same = |entry: &Remembered| entry.hash == hash && entry.identity.as_deref() == Some(identity);
        let entry = match self.entries.get(&hash) {
            None => return Ok(None),
            Some(Place::HashOnly { first_row }) => {
                return Ok(Some(Remembered { hash, identity: None, first_row: *first_row, state: None }));
            }
            Some(Place::Here(entry)) if is_same(entry) => return Ok(Some((**entry).clone())),
            Some(Place::Here(_)) => None,
            Some(Place::Scratch(piece)) => Some(self.scratch.read(*piece)?),
        };
        let found = entry.filter(is_same);
        Ok(found.or_else(|| self.collisions.iter().find(|entry| is_same(entry)).cloned()))
    }

    /// Keeps `entry` if a row behind `last_row` has its identity, else forgets the identity.
    pub(crate) fn keep(&mut self, entry: Remembered, repeats: &Repeats, last_row: u32) -> io::Result<()> {
        let hash = entry.hash;
        if repeats.last_row(hash).is_none_or(|last| last <= last_row) {
            self.forget(hash);
            self.collisions.retain(|other| other.hash != hash);
            return Ok(());
        }
        if self.is_taken_by_another(&entry)? {
            self.collisions.retain(|other| other.hash != hash || other.identity != entry.identity);
            self.collisions.push(entry);
            return Ok(());
        }
        self.forget(hash);
        let size = size_bytes(&entry);
        let is_full = self.here_bytes + size > self.budget_bytes;
        let piece = if is_full { self.scratch.write(&entry)? } else { None };
        let place = piece.map_or_else(|| Place::Here(Box::new(entry)), Place::Scratch);
        if let Place::Here(_) = place {
            self.here_bytes += size;
        }
        self.entries.insert(hash, place);
        Ok(())
    }

    fn is_taken_by_another(&self, entry: &Remembered) -> io::Result<bool> {
        Ok(match self.entries.get(&entry.hash) {
            None | Some(Place::HashOnly { .. }) => false,
            Some(Place::Here(there)) => there.identity != entry.identity,
            Some(Place::Scratch(piece)) => self.scratch.read::<Remembered>(*piece)?.identity != entry.identity,
        })
    }

    fn forget(&mut self, hash: u64) {
        if let Some(Place::Here(entry)) = self.entries.remove(&hash) {
            self.here_bytes -= size_bytes(&entry);
        }
    }

    /// After a restart: a row that did not fail carried this hash.
    pub(crate) fn replay(&mut self, hash: u64, row: u32) {
        let place = self.entries.entry(hash).or_insert(Place::HashOnly { first_row: row });
        if let Place::HashOnly { first_row } = place {
            *first_row = row.min(*first_row);
        }
    }
}

/// About what an entry takes, allocations included.
fn size_bytes(entry: &Remembered) -> usize {
    const ALLOCATION: usize = 16;
    let text = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len() + ALLOCATION);
    let state = entry.state.as_ref().map_or(0, |state| {
        let values: usize = state.values.iter().map(|value| text(value) + size_of::<Option<Box<str>>>()).sum();
        let tags: usize = state.tags.iter().map(|tag| tag.len() + ALLOCATION + size_of::<Box<str>>()).sum();
        size_of::<PersonState>() + values + text(&state.custom) + tags + 8 * state.groups.len() + 4 * ALLOCATION
    });
    size_of::<Remembered>() + text(&entry.identity) + state
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hash: u64, identity: &str, first_row: u32) -> Remembered {
        Remembered { hash, identity: Some(identity.into()), first_row, state: None }
    }

    fn repeats() -> Repeats {
        Repeats::of_rows(&[(1, 2), (1, 9), (2, 3), (2, 8)])
    }

    fn remembers_both(mut memory: Memory) {
        memory.keep(entry(1, "anna", 2), &repeats(), 2).expect("kept");
        memory.keep(entry(1, "ben", 5), &repeats(), 5).expect("kept");
        memory.keep(entry(2, "cleo", 3), &repeats(), 5).expect("kept");
        let row = |hash, identity| memory.find(hash, identity).expect("read").map(|found| found.first_row);
        assert_eq!(row(1, "anna"), Some(2));
        assert_eq!(row(1, "ben"), Some(5));
        assert_eq!(row(1, "dora"), None);
        assert_eq!(row(2, "cleo"), Some(3));
        memory.keep(entry(2, "cleo", 3), &repeats(), 8).expect("forgotten");
        assert!(memory.find(2, "cleo").expect("read").is_none());
    }

    #[test]
    fn identities_with_one_hash_are_told_apart() {
        remembers_both(Memory::new(None));
    }

    #[test]
    fn what_outgrows_the_budget_is_found_in_the_scratch_file() {
        let memory = Memory { budget_bytes: 0, ..Memory::new(Some(tempfile::tempfile().expect("a scratch file"))) };
        remembers_both(memory);
    }
}
