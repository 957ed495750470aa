//! Which person stands in which row, and what befalls the row. Invariant: a repeat always names
//! somebody whom an earlier row of the same file introduced, found by arithmetic instead of memory.

use std::io;

use super::Written;
use super::person::{Bad, Chance};

/// How far back a repeat may look, in rows: near ones meet in one chunk of an import, far ones in
/// different chunks.
const DISTANCES: [u64; 5] = [10, 100, 1_000, 10_000, 100_000];

/// What befalls a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Plain,
    /// One cell holds a quoted line break.
    TwoLines,
    Bad(Bad),
    /// The row is about the person `of`, `disguised` by letter case or blanks.
    Repeat {
        of: u64,
        disguised: bool,
    },
}

impl Fate {
    /// The person in the row that belongs to `number`.
    pub(super) fn person(self, number: u64) -> u64 {
        match self {
            Self::Repeat { of, .. } => of,
            _ => number,
        }
    }

    /// Whether an importer creates somebody from this row.
    pub(super) fn is_accepted(self) -> bool {
        matches!(self, Self::Plain | Self::TwoLines)
    }
}

/// The people of one file.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) rows: u64,
    pub(super) seed: u64,
    pub(super) start: u64,
    pub(super) stride: u64,
    pub(super) clean: bool,
}

impl Range {
    pub(super) fn every(rows: u64, seed: u64, start: u64) -> Self {
        Self { rows, seed, start, stride: 1, clean: false }
    }

    /// Hands number, fate and the count so far (this row included) to `row`, in file order.
    pub(super) fn write(self, mut row: impl FnMut(u64, Fate, &Written) -> io::Result<()>) -> io::Result<Written> {
        let mut written = Written::default();
        for index in 0..self.rows {
            let fate = self.fate(index);
            written.rows += 1;
            match fate {
                Fate::Plain | Fate::TwoLines => written.accepted += 1,
                Fate::Bad(_) => written.bad += 1,
                Fate::Repeat { .. } => written.repeats += 1,
            }
            row(self.number(index), fate, &written)?;
        }
        Ok(written)
    }

    fn number(self, index: u64) -> u64 {
        self.start + index * self.stride
    }

    fn fate(self, index: u64) -> Fate {
        if self.clean {
            return Fate::Plain;
        }
        let mut chance = self.chance(index);
        match chance.below(1_000) {
            0..20 => Fate::Bad(Bad::of(chance.next())),
            20..50 => self.repeat(index, chance),
            50..60 => Fate::TwoLines,
            _ => Fate::Plain,
        }
    }

    fn repeat(self, index: u64, mut chance: Chance) -> Fate {
        let within = chance.pick(&DISTANCES).min(index);
        if within == 0 {
            return Fate::Plain;
        }
        let disguised = chance.below(3) == 0;
        let nearest = index - 1 - chance.below(within);
        // Rows that fail or repeat introduce nobody: look further back. One row in twenty is such,
        // so the walk is short.
        let introduced = (0..=nearest).rev().find(|&earlier| self.chance(earlier).below(1_000) >= 50);
        introduced.map_or(Fate::Plain, |earlier| Fate::Repeat { of: self.number(earlier), disguised })
    }

    fn chance(self, index: u64) -> Chance {
        Chance::new(!self.seed, self.number(index))
    }
}
