//! Jobs: a lease with a fence that is raised at every claim, and the checkpoint. A worker whose fence is old is refused
//! by the database, not by a clock.

use convoke_people::id::{ImportId, JobId, WorkspaceId};

use crate::db::{Conn, Query, Tx};
use crate::error::{Result, StoreError};
use crate::imports::ImportState;
use crate::schema::Dialect;
use crate::store::{RunConn, Store};
use crate::value::{Row, Value};

/// How long a claim lasts without a sign of life, in microseconds.
pub const LEASE_MICROS: i64 = 5_000_000;
/// No lease is longer: one that seems so was given before the clock was set back, and holds nobody up.
pub const LONGEST_LEASE_MICROS: i64 = 600_000_000;

/// A request stored beside a job's state, honoured between chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Run,
    Pause,
    Cancel,
}

impl Wanted {
    pub fn code(self) -> i64 {
        match self {
            Self::Run => 1,
            Self::Pause => 2,
            Self::Cancel => 3,
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            2 => Self::Pause,
            3 => Self::Cancel,
            _ => Self::Run,
        }
    }
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Commits the chunks of an import.
    Run,
    /// Plans them and writes about nobody.
    Check,
}

impl JobKind {
    fn code(self) -> i64 {
        match self {
            Self::Run => 1,
            Self::Check => 2,
        }
    }

    fn from_code(code: i64) -> Self {
        if code == Self::Check.code() { Self::Check } else { Self::Run }
    }

    /// Of one import there is one job of each kind.
    fn of(self, import: ImportId) -> JobId {
        JobId(import.0 + self.code() - 1)
    }

    /// The state of an import that is worked on.
    fn at_work(self) -> ImportState {
        match self {
            Self::Run => ImportState::Running,
            Self::Check => ImportState::Checking,
        }
    }
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub import: ImportId,
    pub state: ImportState,
    pub wanted: Wanted,
    pub next_chunk: u32,
    pub chunks: u32,
    pub fence: i64,
    pub lease_owner: Option<String>,
    pub lease_until: i64,
}

const COLUMNS: &str = "id, import_id, state, wanted, next_chunk, chunks, fence, lease_owner, lease_until, kind";

fn job(row: &Row) -> Result<Job> {
    Ok(Job {
        id: JobId(row.int(0)?),
        import: ImportId(row.int(1)?),
        state: ImportState::from_code(row.int(2)?)?,
        wanted: Wanted::from_code(row.int(3)?),
        next_chunk: row.int(4)? as u32,
        chunks: row.int(5)? as u32,
        fence: row.int(6)?,
        lease_owner: row.opt_text(7)?.map(str::to_owned),
        lease_until: row.int(8)?,
        kind: JobKind::from_code(row.int(9)?),
    })
}

/// A job held by this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub workspace: WorkspaceId,
    pub job: JobId,
    pub fence: i64,
    pub next_chunk: u32,
}

impl Claim {
    /// The name of its sessions on PostgreSQL, by which a later claim ends them.
    pub fn session(&self) -> String {
        session_name(self.job, self.fence)
    }
}

fn session_name(job: JobId, fence: i64) -> String {
    format!("convoke:{}:{fence}", job.0)
}

/// Who begins a job that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Whoever made it, at once; others for as long as a lease lasts leave it alone.
    Maker,
    /// The first worker that finds it.
    AnyWorker,
}

/// A job to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewJob {
    pub kind: JobKind,
    pub import: ImportId,
    pub chunks: u32,
    pub begins: Begins,
}

/// Inserts the job of an import, ready to be claimed. One that was there begins anew under its next fence.
pub fn add_job(tx: &mut Tx<'_>, workspace: WorkspaceId, new: NewJob) -> Result<()> {
    let run_at = if new.begins == Begins::Maker { tx.now + LEASE_MICROS } else { tx.now };
    tx.execute(
        "INSERT INTO job (workspace_id, id, kind, import_id, state, wanted, run_at, attempt, next_chunk, chunks, fence, \
         lease_until) VALUES ($1, $2, $3, $4, $5, 1, $6, 0, 0, $7, 0, 0) \
         ON CONFLICT (workspace_id, id) DO UPDATE SET state = excluded.state, wanted = 1, run_at = excluded.run_at, \
         next_chunk = 0, chunks = excluded.chunks, fence = job.fence + 1, lease_owner = NULL, lease_until = 0",
        &[
            workspace.0.into(),
            new.kind.of(new.import).0.into(),
            new.kind.code().into(),
            new.import.0.into(),
            ImportState::Pending.code().into(),
            run_at.into(),
            i64::from(new.chunks).into(),
        ],
    )?;
    Ok(())
}

