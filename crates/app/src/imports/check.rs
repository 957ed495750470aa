//! The check: the plans of a whole file, shown and kept, and nothing written about people. A job does it, so that one that
//! was cut off is made again by the next worker; it begins from the top, for nothing of it took effect.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use convoke_people::id::ImportId;
use convoke_pipeline::issue::IssueCode;
use convoke_pipeline::plan::{ChunkPlan, Counts};
use convoke_pipeline::planner::Freshness;
use convoke_pipeline::problem::Problem;
use convoke_pipeline::report::{Changes, ChunkReport};
use convoke_pipeline::scan::Scan;
use convoke_store::committing::{Pass, write_report};
use convoke_store::drafts::{Checked, forget_foretold, forget_plan, set_checked};
use convoke_store::imports::{Import, ImportKind, ImportState, add_counts, set_state};
use convoke_store::jobs::{Claim, JobKind, Wanted, hold, leave};
use convoke_store::matching::LookUp;
use convoke_store::people::has_people;
use convoke_store::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::again::Forms;
use super::chunks::{LOOK_UPS, nobody_known, scratch_failed, spawn_checker, spawn_look_ups};
use super::prepare::json;
use super::run::{Ending, Resumption, asked_by, owner};
use super::{Prepared, Progress, Watch};
use crate::crash;
use crate::error::{Error, Result};
use crate::mistakes;
use crate::states::{Event, after};
use crate::workspace::Workspace;

/// Chunk reports stored in one transaction, unless they take longer: whoever waits is told, and the lease renewed.
const REPORTS_AT_ONCE: usize = 8;
const LONGEST_SILENCE: Duration = Duration::from_secs(1);
/// Unknown groups that are told by name.
const MOST_GROUPS: usize = 1000;

/// What a check finds beyond the rows, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// Groups that rows name and the workspace lacks, with how many rows.
    pub(super) unknown_groups: BTreeMap<String, u64>,
}

/// What is gathered while the plans go by.
#[derive(Default)]
struct Gathered {
    counts: Counts,
    digest: Sha256,
    plan: Plan,
}

/// Reports that were made and not yet stored, and the rows they are of.
type Store<'s> = &'s mut dyn FnMut(&[ChunkReport], &Counts) -> Result<Option<Ending>>;

impl Workspace {
    /// Plans the whole file of a dry run that was prepared; it ends with that.
    pub fn check(&self, prepared: &Prepared, watch: &mut impl Watch) -> Result<Counts> {
        let job = self.job(prepared.id, JobKind::Check)?;
        let claim = self.store.claim(self.id, &job, &owner())?.ok_or(StoreError::Fenced)?;
        let import = self.find_import(prepared.id)?;
        self.check_or_end(&import, prepared, &claim, watch)?;
        Ok(self.find_import(prepared.id)?.counts)
    }

    /// Takes up a check that waits or was cut off.
    pub(super) fn take_up_check(&self, import: &Import, watch: &mut impl Watch) -> Result<Resumption> {
        let job = self.job(import.id, JobKind::Check)?;
        let prepared = match mistakes::tried(import.id, || self.prepare_again(import, Forms::AreFound)) {
            Err(error) if error.may_pass() => return Err(error),
            prepared => prepared,
        };
        let Some(claim) = self.store.claim(self.id, &job, &owner())? else {
            return Ok(Resumption::Held { until: job.lease_until });
        };
        match prepared {
            Ok(prepared) => self.check_or_end(import, &prepared, &claim, watch).map(Resumption::Ended),
            Err(Error::Refused(problem)) => self.give_back(import, &claim, &problem).map(Resumption::Ended),
            Err(error) => {
                self.fail_check(import, &claim, &error)?;
                Err(error)
            }
        }
    }

    /// Checks; where we keep making a mistake the check ends with that.
    fn check_or_end(
        &self,
        import: &Import,
        prepared: &Prepared,
        claim: &Claim,
        watch: &mut impl Watch,
    ) -> Result<ImportState> {
        let checked = mistakes::tried(import.id, || self.check_claimed(prepared, claim, watch));
        if let Err(error @ Error::Mistake { .. }) = &checked {
            self.fail_check(import, claim, error)?;
        }
        checked
    }

