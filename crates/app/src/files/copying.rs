//! The copy of an upload: written, digested and watched at once, block by block, so that no file is ever in memory.

use std::fs::File;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use sha2::{Digest, Sha256};

use super::Stored;

pub(super) const BLOCK_BYTES: usize = 1 << 20;
/// The disk begins to write after so many bytes, so that little is left for the end (0.1 s of 180 MB).
const SYNC_BYTES: u64 = 32 << 20;

/// A block on its way to several readers.
pub(super) type Block = Arc<Vec<u8>>;

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

/// Copies to `file`, digests and watches at once: each costs about as much as the others. Whoever wants the blocks as
/// well gets them as `also`. None if the source is longer than `limit`.
pub(super) fn copy_watched<T: Send>(
    mut source: impl Read,
    mut file: &File,
    limit: u64,
    mut also: impl FnMut(&Block) -> io::Result<()>,
    watch: impl FnOnce(BlockReader) -> T + Send,
) -> io::Result<(Option<Stored>, T)> {
    std::thread::scope(|scope| {
        let (to_digest, blocks) = sync_channel::<Block>(2);
        let digest = scope.spawn(move || {
            let mut hash = Sha256::new();
            blocks.iter().for_each(|block| hash.update(block.as_slice()));
            hash.finalize().to_vec()
        });
        let (to_watch, blocks) = sync_channel::<Block>(2);
        let watching = scope.spawn(move || watch(BlockReader::new(blocks)));
        let (to_disk, due) = sync_channel::<()>(1);
        let written = file.try_clone()?;
        let syncing = scope.spawn(move || due.iter().try_for_each(|()| written.sync_data()));
        let (mut size_bytes, mut synced_bytes) = (0, 0);
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
            also(&block)?;
            let _ = to_digest.send(block.clone());
            // Who stopped watching has seen enough.
            let _ = to_watch.send(block);
        }
        drop((to_digest, to_watch, to_disk));
        let broken = |_| io::Error::other("a thread ended early");
        // An error of the disk is told once, to whoever asks first.
        syncing.join().map_err(broken)??;
        let (sha256, watched) = (digest.join().map_err(broken)?, watching.join().map_err(broken)?);
        let stored = (size_bytes <= limit).then_some(Stored { size_bytes, sha256 });
        Ok((stored, watched))
    })
}