/// The job of an import.
pub fn job_of(query: &mut impl Query, workspace: WorkspaceId, import: ImportId, kind: JobKind) -> Result<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE workspace_id = $1 AND id = $2");
    query.query_one(&sql, &[workspace.0.into(), kind.of(import).0.into()])?.as_ref().map(job).transpose()
}

/// Jobs of a workspace that nobody works on: running with a lease that ran out before `now`, or due and not begun. `now` is
/// [`Store::lease_clock`]; what lies further ahead than it can was written before that clock was set back.
pub fn interrupted(query: &mut impl Query, workspace: WorkspaceId, now: i64) -> Result<Vec<Job>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job WHERE workspace_id = $1 \
         AND (state = $2 AND (lease_until <= $3 OR lease_until > $4) OR state = $5 AND (run_at <= $6 OR run_at > $7)) \
         ORDER BY id"
    );
    let params = [
        workspace.0.into(),
        ImportState::Running.code().into(),
        now.into(),
        now.saturating_add(LONGEST_LEASE_MICROS).into(),
        ImportState::Pending.code().into(),
        now.into(),
        now.saturating_add(LEASE_MICROS).into(),
    ];
    query.query(&sql, &params)?.iter().map(job).collect()
}

impl Store {
    /// Takes a job over that waits or was cut off, if it is still as it was seen. None: somebody holds it, or it was
    /// paused or cancelled meanwhile. What was asked of a run that was cut off, or handed back, is still to be done.
    ///
    /// On SQLite this process is the only writer, so whoever held the job is gone.
    pub fn claim(&self, workspace: WorkspaceId, seen: &Job, owner: &str) -> Result<Option<Claim>> {
        // Seen as what it became between a look at its import and one at itself: it neither waits nor runs.
        if !matches!(seen.state, ImportState::Pending | ImportState::Running) {
            return Ok(None);
        }
        let alone = self.dialect() == Dialect::Sqlite;
        let claim = self.write(|tx| {
            let now = tx.now;
            // The lease may have been renewed since it was seen; a healthy owner must not lose its session.
            let longest = now + LONGEST_LEASE_MICROS;
            let is_held = |job: &Job| {
                job.state == ImportState::Running && !alone && job.lease_until > now && job.lease_until <= longest
            };
            if job_of(tx, workspace, seen.import, seen.kind)?.is_none_or(|job| job.fence != seen.fence || is_held(&job)) {
                return Ok(None);
            }
            if !alone && seen.fence > 0 {
                end_sessions(tx, seen)?;
            }
            let free_before = if alone { i64::MAX } else { now };
            let rows = tx.query(
                "UPDATE job SET fence = fence + 1, state = $1, lease_owner = $2, lease_until = $3, attempt = attempt + 1 \
                 WHERE workspace_id = $4 AND id = $5 AND fence = $6 \
                 AND state = $7 AND (state <> $1 OR lease_until <= $8 OR lease_until > $9) RETURNING fence, next_chunk",
                &[
                    ImportState::Running.code().into(),
                    owner.into(),
                    (now + LEASE_MICROS).into(),
                    workspace.0.into(),
                    seen.id.0.into(),
                    seen.fence.into(),
                    seen.state.code().into(),
                    free_before.into(),
                    longest.into(),
                ],
            )?;
            let Some(row) = rows.first() else { return Ok(None) };
            let claim = Claim { workspace, job: seen.id, fence: row.int(0)?, next_chunk: row.int(1)? as u32 };
            tx.execute(
                "UPDATE import SET state = $1, started_at = coalesce(started_at, $2), problem = NULL \
                 WHERE workspace_id = $3 AND id = $4",
                &[seen.kind.at_work().code().into(), now.into(), workspace.0.into(), seen.import.0.into()],
            )?;
            Ok(Some(claim))
        })?;
        Ok(claim)
    }
}

/// Whether whoever ran a job is gone for certain, before its lease has run out. PostgreSQL shows whose connections are
/// there; it differs because on SQLite a process begins by [`Store::forget_the_dead`] instead.
pub(crate) fn is_left(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    if matches!(tx.conn, Conn::Sqlite(_)) || job.kind != JobKind::Run || job.state != ImportState::Running {
        return Ok(false);
    }
    let name = session_name(job.id, job.fence);
    let there = tx.query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database() LIMIT 1",
        &[Value::Text(&name)],
    )?;
    Ok(there.is_empty())
}

impl Store {
    /// Ends the leases of a workspace whose holders cannot be alive, because this process is alone: on SQLite, before it
    /// begins to work. On PostgreSQL nothing.
    pub fn forget_the_dead(&self, workspace: WorkspaceId) -> Result<()> {
        if self.dialect() == Dialect::Postgres {
            return Ok(());
        }
        self.write(|tx| {
            tx.execute(
                "UPDATE job SET lease_until = 0 WHERE workspace_id = $1 AND state = $2",
                &[workspace.0.into(), ImportState::Running.code().into()],
            )
        })?;
        Ok(())
    }
}

