//! A client of HTTP that shares no code with the server: one request a connection. What was not answered whole is an
//! error, because a client then knows nothing.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

use crate::effort::wait;

/// No answer takes longer.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);
const TOO_MANY_REQUESTS: u16 = 429;
const A_MOMENT: Duration = Duration::from_millis(100);

/// An answer that came whole.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The document, null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// What the document says under `key`, blank if nothing.
    pub(crate) fn says(&self, key: &str) -> String {
        self.json()[key].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

pub(crate) fn connect(address: SocketAddr, longest: Duration) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, longest)?;
    stream.set_read_timeout(Some(longest))?;
    stream.set_write_timeout(Some(longest))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The first lines of a request, without the blank one behind them.
pub(crate) fn head(method: &str, path: &str, token: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n")
}

/// Sends a request and reads its answer. A body that begins like JSON is said to be JSON. A client that asks too often is
/// told to wait, and waits.
pub(crate) fn send(
    address: SocketAddr,
    token: &str,
    asked: (&str, &str),
    body: &[u8],
    longest: Duration,
) -> io::Result<Answer> {
    loop {
        let answer = send_once(address, token, asked, body, longest)?;
        if answer.status != TOO_MANY_REQUESTS {
            return Ok(answer);
        }
        wait(A_MOMENT);
    }
}

fn send_once(
    address: SocketAddr,
    token: &str,
    (method, path): (&str, &str),
    body: &[u8],
    longest: Duration,
) -> io::Result<Answer> {
    let mut stream = connect(address, longest)?;
    let kind = if body.first() == Some(&b'{') { "application/json" } else { "text/csv" };
    let head = head(method, path, token);
    let sent = write!(stream, "{head}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len())
        .and_then(|()| stream.write_all(body));
    // A server that refuses early closes before it has read all: its answer is still there.
    match receive(stream) {
        Ok(answer) => Ok(answer),
        Err(error) => Err(sent.err().unwrap_or(error)),
    }
}

/// Reads an answer.
pub(crate) fn receive(stream: TcpStream) -> io::Result<Answer> {
    let mut lines = BufReader::new(stream);
    let (status, headers) = read_head(&mut lines)?;
    let header = |name: &str| headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        read_chunks(&mut lines, &mut body)?;
    } else if let Some(length) = header("content-length").and_then(|length| length.parse::<u64>().ok()) {
        lines.take(length).read_to_end(&mut body)?;
        if body.len() as u64 != length {
            return Err(broken("the answer was cut"));
        }
    } else {
        lines.read_to_end(&mut body)?;
    }
    Ok(Answer { status, body })
}

fn read_head(lines: &mut impl BufRead) -> io::Result<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| broken("no status"))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Err(broken("the headers were cut"));
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { return Ok((status, headers)) };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_chunks(lines: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(|_| broken("the answer was cut"))?;
        let mut chunk = vec![0; length + 2];
        lines.read_exact(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

/// Reads server-sent events until the stream ends, breaks, or `each` has enough (false).
pub(crate) fn follow(address: SocketAddr, token: &str, path: &str, mut each: impl FnMut(Value) -> bool) {
    // HTTP/1.0 has no chunks: what comes are the events.
    let Ok(mut stream) = connect(address, Duration::from_secs(30)) else { return };
    if write!(stream, "GET {path} HTTP/1.0\r\nAuthorization: Bearer {token}\r\n\r\n").is_err() {
        return;
    }
    let closer = stream.try_clone();
    for line in BufReader::new(stream).lines() {
        let Ok(line) = line else { break };
        let Some(data) = line.strip_prefix("data: ") else { continue };
        let Ok(event) = serde_json::from_str(data) else { break };
        if !each(event) {
            break;
        }
    }
    if let Ok(stream) = closer {
        let _ = stream.shutdown(Shutdown::Both);
    }
}
