//! The worker: takes the next job that waits or was left, runs it, and looks for another. Workspaces take turns, so that
//! one with many imports waiting delays another by one at most; and none has more than its share of the workers.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use convoke_people::id::{ImportId, WorkspaceId};
use convoke_store::StoreError;
use convoke_store::imports::ImportState;
use convoke_store::job_counts::at_work;
use convoke_store::jobs::{Job, JobKind};

use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::imports::{Resumption, Watch};
use crate::installation::Installation;
use crate::mistakes::caught;

/// Imports of one workspace that run at once, if nobody says.
pub const PER_WORKSPACE: usize = 2;

/// The workers of a process: no two of them take the same job.
pub struct Team {
    installation: Installation,
    per_workspace: usize,
    /// What they are at, from before its claim.
    taken: Mutex<HashSet<(WorkspaceId, ImportId)>>,
}

/// Takes jobs one after the other.
pub struct Worker {
    team: Arc<Team>,
    /// Whose turn it was.
    last: WorkspaceId,
    /// Checks write about nobody and are waited for: one worker has nothing else to do.
    only_checks: bool,
    /// It ran something since it last rested.
    has_worked: bool,
}

/// What a step did.
#[derive(Debug)]
pub enum Step {
    /// Nothing waits.
    Idle,
    /// An import was run; it ended like this, or could not go on.
    Ran { workspace: WorkspaceId, import: ImportId, outcome: Result<ImportState> },
}

impl Team {
    /// `per_workspace` imports of a workspace run at once, in all processes; of two that claim in the same moment one
    /// may be too many.
    pub fn new(installation: Installation, per_workspace: usize) -> Arc<Self> {
        Arc::new(Self { installation, per_workspace, taken: Mutex::default() })
    }

    /// Another worker of it.
    pub fn worker(self: &Arc<Self>) -> Worker {
        Worker { team: Arc::clone(self), last: WorkspaceId(0), only_checks: false, has_worked: false }
    }

    /// One that makes checks only, beside those that are busy with imports.
    pub fn checker(self: &Arc<Self>) -> Worker {
        Worker { only_checks: true, ..self.worker() }
    }

    /// Takes an import, if nobody here has it and its workspace has not its share already; checks are in no share.
    fn take(&self, workspace: WorkspaceId, job: &Job, elsewhere: &[ImportId]) -> Option<Taken<'_>> {
        let import = job.import;
        let mut taken = self.taken();
        let here = taken.iter().filter(|(of, _)| *of == workspace).count();
        let others = elsewhere.iter().filter(|id| !taken.contains(&(workspace, **id))).count();
        let has_share = job.kind == JobKind::Check || here + others < self.per_workspace;
        let is_free = has_share && taken.insert((workspace, import));
        // Made only if it is taken: dropped, it gives back.
        is_free.then(|| Taken { team: self, is: (workspace, import) })
    }

    /// A worker that panicked leaves it whole: it is changed in one step.
    fn taken(&self) -> MutexGuard<'_, HashSet<(WorkspaceId, ImportId)>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An import a worker is at, until this is dropped.
struct Taken<'t> {
    team: &'t Team,
    is: (WorkspaceId, ImportId),
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.team.taken().remove(&self.is);
    }
}

impl Worker {
    /// One that works alone.
    pub fn new(installation: Installation) -> Self {
        Team::new(installation, PER_WORKSPACE).worker()
    }

    /// Runs the next job, if there is one.
    pub fn step(&mut self, watch: &mut impl Watch) -> Result<Step> {
        let team = Arc::clone(&self.team);
        let now = team.installation.store.lease_clock()?;
        for workspace in self.in_turn()? {
            let Some(opened) = team.installation.workspace(workspace, Actor::worker())? else { continue };
            for job in opened.interrupted(now)? {
                if self.only_checks && job.kind != JobKind::Check {
                    continue;
                }
                let elsewhere = opened.store.read(|r| at_work(r, workspace, now))?;
                let Some(taken) = team.take(workspace, &job, &elsewhere) else { continue };
                self.last = workspace;
                let taken_up = caught(job.import, || opened.take_up(job.import, watch));
                if let Err(error @ Error::Mistake { .. }) = &taken_up {
                    // Wherever it was made, the import does not wait for ever. Where it was paused already, it stays so.
                    opened.set_aside_if_left(&job, error)?;
                }
                let outcome = match taken_up {
                    Ok(Resumption::Ended(state)) => Ok(state),
                    // Somebody else was faster.
                    Ok(Resumption::Held { .. } | Resumption::NotRunnable(_))
                    | Err(Error::Store(StoreError::Fenced)) => {
                        continue;
                    }
                    Err(error) => Err(error),
                };
                drop(taken);
                self.has_worked = true;
                return Ok(Step::Ran { workspace, import: job.import, outcome });
            }
        }
        self.rest()?;
        Ok(Step::Idle)
    }

    /// Nothing waits: the memory that the last job needed goes back, unless a colleague is at one.
    fn rest(&mut self) -> Result<()> {
        if self.has_worked && self.team.taken().is_empty() {
            self.has_worked = false;
            self.team.installation.store.rest()?;
        }
        Ok(())
    }

    /// The workspaces, beginning behind the one whose turn it was.
    fn in_turn(&self) -> Result<Vec<WorkspaceId>> {
        let mut all = self.team.installation.workspaces()?;
        let next = all.partition_point(|workspace| *workspace <= self.last);
        all.rotate_left(next);
        Ok(all)
    }
}
