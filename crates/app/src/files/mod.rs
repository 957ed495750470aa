//! Where uploads are kept: in a local folder, or in a bucket of an S3-compatible store. A file is there whole or not at
//! all, never written over, and read only by those who know its digest. What works with one gets a local file: the stored
//! one itself, or a copy without a name, which goes with whoever holds it.

mod copying;
mod folder;

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

pub use copying::BlockReader;

use crate::error::{Error, Result};
use crate::outside::s3::{Bucket, BucketSettings};
use crate::workspaces::FilePlace;
use copying::{BLOCK_BYTES, copy_watched};
use folder::Folder;

/// The place of uploads.
#[derive(Clone, Debug)]
pub struct Files(Place);

#[derive(Clone, Debug)]
enum Place {
    Folder(Folder),
    /// With a local folder for files under way.
    Bucket {
        bucket: Arc<Bucket>,
        scratch: PathBuf,
    },
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub size_bytes: u64,
    pub sha256: Vec<u8>,
}

/// What was stored, with a local file of it, unless it was too long; and what whoever watched has seen.
pub(crate) type Put<T> = (Option<(Stored, File)>, T);

/// A file that lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub key: String,
    /// UTC microseconds.
    pub changed_at: i64,
    pub size_bytes: u64,
    /// It is being written, or was when its process died.
    pub is_partial: bool,
}

impl Stored {
    /// An empty file, which is refused before it is stored.
    pub(crate) fn of_nothing() -> Self {
        Self { size_bytes: 0, sha256: Sha256::digest([]).to_vec() }
    }
}

impl Files {
    /// In a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(Place::Folder(Folder { root: root.into() }))
    }

    /// In a bucket; files under way lie in `scratch`.
    pub fn bucket(settings: &BucketSettings, scratch: impl Into<PathBuf>) -> Result<Self> {
        Ok(Self(Place::Bucket { bucket: Arc::new(Bucket::open(settings)?), scratch: scratch.into() }))
    }

    /// Copies `source` to `key`, at most `limit` bytes; None if it is longer, and nothing is kept. Meanwhile `watch`
    /// reads the same bytes on a thread of its own; it may stop early.
    pub fn put<T: Send>(
        &self,
        key: &str,
        source: impl Read,
        limit: u64,
        watch: impl FnOnce(BlockReader) -> T + Send,
    ) -> Result<Put<T>> {
        let put = match &self.0 {
            Place::Folder(folder) => folder.put(key, source, limit, watch),
            Place::Bucket { bucket, .. } => {
                let copy = self.scratch()?;
                let mut upload = bucket.begin(key);
                let copied = copy_watched(source, &copy, limit, |block| upload.push(block), watch);
                match copied {
                    Ok((Some(stored), watched)) => {
                        upload.finish().map_err(|e| bucket.broken("store the file as", key, e))?;
                        Ok((Some((stored, copy)), watched))
                    }
                    Ok((None, watched)) => {
                        upload.abort();
                        Ok((None, watched))
                    }
                    Err(why) => {
                        upload.abort();
                        Err(bucket.broken("store the file as", key, why))
                    }
                }
            }
        };
        match &put {
            Ok((Some((stored, _)), _)) => metrics::counter!("convoke_stored_bytes_total").increment(stored.size_bytes),
            Ok((None, _)) => {}
            Err(_) => metrics::counter!("convoke_upload_failures_total").increment(1),
        }
        put
    }

    /// A local file of what is stored, after its whole digest was found to be right.
    pub fn open(&self, key: &str, sha256: &[u8]) -> Result<File> {
        let mut file = match &self.0 {
            Place::Folder(folder) => folder.open(key)?,
            Place::Bucket { bucket, .. } => {
                let mut copy = self.scratch()?;
                bucket.fetch(key, &mut copy).map_err(|e| bucket.broken("open", key, e))?;
                copy
            }
        };
        let broken = |e| Error::Files { doing: "read", path: self.name_of(key), source: e };
        file.rewind().map_err(broken)?;
        let mut hash = Sha256::new();
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            let read = file.read(&mut block).map_err(broken)?;
            if read == 0 {
                break;
            }
            hash.update(&block[..read]);
        }
        if hash.finalize().as_slice() != sha256 {
            return Err(Error::Damaged(key.to_owned()));
        }
        file.rewind().map_err(broken)?;
        Ok(file)
    }

    /// An empty file without a name: it goes with whoever holds it, so that no process leaves one behind.
    pub fn scratch(&self) -> Result<File> {
        let folder = match &self.0 {
            Place::Folder(folder) => &folder.root,
            Place::Bucket { scratch, .. } => scratch,
        };
        fs::create_dir_all(folder)
            .and_then(|()| tempfile::tempfile_in(folder))
            .map_err(|e| Error::files("make a scratch file in", folder, e))
    }

    /// Removes a file; one that is gone is removed.
    pub fn remove(&self, key: &str) -> Result<()> {
        match &self.0 {
            Place::Folder(folder) => folder.remove(key),
            Place::Bucket { bucket, .. } => bucket.remove(key).map_err(|e| bucket.broken("remove", key, e)),
        }
    }

    /// Everything that lies there, some at once.
    pub(crate) fn each(&self, seen: &mut impl FnMut(Vec<Found>) -> Result<()>) -> Result<()> {
        match &self.0 {
            Place::Folder(folder) => folder.each(seen),
            Place::Bucket { bucket, .. } => bucket.each(seen),
        }
    }

    /// Gives up an upload that was cut off.
    pub(crate) fn give_up(&self, partial: &Found) -> Result<()> {
        match &self.0 {
            Place::Folder(folder) => folder.remove(&partial.key),
            Place::Bucket { bucket, .. } => {
                bucket.give_up(&partial.key).map_err(|e| bucket.broken("give up", &partial.key, e))
            }
        }
    }

    /// Whether files can be kept at the moment.
    pub fn probe(&self) -> Result<()> {
        match &self.0 {
            Place::Folder(folder) => folder.probe(),
            Place::Bucket { bucket, .. } => {
                self.scratch()?;
                bucket.probe().map_err(|e| bucket.broken("read", "", e))
            }
        }
    }

    /// The folder; None if uploads are elsewhere.
    pub fn root(&self) -> Option<&Path> {
        match &self.0 {
            Place::Folder(folder) => Some(&folder.root),
            Place::Bucket { .. } => None,
        }
    }

    /// Where it is, for whoever sees a workspace.
    pub(crate) fn told(&self) -> FilePlace {
        match &self.0 {
            Place::Folder(_) => FilePlace { kind: "folder".to_owned(), place: None },
            Place::Bucket { bucket, .. } => FilePlace {
                kind: "bucket".to_owned(),
                place: Some(bucket.name_of("").trim_end_matches('/').to_owned()),
            },
        }
    }

    /// How a message calls a file.
    fn name_of(&self, key: &str) -> String {
        match &self.0 {
            Place::Folder(folder) => folder.root.join(key).display().to_string(),
            Place::Bucket { bucket, .. } => bucket.name_of(key),
        }
    }
}
