//! The files beside a report: all rows, the failed ones, those not processed. They are opened before anything is done,
//! so that a wrong name is told at once, and are there whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use convoke_app::people::id::ImportId;
use convoke_app::pipeline::results::Selection;
use convoke_app::{Error, Workspace};

use crate::output::Target;

/// Files that were asked for.
pub(crate) struct ResultFiles {
    targets: Vec<(Selection, Target)>,
}

impl ResultFiles {
    /// None.
    pub(crate) fn none() -> Self {
        Self { targets: Vec::new() }
    }

    /// `paths`: all rows, failed rows, and where there is a third, those not processed. None of them may be `input`.
    pub(crate) fn open(paths: &[Option<&Path>], input: Option<&Path>) -> Result<Self> {
        let mut taken: Vec<PathBuf> = input.into_iter().filter_map(|input| fs::canonicalize(input).ok()).collect();
        let selections = [Selection::All, Selection::Failed, Selection::NotProcessed];
        let mut targets = Vec::new();
        for (selection, path) in selections.into_iter().zip(paths) {
            let Some(path) = path else { continue };
            // A file that does not exist yet is compared as it was typed.
            let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
            if taken.contains(&real) && !is_device(&real) {
                return Err(Error::usage(
                    format!("{} is named twice: it would be written over", path.display()),
                    "Give each file a name of its own.",
                )
                .into());
            }
            taken.push(real);
            targets.push((selection, Target::open(Some(path))?));
        }
        Ok(Self { targets })
    }

    /// Writes them all.
    pub(crate) fn write(self, workspace: &Workspace, id: ImportId) -> Result<()> {
        self.write_with(|selection, target| Ok(workspace.write_results(id, selection, target)?))
    }

    /// Writes them all by `write`.
    pub(crate) fn write_with(self, write: impl Fn(Selection, &mut Target) -> Result<()>) -> Result<()> {
        for (selection, mut target) in self.targets {
            write(selection, &mut target)?;
            target.finish()?;
        }
        Ok(())
    }
}

fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| !facts.is_file())
}
