//! `imports resume ID`: takes up an import that was interrupted or paused, at its checkpoint.

use std::time::Duration;

use anyhow::Result;
use convoke_app::imports::Resumption;
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::ImportState;
use convoke_app::{Error, Workspace};

use super::DONE;
use super::import::{Output, conclude};
use super::result_files::ResultFiles;
use crate::args::Global;
use crate::failure::REFUSED;
use crate::progress::Bar;
use crate::{open, output, print};

/// Longest wait for another process's lease: a lease lasts five seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

pub(super) fn run(global: &Global, id: ImportId) -> Result<u8> {
    let workspace = open::to_write(global, Some(id))?;
    let mut bar = Bar::new(false, workspace.find_import(id)?.counts.processed(), global.json);
    bar.pause_on_signals();
    let mut has_waited = false;
    let outcome = loop {
        match workspace.resume(id, &mut bar) {
            Ok(Resumption::Ended(_)) => break Ok(()),
            Ok(Resumption::NotRunnable(state)) => return not_runnable(global, &workspace, id, state),
            Ok(Resumption::Held { .. }) if has_waited => {
                return Err(Error::usage(
                    format!("Another process is running {id}"),
                    "It goes on by itself: look at it with convoke imports show.",
                )
                .into());
            }
            Ok(Resumption::Held { until }) => {
                wait_for_lease(until);
                has_waited = true;
            }
            Err(error) => break Err(error),
        }
    };
    bar.clear();
    conclude(global, &workspace, id, outcome, Output { file: None, files: ResultFiles::none() })
}

#[expect(clippy::disallowed_methods, reason = "a lease of another process runs out by time and nothing else")]
fn wait_for_lease(until: i64) {
    let left = Duration::from_micros(u64::try_from(until - open::now()).unwrap_or(0)).min(LONGEST_WAIT);
    output::say(&format!(
        "Another process held this import: waiting {} s for its lease to run out",
        left.as_secs() + 1
    ));
    std::thread::sleep(left);
}

fn not_runnable(global: &Global, workspace: &Workspace, id: ImportId, state: ImportState) -> Result<u8> {
    output::say(&format!("{id} is {}: there is nothing to resume", state.key()));
    if global.json {
        output::print(&print::json::import(&workspace.report(id)?))?;
    }
    Ok(if state == ImportState::Completed { DONE } else { REFUSED })
}
