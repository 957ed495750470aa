//! The tables, written once with type tokens and rendered for either database, and the numbered, forward-only list of
//! migrations. A migration that was released is never edited; its checksum is verified at every start.

use sha2::{Digest, Sha256};

use crate::db::{Conn, Query, Tx};
use crate::error::{Result, StoreError};
use crate::value::Value;

/// Which database a text is rendered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

struct Migration {
    number: i64,
    name: &'static str,
    template: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "imports", template: include_str!("migrations/0001_imports.sql") },
    Migration { number: 2, name: "room for updates", template: include_str!("migrations/0002_room_for_updates.sql") },
    Migration { number: 3, name: "secondary keys", template: include_str!("migrations/0003_secondary_keys.sql") },
    Migration { number: 4, name: "also at", template: include_str!("migrations/0004_also_at.sql") },
    Migration { number: 5, name: "tokens", template: include_str!("migrations/0005_tokens.sql") },
    Migration { number: 6, name: "access", template: include_str!("migrations/0006_access.sql") },
    Migration { number: 7, name: "drafts", template: include_str!("migrations/0007_drafts.sql") },
    Migration { number: 8, name: "removed files", template: include_str!("migrations/0008_removed_files.sql") },
    Migration { number: 9, name: "resources", template: include_str!("migrations/0009_resources.sql") },
];

/// The statements of every migration, rendered.
pub fn rendered(dialect: Dialect) -> String {
    MIGRATIONS.iter().map(|m| render(m.template, dialect)).collect()
}

fn render(template: &str, dialect: Dialect) -> String {
    let tokens: &[(&str, &str, &str)] = &[
        ("{id}", "INTEGER", "BIGINT"),
        ("{int}", "INTEGER", "BIGINT"),
        ("{time}", "INTEGER", "BIGINT"),
        ("{code}", "INTEGER", "SMALLINT"),
        ("{flag}", "INTEGER", "SMALLINT"),
        ("{text}", "TEXT", "TEXT"),
        ("{key}", "TEXT", "TEXT COLLATE \"C\""),
        ("{json}", "TEXT", "JSONB"),
        ("{bytes}", "BLOB", "BYTEA"),
        // STRICT refuses a value of another type; rows in the order of their key are read in that order.
        ("{rowid}", "STRICT", ""),
        ("{clustered}", "STRICT, WITHOUT ROWID", ""),
        // SQLite: the row's own number, which is unique without the workspace.
        ("{person_key}", "PRIMARY KEY (id)", "PRIMARY KEY (id, workspace_id)"),
        ("{postgres_only}", "-- ", ""),
    ];
    tokens.iter().fold(template.to_owned(), |sql, (token, sqlite, postgres)| {
        sql.replace(token, if dialect == Dialect::Sqlite { sqlite } else { postgres })
    })
}

/// The newest migration this binary knows.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |m| m.number)
}

/// Where a database stands: the migrations it has, verified.
pub(crate) fn applied(query: &mut impl Query, dialect: Dialect) -> Result<i64> {
    if !has_migrations(query, dialect)? {
        return Ok(0);
    }
    let rows = query.query("SELECT number, checksum FROM migration ORDER BY number", &[])?;
    let mut newest_applied = 0;
    for row in &rows {
        newest_applied = row.int(0)?;
        let Some(known) = MIGRATIONS.iter().find(|m| m.number == newest_applied) else {
            return Err(StoreError::Schema(format!(
                "the database was made by a newer Convoke (migration {newest_applied}; this one knows {}): upgrade",
                newest()
            )));
        };
        if checksum(known) != row.bytes(1)? {
            return Err(StoreError::Schema(format!("migration {newest_applied} is not the one that was applied")));
        }
    }
    Ok(newest_applied)
}

fn has_migrations(query: &mut impl Query, dialect: Dialect) -> Result<bool> {
    let sql = match dialect {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = 'migration'",
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_tables WHERE tablename = 'migration' AND schemaname = current_schema()"
        }
    };
    Ok(query.query_one(sql, &[])?.map_or(Ok(0), |row| row.int(0))? > 0)
}

/// Brings a database to the newest migration, under a lock. Gives the numbers that were applied.
pub(crate) fn migrate(conn: &mut Conn, dialect: Dialect, clock: fn() -> i64) -> Result<Vec<i64>> {
    let mut tx = Tx::begin(conn, clock)?;
    if dialect == Dialect::Postgres {
        // SQLite: the transaction itself is exclusive.
        tx.query("SELECT 1 FROM pg_advisory_xact_lock(4365788)", &[])?;
    }
    let from = applied(&mut tx, dialect)?;
    let mut done = Vec::new();
    for migration in MIGRATIONS.iter().filter(|m| m.number > from) {
        tx.conn.batch(&render(migration.template, dialect))?;
        let now = tx.now;
        tx.execute(
            "INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
            &[migration.number.into(), migration.name.into(), Value::Bytes(&checksum(migration)), now.into()],
        )?;
        done.push(migration.number);
    }
    tx.commit()?;
    Ok(done)
}

fn checksum(migration: &Migration) -> Vec<u8> {
    Sha256::digest(migration.template).to_vec()
}
