//! The values of one column that differ as options do, for a select that is made of it. No more of them are held than are
//! asked for, however long the file is; lines that are nobody count as little as in the check.

use std::collections::HashMap;
use std::io::Read;

use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::text;

use crate::checking::{chars_of, text_of};
use crate::closing_lines::ClosingLines;
use crate::custom_cells::pieces_of;
use crate::identity::{IdentityColumns, identity_hash};
use crate::not_a_person::{example, is_example, is_footer_or_header};
use crate::recipe::Recipe;
use crate::records::{Cell, ReadError, Record, RecordReader};

/// Which values are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub column: usize,
    /// Cells hold several values.
    pub several: bool,
    pub most: usize,
}

/// The values of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnValues {
    /// As each was written first, in the order in which they come, with the number of rows that have it.
    pub values: Vec<(String, u64)>,
    /// There are others.
    pub has_more: bool,
    /// Rows with a value that is longer than any field takes.
    pub too_long: u64,
}

/// Reads the file whose records `read` gives from the first on. `recipe` may leave columns open.
pub fn column_values<R: Read>(
    read: impl Fn() -> RecordReader<R>,
    recipe: &Recipe,
    wanted: Wanted,
) -> Result<ColumnValues, ReadError> {
    let people = People::of(recipe);
    // Lines behind the people stand in the first column only.
    let closing_row = if wanted.column == 0 { people.closing_row(read())? } else { None };
    let (mut reader, mut record) = (read(), Record::default());
    let mut gathered = Gathered::new(wanted);
    while reader.read(&mut record)? {
        let is_text = record.cells().all(|cell| cell.text().is_some());
        if is_text
            && let Some(cell) = record.get(wanted.column)
            && !people.is_nobody(&record, closing_row)
        {
            gathered.add(cell);
        }
    }
    Ok(gathered.found)
}

/// What tells people from lines that are nobody.
struct People<'a> {
    recipe: &'a Recipe,
    identity: IdentityColumns,
    example: &'static str,
}

impl<'a> People<'a> {
    fn of(recipe: &'a Recipe) -> Self {
        let example = example(recipe.settings.record_type).identity;
        Self { recipe, identity: IdentityColumns::of(recipe), example }
    }

    fn hash(&self, record: &Record) -> Option<u64> {
        self.identity.hash(record, &mut String::new())
    }

    fn closing_row<R: Read>(&self, mut reader: RecordReader<R>) -> Result<Option<u32>, ReadError> {
        let (mut closing, mut record) = (ClosingLines::new(self.recipe), Record::default());
        while reader.read(&mut record)? {
            closing.note(&record, self.hash(&record).is_some() || record.is_brought_back());
        }
        Ok(closing.from())
    }

    fn is_nobody(&self, record: &Record, closing_row: Option<u32>) -> bool {
        match self.hash(record) {
            Some(hash) => {
                hash == identity_hash(self.example, self.recipe.hash_seed)
                    && is_example(self.example, record, self.recipe)
            }
            None => {
                let is_closing = closing_row.is_some_and(|first| record.start().row >= first);
                is_closing && !record.is_brought_back() || is_footer_or_header(record, self.recipe)
            }
        }
    }
}

struct Gathered {
    wanted: Wanted,
    /// Where a value stands in what was found, by its compared form.
    places: HashMap<String, usize>,
    found: ColumnValues,
}

impl Gathered {
    fn new(wanted: Wanted) -> Self {
        Self { wanted, places: HashMap::new(), found: ColumnValues::default() }
    }

    fn add(&mut self, cell: Cell<'_>) {
        let value = text_of(cell);
        let cleaned = text::remove_controls(value);
        let value = cleaned.as_deref().map_or(value, text::trim);
        let pieces: Vec<_> =
            if self.wanted.several && !cell.is_cut() { pieces_of(value).collect() } else { vec![value] };
        let chars = |piece: &str| if pieces.len() == 1 { chars_of(cell, piece) } else { piece.chars().count() as u64 };
        let (mut of_row, mut is_too_long) = (Vec::new(), false);
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            if chars(piece) > u64::from(MAX_VALUE_CHARS) {
                is_too_long = true;
            } else if let Some(place) = self.place_of(piece)
                && !of_row.contains(&place)
            {
                of_row.push(place);
                self.found.values[place].1 += 1;
            }
        }
        self.found.too_long += u64::from(is_too_long);
    }

    /// None: there is no room for another one.
    fn place_of(&mut self, piece: &str) -> Option<usize> {
        let key = text::key(piece);
        if let Some(place) = self.places.get(&key) {
            return Some(*place);
        }
        let place = self.found.values.len();
        if place == self.wanted.most {
            self.found.has_more = true;
            return None;
        }
        self.places.insert(key, place);
        self.found.values.push((piece.to_owned(), 0));
        Some(place)
    }
}
