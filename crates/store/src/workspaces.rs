//! Workspaces: one brand's program each.

use convoke_people::id::{MemberId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::Row;

/// A workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
    /// UTC microseconds.
    pub created_at: i64,
}

/// The workspaces in the order they were made.
pub fn list_workspaces(query: &mut impl Query) -> Result<Vec<Workspace>> {
    let rows = query.query("SELECT id, name, created_at FROM workspace WHERE deleted_at IS NULL ORDER BY id", &[])?;
    rows.iter().map(workspace).collect()
}

fn workspace(row: &Row) -> Result<Workspace> {
    Ok(Workspace { id: WorkspaceId(row.int(0)?), name: row.text(1)?.to_owned(), created_at: row.int(2)? })
}

/// Makes a workspace; `key` is its name in compared form.
pub fn add_workspace(tx: &mut Tx<'_>, name: &str, key: &str) -> Result<WorkspaceId> {
    let now = tx.now;
    let next = tx.query_one("SELECT coalesce(max(id), 0) + 1 FROM workspace", &[])?.map_or(Ok(1), |row| row.int(0))?;
    tx.execute(
        "INSERT INTO workspace (id, name, name_key, settings, created_at) VALUES ($1, $2, $3, '{}', $4)",
        &[next.into(), name.into(), key.into(), now.into()],
    )?;
    Ok(WorkspaceId(next))
}

/// The settings of a workspace, a JSON object.
pub fn settings(query: &mut impl Query, id: WorkspaceId) -> Result<String> {
    let row = query.query_one("SELECT settings FROM workspace WHERE id = $1", &[id.0.into()])?;
    row.map_or_else(|| Ok("{}".to_owned()), |row| Ok(row.text(0)?.to_owned()))
}

/// Sets them, if they are still `seen`, as two members may change different ones at once; whether they were.
pub fn set_settings(tx: &mut Tx<'_>, id: WorkspaceId, seen: &str, settings: &str) -> Result<bool> {
    let sql = "UPDATE workspace SET settings = $1 WHERE id = $2 AND settings = $3";
    Ok(tx.execute(sql, &[settings.into(), id.0.into(), seen.into()])? == 1)
}

/// Gives a workspace another name; `key` is the name in compared form.
pub fn rename_workspace(tx: &mut Tx<'_>, id: WorkspaceId, name: &str, key: &str) -> Result<()> {
    let sql = "UPDATE workspace SET name = $1, name_key = $2 WHERE id = $3";
    tx.execute(sql, &[name.into(), key.into(), id.0.into()])?;
    Ok(())
}

/// In whose name the workspace writes, if anybody was chosen.
pub fn default_sender(query: &mut impl Query, id: WorkspaceId) -> Result<Option<MemberId>> {
    let row = query.query_one("SELECT default_sender FROM workspace WHERE id = $1", &[id.0.into()])?;
    row.map_or(Ok(None), |row| Ok(row.opt_int(0)?.map(MemberId)))
}

/// Chooses in whose name the workspace writes.
pub fn set_default_sender(tx: &mut Tx<'_>, id: WorkspaceId, member: Option<MemberId>) -> Result<()> {
    let member = member.map(|member| member.0);
    tx.execute("UPDATE workspace SET default_sender = $1 WHERE id = $2", &[member.into(), id.0.into()])?;
    Ok(())
}
