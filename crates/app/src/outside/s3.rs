//! A bucket of an S3-compatible store. What is stored is new, or it is not stored: the last request of an upload carries
//! `If-None-Match`. An upload in parts leaves a note until it has ended, so that one whose process died can be given up.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use object_store::HeaderValue;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, RetryConfig};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::error::{Error, Result};
use crate::files::Found;

/// What goes in one request; S3 takes parts from 5 MB on. A smaller file is one request.
const PART_BYTES: usize = 8 << 20;
/// Parts on their way at once: with the one being filled, 32 MB an upload.
const PARTS_AT_ONCE: usize = 3;
/// Where notes of uploads under way lie.
const NOTES: &str = "under-way";
/// Files told at once.
const LISTED_AT_ONCE: usize = 1000;
/// A request that was refused for now is repeated so often, and so long.
const RETRIES: usize = 3;
const RETRY_TIME: Duration = Duration::from_secs(10);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// A part has to be there within this time, and so has a download's next block.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// How a bucket is reached.
#[derive(Clone)]
pub struct BucketSettings {
    pub bucket: String,
    /// Before every key, without slashes around it.
    pub prefix: String,
    /// None: Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    /// Name and secret; None: of the machine's role.
    pub key: Option<(String, String)>,
    pub path_style: bool,
}

/// An open bucket.
pub struct Bucket {
    store: Arc<AmazonS3>,
    runtime: Option<Runtime>,
    place: String,
    prefix: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place)
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // The last holder may be a task of another runtime, which may not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Bucket {
    /// Nothing is asked of the store yet.
    pub(crate) fn open(settings: &BucketSettings) -> Result<Self> {
        let place = format!("s3://{}/{}", settings.bucket, settings.prefix);
        let wrong = |e: &dyn std::fmt::Display| {
            Error::usage(format!("Cannot use {place} for files: {e}"), "See [files] in the configuration.")
        };
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_TIME, ..RetryConfig::default() };
        let is_plain = settings.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let options =
            ClientOptions::new().with_allow_http(is_plain).with_connect_timeout(CONNECT_TIME).with_timeout(ANSWER_TIME);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_virtual_hosted_style_request(!settings.path_style)
            .with_client_options(options)
            .with_retry(retry)
            .with_http_connector(NeverOver(ReqwestConnector::default()));
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some((name, secret)) = &settings.key {
            builder = builder.with_access_key_id(name).with_secret_access_key(secret);
        }
        let store = Arc::new(builder.build().map_err(|e| wrong(&e))?);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).thread_name("storage").enable_all().build();
        Ok(Self { store, runtime: Some(runtime.map_err(|e| wrong(&e))?), place, prefix: settings.prefix.clone() })
    }

    fn wait<T>(&self, work: impl Future<Output = object_store::Result<T>>) -> io::Result<T> {
        let runtime = self.runtime.as_ref().ok_or_else(|| io::Error::other("the storage is closed"))?;
        runtime.block_on(work).map_err(io_error)
    }

    fn path(&self, key: &str) -> Path {
        Path::from(format!("{}/{key}", self.prefix))
    }

    fn note(&self, key: &str) -> Path {
        self.path(&format!("{NOTES}/{key}"))
    }

    pub(crate) fn name_of(&self, key: &str) -> String {
        format!("{}/{key}", self.place.trim_end_matches('/'))
    }

    pub(crate) fn broken(&self, doing: &'static str, key: &str, source: io::Error) -> Error {
        metrics::counter!("convoke_storage_errors_total").increment(1);
        Error::Files { doing, path: self.name_of(key), source }
    }

    /// Begins an upload; nothing is sent before a part is full.
    pub(crate) fn begin(&self, key: &str) -> Upload<'_> {
        Upload { bucket: self, key: key.to_owned(), rest: Vec::new(), parts: None }
    }

    pub(crate) fn fetch(&self, key: &str, to: &mut File) -> io::Result<()> {
        let got = self.wait(self.store.get(&self.path(key)))?;
        let size = got.meta.size;
        let mut blocks = got.into_stream();
        let mut fetched = 0;
        while let Some(block) = self.wait(async { blocks.next().await.transpose() })? {
            fetched += block.len() as u64;
            to.write_all(&block)?;
        }
        if fetched == size {
            Ok(())
        } else {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "the answer broke off"))
        }
    }

    pub(crate) fn remove(&self, key: &str) -> io::Result<()> {
        self.remove_at(&self.path(key))
    }

    fn remove_at(&self, path: &Path) -> io::Result<()> {
        match self.wait(self.store.delete(path)) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// The callback runs outside of the runtime: it may wait for a database.
    pub(crate) fn each(&self, seen: &mut impl FnMut(Vec<Found>) -> Result<()>) -> Result<()> {
        let prefix = Path::from(self.prefix.as_str());
        let mut listed = self.store.list(Some(&prefix)).chunks(LISTED_AT_ONCE);
        loop {
            let next = self.wait(async { Ok(listed.next().await) }).map_err(|e| self.broken("read", "", e))?;
            let Some(next) = next else { return Ok(()) };
            let mut found = Vec::new();
            for object in next {
                let object = object.map_err(|e| self.broken("read", "", io_error(e)))?;
                let path = object.location.to_string();
                let key = path.strip_prefix(&self.prefix).unwrap_or(&path).trim_start_matches('/');
                let upload = key.strip_prefix(NOTES).map(|key| key.trim_start_matches('/'));
                found.push(Found {
                    key: upload.unwrap_or(key).to_owned(),
                    changed_at: object.last_modified.timestamp_micros(),
                    size_bytes: object.size,
                    is_partial: upload.is_some(),
                });
            }
            seen(found)?;
        }
    }

    /// Ends an upload whose process died before it did.
    pub(crate) fn give_up(&self, key: &str) -> io::Result<()> {
        let note = self.note(key);
        let id = match self.wait(async { self.store.get(&note).await?.bytes().await }) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(()),
            id => String::from_utf8_lossy(&id?).into_owned(),
        };
        match self.wait(self.store.abort_multipart(&self.path(key), &id)) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            // It ended, and only its note was left.
            _ => {}
        }
        self.remove_at(&note)
    }

    pub(crate) fn probe(&self) -> io::Result<()> {
        let prefix = self.path(NOTES);
        let mut listed = self.store.list(Some(&prefix));
        self.wait(async { listed.next().await.transpose() }).map(drop)
    }
}

