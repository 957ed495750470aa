//! The worker: takes the next job that waits or was left, runs it, and looks for another. Workspaces take turns, so that
//! one with many imports waiting delays another by one at most.

use convoke_people::id::{ImportId, WorkspaceId};
use convoke_store::StoreError;
use convoke_store::imports::ImportState;

use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::imports::{Resumption, Watch};
use crate::installation::Installation;

/// Takes jobs one after the other.
pub struct Worker {
    installation: Installation,
    /// Whose turn it was.
    last: WorkspaceId,
}

/// What a step did.
#[derive(Debug)]
pub enum Step {
    /// Nothing waits.
    Idle,
    /// An import was run; it ended like this, or could not go on.
    Ran { workspace: WorkspaceId, import: ImportId, outcome: Result<ImportState> },
}

impl Worker {
    pub fn new(installation: Installation) -> Self {
        Self { installation, last: WorkspaceId(0) }
    }

    /// Runs the next job, if there is one.
    pub fn step(&mut self, watch: &mut impl Watch) -> Result<Step> {
        for workspace in self.in_turn()? {
            let Some(opened) = self.installation.workspace(workspace, Actor::worker())? else { continue };
            for job in opened.interrupted(opened.store.now())? {
                self.last = workspace;
                let outcome = match opened.take_up(job.import, watch) {
                    Ok(Resumption::Ended(state)) => Ok(state),
                    // Somebody else was faster.
                    Ok(Resumption::Held { .. } | Resumption::NotRunnable(_))
                    | Err(Error::Store(StoreError::Fenced)) => {
                        continue;
                    }
                    Err(error) => Err(error),
                };
                return Ok(Step::Ran { workspace, import: job.import, outcome });
            }
        }
        Ok(Step::Idle)
    }

    /// The workspaces, beginning behind the one whose turn it was.
    fn in_turn(&self) -> Result<Vec<WorkspaceId>> {
        let mut all = self.installation.workspaces()?;
        let next = all.partition_point(|workspace| *workspace <= self.last);
        all.rotate_left(next);
        Ok(all)
    }
}
