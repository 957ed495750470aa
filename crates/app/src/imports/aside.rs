//! Imports that cannot go on by themselves: set aside with the reason, by whoever holds them.

use convoke_store::imports::{ImportState, set_state};
use convoke_store::jobs::{Claim, Job, JobKind};
use convoke_store::requests::rest;

use super::run::owner;
use crate::error::{Error, Result};
use crate::states::{Event, after};
use crate::workspace::Workspace;

impl Workspace {
    /// Pauses an import that cannot go on until somebody mends the cause.
    pub(super) fn set_aside(&self, job: &Job, error: &Error) -> Result<()> {
        let Some(claim) = self.store.claim(self.id, job, &owner())? else { return Ok(()) };
        self.leave_aside(job, &claim, error)
    }

    fn leave_aside(&self, job: &Job, claim: &Claim, error: &Error) -> Result<()> {
        let state = match job.kind {
            JobKind::Run => after(ImportState::Running, Event::Pause)?,
            JobKind::Check => after(ImportState::Checking, Event::Fail)?,
        };
        let why = why_paused(error);
        Ok(self.store.write(|tx| {
            let rests = rest(tx, claim, state)?;
            set_state(tx, self.id, job.import, rests, (rests == state).then_some(&why))
        })?)
    }

    /// Sets an import aside that a mistake of ours ended, unless that was done: nobody waits for its lease, or for ever.
    pub(crate) fn set_aside_if_left(&self, seen: &Job, error: &Error) -> Result<()> {
        let now = self.job(seen.import, seen.kind)?;
        let was_claimed = now.fence == seen.fence + 1 && now.lease_owner.as_deref() == Some(&owner());
        if was_claimed && now.state == ImportState::Running {
            let claim = Claim { workspace: self.id, job: now.id, fence: now.fence, next_chunk: now.next_chunk };
            return self.leave_aside(seen, &claim, error);
        }
        if now.fence == seen.fence { self.set_aside(seen, error) } else { Ok(()) }
    }
}

/// Why an import was paused by something else than a request.
pub(super) fn why_paused(error: &Error) -> String {
    let hint = error.hint().unwrap_or_default();
    serde_json::json!({"code": "paused", "message": error.to_string(), "hint": hint}).to_string()
}
