//! `imports list|show|report|original|resume`: what was imported and checked so far.

use std::path::Path;

use anyhow::Result;
use convoke_app::imports::shapes;
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::{Import, ImportKind, ImportState};

use super::result_files::ResultFiles;
use super::{DONE, resume};
use crate::args::{Global, ImportsCommand, ReportArgs};
use crate::output::{self, Target};
use crate::print::numbers::{grouped, short_moment};
use crate::print::report::Words;
use crate::print::table;
use crate::{open, print};

/// Characters of a file's name in the list.
const FILE_CHARS: usize = 20;

pub(super) fn run(global: &Global, command: &ImportsCommand) -> Result<u8> {
    match command {
        ImportsCommand::List { limit } => list(global, *limit)?,
        ImportsCommand::Show { id } => show(global, *id)?,
        ImportsCommand::Report(args) => report(global, args)?,
        ImportsCommand::Original { id, out } => original(global, *id, out.as_deref())?,
        ImportsCommand::Pause { id } => asked(global, &*open::to_write(global, Some(*id))?.pause(*id)?)?,
        ImportsCommand::Cancel { id } => asked(global, &*open::to_write(global, Some(*id))?.cancel(*id)?)?,
        ImportsCommand::Resume { id } => return resume::run(global, *id),
    }
    Ok(DONE)
}

/// What a request came to: at once, or as soon as the group that is being committed has ended.
fn asked(global: &Global, import: &Import) -> Result<()> {
    if global.json {
        return output::print(&print::json::line(&shapes::json(&shapes::Import::from(import))));
    }
    output::say(&match import.state {
        ImportState::Running => format!("{} is asked; it runs for a few seconds at most.", import.id),
        state => format!("{} is {}.", import.id, state.key()),
    });
    Ok(())
}

fn list(global: &Global, limit: u32) -> Result<()> {
    let imports = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.imports(limit))?;
    if global.json {
        return output::print(
            &imports
                .iter()
                .map(|import| print::json::line(&shapes::json(&shapes::Import::from(import))))
                .collect::<String>(),
        );
    }
    if imports.is_empty() {
        output::say("There are no imports yet.");
        return Ok(());
    }
    let mut table =
        table::table(&["Import", "State", "Type", "File", "Rows", "Created", "Updated", "Failed", "Began (UTC)"]);
    for import in imports {
        let counts = import.counts;
        let mut cells = vec![import.id.to_string(), state(&import), import.record_type.plural().to_owned()];
        cells.push(print::cut(&import.file_name, FILE_CHARS));
        cells.extend([import.total, counts.created, counts.updated, counts.failed].map(grouped));
        cells.push(short_moment(import.started_at.unwrap_or(import.created_at)));
        table::add(&mut table, cells);
    }
    output::print(&table::text(&table))
}

/// How it stands; of a check, that it was one.
fn state(import: &Import) -> String {
    match (import.kind, import.state) {
        (ImportKind::DryRun, ImportState::Completed) => "checked".to_owned(),
        (ImportKind::DryRun, state) if state != ImportState::Checking => format!("check {}", state.key()),
        (_, state) => state.key().to_owned(),
    }
}

fn show(global: &Global, id: ImportId) -> Result<()> {
    let workspace = open::to_find(global)?;
    let report = workspace.report(id)?;
    if global.json {
        return output::print(&print::json::import(&report));
    }
    output::print(&Words::new(global, &workspace.name).summary(&report))
}

fn report(global: &Global, args: &ReportArgs) -> Result<()> {
    let outputs = [args.outputs.rows.as_deref(), args.outputs.errors.as_deref(), args.not_processed.as_deref()];
    let files = ResultFiles::open(&outputs, None)?;
    let workspace = open::to_find(global)?;
    let report = workspace.report(args.id)?;
    files.write(&workspace, args.id)?;
    if global.json {
        return output::print(&print::json::import(&report));
    }
    output::print(&Words::new(global, &workspace.name).whole(&report))
}

fn original(global: &Global, id: ImportId, out: Option<&Path>) -> Result<()> {
    let workspace = open::to_find(global)?;
    let mut target = Target::open(out)?;
    workspace.write_original(id, &mut target)?;
    target.finish()
}
