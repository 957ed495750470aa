//! The check: the plans of a whole file, shown and kept, and nothing written about people.

use std::sync::Arc;

use convoke_pipeline::plan::Counts;
use convoke_pipeline::planner::Freshness;
use convoke_pipeline::report::{Changes, ChunkReport};
use convoke_store::committing::{Pass, write_report};
use convoke_store::imports::{ImportKind, ImportState, add_counts, set_state};
use convoke_store::matching::LookUp;
use convoke_store::people::has_people;

use super::chunks::{LOOK_UPS, nobody_known, scratch_failed, spawn_checker, spawn_look_ups};
use super::{Prepared, Progress, Watch};
use crate::error::Result;
use crate::states::{Event, after};
use crate::workspace::Workspace;

/// Chunk reports stored in one transaction.
const REPORTS_AT_ONCE: usize = 8;

impl Workspace {
    /// Plans the whole file and stores the report of pass *check*. A dry run ends with it.
    pub fn check(&self, prepared: &Prepared, watch: &mut impl Watch) -> Result<Counts> {
        let recipe = &prepared.recipe;
        let record_type = recipe.settings.record_type;
        let anybody = self.store.read(|r| has_people(r, self.id, record_type))?;
        let keys = if anybody { self.key_index(prepared)? } else { Arc::default() };
        let mut planner = self.planner(prepared)?;
        let mut counts = Counts::default();
        let mut reports = Vec::new();
        std::thread::scope(|scope| {
            let takers = if anybody { LOOK_UPS } else { 1 };
            let checked = spawn_checker(scope, prepared, 0, takers)?;
            let chunks: Box<dyn Iterator<Item = _>> = if anybody {
                let look_ups = (0..takers).map(|_| LookUp::new(&self.store, self.id, "convoke:check", &keys));
                let look_ups = look_ups.collect::<std::result::Result<_, _>>()?;
                Box::new(spawn_look_ups(scope, checked, look_ups, recipe)?)
            } else {
                Box::new(checked.map(|chunk| chunk.map(|chunk| nobody_known(chunk, recipe))))
            };
            for chunk in chunks {
                let (chunk, known) = chunk?;
                let mut plan = planner.plan(chunk, &known, Freshness::Ahead).map_err(scratch_failed)?;
                planner.settle(&mut plan).map_err(scratch_failed)?;
                counts.merge(plan.counts);
                reports.push(ChunkReport::of(&plan, Changes::Told));
                if reports.len() == REPORTS_AT_ONCE {
                    self.store_check(prepared, &mut reports)?;
                }
                watch.progress(Progress { done: counts.processed(), total: prepared.scan.records, counts });
            }
            self.store_check(prepared, &mut reports)
        })?;
        if prepared.kind == ImportKind::DryRun {
            self.end_dry_run(prepared, &counts)?;
        }
        Ok(counts)
    }

    fn store_check(&self, prepared: &Prepared, reports: &mut Vec<ChunkReport>) -> Result<()> {
        self.store.write(|tx| {
            reports.iter().try_for_each(|report| write_report(tx, self.id, prepared.id, Pass::Check, report))
        })?;
        reports.clear();
        Ok(())
    }

    fn end_dry_run(&self, prepared: &Prepared, counts: &Counts) -> Result<()> {
        let state = after(ImportState::Checking, Event::EndDryRun)?;
        self.store.write(|tx| {
            add_counts(tx, self.id, prepared.id, counts)?;
            set_state(tx, self.id, prepared.id, state, None)
        })?;
        Ok(())
    }
}
