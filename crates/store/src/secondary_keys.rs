//! Secondary keys, found again without an index on person: each committed chunk leaves a list of the hashes it gave and
//! to whom. What is listed may be outdated, and hashes may be equal by chance; a list says only whom to ask.

use std::collections::{BTreeMap, HashMap};

use convoke_people::id::{Block, PersonId, WorkspaceId};
use convoke_pipeline::chunk::CheckedChunk;
use convoke_pipeline::known::Known;
use convoke_pipeline::plan::ChunkPlan;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::secondary_keys::{Holder, KeyHash, KeyHashes, MOST_HOLDERS};

use crate::committing::RunOf;
use crate::db::{Conn, Reader, Tx};
use crate::error::{Result, StoreError};
use crate::matching::{column, of_people, sound_rows};
use crate::value::{Row, Value};

/// Lists read at once; one is 160 KB at most.
const PAGE: i64 = 16;
/// People asked at once where many share a key.
const ASKED_AT_ONCE: usize = 500;

/// Bytes of a list: length of the first part; hash and distance to the row before, by seven bits, of each person the
/// chunk created; hash and id of the others. Numbers are little-endian.
const HASH_BYTES: usize = 4;
const UPDATED_BYTES: usize = 12;

/// The keys a chunk gives, in the form they are stored in.
#[derive(Debug, Default)]
pub struct GivenKeys {
    created: Vec<u8>,
    /// Of the last person created.
    row: u32,
    updated: Vec<u8>,
}

impl GivenKeys {
    /// Adds what a plan writes.
    pub fn add(&mut self, recipe: &Recipe, plan: &ChunkPlan) {
        let keys = &recipe.secondary_keys;
        if keys.is_empty() {
            return;
        }
        self.created.reserve(plan.creates.len() * keys.len() * (HASH_BYTES + 1));
        for person in &plan.creates {
            let made = plan.chunk.row_keys(person.row as usize);
            for (at, key) in keys.iter().enumerate() {
                let hash = match &person.folded {
                    None => made[at],
                    Some(state) => state.values[key.slot].as_deref().map(|value| recipe.key_hash(at, value)),
                };
                let Some(hash) = hash else { continue };
                // An id ends with the row.
                let row = person.id.0 as u32;
                self.created.extend_from_slice(&hash.get().to_le_bytes());
                push_distance(row - self.row, &mut self.created);
                self.row = row;
            }
        }
        for update in &plan.updates {
            for (at, key) in keys.iter().enumerate().filter(|(_, key)| update.changed_fields & (1 << key.slot) != 0) {
                let Some(value) = update.state.values[key.slot].as_deref() else { continue };
                self.updated.extend_from_slice(&recipe.key_hash(at, value).get().to_le_bytes());
                self.updated.extend_from_slice(&update.state.id.0.to_le_bytes());
            }
        }
    }

