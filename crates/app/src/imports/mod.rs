//! Imports and dry runs: prepare (upload, detect, map, scan), check, run, resume, report.

mod check;
mod chunks;
mod group;
mod inspect;
mod intake;
mod one_by_one;
mod options;
mod prepare;
mod report;
mod run;
mod source_info;
mod stop_rule;
mod text;
mod upstream;

pub use inspect::{Candidate, InspectedColumn, Inspection, Inspector};
pub use options::ImportOptions;
pub use prepare::Prepared;
pub use report::{ImportReport, IssueLine, MAX_ISSUES};
pub use run::Resumption;
pub use source_info::{Detected, Quote, Said, Second, SourceInfo};

use convoke_pipeline::mapping::MappingChoices;
use convoke_pipeline::plan::Counts;

use crate::error::Result;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
    pub counts: Counts,
}

/// Watches an import and may ask it to stop.
pub trait Watch {
    fn progress(&mut self, progress: Progress);

    /// Asked between groups of chunks: true pauses the import.
    fn wants_pause(&mut self) -> bool {
        false
    }
}

/// Nobody watches.
impl Watch for () {
    fn progress(&mut self, _: Progress) {}
}

/// The text a mapping is saved as.
pub(crate) fn choices_json(choices: &MappingChoices) -> Result<String> {
    prepare::json(choices)
}
