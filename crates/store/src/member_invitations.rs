//! Invitations to become a member of a workspace: one an address, used once. Here is the digest of their secret.

use convoke_people::id::{MemberInvitationId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::memberships::Role;
use crate::value::{Row, Value};

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberInvitation {
    pub id: MemberInvitationId,
    pub workspace: WorkspaceId,
    pub email: String,
    /// The address in compared form.
    pub email_key: String,
    pub role: Role,
    pub invited_by: String,
    /// UTC microseconds.
    pub created_at: i64,
    pub expires_at: i64,
}

const COLUMNS: &str = "id, workspace_id, email, email_key, role, invited_by, created_at, expires_at";

fn invitation(row: &Row) -> Result<MemberInvitation> {
    Ok(MemberInvitation {
        id: MemberInvitationId(row.int(0)?),
        workspace: WorkspaceId(row.int(1)?),
        email: row.text(2)?.to_owned(),
        email_key: row.text(3)?.to_owned(),
        role: Role::of_code(row.int(4)?)?,
        invited_by: row.text(5)?.to_owned(),
        created_at: row.int(6)?,
        expires_at: row.int(7)?,
    })
}

/// Inserts an invitation in the place of an earlier one to the same address.
pub fn invite_member(tx: &mut Tx<'_>, new: &MemberInvitation, digest: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO member_invitation \
         (id, workspace_id, email, email_key, role, invited_by, created_at, expires_at, digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (workspace_id, email_key) DO UPDATE SET id = excluded.id, email = excluded.email, \
         role = excluded.role, invited_by = excluded.invited_by, created_at = excluded.created_at, \
         expires_at = excluded.expires_at, digest = excluded.digest",
        &[
            new.id.0.into(),
            new.workspace.0.into(),
            (&new.email).into(),
            (&new.email_key).into(),
            new.role.code().into(),
            (&new.invited_by).into(),
            new.created_at.into(),
            new.expires_at.into(),
            Value::Bytes(digest),
        ],
    )?;
    Ok(())
}

/// The invitations of a workspace that can still be used, the newest first.
pub fn invitations_of(query: &mut impl Query, workspace: WorkspaceId, now: i64) -> Result<Vec<MemberInvitation>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM member_invitation WHERE workspace_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id"
    );
    query.query(&sql, &[workspace.0.into(), now.into()])?.iter().map(invitation).collect()
}

/// The invitation of this digest, if it can still be used.
pub fn invitation_of_digest(query: &mut impl Query, digest: &[u8], now: i64) -> Result<Option<MemberInvitation>> {
    let sql = format!("SELECT {COLUMNS} FROM member_invitation WHERE digest = $1 AND expires_at > $2");
    query.query_one(&sql, &[Value::Bytes(digest), now.into()])?.as_ref().map(invitation).transpose()
}

/// Uses an invitation up or takes it back; false if it is gone.
pub fn remove_invitation(tx: &mut Tx<'_>, workspace: WorkspaceId, id: MemberInvitationId) -> Result<bool> {
    let sql = "DELETE FROM member_invitation WHERE workspace_id = $1 AND id = $2";
    Ok(tx.execute(sql, &[workspace.0.into(), id.0.into()])? == 1)
}
