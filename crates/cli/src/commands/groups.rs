//! `groups list|add|remove`.

use anyhow::Result;
use convoke_app::directory::groups::Group;
use convoke_app::imports::shapes;
use serde_json::json;

use super::DONE;
use crate::args::{Global, GroupsCommand};
use crate::print::numbers::grouped;
use crate::print::table;
use crate::{open, output, print};

pub(super) fn run(global: &Global, command: &GroupsCommand) -> Result<u8> {
    match command {
        GroupsCommand::List => list(global)?,
        GroupsCommand::Add { name, code, description } => {
            let workspace = open::to_write(global, None)?;
            let id = workspace.add_group(name, description.as_deref(), code.as_deref())?;
            if global.json {
                output::print(&print::json::line(&json!({"id": id.to_string(), "name": name.trim()})))?;
            } else {
                output::say(&format!("Group {} is made.", name.trim()));
            }
        }
        GroupsCommand::Remove { name } => {
            open::to_write(global, None)?.remove_group(name)?;
            output::say(&format!("Group {name} is removed."));
        }
    }
    Ok(DONE)
}

fn list(global: &Global) -> Result<()> {
    let groups = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.groups())?;
    if global.json {
        let lines = groups.iter().map(|group| print::json::line(&shapes::json(&Group::from(group))));
        return output::print(&lines.collect::<String>());
    }
    if groups.is_empty() {
        output::say("There are no groups yet.");
        return Ok(());
    }
    let mut table = table::table(&["Group", "Join code", "Pending", "Active", "Description"]);
    for group in groups {
        let (code, description) = (group.join_code.unwrap_or_default(), group.description.unwrap_or_default());
        table::add(&mut table, [group.name, code, grouped(group.pending), grouped(group.active), description]);
    }
    output::print(&table::text(&table))
}
