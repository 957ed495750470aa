//! An S3 server that checks signatures, on a free port of this machine, with its files in a folder of its own. It can be
//! killed and started again on the same port, and told to refuse. Invariant: it ends with the process that started it.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpResponse};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The one key it knows.
pub const KEY: (&str, &str) = ("convoke-test", "a secret of tests");
/// The one bucket it begins with.
pub const BUCKET: &str = "uploads";

/// A running server.
pub struct S3 {
    folder: TempDir,
    address: SocketAddr,
    runtime: Option<Runtime>,
    switches: Arc<Switches>,
}

/// What a test turns while requests come.
#[derive(Default)]
struct Switches {
    refuses: AtomicBool,
    /// Requests seen so far.
    requests: AtomicU64,
    /// The server falls silent behind so many requests; 0: never.
    stops_behind: AtomicU64,
}

impl S3 {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { folder, address: any, runtime: None, switches: Arc::default() };
        server.resume();
        server
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What lies in the bucket, without what the server keeps beside it.
    pub fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        walk(&self.folder.path().join(BUCKET), &mut found);
        found
    }

    /// Uploads in parts that were begun and have not ended.
    pub fn open_uploads(&self) -> usize {
        let names = std::fs::read_dir(self.folder.path()).expect("the folder").flatten();
        names.filter(|entry| entry.file_name().to_string_lossy().starts_with(".upload-")).count()
    }

    /// Answers nothing but 503 from now on, or no longer.
    pub fn refuse(&self, refuses: bool) {
        self.switches.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.switches.requests.load(Ordering::SeqCst)
    }

    /// Breaks every connection at the request behind so many more, and those that follow, until [`S3::resume`].
    pub fn stop_behind(&self, requests: u64) {
        self.switches.stops_behind.store(self.requests() + requests, Ordering::SeqCst);
    }

    /// Ends at once: every connection breaks, and nobody listens.
    pub fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Listens again, on the same port and with the same files.
    pub fn resume(&mut self) {
        self.kill();
        self.switches.stops_behind.store(0, Ordering::SeqCst);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(self.address)).expect("the port is free");
        self.address = listener.local_addr().expect("an address");
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(self.folder.path()).expect("the folder"));
        builder.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        let (service, switches) = (builder.build(), Arc::clone(&self.switches));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (service, switches) = (service.clone(), Arc::clone(&switches));
                tokio::spawn(async move {
                    let answers = service_fn(move |request| {
                        let (service, switches) = (service.clone(), Arc::clone(&switches));
                        async move { answer(&service, &switches, request).await }
                    });
                    let served = Builder::new(TokioExecutor::new());
                    // A connection that breaks is the client's business.
                    let _ = served.serve_connection(TokioIo::new(stream), answers).await;
                });
            }
        });
        self.runtime = Some(runtime);
    }
}

async fn answer(service: &S3Service, switches: &Switches, request: Request<Incoming>) -> io::Result<HttpResponse> {
    let seen = switches.requests.fetch_add(1, Ordering::SeqCst);
    let stops_behind = switches.stops_behind.load(Ordering::SeqCst);
    if stops_behind > 0 && seen >= stops_behind {
        return Err(io::Error::other("the test wants it so"));
    }
    if switches.refuses.load(Ordering::SeqCst) {
        let refusal =
            Response::builder().status(503).body(Body::from("<Error><Code>SlowDown</Code></Error>".to_owned()));
        return refusal.map_err(io::Error::other);
    }
    service.call(request.map(Body::from)).await.map_err(|error| io::Error::other(format!("{error:?}")))
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.kill();
    }
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the bucket").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}
