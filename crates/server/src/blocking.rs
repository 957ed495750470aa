//! Where work that waits is done: databases and files are synchronous, and a handler never waits on its own thread. So many
//! may wait and no more: while a database is silent, requests are refused instead of piled up.

use axum::http::StatusCode;
use convoke_app::Result;
use tokio::sync::Semaphore;

use crate::problem::{Answer, Problem};

/// Requests at work at once. Fewer than the threads of the runtime, so that none waits for a thread unseen.
const MOST: usize = 256;
static FREE: Semaphore = Semaphore::const_new(MOST);

/// Does `work` on a thread that may wait. A client that leaves does not end it: what was begun is finished.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Answer<T> {
    let Ok(place) = FREE.try_acquire() else { return Err(Problem::too_many()) };
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    Ok(done.await.map_err(|_| Problem::internal())??)
}

impl Problem {
    fn too_many() -> Self {
        let message = "Too many requests are under way at the moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "server_busy", message, "Try again in a few seconds.").soon()
    }
}
