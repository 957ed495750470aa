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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// Asks somebody who answers this, and hears no second request.
    async fn asked(answer: String) -> std::result::Result<HttpResponse, NoAnswer> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a request");
            let head =
                BufReader::new(&stream).lines().map_while(std::io::Result::ok).take_while(|line| !line.is_empty());
            assert!(head.count() > 0);
            // Who has heard enough hangs up.
            let _ = stream.write_all(answer.as_bytes());
            listener
        });
        let request = http::Request::get(format!("http://{address}/begin")).body(Vec::new()).expect("a request");
        let heard = ask(client().expect("a client"), request).await;
        let listener = answering.join().expect("answered");
        listener.set_nonblocking(true).expect("set");
        assert!(listener.accept().is_err(), "nobody else is asked");
        heard
    }

    #[tokio::test]
    async fn an_answer_that_sends_elsewhere_is_not_followed() {
        let elsewhere = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        let heard = asked(elsewhere.to_owned()).await.expect("an answer");
        assert_eq!(heard.status(), 302);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read_to_it() {
        let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(MOST_BYTES + 1));
        assert!(matches!(asked(endless).await, Err(NoAnswer::TooLong)));
    }
}
