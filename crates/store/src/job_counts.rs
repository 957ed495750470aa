//! How much work there is: what somebody is at, for the share of a workspace, and what waits, for the measures.

use convoke_people::id::{ImportId, WorkspaceId};

use crate::db::Query;
use crate::error::Result;
use crate::imports::ImportState;

/// Imports of a workspace that somebody is at work on.
pub fn at_work(query: &mut impl Query, workspace: WorkspaceId, now: i64) -> Result<Vec<ImportId>> {
    let sql = "SELECT import_id FROM job WHERE workspace_id = $1 AND state = $2 AND lease_until > $3";
    let rows = query.query(sql, &[workspace.0.into(), ImportState::Running.code().into(), now.into()])?;
    rows.iter().map(|row| Ok(ImportId(row.int(0)?))).collect()
}

/// How many jobs wait and run, and when the oldest that waits was due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub waiting: u64,
    pub running: u64,
    pub oldest_due: Option<i64>,
}

/// The jobs of a workspace.
pub fn census(query: &mut impl Query, workspace: WorkspaceId) -> Result<Census> {
    let (waiting, running) = (ImportState::Pending.code(), ImportState::Running.code());
    let sql =
        "SELECT state, count(*), min(run_at) FROM job WHERE workspace_id = $1 AND state IN ($2, $3) GROUP BY state";
    let mut census = Census::default();
    for row in query.query(sql, &[workspace.0.into(), waiting.into(), running.into()])? {
        if row.int(0)? == waiting {
            (census.waiting, census.oldest_due) = (row.int(1)? as u64, row.opt_int(2)?);
        } else {
            census.running = row.int(1)? as u64;
        }
    }
    Ok(census)
}
