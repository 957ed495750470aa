//! What was begun and never confirmed: drafts, and dry runs whose answer was all that was wanted.

use convoke_people::id::{ImportId, UploadId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::imports::{ImportKind, ImportState};

/// Imports made before `before` that wait for a confirmation, and dry runs; with their uploads.
pub fn never_confirmed(
    query: &mut impl Query,
    workspace: WorkspaceId,
    before: i64,
) -> Result<Vec<(ImportId, Option<UploadId>)>> {
    let rows = query.query(
        "SELECT id, upload_id FROM import WHERE workspace_id = $1 AND created_at < $2 \
         AND (state = $3 OR state = $4 OR kind = $5) ORDER BY id",
        &[
            workspace.0.into(),
            before.into(),
            ImportState::Draft.code().into(),
            ImportState::Ready.code().into(),
            ImportKind::DryRun.code().into(),
        ],
    )?;
    rows.iter().map(|row| Ok((ImportId(row.int(0)?), row.opt_int(1)?.map(UploadId)))).collect()
}

/// Forgets one of them with its plan, corrections and job, unless it was confirmed meanwhile.
pub fn forget_import(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId) -> Result<bool> {
    let forgotten = tx.execute(
        "DELETE FROM import WHERE workspace_id = $1 AND id = $2 AND (state = $3 OR state = $4 OR kind = $5)",
        &[
            workspace.0.into(),
            id.0.into(),
            ImportState::Draft.code().into(),
            ImportState::Ready.code().into(),
            ImportKind::DryRun.code().into(),
        ],
    )?;
    if forgotten > 0 {
        for sql in [
            "DELETE FROM import_chunk WHERE workspace_id = $1 AND import_id = $2",
            "DELETE FROM correction WHERE workspace_id = $1 AND import_id = $2",
            "DELETE FROM job WHERE workspace_id = $1 AND import_id = $2",
        ] {
            tx.execute(sql, &[workspace.0.into(), id.0.into()])?;
        }
    }
    Ok(forgotten > 0)
}
