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

/// What its owners may change of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub name: String,
    pub default_sender: Option<MemberId>,
    /// The others, a JSON object.
    pub others: String,
}

/// What is set of a workspace.
pub fn settings(query: &mut impl Query, id: WorkspaceId) -> Result<Option<Settings>> {
    let row = query.query_one("SELECT name, default_sender, settings FROM workspace WHERE id = $1", &[id.0.into()])?;
    row.map(|row| {
        let (name, others) = (row.text(0)?.to_owned(), row.text(2)?.to_owned());
        Ok(Settings { name, default_sender: row.opt_int(1)?.map(MemberId), others })
    })
    .transpose()
}

/// Changes a workspace, if it is still as it was `seen`; whether it was. `key` is the new name in compared form.
pub fn change_settings(tx: &mut Tx<'_>, id: WorkspaceId, seen: &Settings, to: &Settings, key: &str) -> Result<bool> {
    let sender = |settings: &Settings| settings.default_sender.map(|member| member.0);
    let changed = tx.execute(
        "UPDATE workspace SET name = $1, name_key = $2, default_sender = $3, settings = $4 \
         WHERE id = $5 AND name = $6 AND coalesce(default_sender, 0) = $7 AND settings = $8",
        &[
            to.name.as_str().into(),
            key.into(),
            sender(to).into(),
            to.others.as_str().into(),
            id.0.into(),
            seen.name.as_str().into(),
            sender(seen).unwrap_or(0).into(),
            seen.others.as_str().into(),
        ],
    )?;
    Ok(changed == 1)
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
