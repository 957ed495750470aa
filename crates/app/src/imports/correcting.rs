//! Corrections of cells: one, or all with the same value. They are stored with the import; what was checked has to be checked
//! again before it is confirmed, but the rows they touch, and those of the same people, are shown at once.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use convoke_people::id::{Block, ImportId};
use convoke_people::text as words;
use convoke_pipeline::checking::Checker;
use convoke_pipeline::mapping::{column_letters, column_named};
use convoke_pipeline::planner::{Freshness, Planner};
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::{Corrections, MAX_CELL_BYTES, Record, RecordReader};
use convoke_pipeline::relatives::{identities_of, relatives};
use convoke_pipeline::report::{Changes, ChunkReport};
use convoke_pipeline::scan::Limits;
use convoke_store::StoreError;
use convoke_store::corrections::{Correction, forget_corrections, list_corrections, put_correction, remove_correction};
use convoke_store::drafts::{Change, touch_draft};
use convoke_store::imports::Import;
use convoke_store::matching::LookUp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::chunks::scratch_failed;
use super::drafts::{Draft, refuse_unless_draft};
use super::prepare::json;
use super::rows::{RowShape, Shown};
use super::shapes::rfc3339;
use super::source_info::SourceInfo;
use super::text::Text;
use crate::error::{Error, Result};
use crate::once::{Addressed, Kept};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Rows whose new fate is shown at once.
const MOST_SHOWN: usize = 500;

/// A correction that somebody makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCorrection {
    /// One row; left out, every row whose cell holds `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The header or the letters of the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What the cells hold that are corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What they shall hold; blank is a value like any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The row is a person, whatever it reads like.
    #[serde(default)]
    pub is_person: bool,
}

/// What a correction did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Corrected {
    /// How many cells.
    pub cells: u64,
    pub revision: u64,
    /// How many other cells of the column still hold what the one corrected cell held.
    pub alike: u64,
    /// The rows it touched and those of the same people, as they would end now. Of many only the first 500.
    pub rows: Vec<RowShape>,
}

impl Addressed for Corrected {
    /// It has no address.
    fn id(&self) -> String {
        String::new()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

/// A corrected cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Correction)]
pub struct CorrectionShape {
    pub row: u32,
    /// The letters of the column; null: the row is a person, whatever it reads like.
    #[schema(required)]
    pub column: Option<String>,
    pub value: String,
    pub created_by: String,
    #[schema(format = DateTime)]
    pub created_at: String,
}

/// Which corrections are taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    /// Of a cell; without a column, that the row is a person.
    One(u32, Option<String>),
    /// Of all cells of a column that were corrected to a value.
    Alike(String, String),
}

/// What is corrected.
enum Target {
    Cells { rows: BTreeSet<u32>, column: usize, value: String },
    Line(u32),
}

impl Workspace {
    /// Corrects cells of a draft.
    pub fn correct(&self, id: ImportId, new: &NewCorrection) -> Result<Kept<Corrected>> {
        self.require(Permission::Import)?;
        let Draft { import, kept, .. } = self.draft(id)?;
        refuse_unless_draft(&import)?;
        let file = self.file_of(&import)?;
        let target = file.target(new, &kept.found.headers)?;
        let rows = match &target {
            Target::Cells { rows, .. } => rows.clone(),
            Target::Line(row) => BTreeSet::from([*row]),
        };
        let alike = file.alike(&target)?;
        let changed = self.store.write(|tx| {
            let touched = touch_draft(tx, self.id, id)?;
            if touched == Change::Made {
                match &target {
                    Target::Line(row) => put_correction(tx, self.id, id, (*row, None, ""), &self.actor.name())?,
                    Target::Cells { rows, column, value } => {
                        for row in rows {
                            put_correction(tx, self.id, id, (*row, Some(*column as u32), value), &self.actor.name())?;
                        }
                    }
                }
            }
            Ok(touched)
        })?;
        // The same correction twice is one: its answer may be kept behind it.
        let shown = self.shown_anew(id, (changed, rows.len() as u64), &file, &rows)?;
        self.keep_as_it_is(&Corrected { alike, ..shown })
    }

