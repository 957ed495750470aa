//! What the address of a request says; what cannot be read there is told like every other error.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::StatusCode;

use crate::problem::{Answer, Problem};

/// The part behind the question mark.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

/// The parts between the slashes.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "usage",
            &rejection.body_text(),
            "Correct what stands behind the ? of the address.",
        )
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address", "")
    }
}

/// An id in an address; what is none answers like one that is unknown.
pub(crate) fn id_of<T: FromStr>(noun: &str, text: &str) -> Answer<T> {
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "not_found", &format!("There is no {noun} {text}"), "");
    text.parse().map_err(|_| unknown())
}
