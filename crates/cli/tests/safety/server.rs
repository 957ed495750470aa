//! `convoke serve` as a process: started, asked, signalled, killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::effort::{until, within};
use crate::http::{self, Answer, LONGEST};
use crate::place::Place;

/// A running server. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    token: String,
    log: Arc<Mutex<Vec<String>>>,
}

pub(crate) const ENDED: [&str; 4] = ["completed", "cancelled", "failed", "refused"];

impl Server {
    #[track_caller]
    pub(crate) fn start(place: &Place) -> Self {
        Self::try_start(place, &[], &[]).unwrap_or_else(|log| panic!("the server did not start: {log:?}"))
    }

    /// Starts it by `wrapper`, with these variables; an error is what it said instead of its address.
    pub(crate) fn try_start(
        place: &Place,
        wrapper: &[String],
        variables: &[(&str, &str)],
    ) -> Result<Self, Vec<String>> {
        let mut command = place.command(wrapper, &["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variables.iter().copied()).stdout(Stdio::null());
        let mut child = command.spawn().expect("the server starts");
        let lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (tell, told) = channel();
        {
            let log = Arc::clone(&log);
            // Whoever does not read lets it wait.
            std::thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    if let Some((_, address)) = line.split_once("listens on http://") {
                        let _ = tell.send(address.trim().parse());
                    }
                    log.lock().expect("the log").push(line);
                }
            });
        }
        match told.recv_timeout(LONGEST) {
            Ok(Ok(address)) => Ok(Self { child, address, token: place.token.clone(), log }),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                let said = log.lock().expect("the log").clone();
                Err(said)
            }
        }
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request; None if it was not answered.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &[u8]) -> Option<Answer> {
        http::send(self.address, &self.token, (method, path), body, LONGEST).ok()
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, b"").unwrap_or_else(|| panic!("GET {path} is answered: {:?}", self.log()))
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, body).unwrap_or_else(|| panic!("POST {path} is answered: {:?}", self.log()))
    }

    /// The page of health answers, whatever else is wrong.
    #[track_caller]
    pub(crate) fn is_healthy(&self) {
        let answer = http::send(self.address, "", ("GET", "/health"), b"", Duration::from_secs(1));
        assert!(answer.as_ref().is_ok_and(Answer::is_done), "I14: {answer:?}");
    }

    /// Uploads advocates as an import of one request; gives its id.
    #[track_caller]
    pub(crate) fn import(&self, body: &[u8]) -> String {
        let answer = self.post("/api/v1/imports?as=advocates&name=list.csv", body);
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer.says("import")
    }

    #[track_caller]
    pub(crate) fn shown(&self, import: &str) -> Value {
        self.get(&format!("/api/v1/imports/{import}")).json()
    }

    /// Asks until an import is in one of these states.
    #[track_caller]
    pub(crate) fn until(&self, import: &str, states: &[&str]) -> Value {
        let mut last = Value::Null;
        let found = within(Duration::from_secs(120), || {
            last = self.shown(import);
            states.iter().any(|state| last["status"] == *state).then(|| last.clone())
        });
        found.unwrap_or_else(|| panic!("{import} is not {states:?}: {last}"))
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(self.child.id(), name);
    }

    /// Waits until the process is gone.
    #[track_caller]
    pub(crate) fn ended(&mut self, longest: Duration) -> ExitStatus {
        until("the server ends", longest, || self.child.try_wait().expect("its state"))
    }

    pub(crate) fn is_gone(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_some()
    }

    pub(crate) fn ends_within(&mut self, longest: Duration) -> bool {
        within(longest, || self.is_gone().then_some(())).is_some()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn signal(process: u32, name: &str) {
    let _ = Command::new("kill").args(["-s", name, &process.to_string()]).stderr(Stdio::null()).status();
}
