//! A folder with a database, and what a run of the executable in it gave.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a database of its own.
pub(crate) struct Place {
    folder: TempDir,
    database: String,
}

impl Place {
    /// On SQLite.
    pub(crate) fn new() -> Self {
        Self::on("sqlite:convoke.db")
    }

    /// On any database.
    pub(crate) fn on(database: &str) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database: database.to_owned() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and gives its name.
    pub(crate) fn file<'n>(&self, name: &'n str, content: impl AsRef<[u8]>) -> &'n str {
        fs::write(self.path(name), content).expect("written");
        name
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("text")
    }

    /// The executable with these arguments, ready to start.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convoke"));
        command.args(arguments).current_dir(self.folder.path()).env("CONVOKE_DB", &self.database);
        for name in ["CONVOKE_CONFIG", "CONVOKE_FILES", "CONVOKE_MAX_ROWS", "CONVOKE_MAX_BYTES", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the executable.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(arguments, self.command(arguments).output().expect("the executable starts"))
    }

    /// Runs the executable and types this into its standard input.
    pub(crate) fn typing(&self, arguments: &[&str], text: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the executable starts");
        child.stdin.take().expect("stdin").write_all(text.as_bytes()).expect("typed");
        Ran::of(arguments, child.wait_with_output().expect("it ends"))
    }

    /// Runs a command that must be done.
    pub(crate) fn done(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    }

    /// Imports or checks with `--json` and gives the exit code and the document.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let ran = self.run(&[arguments, &["--json"]].concat());
        (ran.code, ran.json())
    }

    /// People of a type as objects.
    pub(crate) fn people(&self, of: &str) -> Vec<Value> {
        self.done(&["people", "list", "--as", of, "--json"]).lines()
    }

    /// The fields of one person by its identity.
    pub(crate) fn person(&self, of: &str, identity: &str) -> Value {
        let people = self.people(of);
        let found = people.iter().find(|person| person["identity"] == identity);
        found.unwrap_or_else(|| panic!("{identity} is not among {people:?}")).clone()
    }

    /// Names of the files in the folder that no finished command leaves behind.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        gather(self.folder.path(), &mut found);
        found
    }
}

fn gather(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            gather(&entry.path(), found);
        } else if name.ends_with(".part") {
            found.push(name);
        }
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    #[expect(dead_code, reason = "a failed assertion shows it")]
    pub(crate) arguments: Vec<String>,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(arguments: &[&str], output: Output) -> Self {
        Self {
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The one document on stdout.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The objects on stdout, one a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    }

    #[track_caller]
    pub(crate) fn says(&self, sentence: &str) {
        assert!(self.stderr.contains(sentence), "{sentence:?} is not on stderr: {self:?}");
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.stdout.contains(text), "{text:?} is not on stdout: {self:?}");
    }
}

/// Advocates of whom row 3 fails.
pub(crate) const THREE_ADVOCATES: &str =
    "Name,Email,Title\nAnna Lee,anna@example.com,Head\nJon,jon@@x.org,\nBen Ito,ben@example.com,Lead\n";
