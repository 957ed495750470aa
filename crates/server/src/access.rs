//! Who asks: the token names the workspace, never the request. A token that is wrong, revoked or out of time is told the
//! same.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use convoke_app::tokens::{Bearer, Scope};
use convoke_app::{Installation, Workspace};

use crate::blocking::blocking;
use crate::problem::{Answer, Problem};
use crate::requests::Asked;

/// A workspace opened for somebody who may read it.
pub(crate) struct Reader(pub(crate) Workspace);

/// A workspace opened for somebody who may import.
pub(crate) struct Importer(pub(crate) Workspace);

impl<S> FromRequestParts<S> for Reader
where
    Installation: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        bearer(parts, Installation::from_ref(state), Scope::Read).await.map(|bearer| Self(bearer.workspace))
    }
}

impl<S> FromRequestParts<S> for Importer
where
    Installation: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        bearer(parts, Installation::from_ref(state), Scope::Import).await.map(|bearer| Self(bearer.workspace))
    }
}

async fn bearer(parts: &Parts, installation: Installation, scope: Scope) -> Answer<Bearer> {
    let unknown = || {
        let hint = "Send a token: Authorization: Bearer cvk_... (convoke token create).";
        Problem::new(StatusCode::UNAUTHORIZED, "token_invalid", "A valid API token is needed", hint)
    };
    let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    let shown = shown.map(|(_, token)| token.trim().to_owned()).ok_or_else(unknown)?;
    let bearer = blocking(move || installation.bearer(&shown)).await?.ok_or_else(unknown)?;
    if let Some(asked) = parts.extensions.get::<Asked>() {
        asked.is_of(bearer.workspace.id);
    }
    if bearer.may(scope) {
        return Ok(bearer);
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "scope_missing",
        &format!("This token may not do that: it lacks the scope {}", scope.key()),
        "Make a token with that scope: convoke token create NAME --scope import.",
    ))
}
