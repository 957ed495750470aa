//! Imports that are prepared step by step. Every change names the revision it was made on, and every step the state it
//! leads from, so that of two at once one comes first and the other is told.

use convoke_people::id::{ImportId, WorkspaceId};
use convoke_people::record_type::RecordType;

use crate::committing::Pass;
use crate::corrections::forget_corrections;
use crate::db::{Query, Tx};
use crate::error::Result;
use crate::imports::{ImportState, OnDrift};
use crate::jobs::{Begins, JobKind, NewJob, add_job};
use crate::value::Value;

/// A draft as it shall be from now on. JSON texts are the app's.
#[derive(Clone, Copy, Debug)]
pub struct DraftChange<'a> {
    pub record_type: RecordType,
    pub draft: &'a str,
    pub source: &'a str,
    pub total: u64,
    /// The file is read otherwise: rows and columns may be others than those that were corrected.
    pub forgets_corrections: bool,
}

/// Whether a change was made, or somebody was faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Change {
    Made,
    TooLate,
}

impl Change {
    fn of(rows: u64) -> Self {
        if rows == 1 { Self::Made } else { Self::TooLate }
    }
}

/// What was chosen and found for an import that was a draft.
pub fn draft_of(query: &mut impl Query, workspace: WorkspaceId, id: ImportId) -> Result<Option<String>> {
    text_of(query, "SELECT draft FROM import WHERE workspace_id = $1 AND id = $2", workspace, id)
}

/// What the check of an import found beyond its rows.
pub fn plan_of(query: &mut impl Query, workspace: WorkspaceId, id: ImportId) -> Result<Option<String>> {
    text_of(query, "SELECT plan FROM import WHERE workspace_id = $1 AND id = $2", workspace, id)
}

/// Where the chunks of an import start.
pub fn starts_of(query: &mut impl Query, workspace: WorkspaceId, id: ImportId) -> Result<Option<String>> {
    text_of(query, "SELECT starts FROM import WHERE workspace_id = $1 AND id = $2", workspace, id)
}

fn text_of(query: &mut impl Query, sql: &str, workspace: WorkspaceId, id: ImportId) -> Result<Option<String>> {
    let row = query.query_one(sql, &[workspace.0.into(), id.0.into()])?;
    row.map_or(Ok(None), |row| Ok(row.opt_text(0)?.map(str::to_owned)))
}

