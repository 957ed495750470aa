//! Backup and restore of a SQLite installation: the database by SQLite's own online copy, and the files it names, each
//! with its digest. A backup and a restored database get their names when they are whole, so that a process that dies
//! meanwhile leaves what was there before. PostgreSQL has `pg_dump`, which knows its databases better than we do.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use convoke_people::id::WorkspaceId;
use convoke_store::uploads::{Upload, find_upload, kept_uploads};
use convoke_store::{Store, workspaces};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::files::Files;

/// Names inside a backup folder.
const DATABASE: &str = "convoke.db";
const FILES: &str = "files";
const MANIFEST: &str = "manifest.json";
/// Bytes read at once for a digest.
const BLOCK_BYTES: usize = 256 << 10;

/// What a backup is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Everything,
    /// The files stay where they are; a restore looks for them there.
    WithoutFiles,
}

/// What was copied, or put back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub files: u64,
    /// Files that the database names and that are not there, or not as they were stored.
    pub missing: Vec<String>,
    pub is_without_files: bool,
}

/// What a backup holds.
#[derive(Serialize, Deserialize)]
struct Manifest {
    /// SHA-256 of the database, in hexadecimal.
    database: String,
    /// Whether the files are in the backup.
    has_files: bool,
    files: Vec<NamedFile>,
}

/// A file that the database names.
#[derive(Serialize, Deserialize)]
struct NamedFile {
    key: String,
    bytes: u64,
    sha256: String,
}

/// Writes a backup into `folder`, which must not exist yet. A running server is not disturbed. The database is copied
/// first: every upload it names is there before its row is, so none can be missing.
pub fn backup(store: &Store, files: &Files, folder: &Path, extent: Extent) -> Result<Copied> {
    if folder.exists() {
        return Err(Error::usage(format!("{} is there already", folder.display()), "Name a new folder."));
    }
    let partial = folder.with_extension("part");
    // Of a backup that was cut off.
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial).map_err(|e| Error::files("make the folder", &partial, e))?;
    let copied = write_backup(store, files, &partial, extent);
    let named = copied.and_then(|copied| {
        let renamed =
            sync_folder(&partial).and_then(|()| fs::rename(&partial, folder)).and_then(|()| sync_parent(folder));
        renamed.map_err(|e| Error::files("name the backup", folder, e)).map(|()| copied)
    });
    named.inspect_err(|_| {
        let _ = fs::remove_dir_all(&partial);
    })
}

fn write_backup(store: &Store, files: &Files, folder: &Path, extent: Extent) -> Result<Copied> {
    let database = folder.join(DATABASE);
    let copy = store.back_up_to(&database)?;
    let mut copied = Copied { is_without_files: extent == Extent::WithoutFiles, ..Copied::default() };
    let mut manifest = Manifest { database: String::new(), has_files: extent == Extent::Everything, files: Vec::new() };
    for workspace in copy.read(|r| workspaces::list_workspaces(r))? {
        for upload in copy.read(|r| kept_uploads(r, workspace.id))? {
            if extent == Extent::Everything {
                match copy_file(files, &upload, folder) {
                    Ok(()) => copied.files += 1,
                    Err(why) if is_missing(&why) => {
                        if !is_removed_since(store, workspace.id, &upload)? {
                            copied.missing.push(upload.storage_key);
                        }
                        continue;
                    }
                    Err(why) => return Err(why),
                }
            }
            let (bytes, sha256) = (upload.size_bytes, hex(&upload.sha256));
            manifest.files.push(NamedFile { key: upload.storage_key, bytes, sha256 });
        }
    }
    drop(copy);
    manifest.database = hex(&digest_of(&database)?);
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Error::Output(e.to_string()))?;
    let path = folder.join(MANIFEST);
    let written = File::create(&path).and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()));
    written.map_err(|e| Error::files("write", &path, e))?;
    Ok(copied)
}

/// The digest of what is copied was found to be right.
fn copy_file(files: &Files, upload: &Upload, folder: &Path) -> Result<()> {
    let mut source = files.open(&upload.storage_key, &upload.sha256)?;
    let target = folder.join(FILES).join(&upload.storage_key);
    let parent = target.parent().unwrap_or(folder);
    let copied = fs::create_dir_all(parent).and_then(|()| File::create(&target)).and_then(|mut file| {
        io::copy(&mut source, &mut file)?;
        file.sync_all()?;
        sync_folder(parent)
    });
    copied.map_err(|e| Error::files("copy", &target, e))
}

/// The janitor may have come between the copy of the database and that of the file.
fn is_removed_since(store: &Store, workspace: WorkspaceId, upload: &Upload) -> Result<bool> {
    let now = store.read(|r| find_upload(r, workspace, upload.id))?;
    Ok(now.is_none_or(|upload| upload.removed_at.is_some()))
}