    /// Takes corrections back.
    pub fn take_corrections_back(&self, id: ImportId, which: &Which) -> Result<Corrected> {
        self.require(Permission::Import)?;
        let Draft { import, kept, .. } = self.draft(id)?;
        refuse_unless_draft(&import)?;
        let file = self.file_of(&import)?;
        let stored = |most| self.store.read(|r| list_corrections(r, self.id, id, (0, most)));
        let column = |column: &str| column_named(column, &kept.found.headers).map_err(Error::Refused);
        let taken: Option<BTreeSet<(u32, Option<u32>)>> = match which {
            Which::All => None,
            Which::One(row, None) => Some(BTreeSet::from([(*row, None)])),
            Which::One(row, Some(name)) => Some(BTreeSet::from([(*row, Some(column(name)? as u32))])),
            Which::Alike(name, value) => {
                let (column, stored) = (Some(column(name)? as u32), stored(u32::MAX)?);
                let alike = stored.iter().filter(|c| c.column == column && c.value == *value);
                Some(alike.map(|c| (c.row, c.column)).collect())
            }
        };
        let rows = match &taken {
            Some(taken) => taken.iter().map(|(row, _)| *row).collect(),
            None => stored(MOST_SHOWN as u32)?.iter().map(|correction| correction.row).collect(),
        };
        let changed = self.store.write(|tx| {
            let touched = touch_draft(tx, self.id, id)?;
            let mut removed = 0;
            match &taken {
                _ if touched == Change::TooLate => {}
                None => removed = forget_corrections(tx, self.id, id)?,
                Some(taken) => {
                    for cell in taken {
                        removed += remove_correction(tx, self.id, id, *cell)?;
                    }
                }
            }
            Ok((touched, removed))
        })?;
        if taken.is_some() && changed == (Change::Made, 0) {
            return Err(Error::not_found("There is no such correction", "See the corrections of the import."));
        }
        self.shown_anew(id, changed, &file, &rows)
    }

    /// A page of the corrections of an import, by row and column.
    pub fn corrections(&self, id: ImportId, from_row: u32, most: u32) -> Result<Vec<CorrectionShape>> {
        self.find_import(id)?;
        let stored = self.store.read(|r| list_corrections(r, self.id, id, (from_row, most)))?;
        Ok(stored.into_iter().map(CorrectionShape::from).collect())
    }

    fn shown_anew(
        &self,
        id: ImportId,
        (changed, cells): (Change, u64),
        file: &FileOf,
        rows: &BTreeSet<u32>,
    ) -> Result<Corrected> {
        let import = self.find_import(id)?;
        if changed == Change::TooLate {
            refuse_unless_draft(&import)?;
            return Err(Error::ChangedMeanwhile(format!("{id} was changed at the same moment")));
        }
        let rows = if rows.len() > MOST_SHOWN { Vec::new() } else { self.fates(&import, file, rows)? };
        Ok(Corrected { cells, revision: import.revision, alike: 0, rows })
    }

    pub(super) fn file_of(&self, import: &Import) -> Result<FileOf> {
        let (upload, source) = self.original_of(import)?;
        let text = self.text_at_hand(&upload, &source)?;
        let corrections = Arc::new(self.corrections_of(import.id)?);
        Ok(FileOf { source, text, corrections })
    }

    /// How rows, and those of the same people, would end now. Nothing, while something else has to be said first.
    fn fates(&self, import: &Import, before: &FileOf, rows: &BTreeSet<u32>) -> Result<Vec<RowShape>> {
        let Ok((settings, mapping)) = self.frozen(&self.draft(import.id)?.kept) else { return Ok(Vec::new()) };
        let import = Import { settings: json(&settings)?, mapping: json(&mapping)?, ..import.clone() };
        let now = FileOf { corrections: Arc::new(self.corrections_of(import.id)?), ..before.clone() };
        let recipe = Recipe::new(settings, mapping, Vec::new()).with_seeds(self.hash_seed, self.key_seed);
        let limits = Limits { rows: u64::MAX, bytes: u64::MAX };
        let Ok(scan) = self.scan_again(&now.text, (&now.source, &now.corrections), &recipe, limits) else {
            return Ok(Vec::new());
        };
        let recipe = recipe.with_findings(scan.forms.clone(), &scan);
        let mut identities: HashSet<u64> = identities_of(before.reader(), &recipe, rows)?;
        identities.extend(identities_of(now.reader(), &recipe, rows)?);
        let records = relatives(now.reader(), &recipe, (rows, &identities), MOST_SHOWN)?;
        let mut checker = Checker::new(&recipe);
        let mut chunk = checker.chunk(0);
        records.iter().for_each(|record| checker.check(record, &mut chunk));
        let keys = Arc::default();
        let known = LookUp::new(&self.store, self.id, "convoke:check", &keys)?.people(&recipe, &chunk)?;
        let block = Block::of(import.id.0);
        let planner = Planner::new(&recipe, block, &scan).with_scratch([self.files.scratch()?, self.files.scratch()?]);
        let plan = planner.plan(chunk, &known, Freshness::Ahead).map_err(scratch_failed)?;
        let report = ChunkReport::of(&plan, Changes::Told);
        let fates = ChunkReport::rows(&report.body, block).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let shown = Shown::of(&import)?;
        let record_of = |row: u32| records.iter().find(|record| record.start().row == row);
        Ok(fates.into_iter().filter_map(|fate| Some(shown.row(record_of(fate.row)?, fate))).collect())
    }
}

/// The text of a file with its corrections.
#[derive(Clone)]
pub(super) struct FileOf {
    source: SourceInfo,
    text: Text,
    corrections: Arc<Corrections>,
}

impl FileOf {
    pub(super) fn reader(&self) -> RecordReader<super::text::TextReader> {
        let text = self.text.from(self.source.body_byte);
        RecordReader::new(text, self.source.dialect(), self.source.body()).with_corrections(&self.corrections)
    }