    /// Stores the keys of a chunk of an import; a chunk that gave none leaves nothing.
    pub fn write(&self, tx: &mut Tx<'_>, run: &RunOf<'_>, chunk: u32) -> Result<()> {
        if self.created.is_empty() && self.updated.is_empty() {
            return Ok(());
        }
        let mut body = Vec::with_capacity(4 + self.created.len() + self.updated.len());
        body.extend_from_slice(&(self.created.len() as u32).to_le_bytes());
        body.extend_from_slice(&self.created);
        body.extend_from_slice(&self.updated);
        tx.execute(
            "INSERT INTO secondary_keys (workspace_id, record_type, id, body) VALUES ($1, $2, $3, $4)",
            &[
                run.workspace.0.into(),
                run.recipe.settings.record_type.code().into(),
                run.block().id(chunk).into(),
                Value::Bytes(&body),
            ],
        )?;
        Ok(())
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow (LEB128).
fn push_distance(mut distance: u32, bytes: &mut Vec<u8>) {
    while distance >= 0x80 {
        bytes.push(distance as u8 | 0x80);
        distance >>= 7;
    }
    bytes.push(distance as u8);
}

fn take_distance(bytes: &mut &[u8]) -> Option<u32> {
    let mut distance = 0;
    for shift in (0..u32::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        distance |= u32::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Some(distance);
        }
    }
    None
}

/// Calls `take` with every key of a stored list; None if it is cut.
fn each_key(block: Block, body: &[u8], mut take: impl FnMut(KeyHash, i64)) -> Option<()> {
    let (length, rest) = body.split_first_chunk()?;
    let (mut created, updated) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let mut row = 0;
    while let Some((hash, rest)) = created.split_first_chunk::<HASH_BYTES>() {
        created = rest;
        row = u32::checked_add(row, take_distance(&mut created)?)?;
        take(KeyHash::new(u32::from_le_bytes(*hash))?, block.id(row));
    }
    for entry in updated.as_chunks::<UPDATED_BYTES>().0 {
        let (hash, id) = entry.split_first_chunk()?;
        take(KeyHash::new(u32::from_le_bytes(*hash))?, i64::from_le_bytes(id.try_into().ok()?));
    }
    Some(())
}

/// Who may hold the keys of a file: hash, and upper and lower half of the person, 12 bytes where a tuple would take 16.
#[derive(Debug, Default)]
pub struct KeyIndex {
    /// Sorted, each once, at most [`MOST_HOLDERS`] a hash.
    entries: Vec<[u32; 3]>,
    /// Where the hashes with each of the upper bits begin: so many bits that about eight entries share them, a line of the
    /// processor's cache or two. All keys of a list that comes again are looked for.
    starts: Vec<u32>,
    shift: u32,
}

fn entry(hash: KeyHash, person: i64) -> [u32; 3] {
    [hash.get(), (person >> 32) as u32, person as u32]
}

fn person_of(entry: &[u32; 3]) -> i64 {
    (i64::from(entry[1]) << 32) | i64::from(entry[2])
}

impl KeyIndex {
    /// Reads the lists of a workspace and record type and keeps what concerns the keys of a file.
    pub fn load(reader: &mut Reader<'_>, workspace: WorkspaceId, recipe: &Recipe, file: &KeyHashes) -> Result<Self> {
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let page = reader.query(
                "SELECT id, body FROM secondary_keys WHERE workspace_id = $1 AND record_type = $2 AND id > $3 ORDER BY id \
                 LIMIT $4",
                &[workspace.0.into(), recipe.settings.record_type.code().into(), after.into(), PAGE.into()],
            )?;
            for row in &page {
                after = row.int(0)?;
                let keep = |hash, person| entries.extend(file.occurs(hash).then(|| entry(hash, person)));
                each_key(Block::of(after), row.bytes(1)?, keep)
                    .ok_or_else(|| StoreError::Corrupt("a list of secondary keys is cut".to_owned()))?;
            }
            if page.len() < PAGE as usize {
                break;
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let index = Self { entries, ..Self::default() };
        Ok(index.with_few_holders(reader, workspace, recipe)?.with_starts())
    }

    /// Where more people are listed for a hash than are asked, leaves the first who really hold it.
    fn with_few_holders(mut self, reader: &mut Reader<'_>, workspace: WorkspaceId, recipe: &Recipe) -> Result<Self> {
        let mut kept = 0;
        let mut start = 0;
        while start < self.entries.len() {
            let hash = self.entries[start][0];
            let end = start + self.entries[start..].partition_point(|entry| entry[0] == hash);
            let mut few = Vec::new();
            if end - start > MOST_HOLDERS {
                for some in self.entries[start..end].chunks(ASKED_AT_ONCE) {
                    let ids: Vec<_> = some.iter().map(person_of).collect();
                    let mut people = people_by_id(reader.conn, workspace, recipe, &ids)?;
                    people.retain(|person| holds(person, hash, recipe));
                    few.extend(people.iter().filter_map(|person| Some(entry(KeyHash::new(hash)?, person.id.0))));
                    if few.len() >= MOST_HOLDERS {
                        break;
                    }
                }
                few.truncate(MOST_HOLDERS);
            } else {
                few.extend_from_slice(&self.entries[start..end]);
            }
            self.entries[kept..kept + few.len()].copy_from_slice(&few);
            kept += few.len();
            start = end;
        }
        self.entries.truncate(kept);
        self.entries.shrink_to_fit();
        Ok(self)
    }

    fn with_starts(mut self) -> Self {
        let bits = (self.entries.len() / 8).max(2).ilog2();
        self.shift = u32::BITS - bits;
        self.starts = vec![0; (1 << bits) + 1];
        for entry in &self.entries {
            self.starts[(entry[0] >> self.shift) as usize + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        self
    }

    fn candidates(&self, hash: KeyHash) -> &[[u32; 3]] {
        let upper = (hash.get() >> self.shift) as usize;
        let few = &self.entries[self.starts[upper] as usize..self.starts[upper + 1] as usize];
        let start = few.iter().take_while(|entry| entry[0] < hash.get()).count();
        let length = few[start..].iter().take_while(|entry| entry[0] == hash.get()).count();
        &few[start..start + length]
    }
}

fn holds(person: &Holder, hash: u32, recipe: &Recipe) -> bool {
    let mut keys = person.keys.iter().enumerate();
    keys.any(|(at, key)| key.as_deref().is_some_and(|value| recipe.key_hash(at, value).get() == hash))
}

/// Adds to `known` who else may hold the keys that the rows of a chunk carry: mostly nobody.
pub(crate) fn add_holders(
    conn: &mut Conn,
    (workspace, index): (WorkspaceId, &KeyIndex),
    recipe: &Recipe,
    chunk: &CheckedChunk,
    known: &mut Known,
) -> Result<()> {
    if index.entries.is_empty() {
        return Ok(());
    }
    let asked = others(index, chunk, known);
    let mut ids: Vec<_> = asked.values().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    ids.dedup();
    let people: HashMap<i64, Holder> =
        people_by_id(conn, workspace, recipe, &ids)?.into_iter().map(|person| (person.id.0, person)).collect();
    let holders = asked.into_iter().map(|(hash, ids)| {
        let holders: Vec<_> = ids.iter().filter_map(|id| people.get(id)).cloned().collect();
        (hash, holders)
    });
    known.set_holders(holders.filter(|(_, holders)| !holders.is_empty()).collect());
    Ok(())
}

/// The candidates of each hash that a row of the chunk carries about somebody else.
fn others(index: &KeyIndex, chunk: &CheckedChunk, known: &Known) -> BTreeMap<KeyHash, Vec<i64>> {
    let mut others = BTreeMap::new();
    for (place, _) in sound_rows(chunk) {
        let own = known.of_row(place).map(|at| known.person(at).id.0);
        for hash in chunk.row_keys(place).iter().flatten() {
            let candidates = index.candidates(*hash);
            if candidates.iter().any(|entry| Some(person_of(entry)) != own) && !others.contains_key(hash) {
                others.insert(*hash, candidates.iter().map(person_of).collect());
            }
        }
    }
    others
}

/// The people with these ids who are there, by ascending id.
fn people_by_id(conn: &mut Conn, workspace: WorkspaceId, recipe: &Recipe, ids: &[i64]) -> Result<Vec<Holder>> {
    let rows = of_people(conn, &people_by_id_sql(recipe), workspace, ids)?;
    let mut people = rows.iter().map(|row| holder(row, recipe)).collect::<Result<Vec<_>>>()?;
    people.sort_unstable_by_key(|person| person.id);
    Ok(people)
}

/// Without the id or ids it ends with.
pub fn people_by_id_sql(recipe: &Recipe) -> String {
    let keys: String = recipe.secondary_keys.iter().map(|key| format!(", {}", column(key.field))).collect();
    format!("SELECT id, version, identity, name{keys} FROM person WHERE workspace_id = $1 AND id")
}

fn holder(row: &Row, recipe: &Recipe) -> Result<Holder> {
    let text = |at| row.opt_text(at).map(|text| text.map(Into::into));
    Ok(Holder {
        id: PersonId(row.int(0)?),
        version: row.int(1)?,
        identity: row.text(2)?.into(),
        name: text(3)?,
        keys: (0..recipe.secondary_keys.len()).map(|at| text(4 + at)).collect::<Result<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_as_it_was_written_and_a_cut_one_is_told() {
        let mut created = Vec::new();
        let rows = [2, 2, 3, 130, 20_000, u32::MAX];
        let mut before = 0;
        for (at, row) in rows.iter().enumerate() {
            created.extend_from_slice(&(at as u32 + 1).to_le_bytes());
            push_distance(row - before, &mut created);
            before = *row;
        }
        let length = (created.len() as u32).to_le_bytes();
        let updated = [&7_u32.to_le_bytes()[..], &(5_i64 << 40).to_le_bytes()[..]].concat();
        let body = [&length[..], &created, &updated].concat();
        let mut read = Vec::new();
        each_key(Block(9), &body, |hash, person| read.push((hash.get(), person))).expect("whole");
        let wanted = rows.iter().zip(1..).map(|(row, hash)| (hash, Block(9).id(*row)));
        assert_eq!(read, wanted.chain([(7, 5 << 40)]).collect::<Vec<_>>());
        for end in 0..4 + created.len() {
            assert!(each_key(Block(9), &body[..end], |_, _| {}).is_none(), "{end}");
        }
    }
}
