//! JSON in the body of a request; what cannot be read is told like every other error.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Bytes of JSON that a request may have.
const MOST_BYTES: usize = 1 << 20;

/// A body of JSON.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind != "application/json" && !kind.ends_with("+json") {
            let (status, hint) = (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send it with Content-Type: application/json.");
            return Err(Problem::new(status, "not_json", "The body is not said to be JSON", hint));
        }
        let bytes = axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| {
            let message = format!("The body is longer than {MOST_BYTES} bytes, or broke off");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &message, "Send less at once.")
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|why| {
            let hint = "See the document of the API: /api/v1/openapi.json.";
            Problem::new(StatusCode::BAD_REQUEST, "usage", &format!("The body cannot be read: {why}"), hint)
        })
    }
}
