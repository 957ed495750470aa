//! An installation prepared once: a workspace with 25,000 advocates, a group and custom fields. Each round works on a
//! fresh copy, on SQLite or PostgreSQL, with the real binary.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use convoke_app::store::{Access, Address, Store};
use convoke_testbed::people::Advocates;
use convoke_testbed::postgres::Postgres;

/// Rows of the file that is tortured.
pub(crate) const ROWS: u64 = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// The prepared state, copied for each round.
pub(crate) struct Template {
    engine: Engine,
    folder: tempfile::TempDir,
    database: String,
    cluster: Option<&'static Postgres>,
}

/// One round's own copy.
pub(crate) struct Installation<'t> {
    template: &'t Template,
    folder: tempfile::TempDir,
    pub(crate) address: String,
}

static COPIES: AtomicU32 = AtomicU32::new(0);

pub(crate) fn clock() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "leases are about real time")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

/// Name, e-mail address, Salesforce ID. Somebody known and two who are not, in the first chunk; in the last one three
/// who carry a key of one of them, and one who carries a key that is free again.
const KNOWN_KEYS: &[[&str; 3]] = &[["Kay", "kay@example.com", "KEY-1"]];
const FIRST_KEYS: &[[&str; 3]] =
    &[["Kay", "kay@example.com", "KEY-2"], ["Lou", "lou@example.com", "KEY-3"], ["Moe", "moe@example.com", "KEY-4"]];
const LAST_KEYS: &[[&str; 3]] = &[
    ["Ned", "ned@example.com", "KEY-1"],
    ["Oda", "oda@example.com", "KEY-2"],
    ["Pia", "pia@example.com", "KEY-3"],
    ["Moe", "moe@example.com", "KEY-3"],
];

/// A generated file with more people below its header and at its end.
fn with_keys(generated: &str, first: &[[&str; 3]], last: &[[&str; 3]]) -> String {
    let (header, rest) = generated.split_once('\n').expect("a header");
    let headers: Vec<_> = header.trim_end().split(',').collect();
    let line = |cells: &[&str; 3]| {
        let cell = |header: &&str| match *header {
            "Name" => cells[0],
            "Email" => cells[1],
            "Salesforce ID" => cells[2],
            _ => "",
        };
        headers.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
    };
    let (first, last): (String, String) = (first.iter().map(line).collect(), last.iter().map(line).collect());
    format!("{header}\n{first}{rest}{last}")
}

