//! Downloads: the original of an import and the files that tell what became of its rows, sent while they are written.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::Result;
use convoke_app::pipeline::results::Selection;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::access::Exporter;
use crate::address::{Path, id_of};
use crate::blocking::blocking;
use crate::log;
use crate::problem::{Answer, Problem, Problems};

/// Blocks of a download that wait for a slow client.
const BLOCKS_AHEAD: usize = 4;
const BLOCK_BYTES: usize = 64 << 10;

/// Which file of an import.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes a part of an address")]
enum FileName {
    Original,
    Results,
    Errors,
    NotProcessed,
}

/// Download a file of an import
///
/// `original` is the upload byte for byte; `results` has every row with its outcome, `errors` the failed rows, ready to
/// be corrected and imported again, `not_processed` what a cancelled import left out.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/files/{file}", tag = "imports",
    params(("id" = String, Path), ("file" = inline(FileName), Path)),
    responses(
        (status = OK, description = "The file", content((Vec<u8> = "application/octet-stream"), (String = "text/csv"))),
        Problems
    )
)]
pub(crate) async fn file(Exporter(workspace): Exporter, Path((id, file)): Path<(String, String)>) -> Answer<Response> {
    let id = id_of(&id)?;
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
    let asked = file.clone();
    let found = blocking(move || Ok((workspace.import_to_download(id, &asked)?, workspace)));
    let (import, workspace) = found.await?;
    if import.upload.is_none() {
        let message = format!("The file of {id} was refused and not kept");
        return Err(Problem::new(StatusCode::NOT_FOUND, "not_found", &message, ""));
    }
    let name = if selection.is_some() { written_name(&import.file_name, &file) } else { import.file_name };
    let kind = if selection.is_some() { "text/csv; charset=utf-8" } else { "application/octet-stream" };
    let body = download(move |out| match selection {
        None => workspace.write_original(id, out).map(drop),
        Some(selection) => workspace.write_results(id, selection, out),
    })
    .await?;
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(&name));
    Ok(response)
}

/// `list errors.csv` of `list.xlsx`.
fn written_name(original: &str, file: &str) -> String {
    let parts = original.rsplit_once('.').filter(|(_, ending)| !ending.contains('/'));
    let stem = parts.map_or(original, |(stem, _)| stem);
    format!("{stem} {}.csv", file.replace('_', " "))
}

/// RFC 6266; a name outside of ASCII by RFC 8187.
pub(crate) fn attachment(name: &str) -> HeaderValue {
    let encoded = name.bytes().fold(String::new(), |text, byte| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        }
        _ => text + &format!("%{byte:02X}"),
    });
    let value = format!("attachment; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// Sends what `write` writes while it is written. If it fails before the first block that is answered; in the middle the
/// connection is cut, so that half a file does not look like a whole one.
pub(crate) async fn download(write: impl FnOnce(&mut dyn Write) -> Result<()> + Send + 'static) -> Answer<Body> {
    let (to_client, mut blocks) = mpsc::channel(BLOCKS_AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut out = io::BufWriter::with_capacity(BLOCK_BYTES, ToClient(to_client.clone()));
        if let Err(error) = write(&mut out)
            && !to_client.is_closed()
        {
            log::fault("a download", &error);
            let _ = to_client.blocking_send(Err(error));
        }
        // Fails only if the client left.
        let _ = out.flush();
    });
    let first = blocks.recv().await.transpose()?;
    let rest = stream::unfold(blocks, |mut blocks| async { blocks.recv().await.map(|block| (block, blocks)) });
    Ok(Body::from_stream(stream::iter(first.map(Ok)).chain(rest)))
}

struct ToClient(mpsc::Sender<Result<Bytes>>);

impl Write for ToClient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
