//! What hangs on a member of a workspace: tokens, imports and saved mappings it made, or inherited. Who made them stays
//! readable beside that.

use convoke_people::id::{ImportId, MappingId, MemberId, TokenId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::Row;

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<I> {
    pub id: I,
    pub name: String,
}

fn named<I>(rows: &[Row], id: fn(i64) -> I) -> Result<Vec<Named<I>>> {
    rows.iter().map(|row| Ok(Named { id: id(row.int(0)?), name: row.text(1)?.to_owned() })).collect()
}

/// Tokens that are not revoked.
pub fn tokens_of(query: &mut impl Query, workspace: WorkspaceId, member: MemberId) -> Result<Vec<Named<TokenId>>> {
    let sql =
        "SELECT id, name FROM token WHERE workspace_id = $1 AND member_id = $2 AND revoked_at IS NULL ORDER BY id";
    named(&query.query(sql, &[workspace.0.into(), member.0.into()])?, TokenId)
}

/// Imports that have not ended, by the name of their file.
pub fn open_imports_of(
    query: &mut impl Query,
    workspace: WorkspaceId,
    member: MemberId,
) -> Result<Vec<Named<ImportId>>> {
    // Draft, checking, ready, pending, running, paused.
    let sql = "SELECT id, file_name FROM import \
               WHERE workspace_id = $1 AND member_id = $2 AND state IN (1, 3, 4, 5, 6, 7) ORDER BY id";
    named(&query.query(sql, &[workspace.0.into(), member.0.into()])?, ImportId)
}

pub fn mappings_of(query: &mut impl Query, workspace: WorkspaceId, member: MemberId) -> Result<Vec<Named<MappingId>>> {
    let sql = "SELECT id, name FROM mapping WHERE workspace_id = $1 AND member_id = $2 ORDER BY id";
    named(&query.query(sql, &[workspace.0.into(), member.0.into()])?, MappingId)
}

/// Gives an import to a member.
pub fn give_import(tx: &mut Tx<'_>, workspace: WorkspaceId, id: ImportId, to: MemberId) -> Result<()> {
    let sql = "UPDATE import SET member_id = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[to.0.into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Gives a token to a member.
pub fn give_token(tx: &mut Tx<'_>, workspace: WorkspaceId, id: TokenId, to: MemberId) -> Result<()> {
    let sql = "UPDATE token SET member_id = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[to.0.into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Gives a mapping that was just saved to a member; one that was saved over stays whose it was.
pub fn give_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, id: MappingId, to: MemberId) -> Result<()> {
    let sql = "UPDATE mapping SET member_id = $1 WHERE workspace_id = $2 AND id = $3";
    tx.execute(sql, &[to.0.into(), workspace.0.into(), id.0.into()])?;
    Ok(())
}

/// Gives all of it to an heir.
pub fn hand_over(tx: &mut Tx<'_>, workspace: WorkspaceId, from: MemberId, to: MemberId) -> Result<()> {
    for sql in [
        "UPDATE token SET member_id = $1 WHERE workspace_id = $2 AND member_id = $3",
        "UPDATE import SET member_id = $1 WHERE workspace_id = $2 AND member_id = $3",
        "UPDATE mapping SET member_id = $1 WHERE workspace_id = $2 AND member_id = $3",
    ] {
        tx.execute(sql, &[to.0.into(), workspace.0.into(), from.0.into()])?;
    }
    Ok(())
}
