//! Cells that somebody corrected after the upload. They are part of the source: whoever reads its records, to scan, check,
//! run or report, reads the corrected cells.

use std::collections::HashMap;

/// The corrections of one import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    rows: HashMap<u32, CorrectedRow>,
}

/// What was corrected in one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectedRow {
    /// Columns from 0, with what their cells hold now.
    pub cells: Vec<(usize, String)>,
    /// Somebody said that this line is a person, whatever it reads like.
    pub is_person: bool,
}

impl Corrections {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What a cell holds from now on.
    pub fn set(&mut self, row: u32, column: usize, value: String) {
        let cells = &mut self.rows.entry(row).or_default().cells;
        match cells.iter_mut().find(|(other, _)| *other == column) {
            Some(cell) => cell.1 = value,
            None => cells.push((column, value)),
        }
    }

    /// A line that was taken for none is a person.
    pub fn bring_back(&mut self, row: u32) {
        self.rows.entry(row).or_default().is_person = true;
    }

    pub fn of(&self, row: u32) -> Option<&CorrectedRow> {
        self.rows.get(&row)
    }
}