/// Ends what is left of the last owner: a client frozen inside COPY keeps its locks, and no time-out ends it.
fn end_sessions(tx: &mut Tx<'_>, seen: &Job) -> Result<()> {
    let name = session_name(seen.id, seen.fence);
    tx.query(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()",
        &[Value::Text(&name)],
    )?;
    Ok(())
}

/// Statement 1 of a group: this process still holds the job, and nothing was committed behind its back.
pub fn hold(tx: &mut Tx<'_>, claim: &Claim, next_chunk: u32) -> Result<Wanted> {
    hold_for(tx, claim, next_chunk, LEASE_MICROS)
}

/// As [`hold`], for work of which it is known that it takes longer.
pub fn hold_for(tx: &mut Tx<'_>, claim: &Claim, next_chunk: u32, lease_micros: i64) -> Result<Wanted> {
    let now = tx.now;
    let rows = tx.query(
        "UPDATE job SET lease_until = $1 WHERE workspace_id = $2 AND id = $3 AND fence = $4 AND next_chunk = $5 \
         AND state = $6 RETURNING wanted",
        &[
            (now + lease_micros).into(),
            claim.workspace.0.into(),
            claim.job.0.into(),
            claim.fence.into(),
            i64::from(next_chunk).into(),
            ImportState::Running.code().into(),
        ],
    )?;
    Ok(Wanted::from_code(rows.first().ok_or(StoreError::Fenced)?.int(0)?))
}

/// Statement 11 of a group: the checkpoint moves from `from` to `to`, exactly once for each fence.
pub fn advance(tx: &mut Tx<'_>, claim: &Claim, from: u32, to: u32) -> Result<()> {
    // Others see the lease from the commit on: it counts from here, not from the beginning of the group.
    let now = tx.clock()?;
    let moved = tx.execute(
        "UPDATE job SET next_chunk = $1, lease_until = $2 WHERE workspace_id = $3 AND id = $4 AND fence = $5 \
         AND next_chunk = $6",
        &[
            i64::from(to).into(),
            (now + LEASE_MICROS).into(),
            claim.workspace.0.into(),
            claim.job.0.into(),
            claim.fence.into(),
            i64::from(from).into(),
        ],
    )?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Fenced) }
}

/// Ends the running of a job: in `state`, if this process still holds it. Completed is only what has every chunk: a
/// server that crashed may have lost the last commits of a run. What ended already stays as it ended.
pub fn leave(tx: &mut Tx<'_>, claim: &Claim, state: ImportState) -> Result<()> {
    let left = tx.execute(
        "UPDATE job SET state = $1, lease_owner = NULL, lease_until = 0 WHERE workspace_id = $2 AND id = $3 AND fence = $4 \
         AND (next_chunk = chunks OR $5 = 0) AND state IN ($6, $7)",
        &[
            state.code().into(),
            claim.workspace.0.into(),
            claim.job.0.into(),
            claim.fence.into(),
            i64::from(state == ImportState::Completed).into(),
            ImportState::Pending.code().into(),
            ImportState::Running.code().into(),
        ],
    )?;
    if left == 1 { Ok(()) } else { Err(StoreError::Fenced) }
}

/// The connection a claimed job writes on.
pub struct RunSession<'s> {
    store: &'s Store,
    /// PostgreSQL only: SQLite's one writer is shared with everybody else, a group at a time.
    own: Option<Box<Conn>>,
}

/// Why a group of chunks was not committed, as far as is known.
#[derive(Debug)]
pub enum GroupError {
    /// Nothing happened.
    RolledBack(StoreError),
    /// The connection was lost while the commit was under way: only the checkpoint can tell.
    Unknown(StoreError),
}

impl Store {
    pub fn run_session(&self, claim: &Claim) -> Result<RunSession<'_>> {
        let own = match self.run_connection(&claim.session())? {
            RunConn::Shared(_) => None,
            RunConn::Own(conn) => Some(conn),
        };
        Ok(RunSession { store: self, own })
    }
}

impl RunSession<'_> {
    /// Runs a group of chunks in one transaction.
    pub fn group<T>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> std::result::Result<T, GroupError> {
        let mut shared;
        let conn = match &mut self.own {
            Some(conn) => conn.as_mut(),
            None => {
                shared = self.store.run_connection("").map_err(GroupError::RolledBack)?;
                shared.get()
            }
        };
        let mut tx = Tx::begin(conn, self.store.clock()).map_err(GroupError::RolledBack)?;
        let value = work(&mut tx).map_err(GroupError::RolledBack)?;
        tx.commit().map_err(|error| match error {
            StoreError::Unavailable(_) => GroupError::Unknown(error),
            error => GroupError::RolledBack(error),
        })?;
        Ok(value)
    }
}
