//! Imports over HTTP: upload a file and have it imported or checked, follow it, stop it, and fetch what it left.

use std::io::{self, Read, Write};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::imports::{Received, json};
use convoke_app::people::id::ImportId;
use convoke_app::pipeline::results::Selection;
use convoke_app::store::imports::{Import, ImportKind};
use convoke_app::{Error, Result, Workspace};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::access::{Importer, Reader};
use crate::address::{Path, Query};
use crate::blocking::blocking;
use crate::log;
use crate::options;
use crate::problem::{Answer, Problem};
use crate::progress::ended;
use crate::work::Work;

/// A client that sends nothing for so long is gone.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
/// Whoever waits longer asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// Imports a page holds, if nobody says, and at most.
const PAGE: u32 = 50;
const MOST: u32 = 500;
/// Blocks of a download that wait for a slow client.
const BLOCKS_AHEAD: usize = 4;
const BLOCK_BYTES: usize = 64 << 10;
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

/// `POST /api/v1/imports`: the body is the file. It is taken in, recorded and run.
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
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, format!("/api/v1/imports/{id}"))], Json(json::import(&import)))
        .into_response())
}

/// `POST /api/v1/checks`: the same as a dry run; the answer is its report.
pub(crate) async fn check(
    Importer(workspace): Importer,
    Query(pairs): Query<Vec<(String, String)>>,
    body: Body,
) -> Answer<Json<Value>> {
    let asked = Asked::of(pairs)?;
    let (workspace, id) = take_in(workspace, asked.options, body, ImportKind::DryRun).await?;
    Ok(Json(blocking(move || report_of(&workspace, id)).await?))
}

/// Reads a body to its end. One that breaks off leaves nothing behind.
async fn take_in(
    workspace: Workspace,
    pairs: Vec<(String, String)>,
    body: Body,
    kind: ImportKind,
) -> Answer<(Workspace, ImportId)> {
    let mut bytes = SyncIoBridge::new(StreamReader::new(Box::pin(impatient(body.into_data_stream(), LONGEST_SILENCE))));
    let taken = blocking(move || {
        let taken = receive(workspace, &pairs, &mut bytes, kind);
        // A client that is answered while it still sends does not listen.
        let most = taken.as_ref().map_or(MOST_UNREAD_BYTES, |(workspace, _)| workspace.limits.bytes);
        let _ = io::copy(&mut bytes.take(most), &mut io::sink());
        taken
    });
    match taken.await? {
        (workspace, Received::Accepted(prepared)) => Ok((workspace, prepared.id)),
        (_, Received::Refused(id, problem)) => Err(Problem::from(Error::Refused(problem)).about(id.to_string())),
    }
}

fn receive(
    workspace: Workspace,
    pairs: &[(String, String)],
    bytes: &mut impl Read,
    kind: ImportKind,
) -> Result<(Workspace, Received)> {
    let (name, options) = options::read(pairs)?;
    let received = workspace.upload(&name, bytes, &options, kind)?;
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

/// Which page of the history.
#[derive(Deserialize)]
pub(crate) struct Page {
    limit: Option<u32>,
    before: Option<String>,
}

/// `GET /api/v1/imports`: newest first; `next` is the `before` of the page behind.
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<Page>) -> Answer<Json<Value>> {
    let most = page.limit.unwrap_or(PAGE).clamp(1, MOST);
    let before = page.before.as_deref().map(import_id).transpose()?;
    let imports = blocking(move || workspace.imports_before(before, most)).await?;
    let next = imports.last().filter(|_| imports.len() == most as usize).map(|import| import.id.to_string());
    let items: Vec<_> = imports.iter().map(json::import).collect();
    Ok(Json(json!({"items": items, "next": next})))
}

/// An id in an address; what is none answers like one that is unknown.
pub(crate) fn import_id(text: &str) -> Answer<ImportId> {
    text.parse().map_err(|_| {
        Problem::new(StatusCode::NOT_FOUND, "not_found", &format!("There is no import {text}"), "See /api/v1/imports.")
    })
}

