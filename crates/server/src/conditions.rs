//! `If-None-Match` and `If-Match`: who has seen a resource as it is gets no second copy, and who has not seen it as it is
//! does not change it.

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::directory::pages::{Seen, Versioned};
use serde::Serialize;
use utoipa::IntoParams;

use crate::problem::Answer;

/// Of what is read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes what `Conditions` reads")]
pub(crate) struct IfNoneMatch {
    /// ETags you have; if one is still right the answer is 304 without a body.
    #[param(rename = "If-None-Match", required = false)]
    if_none_match: String,
}

/// Of what is changed.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes what `Conditions` reads")]
pub(crate) struct IfMatch {
    /// The ETag you have seen; if somebody has changed it since, the answer is 412.
    #[param(rename = "If-Match", required = false)]
    if_match: String,
}

/// What a request has seen.
pub(crate) struct Conditions {
    pub(crate) seen: Seen,
    none_match: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = crate::problem::Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let seen = joined(&parts.headers, header::IF_MATCH).map_or(Seen::Any, |tags| Seen::parse(&tags));
        Ok(Self { seen, none_match: joined(&parts.headers, header::IF_NONE_MATCH) })
    }
}

/// A header that may come more than once; what is no text in it matches nothing.
fn joined(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let all: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    (!all.is_empty()).then(|| all.join(","))
}

impl Conditions {
    /// The resource, or that it is as it was.
    pub(crate) fn show<T: Serialize>(&self, found: &Versioned<T>) -> Response {
        let etag = found.etag();
        // A weak tag fits as well: only reading hangs on it.
        let fits = |tag: &str| tag.trim() == "*" || tag.trim().trim_start_matches("W/") == etag;
        let mut response = match &self.none_match {
            Some(tags) if tags.split(',').any(fits) => StatusCode::NOT_MODIFIED.into_response(),
            _ => Json(&found.shape).into_response(),
        };
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            response.headers_mut().insert(header::ETAG, etag);
        }
        response
    }
}

/// A resource after it was changed.
pub(crate) fn changed<T: Serialize>(found: &Versioned<T>) -> Response {
    Conditions { seen: Seen::Any, none_match: None }.show(found)
}
