//! An installation of the real executable: a folder, a database of either kind, a token, and a witness in the database
//! that notes every change of an import as it is committed, so that no state goes by between two requests.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use convoke_testbed::postgres::{Database, Postgres};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Which databases a test has: without servers only the one that needs none.
pub(crate) fn engines() -> Vec<Engine> {
    if convoke_testbed::is_quick() { vec![Engine::Sqlite] } else { vec![Engine::Sqlite, Engine::Postgres] }
}

enum Kept {
    Sqlite(PathBuf),
    Postgres(Database<'static>),
    /// Of a cluster that is this test's own.
    Elsewhere(String),
}

pub(crate) struct Place {
    folder: PathBuf,
    /// Goes with the place.
    _temporary: Option<tempfile::TempDir>,
    kept: Kept,
    /// The address the executable is given, if not the one the test itself asks.
    through: Option<String>,
    pub(crate) token: String,
}

/// What a command gave.
pub(crate) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A session beside the product's.
pub(crate) struct Holding {
    child: Child,
    input: Option<ChildStdin>,
}

impl Drop for Holding {
    /// The transaction ends with the session.
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

impl Place {
    pub(crate) fn new(engine: Engine) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().to_owned();
        let kept = match engine {
            Engine::Sqlite => Kept::Sqlite(folder.join("convoke.db")),
            Engine::Postgres => Kept::Postgres(Postgres::shared().database()),
        };
        Self::of(folder, Some(temporary), kept)
    }

    /// On SQLite, in a folder that is somebody else's.
    pub(crate) fn within(folder: &Path) -> Self {
        Self::of(folder.to_owned(), None, Kept::Sqlite(folder.join("convoke.db")))
    }

    /// On a cluster of its own.
    pub(crate) fn at(url: &str) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        Self::of(temporary.path().to_owned(), Some(temporary), Kept::Elsewhere(url.to_owned()))
    }

    /// The same; the executable reaches it at another address.
    pub(crate) fn through(&mut self, url: &str) {
        self.through = Some(url.to_owned());
    }

    /// Another place of a SQLite installation that was copied, with the token of the first.
    pub(crate) fn copied(&self, folder: &Path) -> Self {
        let kept = Kept::Sqlite(folder.join("convoke.db"));
        Self { folder: folder.to_owned(), _temporary: None, kept, through: None, token: self.token.clone() }
    }

