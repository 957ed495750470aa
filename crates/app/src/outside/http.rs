//! One request to somebody else, and the whole answer: in ten seconds, in a megabyte, from the address that was asked.

use std::time::Duration;

use openidconnect::{HttpRequest, HttpResponse, http};
use reqwest::redirect::Policy;

use crate::error::{Error, Result};

const LONGEST: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("it cannot be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("its answer is longer than a megabyte")]
    TooLong,
    #[error("its answer is none: {0}")]
    Malformed(#[from] http::Error),
}

pub(super) fn client() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder().timeout(LONGEST).redirect(Policy::none());
    // Asked once in a while: a connection that was kept is mostly one that the other side has closed.
    let built = client.pool_max_idle_per_host(0).build();
    built.map_err(|why| Error::Outside(format!("cannot ask anybody: {why}")))
}

pub(super) async fn ask(client: reqwest::Client, request: HttpRequest) -> std::result::Result<HttpResponse, NoAnswer> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut response = http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(bytes) = answer.chunk().await? {
        body.extend_from_slice(&bytes);
        if body.len() > MOST_BYTES {
            return Err(NoAnswer::TooLong);
        }
    }
    Ok(response.body(body)?)
}
