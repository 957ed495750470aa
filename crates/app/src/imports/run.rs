//! The run: claim the job, commit the chunks group by group, finish. It may die at any line: effects, report, counts
//! and checkpoint of a group are one transaction, and whoever resumes starts at the checkpoint.

use std::sync::Arc;
use std::time::Duration;

use convoke_people::id::{Block, ImportId};
use convoke_pipeline::plan::{Counts, Outcome};
use convoke_pipeline::planner::{Freshness, Planner};
use convoke_pipeline::report::ChunkReport;
use convoke_pipeline::settings::OnNew;
use convoke_store::committing::Pass;
use convoke_store::drafts::name_drift;
use convoke_store::imports::{ImportState, chunk_body, set_state};
use convoke_store::jobs::{Claim, Job, JobKind, RunSession, job_of, leave};
use convoke_store::matching::LookUp;
use convoke_store::people::has_people;
use convoke_store::requests::rest;
use convoke_store::secondary_keys::KeyIndex;
use convoke_store::{Dialect, StoreError};

use super::again::Forms;
use super::aside::why_paused;
use super::chunks::{InTurn, LOOK_UPS, nobody_known, spawn_checker, spawn_look_ups};
use super::drift::Foretold;
use super::group::Next;
use super::{Prepared, Progress, Watch, Wish};
use crate::crash;
use crate::error::{Error, Result};
use crate::mistakes;
use crate::states::{Event, after};
use crate::workspace::Workspace;

/// How often a run takes up its work again at the checkpoint.
const RESTARTS: u32 = 5;
/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Completed,
    Paused,
    HandedBack,
    /// Somebody asked for it, and it is in this state already.
    Left(ImportState),
    /// So many rows of the next chunk would end otherwise than the check foretold.
    Drifted(u64),
}

/// An import taken up again.
pub enum Resumption {
    /// It ended like this now.
    Ended(ImportState),
    /// Another process holds it; its lease runs out at this time (UTC microseconds).
    Held { until: i64 },
    /// There is nothing to resume: it is in this state.
    NotRunnable(ImportState),
}

pub(super) struct Run<'r, W> {
    pub(super) workspace: &'r Workspace,
    pub(super) prepared: &'r Prepared,
    pub(super) planner: Planner<'r>,
    /// Who held the file's secondary keys when the run began, or took up its work.
    pub(super) keys: Arc<KeyIndex>,
    pub(super) session: RunSession<'r>,
    pub(super) claim: Claim,
    pub(super) process: Block,
    pub(super) next_chunk: u32,
    pub(super) counts: Counts,
    pub(super) watch: &'r mut W,
    pub(super) pace: Pace,
    pub(super) foretold: Foretold,
    /// What the last commit took.
    pub(super) commit_time: Duration,
}

/// How many chunks share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// As many as pay.
    Full,
    /// One, looked up inside it.
    Careful,
}

impl Workspace {
    /// Runs an import that was prepared, from its first chunk.
    pub fn run(&self, prepared: &Prepared, watch: &mut impl Watch) -> Result<ImportState> {
        let job = self.job(prepared.id, JobKind::Run)?;
        self.judge_stop_rule(prepared, &job, watch)?;
        match self.store.claim(self.id, &job, &owner())? {
            Some(claim) => self.run_claimed(prepared, claim, Counts::default(), watch),
            None => Err(StoreError::Fenced.into()),
        }
    }

    /// Takes up an import that was interrupted or paused, whatever was asked of it before.
    pub fn resume(&self, id: ImportId, watch: &mut impl Watch) -> Result<Resumption> {
        if matches!(self.find_import(id)?.state, ImportState::Pending | ImportState::Running | ImportState::Paused) {
            self.unpause(id)?;
        }
        self.take_up(id, watch)
    }

