//! The values of a column of a draft, as options for a select that is made of it: read from the whole file, with its corrections,
//! as far as its columns are known by now.

use convoke_people::id::ImportId;
use convoke_pipeline::column_values::{Wanted, column_values};
use convoke_pipeline::mapping::{Column, Decision, Mapping, column_letters};
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::settings::Settings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::drafts::{Draft, Kept};
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Values that are told.
const MOST: usize = 200;

/// The values of a column that differ, as options do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnValues {
    /// As a spreadsheet program names it.
    #[schema(example = "A")]
    pub column: String,
    pub header: String,
    /// The first 200 that differ by more than case, as each was written first, in the order of the file.
    pub values: Vec<ColumnValue>,
    /// Whether there are others.
    pub more: bool,
    /// Rows with a value of more than 255 characters, which can be no option and is left out.
    pub too_long: u64,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnValue {
    pub value: String,
    /// How many rows have it.
    pub rows: u64,
}

impl Workspace {
    /// The values of the column of these letters; `several` cuts cells as fields with several values do.
    pub fn column_values(&self, id: ImportId, letters: &str, several: bool) -> Result<ColumnValues> {
        let Draft { import, kept, .. } = self.draft(id)?;
        let headers = &kept.found.headers;
        let place = (0..headers.len()).find(|&place| column_letters(place).eq_ignore_ascii_case(letters));
        let place = place.ok_or_else(|| no_column(letters, headers.len()))?;
        let (settings, mapping) = self.so_far(&kept)?;
        let recipe = Recipe::new(settings, mapping, Vec::new()).with_seeds(self.hash_seed, self.key_seed);
        let file = self.file_of(&import)?;
        let found = column_values(|| file.reader(), &recipe, Wanted { column: place, several, most: MOST })?;
        Ok(ColumnValues {
            column: column_letters(place),
            header: headers[place].clone(),
            values: found.values.into_iter().map(|(value, rows)| ColumnValue { value, rows }).collect(),
            more: found.has_more,
            too_long: found.too_long,
        })
    }

    /// What is known of the columns by now; what was chosen may be gone, as a group or a saved mapping.
    fn so_far(&self, kept: &Kept) -> Result<(Settings, Mapping)> {
        let headers = &kept.found.headers;
        let options = kept.choices.options()?;
        let chosen = self.settings(&options).and_then(|settings| {
            let outline = Mapping::outline(headers, &self.choices(&options)?, &settings).map_err(Error::Refused)?;
            Ok((settings, outline))
        });
        let (settings, outline) = match chosen {
            Ok(chosen) => chosen,
            Err(_) => (self.candidate(kept.choices.of())?.settings, Vec::new()),
        };
        let columns = headers.iter().enumerate().map(|(place, header)| {
            let target = match outline.get(place) {
                Some(Decision::Mapped(target)) => Some(*target),
                _ => None,
            };
            Column { header: header.clone(), target, must_be_blank: false }
        });
        Ok((settings, Mapping { columns: columns.collect() }))
    }
}

fn no_column(letters: &str, columns: usize) -> Error {
    let hint = match columns {
        0 => "The file has none.".to_owned(),
        1 => "Its only column is A.".to_owned(),
        _ => format!("Columns are named by their letters, here A to {}.", column_letters(columns - 1)),
    };
    Error::not_found(format!("The file has no column \"{letters}\""), hint)
}
