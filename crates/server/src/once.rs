//! `Idempotency-Key`: every handler that acts takes a [`Keyed`] request and acts through it, so that a repeat is answered
//! and changes nothing. A request that comes while the first one with its key is under way is told so.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::once::{Addressed, Kept, Key, Manner, Once, Told};
use convoke_app::store::answers::AnswerKey;
use convoke_app::{Error, Hindrance, Result, Workspace};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;

use crate::blocking::blocking;
use crate::problem::{Answer, MEDIA_TYPE, Problem};

const KEY: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What every request that acts may carry.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes what `Keyed` reads")]
pub(crate) struct IdempotencyKey {
    /// 1 to 255 visible characters, chosen by you. A repeat of the request with the same key acts no second time and is
    /// given the first answer, with `Idempotency-Replayed: true`. Kept for 7 days.
    #[param(rename = "Idempotency-Key", required = false, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    idempotency_key: String,
}

/// The requests with a key that this process is at work on.
#[derive(Clone, Default)]
pub(crate) struct UnderWay(Arc<Mutex<HashSet<AnswerKey>>>);

impl UnderWay {
    fn begin(&self, of: AnswerKey) -> Result<Begun> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.insert(of.clone()) {
            return Ok(Begun { under_way: self.clone(), of });
        }
        Err(Error::hindered(
            Hindrance::KeyInProgress,
            "The first request with this idempotency key is still under way",
            "Repeat it in a moment; you will get the answer of the first.",
        ))
    }
}

/// Until it is dropped nobody else begins with this key.
struct Begun {
    under_way: UnderWay,
    of: AnswerKey,
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.under_way.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// A request that may carry a key.
pub(crate) struct Keyed {
    key: Option<Key>,
    /// Verb, address and query.
    head: String,
    under_way: UnderWay,
}

impl<S> FromRequestParts<S> for Keyed
where
    UnderWay: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let path = parts.extensions.get::<MatchedPath>().map_or(parts.uri.path(), MatchedPath::as_str);
        let route = format!("{} {path}", parts.method);
        let mut keys = parts.headers.get_all(KEY).iter();
        let key = match (keys.next(), keys.next()) {
            (None, _) => None,
            (Some(key), None) => Some(Key::new(route, key.to_str().unwrap_or_default())?),
            // Which of them?
            (Some(_), Some(_)) => Some(Key::new(route, "")?),
        };
        let head = format!("{} {}", parts.method, parts.uri);
        Ok(Self { key, head, under_way: UnderWay::from_ref(state) })
    }
}

/// A request whose body is a file.
pub(crate) struct Upload {
    once: Option<Once>,
    _begun: Option<Begun>,
}

impl Keyed {
    /// Acts, and answers with what was made.
    pub(crate) async fn act<T: Addressed>(
        self,
        workspace: Workspace,
        manner: Manner,
        body: &[u8],
        work: impl FnOnce(&Workspace) -> Result<Kept<T>> + Send + 'static,
    ) -> Answer<Response> {
        Ok(answer(self.done(workspace, manner, body, work).await?.1))
    }

    /// Acts, and gives what is to be answered.
    pub(crate) async fn done<T: Addressed>(
        self,
        workspace: Workspace,
        manner: Manner,
        body: &[u8],
        work: impl FnOnce(&Workspace) -> Result<Kept<T>> + Send + 'static,
    ) -> Answer<(Workspace, Told)> {
        let sha256 = Sha256::digest(body);
        blocking(move || {
            let upload = self.begin(&workspace, manner)?;
            if let Some(once) = &upload.once {
                once.with_body(&sha256);
            }
            upload.act(workspace, manner, work, |problem| problem)
        })
        .await
    }

    /// Nobody else begins with this key from now on.
    pub(crate) fn begin(self, workspace: &Workspace, manner: Manner) -> Result<Upload> {
        let once = self.key.map(|key| Once::new(key, &self.head, manner));
        let begun = once.as_ref().map(|once| self.under_way.begin(workspace.answer_key(once.key()))).transpose()?;
        Ok(Upload { once, _begun: begun })
    }
}

impl Upload {
    /// Reads the body for its digest alone if an answer is there already; then whatever acts on it will not read it.
    pub(crate) fn read_if_answered(&self, workspace: &Workspace, body: impl std::io::Read) -> Result<()> {
        match &self.once {
            Some(once) if workspace.is_key_used(once)? => once.read_body(body),
            _ => Ok(()),
        }
    }

    /// Acts; a file that is refused is told by `refused`.
    pub(crate) fn act<T: Addressed>(
        self,
        workspace: Workspace,
        manner: Manner,
        work: impl FnOnce(&Workspace) -> Result<Kept<T>>,
        refused: impl FnOnce(Problem) -> Problem,
    ) -> Result<(Workspace, Told)> {
        workspace.act(self.once, manner, work, |error| match error {
            Error::Refused(_) => Ok(refused(Problem::from(error)).told()),
            error => Err(error),
        })
    }
}

/// Sends what is told.
pub(crate) fn answer(told: Told) -> Response {
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if status.is_success() { "application/json" } else { MEDIA_TYPE };
    let mut response = (status, told.body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(location) = told.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    if told.is_replay {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
