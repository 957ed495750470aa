//! One transaction of a run: the chunks that are committed together, what to do when the database refuses them, and what
//! is true when a commit fails. Nothing outside knows of a group before it is committed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use convoke_people::id::ImportId;
use convoke_pipeline::chunk::{CHUNK_RECORDS, CheckedChunk};
use convoke_pipeline::known::Known;
use convoke_pipeline::plan::{ChunkPlan, Counts};
use convoke_pipeline::planner::{Freshness, Planner};
use convoke_pipeline::report::{Changes, ChunkReport};
use convoke_pipeline::stumbling::caught;
use convoke_store::committing::{RunOf, commit_chunk};
use convoke_store::imports::{ImportState, add_counts, set_state};
use convoke_store::jobs::{Claim, GroupError, LONGEST_LEASE_MICROS, Wanted, advance, hold, hold_for, leave};
use convoke_store::matching::look_up_in;
use convoke_store::secondary_keys::KeyIndex;
use convoke_store::{Dialect, StoreError, Tx};

use super::Watch;
use super::chunks::scratch_failed;
use super::one_by_one::commit_one_by_one;
use super::run::{Ending, Pace, Run, asked_by};
use crate::crash;
use crate::error::{Error, Result};
use crate::states::{Event, next};

/// Records SQLite commits together at most, so that its log stays within a few hundred megabytes.
const GROUP_RECORDS: u32 = 500_000;
/// A group of SQLite works so many times as long as the last commit took: the more pages a commit writes, the rarer it is.
const WORK_PER_COMMIT: u32 = 5;
/// How long SQLite's one writer is held at least and at most before others may write.
const GROUP_TIME: (Duration, Duration) = (Duration::from_millis(400), Duration::from_millis(2000));
/// How often a chunk is looked up and planned anew because people changed meanwhile. Two imports of the same people meet
/// at every chunk, and each meeting costs the other a try.
const CHANGED_TRIES: u32 = 20;
/// How often a chunk with a value the database refuses is tried again before its rows are committed one by one.
const REFUSED_TRIES: u32 = 2;
/// How often a group waits for a lock, five seconds each, before the import pauses.
const BUSY_TRIES: u32 = 12;
/// A chunk with the people that were found for it, and how fresh they are.
pub(super) type Next = (CheckedChunk, Option<(Known, Freshness)>);

