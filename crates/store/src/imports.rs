//! Imports and dry runs: what was asked, how far it is, what became of it, and the stored reports of their chunks.

use convoke_people::id::{ImportId, UploadId, WorkspaceId};
use convoke_people::record_type::RecordType;
use convoke_pipeline::plan::Counts;
use convoke_pipeline::report::IssueCounts;

use crate::committing::Pass;
use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};
use crate::value::{Row, Value};

/// The state of an import: the same words in web, API and CLI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    Draft,
    Refused,
    Checking,
    Ready,
    Pending,
    Running,
    Paused,
    Completed,
    Failed,
    Cancelled,
}

impl ImportState {
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Refused,
        Self::Checking,
        Self::Ready,
        Self::Pending,
        Self::Running,
        Self::Paused,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Those that nothing leaves.
    pub const ENDED: [Self; 4] = [Self::Refused, Self::Completed, Self::Failed, Self::Cancelled];

    pub fn code(self) -> i64 {
        self as i64 + 1
    }

    pub(crate) fn from_code(code: i64) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| StoreError::Corrupt(format!("there is no import state {code}")))
    }

    /// Reads the stable word.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Refused => "refused",
            Self::Checking => "checking",
            Self::Ready => "ready",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Whether an import changes people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    Import,
    DryRun,
}

impl ImportKind {
    pub fn code(self) -> i64 {
        match self {
            Self::Import => 1,
            Self::DryRun => 2,
        }
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::DryRun => "dry_run",
        }
    }

    /// The pass its report is of.
    pub fn pass(self) -> Pass {
        match self {
            Self::Import => Pass::Run,
            Self::DryRun => Pass::Check,
        }
    }
}

/// An import as it stands. JSON texts are the app's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: ImportId,
    pub kind: ImportKind,
    pub state: ImportState,
    pub record_type: RecordType,
    pub upload: Option<UploadId>,
    pub file_name: String,
    pub source: String,
    pub mapping: String,
    pub settings: String,
    pub total: u64,
    pub counts: Counts,
    pub created_by: String,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub problem: Option<String>,
    /// The import whose failed rows this one brings again.
    pub parent: Option<ImportId>,
    /// Rises with every choice and every correction.
    pub revision: u64,
    /// Of the plan that was checked.
    pub plan_digest: Option<Vec<u8>>,
    pub on_drift: OnDrift,
    /// Rows that ended otherwise than the check foretold.
    pub drifted: u64,
}

/// What happens to a row that would end otherwise than the check foretold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDrift {
    /// It is imported and named.
    #[default]
    Name,
    /// The import pauses before it.
    Pause,
}

impl OnDrift {
    pub fn code(self) -> i64 {
        match self {
            Self::Name => 1,
            Self::Pause => 2,
        }
    }
}

impl Import {
    /// Rows nothing happened to yet, or any more.
    pub fn not_processed(&self) -> u64 {
        self.total - self.counts.processed().min(self.total)
    }
}

const COLUMNS: &str = "id, kind, state, record_type, upload_id, file_name, source, mapping, settings, total, created, \
                       updated, unchanged, skipped, failed, created_by, created_at, started_at, ended_at, problem, \
                       parent_id, revision, plan_digest, on_drift, drifted";

fn import(row: &Row) -> Result<Import> {
    Ok(Import {
        id: ImportId(row.int(0)?),
        kind: if row.int(1)? == ImportKind::DryRun.code() { ImportKind::DryRun } else { ImportKind::Import },
        state: ImportState::from_code(row.int(2)?)?,
        record_type: record_type(row.int(3)?)?,
        upload: row.opt_int(4)?.map(UploadId),
        file_name: row.text(5)?.to_owned(),
        source: row.text(6)?.to_owned(),
        mapping: row.text(7)?.to_owned(),
        settings: row.text(8)?.to_owned(),
        total: row.int(9)? as u64,
        counts: Counts {
            created: row.int(10)? as u64,
            updated: row.int(11)? as u64,
            unchanged: row.int(12)? as u64,
            skipped: row.int(13)? as u64,
            failed: row.int(14)? as u64,
        },
        created_by: row.text(15)?.to_owned(),
        created_at: row.int(16)?,
        started_at: row.opt_int(17)?,
        ended_at: row.opt_int(18)?,
        problem: row.opt_text(19)?.map(str::to_owned),
        parent: row.opt_int(20)?.map(ImportId),
        revision: row.int(21)? as u64,
        plan_digest: row.opt_bytes(22)?.map(<[u8]>::to_vec),
        on_drift: if row.int(23)? == OnDrift::Pause.code() { OnDrift::Pause } else { OnDrift::Name },
        drifted: row.int(24)? as u64,
    })
}

pub(crate) fn record_type(code: i64) -> Result<RecordType> {
    RecordType::from_code(code).ok_or_else(|| StoreError::Corrupt(format!("there is no record type {code}")))
}

/// Inserts an import.
pub fn add_import(tx: &mut Tx<'_>, workspace: WorkspaceId, import: &Import) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO import (workspace_id, id, kind, state, record_type, upload_id, file_name, source, mapping, settings, \
         total, created, updated, unchanged, skipped, failed, drifted, created_by, created_at, started_at, ended_at, \
         problem, parent_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, 0, 0, $12, $13, $14, $15, $16, $17)",
        &[
            workspace.0.into(),
            import.id.0.into(),
            import.kind.code().into(),
            import.state.code().into(),
            import.record_type.code().into(),
            import.upload.map(|upload| upload.0).into(),
            (&import.file_name).into(),
            (&import.source).into(),
            (&import.mapping).into(),
            (&import.settings).into(),
            (import.total as i64).into(),
            (&import.created_by).into(),
            now.into(),
            (import.state == ImportState::Checking).then_some(now).into(),
            (import.state == ImportState::Refused).then_some(now).into(),
            import.problem.as_ref().into(),
            import.parent.map(|parent| parent.0).into(),
        ],
    )?;
    Ok(())
}

