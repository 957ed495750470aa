//! A server of the real executable, and requests to it by curl, as the guide prints them.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::place::Place;

/// No request takes longer.
const LONGEST: &str = "60";

/// The words that start a server.
pub(crate) const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// A running server. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// Where its measures are.
    pub(crate) measures: Option<String>,
    log: Arc<Mutex<String>>,
    /// What it says after that.
    said: Mutex<Receiver<String>>,
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

    /// With these arguments of `serve` as well.
    pub(crate) fn start_with(place: &Place, arguments: &[&str]) -> Self {
        Self::start_as(place, &[&SERVE, arguments].concat(), &[])
    }

    /// With these arguments and variables.
    pub(crate) fn start_as(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = place.command(arguments);
        let mut child = command.envs(variables.iter().copied()).spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let has_measures = variables.iter().any(|(name, _)| *name == "CONVOKE_METRICS_LISTEN");
        let (mut address, mut measures, mut log) = (None, None, String::new());
        while address.is_none() || has_measures && measures.is_none() {
            let line = lines.next().unwrap_or_else(|| panic!("it says where it listens: {log}")).expect("text");
            let behind =
                |words| line.split_once(words).map(|(_, rest)| rest.split('"').next().unwrap_or(rest).to_owned());
            address = address.or_else(|| behind("listens on "));
            measures = measures.or_else(|| behind("Measures are at "));
            log.push_str(&format!("{line}\n"));
        }
        let log = Arc::new(Mutex::new(log));
        let kept = Arc::clone(&log);
        // Whoever does not read lets it wait.
        let (to_test, said) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().expect("whole").push_str(&format!("{line}\n"));
                let _ = to_test.send(line);
            }
        });
        Self { child, address: address.expect("an address"), measures, log, said: Mutex::new(said) }
    }

    /// What it wrote so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("whole").clone()
    }

    /// The next line it says that has `word` in it.
    #[track_caller]
    pub(crate) fn says(&self, word: &str) -> String {
        loop {
            let said = self.said.lock().expect("no panic");
            let line = said.recv_timeout(Duration::from_secs(60)).expect("it says it");
            if line.contains(word) {
                return line;
            }
        }
    }

    /// All it says until it ends.
    pub(crate) fn last_words(mut self) -> String {
        signal(&self.child, "TERM");
        self.child.wait().expect("it ends");
        self.said.lock().expect("no panic").iter().collect::<Vec<_>>().join("\n")
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

    /// Stops it where it is, or lets it go on.
    pub(crate) fn freeze(&self, is_frozen: bool) {
        signal(&self.child, if is_frozen { "STOP" } else { "CONT" });
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

/// A token that may do whatever tokens may.
pub(crate) fn full_token(place: &Place) -> String {
    let scopes = ["read", "import", "export", "organise", "fields", "audit"];
    let words: Vec<_> = scopes.iter().flat_map(|scope| ["--scope", scope]).collect();
    token(place, &[&["test"], &words[..]].concat())
}
