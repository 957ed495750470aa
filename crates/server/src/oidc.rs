//! Sign-in by another provider: to it and back. What binds the two is in a cookie that lasts ten minutes.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::Installation;
use convoke_app::outside::oidc::{Provider, Vouched};
use convoke_app::sessions::SignedIn;
use convoke_app::sign_in::Client;
use serde::Deserialize;

use crate::access::{Doors, From, MaybeSession};
use crate::address::Query;
use crate::blocking::blocking;
use crate::pages::wants_a_page;
use crate::problem::{Answer, Problem, Problems};

/// Where the provider sends browsers back to.
const CALLBACK: &str = "/sign-in/oidc/callback";

/// What the provider says when it sends a browser back.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Back {
    code: Option<String>,
    state: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

fn not_configured() -> Problem {
    let hint = "The operator sets issuer, client id and client secret; see the guide, members and sign-in.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", "No provider is set up here", hint)
}

fn redirect(to: &str, cookie: [axum::http::HeaderValue; 2]) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    for value in cookie {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// What went wrong is told to a browser on the page where one signs in, and to a program as it is.
fn shown(headers: &HeaderMap, answer: Answer<Response>) -> Answer<Response> {
    answer.or_else(|problem| {
        let page = format!("/sign-in?refused={}", problem.code());
        let is_browser = wants_a_page(headers);
        if is_browser { Ok((StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response()) } else { Err(problem) }
    })
}

/// Sign in by the provider
///
/// Sends the browser to the provider, which sends it back. A browser is told what went wrong on the page of the sign-in.
#[utoipa::path(
    get, path = "/sign-in/oidc", tag = "access", security(()),
    responses((status = SEE_OTHER, description = "To the provider", headers(("Location" = String))), Problems)
)]
pub(crate) async fn begin(State(doors): State<Doors>, headers: HeaderMap) -> Answer<Response> {
    let answer = to_provider(&doors, &headers).await;
    shown(&headers, answer)
}

async fn to_provider(doors: &Doors, headers: &HeaderMap) -> Answer<Response> {
    let provider = doors.provider.as_ref().ok_or_else(not_configured)?;
    let back = format!("{}{CALLBACK}", doors.base(headers));
    let begun = provider.begin(&back, &(doors.chance)()?).await?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, begun.url)]).into_response();
    response.headers_mut().append(header::SET_COOKIE, doors.journey_cookie(Some(&begun.secret)));
    Ok(response)
}

/// Come back from the provider
///
/// Signs in the member whom the provider vouches for: known by its subject, or by an e-mail address that it has verified.
/// Nobody becomes a member by this.
#[utoipa::path(
    get, path = "/sign-in/oidc/callback", tag = "access", security(()), params(Back),
    responses((status = SEE_OTHER, description = "Signed in", headers(("Set-Cookie" = String))), Problems)
)]
pub(crate) async fn back(
    State(installation): State<Installation>,
    State(doors): State<Doors>,
    (From(client), MaybeSession(old)): (From, MaybeSession),
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Answer<Response> {
    let answer = match vouched_for(&doors, &headers, back).await {
        Ok(vouched) => signed_in(installation, &doors, vouched, client, old).await,
        Err(problem) => Err(problem),
    };
    shown(&headers, answer)
}

async fn vouched_for(doors: &Doors, headers: &HeaderMap, back: Back) -> Answer<Vouched> {
    let provider = doors.provider.as_ref().ok_or_else(not_configured)?;
    let secret = doors.journey_of(headers).unwrap_or_default().to_owned();
    let state = back.state.unwrap_or_default();
    if secret.is_empty() || !Provider::is_back(&secret, &state) {
        let message = "This sign-in was not begun in this browser, or too long ago";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "usage", message, "Begin again: /sign-in/oidc."));
    }
    let Some(code) = back.code.filter(|_| back.error.is_none()) else {
        let message = "The provider did not sign you in";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "sign_in_failed", message, "Begin again: /sign-in/oidc."));
    };
    let callback = format!("{}{CALLBACK}", doors.base(headers));
    Ok(provider.end(&callback, code, &secret).await?)
}

async fn signed_in(
    installation: Installation,
    doors: &Doors,
    vouched: Vouched,
    client: Client,
    old: Option<SignedIn>,
) -> Answer<Response> {
    let chance = doors.chance;
    let new = blocking(move || {
        let new = installation.sign_in_vouched(&vouched, &client, chance)?;
        old.map_or(Ok(()), |old| old.end())?;
        Ok(new)
    });
    let new = new.await?;
    Ok(redirect("/", [doors.cookie(Some(&new.token)), doors.journey_cookie(None)]))
}
