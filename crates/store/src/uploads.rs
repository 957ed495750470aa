//! Uploads: the bytes as received, by digest; where they lie is the files' business.

use convoke_people::id::{UploadId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::imports::ImportState;
use crate::value::{Row, Value};

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub name: String,
    pub size_bytes: u64,
    pub sha256: Vec<u8>,
    pub storage_key: String,
    /// UTC microseconds; the file is gone since then.
    pub removed_at: Option<i64>,
}

const COLUMNS: &str = "id, name, size_bytes, sha256, storage_key, removed_at";

fn upload(row: &Row) -> Result<Upload> {
    Ok(Upload {
        id: UploadId(row.int(0)?),
        name: row.text(1)?.to_owned(),
        size_bytes: row.int(2)? as u64,
        sha256: row.bytes(3)?.to_vec(),
        storage_key: row.text(4)?.to_owned(),
        removed_at: row.opt_int(5)?,
    })
}

pub fn add_upload(tx: &mut Tx<'_>, workspace: WorkspaceId, upload: &Upload, by: &str) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO upload (workspace_id, id, name, size_bytes, sha256, storage_key, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            workspace.0.into(),
            upload.id.0.into(),
            (&upload.name).into(),
            (upload.size_bytes as i64).into(),
            Value::Bytes(&upload.sha256),
            (&upload.storage_key).into(),
            by.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

pub fn find_upload(query: &mut impl Query, workspace: WorkspaceId, id: UploadId) -> Result<Option<Upload>> {
    let sql = format!("SELECT {COLUMNS} FROM upload WHERE workspace_id = $1 AND id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(upload).transpose()
}

/// The uploads of a workspace whose files are to be there.
pub fn kept_uploads(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Upload>> {
    let sql = format!("SELECT {COLUMNS} FROM upload WHERE workspace_id = $1 AND removed_at IS NULL ORDER BY id");
    query.query(&sql, &[workspace.0.into()])?.iter().map(upload).collect()
}

/// The keys between two ids under which files are to be there.
pub fn keys_between(
    query: &mut impl Query,
    workspace: WorkspaceId,
    (first, last): (UploadId, UploadId),
) -> Result<Vec<String>> {
    let rows = query.query(
        "SELECT storage_key FROM upload WHERE workspace_id = $1 AND id BETWEEN $2 AND $3 AND removed_at IS NULL",
        &[workspace.0.into(), first.0.into(), last.0.into()],
    )?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// Whether a workspace has, or had, any upload.
pub fn has_uploads(query: &mut impl Query, workspace: WorkspaceId) -> Result<bool> {
    let sql = "SELECT id FROM upload WHERE workspace_id = $1 LIMIT 1";
    Ok(query.query_one(sql, &[workspace.0.into()])?.is_some())
}

/// Uploads made before `before` whose file is there and which no import needs any more: all that name them have ended.
pub fn unneeded(query: &mut impl Query, workspace: WorkspaceId, before: i64) -> Result<Vec<Upload>> {
    let ended = ImportState::ENDED.map(|state| state.code().to_string()).join(", ");
    let sql = format!(
        "SELECT {COLUMNS} FROM upload WHERE workspace_id = $1 AND created_at < $2 AND removed_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM import WHERE import.workspace_id = $1 AND import.upload_id = upload.id \
         AND import.state NOT IN ({ended}))"
    );
    query.query(&sql, &[workspace.0.into(), before.into()])?.iter().map(upload).collect()
}

/// From now on the file counts as gone.
pub fn mark_removed(tx: &mut Tx<'_>, workspace: WorkspaceId, id: UploadId) -> Result<()> {
    let now = tx.now;
    let sql = "UPDATE upload SET removed_at = $1 WHERE workspace_id = $2 AND id = $3 AND removed_at IS NULL";
    tx.execute(sql, &[now.into(), workspace.0.into(), id.0.into()]).map(drop)
}

/// Forgets an upload that no import names any more; whether there was one to forget.
pub fn forget_unnamed(tx: &mut Tx<'_>, workspace: WorkspaceId, id: UploadId) -> Result<bool> {
    let forgotten = tx.execute(
        "DELETE FROM upload WHERE workspace_id = $1 AND id = $2 \
         AND NOT EXISTS (SELECT 1 FROM import WHERE workspace_id = $1 AND upload_id = $2)",
        &[workspace.0.into(), id.0.into()],
    )?;
    Ok(forgotten > 0)
}
