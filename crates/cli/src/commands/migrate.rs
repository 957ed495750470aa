//! `migrate`: makes the database, or brings it to this version, and says what was done.

use anyhow::Result;
use serde_json::json;

use super::DONE;
use crate::args::Global;
use crate::{open, output, print};

pub(super) fn run(global: &Global) -> Result<u8> {
    let store = open::store_to_write(global)?;
    let applied = store.migrated();
    if global.json {
        output::print(&print::json::line(
            &json!({"database": open::address(global)?.to_string(), "applied": applied}),
        ))?;
        return Ok(DONE);
    }
    let database = open::address(global)?;
    if applied.is_empty() {
        output::print(&format!("{database} is up to date: nothing to migrate\n"))?;
    } else {
        let numbers: Vec<_> = applied.iter().map(i64::to_string).collect();
        let noun = if applied.len() == 1 { "migration" } else { "migrations" };
        output::print(&format!("{database}: applied {noun} {}\n", numbers.join(", ")))?;
    }
    Ok(DONE)
}
