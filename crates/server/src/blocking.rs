//! Where work that waits is done: databases and files are synchronous, and a handler never waits on its own thread.

use convoke_app::Result;

use crate::problem::Answer;

/// Does `work` on a thread that may wait. A client that leaves does not end it: what was begun is finished.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| crate::problem::Problem::internal())??)
}
