//! The pure stages on a thread of their own, a few chunks ahead of whoever consumes them through a bounded channel.

use std::sync::mpsc::{Receiver, RecvError, SyncSender, TryRecvError, sync_channel};
use std::thread::Scope;

use convoke_pipeline::checking::Checker;
use convoke_pipeline::chunk::CheckedChunk;
use convoke_pipeline::known::Known;
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::records::{Record, RecordReader};
use convoke_store::StoreError;
use convoke_store::matching::LookUp;

use super::Prepared;
use crate::error::{Error, Result};
use crate::mistakes::caught;

/// Checked chunks that may wait: enough to hide a slow one, few enough to keep memory flat.
const AHEAD: usize = 1;

/// Connections that look people up side by side. One is slower than the planning of people who did not change (0.60 s
/// instead of 0.45 s for 50,000 rows in a pool of 5,000,000); a third one gains nothing on two cores.
pub(crate) const LOOK_UPS: usize = 2;

/// Chunks that come from several threads, each of which has every so-many-th, in the order of the file.
pub(crate) struct InTurn<T> {
    lanes: Vec<Receiver<T>>,
    next: usize,
}

impl<T> InTurn<T> {
    fn of(lanes: Vec<Receiver<T>>) -> Self {
        Self { lanes, next: 0 }
    }

    /// Waits for the next; an error means that there are no more.
    pub(crate) fn recv(&mut self) -> std::result::Result<T, RecvError> {
        let received = self.lanes[self.next].recv()?;
        self.next = (self.next + 1) % self.lanes.len();
        Ok(received)
    }

    /// The next, if it is there.
    pub(crate) fn try_recv(&mut self) -> std::result::Result<T, TryRecvError> {
        let received = self.lanes[self.next].try_recv()?;
        self.next = (self.next + 1) % self.lanes.len();
        Ok(received)
    }
}

impl<T> Iterator for InTurn<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.recv().ok()
    }
}

/// Reads and checks the chunks of a file from `first` on, for so many who take them in turn.
pub(crate) fn spawn_checker<'scope>(
    scope: &'scope Scope<'scope, '_>,
    prepared: &'scope Prepared,
    first: u32,
    takers: usize,
) -> Result<InTurn<Result<CheckedChunk>>> {
    let (lanes, receivers): (Vec<_>, Vec<_>) = (0..takers).map(|_| sync_channel(AHEAD)).unzip();
    spawn_named(scope, "check", move || {
        let mut lane = 0;
        if let Err(error) = caught(prepared.id, || check_all(prepared, first, &lanes, &mut lane)) {
            let _ = lanes[lane].send(Err(error));
        }
    })?;
    Ok(InTurn::of(receivers))
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

/// Sends each chunk to the next lane; `lane` is the one that waits for the next, or for an error.
fn check_all(
    prepared: &Prepared,
    first: u32,
    lanes: &[SyncSender<Result<CheckedChunk>>],
    lane: &mut usize,
) -> Result<()> {
    let chunks = &prepared.scan.chunks;
    let Some(start) = chunks.get(first as usize) else { return Ok(()) };
    let broken = |source| Error::Files { doing: "read", path: "the stored original".to_owned(), source };
    let text = prepared.text.from(start.position.byte);
    let mut reader =
        RecordReader::new(text, prepared.source.dialect(), start.position).with_corrections(&prepared.corrections);
    let mut checker = Checker::new(&prepared.recipe);
    let mut record = Record::default();
    for (turn, start) in chunks.iter().skip(first as usize).enumerate() {
        *lane = turn % lanes.len();
        let mut chunk = checker.chunk(first + turn as u32);
        for _ in 0..start.records {
            if !reader.read(&mut record)? {
                return Err(broken(std::io::ErrorKind::UnexpectedEof.into()));
            }
            checker.check(&record, &mut chunk);
        }
        // The consumer stopped: nothing more is wanted.
        if lanes[*lane].send(Ok(chunk)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// Looks up the people of checked chunks, ahead of the commits; each look-up has a connection and a thread of its own.
pub(crate) fn spawn_look_ups<'scope>(
    scope: &'scope Scope<'scope, '_>,
    chunks: InTurn<Result<CheckedChunk>>,
    look_ups: Vec<LookUp>,
    prepared: &'scope Prepared,
) -> Result<InTurn<Result<(CheckedChunk, Known)>>> {
    let mut receivers = Vec::new();
    for (chunks, mut look_up) in chunks.lanes.into_iter().zip(look_ups) {
        let (send, receive) = sync_channel(1);
        receivers.push(receive);
        spawn_named(scope, "look-up", move || {
            for chunk in chunks {
                let found = chunk.and_then(|chunk| {
                    let known = caught(prepared.id, || Ok(look_up.people(&prepared.recipe, &chunk)?))?;
                    Ok((chunk, known))
                });
                if send.send(found).is_err() {
                    return;
                }
            }
        })?;
    }
    Ok(InTurn::of(receivers))
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
