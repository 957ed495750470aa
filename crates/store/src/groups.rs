//! Groups: they exist before an import names them.

use convoke_people::id::{GroupId, WorkspaceId};
use convoke_pipeline::settings::GroupName;

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::named::NamedPage;
use crate::value::Row;

/// A group with its members counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: Option<String>,
    pub join_code: Option<String>,
    /// Counts its edits.
    pub version: i64,
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

/// Changes a group that is still at `version`. False: it is not.
pub fn change_group(tx: &mut Tx<'_>, workspace: WorkspaceId, to: &NewGroup<'_>, version: i64) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE grp SET name = $3, name_key = $4, description = $5, join_code = $6, version = version + 1 \
         WHERE workspace_id = $1 AND id = $2 AND version = $7",
        &[
            workspace.0.into(),
            to.id.0.into(),
            to.name.into(),
            to.key.into(),
            to.description.into(),
            to.join_code.into(),
            version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Removes a group that is still at `version`, and its memberships. False: it is not.
pub fn remove_group(tx: &mut Tx<'_>, workspace: WorkspaceId, id: GroupId, version: i64) -> Result<bool> {
    let sql = "DELETE FROM grp WHERE workspace_id = $1 AND id = $2 AND version = $3";
    if tx.execute(sql, &[workspace.0.into(), id.0.into(), version.into()])? == 0 {
        return Ok(false);
    }
    let sql = "DELETE FROM person_grp WHERE workspace_id = $1 AND grp_id = $2";
    tx.execute(sql, &[workspace.0.into(), id.0.into()])?;
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

const SELECT: &str = "SELECT t.id, t.name, t.description, t.join_code, t.version, \
                      (SELECT count(*) FROM person_grp m WHERE m.workspace_id = $1 AND m.grp_id = t.id AND m.state = 1), \
                      (SELECT count(*) FROM person_grp m WHERE m.workspace_id = $1 AND m.grp_id = t.id AND m.state = 2) \
                      FROM grp t WHERE t.workspace_id = $1";

/// The groups of a workspace by name.
pub fn list_groups(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Group>> {
    query.query(&format!("{SELECT} ORDER BY t.name_key"), &[workspace.0.into()])?.iter().map(group).collect()
}

/// A page of them.
pub fn page_of_groups(query: &mut impl Query, workspace: WorkspaceId, page: &NamedPage) -> Result<Vec<Group>> {
    let sql = format!("{SELECT}{}", NamedPage::END);
    query.query(&sql, &page.params(workspace))?.iter().map(group).collect()
}

pub fn find_group(query: &mut impl Query, workspace: WorkspaceId, id: GroupId) -> Result<Option<Group>> {
    let sql = format!("{SELECT} AND t.id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(group).transpose()
}

fn group(row: &Row) -> Result<Group> {
    Ok(Group {
        id: GroupId(row.int(0)?),
        name: row.text(1)?.to_owned(),
        description: row.opt_text(2)?.map(str::to_owned),
        join_code: row.opt_text(3)?.map(str::to_owned),
        version: row.int(4)?,
        pending: row.int(5)? as u64,
        active: row.int(6)? as u64,
    })
}
