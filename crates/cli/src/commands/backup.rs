//! `backup FOLDER` and `restore FOLDER` of a SQLite installation.

use std::path::Path;

use anyhow::Result;
use convoke_app::store::Address;
use convoke_app::{Error, backup as copies};

use super::DONE;
use crate::args::Global;
use crate::print::numbers::counted;
use crate::{open, output};

pub(super) fn backup(global: &Global, folder: &Path) -> Result<u8> {
    refuse_postgres(global, "backup", "pg_dump")?;
    let workspace = open::to_find(global)?;
    let copied = copies::backup(&workspace.store, &workspace.files, folder)?;
    output::say(&format!(
        "Database and {} are copied to {}",
        counted(copied.files, "uploaded file", "uploaded files"),
        folder.display()
    ));
    Ok(DONE)
}

pub(super) fn restore(global: &Global, folder: &Path) -> Result<u8> {
    refuse_postgres(global, "restore", "pg_restore")?;
    let address = open::address(global)?;
    let Address::Sqlite(database) = &address else { return Ok(DONE) };
    let copied = copies::restore(folder, database, &open::files_root(global, &address))?;
    output::say(&format!(
        "{} and {} are restored from {}",
        database.display(),
        counted(copied.files, "uploaded file", "uploaded files"),
        folder.display()
    ));
    Ok(DONE)
}

fn refuse_postgres(global: &Global, command: &str, instead: &str) -> Result<()> {
    match open::address(global)? {
        Address::Sqlite(_) => Ok(()),
        Address::Postgres(_) => Err(Error::usage(
            format!("convoke {command} is for SQLite"),
            format!("Use {instead} for the database, and copy the folder of --files."),
        )
        .into()),
    }
}
