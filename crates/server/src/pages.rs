//! The web app: its built files, inside the executable. An address that nothing else answers and that a browser asks for
//! as a page is one of the app's own, so it gets the app's one document, under a policy that runs no script but the app's.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::access::Doors;
use crate::problem::{Answer, Problem};

/// What `make web` leaves. A debug build reads it when it is asked, and a missing one is told to whoever opens a page.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Built;

const DOCUMENT: &str = "index.html";
/// Stands in the document where its answer's nonce goes.
const NONCE: &str = "%NONCE%";
/// Stands in the document where it says that another server signs members in as well.
const SIGN_IN: &str = "%SIGN_IN%";
const NOT_BUILT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Convoke</title><body>\
    <h1>The web app is not built</h1><p>Run <code>make web</code> and load this page again. \
    The API answers without it: <a href=\"/docs/api\">its operations</a>.";
/// Names that carry the digest of what is behind them.
const LASTING: &str = "assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A file of the app, its document, or that nothing is there.
pub(crate) async fn page(State(doors): State<Doors>, request: Request) -> Answer<Response> {
    let nothing = || Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address", "");
    let path = request.uri().path().trim_start_matches('/');
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("api/") {
        return Err(nothing());
    }
    if path != DOCUMENT
        && let Some(answer) = file(path, request.headers())
    {
        return Ok(answer);
    }
    if path.starts_with(LASTING) || !wants_a_page(request.headers()) {
        return Err(nothing());
    }
    document(&doors)
}

/// Whether a person looks at the answer.
pub(crate) fn wants_a_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// A built file as it is or, for who takes that, packed.
fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let content = Built::get(path)?.data;
    let takes_packed = headers.get(header::ACCEPT_ENCODING).and_then(|taken| taken.to_str().ok());
    let takes_packed = takes_packed.is_some_and(|taken| taken.contains("gzip"));
    let packed = Built::get(&format!("{path}.gz")).filter(|_| takes_packed);
    let keep = if path.starts_with(LASTING) { FOR_EVER } else { "no-cache" };
    let mut answer = match packed {
        Some(packed) => ([(header::CONTENT_ENCODING, "gzip")], Body::from(packed.data)).into_response(),
        None => Body::from(content).into_response(),
    };
    let told = answer.headers_mut();
    told.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(path)));
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Some(answer)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("csv") => "text/csv; charset=utf-8",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The app's document. Style elements need its nonce; scripts are files of this server.
fn document(doors: &Doors) -> Answer<Response> {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    let Some(built) = Built::get(DOCUMENT) else {
        return Ok((StatusCode::SERVICE_UNAVAILABLE, html, NOT_BUILT).into_response());
    };
    let nonce = (doors.chance)()?.iter().take(16).fold(String::new(), |nonce, byte| nonce + &format!("{byte:02x}"));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    let sign_in = if doors.provider.is_some() { "oidc" } else { "password" };
    let page = String::from_utf8_lossy(&built.data).replace(NONCE, &nonce).replace(SIGN_IN, sign_in);
    Ok((html, [(header::CONTENT_SECURITY_POLICY, policy)], page).into_response())
}
