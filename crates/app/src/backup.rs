//! Backup and restore of a SQLite installation: the database by SQLite's own online copy, the uploads beside it.
//! PostgreSQL has `pg_dump`, which knows its databases better than we do.

use std::fs;
use std::path::{Path, PathBuf};

use convoke_store::Store;

use crate::error::{Error, Result};
use crate::files::Files;

/// Names inside a backup folder.
const DATABASE: &str = "convoke.db";
const FILES: &str = "files";

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    pub files: u64,
}

/// Writes a backup into `folder`, which must not exist yet. A running server is not disturbed. The database is copied
/// first: every upload it names is there before its row is, so none can be missing.
pub fn backup(store: &Store, files: &Files, folder: &Path) -> Result<Copied> {
    if folder.exists() {
        return Err(Error::usage(format!("{} is there already", folder.display()), "Name a new folder."));
    }
    let partial = folder.with_extension("part");
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial).map_err(|e| Error::files("make the folder", &partial, e))?;
    store.back_up_to(&partial.join(DATABASE))?;
    // What lies in a bucket stays there; the folder is then without files, and a restore brings back the database.
    let files = files.root().map_or(Ok(0), |root| copy_folder(root, &partial.join(FILES)))?;
    fs::rename(&partial, folder).map_err(|e| Error::files("name the backup", folder, e))?;
    Ok(Copied { files })
}

/// Puts a backup where `database` and `files` say; neither may exist. Without `files` they are in a bucket, and only
/// the database is put back.
pub fn restore(folder: &Path, database: &Path, files: Option<&Path>) -> Result<Copied> {
    let source = folder.join(DATABASE);
    if !source.is_file() {
        return Err(Error::usage(
            format!("{} is no backup: it holds no {DATABASE}", folder.display()),
            "Name a folder that convoke backup wrote.",
        ));
    }
    // A log that an older database left would be played into the restored one.
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", database.display()));
    let (log, index) = (beside("-wal"), beside("-shm"));
    for path in [Some(database), files, Some(&log), Some(&index)].into_iter().flatten() {
        if path.exists() {
            return Err(Error::usage(
                format!("{} is there already", path.display()),
                "Move it away first: a restore never writes over data.",
            ));
        }
    }
    if let Some(parent) = database.parent() {
        fs::create_dir_all(parent).map_err(|e| Error::files("make the folder", parent, e))?;
    }
    let copied = files.map_or(Ok(0), |files| copy_folder(&folder.join(FILES), files))?;
    let partial = database.with_extension("part");
    fs::copy(&source, &partial)
        .and_then(|_| fs::File::open(&partial)?.sync_all())
        .and_then(|()| fs::rename(&partial, database))
        .map_err(|e| Error::files("restore", database, e))?;
    Ok(Copied { files: copied })
}

fn copy_folder(from: &Path, to: &Path) -> Result<u64> {
    fs::create_dir_all(to).map_err(|e| Error::files("make the folder", to, e))?;
    if !from.exists() {
        return Ok(0);
    }
    let mut copied = 0;
    for entry in fs::read_dir(from).map_err(|e| Error::files("read", from, e))? {
        let entry = entry.map_err(|e| Error::files("read", from, e))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copied += copy_folder(&source, &target)?;
        } else if source.extension().is_none_or(|e| e != "part") {
            fs::copy(&source, &target)
                .and_then(|_| fs::File::open(&target)?.sync_all())
                .map_err(|e| Error::files("copy", &source, e))?;
            copied += 1;
        }
    }
    Ok(copied)
}
