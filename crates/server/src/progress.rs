//! How an import goes on: server-sent events, and waiting for its end. The database is asked, because the import may run in
//! another process; whoever follows the same import shares one that asks.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use convoke_app::Workspace;
use convoke_app::imports::shapes;
use convoke_app::people::id::{ImportId, WorkspaceId};
use convoke_app::store::imports::{Import, ImportState};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::access::Reader;
use crate::address::{Path, id_of};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};

/// Between two questions to the database for whoever follows or waits, at most.
const INTERVAL: Duration = Duration::from_millis(250);
/// Whoever waits for the end of a small import waits for nothing else: the first question comes soon, later ones rarely.
const FIRST_QUESTION: Duration = Duration::from_millis(10);
/// A stream ends after so long, and the client asks again, with the rights it has then.
const LONGEST_STREAM: Duration = Duration::from_secs(600);

/// When to ask again: later and later, up to [`INTERVAL`].
struct Pace(Duration);

impl Pace {
    fn new() -> Self {
        Self(FIRST_QUESTION)
    }

    fn next(&mut self) -> Duration {
        let next = (self.0 * 5 / 4).min(INTERVAL);
        std::mem::replace(&mut self.0, next)
    }
}

/// An import as it was told last.
#[derive(Debug)]
struct Told {
    import: Import,
    text: String,
}

impl Told {
    fn of(import: Import) -> Arc<Self> {
        let text = shapes::json(&shapes::Import::from(&import)).to_string();
        Arc::new(Self { import, text })
    }
}

type Followed = watch::Receiver<Arc<Told>>;
type Key = (WorkspaceId, ImportId);

/// The imports that somebody follows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Followers(Arc<Mutex<HashMap<Key, Followed>>>);

impl Followers {
    /// Follows an import, which was found for whoever asks.
    fn follow(&self, workspace: Workspace, found: Import) -> Followed {
        let key = (workspace.id, found.id);
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = followed.get(&key).filter(|receiver| receiver.has_changed().is_ok()) {
            return receiver.clone();
        }
        let (tell, receiver) = watch::channel(Told::of(found));
        followed.insert(key, receiver.clone());
        tokio::spawn(self.clone().ask(key, Arc::new(workspace), tell));
        receiver
    }

    /// Asks the database until the import has ended, or nobody follows it any more.
    async fn ask(self, key: Key, workspace: Arc<Workspace>, tell: watch::Sender<Arc<Told>>) {
        let mut pace = Pace::new();
        while !is_end(tell.borrow().import.state) {
            tokio::time::sleep(pace.next()).await;
            if self.is_left(key, &tell) {
                return;
            }
            // A database that cannot be asked now may be back in a moment; clients see the keep-alive.
            let Ok(import) = find(&workspace, key.1).await else { continue };
            tell.send_if_modified(|told| {
                let is_new = told.import != import;
                if told.import.state != import.state {
                    pace = Pace::new();
                }
                if is_new {
                    *told = Told::of(import);
                }
                is_new
            });
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Forgets an import that nobody follows; whoever comes later begins anew. Under the lock that followers come by, so
    /// that none comes in between and finds a stream that ends at once.
    fn is_left(&self, key: Key, tell: &watch::Sender<Arc<Told>>) -> bool {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The map holds one receiver itself.
        let is_left = tell.receiver_count() <= 1;
        if is_left {
            followed.remove(&key);
        }
        is_left
    }
}

/// An event of an import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `events` writes line by line")]
pub(crate) struct ImportEvent {
    /// `import`
    event: String,
    /// How many rows are processed.
    id: String,
    /// An `Import` as JSON.
    data: String,
}

/// Follow an import
///
/// Server-sent events: an event `import` at once and after each change, with the import as it stands. The stream ends when
/// the import has ended, or after ten minutes.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/events", tag = "imports", params(("id" = String, Path)),
    responses((status = OK, description = "Events", content_type = "text/event-stream", body = ImportEvent), Problems)
)]
pub(crate) async fn events(
    Reader(workspace): Reader,
    State(followers): State<Followers>,
    Path(id): Path<String>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let id = id_of(&id)?;
    let (workspace, found) = blocking(move || {
        let found = workspace.find_import(id)?;
        Ok((workspace, found))
    })
    .await?;
    let events = stream::unfold((followers.follow(workspace, found), true), |(mut followed, is_first)| async move {
        if !is_first && followed.changed().await.is_err() {
            return None;
        }
        let told = Arc::clone(&followed.borrow_and_update());
        let event = Event::default().event("import").id(told.import.counts.processed().to_string()).data(&told.text);
        Some((Ok(event), (followed, false)))
    });
    let longest = Box::pin(tokio::time::sleep(LONGEST_STREAM));
    Ok(Sse::new(events.take_until(longest)).keep_alive(KeepAlive::default()))
}

async fn find(workspace: &Arc<Workspace>, id: ImportId) -> Answer<Import> {
    let workspace = Arc::clone(workspace);
    blocking(move || workspace.find_import(id)).await
}

/// Waits until an import has ended, or paused, but not longer than `longest`.
pub(crate) async fn ended(workspace: Workspace, id: ImportId, longest: Duration) -> Answer<Import> {
    let (workspace, began) = (Arc::new(workspace), Instant::now());
    let mut pace = Pace::new();
    loop {
        let import = find(&workspace, id).await?;
        if is_end(import.state) || import.state == ImportState::Paused || began.elapsed() >= longest {
            return Ok(import);
        }
        tokio::time::sleep(pace.next().min(longest)).await;
    }
}

fn is_end(state: ImportState) -> bool {
    matches!(state, ImportState::Completed | ImportState::Failed | ImportState::Cancelled | ImportState::Refused)
}
