//! Errors as the API tells them (RFC 9457): status, stable code, sentence, what to do next. The cause of what is our own
//! fault goes to the log; the outside learns only that it was.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::imports::option_names::in_api;
use convoke_app::once::Told;
use convoke_app::store::StoreError;
use convoke_app::{Error, Hindrance};
use serde::Serialize;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Documented, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::log;
use crate::requests;

/// What a handler gives.
pub(crate) type Answer<T> = Result<T, Problem>;

/// An error on its way out.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: String,
    /// The import it is about.
    import: Option<String>,
    /// Seconds after which to try again.
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: &str, hint: &str) -> Self {
        Self { status, code, message: message.to_owned(), hint: hint.to_owned(), import: None, retry_after: None }
    }

    pub(crate) fn internal() -> Self {
        let message = "Something went wrong here; it is in the log of the server";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message, "Try again; if it stays, tell the operator.")
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// It is worth a try soon.
    pub(crate) fn soon(self) -> Self {
        Self { retry_after: Some(RETRY_SECONDS), ..self }
    }

    pub(crate) fn about(self, import: String) -> Self {
        Self { import: Some(import), ..self }
    }

    /// As it is kept to be told again.
    pub(crate) fn told(&self) -> Told {
        let body = serde_json::to_vec(&self.details()).unwrap_or_default();
        Told { status: self.status.as_u16(), location: None, body, is_replay: false }
    }

    fn details(&self) -> ProblemDetails {
        ProblemDetails {
            r#type: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.message.clone(),
            hint: self.hint.clone(),
            import: self.import.clone(),
            request_id: None,
        }
    }
}

/// What went wrong (RFC 9457).
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDetails {
    r#type: String,
    title: String,
    status: u16,
    /// Stays the same for ever; programs look at this.
    #[schema(example = "not_found")]
    code: String,
    /// What is wrong, in words.
    detail: String,
    /// What to do next; may be blank.
    hint: String,
    /// The import it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<String>,
    /// Names the request in the log of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl ProblemDetails {
    pub(crate) fn of_request(self, id: &str) -> Self {
        Self { request_id: Some(id.to_owned()), ..self }
    }
}

/// Every answer that tells a problem.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let problem = |description: &str| {
            ResponseBuilder::new().description(description).content(MEDIA_TYPE, content()).build().into()
        };
        PROBLEMS.iter().map(|(status, when)| (status.as_u16().to_string(), problem(when))).collect()
    }
}

/// When a database that is away may be back.
const RETRY_SECONDS: u64 = 5;

pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Which ones there are, and when.
const PROBLEMS: [(StatusCode, &str); 15] = [
    (StatusCode::BAD_REQUEST, "The request cannot be understood"),
    (StatusCode::UNAUTHORIZED, "Nobody is known by this token or session"),
    (StatusCode::FORBIDDEN, "Whoever asks may not do that"),
    (StatusCode::NOT_FOUND, "There is no such thing here"),
    (StatusCode::CONFLICT, "Something stands in the way: a state, a name that is taken, people whom it concerns"),
    (StatusCode::REQUEST_TIMEOUT, "The body came too slowly (body_slow)"),
    (StatusCode::GONE, "The file was removed when its time was over"),
    (StatusCode::PRECONDITION_FAILED, "It was changed since you have seen it (changed_meanwhile)"),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is too long (body_too_large)"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another kind (media_type_unsupported)"),
    (StatusCode::UNPROCESSABLE_ENTITY, "The file is refused, or the idempotency key belongs to another request"),
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests or tries; Retry-After says when to go on"),
    (StatusCode::BAD_GATEWAY, "A provider did not answer as agreed"),
    (StatusCode::SERVICE_UNAVAILABLE, "The database or the files cannot be reached; try again later"),
    (StatusCode::INSUFFICIENT_STORAGE, "There is no room left"),
];

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = status(&error);
        let hint = in_api(error.hint().unwrap_or_default());
        if status.is_server_error() {
            log::fault("a request", &error);
        }
        // What a database says may hold addresses and cells.
        let message = match status {
            StatusCode::INTERNAL_SERVER_ERROR => Self::internal().message,
            StatusCode::BAD_GATEWAY => "The provider did not answer as agreed".to_owned(),
            StatusCode::SERVICE_UNAVAILABLE if matches!(error, Error::Files { .. }) => {
                "The storage of files cannot be reached, or refuses, at the moment".to_owned()
            }
            StatusCode::SERVICE_UNAVAILABLE => "The database cannot be reached at the moment".to_owned(),
            StatusCode::INSUFFICIENT_STORAGE => "There is no room left for that".to_owned(),
            _ => error.to_string(),
        };
        let retry_after = match error {
            Error::TooManyTries(seconds) => Some(seconds),
            _ => (status == StatusCode::SERVICE_UNAVAILABLE).then_some(RETRY_SECONDS),
        };
        Self { status, code: error.code(), message, hint, import: None, retry_after }
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::Usage { .. } | Error::Interrupted(_) => StatusCode::BAD_REQUEST,
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Conflict { .. } | Error::PlanStale(_) => StatusCode::CONFLICT,
        Error::ChangedMeanwhile(_) => StatusCode::PRECONDITION_FAILED,
        Error::NotSignedIn { .. } => StatusCode::UNAUTHORIZED,
        Error::Forbidden { .. } => StatusCode::FORBIDDEN,
        Error::TooManyTries(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Outside(_) => StatusCode::BAD_GATEWAY,
        Error::Hindered { by, .. } => hindered(*by),
        Error::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Files { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            StatusCode::INSUFFICIENT_STORAGE
        }
        Error::Store(StoreError::Full(_)) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Store(StoreError::Busy(_) | StoreError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Files { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Expired { .. } => StatusCode::GONE,
        Error::Damaged(_)
        | Error::ReadOtherwise(_)
        | Error::Output(_)
        | Error::NoChance(_)
        | Error::Mistake { .. }
        | Error::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn hindered(by: Hindrance) -> StatusCode {
    match by {
        Hindrance::KeyInvalid => StatusCode::BAD_REQUEST,
        Hindrance::KeyMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Hindrance::NameTaken
        | Hindrance::JoinCodeTaken
        | Hindrance::ConsentNeeded
        | Hindrance::InUse
        | Hindrance::Cancelling
        | Hindrance::KeyInProgress => StatusCode::CONFLICT,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let details = self.details();
        let mut response = (self.status, axum::Json(details.clone())).into_response();
        response.extensions_mut().insert(requests::Told(details));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
