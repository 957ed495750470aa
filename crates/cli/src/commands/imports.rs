//! `imports list|show|report|original|resume`: what was imported and checked so far.

use std::path::Path;

use anyhow::Result;
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::{Import, ImportKind, ImportState};
use serde_json::json;

use super::result_files::ResultFiles;
use super::{DONE, resume};
use crate::args::{Global, ImportsCommand, ReportArgs};
use crate::output::{self, Target};
use crate::print::numbers::{grouped, rfc3339, short_moment};
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
        ImportsCommand::Resume { id } => return resume::run(global, *id),
    }
    Ok(DONE)
}

fn list(global: &Global, limit: u32) -> Result<()> {
    let imports = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.imports(limit))?;
    if global.json {
        return output::print(&imports.iter().map(as_json).collect::<String>());
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

fn as_json(import: &Import) -> String {
    let problem: serde_json::Value =
        import.problem.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    print::json::line(&json!({
        "import": import.id.to_string(),
        "kind": import.kind.key(),
        "status": import.state.key(),
        "record_type": import.record_type.key(),
        "file": import.file_name,
        "counts": print::json::counts(import),
        "created_by": import.created_by,
        "created_at": rfc3339(import.created_at),
        "started_at": import.started_at.map(rfc3339),
        "ended_at": import.ended_at.map(rfc3339),
        "problem": problem,
    }))
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
