//! `fields list|add`.

use anyhow::Result;
use convoke_app::directory::fields::Field;
use convoke_app::imports::shapes;
use convoke_app::people::custom::{CustomField, CustomKind};
use convoke_app::people::id::FieldId;
use convoke_app::people::record_type::RecordType;
use serde_json::json;

use super::DONE;
use crate::args::{FieldsCommand, Global, NewField};
use crate::print::table;
use crate::{open, output, print};

pub(super) fn run(global: &Global, command: &FieldsCommand) -> Result<u8> {
    match command {
        FieldsCommand::List { record_type } => list(global, *record_type)?,
        FieldsCommand::Add(field) => add(global, field)?,
    }
    Ok(DONE)
}

fn add(global: &Global, new: &NewField) -> Result<()> {
    let workspace = open::to_write(global, None)?;
    let id = workspace.add_field(CustomField {
        // The app gives it its id.
        id: FieldId(0),
        record_type: new.record_type,
        name: new.name.clone(),
        kind: new.kind.unwrap_or(CustomKind::Text),
        multiple: new.multiple,
        shown: new.shown,
        options: new.option.clone(),
    })?;
    if global.json {
        return output::print(&print::json::line(&json!({"id": id.to_string(), "name": new.name.trim()})));
    }
    output::say(&format!("Custom field {} of {} is made.", new.name.trim(), new.record_type.plural()));
    Ok(())
}

fn list(global: &Global, of: Option<RecordType>) -> Result<()> {
    let fields = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.fields(of))?;
    if global.json {
        let lines = fields.iter().map(|field| print::json::line(&shapes::json(&Field::from(field))));
        return output::print(&lines.collect::<String>());
    }
    if fields.is_empty() {
        output::say("There are no custom fields yet.");
        return Ok(());
    }
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let mut table = table::table(&["Field", "Of", "Type", "Several values", "Shown", "Options"]);
    for field in fields {
        let (of, kind) = (field.record_type.plural().to_owned(), field.kind.key().to_owned());
        table::add(&mut table, [field.name, of, kind, yes(field.multiple), yes(field.shown), field.options.join(", ")]);
    }
    output::print(&table::text(&table))
}
