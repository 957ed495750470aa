//! Requests to a Convoke server, and its answers in the shapes that the server documents.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use convoke_app::Error;
use convoke_app::imports::option_names::in_command_line;
use reqwest::Method;
use reqwest::blocking::{Body, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::args::Global;

/// A server that says nothing for so long is not there. A check of a large file is answered when it is done.
const LONGEST_SILENCE: Duration = Duration::from_secs(3600);
const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// What a server said when it did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: String,
    /// Whether it is for whoever asks to mend.
    pub(crate) is_ours: bool,
    /// The import it is about.
    pub(crate) import: Option<String>,
}

/// A server and the right to ask it.
pub(crate) struct Client {
    http: reqwest::blocking::Client,
    base: String,
    token: String,
}

impl Client {
    pub(crate) fn of(global: &Global, server: &str) -> Result<Self> {
        let base = server.trim().trim_end_matches('/').to_owned();
        if !base.starts_with("http://") && !base.starts_with("https://") {
            let hint = "Write it like https://convoke.example.com.";
            return Err(Error::usage(format!("{server} is no address of a server"), hint).into());
        }
        if global.workspace.is_some() {
            let hint = "Leave out --workspace, and use a token of that workspace.";
            return Err(Error::usage("A token names its workspace: --workspace cannot choose another one", hint).into());
        }
        let token = global.token.clone().ok_or_else(|| {
            Error::usage("A token is needed", "Say --token, or set CONVOKE_TOKEN (convoke token create makes one).")
        })?;
        let http = reqwest::blocking::Client::builder()
            .connect_timeout(LONGEST_CONNECT)
            .timeout(LONGEST_SILENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("convoke/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, base, token: token.trim().to_owned() })
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T> {
        let response = self.ask(self.http.get(self.address(path)).query(query))?;
        self.read(response)
    }

    pub(crate) fn create<T: DeserializeOwned>(&self, path: &str, new: &impl Serialize) -> Result<T> {
        self.send(Method::POST, path, new)
    }

    pub(crate) fn change<T: DeserializeOwned>(&self, path: &str, change: &impl Serialize) -> Result<T> {
        self.send(Method::PATCH, path, change)
    }

    /// Sends JSON.
    fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: &impl Serialize) -> Result<T> {
        let request = self.http.request(method, self.address(path)).header(CONTENT_TYPE, "application/json");
        let response = self.ask(request.body(serde_json::to_vec(body)?))?;
        self.read(response)
    }

    pub(crate) fn delete(&self, path: &str, query: &[(&str, &str)]) -> Result<()> {
        self.ask(self.http.delete(self.address(path)).query(query)).map(drop)
    }

    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let response = self.ask(self.http.post(self.address(path)))?;
        self.read(response)
    }

    /// Sends a file while it is read.
    pub(crate) fn upload<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)], file: File) -> Result<T> {
        let request = self.http.post(self.address(path)).query(query).header(CONTENT_TYPE, "application/octet-stream");
        let response = self.ask(request.body(Body::new(file)))?;
        self.read(response)
    }

    /// Writes what is at an address while it comes.
    pub(crate) fn download(&self, path: &str, query: &[(&str, String)], out: &mut impl Write) -> Result<()> {
        let mut response = self.ask(self.http.get(self.address(path)).query(query))?;
        io::copy(&mut response, out)?;
        Ok(())
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    fn ask(&self, request: RequestBuilder) -> Result<Response> {
        let sent = request.bearer_auth(&self.token).send();
        let response = sent.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if let Some(place) = response.headers().get(LOCATION).filter(|_| status.is_redirection()) {
            let place = place.to_str().unwrap_or_default();
            let hint = format!("Say the address itself: --server {place}");
            return Err(refusal("moved", format!("{} sends to another address", self.base), hint, true));
        }
        Err(told(status.as_u16(), &response.text().unwrap_or_default(), &self.base))
    }

    fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T> {
        let text = response.text().map_err(|error| self.unreachable(&error))?;
        serde_json::from_str(&text).map_err(|error| {
            let hint = "Is it a Convoke server, and of this version?".to_owned();
            refusal("not_understood", format!("{} cannot be understood: {error}", self.base), hint, false)
        })
    }

    fn unreachable(&self, error: &reqwest::Error) -> anyhow::Error {
        // The innermost cause says what it is: refused, unknown host, a certificate.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        let hint = "Is the server running, and the address right?".to_owned();
        refusal("server_unreachable", format!("{} cannot be reached: {cause}", self.base), hint, false)
    }
}

fn refusal(code: &str, message: String, hint: String, is_ours: bool) -> anyhow::Error {
    Refusal { code: code.to_owned(), message, hint, is_ours, import: None }.into()
}

/// What a problem (RFC 9457) says, or that the answer was none.
fn told(status: u16, body: &str, base: &str) -> anyhow::Error {
    let problem: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |key: &str| problem[key].as_str().map(str::to_owned);
    Refusal {
        code: text("code").unwrap_or_else(|| "server_failed".to_owned()),
        message: text("detail").unwrap_or_else(|| format!("{base} answered with status {status}")),
        hint: in_command_line(&text("hint").unwrap_or_default()),
        is_ours: status < 500,
        import: text("import"),
    }
    .into()
}

/// Opens the file of a command.
pub(crate) fn open(path: &Path) -> Result<File> {
    let unreadable = |why: io::Error| {
        Error::usage(format!("Cannot read {}: {why}", path.display()), "Check the name and that the file may be read.")
    };
    Ok(File::open(path).map_err(unreadable)?)
}