/// A file on its way into a bucket.
pub(crate) struct Upload<'b> {
    bucket: &'b Bucket,
    key: String,
    /// What no part holds yet.
    rest: Vec<u8>,
    parts: Option<Parts>,
}

struct Parts {
    id: String,
    sent: usize,
    under_way: JoinSet<object_store::Result<(usize, PartId)>>,
    done: Vec<(usize, PartId)>,
}

impl Upload<'_> {
    /// Takes a block; waits while too many parts are on their way.
    pub(crate) fn push(&mut self, block: &[u8]) -> io::Result<()> {
        self.rest.extend_from_slice(block);
        if self.rest.len() >= PART_BYTES { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> io::Result<()> {
        let (bucket, path) = (self.bucket, self.bucket.path(&self.key));
        if self.parts.is_none() {
            let id = bucket.wait(bucket.store.create_multipart(&path))?;
            let note = PutPayload::from(id.clone());
            let parts = Parts { id, sent: 0, under_way: JoinSet::new(), done: Vec::new() };
            self.parts = Some(parts);
            bucket.wait(bucket.store.put(&bucket.note(&self.key), note))?;
        }
        let Some(parts) = &mut self.parts else { return Ok(()) };
        let payload = PutPayload::from(Bytes::from(std::mem::take(&mut self.rest)));
        let (store, id, number) = (Arc::clone(&bucket.store), parts.id.clone(), parts.sent);
        parts.sent += 1;
        bucket.wait(async {
            if parts.under_way.len() >= PARTS_AT_ONCE {
                parts.join_next().await?;
            }
            parts.under_way.spawn(async move { Ok((number, store.put_part(&path, &id, number, payload).await?)) });
            Ok(())
        })
    }

    /// From here on the file is there, if this succeeds.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        let finished = self.try_finish();
        match &finished {
            Ok(()) => self.forget_note(),
            Err(_) => self.abort(),
        }
        finished
    }

    fn try_finish(&mut self) -> io::Result<()> {
        let (bucket, path) = (self.bucket, self.bucket.path(&self.key));
        if self.parts.is_none() {
            let payload = PutPayload::from(Bytes::from(std::mem::take(&mut self.rest)));
            let options = PutOptions::from(PutMode::Create);
            return bucket.wait(bucket.store.put_opts(&path, payload, options)).map(drop);
        }
        if !self.rest.is_empty() {
            self.send()?;
        }
        let Some(parts) = &mut self.parts else { return Ok(()) };
        bucket.wait(async {
            while !parts.under_way.is_empty() {
                parts.join_next().await?;
            }
            parts.done.sort_unstable_by_key(|(number, _)| *number);
            let all = parts.done.drain(..).map(|(_, part)| part).collect();
            bucket.store.complete_multipart(&path, &parts.id, all).await.map(drop)
        })
    }

    /// Leaves nothing behind, as far as the store can be reached; the rest is for the janitor.
    pub(crate) fn abort(&mut self) {
        let Some(mut parts) = self.parts.take() else { return };
        let (bucket, path) = (self.bucket, self.bucket.path(&self.key));
        let aborted = bucket.wait(async {
            parts.under_way.shutdown().await;
            bucket.store.abort_multipart(&path, &parts.id).await
        });
        if aborted.is_ok() {
            self.forget_note();
        }
    }

    fn forget_note(&self) {
        // A note without an upload is found and forgotten by the janitor.
        let _ = self.bucket.remove_at(&self.bucket.note(&self.key));
    }
}

