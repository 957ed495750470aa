//! Takes files in: the body of a request is the file. It is streamed to storage while it comes; one that breaks off, or
//! stalls, leaves nothing behind.

use std::io::{self, Read};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::imports::draft_shape::DraftShape;
use convoke_app::imports::{Received, Uploaded, shapes};
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::ImportKind;
use convoke_app::{Error, Result, Workspace};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::access::Importer;
use crate::address::Query;
use crate::blocking::blocking;
use crate::drafts::{created, refused};
use crate::imports::report_of;
use crate::options::{self, ImportQuery, WaitQuery};
use crate::problem::{Answer, Problems};
use crate::progress::ended;
use crate::work::Work;

/// A client that sends nothing for so long is gone.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
/// Whoever waits longer asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// Bytes of a request that are still read after it was found to be wrong.
const MOST_UNREAD_BYTES: u64 = 512 << 20;

/// What a request for an import says beside the options of the import itself.
struct Asked {
    /// Answer when it has ended, but after so many seconds at the latest.
    wait: Option<Duration>,
    options: Vec<(String, String)>,
}

impl Asked {
    fn of(mut pairs: Vec<(String, String)>) -> Answer<Self> {
        let wait = pairs.iter().find(|(name, _)| name == "wait").map(|(_, value)| value.parse::<u32>());
        let wait = wait.transpose().map_err(|_| Error::usage("wait: it is a number of seconds", ""))?;
        pairs.retain(|(name, _)| name != "wait");
        let wait = wait.map(|seconds| Duration::from_secs(seconds.into()).min(LONGEST_WAIT));
        Ok(Self { wait, options: pairs })
    }
}

/// Import a file
///
/// The body is the file. It is taken in, recorded, and run by the first worker that is free.
#[utoipa::path(
    post, path = "/api/v1/imports", tag = "imports", params(ImportQuery, WaitQuery), request_body(content_type = "application/octet-stream"),
    responses((status = ACCEPTED, description = "Taken in", body = shapes::Import, headers(("Location" = String))), Problems)
)]
pub(crate) async fn import(
    Importer(workspace): Importer,
    State(work): State<Work>,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Body,
) -> Answer<Response> {
    let asked = Asked::of(pairs)?;
    let (workspace, id) = take_in(workspace, asked.options, body, ImportKind::Import).await?;
    work.wake();
    let import = match asked.wait {
        Some(longest) => ended(workspace, id, longest).await?,
        None => blocking(move || workspace.find_import(id)).await?,
    };
    Ok((
        StatusCode::ACCEPTED,
        [(header::LOCATION, format!("/api/v1/imports/{id}"))],
        Json(shapes::Import::from(&import)),
    )
        .into_response())
}

/// Check a file
///
/// A dry run: everything that an import would do is found out and told, and nothing is written about people.
#[utoipa::path(
    post, path = "/api/v1/checks", tag = "imports", params(ImportQuery), request_body(content_type = "application/octet-stream"),
    responses((status = OK, description = "Checked", body = shapes::Report), Problems)
)]
pub(crate) async fn check(
    Importer(workspace): Importer,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Body,
) -> Answer<Json<shapes::Report>> {
    let asked = Asked::of(pairs)?;
    let (workspace, id) = take_in(workspace, asked.options, body, ImportKind::DryRun).await?;
    Ok(Json(blocking(move || report_of(&workspace, id)).await?))
}

/// Upload a draft
///
/// The body is the file, whose import is prepared step by step: it is looked at and nothing else.
#[utoipa::path(
    post, path = "/api/v1/drafts", tag = "drafts", params(ImportQuery),
    request_body(content_type = "application/octet-stream"),
    responses((status = CREATED, description = "The draft", body = DraftShape, headers(("Location" = String))), Problems)
)]
pub(crate) async fn draft(
    Importer(workspace): Importer,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Body,
) -> Answer<(StatusCode, [(HeaderName, String); 1], Json<DraftShape>)> {
    let uploaded = read_to_end(workspace, body, move |workspace, bytes| {
        let (name, choices) = options::read(&pairs)?;
        Ok(match workspace.upload_draft(&name, bytes, &choices)? {
            Uploaded::Draft(id) => Ok(workspace.show_draft(&workspace.draft(id)?)?),
            Uploaded::Refused(id, problem) => Err((id, problem)),
        })
    });
    match uploaded.await? {
        Ok(draft) => Ok(created(draft)),
        Err((id, problem)) => Err(refused(id, problem)),
    }
}

/// Reads the file of an import or a dry run.
async fn take_in(
    workspace: Workspace,
    pairs: Vec<(String, String)>,
    body: Body,
    kind: ImportKind,
) -> Answer<(Workspace, ImportId)> {
    let taken = read_to_end(workspace, body, move |workspace, mut bytes| receive(workspace, &pairs, &mut bytes, kind));
    match taken.await? {
        (workspace, Received::Accepted(prepared)) => Ok((workspace, prepared.id)),
        (_, Received::Refused(id, problem)) => Err(refused(id, problem)),
    }
}

/// Reads a body to its end. One that breaks off leaves nothing behind.
async fn read_to_end<T: Send + 'static>(
    workspace: Workspace,
    body: Body,
    take_in: impl FnOnce(Workspace, &mut dyn Read) -> Result<T> + Send + 'static,
) -> Answer<T> {
    let mut bytes = SyncIoBridge::new(StreamReader::new(Box::pin(impatient(body.into_data_stream(), LONGEST_SILENCE))));
    let taken = blocking(move || {
        let most = workspace.limits.bytes.max(MOST_UNREAD_BYTES);
        let taken = take_in(workspace, &mut bytes);
        // A client that is answered while it still sends does not listen.
        let _ = io::copy(&mut bytes.take(most), &mut io::sink());
        taken
    });
    taken.await
}

fn receive(
    workspace: Workspace,
    pairs: &[(String, String)],
    bytes: &mut impl Read,
    kind: ImportKind,
) -> Result<(Workspace, Received)> {
    let (name, choices) = options::read(pairs)?;
    let received = workspace.upload(&name, bytes, &choices.options()?, kind)?;
    if let (Received::Accepted(prepared), ImportKind::DryRun) = (&received, kind) {
        workspace.check(prepared, &mut ())?;
    }
    Ok((workspace, received))
}

/// Ends with an error when nothing comes for too long.
fn impatient<E: std::fmt::Display>(
    body: impl Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    longest: Duration,
) -> impl Stream<Item = io::Result<Bytes>> {
    stream::unfold(body, move |mut body| async move {
        let next = match tokio::time::timeout(longest, body.next()).await {
            // Not the end: what came so far is not the file.
            Err(_) => Some(Err(io::Error::new(io::ErrorKind::TimedOut, "nothing came for too long"))),
            Ok(next) => next.map(|bytes| bytes.map_err(|e| io::Error::other(e.to_string()))),
        };
        next.map(|next| (next, body))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_falls_silent_breaks_off_instead_of_ending() {
        let first = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"Name,Email\n"))]);
        let body = Box::pin(first.chain(stream::pending()));
        let taken: Vec<_> = impatient(body, Duration::from_millis(20)).take(2).collect().await;
        assert_eq!(taken[0].as_ref().expect("the first block"), "Name,Email\n");
        assert_eq!(taken[1].as_ref().expect_err("no end").kind(), io::ErrorKind::TimedOut);
    }
}
