//! The identities that occur more than once in a file, by their hashes: 12 bytes a row while they are gathered, and only
//! the repeated ones after that. A hash says only where to look; whoever asks compares the identity itself.

/// Rows whose identity occurs more than once in the file, by the identity's hash.
#[derive(Debug, Default)]
pub struct Repeats {
    /// By hash, then by row.
    rows: Vec<HashedRow>,
    /// Where the hashes with each upper half of 16 bits begin; empty if nothing is repeated.
    starts: Vec<u32>,
    /// Rows whose identity is another account of some row, by the identity's hash; one row a hash.
    also_at: Vec<(u64, u32)>,
}

/// Upper and lower half of a hash, and a row: 12 bytes, where a tuple would take 16.
type HashedRow = [u32; 3];

fn hashed_row(hash: u64, row: u32) -> HashedRow {
    [(hash >> 32) as u32, hash as u32, row]
}

fn hash_of(row: &HashedRow) -> u64 {
    (u64::from(row[0]) << 32) | u64::from(row[1])
}

/// The keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuildHash;

impl std::hash::BuildHasher for BuildHash {
    type Hasher = HashOfHash;
    fn build_hasher(&self) -> HashOfHash {
        HashOfHash(0)
    }
}

/// Passes a 64-bit key through.
#[derive(Debug)]
pub struct HashOfHash(u64);

impl std::hash::Hasher for HashOfHash {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Repeats {
    /// The last row with this hash; None if the identity occurs once.
    pub fn last_row(&self, hash: u64) -> Option<u32> {
        let upper = (hash >> 48) as usize;
        let (start, end) = (*self.starts.get(upper)?, *self.starts.get(upper + 1)?);
        let group = &self.rows[start as usize..end as usize];
        let behind = group.partition_point(|row| hash_of(row) <= hash);
        behind.checked_sub(1).map(|at| &group[at]).filter(|row| hash_of(row) == hash).map(|row| row[2])
    }

    pub fn contains(&self, hash: u64) -> bool {
        self.last_row(hash).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The first row that is about the account with this hash, where a row names it as another account.
    pub fn row_of_account(&self, hash: u64) -> Option<u32> {
        let at = self.also_at.binary_search_by_key(&hash, |(other, _)| *other).ok()?;
        Some(self.also_at[at].1)
    }

    /// Every repeated row with its hash.
    pub fn all(&self) -> impl Iterator<Item = (u64, u32)> {
        self.rows.iter().map(|row| (hash_of(row), row[2]))
    }

    #[cfg(test)]
    pub(crate) fn of_rows(rows: &[(u64, u32)]) -> Self {
        let mut seen = SeenIdentities::default();
        rows.iter().for_each(|(hash, row)| seen.push(*hash, *row));
        seen.repeats(Vec::new())
    }
}

/// Every identity's hash with its row, in 256 parts by the hash's first byte: each is sorted alone and let go, and none
/// is ever copied whole to grow.
pub(crate) struct SeenIdentities {
    parts: Vec<Vec<HashedRow>>,
}

impl Default for SeenIdentities {
    fn default() -> Self {
        Self { parts: vec![Vec::new(); 256] }
    }
}

impl SeenIdentities {
    pub(crate) fn push(&mut self, hash: u64, row: u32) {
        self.parts[(hash >> 56) as usize].push(hashed_row(hash, row));
    }

    /// `others` are hashes of accounts that rows name beside their own.
    pub(crate) fn repeats(self, mut others: Vec<u64>) -> Repeats {
        others.sort_unstable();
        others.dedup();
        let mut rows: Vec<HashedRow> = Vec::new();
        let mut also_at = Vec::new();
        for (first_byte, mut part) in self.parts.into_iter().enumerate() {
            part.sort_unstable();
            let of_part = others.partition_point(|hash| ((hash >> 56) as usize) < first_byte);
            for &hash in others[of_part..].iter().take_while(|hash| (**hash >> 56) as usize == first_byte) {
                let at = part.partition_point(|row| hash_of(row) < hash);
                also_at.extend(part.get(at).filter(|row| hash_of(row) == hash).map(|row| (hash, row[2])));
            }
            for group in part.chunk_by(|a, b| hash_of(a) == hash_of(b)).filter(|group| group.len() > 1) {
                rows.extend_from_slice(group);
            }
        }
        if rows.is_empty() {
            return Repeats { also_at, ..Repeats::default() };
        }
        let starts = (0..=1_u64 << 16).map(|upper| rows.partition_point(|row| hash_of(row) >> 48 < upper) as u32);
        let starts = starts.collect();
        Repeats { rows, starts, also_at }
    }
}