impl Parts {
    async fn join_next(&mut self) -> object_store::Result<()> {
        if let Some(joined) = self.under_way.join_next().await {
            self.done.push(joined??);
        }
        Ok(())
    }
}

/// Sends requests on; the one that ends an upload in parts says that nothing may be written over, for which the library
/// has no word. The header is not among those a signature covers.
#[derive(Debug)]
struct NeverOver<T>(T);

impl HttpConnector for NeverOver<ReqwestConnector> {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(NeverOver(self.0.connect(options)?)))
    }
}

#[async_trait::async_trait]
impl HttpService for NeverOver<HttpClient> {
    async fn call(&self, mut request: HttpRequest) -> std::result::Result<HttpResponse, HttpError> {
        let query = request.uri().query().unwrap_or_default();
        if request.method() == "POST" && query.split('&').any(|pair| pair.starts_with("uploadId=")) {
            request.headers_mut().insert("if-none-match", HeaderValue::from_static("*"));
        }
        self.0.execute(request).await
    }
}

/// What the rest of the program knows: may it pass by itself, is it refused, is it not there, is the store full.
fn io_error(error: object_store::Error) -> io::Error {
    use io::ErrorKind;
    use object_store::Error as E;
    let text = plain(&error);
    let kind = match &error {
        E::NotFound { .. } => ErrorKind::NotFound,
        E::AlreadyExists { .. } | E::Precondition { .. } => ErrorKind::AlreadyExists,
        E::PermissionDenied { .. } | E::Unauthenticated { .. } => ErrorKind::PermissionDenied,
        E::Generic { .. } if text.contains("QuotaExceeded") || text.contains("StorageFull") => ErrorKind::StorageFull,
        // A listing tells no more than the number.
        E::Generic { .. } | E::JoinError { .. } => match status_in(&text) {
            Some(401 | 403) => ErrorKind::PermissionDenied,
            Some(404) => ErrorKind::NotFound,
            Some(507) => ErrorKind::StorageFull,
            None | Some(408 | 429 | 500..) => ErrorKind::HostUnreachable,
            Some(_) => ErrorKind::Other,
        },
        _ => ErrorKind::Other,
    };
    let said = match kind {
        ErrorKind::NotFound => "the storage has no such file or bucket",
        ErrorKind::AlreadyExists => "there is another file of this name",
        ErrorKind::PermissionDenied => "the storage refuses the key",
        ErrorKind::StorageFull => "the storage is full",
        ErrorKind::HostUnreachable => "the storage cannot be reached or is not ready",
        _ => "the storage answered what was not understood",
    };
    io::Error::new(kind, format!("{said} ({text})"))
}

/// The status of an answer, as the library words it.
fn status_in(text: &str) -> Option<u16> {
    text.split_once("status code: ")?.1.get(..3)?.parse().ok()
}

/// The innermost cause in one line: the others repeat it with addresses.
fn plain(error: &object_store::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}
