//! `config`: the settings that hold, and who says each. Secrets are masked, and so is the password in an address.

use anyhow::Result;
use convoke_app::store::Address;
use serde_json::{Value, json};

use super::DONE;
use crate::args::Global;
use crate::print::table;
use crate::settings::table::{SETTINGS, Setting};
use crate::{open, output};

pub(super) fn run(global: &Global) -> Result<u8> {
    if global.json {
        let line = |setting: &Setting| {
            let origin = global.settings.origin(setting.key).map(ToString::to_string);
            json!({"key": setting.key, "value": shown(global, setting), "from": origin, "about": setting.about})
        };
        let all: Vec<Value> = SETTINGS.iter().map(line).collect();
        output::print(&format!("{}\n", Value::from(all)))?;
        return Ok(DONE);
    }
    let mut table = table::table(&["Setting", "Value", "From"]);
    for setting in SETTINGS {
        let (value, origin) = match (shown(global, setting), global.settings.origin(setting.key)) {
            (Some(value), Some(origin)) => (value, origin.to_string()),
            (Some(value), None) => (value, "default".to_owned()),
            (None, _) if setting.default.is_empty() => ("none".to_owned(), "default".to_owned()),
            (None, _) => (setting.default.to_owned(), "default".to_owned()),
        };
        table::add(&mut table, [setting.key.to_owned(), value, origin]);
    }
    output::print(&table::text(&table))?;
    Ok(DONE)
}

/// The value that holds, if one was said or can be told.
fn shown(global: &Global, setting: &Setting) -> Option<String> {
    match (setting.key, global.settings.text(setting.key)) {
        (_, Some(_)) if setting.is_secret => Some("***".to_owned()),
        ("db", _) => Some(Address::parse(global.db()).to_string()),
        ("files.place", None) => match open::place(global) {
            Ok(open::Place::Folder(root)) => Some(root.display().to_string()),
            _ => None,
        },
        ("limits.creators" | "limits.prospects" | "limits.advocates", None) => {
            let limits = open::limits(global);
            let of = convoke_app::people::record_type::RecordType::ALL;
            let of = of.into_iter().find(|of| setting.key.ends_with(of.plural()))?;
            Some(limits.rows_of(of).to_string())
        }
        (_, said) => said.map(str::to_owned),
    }
}
