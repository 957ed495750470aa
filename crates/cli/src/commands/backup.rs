//! `backup FOLDER` and `restore FOLDER` of a SQLite installation.

use std::path::Path;

use anyhow::Result;
use convoke_app::backup::{self as copies, Copied, Extent};
use convoke_app::store::Address;
use convoke_app::{Error, Files};

use super::DONE;
use crate::args::Global;
use crate::failure::COULD_NOT_RUN;
use crate::open::Place;
use crate::print::numbers::counted;
use crate::{open, output};

/// Missing files that are named.
const NAMED: usize = 10;

pub(super) fn backup(global: &Global, folder: &Path, without_files: bool) -> Result<u8> {
    refuse_postgres(global, "backup", "pg_dump")?;
    let workspace = open::to_find(global)?;
    let extent = if without_files { Extent::WithoutFiles } else { Extent::Everything };
    let copied = copies::backup(&workspace.store, &workspace.files, folder, extent)?;
    let (folder, files) = (folder.display(), counted(copied.files, "uploaded file", "uploaded files"));
    output::say(&if copied.is_without_files {
        let place = place_name(global)?;
        format!("The database is copied to {folder}. The uploaded files stay in {place}: copy them by their own means")
    } else {
        format!("Database and {files} are copied to {folder}")
    });
    Ok(told_missing(&copied))
}

pub(super) fn restore(global: &Global, folder: &Path) -> Result<u8> {
    refuse_postgres(global, "restore", "pg_restore")?;
    let address = open::address(global)?;
    let Address::Sqlite(database) = &address else { return Ok(DONE) };
    let files: Files = open::files(global)?;
    let copied = copies::restore(folder, database, &files)?;
    let (database, from) = (database.display(), folder.display());
    let files = counted(copied.files, "uploaded file", "uploaded files");
    output::say(&if copied.is_without_files {
        let place = place_name(global)?;
        format!("{database} is restored from {from}. It holds no uploaded files; {files} are in {place} as they were")
    } else {
        format!("{database} and {files} are restored from {from}")
    });
    Ok(told_missing(&copied))
}

/// Names what is missing; whoever looks at the exit code only is told as well.
fn told_missing(copied: &Copied) -> u8 {
    if copied.missing.is_empty() {
        return DONE;
    }
    let missing = counted(copied.missing.len() as u64, "file is", "files are");
    let names = copied.missing.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    output::say(&format!("error: {missing} missing or damaged: {names}"));
    output::say("hint: Everything else is there. Look for these files where they are kept, or in an older backup.");
    COULD_NOT_RUN
}

fn place_name(global: &Global) -> Result<String> {
    Ok(match open::place(global)? {
        Place::Folder(root) => root.display().to_string(),
        Place::Bucket { name, .. } => name,
    })
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
