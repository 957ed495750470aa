//! `convoke imports ...`: what was imported and checked so far.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use convoke_app::people::id::ImportId;

use super::Outputs;

/// What can be done with imports.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportsCommand {
    /// Imports and checks, newest first
    List {
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: u32,
    },
    /// How an import stands
    Show {
        /// imp_...
        id: ImportId,
    },
    /// What became of an import, with its issues and files
    Report(ReportArgs),
    /// The file as it was uploaded, byte for byte
    Original {
        /// imp_...
        id: ImportId,
        /// Write it here [default: stdout]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Ask that an import stop for now; what it did stays
    Pause {
        /// imp_...
        id: ImportId,
    },
    /// End an import; what it did stays, the rest is not processed
    Cancel {
        /// imp_...
        id: ImportId,
    },
    /// Take up an import that was interrupted or paused
    Resume {
        /// imp_...
        id: ImportId,
    },
}

/// What `imports report` takes.
#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// imp_...
    pub(crate) id: ImportId,
    #[command(flatten)]
    pub(crate) outputs: Outputs,
    /// Write the rows nothing happened to to this CSV file
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(crate) not_processed: Option<PathBuf>,
}