/// Moves an import to another state; `problem` says why, where something went wrong.
pub fn set_state(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: ImportId,
    state: ImportState,
    problem: Option<&str>,
) -> Result<()> {
    let now = tx.now;
    let ended =
        matches!(state, ImportState::Refused | ImportState::Completed | ImportState::Failed | ImportState::Cancelled);
    tx.execute(
        "UPDATE import SET state = $1, ended_at = $2, problem = $3 WHERE workspace_id = $4 AND id = $5",
        &[state.code().into(), ended.then_some(now).into(), problem.into(), workspace.0.into(), id.0.into()],
    )?;
    Ok(())
}

/// Adds the counts of committed chunks.
pub fn add_counts(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, counts: &Counts) -> Result<()> {
    tx.execute(
        "UPDATE import SET created = created + $1, updated = updated + $2, unchanged = unchanged + $3, \
         skipped = skipped + $4, failed = failed + $5 WHERE workspace_id = $6 AND id = $7",
        &[
            (counts.created as i64).into(),
            (counts.updated as i64).into(),
            (counts.unchanged as i64).into(),
            (counts.skipped as i64).into(),
            (counts.failed as i64).into(),
            workspace.0.into(),
            id.0.into(),
        ],
    )?;
    Ok(())
}

/// An import by its id.
pub fn find_import(query: &mut impl Query, workspace: WorkspaceId, id: ImportId) -> Result<Option<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE workspace_id = $1 AND id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(import).transpose()
}

/// Imports and dry runs, newest first; `before` is the last one of the page before.
pub fn list_imports(
    query: &mut impl Query,
    workspace: WorkspaceId,
    before: Option<ImportId>,
    most: u32,
) -> Result<Vec<Import>> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    let before = before.map_or(i64::MAX, |id| id.0);
    query.query(&sql, &[workspace.0.into(), before.into(), i64::from(most).into()])?.iter().map(import).collect()
}

/// An earlier accepted import of the same content.
pub fn import_of_content(
    query: &mut impl Query,
    workspace: WorkspaceId,
    sha256: &[u8],
    but: ImportId,
) -> Result<Option<ImportId>> {
    let row = query.query_one(
        "SELECT i.id FROM upload u JOIN import i ON i.workspace_id = u.workspace_id AND i.upload_id = u.id \
         WHERE u.workspace_id = $1 AND u.sha256 = $2 AND i.kind = 1 AND i.id <> $3 AND i.state <> $4 \
         ORDER BY i.id DESC LIMIT 1",
        &[workspace.0.into(), Value::Bytes(sha256), but.0.into(), ImportState::Refused.code().into()],
    )?;
    row.map(|row| Ok(ImportId(row.int(0)?))).transpose()
}

/// What a stored chunk report says before its body is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkSummary {
    pub chunk: u32,
    pub counts: Counts,
    pub issues: IssueCounts,
    pub plan_hash: u64,
}

/// The chunks of an import's report, in order.
pub fn chunk_summaries(
    query: &mut impl Query,
    workspace: WorkspaceId,
    id: ImportId,
    pass: Pass,
) -> Result<Vec<ChunkSummary>> {
    let rows = query.query(
        "SELECT chunk, counts, issues, plan_hash FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 \
         AND pass = $3 ORDER BY chunk",
        &[workspace.0.into(), id.0.into(), pass.code().into()],
    )?;
    rows.iter()
        .map(|row| {
            let hash = row.bytes(3)?.try_into().map_err(|_| StoreError::Corrupt("a plan hash is cut".to_owned()))?;
            Ok(ChunkSummary {
                chunk: row.int(0)? as u32,
                counts: serde_json::from_str(row.text(1)?)?,
                issues: serde_json::from_str(row.text(2)?)?,
                plan_hash: u64::from_be_bytes(hash),
            })
        })
        .collect()
}

/// The body of a chunk's report.
pub fn chunk_body(
    query: &mut impl Query,
    workspace: WorkspaceId,
    id: ImportId,
    pass: Pass,
    chunk: u32,
) -> Result<Option<Vec<u8>>> {
    let row = query.query_one(
        "SELECT body FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 AND pass = $3 AND chunk = $4",
        &[workspace.0.into(), id.0.into(), pass.code().into(), i64::from(chunk).into()],
    )?;
    row.map(|row| Ok(row.bytes(0)?.to_vec())).transpose()
}

/// Imports that have not ended, in the order they were made.
pub fn imports_under_way(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Import>> {
    let ended = [ImportState::Refused, ImportState::Completed, ImportState::Failed, ImportState::Cancelled];
    let sql =
        format!("SELECT {COLUMNS} FROM import WHERE workspace_id = $1 AND state NOT IN ($2, $3, $4, $5) ORDER BY id");
    let mut params: Vec<Value<'_>> = vec![workspace.0.into()];
    params.extend(ended.map(|state| Value::Int(state.code())));
    query.query(&sql, &params)?.iter().map(import).collect()
}
