//! JSON bodies: limited in length and time, of one content type, without fields that mean nothing. What is wrong is told
//! with its place.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::{Answer, Problem};

/// Bytes of a body, but for uploads.
const MOST_BYTES: usize = 1 << 20;
/// Bytes that are still read of a longer one, so that its sender hears why it is refused.
const MOST_UNREAD_BYTES: usize = 8 << 20;
/// A body of that length needs no longer.
const LONGEST: Duration = Duration::from_secs(30);
const MEDIA_TYPES: [&str; 2] = ["application/json", "application/merge-patch+json"];

/// A body that was read.
pub(crate) struct Sent<T> {
    pub(crate) value: T,
    pub(crate) bytes: Vec<u8>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Answer<Self> {
        let is_json = is_json(request.headers());
        let read = tokio::time::timeout(LONGEST, read(request.into_body())).await;
        let bytes = read.map_err(|_| {
            let hint = "Send it at once.";
            Problem::new(StatusCode::REQUEST_TIMEOUT, "body_slow", "The body of the request came too slowly", hint)
        })??;
        if !is_json {
            let message = "The body of this request is JSON, and the request does not say so";
            let hint = "Send Content-Type: application/json.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type_unsupported", message, hint));
        }
        let value = serde_json::from_slice(&bytes).map_err(|error| unread(&error))?;
        Ok(Self { value, bytes })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default().trim();
    MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(media_type))
}

async fn read(body: Body) -> Answer<Vec<u8>> {
    let (mut bytes, mut unread) = (Vec::new(), 0);
    let mut blocks = body.into_data_stream();
    while let Some(block) = blocks.next().await {
        let block = block.map_err(|_| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "body_interrupted",
                "The body of the request broke off",
                "Send it again.",
            )
        })?;
        if unread == 0 && bytes.len() + block.len() <= MOST_BYTES {
            bytes.extend_from_slice(&block);
        } else {
            unread += block.len();
            if unread > MOST_UNREAD_BYTES {
                break;
            }
        }
    }
    if unread == 0 {
        return Ok(bytes);
    }
    let message = format!("The body of the request is longer than {MOST_BYTES} bytes");
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &message, "Send less at once."))
}

fn unread(error: &serde_json::Error) -> Problem {
    let (code, hint) = match error.classify() {
        Category::Data => ("body_invalid", "See this operation in /docs/api."),
        _ => ("json_invalid", "Write the body as JSON."),
    };
    Problem::new(StatusCode::BAD_REQUEST, code, &format!("The body of the request: {error}"), hint)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        #[expect(dead_code, reason = "it is only read")]
        name: String,
    }

    fn said(json: &str) -> Problem {
        unread(&serde_json::from_str::<Named>(json).expect_err("wrong"))
    }

    #[test]
    fn what_is_wrong_in_a_body_is_told_with_its_place() {
        for (json, code, place) in [
            ("", "json_invalid", "line 1 column 0"),
            ("{\"name\": \"a\",\n}", "json_invalid", "line 2 column 1"),
            ("{\"name\": 7}", "body_invalid", "line 1 column 10"),
            ("{\"nam\": \"a\"}", "body_invalid", "unknown field `nam`, expected `name` at line 1 column 6"),
        ] {
            let said = format!("{:?}", said(json));
            assert!(said.contains(code) && said.contains(place), "{json}: {said}");
        }
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_read_and_a_longer_one_is_not() {
        let body = |length: usize| Body::from(vec![b' '; length]);
        assert_eq!(read(body(MOST_BYTES)).await.expect("read").len(), MOST_BYTES);
        let refused = format!("{:?}", read(body(MOST_BYTES + 1)).await.expect_err("too long"));
        assert!(refused.contains("body_too_large"), "{refused}");
    }
}
