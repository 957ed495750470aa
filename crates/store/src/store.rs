//! One door to either database: reads by `read`, writes by `write`. A write outside a transaction does not compile,
//! and a closure gets the transaction, never the store, so transactions cannot nest.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use convoke_people::id::Block;
use parking_lot::{FairMutex, FairMutexGuard};

use crate::db::postgres::PgConn;
use crate::db::sqlite::{LOOK_UP_CACHE_KIB, READER_CACHE_KIB, SqliteConn, WriterLock};
use crate::db::target::Target;
use crate::db::{Conn, Query, Reader, Tx};
use crate::error::{Result, StoreError};
use crate::places::Places;
use crate::schema::{self, Dialect};

/// How often a transaction is begun anew when the database is busy.
const BUSY_TRIES: u32 = 5;

/// Connections to PostgreSQL that a process has besides those of its runs: a server has a hundred for all.
const MOST_CONNECTIONS: usize = 32;

/// Where the data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// `postgres://...`
    Postgres(String),
}

impl Address {
    /// Reads `sqlite:PATH`, `postgres://...`, or a plain path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            let path = text.strip_prefix("sqlite:").unwrap_or(text);
            Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into())
        }
    }
}

impl std::fmt::Display for Address {
    /// Without the password of a PostgreSQL address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => match (url.find("://"), url.rfind('@')) {
                (Some(scheme), Some(at)) if at > scheme => write!(f, "{}...{}", &url[..scheme + 3], &url[at..]),
                _ => f.write_str(url),
            },
        }
    }
}

/// What a process wants of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Beside a running server as well.
    Read,
    /// Alone on a SQLite file; migrations are applied.
    Write,
}

/// The store.
pub struct Store {
    db: Db,
    clock: fn() -> i64,
    migrated: Vec<i64>,
    /// Connections that somebody reads or writes on.
    busy: Places,
    /// Where the next id of this process comes from; none was needed yet.
    next_id: Mutex<Option<(Block, u32)>>,
}

enum Db {
    Sqlite { path: PathBuf, writer: Option<Writer>, readers: Mutex<Vec<Conn>>, _lock: Option<WriterLock> },
    Postgres { target: Box<Target>, idle: Mutex<Vec<Conn>> },
}

/// The one writer of a SQLite file. Its lock goes to whoever waits longest: an import, which takes it again and again,
/// lets everybody else in between.
struct Writer {
    conn: FairMutex<Conn>,
    waiting: AtomicUsize,
}

impl Writer {
    fn lock(&self) -> FairMutexGuard<'_, Conn> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let conn = self.conn.lock();
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        conn
    }
}

impl Store {
    /// Opens a database; `clock` gives UTC microseconds. With [`Access::Write`] it is made and migrated.
    pub fn open(address: &Address, access: Access, clock: fn() -> i64) -> Result<Self> {
        match address {
            Address::Sqlite(path) => Self::open_sqlite(path, access, clock),
            Address::Postgres(url) => Self::open_postgres(url, access, clock),
        }
    }

