//! Tags: free, made on use.

use std::sync::atomic::{AtomicU32, Ordering};

use convoke_people::id::{TagId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::named::NamedPage;
use crate::value::Row;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// The next place in the block of this process.
pub fn next_in_process() -> u32 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A tag and how many people have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// Counts its edits.
    pub version: i64,
    pub people: u64,
}

const SELECT: &str = "SELECT t.id, t.name, t.version, \
                      (SELECT count(*) FROM person_tag g WHERE g.workspace_id = $1 AND g.tag_id = t.id) \
                      FROM tag t WHERE t.workspace_id = $1";

/// The tags of a workspace by name.
pub fn list_tags(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Tag>> {
    query.query(&format!("{SELECT} ORDER BY t.name_key"), &[workspace.0.into()])?.iter().map(tag).collect()
}

/// A page of them.
pub fn page_of_tags(query: &mut impl Query, workspace: WorkspaceId, page: &NamedPage) -> Result<Vec<Tag>> {
    query.query(&format!("{SELECT}{}", NamedPage::END), &page.params(workspace))?.iter().map(tag).collect()
}

pub fn find_tag(query: &mut impl Query, workspace: WorkspaceId, id: TagId) -> Result<Option<Tag>> {
    let sql = format!("{SELECT} AND t.id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(tag).transpose()
}

fn tag(row: &Row) -> Result<Tag> {
    let (id, people) = (TagId(row.int(0)?), row.int(3)? as u64);
    Ok(Tag { id, name: row.text(1)?.to_owned(), version: row.int(2)?, people })
}

/// Makes a tag; `key` is its name in compared form.
pub fn add_tag(tx: &mut Tx<'_>, workspace: WorkspaceId, id: TagId, name: &str, key: &str) -> Result<()> {
    let sql = "INSERT INTO tag (workspace_id, id, name, name_key) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, &[workspace.0.into(), id.0.into(), name.into(), key.into()])?;
    Ok(())
}

/// Renames a tag, which stands as it was seen. False: it was changed since.
pub fn rename_tag(tx: &mut Tx<'_>, workspace: WorkspaceId, seen: &Tag, name: &str, key: &str) -> Result<bool> {
    let renamed = tx.execute(
        "UPDATE tag SET name = $3, name_key = $4, version = version + 1 \
         WHERE workspace_id = $1 AND id = $2 AND version = $5",
        &[workspace.0.into(), seen.id.0.into(), name.into(), key.into(), seen.version.into()],
    )?;
    Ok(renamed == 1)
}

/// Removes a tag that is still at `version`, from everybody who has it. False: it is not.
pub fn remove_tag(tx: &mut Tx<'_>, workspace: WorkspaceId, id: TagId, version: i64) -> Result<bool> {
    let sql = "DELETE FROM tag WHERE workspace_id = $1 AND id = $2 AND version = $3";
    if tx.execute(sql, &[workspace.0.into(), id.0.into(), version.into()])? == 0 {
        return Ok(false);
    }
    let sql = "DELETE FROM person_tag WHERE workspace_id = $1 AND tag_id = $2";
    tx.execute(sql, &[workspace.0.into(), id.0.into()])?;
    Ok(true)
}