    /// A draft that cannot be checked as it was chosen is a draft again; whoever asked for a dry run is told.
    fn give_back(&self, import: &Import, claim: &Claim, problem: &Problem) -> Result<ImportState> {
        let event = if import.kind == ImportKind::Import { Event::GiveBack } else { Event::Refuse };
        let (state, problem) = (after(ImportState::Checking, event)?, json(problem)?);
        self.leave_check(import, claim, state, Some(&problem))
    }

    fn fail_check(&self, import: &Import, claim: &Claim, error: &Error) -> Result<()> {
        // A mistake of ours may be mended, and the draft checked again.
        let is_draft_again = matches!(error, Error::Mistake { .. }) && import.kind == ImportKind::Import;
        let event = if is_draft_again { Event::GiveBack } else { Event::Fail };
        let state = after(ImportState::Checking, event)?;
        let hint = error.hint().unwrap_or_default();
        let problem = serde_json::json!({"code": error.code(), "message": error.to_string(), "hint": hint});
        self.leave_check(import, claim, state, Some(&problem.to_string())).map(drop)
    }

    fn leave_check(
        &self,
        import: &Import,
        claim: &Claim,
        state: ImportState,
        problem: Option<&str>,
    ) -> Result<ImportState> {
        self.store.write(|tx| {
            leave(tx, claim, ImportState::Completed)?;
            set_state(tx, self.id, import.id, state, problem)
        })?;
        Ok(state)
    }

    fn check_claimed(&self, prepared: &Prepared, claim: &Claim, watch: &mut impl Watch) -> Result<ImportState> {
        crash::at("check_claimed");
        self.store.write(|tx| {
            hold(tx, claim, 0)?;
            forget_plan(tx, self.id, prepared.id)
        })?;
        let mut told = Counts::default();
        let mut store = |reports: &[ChunkReport], counts: &Counts| {
            let mut new = *counts;
            new.take(told);
            let ending = self.store.write(|tx| {
                if hold(tx, claim, 0)? == Wanted::Cancel {
                    return cancel_check(tx, claim, prepared.id).map(|state| Some(Ending::Left(state)));
                }
                reports.iter().try_for_each(|r| write_report(tx, self.id, prepared.id, Pass::Check, r))?;
                add_counts(tx, self.id, prepared.id, &new)?;
                Ok(None)
            })?;
            told = *counts;
            crash::at("check_stored");
            Ok(ending)
        };
        match self.plan_all(prepared, watch, &mut store)? {
            Planned::All(gathered) => self.end_check(prepared, claim, gathered),
            Planned::Part(Ending::Left(state)) => Ok(state),
            Planned::Part(_) => {
                self.store.write(|tx| leave(tx, claim, ImportState::Pending))?;
                Ok(ImportState::Checking)
            }
        }
    }

    fn end_check(&self, prepared: &Prepared, claim: &Claim, gathered: Gathered) -> Result<ImportState> {
        let event = if prepared.kind == ImportKind::DryRun { Event::EndDryRun } else { Event::Checked };
        let state = after(ImportState::Checking, event)?;
        let mut digest = gathered.digest;
        digest.update(json(&prepared.recipe.settings)?);
        digest.update(json(&prepared.recipe.mapping)?);
        let (source, plan) = (json(&prepared.source)?, json(&gathered.plan)?);
        let (starts, digest) = (starts(&prepared.scan)?, digest.finalize());
        let total = prepared.scan.records;
        let checked = Checked { source: &source, plan: &plan, starts: &starts, digest: &digest[..16], total };
        let state = self.store.write(|tx| {
            // Asked since the last reports were stored.
            if hold(tx, claim, 0)? == Wanted::Cancel {
                return cancel_check(tx, claim, prepared.id);
            }
            leave(tx, claim, ImportState::Completed)?;
            set_checked(tx, self.id, prepared.id, &checked)?;
            set_state(tx, self.id, prepared.id, state, None)?;
            Ok(state)
        })?;
        crash::at("checked");
        Ok(state)
    }