/// Notes where the chunks of an import start.
pub fn set_starts(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, starts: &str) -> Result<()> {
    let sql = "UPDATE import SET starts = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[starts.into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// What is kept of a new draft.
pub fn set_draft(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, draft: &str) -> Result<()> {
    let sql = "UPDATE import SET draft = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[draft.into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Changes a draft, or makes a draft of what was checked.
pub fn change_draft(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (id, seen): (ImportId, u64),
    change: &DraftChange<'_>,
) -> Result<Change> {
    let rows = tx.execute(
        "UPDATE import SET state = $1, record_type = $2, draft = $3, source = $4, total = $5, problem = NULL, \
         revision = revision + 1 WHERE workspace_id = $6 AND id = $7 AND revision = $8 AND state IN ($1, $9)",
        &[
            ImportState::Draft.code().into(),
            change.record_type.code().into(),
            change.draft.into(),
            change.source.into(),
            (change.total as i64).into(),
            workspace.0.into(),
            id.0.into(),
            (seen as i64).into(),
            ImportState::Ready.code().into(),
        ],
    )?;
    if rows == 1 && change.forgets_corrections {
        forget_corrections(tx, workspace, id)?;
    }
    Ok(Change::of(rows))
}

/// Notes that cells of an import were corrected: what was checked is a draft again.
pub fn touch_draft(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<Change> {
    let rows = tx.execute(
        "UPDATE import SET state = $1, revision = revision + 1 WHERE workspace_id = $2 AND id = $3 AND state IN ($1, $4)",
        &[
            ImportState::Draft.code().into(),
            workspace.0.into(),
            id.0.into(),
            ImportState::Ready.code().into(),
        ],
    )?;
    Ok(Change::of(rows))
}

/// What a check is made with.
#[derive(Clone, Copy, Debug)]
pub struct Frozen<'a> {
    pub mapping: &'a str,
    pub settings: &'a str,
}

/// Begins the check of a draft, or checks anew what was checked before; the plan of before is gone.
pub fn begin_check(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (id, seen): (ImportId, u64),
    frozen: &Frozen<'_>,
) -> Result<Change> {
    let now = tx.now;
    let rows = tx.execute(
        "UPDATE import SET state = $1, mapping = $2, settings = $3, plan = NULL, plan_digest = NULL, problem = NULL, \
         created = 0, updated = 0, unchanged = 0, skipped = 0, failed = 0, started_at = $4 \
         WHERE workspace_id = $5 AND id = $6 AND revision = $7 AND state IN ($8, $9)",
        &[
            ImportState::Checking.code().into(),
            frozen.mapping.into(),
            frozen.settings.into(),
            now.into(),
            workspace.0.into(),
            id.0.into(),
            (seen as i64).into(),
            ImportState::Draft.code().into(),
            ImportState::Ready.code().into(),
        ],
    )?;
    if rows != 1 {
        return Ok(Change::TooLate);
    }
    forget_plan(tx, workspace, id)?;
    add_job(tx, workspace, NewJob { kind: JobKind::Check, import: id, chunks: 0, begins: Begins::AnyWorker })?;
    Ok(Change::Made)
}

/// A check that begins, begins from the top.
pub fn forget_plan(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    tx.execute(
        "DELETE FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 AND pass = $3",
        &[workspace.0.into(), id.0.into(), Pass::Check.code().into()],
    )?;
    tx.execute(
        "UPDATE import SET created = 0, updated = 0, unchanged = 0, skipped = 0, failed = 0 \
         WHERE workspace_id = $1 AND id = $2",
        &[workspace.0.into(), id.0.into()],
    )?;
    Ok(())
}

/// What a check found.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    pub source: &'a str,
    pub plan: &'a str,
    pub starts: &'a str,
    pub digest: &'a [u8],
    pub total: u64,
}

/// Stores what a check found; the state is the caller's.
pub fn set_checked(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, checked: &Checked<'_>) -> Result<()> {
    tx.execute(
        "UPDATE import SET source = $1, plan = $2, starts = $3, plan_digest = $4, total = $5 \
         WHERE workspace_id = $6 AND id = $7",
        &[
            checked.source.into(),
            checked.plan.into(),
            checked.starts.into(),
            Value::Bytes(checked.digest),
            (checked.total as i64).into(),
            workspace.0.into(),
            id.0.into(),
        ],
    )?;
    Ok(())
}

/// Starts the import whose plan has this digest: once, however often it is asked.
pub fn confirm(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (id, digest): (ImportId, &[u8]),
    chunks: u32,
    on_drift: OnDrift,
) -> Result<Change> {
    let rows = tx.execute(
        "UPDATE import SET state = $1, on_drift = $2, created = 0, updated = 0, unchanged = 0, skipped = 0, failed = 0, \
         started_at = NULL WHERE workspace_id = $3 AND id = $4 AND state = $5 AND plan_digest = $6",
        &[
            ImportState::Pending.code().into(),
            on_drift.code().into(),
            workspace.0.into(),
            id.0.into(),
            ImportState::Ready.code().into(),
            Value::Bytes(digest),
        ],
    )?;
    if rows == 1 {
        add_job(tx, workspace, NewJob { kind: JobKind::Run, import: id, chunks, begins: Begins::AnyWorker })?;
    }
    Ok(Change::of(rows))
}

/// Ends what was checked as a dry run.
pub fn keep_as_dry_run(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<Change> {
    let now = tx.now;
    let rows = tx.execute(
        "UPDATE import SET kind = 2, state = $1, ended_at = $2 WHERE workspace_id = $3 AND id = $4 AND state = $5",
        &[
            ImportState::Completed.code().into(),
            now.into(),
            workspace.0.into(),
            id.0.into(),
            ImportState::Ready.code().into(),
        ],
    )?;
    Ok(Change::of(rows))
}

/// Drops a draft nobody works on.
pub fn drop_draft(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<Change> {
    let now = tx.now;
    let rows = tx.execute(
        "UPDATE import SET state = $1, ended_at = $2 WHERE workspace_id = $3 AND id = $4 AND state IN ($5, $6)",
        &[
            ImportState::Cancelled.code().into(),
            now.into(),
            workspace.0.into(),
            id.0.into(),
            ImportState::Draft.code().into(),
            ImportState::Ready.code().into(),
        ],
    )?;
    if rows == 1 {
        forget_foretold(tx, workspace, id)?;
    }
    Ok(Change::of(rows))
}

/// What a check foretold of an import that ends before it ran has not happened to anybody.
pub fn forget_foretold(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    forget_plan(tx, workspace, id)?;
    let sql = "UPDATE import SET started_at = NULL WHERE workspace_id = $1 AND id = $2";
    tx.execute(sql, &[workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Counts rows of a chunk that ended otherwise than the check foretold.
pub fn add_drifted(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, rows: u64) -> Result<()> {
    let sql = "UPDATE import SET drifted = drifted + $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[(rows as i64).into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// From now on rows that drift are named: whoever resumes an import that paused before them has seen it.
pub fn name_drift(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<()> {
    let sql = "UPDATE import SET on_drift = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[OnDrift::Name.code().into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}
