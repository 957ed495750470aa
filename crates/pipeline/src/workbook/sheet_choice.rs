//! Which sheets of a workbook are read: the one asked for, or the visible ones in turn until one holds anything.

use std::collections::HashSet;
use std::fmt::Write as _;

use convoke_people::text::remove_controls;

use super::{SheetInfo, damaged, too_large};
use crate::problem::{Problem, ProblemCode};

/// Sheets that are remembered, and characters of their names.
const MAX_SHEETS: usize = 10_000;
pub(super) const MAX_NAME_CHARS: usize = 255;

/// Sheets that a message names.
const NAMED: usize = 20;

/// The sheets of a workbook in its own order.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    sheets: Vec<Sheet>,
    /// In lower case.
    names: HashSet<String>,
}

#[derive(Debug)]
struct Sheet {
    name: String,
    is_visible: bool,
}

impl Sheets {
    /// Another sheet, unless there are more than any workbook has. Its name goes into messages, the database and the
    /// arguments of a process: it holds no control characters, and names this sheet alone.
    pub(super) fn add(&mut self, name: &str, is_visible: bool) -> Result<(), Problem> {
        let name: String = name.chars().take(MAX_NAME_CHARS).collect();
        let name = remove_controls(&name).unwrap_or(name);
        if self.sheets.len() == MAX_SHEETS {
            return Err(too_large("The workbook has more sheets than any workbook needs"));
        }
        if !self.names.insert(name.to_lowercase()) {
            return Err(damaged(format_args!("two of its sheets have the name \"{name}\"")));
        }
        self.sheets.push(Sheet { name, is_visible });
        Ok(())
    }

    /// The sheets to try, as places in the workbook's order, until one holds anything.
    pub(super) fn wanted(&self, asked: Option<&str>) -> Result<Vec<usize>, Problem> {
        let listed = self.listed();
        let Some(asked) = asked else {
            return Ok(listed.into_iter().filter(|&at| self.sheets[at].is_visible).collect());
        };
        let lower = asked.trim().to_lowercase();
        let named = self.sheets.iter().position(|sheet| sheet.name == asked);
        let named = named.or_else(|| self.sheets.iter().position(|sheet| sheet.name.trim().to_lowercase() == lower));
        let numbered = || lower.parse::<usize>().ok()?.checked_sub(1).and_then(|at| listed.get(at).copied());
        named.or_else(numbered).map(|at| vec![at]).ok_or_else(|| self.unknown(asked))
    }

    /// What was read of sheet `at`.
    pub(super) fn info(&self, at: usize, rows: u32, columns: u32) -> SheetInfo {
        let sheets = self.listed().into_iter().map(|at| self.sheets[at].name.clone()).collect();
        SheetInfo { sheet: self.sheets[at].name.clone(), sheets, rows, columns, blank_formulas: 0 }
    }

    /// None of the sheets that were tried holds anything.
    pub(super) fn nothing_found(&self, asked: Option<&str>) -> Problem {
        let hidden: Vec<_> = self.sheets.iter().filter(|sheet| !sheet.is_visible).map(|s| s.name.as_str()).collect();
        let (message, hint) = match asked {
            Some(asked) => (format!("Sheet \"{asked}\" is empty"), format!("The workbook's sheets: {}.", self.names())),
            None if hidden.is_empty() => {
                ("The workbook is empty".to_owned(), "Choose the file that holds the people.".to_owned())
            }
            None => (
                "The workbook's visible sheets are empty".to_owned(),
                format!("Name a hidden one if it is meant, for example --sheet \"{}\".", hidden[0]),
            ),
        };
        Problem::new(ProblemCode::FileEmpty, message, hint)
    }

    fn unknown(&self, asked: &str) -> Problem {
        Problem::new(
            ProblemCode::SheetUnknown,
            format!("The workbook has no sheet \"{asked}\""),
            format!("Its sheets: {}.", self.names()),
        )
    }

    /// Visible sheets first, each in the workbook's order.
    fn listed(&self) -> Vec<usize> {
        let (visible, hidden): (Vec<_>, Vec<_>) =
            (0..self.sheets.len()).partition(|&at: &usize| self.sheets[at].is_visible);
        [visible, hidden].concat()
    }

    fn names(&self) -> String {
        let listed = self.listed();
        let mut names =
            listed.iter().take(NAMED).map(|&at| self.sheets[at].name.as_str()).collect::<Vec<_>>().join(", ");
        if listed.len() > NAMED {
            let _ = write!(names, " and {} more", listed.len() - NAMED);
        }
        names
    }
}
