//! Listens, answers, and ends in order: no new requests, those under way are finished, the running import is handed back.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use convoke_app::Installation;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use crate::problem::Problem;
use crate::work::{self, Work};
use crate::{health, imports, progress};

/// A client has so long to send the headers of a request.
const HEADER_TIME: Duration = Duration::from_secs(15);
/// Requests under way have so long to end; then their connections are closed.
const END_TIME: Duration = Duration::from_secs(3);

/// What a server is made of.
pub struct Settings {
    pub listen: SocketAddr,
    pub installation: Installation,
}

#[derive(Clone, FromRef)]
struct Shared {
    installation: Installation,
    work: Work,
}

/// Serves until the process is asked to end (SIGTERM or SIGINT). `ready` is told the address, which the system may have
/// chosen.
pub fn serve(settings: Settings, ready: impl FnOnce(SocketAddr)) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let working = work::begin(settings.installation.clone());
    let shared = Shared { installation: settings.installation, work: working.work() };
    let served = runtime.block_on(listen(settings.listen, router(shared), ready));
    working.end();
    runtime.shutdown_timeout(END_TIME);
    served
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/api/v1/imports", get(imports::list).post(imports::import))
        .route("/api/v1/checks", post(imports::check))
        .route("/api/v1/imports/{id}", get(imports::show))
        .route("/api/v1/imports/{id}/report", get(imports::report))
        .route("/api/v1/imports/{id}/events", get(progress::events))
        .route("/api/v1/imports/{id}/pause", post(imports::pause))
        .route("/api/v1/imports/{id}/resume", post(imports::resume))
        .route("/api/v1/imports/{id}/cancel", post(imports::cancel))
        .route("/api/v1/imports/{id}/files/{file}", get(imports::file))
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address", ""))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that", "")
        })
        // An upload is as long as the limit of an import says, which is counted while it is stored.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(guarded))
        .with_state(shared)
}

/// Answers are data: nothing of them runs, is framed, guessed at or kept.
async fn guarded(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
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
