//! The pure stages on a thread of their own, a few chunks ahead of whoever consumes them through a bounded channel.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Scope;

use convoke_pipeline::checking::Checker;
use convoke_pipeline::chunk::{CheckedChunk, ChunkStart};
use convoke_pipeline::known::Known;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::{Dialect, Record, RecordReader};
use convoke_store::StoreError;
use convoke_store::matching::LookUp;

use crate::error::{Error, Result};

/// Checked chunks that may wait: enough to hide a slow one, few enough to keep memory flat.
const AHEAD: usize = 1;

/// Reads and checks the chunks of a file from `first` on.
pub(crate) fn spawn_checker<'scope>(
    scope: &'scope Scope<'scope, '_>,
    file: File,
    recipe: &'scope Recipe,
    chunks: &'scope [ChunkStart],
    first: u32,
) -> Result<Receiver<Result<CheckedChunk>>> {
    let (send, receive) = sync_channel(AHEAD);
    spawn_named(scope, "check", move || {
        if let Err(error) = check_all(file, recipe, chunks, first, &send) {
            let _ = send.send(Err(error));
        }
    })?;
    Ok(receive)
}

/// A name tells a thread from the others in a profile and a panic.
fn spawn_named<'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() + Send + 'scope,
) -> Result<()> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, work);
    spawned.map(drop).map_err(|e| Error::Output(format!("cannot start a thread: {e}")))
}

fn check_all(
    mut file: File,
    recipe: &Recipe,
    chunks: &[ChunkStart],
    first: u32,
    send: &SyncSender<Result<CheckedChunk>>,
) -> Result<()> {
    let Some(start) = chunks.get(first as usize) else { return Ok(()) };
    let broken = |source| Error::Files { doing: "read", path: "the stored original".to_owned(), source };
    file.seek(SeekFrom::Start(start.position.byte)).map_err(broken)?;
    let mut reader = RecordReader::new(file, Dialect::default(), start.position);
    let mut checker = Checker::new(recipe);
    let mut record = Record::default();
    for (number, start) in chunks.iter().enumerate().skip(first as usize) {
        let mut chunk = checker.chunk(number as u32);
        for _ in 0..start.records {
            if !reader.read(&mut record)? {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
            checker.check(&record, &mut chunk);
        }
        // The consumer stopped: nothing more is wanted.
        if send.send(Ok(chunk)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Looks up the people of checked chunks on a connection of its own, ahead of the commits.
pub(crate) fn spawn_look_up<'scope>(
    scope: &'scope Scope<'scope, '_>,
    chunks: Receiver<Result<CheckedChunk>>,
    mut look_up: LookUp,
    recipe: &'scope Recipe,
) -> Result<Receiver<Result<(CheckedChunk, Known)>>> {
    let (send, receive) = sync_channel(1);
    spawn_named(scope, "look-up", move || {
        for chunk in chunks {
            let found = chunk.and_then(|chunk| {
                let known = look_up.people(recipe, &chunk)?;
                Ok((chunk, known))
            });
            if send.send(found).is_err() {
                return;
            }
        }
    })?;
    Ok(receive)
}

/// The planner's scratch file is a disk's matter, like the database's.
pub(crate) fn scratch_failed(error: std::io::Error) -> StoreError {
    let text = format!("the planner's scratch file: {error}");
    if error.kind() == std::io::ErrorKind::StorageFull { StoreError::Full(text) } else { StoreError::Unavailable(text) }
}

/// Chunks of a workspace in which nobody can be known.
pub(crate) fn nobody_known(chunk: CheckedChunk, recipe: &Recipe) -> (CheckedChunk, Known) {
    let known = Known::nobody(chunk.rows.len(), recipe.layout.fields.len());
    (chunk, known)
}
