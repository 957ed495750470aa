//! API tokens: what a program shows to act in one workspace. Of its secret only the digest is kept.

use convoke_people::id::{TokenId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::{Row, Value};

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    /// A set of bits; what they allow is the app's.
    pub scopes: u32,
    pub created_by: String,
    /// UTC microseconds, as all times.
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// A token that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    pub name: &'a str,
    /// The name in compared form.
    pub name_key: &'a str,
    pub digest: &'a [u8],
    pub scopes: u32,
    pub created_by: &'a str,
    pub expires_at: Option<i64>,
}

const COLUMNS: &str = "id, name, scopes, created_by, created_at, expires_at, revoked_at";

fn token(row: &Row) -> Result<Token> {
    Ok(Token {
        id: TokenId(row.int(0)?),
        name: row.text(1)?.to_owned(),
        scopes: row.int(2)? as u32,
        created_by: row.text(3)?.to_owned(),
        created_at: row.int(4)?,
        expires_at: row.opt_int(5)?,
        revoked_at: row.opt_int(6)?,
    })
}

/// Inserts a token.
pub fn add_token(tx: &mut Tx<'_>, workspace: WorkspaceId, new: &NewToken<'_>) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO token (workspace_id, id, name, name_key, digest, scopes, created_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            workspace.0.into(),
            new.id.0.into(),
            new.name.into(),
            new.name_key.into(),
            Value::Bytes(new.digest),
            i64::from(new.scopes).into(),
            new.created_by.into(),
            now.into(),
            new.expires_at.into(),
        ],
    )?;
    Ok(())
}

/// The token with this digest, whether it is still good or not.
pub fn token_of_digest(query: &mut impl Query, workspace: WorkspaceId, digest: &[u8]) -> Result<Option<Token>> {
    let sql = format!("SELECT {COLUMNS} FROM token WHERE workspace_id = $1 AND digest = $2");
    query.query_one(&sql, &[workspace.0.into(), Value::Bytes(digest)])?.as_ref().map(token).transpose()
}

/// All tokens of a workspace in the order they were made.
pub fn list_tokens(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Token>> {
    let sql = format!("SELECT {COLUMNS} FROM token WHERE workspace_id = $1 ORDER BY id");
    query.query(&sql, &[workspace.0.into()])?.iter().map(token).collect()
}

/// Whether a token that is not revoked has this name, in compared form.
pub fn is_token_name_taken(query: &mut impl Query, workspace: WorkspaceId, name_key: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM token WHERE workspace_id = $1 AND name_key = $2 AND revoked_at IS NULL LIMIT 1";
    Ok(query.query_one(sql, &[workspace.0.into(), name_key.into()])?.is_some())
}

/// Revokes a token; false if there is none, or it is revoked already.
pub fn revoke_token(tx: &mut Tx<'_>, workspace: WorkspaceId, id: TokenId) -> Result<bool> {
    let now = tx.now;
    let sql = "UPDATE token SET revoked_at = $1 WHERE workspace_id = $2 AND id = $3 AND revoked_at IS NULL";
    Ok(tx.execute(sql, &[now.into(), workspace.0.into(), id.0.into()])? == 1)
}