    /// Takes up an import that waits or was interrupted. One that cannot even begin is paused, with the reason.
    pub(crate) fn take_up(&self, id: ImportId, watch: &mut impl Watch) -> Result<Resumption> {
        let import = self.find_import(id)?;
        let job = match import.state {
            ImportState::Pending | ImportState::Running => self.job(id, JobKind::Run)?,
            ImportState::Checking => return self.take_up_check(&import, watch),
            state => return Ok(Resumption::NotRunnable(state)),
        };
        let ready = mistakes::tried(id, || {
            let prepared = self.prepare_again(&import, Forms::AreKnown)?;
            self.judge_stop_rule(&prepared, &job, watch)?;
            Ok(prepared)
        });
        let prepared = match ready {
            Ok(prepared) => prepared,
            Err(error) if error.may_pass() => return Err(error),
            Err(error) => {
                // What its stop rule refused is no longer as it was seen, and stays so.
                self.set_aside(&job, &error)?;
                return Err(error);
            }
        };
        match self.store.claim(self.id, &job, &owner())? {
            None => Ok(Resumption::Held { until: job.lease_until }),
            Some(claim) => {
                let counts = self.find_import(id)?.counts;
                self.run_claimed(&prepared, claim, counts, watch).map(Resumption::Ended)
            }
        }
    }

    pub(super) fn planner<'p>(&self, prepared: &'p Prepared) -> Result<Planner<'p>> {
        let planner = Planner::new(&prepared.recipe, prepared.block(), &prepared.scan);
        Ok(planner.with_scratch([self.files.scratch()?, self.files.scratch()?]))
    }

    /// Who may hold the secondary keys of a file.
    pub(super) fn key_index(&self, prepared: &Prepared) -> Result<Arc<KeyIndex>> {
        let file = &prepared.scan.keys;
        if file.is_empty() {
            return Ok(Arc::default());
        }
        Ok(Arc::new(self.store.read(|r| KeyIndex::load(r, self.id, &prepared.recipe, file))?))
    }

    pub(super) fn job(&self, id: ImportId, kind: JobKind) -> Result<Job> {
        let job = self.store.read(|r| job_of(r, self.id, id, kind))?;
        job.ok_or_else(|| Error::usage(format!("{id} is a dry run: there is nothing to run"), ""))
    }

    fn run_claimed(
        &self,
        prepared: &Prepared,
        claim: Claim,
        counts: Counts,
        watch: &mut impl Watch,
    ) -> Result<ImportState> {
        crash::at("claimed");
        let process = if prepared.recipe.touches_tags() { self.draw_block()? } else { prepared.block() };
        let mut run = Run {
            workspace: self,
            prepared,
            planner: self.planner(prepared)?,
            keys: Arc::default(),
            session: self.store.run_session(&claim)?,
            claim,
            process,
            next_chunk: claim.next_chunk,
            counts,
            watch,
            pace: Pace::Full,
            foretold: Foretold::load(self, prepared.id)?,
            commit_time: Duration::ZERO,
        };
        let mut outcome = run.go_on(Run::replay, Pace::Full);
        let mut mistakes_made = 0;
        for _ in 0..RESTARTS {
            match outcome {
                Err(Error::Store(StoreError::Stale | StoreError::Conflict(_) | StoreError::Refused(_))) => {}
                Err(Error::Mistake { .. }) if mistakes_made + 1 < mistakes::TRIES => mistakes_made += 1,
                _ => break,
            }
            // What the run holds in memory is not what the database holds: a chunk behind the first of its group was
            // refused, or a commit was lost. It goes on from the checkpoint, every chunk a group of its own.
            outcome = run.go_on(Run::begin_anew, Pace::Careful);
        }
        match outcome {
            Err(Error::Store(StoreError::Fenced)) | Ok(_) => outcome,
            Err(error) => {
                // Nothing of the broken group happened; whoever mends the cause resumes at the checkpoint. A database that
                // is back, or a lock that is free, needs nobody: the next worker goes on.
                let _ = match error {
                    Error::Store(StoreError::Unavailable(_) | StoreError::Busy(_)) => run.finish(Event::HandBack, None),
                    _ => run.finish(Event::Pause, Some(&why_paused(&error))),
                };
                Err(error)
            }
        }
    }
}