/// Half of the people of the tortured file, with other titles; then the file itself. On PostgreSQL it is in UTF-16, so
/// that its text is decoded anew by every process that takes the import up.
fn write_files(folder: &Path, engine: Engine) {
    let known = Advocates { stride: 2, rows: ROWS / 2, ..Advocates::new(ROWS / 2) };
    let all = Advocates { changed: true, ..Advocates::new(ROWS) };
    for (name, people, first, last) in
        [("known.csv", known, KNOWN_KEYS, &[][..]), ("all.csv", all, FIRST_KEYS, LAST_KEYS)]
    {
        let mut file = Vec::new();
        people.write(&mut file).expect("written");
        let text = with_keys(&String::from_utf8(file).expect("UTF-8"), first, last);
        let bytes = if engine == Engine::Postgres && name == "all.csv" {
            format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else {
            text.into_bytes()
        };
        std::fs::write(folder.join(name), bytes).expect("a file");
    }
}

impl Template {
    pub(crate) fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_files(folder.path(), engine);
        let (cluster, database, address) = match engine {
            Engine::Sqlite => {
                let path = folder.path().join("template.db").display().to_string();
                (None, path.clone(), format!("sqlite:{path}"))
            }
            Engine::Postgres => {
                let cluster = Postgres::shared();
                let name = format!("template_{}", COPIES.fetch_add(1, Ordering::Relaxed));
                cluster.psql("postgres", &format!("CREATE DATABASE {name}"));
                (Some(cluster), name.clone(), cluster.url(&name))
            }
        };
        let template = Self { engine, folder, database, cluster };
        let files = template.folder.path().join("files").display().to_string();
        let known = template.file("known.csv").display().to_string();
        for arguments in [
            vec!["groups", "add", "Launch"],
            vec!["fields", "add", "Interests", "--as", "advocate", "--multiple"],
            vec!["fields", "add", "Regions", "--as", "advocate", "--multiple"],
            vec!["import", &known, "--as", "advocates", "--tag", "old"],
        ] {
            let done = convoke(&address, &files).args(&arguments).output().expect("the binary runs");
            let code = done.status.code();
            assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        }
        template
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The prepared database itself (PostgreSQL).
    pub(crate) fn url(&self) -> String {
        self.cluster.map(|cluster| cluster.url(&self.database)).unwrap_or_default()
    }

    /// A round on a database that was filled already.
    pub(crate) fn copy_at(&self, address: String) -> Installation<'_> {
        Installation { template: self, folder: tempfile::tempdir().expect("a temporary folder"), address }
    }

    pub(crate) fn copy(&self) -> Installation<'_> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = match (self.engine, self.cluster) {
            (Engine::Postgres, Some(cluster)) => {
                let name = format!("copy_{}", COPIES.fetch_add(1, Ordering::Relaxed));
                let template = &self.database;
                cluster.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"));
                cluster.url(&name)
            }
            _ => {
                let path = folder.path().join("convoke.db");
                std::fs::copy(&self.database, &path).expect("a copy of the database");
                format!("sqlite:{}", path.display())
            }
        };
        Installation { template: self, folder, address }
    }
}

fn convoke(address: &str, files: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convoke"));
    command.args(["--db", address, "--files", files]).stdin(Stdio::null());
    command
}

impl Installation<'_> {
    pub(crate) fn command(&self) -> Command {
        convoke(&self.address, &self.folder.path().join("files").display().to_string())
    }

    /// The import under torture, not started yet.
    pub(crate) fn import(&self) -> Command {
        let mut command = self.command();
        command.arg("import").arg(self.template.file("all.csv"));
        command.args([
            "--as",
            "advocates",
            "--policy",
            "title=overwrite",
            "--group",
            "Launch",
            "--tag",
            "new",
            "--json",
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn start_import(&self) -> Child {
        self.import().spawn().expect("the binary starts")
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("the binary runs")
    }

    pub(crate) fn store(&self, access: Access) -> Store {
        Store::open(&Address::parse(&self.address), access, clock).expect("the database opens")
    }

    /// The import that is not finished: its id.
    pub(crate) fn unfinished(&self) -> Option<String> {
        let listed = self.run(&["imports", "list", "--json"]);
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        let text = String::from_utf8(listed.stdout).expect("UTF-8");
        text.lines().find(|line| !line.contains("completed")).map(|line| {
            let import: serde_json::Value = serde_json::from_str(line).expect("JSON");
            import["import"].as_str().expect("an id").to_owned()
        })
    }

    pub(crate) fn has_imported(&self) -> bool {
        let listed = self.run(&["imports", "list", "--json"]);
        String::from_utf8_lossy(&listed.stdout).lines().count() == 2
    }

    /// Lets every lease run out, as five seconds would.
    pub(crate) fn expire_leases(&self) {
        if self.template.engine == Engine::Postgres {
            let store = self.store(Access::Write);
            store
                .write(|tx| tx.execute("UPDATE job SET lease_until = 1 WHERE workspace_id = 1", &[]))
                .expect("expired");
        }
    }

    /// Finishes whatever was begun, or begins it.
    pub(crate) fn finish(&self) {
        self.expire_leases();
        if let Some(id) = self.unfinished() {
            let resumed = self.run(&["imports", "resume", &id]);
            assert_eq!(resumed.status.code(), Some(1), "{}", String::from_utf8_lossy(&resumed.stderr));
        } else if !self.has_imported() {
            let done = self.import().output().expect("the binary runs");
            assert_eq!(done.status.code(), Some(1), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }
}
