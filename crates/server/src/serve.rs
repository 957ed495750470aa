//! Listens, answers, and ends in order: no new requests, those under way are finished, running imports are handed back.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use convoke_app::outside::oidc::Provider;
use convoke_app::{Chance, Installation};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tower_http::add_extension::AddExtension;

use crate::access::{Doors, Peer};
use crate::once::UnderWay;
use crate::progress::Followers;
use crate::requests::RequestIds;
use crate::routes::{Shared, router};
use crate::work::{self, Work, Workers};
use crate::{health, measures};

/// A client has so long to send the headers of a request.
const HEADER_TIME: Duration = Duration::from_secs(15);
/// Bytes of a connection read at once, and of the headers of a request at most: what was read of an upload is kept by the thread
/// that read it.
const READ_BYTES: usize = 64 << 10;
/// A thread with nothing to do ends after that: it gives the memory back that the allocator keeps for it.
const IDLE_THREAD_TIME: Duration = Duration::from_secs(1);
/// Requests under way have so long to end; then their connections are closed.
const END_TIME: Duration = Duration::from_secs(3);
/// What still waits then is left.
const LAST_TIME: Duration = Duration::from_secs(1);

/// What a server is made of.
pub struct Settings {
    pub listen: SocketAddr,
    /// Where /metrics is answered, if anywhere. It tells how much is done here, and asks nobody who they are.
    pub metrics: Option<SocketAddr>,
    pub installation: Installation,
    pub workers: Workers,
    pub request_ids: RequestIds,
    /// How others reach the server, without a / at its end; None: as they do.
    pub public_url: Option<String>,
    /// Whether a proxy stands before it, which says whom it asks for.
    pub is_behind_proxy: bool,
    pub chance: Chance,
    /// Signs members in beside their passwords.
    pub provider: Option<Provider>,
}

/// What a worker is made of.
pub struct WorkerSettings {
    /// Where /health, /ready and /metrics are answered, if anywhere.
    pub listen: Option<SocketAddr>,
    pub installation: Installation,
    pub workers: Workers,
}

/// Serves until the process is asked to end (SIGTERM or SIGINT). `ready` is told the addresses, which the system may have
/// chosen: that of the API, then that of the measures.
pub fn serve(settings: Settings, ready: impl FnOnce(&[SocketAddr])) -> io::Result<()> {
    let Settings { listen, metrics, installation, workers, request_ids, public_url, is_behind_proxy, chance, provider } =
        settings;
    let measures = measures::begin(&installation).map_err(io::Error::other)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_keep_alive(IDLE_THREAD_TIME).build()?;
    // Kept until the runtime is gone: a connection to PostgreSQL that is dropped on one of its threads ends the process.
    let kept = installation.clone();
    let working = work::begin(&installation, workers);
    let doors = Doors::new(public_url, is_behind_proxy, chance).with_provider(provider);
    let shared = Shared {
        installation,
        work: working.work(),
        followers: Followers::default(),
        doors,
        under_way: UnderWay::default(),
    };
    let mut rooms = vec![(listen, router(shared, request_ids))];
    rooms.extend(metrics.map(|address| (address, measures::router(measures))));
    let served = runtime.block_on(open(rooms, &working.work(), ready));
    working.end();
    runtime.shutdown_timeout(LAST_TIME);
    drop(kept);
    served
}

/// Runs imports until the process is asked to end, and answers nothing but how it is.
pub fn work(settings: WorkerSettings, ready: impl FnOnce(&[SocketAddr])) -> io::Result<()> {
    let WorkerSettings { listen, installation, workers } = settings;
    let measures = measures::begin(&installation).map_err(io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let working = work::begin(&installation, workers);
    let router = health::router(installation).merge(measures::router(measures));
    let doors = listen.map(|address| (address, router)).into_iter().collect();
    let served = runtime.block_on(open(doors, &working.work(), ready));
    working.end();
    runtime.shutdown_timeout(LAST_TIME);
    served
}

async fn open(doors: Vec<(SocketAddr, Router)>, work: &Work, ready: impl FnOnce(&[SocketAddr])) -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (mut addresses, mut listening) = (Vec::new(), Vec::new());
    for (address, router) in doors {
        let listener =
            TcpListener::bind(address).await.map_err(|why| io::Error::new(why.kind(), format!("{address}: {why}")))?;
        addresses.push(listener.local_addr()?);
        listening.push((listener, router));
    }
    ready(&addresses);
    let ending = CancellationToken::new();
    let doors: Vec<_> = listening
        .into_iter()
        .map(|(listener, router)| tokio::spawn(listen(listener, router, ending.clone())))
        .collect();
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    work.end();
    ending.cancel();
    for door in doors {
        let _ = door.await;
    }
    Ok(())
}

async fn listen(listener: TcpListener, router: Router, ending: CancellationToken) {
    let under_way = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => answer(stream, AddExtension::new(router.clone(), Peer(peer.ip())), &under_way),
                // Too many open files: those under way have to end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            () = ending.cancelled() => break,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(END_TIME, under_way.shutdown()).await;
}

fn answer(stream: TcpStream, router: AddExtension<Router, Peer>, under_way: &GracefulShutdown) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(READ_BYTES);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIME);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).into_owned();
    let watched = under_way.watch(connection);
    tokio::spawn(async move {
        // A connection that breaks is the client's business.
        let _ = watched.await;
    });
}
