//! `people list` and `people export`: read-only, beside a running writer as well.

use std::io::Write;

use anyhow::Result;
use convoke_app::Error;
use convoke_app::directory::people::Which;
use convoke_app::imports::shapes;

use super::DONE;
use crate::args::{Format, Global, PeopleCommand, PeopleExport, PeopleList};
use crate::output::{self, Target};
use crate::print::numbers::counted;
use crate::print::person::{cells, headings};
use crate::print::table;
use crate::resources::Resources;
use crate::{open, print};

/// Rows of a table unless more are asked for.
const TABLE_ROWS: u32 = 50;

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &PeopleCommand) -> Result<u8> {
    match command {
        PeopleCommand::List(args) if global.json => {
            let mut out = Target::open(None)?;
            match args.limit {
                Some(most) => write_first(resources, args, most, &mut out)?,
                None => {
                    resources.export(args.record_type, &args.which.which(), Format::Ndjson, &mut out)?;
                }
            }
            out.finish()?;
        }
        PeopleCommand::List(args) => list(global, resources, args)?,
        PeopleCommand::Export(args) => export(resources, args)?,
    }
    Ok(DONE)
}

fn list(global: &Global, resources: &Resources<'_>, args: &PeopleList) -> Result<()> {
    let plural = args.record_type.plural();
    let most = args.limit.unwrap_or(TABLE_ROWS) as usize;
    let which = args.which.which();
    // One more than is shown tells whether there are more.
    let mut people = resources.people(args.record_type, &which, most.saturating_add(1))?;
    if people.is_empty() {
        output::say(&nobody(plural, &which));
        return Ok(());
    }
    let more = people.len() > most;
    people.truncate(most);
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

fn nobody(plural: &str, which: &Which) -> String {
    if *which == Which::default() {
        format!("There are no {plural} yet.")
    } else {
        format!("There are no such {plural}.")
    }
}

fn export(resources: &Resources<'_>, args: &PeopleExport) -> Result<()> {
    let mut out = Target::open(args.out.as_deref())?;
    if !resources.export(args.record_type, &args.which.which(), args.format, &mut out)? {
        output::say(&format!("There are no {} yet.", args.record_type.plural()));
    }
    out.finish()
}

/// Writes the first people as JSON, one a line.
fn write_first(resources: &Resources<'_>, args: &PeopleList, most: u32, out: &mut Target) -> Result<()> {
    for person in resources.people(args.record_type, &args.which.which(), most as usize)? {
        let line = print::json::line(&shapes::json(&person));
        out.write_all(line.as_bytes()).map_err(|error| Error::Output(format!("cannot write people: {error}")))?;
    }
    Ok(())
}
