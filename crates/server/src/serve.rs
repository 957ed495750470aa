//! Listens, answers, and ends in order: no new requests, those under way are finished, the running import is handed back.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use convoke_app::Installation;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use crate::blocking::blocking;
use crate::once::UnderWay;
use crate::routes::{Shared, router};
use crate::work;

/// A client has so long to send the headers of a request.
const HEADER_TIME: Duration = Duration::from_secs(15);
/// Requests under way have so long to end; then their connections are closed.
const END_TIME: Duration = Duration::from_secs(3);

/// How often old answers are forgotten.
const FORGET_INTERVAL: Duration = Duration::from_secs(3600);

/// What a server is made of.
pub struct Settings {
    pub listen: SocketAddr,
    pub installation: Installation,
}

/// Serves until the process is asked to end (SIGTERM or SIGINT). `ready` is told the address, which the system may have
/// chosen.
pub fn serve(settings: Settings, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let working = work::begin(settings.installation.clone());
    // Kept until the runtime is gone: a connection to PostgreSQL that is dropped on one of its threads ends the process.
    let installation = settings.installation.clone();
    let forgetting = runtime.spawn(forget(installation.clone()));
    let shared = Shared { installation: settings.installation, work: working.work(), under_way: UnderWay::default() };
    let served = runtime.block_on(listen(settings.listen, router(shared), ready));
    forgetting.abort();
    working.end();
    runtime.shutdown_timeout(END_TIME);
    drop(installation);
    served
}

/// Forgets, every hour, the answers that were kept long enough to be told again.
async fn forget(installation: Installation) {
    let mut hours = tokio::time::interval(FORGET_INTERVAL);
    loop {
        hours.tick().await;
        let installation = installation.clone();
        // Told to the log; the next hour comes.
        let _ = blocking(move || installation.forget_old_answers()).await;
    }
}

async fn listen(address: SocketAddr, router: Router, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    ready(listener.local_addr()?);
    let under_way = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => answer(stream, router.clone(), &under_way),
                // Too many open files: those under way have to end first.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(END_TIME, under_way.shutdown()).await;
    Ok(())
}

fn answer(stream: TcpStream, router: Router, under_way: &GracefulShutdown) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIME);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).into_owned();
    let watched = under_way.watch(connection);
    tokio::spawn(async move {
        // A connection that breaks is the client's business.
        let _ = watched.await;
    });
}
