//! Imports and dry runs: prepare (upload, detect, map, scan), check, run, resume, report.

mod again;
mod aside;
mod check;
pub mod choices;
mod chunks;
mod control;
pub mod correcting;
mod draft_files;
pub mod draft_shape;
mod drafts;
mod drift;
mod found;
mod group;
mod history;
mod inspect;
mod intake;
mod one_by_one;
pub mod option_names;
mod options;
mod prepare;
mod report;
pub mod rows;
mod run;
pub mod shapes;
mod source_info;
mod stop_rule;
mod text;
mod upstream;
pub mod values;
pub mod words;

pub use draft_files::Uploaded;
pub use drafts::Draft;
pub use history::HistoryFilter;
pub use inspect::{Candidate, InspectedColumn, Inspection, Inspector};
pub use options::ImportOptions;
pub use prepare::{Prepared, Received};
pub use report::{ImportReport, IssueLine, MAX_ISSUES};
pub use run::Resumption;
pub use source_info::{Detected, FileFacts, Quote, Said, Second, SourceInfo};
pub use text::Texts;

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

/// What whoever watches an import wants of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    GoOn,
    /// It waits until somebody resumes it.
    Pause,
    /// This process ends: the next worker goes on with it.
    HandBack,
}

/// Watches an import and may ask it to stop.
pub trait Watch {
    fn progress(&mut self, progress: Progress);

    /// Asked between groups of chunks.
    fn wish(&mut self) -> Wish {
        Wish::GoOn
    }
}

/// Nobody watches.
impl Watch for () {
    fn progress(&mut self, _: Progress) {}
}

pub(crate) use prepare::from_json;

/// The text a mapping is saved as.
pub(crate) fn choices_json(choices: &MappingChoices) -> Result<String> {
    prepare::json(choices)
}
