//! Who belongs to which workspace, in which role. Whoever changes that begins with [`begin_change`], so that changes of one
//! workspace come one behind the other and each sees what the one before left.

use convoke_people::id::{MemberId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};
use crate::value::Row;

/// What a member is in a workspace, from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Viewer,
    Manager,
    Admin,
    Owner,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Manager, Self::Admin, Self::Owner];

    pub fn key(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == text.trim().to_ascii_lowercase())
    }

    pub(crate) fn code(self) -> i64 {
        self as i64 + 1
    }

    pub(crate) fn of_code(code: i64) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|role| role.code() == code);
        found.ok_or_else(|| StoreError::Corrupt(format!("{code} is no role")))
    }
}

/// A member of a workspace as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    pub member: MemberId,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// UTC microseconds.
    pub since: i64,
}

const BELONGING: &str =
    "SELECT m.id, m.email, m.name, b.role, b.created_at FROM membership b JOIN member m ON m.id = b.member_id";

fn belonging(row: &Row) -> Result<Belonging> {
    Ok(Belonging {
        member: MemberId(row.int(0)?),
        email: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        role: Role::of_code(row.int(3)?)?,
        since: row.int(4)?,
    })
}

/// The members of a workspace in the order they came.
pub fn members_of(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Belonging>> {
    let sql = format!("{BELONGING} WHERE b.workspace_id = $1 ORDER BY b.created_at, m.id");
    query.query(&sql, &[workspace.0.into()])?.iter().map(belonging).collect()
}

/// A member of a workspace; None if it is none of it.
pub fn find_belonging(query: &mut impl Query, workspace: WorkspaceId, member: MemberId) -> Result<Option<Belonging>> {
    let sql = format!("{BELONGING} WHERE b.workspace_id = $1 AND m.id = $2");
    query.query_one(&sql, &[workspace.0.into(), member.0.into()])?.as_ref().map(belonging).transpose()
}

/// Where somebody is a member: the workspaces that are there, their names, and the role.
pub fn workspaces_of(query: &mut impl Query, member: MemberId) -> Result<Vec<(WorkspaceId, String, Role)>> {
    let rows = query.query(
        "SELECT w.id, w.name, b.role FROM membership b JOIN workspace w ON w.id = b.workspace_id \
         WHERE b.member_id = $1 AND w.deleted_at IS NULL ORDER BY w.id",
        &[member.0.into()],
    )?;
    rows.iter()
        .map(|row| Ok((WorkspaceId(row.int(0)?), row.text(1)?.to_owned(), Role::of_code(row.int(2)?)?)))
        .collect()
}

/// What every change of a workspace's members begins with.
pub fn begin_change(tx: &mut Tx<'_>, workspace: WorkspaceId) -> Result<()> {
    tx.execute("UPDATE workspace SET members_version = members_version + 1 WHERE id = $1", &[workspace.0.into()])?;
    Ok(())
}

/// Whether somebody else than `member` owns the workspace and may sign in.
pub fn has_another_owner(tx: &mut Tx<'_>, workspace: WorkspaceId, member: MemberId) -> Result<bool> {
    let sql = "SELECT 1 FROM membership b JOIN member m ON m.id = b.member_id \
               WHERE b.workspace_id = $1 AND b.role = $2 AND b.member_id <> $3 AND m.disabled_at IS NULL LIMIT 1";
    let owner = Role::Owner.code();
    Ok(tx.query_one(sql, &[workspace.0.into(), owner.into(), member.0.into()])?.is_some())
}

/// Makes somebody a member; who is one already keeps the role.
pub fn add_membership(tx: &mut Tx<'_>, workspace: WorkspaceId, member: MemberId, role: Role) -> Result<bool> {
    let now = tx.now;
    let sql = "INSERT INTO membership (member_id, workspace_id, role, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (member_id, workspace_id) DO NOTHING";
    Ok(tx.execute(sql, &[member.0.into(), workspace.0.into(), role.code().into(), now.into()])? == 1)
}

pub fn set_role(tx: &mut Tx<'_>, workspace: WorkspaceId, member: MemberId, role: Role) -> Result<()> {
    let sql = "UPDATE membership SET role = $1 WHERE workspace_id = $2 AND member_id = $3";
    tx.execute(sql, &[role.code().into(), workspace.0.into(), member.0.into()])?;
    Ok(())
}

pub fn remove_membership(tx: &mut Tx<'_>, workspace: WorkspaceId, member: MemberId) -> Result<()> {
    let sql = "DELETE FROM membership WHERE workspace_id = $1 AND member_id = $2";
    tx.execute(sql, &[workspace.0.into(), member.0.into()])?;
    Ok(())
}
