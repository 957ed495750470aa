//! How often somebody tried to sign in of late. A try is booked before it is judged, so that many at once count as many.

use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};

/// Tries of one subject: an account or a client's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    pub failures: i64,
    /// UTC microseconds: not before that.
    pub free_at: i64,
}

/// The tries of a subject.
pub fn tries_of(query: &mut impl Query, subject: &str) -> Result<Tries> {
    let sql = "SELECT failures, free_at FROM sign_in_try WHERE subject = $1";
    let row = query.query_one(sql, &[subject.into()])?;
    row.map_or(Ok(Tries::default()), |row| Ok(Tries { failures: row.int(0)?, free_at: row.int(1)? }))
}

/// Books a try over what was seen. [`StoreError::Stale`]: another one was booked meanwhile.
pub fn book_try(tx: &mut Tx<'_>, subject: &str, seen: Tries, next: Tries, now: i64) -> Result<()> {
    let changed = tx.execute(
        "INSERT INTO sign_in_try (subject, failures, last_at, free_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, \
         free_at = excluded.free_at WHERE sign_in_try.failures = $5 AND sign_in_try.free_at = $6",
        &[
            subject.into(),
            next.failures.into(),
            now.into(),
            next.free_at.into(),
            seen.failures.into(),
            seen.free_at.into(),
        ],
    )?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Forgets the tries of a subject that has signed in.
pub fn forget_tries(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    tx.execute("DELETE FROM sign_in_try WHERE subject = $1", &[subject.into()])?;
    Ok(())
}

/// Takes one try back that was none after all.
pub fn forgive_try(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    let sql = "UPDATE sign_in_try SET failures = failures - 1, free_at = 0 WHERE subject = $1 AND failures > 0";
    tx.execute(sql, &[subject.into()])?;
    Ok(())
}

/// Forgets tries that are long ago.
pub fn forget_tries_before(tx: &mut Tx<'_>, time: i64) -> Result<()> {
    tx.execute("DELETE FROM sign_in_try WHERE last_at < $1", &[time.into()])?;
    Ok(())
}
