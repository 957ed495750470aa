//! `groups list|add|remove`.

use anyhow::Result;
use convoke_app::directory::groups::NewGroup;
use convoke_app::imports::shapes;
use serde_json::json;

use super::DONE;
use crate::args::{Global, GroupsCommand};
use crate::print::numbers::grouped;
use crate::print::table;
use crate::resources::Resources;
use crate::{output, print};

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &GroupsCommand) -> Result<u8> {
    match command {
        GroupsCommand::List => list(global, resources)?,
        GroupsCommand::Add { name, code, description } => {
            let new = NewGroup { name: name.clone(), description: description.clone(), code: code.clone() };
            let id = resources.make_group(&new)?;
            if global.json {
                output::print(&print::json::line(&json!({"id": id, "name": name.trim()})))?;
            } else {
                output::say(&format!("Group {} is made.", name.trim()));
            }
        }
        GroupsCommand::Remove { name } => {
            resources.remove_group(name)?;
            output::say(&format!("Group {name} is removed."));
        }
    }
    Ok(DONE)
}

fn list(global: &Global, resources: &Resources<'_>) -> Result<()> {
    let groups = resources.groups()?;
    if global.json {
        let lines = groups.iter().map(|group| print::json::line(&shapes::json(group)));
        return output::print(&lines.collect::<String>());
    }
    if groups.is_empty() {
        output::say("There are no groups yet.");
        return Ok(());
    }
    let mut table = table::table(&["Group", "Join code", "Pending", "Active", "Description"]);
    for group in groups {
        let (code, description) = (group.code.unwrap_or_default(), group.description.unwrap_or_default());
        table::add(&mut table, [group.name, code, grouped(group.pending), grouped(group.active), description]);
    }
    output::print(&table::text(&table))
}