    /// Plans an import whose stop rule is to be judged, and keeps the plan.
    pub(super) fn foresee(&self, prepared: &Prepared, watch: &mut impl Watch) -> Result<Counts> {
        let mut store = |reports: &[ChunkReport], _: &Counts| {
            self.store.write(|tx| {
                reports.iter().try_for_each(|report| write_report(tx, self.id, prepared.id, Pass::Check, report))
            })?;
            Ok(None)
        };
        match self.plan_all(prepared, watch, &mut store)? {
            Planned::All(gathered) => Ok(gathered.counts),
            // Whoever ends here has begun nothing.
            Planned::Part(_) => Err(StoreError::Fenced.into()),
        }
    }

    fn plan_all(&self, prepared: &Prepared, watch: &mut impl Watch, store: Store<'_>) -> Result<Planned> {
        let recipe = &prepared.recipe;
        let record_type = recipe.settings.record_type;
        let anybody = self.store.read(|r| has_people(r, self.id, record_type))?;
        let keys = if anybody { self.key_index(prepared)? } else { Arc::default() };
        let mut planner = self.planner(prepared)?;
        let mut gathered = Gathered::default();
        let (mut reports, mut stored_at) = (Vec::new(), Instant::now());
        std::thread::scope(|scope| {
            let takers = if anybody { LOOK_UPS } else { 1 };
            let checked = spawn_checker(scope, prepared, 0, takers)?;
            let chunks: Box<dyn Iterator<Item = _>> = if anybody {
                let look_ups = (0..takers).map(|_| LookUp::new(&self.store, self.id, "convoke:check", &keys));
                let look_ups = look_ups.collect::<std::result::Result<_, _>>()?;
                Box::new(spawn_look_ups(scope, checked, look_ups, prepared)?)
            } else {
                Box::new(checked.map(|chunk| chunk.map(|chunk| nobody_known(chunk, recipe))))
            };
            for chunk in chunks {
                if let Some(ending) = asked_by(watch).filter(|ending| *ending == Ending::HandedBack) {
                    return Ok(Planned::Part(ending));
                }
                let (chunk, known) = chunk?;
                let mut plan = planner.plan(chunk, &known, Freshness::Ahead).map_err(scratch_failed)?;
                planner.settle(&mut plan).map_err(scratch_failed)?;
                gathered.add(&plan);
                reports.push(ChunkReport::of(&plan, Changes::Told));
                if reports.len() == REPORTS_AT_ONCE || stored_at.elapsed() > LONGEST_SILENCE {
                    if let Some(ending) = store(&reports, &gathered.counts)? {
                        return Ok(Planned::Part(ending));
                    }
                    reports.clear();
                    stored_at = Instant::now();
                }
                let counts = gathered.counts;
                watch.progress(Progress { done: counts.processed(), total: prepared.scan.records, counts });
            }
            let ending = store(&reports, &gathered.counts)?;
            Ok(ending.map_or(Planned::All(gathered), Planned::Part))
        })
    }
}

/// Ends a check as somebody asked, in the transaction that saw the request.
fn cancel_check(tx: &mut Tx<'_>, claim: &Claim, id: ImportId) -> std::result::Result<ImportState, StoreError> {
    let state = ImportState::Cancelled;
    leave(tx, claim, state)?;
    set_state(tx, claim.workspace, id, state, None)?;
    forget_foretold(tx, claim.workspace, id)?;
    Ok(state)
}

/// How far the planning came.
enum Planned {
    All(Gathered),
    Part(Ending),
}

impl Gathered {
    fn add(&mut self, plan: &ChunkPlan) {
        self.counts.merge(plan.counts);
        self.digest.update(plan.hash.to_be_bytes());
        let groups = &mut self.plan.unknown_groups;
        for issue in plan.rows.iter().flat_map(|row| &row.issues).filter(|i| i.code == IssueCode::GroupUnknown) {
            let name = issue.value.as_deref().unwrap_or_default();
            if let Some(rows) = groups.get_mut(name) {
                *rows += 1;
            } else if groups.len() < MOST_GROUPS {
                groups.insert(name.to_owned(), 1);
            }
        }
    }
}

/// Where the chunks of a file start, as it is stored.
pub(super) fn starts(scan: &Scan) -> Result<String> {
    let starts: Vec<_> = scan.chunks.iter().map(|chunk| (chunk.position.byte, chunk.position.row)).collect();
    json(&starts)
}