impl<'r, W: Watch> Run<'r, W> {
    fn run_of(&self) -> RunOf<'r> {
        let recipe = &self.prepared.recipe;
        RunOf { workspace: self.workspace.id, import: self.prepared.id, recipe, process: self.process }
    }

    /// Commits a group that begins with `first`. A chunk that meets changed people is looked up and planned again.
    pub(super) fn group(
        &mut self,
        first: Next,
        more: &mut impl FnMut() -> Result<Option<Next>>,
    ) -> Result<Option<Ending>> {
        let mut first = Some(first);
        let (mut waited, mut changed, mut refused) = (0, 0, 0);
        loop {
            let error = match self.try_group(&mut first, more) {
                Ok(ending) => return Ok(ending),
                Err(GroupFailure::Other(error)) => return Err(error),
                Err(GroupFailure::Store(error)) => error,
            };
            let Some((chunk, known)) = first.take() else { return Err(error.into()) };
            if let Some(ending) = asked_by(self.watch) {
                return Ok(Some(ending));
            }
            match error {
                StoreError::Busy(_) if waited < BUSY_TRIES => {
                    waited += 1;
                    first = Some((chunk, known));
                    self.renew_lease()?;
                }
                StoreError::Stale | StoreError::Conflict(_) if changed < CHANGED_TRIES => {
                    changed += 1;
                    first = Some((chunk, None));
                }
                StoreError::Refused(_) if refused < REFUSED_TRIES => {
                    refused += 1;
                    first = Some((chunk, None));
                }
                StoreError::Stale | StoreError::Conflict(_) | StoreError::Refused(_) => return self.guilty_rows(chunk),
                error => return Err(error.into()),
            }
        }
    }

    /// Waiting for a lock takes as long as a lease. Where even this has to wait, nobody else can take the job either.
    fn renew_lease(&mut self) -> Result<()> {
        let (claim, from) = (&self.claim, self.next_chunk);
        match self.session.group(|tx| hold(tx, claim, from)) {
            Ok(_) | Err(GroupError::RolledBack(StoreError::Busy(_))) => Ok(()),
            Err(GroupError::RolledBack(error) | GroupError::Unknown(error)) => Err(error.into()),
        }
    }

    /// Tries once. If the group was undone because of its first chunk, `first` holds it again.
    fn try_group(
        &mut self,
        first: &mut Option<Next>,
        more: &mut impl FnMut() -> Result<Option<Next>>,
    ) -> std::result::Result<Option<Ending>, GroupFailure> {
        let from = self.next_chunk;
        let (run_of, keys) = (self.run_of(), Arc::clone(&self.keys));
        let group_of_one = self.pace == Pace::Careful || self.workspace.store.dialect() == Dialect::Postgres;
        let store = &self.workspace.store;
        let (planner, claim, foretold) = (&mut self.planner, &self.claim, &self.foretold);
        let group_time = (self.commit_time * WORK_PER_COMMIT).clamp(GROUP_TIME.0, GROUP_TIME.1);
        let mut worked_until = Instant::now();
        let (mut other, mut drift) = (None, None);
        let mut plans = Vec::new();
        let outcome = self.session.group(|tx| {
            if let Some(event) = wanted_end(hold(tx, claim, from)?) {
                return leave_as_asked(tx, claim, run_of.import, event);
            }
            crash::at("group_held");
            let began = Instant::now();
            let (mut records, mut counts, mut to) = (0, Counts::default(), from);
            let mut next = first.take();
            while let Some(chunk) = next {
                let mut plan = plan_chunk(tx, (&run_of, &keys), planner, chunk)?;
                crash::at("chunk_planned");
                drift = foretold.meet(tx, &run_of, &mut plan)?;
                if drift.is_some() {
                    break;
                }
                let report = ChunkReport::of(&plan, Changes::LeftToTheJournal);
                // A mistake of ours in the writing is refused like a value: the guilty row is found by itself.
                let committed = caught(|| commit_chunk(tx, &run_of, &plan, &report));
                if let Err(error) = committed.unwrap_or_else(|| Err(StoreError::Refused("a mistake".to_owned()))) {
                    // Only the first chunk of a group can be taken up again alone; the others are undone with it.
                    *first = (to == from).then_some((plan.chunk, None));
                    return Err(error);
                }
                crash::at("chunk_written");
                records += plan.rows.len() as u32;
                counts.merge(plan.counts);
                to += 1;
                if group_of_one {
                    plans.push(plan);
                } else {
                    planner.settle(&mut plan).map_err(scratch_failed)?;
                }
                let full = group_of_one
                    || records + CHUNK_RECORDS > GROUP_RECORDS
                    || began.elapsed() > group_time
                    || store.is_writer_wanted();
                next = if full {
                    None
                } else {
                    more().unwrap_or_else(|error| {
                        other = Some(error);
                        None
                    })
                };
            }
            add_counts(tx, run_of.workspace, run_of.import, &counts)?;
            advance(tx, claim, from, to)?;
            crash::at("before_commit");
            worked_until = Instant::now();
            Ok(GroupEnd::Committed { to, counts })
        });
        self.commit_time = worked_until.elapsed();
        Ok(self.settle_group(outcome, plans, other)?.or(drift))
    }

    fn settle_group(
        &mut self,
        outcome: std::result::Result<GroupEnd, GroupError>,
        plans: Vec<ChunkPlan>,
        other: Option<Error>,
    ) -> std::result::Result<Option<Ending>, GroupFailure> {
        match outcome {
            Ok(GroupEnd::Left(state)) => return Ok(Some(Ending::Left(state))),
            Ok(GroupEnd::Committed { to, counts }) => {
                crash::at("after_commit");
                // PostgreSQL: never before the commit is known.
                for mut plan in plans {
                    self.planner.settle(&mut plan).map_err(|e| GroupFailure::Store(scratch_failed(e)))?;
                }
                measure(&counts, self.commit_time);
                self.counts.merge(counts);
                self.next_chunk = to;
            }
            Err(GroupError::RolledBack(error)) => return Err(GroupFailure::Store(error)),
            // Only the checkpoint can tell whether it was committed.
            Err(GroupError::Unknown(_)) => return Err(GroupFailure::Store(StoreError::Stale)),
        }
        match other {
            Some(error) => Err(GroupFailure::Other(error)),
            None => Ok(None),
        }
    }

    /// A chunk the database keeps refusing: its rows are committed one by one, so that only the guilty one fails.
    fn guilty_rows(&mut self, chunk: CheckedChunk) -> Result<Option<Ending>> {
        let from = self.next_chunk;
        let run_of = self.run_of();
        let keys = Arc::clone(&self.keys);
        let (planner, claim, foretold) = (&mut self.planner, &self.claim, &self.foretold);
        // A chunk row by row takes long, and its lease cannot be renewed from inside.
        let long = self.session.group(|tx| hold_for(tx, claim, from, LONGEST_LEASE_MICROS));
        let outcome = long.and_then(|_| {
            self.session.group(|tx| {
                hold_for(tx, claim, from, LONGEST_LEASE_MICROS)?;
                let counts = commit_one_by_one(tx, (&run_of, &keys), (planner, foretold), &chunk)?;
                add_counts(tx, run_of.workspace, run_of.import, &counts)?;
                advance(tx, claim, from, from + 1)?;
                Ok(GroupEnd::Committed { to: from + 1, counts })
            })
        });
        // A lock or a change in between: the planner has seen rows that were undone.
        let outcome = outcome.map_err(|error| match error {
            GroupError::RolledBack(StoreError::Busy(_)) => GroupError::RolledBack(StoreError::Stale),
            error => error,
        });
        self.settle_group(outcome, Vec::new(), None).map_err(|failure| match failure {
            GroupFailure::Store(error) => error.into(),
            GroupFailure::Other(error) => error,
        })
    }
}

