//! A temporary PostgreSQL cluster from the machine's own binaries: a Unix socket in a temporary
//! directory, no network, any number of databases. Invariant: a watchdog process outlives ours, so
//! the cluster is stopped and its files are removed after a panic and after `kill -9` too. What
//! cannot be started panics with a sentence that says why.

mod programs;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use programs::{Programs, succeed};

/// The superuser of every cluster; nobody needs a password.
const USER: &str = "postgres";

/// `sun_path` holds 108 bytes, and PostgreSQL appends `/.s.PGSQL.5432.lock` to the directory.
const SOCKET_DIRECTORY_BYTES: usize = 80;

/// How a cluster is set up.
#[derive(Clone, Debug)]
pub struct Options {
    settings: Vec<(String, String)>,
    /// It listens on this port of `localhost` too, and takes encrypted connections there.
    encrypted_port: Option<u16>,
}

impl Options {
    /// Fast and forgetful: nothing is flushed to the disk. For tests that never pull the plug.
    pub fn quick() -> Self {
        Self { settings: vec![], encrypted_port: None }
            .with("fsync", "off")
            .with("synchronous_commit", "off")
            .with("full_page_writes", "off")
            .with("shared_buffers", "64MB")
    }

    /// PostgreSQL as it comes, which keeps every promise about the disk. For faults and
    /// measurements.
    pub fn durable() -> Self {
        Self { settings: vec![], encrypted_port: None }
    }

    /// Adds a server setting; a later one wins over an earlier one of the same name.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes encrypted connections as well, with a certificate for `localhost` that only [`Postgres::certificate`] vouches
    /// for.
    pub fn encrypted(self) -> Self {
        let listener = std::net::TcpListener::bind(("localhost", 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let listening = self.with("listen_addresses", "localhost").with("port", &port.to_string()).with("ssl", "on");
        Self { encrypted_port: Some(port), ..listening }
    }

    fn configuration(&self, socket_directory: &Path) -> String {
        let socket_directory = socket_directory.display().to_string();
        // The port is stated because the server would otherwise take PGPORT from the environment.
        let fixed = [
            ("listen_addresses", ""),
            ("port", "5432"),
            ("unix_socket_directories", &socket_directory),
            ("max_connections", "200"),
            ("timezone", "UTC"),
        ];
        let chosen = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        fixed
            .into_iter()
            .chain(chosen)
            .map(|(name, value)| format!("{name} = '{}'\n", value.replace('\'', "''")))
            .collect()
    }
}

/// A running cluster. Dropping it stops the server and removes its files.
#[derive(Debug)]
pub struct Postgres {
    programs: Programs,
    directory: PathBuf,
    port: u16,
    watchdog: Child,
    databases: AtomicU32,
}

impl Postgres {
    /// The cluster all tests of this process share, started by the first who asks.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&Options::quick()))
    }

    /// Starts another cluster; returns once it answers.
    pub fn start(options: &Options) -> Self {
        let directory = new_directory();
        let programs = Programs::find(&directory);
        // The watchdog comes first: from here on nothing is left behind.
        let watchdog = programs.watchdog(&directory);
        let port = options.encrypted_port.unwrap_or(5432);
        let postgres = Self { programs, directory, port, watchdog, databases: AtomicU32::new(0) };
        postgres.initialise(options);
        if options.encrypted_port.is_some() {
            postgres.certify();
        }
        postgres.resume();
        postgres
    }

    /// Makes an empty database with a name of its own.
    pub fn database(&self) -> Database<'_> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        // Copying files is cheaper than logging every page; before version 15 there was no other
        // way and no word for it.
        let strategy = if self.programs.major >= 15 { " STRATEGY file_copy" } else { "" };
        self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE template0{strategy}"));
        Database { cluster: self, name }
    }

    /// A connection string for the database `name`, understood by the `postgres` crate and `psql`.
    pub fn url(&self, name: &str) -> String {
        let host = percent_encoded(&self.directory.display().to_string());
        format!("postgres://{USER}@/{name}?host={host}&port={}", self.port)
    }

