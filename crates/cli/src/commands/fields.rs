//! `fields list|add`.

use anyhow::Result;
use convoke_app::directory::fields::NewField;
use convoke_app::imports::shapes;
use convoke_app::people::custom::CustomKind;
use convoke_app::people::record_type::RecordType;
use serde_json::json;

use super::DONE;
use crate::args::{FieldsCommand, Global, NewField as Typed};
use crate::print::table;
use crate::resources::Resources;
use crate::{output, print};

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &FieldsCommand) -> Result<u8> {
    match command {
        FieldsCommand::List { record_type } => list(global, resources, *record_type)?,
        FieldsCommand::Add(field) => add(global, resources, field)?,
    }
    Ok(DONE)
}

fn add(global: &Global, resources: &Resources<'_>, new: &Typed) -> Result<()> {
    let id = resources.make_field(&NewField {
        record_type: new.record_type.into(),
        name: new.name.clone(),
        r#type: new.kind.unwrap_or(CustomKind::Text).into(),
        multiple: new.multiple,
        shown: new.shown,
        options: new.option.clone(),
    })?;
    if global.json {
        return output::print(&print::json::line(&json!({"id": id, "name": new.name.trim()})));
    }
    output::say(&format!("Custom field {} of {} is made.", new.name.trim(), new.record_type.plural()));
    Ok(())
}

fn list(global: &Global, resources: &Resources<'_>, of: Option<RecordType>) -> Result<()> {
    let fields = resources.fields(of)?;
    if global.json {
        let lines = fields.iter().map(|field| print::json::line(&shapes::json(field)));
        return output::print(&lines.collect::<String>());
    }
    if fields.is_empty() {
        output::say("There are no custom fields yet.");
        return Ok(());
    }
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let mut table = table::table(&["Field", "Of", "Type", "Several values", "Shown", "Options"]);
    for field in fields {
        let (of, kind) =
            (RecordType::from(field.record_type).plural().to_owned(), CustomKind::from(field.r#type).key().to_owned());
        table::add(&mut table, [field.name, of, kind, yes(field.multiple), yes(field.shown), field.options.join(", ")]);
    }
    output::print(&table::text(&table))
}
