//! Uploads: the bytes as received, by digest; where they lie is the files' business.

use convoke_people::id::{UploadId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::Value;

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub name: String,
    pub size_bytes: u64,
    pub sha256: Vec<u8>,
    pub storage_key: String,
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
    let row = query.query_one(
        "SELECT id, name, size_bytes, sha256, storage_key FROM upload WHERE workspace_id = $1 AND id = $2",
        &[workspace.0.into(), id.0.into()],
    )?;
    row.map(|row| {
        Ok(Upload {
            id: UploadId(row.int(0)?),
            name: row.text(1)?.to_owned(),
            size_bytes: row.int(2)? as u64,
            sha256: row.bytes(3)?.to_vec(),
            storage_key: row.text(4)?.to_owned(),
        })
    })
    .transpose()
}
