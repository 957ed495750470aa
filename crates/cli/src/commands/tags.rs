//! `tags list`.

use anyhow::Result;
use convoke_app::imports::shapes;

use super::DONE;
use crate::args::{Global, TagsCommand};
use crate::print::numbers::grouped;
use crate::print::table;
use crate::resources::Resources;
use crate::{output, print};

pub(super) fn run(global: &Global, resources: &Resources<'_>, TagsCommand::List: &TagsCommand) -> Result<u8> {
    let tags = resources.tags()?;
    if global.json {
        let lines = tags.iter().map(|tag| print::json::line(&shapes::json(tag)));
        output::print(&lines.collect::<String>())?;
        return Ok(DONE);
    }
    if tags.is_empty() {
        output::say("There are no tags yet.");
        return Ok(DONE);
    }
    let mut table = table::table(&["Tag", "People"]);
    tags.into_iter().for_each(|tag| table::add(&mut table, [tag.name, grouped(tag.people)]));
    output::print(&table::text(&table))?;
    Ok(DONE)
}
