//! Takes files in: the body of a request is the file. It is streamed to storage while it comes; one that breaks off, or
//! stalls, leaves nothing behind.

use std::cell::Cell;
use std::io::{self, Read};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use convoke_app::imports::draft_shape::DraftShape;
use convoke_app::imports::{Received, Uploaded, shapes};
use convoke_app::once::{Kept, Manner, Told};
use convoke_app::people::id::ImportId;
use convoke_app::pipeline::problem::Problem as Refusal;
use convoke_app::store::StoreError;
use convoke_app::store::imports::{Import, ImportKind};
use convoke_app::{Error, Result, Workspace};
use futures_util::{Stream, StreamExt, stream};
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::access::Importer;
use crate::address::Query;
use crate::blocking::blocking;
use crate::drafts::{DRAFTED, drafted};
use crate::imports::report_of;
use crate::once::{IdempotencyKey, Keyed, answer};
use crate::options::{self, ImportQuery, WaitQuery};
use crate::problem::{Answer, Problem, Problems};
use crate::progress::ended;
use crate::work::Work;

/// How an upload is answered that was accepted.
const IMPORTED: Manner = Manner { status: 202, place: Some("/api/v1/imports/{id}") };
const CHECKED: Manner = Manner { status: 200, place: Some("/api/v1/imports/{id}") };
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
    let taken = take_in(workspace, keyed, body, IMPORTED, move |workspace, bytes| {
        receive(workspace, &asked.options, bytes, ImportKind::Import)
    });
    let (workspace, told) = taken.await?;
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
    let taken = take_in(workspace, keyed, body, CHECKED, move |workspace, bytes| {
        receive(workspace, &asked.options, bytes, ImportKind::DryRun)
    });
    let (workspace, told) = taken.await?;
    let Some(id) = recorded(&told) else { return Ok(answer(told)) };
    let report = blocking(move || report_of(&workspace, id)).await?;
    Ok(answer(Told { body: shapes::json(&report).to_string().into_bytes(), ..told }))
}

/// Upload a draft
///
/// The body is the file, whose import is prepared step by step: it is looked at and nothing else.
#[utoipa::path(
    post, path = "/api/v1/drafts", tag = "drafts", params(ImportQuery, IdempotencyKey),
    request_body(content_type = "application/octet-stream"),
    responses((status = CREATED, description = "The draft", body = DraftShape, headers(("Location" = String))), Problems)
)]
pub(crate) async fn draft(
    Importer(workspace): Importer,
    Query(pairs): Query<Vec<(String, String)>>,
    keyed: Keyed,
    body: Body,
) -> Answer<Response> {
    let taken = take_in(workspace, keyed, body, DRAFTED, move |workspace, bytes| {
        let (name, choices) = options::read(&pairs)?;
        Ok(match workspace.upload_draft(&name, bytes, &choices)? {
            Uploaded::Draft(draft) => Ok(*draft),
            Uploaded::Refused(id, problem) => Err((id, problem)),
        })
    });
    let (workspace, told) = taken.await?;
    drafted(workspace, told).await
}

/// The import that an answer is about; None if the file was refused.
pub(crate) fn recorded(told: &Told) -> Option<ImportId> {
    told.location.as_deref()?.split('/').find_map(|part| part.parse().ok())
}

/// What was recorded of an upload: the import, or that its file was refused and why.
type Taken = std::result::Result<Kept<Import>, (ImportId, Refusal)>;

/// Reads a body to its end and has it recorded by `work`. One that breaks off leaves nothing behind.
async fn take_in(
    workspace: Workspace,
    keyed: Keyed,
    body: Body,
    manner: Manner,
    work: impl FnOnce(&Workspace, &mut dyn Read) -> Result<Taken> + Send + 'static,
) -> Answer<(Workspace, Told)> {
    let mut bytes = SyncIoBridge::new(StreamReader::new(Box::pin(impatient(body.into_data_stream(), LONGEST_SILENCE))));
    let most = workspace.limits.bytes.max(MOST_UNREAD_BYTES);
    blocking(move || {
        let told = record(workspace, keyed, manner, work, &mut bytes);
        // A client that is answered while it still sends does not listen. One that has fallen silent is not waited for a
        // second time.
        if !matches!(told, Err(Error::Interrupted(_))) {
            let _ = io::copy(&mut bytes.take(most), &mut io::sink());
        }
        told
    })
    .await
}

fn record(
    workspace: Workspace,
    keyed: Keyed,
    manner: Manner,
    work: impl FnOnce(&Workspace, &mut dyn Read) -> Result<Taken>,
    bytes: &mut dyn Read,
) -> Result<(Workspace, Told)> {
    let upload = keyed.begin(&workspace, manner)?;
    upload.read_if_answered(&workspace, &mut *bytes)?;
    let refused = Cell::new(None);
    let work = |workspace: &Workspace| {
        work(workspace, bytes)?.map_err(|(id, refusal)| {
            refused.set(Some(id));
            Error::Refused(refusal)
        })
    };
    let about = |problem: Problem| match refused.get() {
        Some(id) => problem.about(id.to_string()),
        None => problem,
    };
    upload.act(workspace, manner, work, about)
}

/// Takes in a file that is imported or checked in one request.
fn receive(workspace: &Workspace, pairs: &[(String, String)], bytes: &mut dyn Read, kind: ImportKind) -> Result<Taken> {
    let (name, choices) = options::read(pairs)?;
    let prepared = match workspace.upload(&name, bytes, &choices.options()?, kind)? {
        Received::Accepted(prepared) => prepared,
        Received::Refused(id, problem) => return Ok(Err((id, problem))),
    };
    if kind == ImportKind::DryRun {
        workspace.check(&prepared, &mut ())?;
    }
    prepared.recorded.map(Ok).ok_or_else(|| StoreError::Stale.into())
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
