//! `check FILE` and `import FILE`: the same arguments, the same report; only the import changes people.

use std::path::Path;

use anyhow::Result;
use convoke_app::imports::{ImportReport, Prepared};
use convoke_app::people::id::ImportId;
use convoke_app::pipeline::plan::Counts;
use convoke_app::store::imports::{ImportKind, ImportState};
use convoke_app::{Error, Workspace};

use super::DONE;
use super::result_files::ResultFiles;
use crate::args::{Global, ImportArgs};
use crate::failure::{COULD_NOT_RUN, Failure, REFUSED, ROWS_FAILED};
use crate::print::numbers::grouped;
use crate::print::reading::{DOUBTFUL, blank_formulas};
use crate::print::report::Words;
use crate::progress::{self, Bar};
use crate::{open, output, print};

/// Does `check` or `import`.
pub(super) fn run(global: &Global, args: &ImportArgs, kind: ImportKind) -> Result<u8> {
    let options = args.options()?;
    let files = ResultFiles::open(&args.output_paths(), Some(&args.file))?;
    args.not_yet().for_each(output::say);
    let workspace = open::to_write(global, None)?;
    let newest = workspace.imports(1)?.first().map(|import| import.id);
    let reading = progress::reading(&args.file_name(), global.json);
    let prepared = workspace.prepare(&args.file, &options, kind);
    reading.finish_and_clear();
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(error @ Error::Refused(_)) => return refused(global, &workspace, newest, error),
        Err(error) => return Err(error.into()),
    };
    if let Some(earlier) = prepared.same_as {
        output::say(&format!("{}: the same content was imported before as {earlier}", prepared.file_name));
    }
    say_doubt(&prepared);
    let mut bar = Bar::new(kind == ImportKind::DryRun || options.stop_rule.is_some(), 0, global.json);
    let outcome = match kind {
        ImportKind::DryRun => workspace.check(&prepared, &mut bar).map(|counts| {
            bar.clear();
            say_stop_rule(&prepared, &counts);
        }),
        ImportKind::Import => {
            bar.pause_on_signals();
            workspace.run(&prepared, &mut bar).map(|_| ())
        }
    };
    bar.clear();
    conclude(global, &workspace, prepared.id, outcome, Output { file: Some(&args.file), files })
}

/// What whoever imports has to know of how the file was read: formulas without values look like blank cells, and names
/// in the wrong encoding are imported as they are read.
fn say_doubt(prepared: &Prepared) {
    blank_formulas(&prepared.source).into_iter().for_each(|sentence| output::say(&sentence));
    let found = &prepared.source.detected.encoding;
    let (Some(encoding), Some(other)) = (&prepared.source.encoding, &found.runner_up) else { return };
    if found.certainty < DOUBTFUL {
        output::say(&format!(
            "The encoding is a guess: {encoding}, or perhaps {other}. Look at the names with convoke inspect, or say which \
             it is with --encoding"
        ));
    }
}

/// A check tells what the import would be told.
fn say_stop_rule(prepared: &Prepared, counts: &Counts) {
    let (failed, total) = (counts.failed, prepared.scan.records);
    if prepared.recipe.settings.stop_rule.is_some_and(|rule| rule.is_broken_by(failed, total)) {
        output::say(&format!(
            "The import would be refused: {} of {} rows would fail, more than --max-failed allows",
            grouped(failed),
            grouped(total)
        ));
    }
}

/// A file that cannot be understood; where it was recorded, the JSON names its import.
fn refused(global: &Global, workspace: &Workspace, newest: Option<ImportId>, error: Error) -> Result<u8> {
    let recorded = workspace
        .imports(1)?
        .into_iter()
        .find(|import| import.state == ImportState::Refused && newest.is_none_or(|newest| import.id > newest));
    let error = anyhow::Error::from(error);
    let (Some(import), true) = (recorded, global.json) else { return Err(error) };
    let failure = Failure::of(&error);
    failure.say();
    output::print(&print::json::failed_import(&workspace.report(import.id)?, &failure))?;
    Ok(failure.exit)
}

/// What a command writes, and of which file.
pub(super) struct Output<'a> {
    /// As it was typed.
    pub(super) file: Option<&'a Path>,
    pub(super) files: ResultFiles,
}

/// Writes the files, prints the report, and gives the exit code.
pub(super) fn conclude(
    global: &Global,
    workspace: &Workspace,
    id: ImportId,
    outcome: convoke_app::Result<()>,
    output: Output<'_>,
) -> Result<u8> {
    let failure = outcome.err().map(anyhow::Error::from);
    match (workspace.report(id), failure) {
        (Ok(report), failure) => end(global, workspace, &report, failure, output),
        // A database that went away cannot be asked for the report: what it died of is the news.
        (Err(_), Some(failure)) => Err(failure),
        (Err(error), None) => Err(error.into()),
    }
}

fn end(
    global: &Global,
    workspace: &Workspace,
    report: &ImportReport,
    failure: Option<anyhow::Error>,
    output: Output<'_>,
) -> Result<u8> {
    let failure = failure.map(|error| Failure::of(&error));
    let import = &report.import;
    let code = failure.as_ref().map_or_else(|| exit_code(import.state, import.counts.failed), |failure| failure.exit);
    // Whatever becomes of the files, the report is told.
    let written = output.files.write(workspace, import.id);
    output::print(&match (&failure, global.json) {
        (Some(failure), true) => print::json::failed_import(report, failure),
        (None, true) => print::json::import(report),
        (_, false) => Words::new(global, &workspace.name).of_file(output.file).ending(report),
    })?;
    if let Some(failure) = &failure {
        failure.say();
    }
    if import.state == ImportState::Paused {
        // The report for people ends with the command.
        let again = global.json.then(|| format!(" Continue it with: {}", open::resume_command(global, import.id)));
        let again = again.unwrap_or_default();
        output::say(&format!("The import is paused; the rows so far are in, each once.{again}"));
    }
    written.map(|()| code)
}

fn exit_code(state: ImportState, failed: u64) -> u8 {
    match state {
        ImportState::Completed if failed == 0 => DONE,
        ImportState::Completed => ROWS_FAILED,
        ImportState::Refused => REFUSED,
        _ => COULD_NOT_RUN,
    }
}
