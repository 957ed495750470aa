//! Cells that were corrected after the upload, as part of the import they belong to.

use convoke_people::id::{ImportId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;

/// The column of a line that somebody said is a person.
const WHOLE_LINE: i64 = -1;

/// A corrected cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub row: u32,
    /// From 0; None: the line is a person, whatever it reads like.
    pub column: Option<u32>,
    pub value: String,
    pub created_by: String,
    pub created_at: i64,
}

/// Corrects a cell, or corrects it once more.
pub fn put_correction(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    import: ImportId,
    (row, column, value): (u32, Option<u32>, &str),
    by: &str,
) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO correction (workspace_id, import_id, row_no, column_no, value, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, import_id, row_no, column_no) \
         DO UPDATE SET value = excluded.value, created_by = excluded.created_by, created_at = excluded.created_at",
        &[
            workspace.0.into(),
            import.0.into(),
            i64::from(row).into(),
            column.map_or(WHOLE_LINE, i64::from).into(),
            value.into(),
            by.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Takes a correction back; 0: there is none.
pub fn remove_correction(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    import: ImportId,
    (row, column): (u32, Option<u32>),
) -> Result<u64> {
    let sql = "DELETE FROM correction WHERE workspace_id = $1 AND import_id = $2 AND row_no = $3 AND column_no = $4";
    let column = column.map_or(WHOLE_LINE, i64::from);
    tx.execute(sql, &[workspace.0.into(), import.0.into(), i64::from(row).into(), column.into()])
}

/// Takes all corrections of an import back.
pub fn forget_corrections(tx: &mut Tx<'_>, workspace: WorkspaceId, import: ImportId) -> Result<u64> {
    let sql = "DELETE FROM correction WHERE workspace_id = $1 AND import_id = $2";
    tx.execute(sql, &[workspace.0.into(), import.0.into()])
}

/// Corrects the same cells of an import of the same file.
pub fn copy_corrections(tx: &mut Tx<'_>, workspace: WorkspaceId, from: ImportId, to: ImportId) -> Result<u64> {
    let sql = "INSERT INTO correction (workspace_id, import_id, row_no, column_no, value, created_by, created_at) \
               SELECT workspace_id, $3, row_no, column_no, value, created_by, created_at FROM correction \
               WHERE workspace_id = $1 AND import_id = $2";
    tx.execute(sql, &[workspace.0.into(), from.0.into(), to.0.into()])
}

/// The corrections of an import from a row on, by row and column.
pub fn list_corrections(
    query: &mut impl Query,
    workspace: WorkspaceId,
    import: ImportId,
    (from_row, most): (u32, u32),
) -> Result<Vec<Correction>> {
    let rows = query.query(
        "SELECT row_no, column_no, value, created_by, created_at FROM correction \
         WHERE workspace_id = $1 AND import_id = $2 AND row_no >= $3 ORDER BY row_no, column_no LIMIT $4",
        &[workspace.0.into(), import.0.into(), i64::from(from_row).into(), i64::from(most).into()],
    )?;
    rows.iter()
        .map(|row| {
            let column = row.int(1)?;
            Ok(Correction {
                row: row.int(0)? as u32,
                column: (column != WHOLE_LINE).then_some(column as u32),
                value: row.opt_text(2)?.unwrap_or_default().to_owned(),
                created_by: row.text(3)?.to_owned(),
                created_at: row.int(4)?,
            })
        })
        .collect()
}
