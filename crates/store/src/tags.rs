//! Tags: free, made on use.

use std::sync::atomic::{AtomicU32, Ordering};

use convoke_people::id::{TagId, WorkspaceId};

use crate::db::Query;
use crate::error::Result;

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
    pub people: u64,
}

/// The tags of a workspace by name.
pub fn list_tags(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<Tag>> {
    let rows = query.query(
        "SELECT t.id, t.name, (SELECT count(*) FROM person_tag g WHERE g.workspace_id = $1 AND g.tag_id = t.id) \
         FROM tag t WHERE t.workspace_id = $1 ORDER BY t.name_key",
        &[workspace.0.into()],
    )?;
    rows.iter()
        .map(|row| Ok(Tag { id: TagId(row.int(0)?), name: row.text(1)?.to_owned(), people: row.int(2)? as u64 }))
        .collect()
}
