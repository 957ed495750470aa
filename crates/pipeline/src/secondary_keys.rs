//! Secondary keys: cells that name a person beside the identity and should name one person only. They never decide what
//! becomes of a row; that somebody else holds a key is a warning. A hash says where to look, and only equal values count.

use std::num::NonZeroU32;

use convoke_people::field::Field;
use convoke_people::id::{Block, PersonId};
use convoke_people::text;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::identity::cell_text;
use crate::mapping::{Mapping, Target};
use crate::recipe::Layout;
use crate::records::Record;

/// The fields that are secondary keys. The number keeps the values of one apart from those of another; it is part of
/// hashes that lie in databases, so it stays for ever.
const KINDS: [(Field, u64); 2] = [(Field::SalesforceId, 1), (Field::ExternalContactId, 2)];

/// A value that more people hold is asked of the first ones only: a placeholder that everybody carries ("n/a") must not
/// cost its square.
pub const MOST_HOLDERS: usize = 16;

/// The hash of a key: kind and value.
pub type KeyHash = NonZeroU32;

/// A secondary key that a file has a column for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondaryKey {
    pub field: Field,
    /// Place in the layout.
    pub slot: usize,
    pub(crate) column: usize,
    kind: u64,
}

impl SecondaryKey {
    /// Those that a mapping has a column for.
    pub(crate) fn all(mapping: &Mapping, layout: &Layout) -> Vec<Self> {
        let keys = KINDS.iter().filter_map(|&(field, kind)| {
            let column = mapping.column_of(Target::Field(field))?;
            Some(Self { field, slot: layout.slot_of(field)?, column, kind })
        });
        keys.collect()
    }

    /// `seed` is the same for ever in one workspace: these hashes are stored.
    pub(crate) fn hash(&self, value: &[u8], seed: u64) -> KeyHash {
        let hash = xxh3_64_with_seed(value, seed.wrapping_add(self.kind)) >> 32;
        KeyHash::new(hash as u32).unwrap_or(KeyHash::MIN)
    }

    /// The key of a record that nothing checked yet: that of the value it will have, if it will have one.
    pub(crate) fn of_record(&self, record: &Record, seed: u64) -> Option<KeyHash> {
        let bytes = record.get(self.column)?.bytes;
        // Nearly every cell: nothing to trim, to remove or to take back.
        let is_plain = bytes.iter().fold(!bytes.is_empty(), |plain, byte| plain & byte.is_ascii_graphic());
        if is_plain && bytes[0] != b'\'' {
            return Some(self.hash(bytes, seed));
        }
        let value = cell_text(record, Some(self.column))?;
        let cleaned = text::remove_controls(value);
        let value = cleaned.as_deref().map_or(value, text::trim);
        (!value.is_empty()).then(|| self.hash(value.as_bytes(), seed))
    }
}

/// The keys of a file: which occur, and which rows of different people share.
#[derive(Debug, Default)]
pub struct KeyHashes {
    /// By the upper bits; no parts at all while there are no keys.
    parts: Vec<Vec<KeyHash>>,
    /// Sorted.
    shared: Vec<KeyHash>,
    /// Where the shared ones of each part begin.
    starts: Vec<u32>,
}

/// The keys a scan has met so far, each with 32 bits of the identity's hash: a person who stands in two rows shares
/// nothing. Each part grows and is sorted alone, so that none of it is ever there twice.
#[derive(Debug, Default)]
pub(crate) struct SeenKeys {
    parts: Vec<Vec<(KeyHash, u32)>>,
}

const PART_BITS: u32 = 12;

fn part_of(hash: KeyHash) -> usize {
    (hash.get() >> (u32::BITS - PART_BITS)) as usize
}

impl SeenKeys {
    pub(crate) fn note(&mut self, hash: KeyHash, identity_hash: u64) {
        if self.parts.is_empty() {
            self.parts.resize(1 << PART_BITS, Vec::new());
        }
        self.parts[part_of(hash)].push((hash, identity_hash as u32));
    }

    pub(crate) fn into_hashes(self) -> KeyHashes {
        let mut hashes = KeyHashes { starts: vec![0], ..KeyHashes::default() };
        for mut part in self.parts {
            part.sort_unstable();
            part.dedup();
            let groups = part.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
            hashes.shared.extend(groups.map(|group| group[0].0));
            hashes.starts.push(hashes.shared.len() as u32);
            part.dedup_by_key(|(hash, _)| *hash);
            hashes.parts.push(part.iter().map(|(hash, _)| *hash).collect());
        }
        hashes
    }
}

