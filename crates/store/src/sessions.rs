//! Sessions: who is signed in. The token is with the browser alone; here is its digest.

use convoke_people::id::{MemberId, SessionId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::{Row, Value};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub member: MemberId,
    /// None: the member belongs to no workspace, or has left this one.
    pub workspace: Option<WorkspaceId>,
    /// Of the client, and what it calls itself.
    pub address: Option<String>,
    pub client: Option<String>,
    /// UTC microseconds.
    pub created_at: i64,
    pub seen_at: i64,
}

/// From when on sessions still count.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    pub created: i64,
    pub seen: i64,
}

const COLUMNS: &str = "id, member_id, workspace_id, address, client, created_at, seen_at";

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        id: SessionId(row.int(0)?),
        member: MemberId(row.int(1)?),
        workspace: row.opt_int(2)?.map(WorkspaceId),
        address: row.opt_text(3)?.map(str::to_owned),
        client: row.opt_text(4)?.map(str::to_owned),
        created_at: row.int(5)?,
        seen_at: row.int(6)?,
    })
}

/// Inserts a session, and removes those of the same member that are over.
pub fn add_session(tx: &mut Tx<'_>, new: &Session, digest: &[u8], since: Since) -> Result<()> {
    let over = "DELETE FROM session WHERE member_id = $1 AND (created_at <= $2 OR seen_at <= $3)";
    tx.execute(over, &[new.member.0.into(), since.created.into(), since.seen.into()])?;
    tx.execute(
        "INSERT INTO session (digest, id, member_id, workspace_id, address, client, created_at, seen_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            Value::Bytes(digest),
            new.id.0.into(),
            new.member.0.into(),
            new.workspace.map(|workspace| workspace.0).into(),
            new.address.as_deref().into(),
            new.client.as_deref().into(),
            new.created_at.into(),
            new.seen_at.into(),
        ],
    )?;
    Ok(())
}

/// The session of this digest, if it is not over.
pub fn session_of_digest(query: &mut impl Query, digest: &[u8], since: Since) -> Result<Option<Session>> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE digest = $1 AND created_at > $2 AND seen_at > $3");
    let found = query.query_one(&sql, &[Value::Bytes(digest), since.created.into(), since.seen.into()])?;
    found.as_ref().map(session).transpose()
}

/// A member's sessions that are not over, the newest first.
pub fn sessions_of(query: &mut impl Query, member: MemberId, since: Since) -> Result<Vec<Session>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session WHERE member_id = $1 AND created_at > $2 AND seen_at > $3 \
         ORDER BY created_at DESC, id DESC"
    );
    query.query(&sql, &[member.0.into(), since.created.into(), since.seen.into()])?.iter().map(session).collect()
}

/// Notes that a session was used.
pub fn see_session(tx: &mut Tx<'_>, id: SessionId, now: i64) -> Result<()> {
    tx.execute("UPDATE session SET seen_at = $1 WHERE id = $2", &[now.into(), id.0.into()])?;
    Ok(())
}

/// Moves a session to another workspace.
pub fn move_session(tx: &mut Tx<'_>, id: SessionId, workspace: WorkspaceId) -> Result<()> {
    tx.execute("UPDATE session SET workspace_id = $1 WHERE id = $2", &[workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Ends one session of a member; false if there is none.
pub fn end_session(tx: &mut Tx<'_>, member: MemberId, id: SessionId) -> Result<bool> {
    let sql = "DELETE FROM session WHERE member_id = $1 AND id = $2";
    Ok(tx.execute(sql, &[member.0.into(), id.0.into()])? == 1)
}

/// Ends all sessions of a member but `kept`.
pub fn end_sessions(tx: &mut Tx<'_>, member: MemberId, kept: Option<SessionId>) -> Result<u64> {
    let kept = kept.map_or(-1, |id| id.0);
    tx.execute("DELETE FROM session WHERE member_id = $1 AND id <> $2", &[member.0.into(), kept.into()])
}

/// Takes a member's sessions out of a workspace that it has left.
pub fn leave_workspace(tx: &mut Tx<'_>, member: MemberId, workspace: WorkspaceId) -> Result<()> {
    let sql = "UPDATE session SET workspace_id = NULL WHERE member_id = $1 AND workspace_id = $2";
    tx.execute(sql, &[member.0.into(), workspace.0.into()])?;
    Ok(())
}
