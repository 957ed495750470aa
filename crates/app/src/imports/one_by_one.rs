//! The last resort for a chunk the database keeps refusing: every row alone, behind a savepoint, so that only the
//! guilty row fails and its neighbours stand.

use convoke_pipeline::chunk::CheckedChunk;
use convoke_pipeline::issue::{Issue, IssueCode};
use convoke_pipeline::plan::{ChunkPlan, Counts, Outcome, PlannedRow};
use convoke_pipeline::planner::{Freshness, Planner};
use convoke_pipeline::report::{Changes, ChunkReport};
use convoke_pipeline::stumbling::caught;
use convoke_store::committing::{Pass, RunOf, commit_effects, write_report};
use convoke_store::matching::look_up_in;
use convoke_store::secondary_keys::{GivenKeys, KeyIndex};
use convoke_store::{StoreError, Tx};

use super::chunks::scratch_failed;
use super::drift::Foretold;

/// How often a row is looked up again before it counts as refused.
const ROW_TRIES: u32 = 3;

/// Commits the rows of a chunk and its report inside the caller's transaction.
pub(super) fn commit_one_by_one(
    tx: &mut Tx<'_>,
    (run, keys): (&RunOf<'_>, &KeyIndex),
    (planner, foretold): (&mut Planner<'_>, &Foretold),
    chunk: &CheckedChunk,
) -> Result<Counts, StoreError> {
    let mut whole = ChunkPlan::empty(chunk.clone());
    let mut given = GivenKeys::default();
    for row in 0..chunk.rows.len() {
        let mut tries = 0;
        loop {
            let one = chunk.only(row);
            tx.savepoint()?;
            let known = look_up_in(tx, (run.workspace, keys), run.recipe, &one)?;
            let mut plan = planner.plan(one, &known, Freshness::Current).map_err(scratch_failed)?;
            let Some(committed) = caught(|| commit_effects(tx, run, &plan)) else {
                tx.rollback_to_savepoint()?;
                plan.rows.into_iter().for_each(|row| whole.absorb(failed(row, Issue::new(IssueCode::RowStumbled))));
                break;
            };
            match committed {
                Ok(()) => {
                    tx.release_savepoint()?;
                    given.add(run.recipe, &plan);
                    planner.settle(&mut plan).map_err(scratch_failed)?;
                    plan.rows.into_iter().for_each(|row| whole.absorb(row));
                    break;
                }
                // Somebody made or changed this very person since the look-up: another one finds it.
                Err(StoreError::Conflict(_) | StoreError::Stale) if tries < ROW_TRIES => {
                    tx.rollback_to_savepoint()?;
                    tries += 1;
                }
                Err(StoreError::Conflict(why) | StoreError::Refused(why)) => {
                    tx.rollback_to_savepoint()?;
                    let refused = Issue::new(IssueCode::RowRefused).detail(why);
                    plan.rows.into_iter().for_each(|row| whole.absorb(failed(row, refused.clone())));
                    break;
                }
                Err(error) => return Err(error),
            }
        }
    }
    given.write(tx, run, chunk.number)?;
    // Rows that were committed one by one stand: it is too late to pause before them.
    foretold.name_and_count(tx, run, &mut whole)?;
    let report = ChunkReport::of(&whole, Changes::LeftToTheJournal);
    write_report(tx, run.workspace, run.import, Pass::Run, &report)?;
    Ok(whole.counts)
}

fn failed(mut row: PlannedRow, issue: Issue) -> PlannedRow {
    row.outcome = Outcome::Failed;
    row.person = None;
    row.issues.push(issue);
    row
}
