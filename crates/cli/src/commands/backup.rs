//! `backup FOLDER` and `restore FOLDER` of a SQLite installation.

use std::path::Path;

use anyhow::Result;
use convoke_app::store::Address;
use convoke_app::{Error, backup as copies};

use super::DONE;
use crate::args::Global;
use crate::open::Place;
use crate::print::numbers::counted;
use crate::{open, output};

pub(super) fn backup(global: &Global, folder: &Path) -> Result<u8> {
    refuse_postgres(global, "backup", "pg_dump")?;
    let workspace = open::to_find(global)?;
    let copied = copies::backup(&workspace.store, &workspace.files, folder)?;
    let folder = folder.display();
    output::say(&match open::place(global)? {
        Place::Folder(_) => {
            format!("Database and {} are copied to {folder}", counted(copied.files, "uploaded file", "uploaded files"))
        }
        Place::Bucket { name, .. } => {
            format!(
                "The database is copied to {folder}. The uploaded files stay in {name}: copy the bucket by its own means"
            )
        }
    });
    Ok(DONE)
}

pub(super) fn restore(global: &Global, folder: &Path) -> Result<u8> {
    refuse_postgres(global, "restore", "pg_restore")?;
    let address = open::address(global)?;
    let Address::Sqlite(database) = &address else { return Ok(DONE) };
    let place = open::place(global)?;
    let files = match &place {
        Place::Folder(root) => Some(root.as_path()),
        Place::Bucket { .. } => None,
    };
    let copied = copies::restore(folder, database, files)?;
    let (database, from) = (database.display(), folder.display());
    output::say(&match &place {
        Place::Folder(_) => {
            let files = counted(copied.files, "uploaded file", "uploaded files");
            format!("{database} and {files} are restored from {from}")
        }
        Place::Bucket { name, .. } => {
            format!("{database} is restored from {from}. The uploaded files are expected in {name} as they were then")
        }
    });
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
