//! The rows that hang together with a few others: those of the same people. A corrected row is shown with them at once,
//! because what becomes of it decides what becomes of them.

use std::collections::{BTreeSet, HashSet};
use std::io::Read;

use crate::identity::IdentityColumns;
use crate::recipe::Recipe;
use crate::records::{ReadError, Record, RecordReader};

/// The identities that some rows have, as hashes.
pub fn identities_of<R: Read>(
    mut reader: RecordReader<R>,
    recipe: &Recipe,
    rows: &BTreeSet<u32>,
) -> Result<HashSet<u64>, ReadError> {
    let identity = IdentityColumns::of(recipe);
    let (mut record, mut key) = (Record::default(), String::new());
    let mut found = HashSet::new();
    let last = rows.last().copied().unwrap_or_default();
    while reader.read(&mut record)? && record.start().row <= last {
        if rows.contains(&record.start().row) {
            found.extend(identity.hash(&record, &mut key));
        }
    }
    Ok(found)
}

/// These rows and those of the same identities, in file order; at most so many.
pub fn relatives<R: Read>(
    mut reader: RecordReader<R>,
    recipe: &Recipe,
    (rows, identities): (&BTreeSet<u32>, &HashSet<u64>),
    most: usize,
) -> Result<Vec<Record>, ReadError> {
    let identity = IdentityColumns::of(recipe);
    let (mut record, mut key) = (Record::default(), String::new());
    let mut found = Vec::new();
    while found.len() < most && reader.read(&mut record)? {
        let is_one = rows.contains(&record.start().row)
            || identity.hash(&record, &mut key).is_some_and(|hash| identities.contains(&hash));
        if is_one {
            found.push(record.clone());
        }
    }
    Ok(found)
}