/// How a run ends for whoever watches it, if it shall end.
pub(super) fn asked_by(watch: &mut impl Watch) -> Option<Ending> {
    match watch.wish() {
        Wish::GoOn => None,
        Wish::Pause => Some(Ending::Paused),
        Wish::HandBack => Some(Ending::HandedBack),
    }
}

/// Names this process in leases.
pub(super) fn owner() -> String {
    format!("process {}", std::process::id())
}

impl<W: Watch> Run<'_, W> {
    /// Goes through the chunks that are left and ends the run.
    fn go_on(&mut self, begin: impl FnOnce(&mut Self) -> Result<()>, pace: Pace) -> Result<ImportState> {
        mistakes::caught(self.prepared.id, || {
            begin(self)?;
            let ending = self.all_chunks(pace)?;
            self.end(ending)
        })
    }

    /// Begins anew at the checkpoint, with nothing remembered but what is stored.
    fn begin_anew(&mut self) -> Result<()> {
        let job = self.workspace.job(self.prepared.id, JobKind::Run)?;
        // A mistake behind the end is none of the import's any more.
        if job.fence != self.claim.fence || job.state != ImportState::Running {
            return Err(StoreError::Fenced.into());
        }
        self.next_chunk = job.next_chunk;
        self.counts = self.workspace.find_import(self.prepared.id)?.counts;
        self.planner = self.workspace.planner(self.prepared)?;
        self.session = self.workspace.store.run_session(&self.claim)?;
        self.replay()
    }

    fn end(&mut self, ending: Ending) -> Result<ImportState> {
        match ending {
            Ending::Paused => self.finish(Event::Pause, None),
            Ending::HandedBack => self.finish(Event::HandBack, None),
            Ending::Left(state) => Ok(state),
            Ending::Drifted(rows) => self.pause_before_drift(rows),
            Ending::Completed => match self.finish(Event::Finish, None) {
                // Still ours, but not complete: the database was restarted and lost the last commits.
                Err(Error::Store(StoreError::Fenced)) if self.is_incomplete()? => Err(StoreError::Stale.into()),
                finished => finished,
            },
        }
    }

    fn is_incomplete(&self) -> Result<bool> {
        let job = self.workspace.job(self.prepared.id, JobKind::Run)?;
        Ok(job.fence == self.claim.fence && job.next_chunk < job.chunks)
    }

    /// Gives the planner back what earlier chunks told it about identities that come again.
    fn replay(&mut self) -> Result<()> {
        if self.next_chunk == 0 || self.prepared.scan.repeats.is_empty() {
            return Ok(());
        }
        let mut by_row: Vec<(u32, u64)> = self.prepared.scan.repeats.all().map(|(hash, row)| (row, hash)).collect();
        by_row.sort_unstable();
        for chunk in 0..self.next_chunk {
            let (workspace, id) = (self.workspace, self.prepared.id);
            let body = workspace.store.read(|r| chunk_body(r, workspace.id, id, Pass::Run, chunk))?;
            let body = body.ok_or_else(|| StoreError::Corrupt(format!("the report of chunk {chunk} is missing")))?;
            let rows = ChunkReport::rows(&body, self.prepared.block())
                .map_err(|e| StoreError::Corrupt(format!("the report of chunk {chunk}: {e}")))?;
            for row in rows.iter().filter(|row| row.outcome != Outcome::Failed) {
                if let Ok(at) = by_row.binary_search_by_key(&row.row, |(row, _)| *row) {
                    self.planner.replay(by_row[at].1, row.row);
                }
            }
        }
        Ok(())
    }

    fn all_chunks(&mut self, pace: Pace) -> Result<Ending> {
        self.pace = pace;
        let workspace = self.workspace;
        let recipe = &self.prepared.recipe;
        let record_type = recipe.settings.record_type;
        // In an empty workspace nobody can be found: until the first conflict the look-up is left out.
        let nobody = pace == Pace::Full
            && self.next_chunk == 0
            && recipe.settings.on_new == OnNew::Create
            && !workspace.store.read(|r| has_people(r, workspace.id, record_type))?;
        if !nobody {
            self.keys = workspace.key_index(self.prepared)?;
        }
        // SQLite looks up inside its transaction: a third thread on its own connection was slower (2.4 s a million rows
        // instead of 2.1), because the rows cross threads.
        let look_ahead = pace == Pace::Full && workspace.store.dialect() == Dialect::Postgres && !nobody;
        std::thread::scope(|scope| {
            let takers = if look_ahead { LOOK_UPS } else { 1 };
            let checked = spawn_checker(scope, self.prepared, self.next_chunk, takers)?;
            if look_ahead {
                let session = self.claim.session();
                let look_ups = (0..takers).map(|_| LookUp::new(&workspace.store, workspace.id, &session, &self.keys));
                let look_ups = look_ups.collect::<std::result::Result<_, _>>()?;
                let ready = spawn_look_ups(scope, checked, look_ups, self.prepared)?;
                self.consume(ready, |(chunk, known)| (chunk, Some((known, Freshness::Ahead))))
            } else if nobody {
                self.consume(checked, |chunk| {
                    let (chunk, known) = nobody_known(chunk, recipe);
                    (chunk, Some((known, Freshness::Ahead)))
                })
            } else {
                self.consume(checked, |chunk| (chunk, None))
            }
        })
    }

    fn consume<T>(&mut self, mut ready: InTurn<Result<T>>, to_next: impl Fn(T) -> Next) -> Result<Ending> {
        let total = self.prepared.scan.chunks.len() as u32;
        while self.next_chunk < total {
            if let Some(ending) = asked_by(self.watch) {
                return Ok(ending);
            }
            let first = match ready.recv() {
                Ok(first) => to_next(first?),
                Err(_) => return Err(Error::Output("the checking thread ended early".to_owned())),
            };
            let ending = self.group(first, &mut || match ready.try_recv() {
                Ok(next) => next.map(|next| Some(to_next(next))),
                Err(_) => Ok(None),
            })?;
            if let Some(ending) = ending {
                return Ok(ending);
            }
            self.watch.progress(Progress {
                done: self.counts.processed(),
                total: self.prepared.scan.records,
                counts: self.counts,
            });
        }
        Ok(Ending::Completed)
    }

    /// Whoever resumes it has been told of the rows, and has them imported and named.
    fn pause_before_drift(&mut self, rows: u64) -> Result<ImportState> {
        let (workspace, id) = (self.workspace, self.prepared.id);
        workspace.store.write(|tx| name_drift(tx, workspace.id, id))?;
        let were = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        let problem = serde_json::json!({
            "code": "drifted",
            "message": format!("{were} would end otherwise than the check foretold: the workspace changed after it"),
            "hint": "Resume to import them as they are now and have them named in the report, or cancel.",
        });
        self.finish(Event::Pause, Some(&problem.to_string()))
    }

    fn finish(&mut self, event: Event, problem: Option<&str>) -> Result<ImportState> {
        crash::at("before_finish");
        let wanted = after(ImportState::Running, event)?;
        let (claim, id) = (&self.claim, self.prepared.id);
        let state = self.workspace.store.write(|tx| {
            let state = match event {
                Event::Pause | Event::HandBack => rest(tx, claim, wanted)?,
                _ => {
                    leave(tx, claim, wanted)?;
                    wanted
                }
            };
            set_state(tx, claim.workspace, id, state, problem.filter(|_| state == wanted))?;
            Ok(state)
        })?;
        let record_type = self.prepared.recipe.settings.record_type.key();
        metrics::counter!("convoke_imports_total", "state" => state.key(), "record_type" => record_type).increment(1);
        crash::at("after_finish");
        Ok(state)
    }
}