/// Puts a backup where `database` says, which must not exist, and its files where files are kept. Everything is looked at
/// before anything is written; the database comes last. What a restore that was cut off has put back is taken as it is.
pub fn restore(folder: &Path, database: &Path, files: &Files) -> Result<Copied> {
    let manifest = read_manifest(folder)?;
    let source = folder.join(DATABASE);
    refuse_damaged(&source, &manifest.database)?;
    // A log that an older database left would be played into the restored one.
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", database.display()));
    for path in [database, &beside("-wal"), &beside("-shm")] {
        refuse_existing(path, path.exists())?;
    }
    let mut copied = Copied { is_without_files: !manifest.has_files, ..Copied::default() };
    if manifest.has_files {
        refuse_strangers(files, &manifest)?;
        for named in &manifest.files {
            refuse_damaged(&folder.join(FILES).join(&named.key), &named.sha256)?;
        }
        for named in &manifest.files {
            put_back(&folder.join(FILES).join(&named.key), named, files)?;
            copied.files += 1;
        }
    } else {
        for named in &manifest.files {
            match files.open(&named.key, &unhex(&named.sha256)) {
                Ok(_) => copied.files += 1,
                Err(why) if is_missing(&why) => copied.missing.push(named.key.clone()),
                Err(why) => return Err(why),
            }
        }
    }
    place_database(&source, database).map_err(|e| Error::files("restore", database, e))?;
    Ok(copied)
}

fn read_manifest(folder: &Path) -> Result<Manifest> {
    let no_backup = |name: &str| {
        Error::usage(
            format!("{} is no backup: it holds no {name}", folder.display()),
            "Name a folder that convoke backup wrote.",
        )
    };
    if !folder.join(DATABASE).is_file() {
        return Err(no_backup(DATABASE));
    }
    let text = fs::read(folder.join(MANIFEST)).map_err(|_| no_backup(MANIFEST))?;
    serde_json::from_slice(&text).map_err(|_| damaged(&folder.join(MANIFEST)))
}

/// Of a folder only: who shares a bucket may have stored more in it since.
fn refuse_strangers(files: &Files, manifest: &Manifest) -> Result<()> {
    let Some(root) = files.root() else { return Ok(()) };
    let named: HashSet<_> = manifest.files.iter().map(|named| named.key.as_str()).collect();
    files.each(&mut |found| {
        let is_stranger = found.iter().any(|file| !file.is_partial && !named.contains(file.key.as_str()));
        refuse_existing(root, is_stranger)
    })
}

fn refuse_existing(path: &Path, exists: bool) -> Result<()> {
    if !exists {
        return Ok(());
    }
    let message = format!("{} is there already", path.display());
    Err(Error::usage(message, "Move it away first: a restore never writes over data."))
}

fn put_back(source: &Path, named: &NamedFile, files: &Files) -> Result<()> {
    match files.open(&named.key, &unhex(&named.sha256)) {
        Ok(_) => return Ok(()),
        Err(Error::Damaged(_)) => return refuse_existing(Path::new(&named.key), true),
        Err(why) if !is_missing(&why) => return Err(why),
        Err(_) => {}
    }
    let file = File::open(source).map_err(|e| Error::files("read", source, e))?;
    let (stored, ()) = files.put(&named.key, file, named.bytes, |_| ())?;
    match stored {
        Some((stored, _)) if hex(&stored.sha256) == named.sha256 => Ok(()),
        _ => Err(damaged(source)),
    }
}

fn place_database(source: &Path, database: &Path) -> io::Result<()> {
    if let Some(parent) = database.parent() {
        fs::create_dir_all(parent)?;
    }
    let partial = database.with_extension("part");
    fs::copy(source, &partial)?;
    File::open(&partial)?.sync_all()?;
    fs::rename(&partial, database)?;
    sync_parent(database)
}

fn refuse_damaged(path: &Path, sha256: &str) -> Result<()> {
    if hex(&digest_of(path)?) == sha256 { Ok(()) } else { Err(damaged(path)) }
}

fn damaged(path: &Path) -> Error {
    Error::usage(
        format!("{} is damaged: it is not as the backup wrote it", path.display()),
        "Nothing was restored. Take another copy of this backup, or an older one.",
    )
}

/// Whether a file is not there, or not as it was stored.
fn is_missing(why: &Error) -> bool {
    match why {
        Error::Damaged(_) => true,
        Error::Files { source, .. } => source.kind() == ErrorKind::NotFound,
        _ => false,
    }
}

fn digest_of(path: &Path) -> Result<Vec<u8>> {
    let broken = |e| Error::files("read", path, e);
    let (mut file, mut hash) = (File::open(path).map_err(broken)?, Sha256::new());
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let read = file.read(&mut block).map_err(broken)?;
        if read == 0 {
            return Ok(hash.finalize().to_vec());
        }
        hash.update(&block[..read]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is no digest is nobody's.
fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap_or_default());
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

fn sync_parent(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    sync_folder(parent.unwrap_or(Path::new(".")))
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
