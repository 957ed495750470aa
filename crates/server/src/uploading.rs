//! Takes files in: the body of a request is the file. It is streamed to storage while it comes; one that breaks off, or
//! stalls, leaves nothing behind.

use std::cell::Cell;
use std::io::{self, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use convoke_app::imports::{Received, shapes};
use convoke_app::once::{Manner, Told};
use convoke_app::people::id::ImportId;
use convoke_app::store::StoreError;
use convoke_app::store::imports::ImportKind;
use convoke_app::{Error, Result, Workspace};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::access::Importer;
use crate::address::Query;
use crate::blocking::blocking;
use crate::imports::report_of;
use crate::once::{IdempotencyKey, Keyed, answer};
use crate::options::{self, ImportQuery, WaitQuery};
use crate::problem::{Answer, Problem, Problems};
use crate::progress::ended;
use crate::work::Work;

/// Where imports are found.
const COLLECTION: &str = "/api/v1/imports";
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
    post, path = "/api/v1/imports", tag = "imports", params(ImportQuery, WaitQuery, IdempotencyKey), request_body(content_type = "application/octet-stream"),
    responses((status = ACCEPTED, description = "Taken in", body = shapes::Import, headers(("Location" = String))), Problems)
)]
pub(crate) async fn import(
    Importer(workspace): Importer,
    State(work): State<Work>,
    Query(pairs): Query<Vec<(String, String)>>,
    keyed: Keyed,
    body: Body,
) -> Answer<Response> {
    let asked = Asked::of(pairs)?;
    let (workspace, told) = take_in(workspace, asked.options, keyed, body, ImportKind::Import).await?;
    work.wake();
    let (Some(longest), Some(id)) = (asked.wait, recorded(&told)) else { return Ok(answer(told)) };
    let import = ended(workspace, id, longest).await?;
    let body = shapes::json(&shapes::Import::from(&import)).to_string().into_bytes();
    Ok(answer(Told { body, ..told }))
}

/// Check a file
///
/// A dry run: everything that an import would do is found out and told, and nothing is written about people.
#[utoipa::path(
    post, path = "/api/v1/checks", tag = "imports", params(ImportQuery, IdempotencyKey), request_body(content_type = "application/octet-stream"),
    responses((status = OK, description = "Checked", body = shapes::Report), Problems)
)]
pub(crate) async fn check(
    Importer(workspace): Importer,
    Query(pairs): Query<Vec<(String, String)>>,
    keyed: Keyed,
    body: Body,
) -> Answer<Response> {
    let asked = Asked::of(pairs)?;
    let (workspace, told) = take_in(workspace, asked.options, keyed, body, ImportKind::DryRun).await?;
    let Some(id) = recorded(&told) else { return Ok(answer(told)) };
    let report = blocking(move || report_of(&workspace, id)).await?;
    Ok(answer(Told { body: shapes::json(&report).to_string().into_bytes(), ..told }))
}

/// How an upload is answered that was accepted.
fn manner(kind: ImportKind) -> Manner {
    let status = match kind {
        ImportKind::Import => 202,
        ImportKind::DryRun => 200,
    };
    Manner { status, collection: Some(COLLECTION) }
}

/// The import that an answer is about; None if the file was refused.
fn recorded(told: &Told) -> Option<ImportId> {
    told.location.as_deref()?.rsplit('/').next()?.parse().ok()
}

/// Reads a body to its end. One that breaks off leaves nothing behind.
async fn take_in(
    workspace: Workspace,
    pairs: Vec<(String, String)>,
    keyed: Keyed,
    body: Body,
    kind: ImportKind,
) -> Answer<(Workspace, Told)> {
    let mut bytes = SyncIoBridge::new(StreamReader::new(Box::pin(impatient(body.into_data_stream(), LONGEST_SILENCE))));
    let most = workspace.limits.bytes.max(MOST_UNREAD_BYTES);
    blocking(move || {
        let told = receive(workspace, &pairs, keyed, &mut bytes, kind);
        // A client that is answered while it still sends does not listen.
        let _ = io::copy(&mut bytes.take(most), &mut io::sink());
        told
    })
    .await
}

fn receive(
    workspace: Workspace,
    pairs: &[(String, String)],
    keyed: Keyed,
    bytes: &mut impl Read,
    kind: ImportKind,
) -> Result<(Workspace, Told)> {
    let (name, options) = options::read(pairs)?;
    let upload = keyed.begin(&workspace, manner(kind))?;
    upload.read_if_answered(&workspace, &mut *bytes)?;
    let refused = Cell::new(None);
    let work = |workspace: &Workspace| {
        let prepared = match workspace.upload(&name, bytes, &options, kind)? {
            Received::Accepted(prepared) => prepared,
            Received::Refused(id, problem) => {
                refused.set(Some(id));
                return Err(Error::Refused(problem));
            }
        };
        if kind == ImportKind::DryRun {
            workspace.check(&prepared, &mut ())?;
        }
        prepared.recorded.ok_or_else(|| StoreError::Stale.into())
    };
    let about = |problem: Problem| match refused.get() {
        Some(id) => problem.about(id.to_string()),
        None => problem,
    };
    upload.act(workspace, manner(kind), work, about)
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
