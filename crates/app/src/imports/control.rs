//! Pause, resume and cancel. They are requests: what waits is moved at once, what runs is asked and ends the group it is
//! in. A request is stored beside the state, so it outlives whoever runs the import. A cancellation is final from the
//! moment it was asked for.

use convoke_people::id::ImportId;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::drafts::{Change, drop_draft, forget_foretold};
use convoke_store::imports::{Import, ImportState};
use convoke_store::jobs::{JobKind, Wanted};
use convoke_store::requests::{Asked, request};
use serde_json::json;

use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::once::Kept;
use crate::permissions::Permission;
use crate::states::{Event, next};
use crate::workspace::Workspace;

/// How often a request is made anew that met a claim or another request.
const TRIES: u32 = 10;

impl Workspace {
    /// Asks that an import stop for now; its rows so far stay, the rest waits.
    pub fn pause(&self, id: ImportId) -> Result<Kept<Import>> {
        let is_paused = |state| (state == ImportState::Paused).then_some(ImportState::Paused);
        self.ask(id, (Wanted::Pause, "paused", Action::ImportPaused), |state| {
            next(state, Event::Pause).or(is_paused(state))
        })
    }

    /// Asks that an import end; its rows so far stay, the rest is not processed.
    pub fn cancel(&self, id: ImportId) -> Result<Kept<Import>> {
        let is_cancelled = |state| (state == ImportState::Cancelled).then_some(ImportState::Cancelled);
        self.ask(id, (Wanted::Cancel, "cancelled", Action::ImportCancelled), |state| {
            next(state, Event::Cancel).or(is_cancelled(state))
        })
    }

    /// Asks that a paused import go on, by the first worker that finds it, or that a running one not be paused.
    pub fn unpause(&self, id: ImportId) -> Result<Kept<Import>> {
        let waits = |state| (state == ImportState::Pending).then_some(ImportState::Pending);
        self.ask(id, (Wanted::Run, "resumed", Action::ImportResumed), |state| {
            next(state, Event::Resume).or(waits(state))
        })
    }

    fn ask(
        &self,
        id: ImportId,
        (wanted, done, action): (Wanted, &str, Action),
        idle: impl Fn(ImportState) -> Option<ImportState>,
    ) -> Result<Kept<Import>> {
        self.require(Permission::Import)?;
        let import = self.find_import(id)?;
        let entry = self.entry(action, Some(id.to_string()), json!({"file": import.file_name}))?;
        let impossible = |state: ImportState| {
            Error::conflict(format!("{id} is {} and cannot be {done}", state.key()), "See its report.")
        };
        let cancelling = || {
            let hint = "That is final. Import the file again, or the rows of its report that were not processed.";
            Error::hindered(Hindrance::Cancelling, format!("{id} is being cancelled and cannot be {done}"), hint)
        };
        for _ in 0..TRIES {
            let kind = match self.find_import(id)?.state {
                // Nobody works on a draft, so it is dropped at once.
                ImportState::Draft | ImportState::Ready if wanted == Wanted::Cancel => {
                    let dropped = self.store.write(|tx| match drop_draft(tx, self.id, id)? {
                        Change::Made => {
                            add_entry(tx, self.id, &entry)?;
                            Ok(Some(self.keep_found(tx, id)?))
                        }
                        Change::TooLate => Ok(None),
                    })?;
                    match dropped {
                        Some(dropped) => return Ok(dropped),
                        None => continue,
                    }
                }
                ImportState::Checking if wanted == Wanted::Cancel => JobKind::Check,
                state @ (ImportState::Draft | ImportState::Ready | ImportState::Checking) => {
                    return Err(impossible(state));
                }
                _ => JobKind::Run,
            };
            let asked = self.store.write(|tx| match request(tx, self.id, (id, kind), wanted, &idle)? {
                Some(asked @ (Asked::Noted | Asked::Moved(_))) => {
                    if asked == Asked::Moved(ImportState::Cancelled) && kind == JobKind::Check {
                        forget_foretold(tx, self.id, id)?;
                    }
                    add_entry(tx, self.id, &entry)?;
                    Ok(Ok(self.keep_found(tx, id)?))
                }
                Some(Asked::Impossible(state)) => Ok(Err(impossible(state))),
                Some(Asked::Cancelling) => Ok(Err(cancelling())),
                // A dry run or a refused file has no job.
                None => Ok(Err(impossible(import.state))),
            });
            match asked {
                Ok(Ok(asked)) => return Ok(asked),
                Ok(Err(refusal)) => return Err(refusal),
                Err(StoreError::Stale) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Busy(format!("{id} changes all the time")).into())
    }
}
