//! Members: who may sign in. Of a password only its Argon2id hash is kept; the first owner is made with a secret of which
//! only the digest is kept, once.

use convoke_people::id::{MemberId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::{Row, Value};

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: MemberId,
    /// As it was written.
    pub email: String,
    pub name: String,
    /// None: signs in otherwise.
    pub password_hash: Option<String>,
    /// Looks after the installation.
    pub is_operator: bool,
    /// The workspace of the last session.
    pub last_workspace: Option<WorkspaceId>,
    /// UTC microseconds; who is disabled cannot sign in.
    pub disabled_at: Option<i64>,
}

/// A member that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewMember<'a> {
    pub id: MemberId,
    pub email: &'a str,
    /// The address in compared form.
    pub email_key: &'a str,
    pub name: &'a str,
    pub password_hash: Option<&'a str>,
    pub is_operator: bool,
}

const COLUMNS: &str = "id, email, name, password_hash, is_operator, last_workspace, disabled_at";

fn member(row: &Row) -> Result<Member> {
    Ok(Member {
        id: MemberId(row.int(0)?),
        email: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        password_hash: row.opt_text(3)?.map(str::to_owned),
        is_operator: row.int(4)? == 1,
        last_workspace: row.opt_int(5)?.map(WorkspaceId),
        disabled_at: row.opt_int(6)?,
    })
}

/// Inserts a member.
pub fn add_member(tx: &mut Tx<'_>, new: &NewMember<'_>) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO member (id, email, email_key, name, password_hash, is_operator, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            new.id.0.into(),
            new.email.into(),
            new.email_key.into(),
            new.name.into(),
            new.password_hash.into(),
            i64::from(new.is_operator).into(),
            now.into(),
        ],
    )?;
    Ok(())
}

pub fn find_member(query: &mut impl Query, id: MemberId) -> Result<Option<Member>> {
    let sql = format!("SELECT {COLUMNS} FROM member WHERE id = $1");
    query.query_one(&sql, &[id.0.into()])?.as_ref().map(member).transpose()
}

/// By the address in compared form.
pub fn member_of_email(query: &mut impl Query, email_key: &str) -> Result<Option<Member>> {
    let sql = format!("SELECT {COLUMNS} FROM member WHERE email_key = $1");
    query.query_one(&sql, &[email_key.into()])?.as_ref().map(member).transpose()
}

/// By issuer and subject of OpenID Connect, as one text.
pub fn member_of_subject(query: &mut impl Query, subject: &str) -> Result<Option<Member>> {
    let sql = format!("SELECT {COLUMNS} FROM member WHERE oidc_subject = $1");
    query.query_one(&sql, &[subject.into()])?.as_ref().map(member).transpose()
}

/// Remembers whom the provider calls so; false if the member has another subject already.
pub fn bind_subject(tx: &mut Tx<'_>, id: MemberId, subject: &str) -> Result<bool> {
    let sql = "UPDATE member SET oidc_subject = $1 WHERE id = $2 AND (oidc_subject IS NULL OR oidc_subject = $1)";
    Ok(tx.execute(sql, &[subject.into(), id.0.into()])? == 1)
}

/// Whether anybody may sign in at all.
pub fn has_members(query: &mut impl Query) -> Result<bool> {
    Ok(query.query_one("SELECT 1 FROM member LIMIT 1", &[])?.is_some())
}

pub fn set_password(tx: &mut Tx<'_>, id: MemberId, hash: &str) -> Result<()> {
    tx.execute("UPDATE member SET password_hash = $1 WHERE id = $2", &[hash.into(), id.0.into()])?;
    Ok(())
}

/// Replaces a hash of older parameters, unless the password was changed meanwhile.
pub fn replace_hash(tx: &mut Tx<'_>, id: MemberId, old: &str, new: &str) -> Result<()> {
    let sql = "UPDATE member SET password_hash = $1 WHERE id = $2 AND password_hash = $3";
    tx.execute(sql, &[new.into(), id.0.into(), old.into()])?;
    Ok(())
}

/// The workspace the next session begins in.
pub fn set_last_workspace(tx: &mut Tx<'_>, id: MemberId, workspace: WorkspaceId) -> Result<()> {
    tx.execute("UPDATE member SET last_workspace = $1 WHERE id = $2", &[workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Lets a member not sign in any more.
pub fn disable_member(tx: &mut Tx<'_>, id: MemberId) -> Result<()> {
    let now = tx.now;
    tx.execute("UPDATE member SET disabled_at = $1 WHERE id = $2", &[now.into(), id.0.into()])?;
    Ok(())
}

/// Takes a disabled member back, with a new name and password; what signed in before does not any more.
pub fn enable_member(tx: &mut Tx<'_>, id: MemberId, name: &str, password_hash: Option<&str>) -> Result<()> {
    tx.execute(
        "UPDATE member SET name = $1, password_hash = $2, oidc_subject = NULL, disabled_at = NULL WHERE id = $3",
        &[name.into(), password_hash.into(), id.0.into()],
    )?;
    Ok(())
}

/// Keeps the digest of the secret with which the first owner is made; an earlier one is good no more.
pub fn offer_first_owner(tx: &mut Tx<'_>, digest: &[u8], until: i64) -> Result<()> {
    let sql = "UPDATE installation SET first_owner_digest = $1, first_owner_until = $2 WHERE one = 1";
    tx.execute(sql, &[Value::Bytes(digest), until.into()])?;
    Ok(())
}

/// Uses the secret up; false if it is not the one, or its time is over.
pub fn take_first_owner(tx: &mut Tx<'_>, digest: &[u8], now: i64) -> Result<bool> {
    let sql = "UPDATE installation SET first_owner_digest = NULL, first_owner_until = NULL \
               WHERE one = 1 AND first_owner_digest = $1 AND first_owner_until > $2";
    Ok(tx.execute(sql, &[Value::Bytes(digest), now.into()])? == 1)
}
