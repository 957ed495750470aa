//! The stop rule: an import that nobody has begun is checked in full and refused if too many rows would fail, before
//! any row takes effect.

use convoke_pipeline::problem::{Problem, ProblemCode};
use convoke_pipeline::settings::StopRule;
use convoke_store::imports::set_state;
use convoke_store::jobs::{Claim, Job, leave};

use super::prepare::json;
use super::{Prepared, Watch};
use crate::error::{Error, Result};
use crate::states::{Event, after};
use crate::workspace::Workspace;

impl Workspace {
    /// Judges the rule of an import that is about to begin. Whoever resumes one was told yes before.
    pub(super) fn judge_stop_rule(&self, prepared: &Prepared, job: &Job, watch: &mut impl Watch) -> Result<()> {
        let Some(rule) = prepared.recipe.settings.stop_rule.filter(|_| job.fence == 0) else { return Ok(()) };
        // What was checked and confirmed was judged by its check.
        if self.find_import(prepared.id)?.plan_digest.is_some() {
            return Ok(());
        }
        let failed = self.foresee(prepared, watch)?.failed;
        let total = prepared.scan.records;
        let hint = "Nothing was imported. Correct the rows that its report names, or allow more (--max-failed).";
        let Some(problem) = broken_rule(rule, failed, total, hint) else { return Ok(()) };
        self.refuse(prepared, job, &problem)?;
        Err(Error::Refused(problem))
    }

    /// Refuses an import that nobody has begun; its file and the report of its check stay.
    fn refuse(&self, prepared: &Prepared, job: &Job, problem: &Problem) -> Result<()> {
        let state = after(job.state, Event::Refuse)?;
        let problem = json(problem)?;
        // The fence is the one that was seen: whoever claimed the job meanwhile has begun, and nothing is refused.
        let seen = Claim { workspace: self.id, job: job.id, fence: job.fence, next_chunk: job.next_chunk };
        Ok(self.store.write(|tx| {
            leave(tx, &seen, state)?;
            set_state(tx, self.id, prepared.id, state, Some(&problem))
        })?)
    }
}

/// Why an import is refused of which so many rows would fail; None if the rule allows them.
pub(super) fn broken_rule(rule: StopRule, failed: u64, total: u64, hint: &str) -> Option<Problem> {
    let most = match rule {
        StopRule::Rows(most) => most.to_string(),
        StopRule::Percent(most) => format!("{most} %"),
    };
    let message = format!("{failed} of {total} rows would fail; this import allows {most}");
    rule.is_broken_by(failed, total).then(|| Problem::new(ProblemCode::StopRule, message, hint))
}
