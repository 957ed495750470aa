//! `mappings list|add|remove`: choices about columns, saved by name.

use anyhow::Result;
use convoke_app::Error;
use convoke_app::imports::{ImportOptions, shapes};
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::mapping::MappingChoices;

use super::DONE;
use crate::args::{Global, MappingsCommand, NewMapping};
use crate::print::table;
use crate::resources::Resources;
use crate::{output, print};

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &MappingsCommand) -> Result<u8> {
    match command {
        MappingsCommand::List => list(global, resources)?,
        MappingsCommand::Add(new) => add(resources, new)?,
        MappingsCommand::Remove { name, record_type } => {
            resources.remove_mapping(*record_type, name)?;
            output::say(&format!("Mapping {name} is removed."));
        }
    }
    Ok(DONE)
}

fn add(resources: &Resources<'_>, new: &NewMapping) -> Result<()> {
    let choices = new.columns.choices();
    if choices == MappingChoices::default() {
        return Err(Error::usage(
            "A mapping without choices says nothing",
            "Give it --map COLUMN=FIELD, --ignore COLUMN or --ignore-unknown.",
        )
        .into());
    }
    let options = ImportOptions { choices, ..ImportOptions::new(new.record_type) };
    resources.save_mapping(&new.name, &options)?;
    output::say(&format!("Mapping {} for {} is saved.", new.name.trim(), new.record_type.plural()));
    Ok(())
}

fn list(global: &Global, resources: &Resources<'_>) -> Result<()> {
    let mappings = resources.mappings()?;
    if mappings.is_empty() && !global.json {
        output::say("There are no saved mappings yet.");
        return Ok(());
    }
    let mut lines = String::new();
    let mut table = table::table(&["Mapping", "Of", "Columns", "Left out"]);
    for mapping in mappings {
        if global.json {
            lines.push_str(&print::json::line(&shapes::json(&mapping)));
            continue;
        }
        let of = RecordType::from(mapping.record_type).plural().to_owned();
        let map: Vec<_> = mapping.map.iter().map(|mapped| format!("{} = {}", mapped.column, mapped.field)).collect();
        let mut left_out = mapping.ignore;
        left_out.extend(mapping.ignore_unknown.then(|| "everything unknown".to_owned()));
        table::add(&mut table, [mapping.name, of, map.join(", "), left_out.join(", ")]);
    }
    if global.json { output::print(&lines) } else { output::print(&table::text(&table)) }
}
