//! Drift: rows that would end otherwise than the check foretold, because the workspace changed since. They are named in the
//! report, or the import pauses before them, as was chosen when it was confirmed.

use std::collections::HashMap;

use convoke_people::id::ImportId;
use convoke_pipeline::issue::{Issue, IssueCode};
use convoke_pipeline::plan::{ChunkPlan, Outcome};
use convoke_pipeline::report::ChunkReport;
use convoke_store::committing::{Pass, RunOf};
use convoke_store::drafts::add_drifted;
use convoke_store::imports::{Import, OnDrift, chunk_body, chunk_summaries};
use convoke_store::{Result as StoreResult, StoreError, Tx};

use super::run::Ending;
use crate::error::Result;
use crate::workspace::Workspace;

/// What the check of an import foretold; nothing, if it was not checked.
#[derive(Debug, Default)]
pub(super) struct Foretold {
    /// The hash of each chunk's plan.
    hashes: Vec<u64>,
    pauses: bool,
}

impl Foretold {
    pub(super) fn load(workspace: &Workspace, id: ImportId) -> Result<Self> {
        let import: Import = workspace.find_import(id)?;
        if import.plan_digest.is_none() {
            return Ok(Self::default());
        }
        let chunks = workspace.store.read(|r| chunk_summaries(r, workspace.id, id, Pass::Check))?;
        let hashes = chunks.into_iter().map(|chunk| chunk.plan_hash).collect();
        Ok(Self { hashes, pauses: import.on_drift == OnDrift::Pause })
    }

    /// Names the rows of a plan that drifted and counts them; or ends the run before them, if that was chosen.
    pub(super) fn meet(&self, tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &mut ChunkPlan) -> StoreResult<Option<Ending>> {
        if self.pauses {
            let drifted = self.name(tx, run, plan)?;
            return Ok((drifted > 0).then_some(Ending::Drifted(drifted)));
        }
        self.name_and_count(tx, run, plan)?;
        Ok(None)
    }

    /// Names the rows of a plan that drifted, and counts them.
    pub(super) fn name_and_count(&self, tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &mut ChunkPlan) -> StoreResult<()> {
        match self.name(tx, run, plan)? {
            0 => Ok(()),
            drifted => add_drifted(tx, run.workspace, run.import, drifted),
        }
    }

    fn name(&self, tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &mut ChunkPlan) -> StoreResult<u64> {
        let number = plan.chunk.number;
        let Some(hash) = self.hashes.get(number as usize) else { return Ok(0) };
        if *hash == plan.hash {
            return Ok(0);
        }
        let body = chunk_body(tx, run.workspace, run.import, Pass::Check, number)?.unwrap_or_default();
        let foretold = ChunkReport::rows(&body, run.block())
            .map_err(|e| StoreError::Corrupt(format!("the plan of chunk {number}: {e}")))?;
        let foretold: HashMap<u32, Outcome> = foretold.into_iter().map(|row| (row.row, row.outcome)).collect();
        let mut drifted = 0;
        for row in &mut plan.rows {
            let Some(outcome) = foretold.get(&row.row).filter(|outcome| **outcome != row.outcome) else { continue };
            row.issues.push(Issue::new(IssueCode::Drifted).detail(outcome.key()));
            drifted += 1;
        }
        Ok(drifted)
    }
}
