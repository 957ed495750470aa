//! Requests to whoever works on a job: to pause, to cancel, or to go on. They are stored beside the state, so that they
//! outlive the process that works.

use convoke_people::id::{ImportId, WorkspaceId};

use crate::db::Tx;
use crate::error::{Result, StoreError};
use crate::imports::{ImportState, set_state};
use crate::jobs::{Claim, JobKind, Wanted, is_left, job_of};

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nobody works on it: it is in this state now.
    Moved(ImportState),
    /// Whoever works on it was asked and will end the group it is in.
    Noted,
    /// It cannot happen in this state.
    Impossible(ImportState),
    /// Its cancellation was asked for and comes: that is final.
    Cancelling,
}

/// Asks for a pause or a cancellation, or withdraws a pause and asks for the run; a cancellation is not withdrawn. `idle`
/// is the state of the import if nobody works on it, None if that cannot follow; a running one is asked. The statements
/// name what was seen, so that of two requests, or of a request and a claim, one comes first.
pub fn request(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (import, kind): (ImportId, JobKind),
    wanted: Wanted,
    idle: impl Fn(ImportState) -> Option<ImportState>,
) -> Result<Option<Asked>> {
    let Some(job) = job_of(tx, workspace, import, kind)? else { return Ok(None) };
    let is_open = matches!(job.state, ImportState::Pending | ImportState::Running | ImportState::Paused);
    if is_open && job.wanted == Wanted::Cancel && wanted != Wanted::Cancel {
        return Ok(Some(Asked::Cancelling));
    }
    // What died is moved at once: raising the fence keeps out whoever was only cut off.
    let is_left = wanted != Wanted::Run && idle(job.state).is_some() && is_left(tx, &job)?;
    if job.state == ImportState::Running && !is_left {
        let sql = "UPDATE job SET wanted = $1 WHERE workspace_id = $2 AND id = $3 AND state = $4 AND wanted = $5";
        let (state, seen) = (job.state.code().into(), job.wanted.code().into());
        let params = [wanted.code().into(), workspace.0.into(), job.id.0.into(), state, seen];
        return Ok(Some(if tx.execute(sql, &params)? == 1 { Asked::Noted } else { return Err(StoreError::Stale) }));
    }
    let Some(state) = idle(job.state) else { return Ok(Some(Asked::Impossible(job.state))) };
    // A pause that was asked for before the job was handed back has not come yet: it is withdrawn.
    let is_withdrawn = state == ImportState::Pending && job.wanted != Wanted::Run;
    if state == job.state && !is_withdrawn {
        // Asked twice: nothing changes, neither the reason of a pause nor the end of what was cancelled.
        return Ok(Some(Asked::Moved(state)));
    }
    let now = tx.now;
    let moved = tx.execute(
        "UPDATE job SET fence = fence + $7, lease_until = 0, state = $1, wanted = 1, run_at = $2 WHERE workspace_id = $3 AND id = $4 AND state = $5 \
         AND fence = $6 AND wanted = $8",
        &[
            state.code().into(),
            now.into(),
            workspace.0.into(),
            job.id.0.into(),
            job.state.code().into(),
            job.fence.into(),
            i64::from(is_left).into(),
            job.wanted.code().into(),
        ],
    )?;
    if moved != 1 {
        return Err(StoreError::Stale);
    }
    set_state(tx, workspace, import, state, None)?;
    Ok(Some(Asked::Moved(state)))
}

/// Ends the running of a job for now: in `state`, or cancelled if that was asked for, which is final. Gives which of them. What
/// this process ended already, though the answer to that was lost, stays ended.
pub fn rest(tx: &mut Tx<'_>, claim: &Claim, state: ImportState) -> Result<ImportState> {
    let rows = tx.query(
        "UPDATE job SET state = CASE WHEN wanted = $1 THEN CAST($2 AS BIGINT) ELSE CAST($3 AS BIGINT) END, \
         lease_owner = NULL, lease_until = 0 WHERE workspace_id = $4 AND id = $5 AND fence = $6 AND state = $7 RETURNING state",
        &[
            Wanted::Cancel.code().into(),
            ImportState::Cancelled.code().into(),
            state.code().into(),
            claim.workspace.0.into(),
            claim.job.0.into(),
            claim.fence.into(),
            ImportState::Running.code().into(),
        ],
    )?;
    ImportState::from_code(rows.first().ok_or(StoreError::Fenced)?.int(0)?)
}