/// How a run ends for whoever asked it to.
fn wanted_end(wanted: Wanted) -> Option<Event> {
    match wanted {
        Wanted::Run => None,
        Wanted::Pause => Some(Event::Pause),
        Wanted::Cancel => Some(Event::Cancel),
    }
}

fn measure(counts: &Counts, commit_time: Duration) {
    let Counts { created, updated, unchanged, skipped, failed } = *counts;
    let rows = [
        ("created", created),
        ("updated", updated),
        ("unchanged", unchanged),
        ("skipped", skipped),
        ("failed", failed),
    ];
    for (outcome, rows) in rows {
        metrics::counter!("convoke_rows_total", "outcome" => outcome).increment(rows);
    }
    metrics::histogram!("convoke_commit_seconds").record(commit_time.as_secs_f64());
}

/// In the transaction that saw the request: one that withdraws it comes before, or finds an import that rests.
fn leave_as_asked(
    tx: &mut Tx<'_>,
    claim: &Claim,
    import: ImportId,
    event: Event,
) -> std::result::Result<GroupEnd, StoreError> {
    let mistake = || StoreError::Bug("what runs can be paused and cancelled".to_owned());
    let state = next(ImportState::Running, event).ok_or_else(mistake)?;
    leave(tx, claim, state)?;
    set_state(tx, claim.workspace, import, state, None)?;
    Ok(GroupEnd::Left(state))
}

fn plan_chunk(
    tx: &mut Tx<'_>,
    (run, keys): (&RunOf<'_>, &KeyIndex),
    planner: &Planner<'_>,
    (chunk, known): Next,
) -> std::result::Result<ChunkPlan, StoreError> {
    Ok(match known {
        Some((known, freshness)) => planner.plan(chunk, &known, freshness).map_err(scratch_failed)?,
        None => {
            let known = look_up_in(tx, (run.workspace, keys), run.recipe, &chunk)?;
            planner.plan(chunk, &known, Freshness::Current).map_err(scratch_failed)?
        }
    })
}

enum GroupEnd {
    /// As somebody asked.
    Left(ImportState),
    Committed {
        to: u32,
        counts: Counts,
    },
}

enum GroupFailure {
    Store(StoreError),
    Other(Error),
}
