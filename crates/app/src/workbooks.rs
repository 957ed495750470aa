//! Reads a workbook in a child process of the same executable (`convoke read-workbook`) with limits of memory and time.
//!
//! Invariant: whatever the workbook holds, this process neither grows nor waits longer than its limits say, and every
//! way in which the child can end is a sentence.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use convoke_pipeline::problem::{Problem, ProblemCode};
use convoke_pipeline::workbook::SheetInfo;

use crate::error::{Error, Result};

/// Bytes of what the child says that are looked at: one line of JSON.
const MOST_SAID: u64 = 16 << 20;

/// A path by which a process opens its standard input as a file of its own.
const STANDARD_INPUT: &str = "/dev/stdin";

/// Exit code of a child that refuses the workbook, and of one that cannot write the table.
const REFUSED: i32 = 2;
const COULD_NOT_WRITE: i32 = 3;

/// Signals of POSIX that tell why a child ended: SIGABRT comes from an allocation that failed, SIGKILL from a system
/// without memory, SIGXCPU from the limit of computing time.
const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGTERM: i32 = 15;
const SIGXCPU: i32 = 24;

/// What the child's environment must say for its limit of memory to hold: its allocator takes memory as it needs it
/// instead of a gigabyte at its start, and dying of want of memory does not begin with a trace that needs some.
const ENVIRONMENT: [(&str, &str); 2] = [("MIMALLOC_ARENA_EAGER_COMMIT", "0"), ("RUST_BACKTRACE", "0")];

/// What reading one workbook may take.
#[derive(Clone, Copy, Debug)]
pub struct WorkbookLimits {
    /// Memory the child may take.
    pub memory_bytes: u64,
    /// From start to end; computing time is limited to the same.
    pub time: Duration,
}

impl Default for WorkbookLimits {
    /// What a million rows of forty columns need, on a slow machine.
    fn default() -> Self {
        Self { memory_bytes: 384 << 20, time: Duration::from_secs(120) }
    }
}

/// Starts the child.
#[derive(Clone, Debug)]
pub struct WorkbookReader {
    /// The executable `convoke`.
    pub program: PathBuf,
    pub limits: WorkbookLimits,
}

impl WorkbookReader {
    /// Writes the sheet of this name or number, or the first visible one that holds anything, to `out` as CSV text:
    /// UTF-8, comma, doubled quotes, a line for every row of the sheet. After an error, what `out` holds is worth nothing.
    /// The workbook itself is the child's standard input, which it opens anew: what has no name can be read as well.
    pub fn read(&self, workbook: File, sheet: Option<&str>, out: File) -> Result<SheetInfo> {
        let mut command = Command::new(&self.program);
        command.arg("read-workbook").arg("--memory").arg(self.limits.memory_bytes.to_string());
        command.arg("--seconds").arg(self.limits.time.as_secs().max(1).to_string());
        if let Some(sheet) = sheet {
            command.arg(format!("--sheet={sheet}"));
        }
        command.arg(STANDARD_INPUT).envs(ENVIRONMENT).stdin(workbook).stdout(out).stderr(Stdio::piped());
        let started = command.spawn().map_err(|error| Error::files("start", &self.program, error));
        // Only the child writes to the table from now on.
        drop(command);
        let mut child = started?;
        let said = listen(child.stderr.take());
        let (status, said) = self.wait(&mut child, &said).map_err(|e| Error::files("wait for", &self.program, e))?;
        let Some(status) = status else { return Err(Error::Refused(too_slow(self.limits.time))) };
        self.judge(status, &said)
    }

    /// Until the child has ended, or the time is over: then it is killed, and there is no status.
    fn wait(&self, child: &mut Child, said: &Receiver<String>) -> io::Result<(Option<ExitStatus>, String)> {
        // The child's stderr is closed when it ends, and not before.
        match said.recv_timeout(self.limits.time) {
            Ok(said) => Ok((Some(child.wait()?), said)),
            Err(RecvTimeoutError::Disconnected) => Ok((Some(child.wait()?), String::new())),
            Err(RecvTimeoutError::Timeout) => {
                child.kill()?;
                child.wait()?;
                Ok((None, String::new()))
            }
        }
    }

    fn judge(&self, status: ExitStatus, said: &str) -> Result<SheetInfo> {
        let line = said.lines().last().unwrap_or_default();
        match (status.code(), status.signal()) {
            (Some(0), _) => serde_json::from_str(line).map_err(|_| Error::Refused(failed(&status.to_string()))),
            (Some(REFUSED), _) => {
                let problem = serde_json::from_str(line);
                Err(Error::Refused(problem.unwrap_or_else(|_| failed("it did not understand what it was told"))))
            }
            (Some(COULD_NOT_WRITE), _) => {
                let error = line.parse().ok().filter(|&number| number != 0).map(io::Error::from_raw_os_error);
                let source = error.unwrap_or_else(|| io::Error::other(line.to_owned()));
                Err(Error::Files { doing: "write", path: "the table of a workbook".to_owned(), source })
            }
            // Ctrl-C and the like reach the child too: it is the user who ended it, and not the workbook.
            (_, Some(SIGHUP | SIGINT | SIGTERM)) => {
                let source = io::Error::from(io::ErrorKind::Interrupted);
                Err(Error::Files { doing: "read", path: "the workbook".to_owned(), source })
            }
            (_, Some(SIGXCPU)) => Err(Error::Refused(too_slow(self.limits.time))),
            (_, Some(SIGABRT | SIGKILL | SIGSEGV)) => Err(Error::Refused(too_hungry(self.limits.memory_bytes))),
            _ => Err(Error::Refused(failed(&status.to_string()))),
        }
    }
}

/// Reads what the child says on a thread of its own, so that the time can run out meanwhile.
fn listen(stderr: Option<ChildStderr>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut said = Vec::new();
        // What cannot be read was not said.
        let _ = stderr.map(|stderr| stderr.take(MOST_SAID).read_to_end(&mut said));
        let _ = sender.send(String::from_utf8_lossy(&said).into_owned());
    });
    receiver
}

fn too_slow(time: Duration) -> Problem {
    too_large(format!("The workbook takes more than {} seconds to read", time.as_secs().max(1)))
}

fn too_hungry(bytes: u64) -> Problem {
    too_large(format!("The workbook takes more than {} MB of memory to read", bytes >> 20))
}

fn too_large(message: String) -> Problem {
    Problem::new(
        ProblemCode::WorkbookTooLarge,
        message,
        "Copy the rows with people to a new workbook, or save the sheet as \"CSV UTF-8\", and import that.",
    )
}

fn failed(how: &str) -> Problem {
    Problem::new(
        ProblemCode::WorkbookDamaged,
        format!("The workbook could not be read: its reader ended early ({how})"),
        "Open it in Excel or LibreOffice, save it as a new .xlsx file or as CSV, and import that.",
    )
}
