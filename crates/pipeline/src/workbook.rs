//! Workbooks (XLSX, ODS) -> CSV text: rows and cells as a person sees them in a spreadsheet program.
//!
//! Invariants: a spreadsheet row is one line, so row numbers stay; memory is bounded whatever the file holds or
//! declares; what cannot be read whole is refused in words, never read in part.

mod archive;
mod dates;
mod kind;
mod markup;
mod number_format;
mod numbers;
mod ods;
mod sheet_choice;
mod table;
pub mod template;
mod xlsx;

use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::{Deserialize, Serialize};

pub use kind::{WorkbookKind, is_container, kind_of};

use crate::problem::{Problem, ProblemCode};

/// Bytes of a file that [`kind_of`] wants to see.
const HEAD_BYTES: u64 = 4096;

/// Rows of a sheet in Excel and LibreOffice.
const MAX_ROWS: u32 = 1_048_576;

/// Columns of a sheet in Excel and LibreOffice.
const MAX_COLUMNS: u32 = 16_384;

/// What was read of a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInfo {
    /// The sheet that was read.
    pub sheet: String,
    /// All sheets with cells, visible ones first: a sheet's number is its place in this list, from 1.
    pub sheets: Vec<String>,
    /// The last row that holds anything.
    pub rows: u32,
    /// The last column that holds anything, counted from 1.
    pub columns: u32,
    /// Formulas that no value is stored for, as programs leave them that do not compute: they were read as blank.
    #[serde(default)]
    pub blank_formulas: u64,
}

impl SheetInfo {
    /// The first of the sheets that were not read, for a message.
    pub fn others(&self) -> String {
        let others: Vec<_> =
            self.sheets.iter().filter(|name| **name != self.sheet).take(10).map(String::as_str).collect();
        others.join(", ")
    }
}

/// Why a workbook was not written as CSV.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The workbook cannot be imported.
    #[error("{}", .0.message)]
    Refused(Problem),
    /// The place that the CSV text goes to failed; the workbook may be sound.
    #[error("cannot write the table: {0}")]
    Write(io::Error),
}

impl From<Problem> for WorkbookError {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// Writes one sheet as CSV text (UTF-8, comma, doubled quotes, LF): the sheet with this name or number, or else the
/// first visible one that holds anything. What was written before an error is to be thrown away.
pub fn write_csv<R: Read + Seek, W: Write>(
    mut file: R,
    sheet: Option<&str>,
    out: W,
) -> Result<SheetInfo, WorkbookError> {
    let mut head = Vec::new();
    let looked_at = (&mut file).take(HEAD_BYTES).read_to_end(&mut head);
    looked_at.and_then(|_| file.seek(SeekFrom::Start(0))).map_err(|error| unreadable(&error))?;
    match kind_of(&head, &mut file)? {
        Some(WorkbookKind::Xlsx) => xlsx::write_csv(file, sheet, out),
        Some(WorkbookKind::Ods) => ods::write_csv(file, sheet, out),
        None => Err(kind::no_workbook().into()),
    }
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::new(
        ProblemCode::FileUnreadable,
        format!("Cannot read the workbook: {error}"),
        "Check that the file may be read, and try again.",
    )
}

/// Part of the workbook does not keep to its format; `what` ends the sentence "The workbook is damaged: ...".
fn damaged(what: impl std::fmt::Display) -> Problem {
    Problem::new(
        ProblemCode::WorkbookDamaged,
        format!("The workbook is damaged: {what}"),
        "Open it in Excel or LibreOffice, save it as a new .xlsx file or as CSV, and import that.",
    )
}

fn too_large(what: impl Into<String>) -> Problem {
    Problem::new(
        ProblemCode::WorkbookTooLarge,
        what,
        "Copy the rows with people to a new workbook, or save the sheet as \"CSV UTF-8\", and import that.",
    )
}

fn locked() -> Problem {
    Problem::new(
        ProblemCode::WorkbookLocked,
        "The workbook is protected by a password",
        "Open it with the password, remove the password, save it, and import that.",
    )
}
