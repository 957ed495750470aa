//! Groups: they exist before an import names them.

use convoke_people::id::{GroupId, WorkspaceId};
use convoke_pipeline::settings::GroupName;

use crate::db::{Query, Tx};
use crate::error::Result;

/// A group with its members counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: Option<String>,
    pub join_code: Option<String>,
    pub pending: u64,
    pub active: u64,
}

/// A group to be made; `key` is its name in compared form.
#[derive(Clone, Copy, Debug)]
pub struct NewGroup<'a> {
    pub id: GroupId,
    pub name: &'a str,
    pub key: &'a str,
    pub description: Option<&'a str>,
    pub join_code: Option<&'a str>,
}

pub fn add_group(tx: &mut Tx<'_>, workspace: WorkspaceId, group: &NewGroup<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO grp (workspace_id, id, name, name_key, description, join_code) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            workspace.0.into(),
            group.id.0.into(),
            group.name.into(),
            group.key.into(),
            group.description.into(),
            group.join_code.into(),
        ],
    )?;
    Ok(())
}

/// Removes a group and its memberships. False: there is none of that name.
pub fn remove_group(tx: &mut Tx<'_>, workspace: WorkspaceId, key: &str) -> Result<bool> {
    let sql = "SELECT id FROM grp WHERE workspace_id = $1 AND name_key = $2";
    let Some(row) = tx.query_one(sql, &[workspace.0.into(), key.into()])? else { return Ok(false) };
    let id = row.int(0)?;
    for sql in [
        "DELETE FROM person_grp WHERE workspace_id = $1 AND grp_id = $2",
        "DELETE FROM grp WHERE workspace_id = $1 AND id = $2",
    ] {
        tx.execute(sql, &[workspace.0.into(), id.into()])?;
    }
    Ok(true)
}

/// The names imports compare with.
pub fn group_names(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<GroupName>> {
    let rows =
        query.query("SELECT id, name, name_key FROM grp WHERE workspace_id = $1 ORDER BY id", &[workspace.0.into()])?;
    rows.iter()
        .map(|row| {
            Ok(GroupName { id: GroupId(row.int(0)?), name: row.text(1)?.to_owned(), key: row.text(2)?.to_owned() })
        })
        .collect()
}

/// The groups of a workspace by name.
pub fn list_groups(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Group>> {
    let rows = query.query(
        "SELECT g.id, g.name, g.description, g.join_code, \
         (SELECT count(*) FROM person_grp m WHERE m.workspace_id = $1 AND m.grp_id = g.id AND m.state = 1), \
         (SELECT count(*) FROM person_grp m WHERE m.workspace_id = $1 AND m.grp_id = g.id AND m.state = 2) \
         FROM grp g WHERE g.workspace_id = $1 ORDER BY g.name_key",
        &[workspace.0.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                id: GroupId(row.int(0)?),
                name: row.text(1)?.to_owned(),
                description: row.opt_text(2)?.map(str::to_owned),
                join_code: row.opt_text(3)?.map(str::to_owned),
                pending: row.int(4)? as u64,
                active: row.int(5)? as u64,
            })
        })
        .collect()
}
