//! How an import goes on: server-sent events, and waiting for its end. Both ask the database, because the import may run
//! in another process.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use convoke_app::Workspace;
use convoke_app::imports::shapes;
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::{Import, ImportState};
use futures_util::{Stream, stream};
use utoipa::ToSchema;

use crate::access::Reader;
use crate::address::Path;
use crate::blocking::blocking;
use crate::imports::import_id;
use crate::problem::{Answer, Problems};

/// How often the database is asked.
const INTERVAL: Duration = Duration::from_millis(250);

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
/// the import has ended.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/events", tag = "imports", params(("id" = String, Path)),
    responses((status = OK, description = "Events", content_type = "text/event-stream", body = ImportEvent), Problems)
)]
pub(crate) async fn events(
    Reader(workspace): Reader,
    Path(id): Path<String>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let id = import_id(&id)?;
    let workspace = Arc::new(workspace);
    let first = find(&workspace, id).await?;
    let events =
        stream::unfold(Followed { workspace, last: None, next: Some(first) }, move |mut followed| async move {
            let import = followed.changed(id).await?;
            let event = Event::default().event("import").id(import.counts.processed().to_string());
            let event = event.data(shapes::json(&shapes::Import::from(&import)).to_string());
            followed.last = Some(import);
            Some((Ok(event), followed))
        });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

struct Followed {
    workspace: Arc<Workspace>,
    /// As it was told last.
    last: Option<Import>,
    next: Option<Import>,
}

impl Followed {
    /// Waits for the next change; None when there will be none.
    async fn changed(&mut self, id: ImportId) -> Option<Import> {
        if let Some(first) = self.next.take() {
            return Some(first);
        }
        if self.last.as_ref().is_some_and(|last| is_end(last.state)) {
            return None;
        }
        loop {
            tokio::time::sleep(INTERVAL).await;
            // A database that cannot be asked now may be back in a moment; the client sees the keep-alive.
            let Ok(import) = find(&self.workspace, id).await else { continue };
            if self.last.as_ref() != Some(&import) {
                return Some(import);
            }
        }
    }
}

async fn find(workspace: &Arc<Workspace>, id: ImportId) -> Answer<Import> {
    let workspace = Arc::clone(workspace);
    blocking(move || workspace.find_import(id)).await
}

/// Waits until an import has ended, or paused, but not longer than `longest`.
pub(crate) async fn ended(workspace: Workspace, id: ImportId, longest: Duration) -> Answer<Import> {
    let (workspace, began) = (Arc::new(workspace), Instant::now());
    loop {
        let import = find(&workspace, id).await?;
        if is_end(import.state) || import.state == ImportState::Paused || began.elapsed() >= longest {
            return Ok(import);
        }
        tokio::time::sleep(INTERVAL.min(longest)).await;
    }
}

fn is_end(state: ImportState) -> bool {
    matches!(state, ImportState::Completed | ImportState::Failed | ImportState::Cancelled | ImportState::Refused)
}
