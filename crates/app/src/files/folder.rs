//! Uploads in a local folder. A file is written under a temporary name, synced, renamed, its folder synced: it is there
//! whole or not at all, and what was confirmed survives a power loss.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::copying::{BlockReader, copy_watched};
use super::{Found, Put};
use crate::error::{Error, Result};

/// The ending of a file that is being written.
const PARTIAL: &str = "part";

/// A folder of uploads.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) root: PathBuf,
}

impl Folder {
    pub(super) fn put<T: Send>(
        &self,
        key: &str,
        source: impl Read,
        limit: u64,
        watch: impl FnOnce(BlockReader) -> T + Send,
    ) -> Result<Put<T>> {
        let path = self.root.join(key);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder).map_err(|e| Error::files("make the folder", folder, e))?;
        let partial = path.with_extension(PARTIAL);
        let copied = File::create(&partial).and_then(|file| {
            let copied = copy_watched(source, &file, limit, |_| Ok(()), watch)?;
            file.sync_all()?;
            Ok(copied)
        });
        let (stored, watched) = copied.map_err(|e| {
            let _ = fs::remove_file(&partial);
            Error::files("store the file as", &path, e)
        })?;
        let Some(stored) = stored else {
            let _ = fs::remove_file(&partial);
            return Ok((None, watched));
        };
        // A name is given only to what is new: a file under it belongs to somebody else.
        let named = fs::hard_link(&partial, &path).or_else(|why| match why.kind() {
            // Some file systems know one name a file.
            io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported if !path.exists() => {
                fs::rename(&partial, &path)
            }
            _ => Err(why),
        });
        let _ = fs::remove_file(&partial);
        let kept = named.and_then(|()| File::open(folder)?.sync_all()).and_then(|()| File::open(&path));
        let copy = kept.map_err(|e| Error::files("store the file as", &path, e))?;
        Ok((Some((stored, copy)), watched))
    }

    pub(super) fn open(&self, key: &str) -> Result<File> {
        let path = self.root.join(key);
        File::open(&path).map_err(|e| Error::files("open", &path, e))
    }

    pub(super) fn remove(&self, key: &str) -> Result<()> {
        let path = self.root.join(key);
        match fs::remove_file(&path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(Error::files("remove", &path, why)),
            _ => Ok(()),
        }
    }

    /// Every file, folder by folder, as many at once as one folder holds.
    pub(super) fn each(&self, seen: &mut impl FnMut(Vec<Found>) -> Result<()>) -> Result<()> {
        for folder in entries(&self.root)?.into_iter().filter(|path| path.is_dir()) {
            let files = entries(&folder)?.into_iter().filter_map(|path| self.found(&path)).collect();
            seen(files)?;
        }
        Ok(())
    }

    fn found(&self, path: &Path) -> Option<Found> {
        let facts = path.metadata().ok().filter(|facts| facts.is_file())?;
        let changed = facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let key = path.strip_prefix(&self.root).ok()?.to_str()?.to_owned();
        Some(Found {
            is_partial: path.extension().is_some_and(|ending| ending == PARTIAL),
            key,
            changed_at: i64::try_from(changed.as_micros()).ok()?,
            size_bytes: facts.len(),
        })
    }

    /// Whether files can be kept here.
    pub(super) fn probe(&self) -> Result<()> {
        fs::create_dir_all(&self.root)
            .and_then(|()| tempfile::tempfile_in(&self.root).map(drop))
            .map_err(|e| Error::files("write to", &self.root, e))
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).and_then(|all| all.map(|entry| Ok(entry?.path())).collect());
    match listed {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(|e| Error::files("read", folder, e)),
    }
}

/// Makes a folder so that it survives a power loss: each folder that gained an entry is synced.
fn make_folder(folder: &Path) -> io::Result<()> {
    let missing: Vec<_> = folder.ancestors().take_while(|f| !f.as_os_str().is_empty() && !f.exists()).collect();
    fs::create_dir_all(folder)?;
    for made in missing {
        let parent = made.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(parent.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
