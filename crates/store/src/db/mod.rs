//! A connection to either database under one small interface: the SQL is written once, with `$1`, and what really
//! differs stands in `sqlite.rs` and `postgres.rs` as named operations.

pub(crate) mod postgres;
pub(crate) mod sqlite;
pub(crate) mod target;

use crate::error::Result;
use crate::schema::Dialect;
use crate::value::{Row, Value};

/// A connection.
pub(crate) enum Conn {
    Sqlite(sqlite::SqliteConn),
    Postgres(Box<postgres::PgConn>),
}

impl Conn {
    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(conn) => conn.query(sql, params),
            Self::Postgres(conn) => conn.query(sql, params),
        }
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        match self {
            Self::Sqlite(conn) => conn.execute(sql, params),
            Self::Postgres(conn) => conn.execute(sql, params),
        }
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(conn) => conn.batch(sql),
            Self::Postgres(conn) => conn.batch(sql),
        }
    }

    fn begin(&mut self) -> Result<()> {
        match self {
            // A deferred transaction that turns into a writer late fails at once, whatever the time-out.
            Self::Sqlite(conn) => conn.batch("BEGIN IMMEDIATE"),
            Self::Postgres(conn) => conn.batch("BEGIN"),
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(conn) => conn.is_closed(),
        }
    }
}

/// A transaction that writes. Dropped before it is committed it changes nothing.
pub struct Tx<'c> {
    pub(crate) conn: &'c mut Conn,
    /// UTC microseconds, read once: PostgreSQL's clock, or the process's for SQLite.
    pub now: i64,
    open: bool,
    process_clock: fn() -> i64,
}

impl<'c> Tx<'c> {
    pub(crate) fn begin(conn: &'c mut Conn, clock: fn() -> i64) -> Result<Self> {
        conn.begin()?;
        let mut tx = Self { conn, now: 0, open: true, process_clock: clock };
        tx.now = tx.clock()?;
        Ok(tx)
    }

    /// The time now: PostgreSQL's, or the process's for SQLite.
    pub(crate) fn clock(&mut self) -> Result<i64> {
        match self.conn {
            Conn::Sqlite(_) => Ok((self.process_clock)()),
            Conn::Postgres(_) => {
                let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
                self.query(sql, &[])?.first().map_or(Ok(0), |row| row.int(0))
            }
        }
    }

    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.conn.query(sql, params)
    }

    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        self.conn.execute(sql, params)
    }

    /// Marks a place inside the transaction to come back to.
    pub fn savepoint(&mut self) -> Result<()> {
        self.conn.batch("SAVEPOINT one_row")
    }

    pub fn release_savepoint(&mut self) -> Result<()> {
        self.conn.batch("RELEASE SAVEPOINT one_row")
    }

    pub fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.conn.batch("ROLLBACK TO SAVEPOINT one_row; RELEASE SAVEPOINT one_row")
    }

    pub(crate) fn commit(mut self) -> Result<()> {
        self.open = false;
        let outcome = self.conn.batch("COMMIT");
        if outcome.is_err() {
            // SQLite keeps a transaction open whose commit failed (disk full); without this nothing could begin anew.
            let _ = self.conn.batch("ROLLBACK");
        }
        outcome
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.open {
            let _ = self.conn.batch("ROLLBACK");
        }
    }
}

/// A connection that only reads.
pub struct Reader<'c> {
    pub(crate) conn: &'c mut Conn,
}

impl Reader<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            Conn::Postgres(_) => Dialect::Postgres,
        }
    }

    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.conn.query(sql, params)
    }
}

/// What reads: a reader, or a transaction.
pub trait Query {
    fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>>;

    /// The only row, if there is one.
    fn query_one(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }
}

impl Query for Tx<'_> {
    fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.conn.query(sql, params)
    }
}

impl Query for Reader<'_> {
    fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        self.conn.query(sql, params)
    }
}
