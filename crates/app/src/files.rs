//! Uploads in a local folder. A file is written under a temporary name, synced, renamed, its folder synced: it is there
//! whole or not at all, and what was confirmed survives a power loss.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const BLOCK_BYTES: usize = 1 << 20;
/// The disk begins to write after so many bytes, so that little is left for the end (0.1 s of 180 MB).
const SYNC_BYTES: u64 = 32 << 20;

/// A folder of uploads.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub size_bytes: u64,
    pub sha256: Vec<u8>,
}

impl Stored {
    /// An empty file, which is refused before it is stored.
    pub(crate) fn of_nothing() -> Self {
        Self { size_bytes: 0, sha256: Sha256::digest([]).to_vec() }
    }
}

impl Files {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Copies `source` to `key`, at most `limit` bytes; None if it is longer, and nothing is kept. Meanwhile `watch`
    /// reads the same bytes on a thread of its own; it may stop early.
    pub fn put<T: Send>(
        &self,
        key: &str,
        source: impl Read,
        limit: u64,
        watch: impl FnOnce(BlockReader) -> T + Send,
    ) -> Result<(Option<Stored>, T)> {
        let path = self.root.join(key);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder).map_err(|e| Error::files("make the folder", folder, e))?;
        let partial = path.with_extension("part");
        let copied = copy_watched(source, &partial, limit, watch).map_err(|e| {
            let _ = fs::remove_file(&partial);
            Error::files("store the file as", &path, e)
        })?;
        if copied.0.is_none() {
            let _ = fs::remove_file(&partial);
            return Ok(copied);
        }
        fs::rename(&partial, &path)
            .and_then(|()| File::open(folder)?.sync_all())
            .map_err(|e| Error::files("store the file as", &path, e))?;
        Ok(copied)
    }

    pub fn open(&self, key: &str) -> Result<File> {
        let path = self.root.join(key);
        File::open(&path).map_err(|e| Error::files("open", &path, e))
    }

    /// An empty file without a name: it goes with whoever holds it.
    pub fn scratch(&self) -> Result<File> {
        fs::create_dir_all(&self.root)
            .and_then(|()| tempfile::tempfile_in(&self.root))
            .map_err(|e| Error::files("make a scratch file in", &self.root, e))
    }

    pub fn remove(&self, key: &str) {
        let _ = fs::remove_file(self.root.join(key));
    }

    /// Where the file lies, for a program of its own that reads it.
    pub fn path(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the whole file and compares its digest.
    pub fn verify(&self, key: &str, sha256: &[u8]) -> Result<()> {
        let mut file = self.open(key)?;
        let mut hash = Sha256::new();
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            let read = file.read(&mut block).map_err(|e| Error::files("read", &self.root.join(key), e))?;
            if read == 0 {
                break;
            }
            hash.update(&block[..read]);
        }
        if hash.finalize().as_slice() == sha256 { Ok(()) } else { Err(Error::Damaged(key.to_owned())) }
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

/// The bytes of a copy as they are written.
pub struct BlockReader {
    blocks: Receiver<Arc<Vec<u8>>>,
    block: Arc<Vec<u8>>,
    read: usize,
}

impl BlockReader {
    fn new(blocks: Receiver<Arc<Vec<u8>>>) -> Self {
        Self { blocks, block: Arc::default(), read: 0 }
    }
}

impl Read for BlockReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.block.len() {
            match self.blocks.recv() {
                Ok(block) => (self.block, self.read) = (block, 0),
                Err(_) => return Ok(0),
            }
        }
        let read = buffer.len().min(self.block.len() - self.read);
        buffer[..read].copy_from_slice(&self.block[self.read..self.read + read]);
        self.read += read;
        Ok(read)
    }
}

/// Copies, digests and watches at once: each costs about as much as the others.
fn copy_watched<T: Send>(
    mut source: impl Read,
    to: &Path,
    limit: u64,
    watch: impl FnOnce(BlockReader) -> T + Send,
) -> io::Result<(Option<Stored>, T)> {
    let mut file = File::create(to)?;
    std::thread::scope(|scope| {
        let (to_digest, blocks) = sync_channel::<Arc<Vec<u8>>>(2);
        let digest = scope.spawn(move || {
            let mut hash = Sha256::new();
            blocks.iter().for_each(|block| hash.update(block.as_slice()));
            hash.finalize().to_vec()
        });
        let (to_watch, blocks) = sync_channel::<Arc<Vec<u8>>>(2);
        let watching = scope.spawn(move || watch(BlockReader::new(blocks)));
        let (to_disk, due) = sync_channel::<()>(1);
        let written = file.try_clone()?;
        let syncing = scope.spawn(move || due.iter().try_for_each(|()| written.sync_data()));
        let mut size_bytes = 0;
        let mut synced_bytes = 0;
        loop {
            let mut block = vec![0; BLOCK_BYTES];
            let read = source.read(&mut block)?;
            size_bytes += read as u64;
            if read == 0 || size_bytes > limit {
                break;
            }
            block.truncate(read);
            file.write_all(&block)?;
            if size_bytes - synced_bytes >= SYNC_BYTES {
                synced_bytes = size_bytes;
                // Whoever still syncs takes these bytes along, or the end does.
                let _ = to_disk.try_send(());
            }
            let block = Arc::new(block);
            let _ = to_digest.send(block.clone());
            // Who stopped watching has seen enough.
            let _ = to_watch.send(block);
        }
        drop((to_digest, to_watch, to_disk));
        let broken = |_| io::Error::other("a thread ended early");
        // An error of the disk is told once, to whoever asks first.
        syncing.join().map_err(broken)??;
        file.sync_all()?;
        let (sha256, watched) = (digest.join().map_err(broken)?, watching.join().map_err(broken)?);
        let stored = (size_bytes <= limit).then_some(Stored { size_bytes, sha256 });
        Ok((stored, watched))
    })
}