/// `GET /api/v1/imports/{id}`
pub(crate) async fn show(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<Value>> {
    let id = import_id(&id)?;
    Ok(Json(json::import(&blocking(move || workspace.find_import(id)).await?)))
}

/// `GET /api/v1/imports/{id}/report`: as `convoke imports show --json`.
pub(crate) async fn report(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<Value>> {
    let id = import_id(&id)?;
    Ok(Json(blocking(move || report_of(&workspace, id)).await?))
}

fn report_of(workspace: &Workspace, id: ImportId) -> Result<Value> {
    let report = workspace.report(id)?;
    Ok(json::report(&report, &json::stored_problem(&report.import)))
}

/// `POST /api/v1/imports/{id}/pause`
pub(crate) async fn pause(importer: Importer, Path(id): Path<String>) -> Answer<Response> {
    ask(importer, id, Workspace::pause).await
}

/// `POST /api/v1/imports/{id}/cancel`
pub(crate) async fn cancel(importer: Importer, Path(id): Path<String>) -> Answer<Response> {
    ask(importer, id, Workspace::cancel).await
}

/// `POST /api/v1/imports/{id}/resume`
pub(crate) async fn resume(importer: Importer, State(work): State<Work>, Path(id): Path<String>) -> Answer<Response> {
    let answer = ask(importer, id, Workspace::unpause).await?;
    work.wake();
    Ok(answer)
}

/// The request is stored; the state follows within seconds if the import runs.
async fn ask(
    Importer(workspace): Importer,
    id: String,
    request: fn(&Workspace, ImportId) -> Result<Import>,
) -> Answer<Response> {
    let id = import_id(&id)?;
    let import = blocking(move || request(&workspace, id)).await?;
    Ok((StatusCode::ACCEPTED, Json(json::import(&import))).into_response())
}

/// `GET /api/v1/imports/{id}/files/{file}`: original, results, errors or not_processed.
pub(crate) async fn file(Reader(workspace): Reader, Path((id, file)): Path<(String, String)>) -> Answer<Response> {
    let id = import_id(&id)?;
    let selection = match file.as_str() {
        "original" => None,
        "results" => Some(Selection::All),
        "errors" => Some(Selection::Failed),
        "not_processed" => Some(Selection::NotProcessed),
        _ => {
            let hint = "Files are original, results, errors and not_processed.";
            let message = format!("There is no file {file} of an import");
            return Err(Problem::new(StatusCode::NOT_FOUND, "not_found", &message, hint));
        }
    };
    let found = blocking(move || Ok((workspace.find_import(id)?, workspace)));
    let (import, workspace) = found.await?;
    if import.upload.is_none() {
        let message = format!("The file of {id} was refused and not kept");
        return Err(Problem::new(StatusCode::NOT_FOUND, "not_found", &message, ""));
    }
    let name = if selection.is_some() { format!("{file}-{id}.csv") } else { import.file_name };
    let kind = if selection.is_some() { "text/csv; charset=utf-8" } else { "application/octet-stream" };
    let body = download(move |out| match selection {
        None => workspace.write_original(id, out).map(drop),
        Some(selection) => workspace.write_results(id, selection, out),
    });
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(&name));
    Ok(response)
}

/// RFC 6266; a name outside of ASCII by RFC 8187.
fn attachment(name: &str) -> HeaderValue {
    let encoded = name.bytes().fold(String::new(), |text, byte| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => text + &format!("%{byte:02X}"),
    });
    let value = format!("attachment; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// Sends what `write` writes while it is written. If it fails in the middle the connection is cut, so that half a file
/// does not look like a whole one.
fn download(write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static) -> Body {
    let (to_client, blocks) = mpsc::channel(BLOCKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut out = io::BufWriter::with_capacity(BLOCK_BYTES, ToClient(to_client.clone()));
        if let Err(error) = write(&mut out)
            && !to_client.is_closed()
        {
            log::fault("a download", &error);
            let _ = to_client.blocking_send(Err(io::Error::other("it cannot be read")));
        }
        // Fails only if the client left.
        let _ = out.flush();
    });
    Body::from_stream(stream::unfold(blocks, |mut blocks| async { blocks.recv().await.map(|block| (block, blocks)) }))
}

struct ToClient(mpsc::Sender<io::Result<Bytes>>);

impl Write for ToClient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