impl KeyHashes {
    pub fn occurs(&self, hash: KeyHash) -> bool {
        let Some(part) = self.parts.get(part_of(hash)) else { return false };
        // Hashes lie evenly: the place is close to where the lower bits say, which is one look where halving takes nine.
        let lower = u64::from(hash.get() << PART_BITS);
        let guess = ((lower * part.len() as u64) >> u32::BITS) as usize;
        let ahead = part[guess..].iter().take_while(|other| **other < hash).count();
        let behind = part[..guess].iter().rev().take_while(|other| **other >= hash).count();
        part.get(guess + ahead - behind) == Some(&hash)
    }

    /// Whether rows of different people carry it.
    pub fn is_shared(&self, hash: KeyHash) -> bool {
        let part = part_of(hash);
        let range = self.starts.get(part).zip(self.starts.get(part + 1));
        let group = range.and_then(|(start, end)| self.shared.get(*start as usize..*end as usize));
        group.is_some_and(|group| group.contains(&hash))
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// Somebody who may hold keys that rows of the file carry, as far as a warning needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub id: PersonId,
    pub version: i64,
    pub identity: Box<str>,
    pub name: Option<Box<str>>,
    /// One a secondary key of the recipe.
    pub keys: Vec<Option<Box<str>>>,
}

impl Holder {
    /// `Anna Lee, anna@example.com (per_...)`. Whom this file creates is named by the row: in a check there is no id yet.
    pub(crate) fn told(&self, block: Block) -> String {
        let name = self.name.as_deref().map_or_else(String::new, |name| format!("{name}, "));
        let place = if Block::of(self.id.0) == block {
            format!("row {} of this file", self.id.0 & 0xFFFF_FFFF)
        } else {
            self.id.to_string()
        };
        format!("{name}{} ({place})", self.identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(n: u32) -> KeyHash {
        KeyHash::new(n).expect("not 0")
    }

    #[test]
    fn a_key_is_shared_if_people_who_differ_carry_it() {
        assert!(KeyHashes::default().is_empty() && !KeyHashes::default().occurs(hash(1)));
        let mut seen = SeenKeys::default();
        for (n, identity) in
            [(7, 1), (u32::MAX, 1), (1 << 20, 2), (7, 1), ((1 << 20) + 1, 3), (9, 1), (9, 1), (7, 4), (u32::MAX, 5)]
        {
            seen.note(hash(n), identity);
        }
        let keys = seen.into_hashes();
        for (n, occurs, shared) in
            [(7, true, true), (u32::MAX, true, true), (1 << 20, true, false), (8, false, false), (9, true, false)]
        {
            assert_eq!((keys.occurs(hash(n)), keys.is_shared(hash(n))), (occurs, shared), "{n}");
        }
    }

    #[test]
    fn every_key_of_many_is_found_and_no_other() {
        let key = SecondaryKey { field: Field::SalesforceId, slot: 0, column: 0, kind: 1 };
        let hashes: Vec<_> = (0..100_000_u32).map(|n| key.hash(&n.to_le_bytes(), 3)).collect();
        let mut seen = SeenKeys::default();
        hashes[..50_000].iter().for_each(|hash| seen.note(*hash, 1));
        let keys = seen.into_hashes();
        assert!(hashes[..50_000].iter().all(|hash| keys.occurs(*hash)));
        let noted: std::collections::HashSet<_> = hashes[..50_000].iter().collect();
        assert!(hashes[50_000..].iter().all(|hash| keys.occurs(*hash) == noted.contains(hash)));
    }

    #[test]
    fn one_value_is_another_key_in_another_field_and_workspace() {
        let key = |kind| SecondaryKey { field: Field::SalesforceId, slot: 0, column: 0, kind };
        assert_eq!(key(1).hash(b"003X", 5), key(1).hash(b"003X", 5));
        assert_ne!(key(1).hash(b"003X", 5), key(2).hash(b"003X", 5));
        assert_ne!(key(1).hash(b"003X", 5), key(1).hash(b"003X", 9));
    }

    #[test]
    fn whom_the_file_creates_is_named_by_the_row() {
        let block = Block(7);
        let holder = |id| Holder {
            id: PersonId(id),
            version: 1,
            identity: "anna@example.com".into(),
            name: Some("Anna Lee".into()),
            keys: Vec::new(),
        };
        assert_eq!(holder(block.id(2)).told(block), "Anna Lee, anna@example.com (row 2 of this file)");
        let known = holder(Block(6).id(2));
        assert_eq!(known.told(block), format!("Anna Lee, anna@example.com ({})", known.id));
    }
}
