//! `people list` and `people export`: read-only, beside a running writer as well.

use std::io::Write;

use anyhow::Result;
use convoke_app::directory::person::PersonShapes;
use convoke_app::imports::shapes;
use convoke_app::people::id::PersonId;
use convoke_app::people::record_type::RecordType;
use convoke_app::store::people::page_of_people;
use convoke_app::{Error, Workspace};

use super::DONE;
use crate::args::{Format, Global, PeopleCommand, PeopleExport, PeopleList};
use crate::output::{self, Target};
use crate::print::numbers::counted;
use crate::print::person::{cells, headings};
use crate::print::table;
use crate::{open, print};

/// Rows of a table unless more are asked for.
const TABLE_ROWS: u32 = 50;

pub(super) fn run(global: &Global, command: &PeopleCommand) -> Result<u8> {
    match command {
        PeopleCommand::List(args) if global.json => {
            let Some(workspace) = open::to_read(global)? else { return Ok(DONE) };
            let mut out = Target::open(None)?;
            match args.limit {
                Some(most) => write_first(&workspace, args.record_type, most, &mut out)?,
                None => workspace.export_ndjson(args.record_type, &mut out)?,
            }
            out.finish()?;
        }
        PeopleCommand::List(args) => list(global, args)?,
        PeopleCommand::Export(args) => export(global, args)?,
    }
    Ok(DONE)
}

fn list(global: &Global, args: &PeopleList) -> Result<()> {
    let plural = args.record_type.plural();
    let nobody = format!("There are no {plural} yet.");
    let Some(workspace) = open::to_read(global)? else {
        output::say(&nobody);
        return Ok(());
    };
    let most = args.limit.unwrap_or(TABLE_ROWS);
    // One more than is shown tells whether there are more.
    let mut people = first(&workspace, args.record_type, most.saturating_add(1))?;
    if people.is_empty() {
        output::say(&nobody);
        return Ok(());
    }
    let more = people.len() > most as usize;
    people.truncate(most as usize);
    let mut table = table::table(headings(args.record_type));
    people.iter().for_each(|person| table::add(&mut table, cells(person)));
    output::print(&table::text(&table))?;
    if more {
        let shown = counted(people.len() as u64, "person", "people");
        let export = open::command(global, &format!("people export --as {plural}"));
        output::say(&format!(
            "These are the first {shown}; there are more. --limit N shows more, {export} all of them."
        ));
    }
    Ok(())
}

fn first(workspace: &Workspace, of: RecordType, most: u32) -> Result<Vec<convoke_app::store::people::Person>> {
    let page = workspace.store.read(|r| page_of_people(r, workspace.id, of, PersonId(0), most));
    Ok(page.map_err(Error::from)?)
}

fn export(global: &Global, args: &PeopleExport) -> Result<()> {
    let workspace = open::to_read(global)?;
    let mut out = Target::open(args.out.as_deref())?;
    match (workspace, args.format) {
        (None, _) => output::say(&format!("There are no {} yet.", args.record_type.plural())),
        (Some(workspace), Format::Csv) => workspace.export_csv(args.record_type, &mut out)?,
        (Some(workspace), Format::Ndjson) => workspace.export_ndjson(args.record_type, &mut out)?,
    }
    out.finish()
}

/// Writes the first people as JSON, one a line.
fn write_first(workspace: &Workspace, of: RecordType, most: u32, out: &mut Target) -> Result<()> {
    let shapes = PersonShapes::new(&workspace.fields(Some(of))?);
    for person in first(workspace, of, most)? {
        let line = print::json::line(&shapes::json(&shapes.of(&person)));
        out.write_all(line.as_bytes()).map_err(|error| Error::Output(format!("cannot write people: {error}")))?;
    }
    Ok(())
}