    fn open_sqlite(path: &Path, access: Access, clock: fn() -> i64) -> Result<Self> {
        let mut migrated = Vec::new();
        let (lock, writer) = match access {
            Access::Read => {
                if !path.exists() {
                    return Err(StoreError::Unavailable(format!("there is no database at {}", path.display())));
                }
                (None, None)
            }
            Access::Write => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)
                        .map_err(|e| StoreError::Unavailable(format!("{}: {e}", folder.display())))?;
                }
                let lock = WriterLock::take(path)?;
                let mut writer = Conn::Sqlite(SqliteConn::open_writer(path)?);
                migrated = schema::migrate(&mut writer, Dialect::Sqlite, clock)?;
                (Some(lock), Some(Writer { conn: FairMutex::new(writer), waiting: AtomicUsize::new(0) }))
            }
        };
        let db = Db::Sqlite { path: path.to_owned(), writer, readers: Mutex::default(), _lock: lock };
        let store = Self { db, clock, migrated, busy: Places::default(), next_id: Mutex::default() };
        store.refuse_unmigrated()?;
        Ok(store)
    }

    fn open_postgres(url: &str, access: Access, clock: fn() -> i64) -> Result<Self> {
        let target = Target::parse(url)?;
        let mut conn = Conn::Postgres(Box::new(PgConn::open(&target, "convoke")?));
        let migrated = match access {
            Access::Read => Vec::new(),
            Access::Write => schema::migrate(&mut conn, Dialect::Postgres, clock)?,
        };
        let db = Db::Postgres { target: Box::new(target), idle: Mutex::new(vec![conn]) };
        let store = Self { db, clock, migrated, busy: Places::default(), next_id: Mutex::default() };
        store.refuse_unmigrated()?;
        Ok(store)
    }

    /// The tables are those this program knows; another program may have changed them meanwhile.
    pub fn refuse_unmigrated(&self) -> Result<()> {
        let dialect = self.dialect();
        let at = self.read(|r| schema::applied(r, dialect))?;
        if at < schema::newest() {
            return Err(StoreError::Schema(format!(
                "the database stands at migration {at} of {}: run `convoke migrate`",
                schema::newest()
            )));
        }
        Ok(())
    }

    /// The migrations that opening applied.
    pub fn migrated(&self) -> &[i64] {
        &self.migrated
    }

    pub fn dialect(&self) -> Dialect {
        match self.db {
            Db::Sqlite { .. } => Dialect::Sqlite,
            Db::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// Reads. `work` may run again on another connection if PostgreSQL dropped an idle one.
    pub fn read<T>(&self, work: impl Fn(&mut Reader<'_>) -> Result<T>) -> Result<T> {
        let _place = self.busy.take(self.most_connections())?;
        let mut conn = self.reader()?;
        let outcome = work(&mut Reader { conn: &mut conn });
        let outcome = match outcome {
            Err(StoreError::Unavailable(_)) if conn.is_broken() => {
                self.forget_idle();
                conn = self.reader()?;
                work(&mut Reader { conn: &mut conn })
            }
            outcome => outcome,
        };
        if !conn.is_broken() {
            self.give_back(conn);
        }
        outcome
    }

    /// Writes in one transaction. `work` may run again when the database was busy, so it must not count its runs.
    pub fn write<T>(&self, work: impl Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            let outcome = self.with_writer(|conn| {
                let mut tx = Tx::begin(conn, self.clock)?;
                let value = work(&mut tx)?;
                tx.commit()?;
                Ok(value)
            });
            match outcome {
                Err(StoreError::Busy(_)) if tries < BUSY_TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    fn with_writer<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let _place = self.busy.take(self.most_connections())?;
        match &self.db {
            Db::Sqlite { writer: Some(writer), .. } => work(&mut writer.lock()),
            Db::Sqlite { writer: None, .. } => Err(StoreError::Bug("opened for reading".to_owned())),
            Db::Postgres { .. } => {
                let mut conn = self.reader()?;
                let outcome = work(&mut conn);
                if !conn.is_broken() {
                    self.give_back(conn);
                }
                outcome
            }
        }
    }

    /// A file of SQLite is opened as often as anybody likes.
    fn most_connections(&self) -> usize {
        if self.dialect() == Dialect::Postgres { MOST_CONNECTIONS } else { usize::MAX }
    }

    fn reader(&self) -> Result<Conn> {
        match &self.db {
            Db::Sqlite { path, readers, .. } => {
                if let Some(conn) = locked(readers).pop() {
                    return Ok(conn);
                }
                Ok(Conn::Sqlite(SqliteConn::open_reader(path, READER_CACHE_KIB)?))
            }
            Db::Postgres { target, idle } => {
                if let Some(conn) = locked(idle).pop() {
                    return Ok(conn);
                }
                Ok(Conn::Postgres(Box::new(PgConn::open(target, "convoke")?)))
            }
        }
    }

    fn give_back(&self, conn: Conn) {
        match &self.db {
            Db::Sqlite { readers, .. } => locked(readers).push(conn),
            Db::Postgres { idle, .. } => locked(idle).push(conn),
        }
    }

    fn forget_idle(&self) {
        if let Db::Postgres { idle, .. } = &self.db {
            locked(idle).clear();
        }
    }

    /// Gives back what connections keep in memory for the next statement: the pages of a SQLite file, the longest answer and
    /// question of PostgreSQL. For who has nothing to do for now: what comes next connects anew, and finds its pages in the
    /// system's cache.
    pub fn rest(&self) -> Result<()> {
        match &self.db {
            Db::Postgres { .. } => self.forget_idle(),
            Db::Sqlite { writer, readers, .. } => {
                locked(readers).clear();
                if let Some(Conn::Sqlite(conn)) = writer.as_ref().map(Writer::lock).as_deref() {
                    conn.conn.release_memory()?;
                }
            }
        }
        Ok(())
    }

    /// The connection an import run writes on. SQLite: the one writer, held until the guard is dropped.
    pub(crate) fn run_connection(&self, name: &str) -> Result<RunConn<'_>> {
        match &self.db {
            Db::Sqlite { writer: Some(writer), .. } => Ok(RunConn::Shared(writer.lock())),
            Db::Sqlite { writer: None, .. } => Err(StoreError::Bug("opened for reading".to_owned())),
            Db::Postgres { target, .. } => {
                let mut conn = PgConn::open(target, name)?;
                conn.batch("SET synchronous_commit=off")?;
                Ok(RunConn::Own(Box::new(Conn::Postgres(Box::new(conn)))))
            }
        }
    }

    /// Whether somebody waits for the writer of a SQLite file; PostgreSQL has as many as it is asked for.
    pub fn is_writer_wanted(&self) -> bool {
        match &self.db {
            Db::Sqlite { writer: Some(writer), .. } => writer.waiting.load(Ordering::Relaxed) > 0,
            _ => false,
        }
    }

    /// A connection of one's own that looks people up: beside the writer on PostgreSQL, a reader on SQLite.
    pub(crate) fn look_up_connection(&self, name: &str) -> Result<Conn> {
        match &self.db {
            Db::Sqlite { path, .. } => Ok(Conn::Sqlite(SqliteConn::open_reader(path, LOOK_UP_CACHE_KIB)?)),
            Db::Postgres { target, .. } => Ok(Conn::Postgres(Box::new(PgConn::open(target, name)?))),
        }
    }

    /// Connections that wait for a use, and that are in use but for those of runs.
    pub fn connections(&self) -> (usize, usize) {
        let idle = match &self.db {
            Db::Sqlite { readers, .. } => locked(readers).len(),
            Db::Postgres { idle, .. } => locked(idle).len(),
        };
        (idle, self.busy.taken())
    }

    /// The process's clock, in UTC microseconds.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// The time by which leases are judged: PostgreSQL's, because the clocks of its clients differ; the process's for SQLite.
    pub fn lease_clock(&self) -> Result<i64> {
        match &self.db {
            Db::Sqlite { .. } => Ok(self.now()),
            Db::Postgres { .. } => self.read(|r| {
                let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
                r.query_one(sql, &[])?.map_or(Ok(0), |row| row.int(0))
            }),
        }
    }

    pub(crate) fn clock(&self) -> fn() -> i64 {
        self.clock
    }

    /// The SQLite file; None on PostgreSQL.
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.db {
            Db::Sqlite { path, .. } => Some(path),
            Db::Postgres { .. } => None,
        }
    }

    /// Copies a SQLite database to a new file, by pages, beside a running writer.
    pub fn back_up_to(&self, target: &Path) -> Result<Self> {
        let Db::Sqlite { path, .. } = &self.db else {
            return Err(StoreError::Schema("PostgreSQL is backed up with pg_dump".to_owned()));
        };
        let source = SqliteConn::open_reader(path, READER_CACHE_KIB)?;
        let mut copy = rusqlite::Connection::open(target)?;
        // All pages in one step: a reader of a WAL database sees one state and blocks no writer.
        match rusqlite::backup::Backup::new(&source.conn, &mut copy)?.step(-1)? {
            rusqlite::backup::StepResult::Done => {}
            other => return Err(StoreError::Busy(format!("the copy stopped: {other:?}"))),
        }
        // One file: whoever reads the copy leaves nothing beside it.
        copy.execute_batch("PRAGMA journal_mode=DELETE;")?;
        drop(copy);
        Self::open_sqlite(target, Access::Read, self.clock)
    }

    /// The next id of this process, which draws one block for all of them. Not inside of `write`: on SQLite it would wait
    /// for itself.
    pub fn draw_id(&self) -> Result<i64> {
        let mut next = locked(&self.next_id);
        let (block, n) = match *next {
            Some((block, n)) if n < u32::MAX => (block, n),
            _ => (self.draw_block()?, 0),
        };
        *next = Some((block, n + 1));
        Ok(block.id(n))
    }

    /// Draws a block of 2^32 ids, in a transaction of its own.
    pub fn draw_block(&self) -> Result<Block> {
        self.write(|tx| {
            let sql = "UPDATE installation SET next_block = next_block + 1 WHERE one = 1 RETURNING next_block - 1";
            let row = tx.query_one(sql, &[])?.ok_or_else(|| StoreError::Corrupt("no installation row".to_owned()))?;
            Ok(Block(row.int(0)?))
        })
    }
}

/// The connection of a run.
pub(crate) enum RunConn<'s> {
    Shared(FairMutexGuard<'s, Conn>),
    Own(Box<Conn>),
}

impl RunConn<'_> {
    pub(crate) fn get(&mut self) -> &mut Conn {
        match self {
            Self::Shared(conn) => conn,
            Self::Own(conn) => conn,
        }
    }
}

/// A panic elsewhere cannot leave a connection half way: its transaction was rolled back when it unwound.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
