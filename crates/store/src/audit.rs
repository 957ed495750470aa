//! The audit log: who did what, when, from where. Entries are added in the transaction of their effect and never changed.

use convoke_people::id::{AuditId, WorkspaceId};

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::value::Row;

/// Where entries of the installation itself stand.
pub const INSTALLATION: WorkspaceId = WorkspaceId(0);

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: AuditId,
    /// UTC microseconds.
    pub at: i64,
    /// The key of what was done.
    pub action: String,
    /// The app's JSON.
    pub actor: String,
    /// The id of what it was done to.
    pub object: Option<String>,
    /// The app's JSON; no secrets, no cells.
    pub detail: String,
    /// Of the client.
    pub address: Option<String>,
}

/// Where a page begins: behind this entry, towards older ones.
pub type Before = (i64, AuditId);

const COLUMNS: &str = "id, at, action, actor, object, detail, address";

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: AuditId(row.int(0)?),
        at: row.int(1)?,
        action: row.text(2)?.to_owned(),
        actor: row.text(3)?.to_owned(),
        object: row.opt_text(4)?.map(str::to_owned),
        detail: row.text(5)?.to_owned(),
        address: row.opt_text(6)?.map(str::to_owned),
    })
}

/// Adds an entry; its time is the transaction's.
pub fn add_entry(tx: &mut Tx<'_>, workspace: WorkspaceId, entry: &Entry) -> Result<()> {
    let now = tx.now;
    tx.execute(
        "INSERT INTO audit (workspace_id, id, at, action, actor, object, detail, address) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            workspace.0.into(),
            entry.id.0.into(),
            now.into(),
            (&entry.action).into(),
            (&entry.actor).into(),
            entry.object.as_deref().into(),
            (&entry.detail).into(),
            entry.address.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// A page of the log, the newest first.
pub fn page_of_entries(
    query: &mut impl Query,
    workspace: WorkspaceId,
    before: Option<Before>,
    most: u32,
) -> Result<Vec<Entry>> {
    let (at, id) = before.map_or((i64::MAX, i64::MAX), |(at, id)| (at, id.0));
    let sql = format!(
        "SELECT {COLUMNS} FROM audit WHERE workspace_id = $1 AND at <= $2 AND (at < $2 OR id < $3) \
         ORDER BY at DESC, id DESC LIMIT $4"
    );
    let rows = query.query(&sql, &[workspace.0.into(), at.into(), id.into(), i64::from(most).into()])?;
    rows.iter().map(entry).collect()
}
