//! A server of the real executable, and requests to it by curl, as the guide prints them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::place::Place;

/// No request takes longer.
const LONGEST: &str = "60";

/// A running server. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

/// What a request got.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What it says under `key`.
    #[track_caller]
    pub(crate) fn text(&self, key: &str) -> String {
        self.json()[key].as_str().unwrap_or_else(|| panic!("{key}: {self:?}")).to_owned()
    }
}

impl Server {
    pub(crate) fn start(place: &Place) -> Self {
        Self::start_with(place, &[])
    }

    /// With more in its environment.
    pub(crate) fn start_with(place: &Place, environment: &[(&str, &str)]) -> Self {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.envs(environment.iter().copied()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it listens").expect("text");
            if let Some((_, address)) = line.split_once("listens on ") {
                break address.to_owned();
            }
        };
        // Whoever does not read lets it wait.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Sends a request; `arguments` are curl's.
    pub(crate) fn curl(&self, token: &str, path: &str, arguments: &[&str]) -> Answer {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--max-time", LONGEST, "--write-out", "\n%{http_code}"]);
        if !token.is_empty() {
            curl.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        let output = curl.args(arguments).arg(format!("{}{path}", self.address)).output().expect("curl starts");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let (body, status) = said.rsplit_once('\n').expect("the status");
        Answer { status: status.parse().expect("a number"), body: body.to_owned() }
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.curl(token, path, &[])
    }

    pub(crate) fn post(&self, token: &str, path: &str) -> Answer {
        self.curl(token, path, &["--request", "POST"])
    }

    /// Uploads a file of the place as the body.
    pub(crate) fn upload(&self, token: &str, path: &str, place: &Place, file: &str) -> Answer {
        let body = format!("@{}", place.path(file).display());
        self.curl(token, path, &["--data-binary", &body, "--header", "Content-Type: text/csv"])
    }

    /// Asks until the import is in one of these states.
    #[track_caller]
    pub(crate) fn until(&self, token: &str, import: &str, states: &[&str]) -> Value {
        let began = Instant::now();
        loop {
            // The wait is the server's: it answers when the import has ended, or after a moment.
            let found = self.get(token, &format!("/api/v1/imports/{import}")).json();
            if states.iter().any(|state| found["status"] == *state) {
                return found;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{import} is not {states:?}: {found}");
        }
    }

    /// Asks it to end, and gives its exit code and how long that took.
    pub(crate) fn end(mut self) -> (i32, Duration) {
        let began = Instant::now();
        signal(&self.child, "TERM");
        let status = self.child.wait().expect("it ends");
        (status.code().unwrap_or(-1), began.elapsed())
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args(["-s", name, &child.id().to_string()]).stdout(Stdio::null()).status();
    assert!(sent.expect("kill starts").success());
}

/// A token of the place's workspace.
pub(crate) fn token(place: &Place, arguments: &[&str]) -> String {
    place.done(&[&["token", "create"], arguments].concat()).stdout.trim().to_owned()
}
