//! PostgreSQL's own programs: where they are, as whom they run, and the watchdog that ends a
//! cluster. Invariant: server programs never run as root, which PostgreSQL refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use super::USER;

/// Waits for the end of our pipe, which the kernel closes however we die. `$0` is the directory,
/// `$@` stops the server. Signals of a terminal are ignored: Ctrl-C must end the tests, not
/// the one who cleans up behind them.
const WATCHDOG: &str = r#"trap '' HUP INT TERM; read -r never; "$@"; rm -rf -- "$0""#;

/// Where the binaries are and as whom they run.
#[derive(Debug)]
pub(super) struct Programs {
    binaries: PathBuf,
    pub(super) major: u32,
    /// Put before a server program: empty for a normal user, a change of account for root.
    prefix: &'static [&'static str],
}

impl Programs {
    /// Finds the binaries and hands the directory to the account that will run them.
    pub(super) fn find(directory: &Path) -> Self {
        let binaries = binaries();
        let is_root = fs::metadata(directory).expect("the directory was just made").uid() == 0;
        if is_root {
            let [user, group] = ["-u", "-g"].map(account_number);
            chown(directory, Some(user), Some(group)).expect("root may give its directory away");
        }
        let prefix: &[&str] =
            if is_root { &["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] } else { &[] };
        let version = succeed(Command::new(binaries.join("postgres")).arg("--version"), "postgres --version failed");
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let major = version.split(|c: char| !c.is_ascii_digit()).find_map(|digits| digits.parse().ok());
        Self { binaries, major: major.expect("postgres --version prints a number"), prefix }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// A server program, run by the account that owns the directory.
    pub(super) fn as_owner(&self, name: &str, directory: &Path) -> Command {
        let program = self.path(name);
        let mut command = match self.prefix {
            [] => Command::new(program),
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
        };
        // The account may be unable to enter the directory the tests run in.
        command.current_dir(directory);
        command
    }

    pub(super) fn watchdog(&self, directory: &Path) -> Child {
        let stop = self.as_owner("pg_ctl", directory);
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", WATCHDOG]).arg(directory).arg(stop.get_program()).args(stop.get_args());
        watchdog.args(["stop", "-s", "-w", "-m", "immediate", "-D"]).arg(directory.join("data"));
        // A process group of its own: whoever kills ours (a terminal, a CI runner) leaves the
        // watchdog alone.
        watchdog.process_group(0).current_dir("/");
        watchdog.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        watchdog.spawn().expect("a shell can be started")
    }
}

/// The directory of the server's binaries, which Debian keeps off the PATH.
fn binaries() -> PathBuf {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok())
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    installed.sort();
    let newest_first = installed.into_iter().rev().map(|(_, path)| path);
    // A client library's pg_config may name a directory without a server in it.
    configured.into_iter().chain(newest_first).find(|path| path.join("initdb").exists()).expect(
        "These tests need a PostgreSQL server and found none: install the package `postgresql` \
         (or run `make deps`).",
    )
}

/// User or group number of the account that Debian's package creates.
fn account_number(option: &str) -> u32 {
    let output = Command::new("id").args([option, USER]).output().expect("`id` can be started");
    let number = String::from_utf8_lossy(&output.stdout).trim().parse().ok();
    number.expect(
        "PostgreSQL refuses to run as root, and there is no account `postgres`: install the \
         package `postgresql` (or run `make deps`).",
    )
}

pub(super) fn succeed(command: &mut Command, complaint: &str) -> Output {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{complaint}: {error}"));
    if !output.status.success() {
        panic!("{complaint} ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    output
}