    /// The Unix socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.directory.join(format!(".s.PGSQL.{}", self.port))
    }

    /// A connection string for the database `name` over TCP, without a word about encryption.
    pub fn network_url(&self, name: &str, host: &str) -> String {
        format!("postgres://{USER}@{host}:{}/{name}", self.port)
    }

    /// The certificate of [`Options::encrypted`], which vouches for itself.
    pub fn certificate(&self) -> PathBuf {
        self.data().join("server.crt")
    }

    /// Makes key and certificate where the server looks for them.
    fn certify(&self) {
        let mut command = self.programs.as_owner("/usr/bin/env", &self.directory);
        command.args([
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ]);
        // A certificate that may sign others is refused as a server's.
        command.args(["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:localhost"]);
        command.arg("-keyout").arg(self.data().join("server.key"));
        succeed(command.arg("-out").arg(self.certificate()), "openssl could not make a certificate");
    }

    /// The directory of the Unix socket: what `PGHOST` would hold.
    pub fn socket_directory(&self) -> &Path {
        &self.directory
    }

    /// Runs SQL with `psql` in the database `name` and returns the bare values: columns separated
    /// by `|`, a row a line.
    pub fn psql(&self, name: &str, sql: &str) -> String {
        let output = succeed(&mut self.psql_command(name, sql), &format!("psql could not run {sql:?}"));
        String::from_utf8(output.stdout).expect("the cluster speaks UTF-8").trim_end().to_owned()
    }

    fn psql_command(&self, name: &str, sql: &str) -> Command {
        let mut command = Command::new(self.programs.path("psql"));
        command.args(["-XqAt", "-v", "ON_ERROR_STOP=1", "-U", USER, "-d", name, "-c", sql]);
        command.arg("-p").arg(self.port.to_string());
        command.arg("-h").arg(&self.directory);
        for name in ["PGOPTIONS", "PGSERVICE", "PGCLIENTENCODING"] {
            command.env_remove(name);
        }
        command
    }

    /// Stops the server in good order; the files stay for [`Postgres::resume`].
    pub fn stop(&self) {
        self.control(&["stop", "-m", "fast"]);
    }

    /// Kills the server's processes as a crash would; the files stay, to be recovered by
    /// [`Postgres::resume`].
    pub fn crash(&self) {
        self.control(&["stop", "-m", "immediate"]);
    }

    /// Starts the server again after [`Postgres::stop`] or [`Postgres::crash`].
    pub fn resume(&self) {
        let log = self.log();
        self.control(&["start", "-l", log.to_str().expect("the path was made of UTF-8")]);
    }

    /// Crashes the server and lets it recover.
    pub fn restart_immediate(&self) {
        self.crash();
        self.resume();
    }

    fn initialise(&self, options: &Options) {
        let data = self.data();
        let mut command = self.programs.as_owner("initdb", &self.directory);
        command.args(["-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C.UTF-8", "-U", USER]);
        succeed(command.arg("-D").arg(&data), "PostgreSQL's initdb failed");
        let mut file = fs::OpenOptions::new()
            .append(true)
            .open(data.join("postgresql.conf"))
            .expect("initdb has written postgresql.conf");
        file.write_all(options.configuration(&self.directory).as_bytes()).expect("the configuration can be written");
    }

    fn control(&self, arguments: &[&str]) {
        let mut command = self.programs.as_owner("pg_ctl", &self.directory);
        command.args(arguments).args(["-s", "-w", "-t", "60", "-D"]).arg(self.data());
        // No pipes: the server would inherit them, and reading them would wait for its end.
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let status = status.expect("pg_ctl can be started");
        if !status.success() {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            panic!("PostgreSQL's pg_ctl {arguments:?} failed ({status}); its log says:\n{log}");
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        // Only the watchdog's own failure could be reported here, and a drop during a panic must
        // not panic again.
        self.watchdog.wait().ok();
    }
}

/// One database of a cluster. Dropping it drops the database, also under open connections.
#[derive(Debug)]
pub struct Database<'a> {
    cluster: &'a Postgres,
    name: String,
}

impl Database<'_> {
    /// The database's name, which no other database of the cluster has.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection string, see [`Postgres::url`].
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// Runs SQL in this database, see [`Postgres::psql`].
    pub fn psql(&self, sql: &str) -> String {
        self.cluster.psql(&self.name, sql)
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // Best effort, without a word: the cluster may be stopped on purpose, and its files go
        // away in any case.
        let force = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        self.cluster.psql_command("postgres", &force).stdin(Stdio::null()).output().ok();
    }
}

/// A new directory for socket and data, with a path short enough for a socket.
fn new_directory() -> PathBuf {
    let mut parent = std::env::temp_dir();
    if parent.as_os_str().len() > SOCKET_DIRECTORY_BYTES - 20 || parent.to_str().is_none() {
        parent = PathBuf::from("/tmp");
    }
    let directory = tempfile::Builder::new().prefix("convoke-pg-").tempdir_in(&parent);
    directory.expect("a temporary directory can be made").keep()
}

/// Escapes what a URL's query may not hold; slashes may stay, which keeps the address readable.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_bytes_of_a_directory_are_escaped_in_the_address() {
        assert_eq!(percent_encoded("/tmp/a b%é/x"), "/tmp/a%20b%25%C3%A9/x");
    }

    #[test]
    fn a_quote_in_a_setting_cannot_end_it() {
        let configuration = Options::durable().with("application_name", "it's").configuration(Path::new("/tmp/x"));
        assert!(configuration.ends_with("application_name = 'it''s'\n"), "{configuration}");
    }
}