    fn target(&self, new: &NewCorrection, headers: &[String]) -> Result<Target> {
        let usage = |message: &str| {
            Error::usage(message, "Send row, column and value; or column, from and value; or row and is_person.")
        };
        match new {
            NewCorrection { row: Some(row), is_person: true, column: None, from: None, value: None } => {
                self.has_row(*row)?.then_some(Target::Line(*row)).ok_or_else(|| no_row(*row))
            }
            NewCorrection { column: Some(column), value: Some(value), is_person: false, row, from } => {
                let column = column_named(column, headers).map_err(Error::Refused)?;
                if value.len() > MAX_CELL_BYTES || value.contains('\0') {
                    let message = format!("A value has at most {MAX_CELL_BYTES} bytes, and none of them is zero");
                    return Err(Error::usage(message, "Shorten it."));
                }
                let rows = match (row, from) {
                    (Some(row), None) if self.has_row(*row)? => BTreeSet::from([*row]),
                    (Some(row), None) => return Err(no_row(*row)),
                    (None, Some(from)) => self.rows_with(column, from)?,
                    _ => return Err(usage("A correction is of one row, or of all with the same value")),
                };
                Ok(Target::Cells { rows, column, value: value.clone() })
            }
            _ => Err(usage("The correction cannot be understood")),
        }
    }

    fn has_row(&self, row: u32) -> Result<bool> {
        let (mut reader, mut record) = (self.reader(), Record::default());
        while reader.read(&mut record)? {
            if record.start().row >= row {
                return Ok(record.start().row == row);
            }
        }
        Ok(false)
    }

    /// How many other cells hold what the one corrected cell holds; blank ones are not alike.
    fn alike(&self, target: &Target) -> Result<u64> {
        let Target::Cells { rows, column, .. } = target else { return Ok(0) };
        let (Some(row), 1) = (rows.first(), rows.len()) else { return Ok(0) };
        let (mut reader, mut record) = (self.reader(), Record::default());
        while reader.read(&mut record)? && record.start().row < *row {}
        let held = record.get(*column).map(|cell| String::from_utf8_lossy(cell.bytes).into_owned()).unwrap_or_default();
        if words::trim(&held).is_empty() {
            return Ok(0);
        }
        Ok(self.rows_with(*column, &held)?.len() as u64 - 1)
    }

    fn rows_with(&self, column: usize, from: &str) -> Result<BTreeSet<u32>> {
        let (mut reader, mut record) = (self.reader(), Record::default());
        let mut rows = BTreeSet::new();
        while reader.read(&mut record)? {
            let cell = record.get(column).map(|cell| String::from_utf8_lossy(cell.bytes));
            if words::trim(cell.as_deref().unwrap_or_default()) == words::trim(from) {
                rows.insert(record.start().row);
            }
        }
        if rows.is_empty() {
            let message = format!("No cell of column {} holds that value", column_letters(column));
            return Err(Error::not_found(message, "Cells are compared as they are now, with case."));
        }
        Ok(rows)
    }
}

fn no_row(row: u32) -> Error {
    Error::not_found(format!("The file has no row {row} below its headers"), "Blank lines are none.")
}

impl From<Correction> for CorrectionShape {
    fn from(stored: Correction) -> Self {
        Self {
            row: stored.row,
            column: stored.column.map(|column| column_letters(column as usize)),
            value: stored.value,
            created_by: stored.created_by,
            created_at: rfc3339(stored.created_at),
        }
    }
}