    fn of(folder: PathBuf, temporary: Option<tempfile::TempDir>, kept: Kept) -> Self {
        let mut place = Self { folder, _temporary: temporary, kept, through: None, token: String::new() };
        place.token = place.done(&["token", "create", "test"]).trim().to_owned();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn database(&self) -> String {
        if let Some(url) = &self.through {
            return url.clone();
        }
        self.address()
    }

    fn address(&self) -> String {
        match &self.kept {
            Kept::Sqlite(path) => format!("sqlite:{}", path.display()),
            Kept::Postgres(database) => database.url(),
            Kept::Elsewhere(url) => url.clone(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.kept, Kept::Sqlite(_))
    }

    /// The executable, started by `wrapper` if there is one.
    pub(crate) fn command(&self, wrapper: &[String], arguments: &[&str]) -> Command {
        let mut words: Vec<&str> = wrapper.iter().map(String::as_str).collect();
        words.push(env!("CARGO_BIN_EXE_convoke"));
        words.extend(arguments);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(&self.folder).env("CONVOKE_DB", self.database());
        command.env("CONVOKE_FILES", self.path("files"));
        for name in ["CONVOKE_MAX_ROWS", "CONVOKE_MAX_BYTES", "CONVOKE_CRASH_AT", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command that must be done and gives what it printed.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let output = self.command(&[], arguments).output().expect("the executable starts");
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// All advocates but their ids and times, by identity.
    pub(crate) fn people(&self) -> Vec<Value> {
        let listed = self.done(&["people", "list", "--as", "advocates", "--json"]);
        let mut people: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        for person in &mut people {
            for name in ["id", "import", "created_at", "updated_at"] {
                person.as_object_mut().expect("an object").remove(name);
            }
        }
        people.sort_by_key(|person| person["identity"].to_string());
        people
    }

    /// A session of the database's own client that holds what `sql` takes, until it is released.
    pub(crate) fn holding(&self, sql: &str) -> Holding {
        let mut command = match &self.kept {
            Kept::Sqlite(path) => {
                let mut command = Command::new("sqlite3");
                command.args(["-batch", "-cmd", ".timeout 20000"]).arg(path);
                command
            }
            _ => {
                let mut command = Command::new("psql");
                command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", &self.address()]);
                command
            }
        };
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the client starts (scripts/deps installs it)");
        let mut input = child.stdin.take().expect("stdin");
        let mut output = BufReader::new(child.stdout.take().expect("stdout"));
        writeln!(input, "{sql}\nSELECT 'held';").expect("typed");
        let mut line = String::new();
        while line.trim() != "held" {
            line.clear();
            assert!(output.read_line(&mut line).is_ok_and(|read| read > 0), "{sql}: it is not held");
        }
        Holding { child, input: Some(input) }
    }

    /// Asks the database by its own client: columns separated by `|`, a row a line.
    pub(crate) fn sql(&self, sql: &str) -> String {
        match &self.kept {
            Kept::Sqlite(path) => {
                let output = Command::new("sqlite3")
                    .args(["-batch", "-cmd", ".timeout 20000"])
                    .arg(path)
                    .arg(sql)
                    .output()
                    .expect("sqlite3 starts (scripts/deps installs it)");
                assert!(output.status.success(), "{sql}: {}", said(&output));
                String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
            }
            Kept::Postgres(database) => database.psql(sql),
            Kept::Elsewhere(url) => {
                let output = Command::new("psql").args(["-XqAt", "-v", "ON_ERROR_STOP=1", url, "-c", sql]).output();
                let output = output.expect("psql starts (scripts/deps installs it)");
                assert!(output.status.success(), "{sql}: {}", said(&output));
                String::from_utf8(output.stdout).expect("UTF-8").trim_end().to_owned()
            }
        }
    }

    /// Has the database note every change of an import. Before the first server starts.
    pub(crate) fn watch_imports(&self) {
        let columns = "import_id, was, state, total, created, updated, unchanged, skipped, failed, at_ms";
        let new = "NEW.total, NEW.created, NEW.updated, NEW.unchanged, NEW.skipped, NEW.failed";
        let on = "AFTER UPDATE OF state, total, created, updated, unchanged, skipped, failed ON import FOR EACH ROW";
        let table = "import_id BIGINT, was INT, state INT, total BIGINT, created BIGINT, updated BIGINT, \
                     unchanged BIGINT, skipped BIGINT, failed BIGINT, at_ms BIGINT";
        if self.is_sqlite() {
            let now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
            self.sql(&format!(
                "CREATE TABLE witness (seq INTEGER PRIMARY KEY, {table}); CREATE TRIGGER witness {on} BEGIN \
                 INSERT INTO witness ({columns}) VALUES (NEW.id, OLD.state, NEW.state, {new}, {now}); END;"
            ));
        } else {
            let now = "extract(epoch FROM clock_timestamp()) * 1000";
            self.sql(&format!(
                "CREATE TABLE witness (seq BIGSERIAL PRIMARY KEY, {table}); CREATE FUNCTION witness() RETURNS trigger \
                 LANGUAGE plpgsql AS $$ BEGIN INSERT INTO witness ({columns}) VALUES (NEW.id, OLD.state, NEW.state, \
                 {new}, {now}); RETURN NULL; END $$; CREATE TRIGGER witness {on} EXECUTE FUNCTION witness()"
            ));
        }
    }

    /// What was noted, in its order: import, state before, state, total, five counts, time.
    pub(crate) fn witnessed(&self) -> Vec<[i64; 10]> {
        let rows = self.sql(
            "SELECT import_id, was, state, total, created, updated, unchanged, skipped, failed, at_ms \
             FROM witness ORDER BY seq",
        );
        let row = |line: &str| {
            let cells: Vec<i64> = line.split('|').map(|cell| cell.parse().expect("a number")).collect();
            cells.try_into().expect("ten columns")
        };
        rows.lines().map(row).collect()
    }
}
