//! SQLite: one file, one writer behind a lock file, WAL with synchronous=FULL so that what was confirmed is on disk.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Result, StoreError};
use crate::value::{Cell, Row, Value};

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Larger pages mean fewer index pages rewritten per commit; the log is emptied every 64 MB of them.
const WRITER: &str = "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
    PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;";
const READER: &str = "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;";

/// Page cache of a reader, and of one that looks up the people of an import.
pub(crate) const READER_CACHE_KIB: u32 = 8 << 10;
pub(crate) const LOOK_UP_CACHE_KIB: u32 = 64 << 10;

/// What makes every letter small in readers' questions; SQLite's own `lower` knows ASCII only.
pub(crate) const LOWER: &str = "convoke_lower";

pub(crate) struct SqliteConn {
    pub(crate) conn: Connection,
}

impl SqliteConn {
    pub(crate) fn open_writer(path: &Path) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.set_prepared_statement_cache_capacity(128);
        conn.execute_batch(WRITER)?;
        Ok(Self { conn })
    }

    /// `cache_kib`: a look-up that goes over the whole index wants more than a page of a list.
    pub(crate) fn open_reader(path: &Path, cache_kib: u32) -> Result<Self> {
        // Not SQLITE_OPEN_READ_ONLY: a reader of a WAL database must be able to make its shared-memory file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.execute_batch(&format!("{READER} PRAGMA cache_size=-{cache_kib};"))?;
        conn.create_scalar_function(
            LOWER,
            1,
            FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
            |call| Ok(call.get_raw(0).as_str_or_null()?.map(str::to_lowercase)),
        )?;
        Ok(Self { conn })
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let mut statement = self.conn.prepare_cached(&numbered(sql))?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells: rusqlite::Result<Vec<Cell>> = (0..columns).map(|column| row.get(column)).collect();
            found.push(Row(cells?));
        }
        Ok(found)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        let mut statement = self.conn.prepare_cached(&numbered(sql))?;
        Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.conn.execute_batch(sql)?)
    }
}

/// `$2, $1` -> `?2, ?1`: SQLite reads `$n` as a name and numbers names by first appearance.
pub(crate) fn numbered(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut text = sql.to_owned();
    for (at, _) in sql.match_indices('$') {
        if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            text.replace_range(at..=at, "?");
        }
    }
    text
}

/// The lock that guards the one writing process of a database file.
#[derive(Debug)]
pub(crate) struct WriterLock {
    file: File,
}

impl Drop for WriterLock {
    /// Not left to the closing of the file: a process that is being started this moment still holds a copy of it.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl WriterLock {
    pub(crate) fn path(database: &Path) -> PathBuf {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        path.into()
    }

    pub(crate) fn take(database: &Path) -> Result<Self> {
        let path = Self::path(database);
        let unavailable = |e: std::io::Error| StoreError::Unavailable(format!("{}: {e}", path.display()));
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let file = file.as_mut().map_err(|e| unavailable(std::io::Error::new(e.kind(), e.to_string())))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                let _ = file.read_to_string(&mut owner);
                return Err(StoreError::Locked(format!(
                    "another Convoke process{} is writing to {}; one SQLite file has one writer. Wait until it has \
                     ended, or use PostgreSQL",
                    if owner.trim().is_empty() { String::new() } else { format!(" (number {})", owner.trim()) },
                    database.display()
                )));
            }
            Err(TryLockError::Error(e)) => return Err(unavailable(e)),
        }
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { file: file.try_clone().map_err(unavailable)? })
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn parameters_keep_their_numbers() {
        assert_eq!(numbered("a=$2 AND b=$1 AND c='$x' AND d=$10"), "a=?2 AND b=?1 AND c='$x' AND d=?10");
    }
}
