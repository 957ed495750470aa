//! PostgreSQL: statements prepared once a connection, and binary COPY for rows in bulk.

use std::collections::HashMap;
use std::io::Write;

use postgres::types::ToSql;
use postgres::{Client, Statement};

use super::target::Target;
use crate::error::{Result, StoreError};
use crate::value::{Cell, JSONB_VERSION, Row, Value};

pub(crate) struct PgConn {
    pub(crate) client: Client,
    statements: HashMap<String, Statement>,
}

impl PgConn {
    /// Connects under `name`, by which a later claim can end this session.
    pub(crate) fn open(target: &Target, name: &str) -> Result<Self> {
        let mut client = target.connect(name)?;
        // Generic plans of the look-up would be made before there are statistics, and kept. A client
        // frozen inside a transaction must not keep its locks for ever.
        client.batch_execute(
            "SET plan_cache_mode=force_custom_plan; SET idle_in_transaction_session_timeout='10s';
             SET lock_timeout='5s'; SET default_transaction_isolation='read committed'; SET client_min_messages=warning",
        )?;
        Ok(Self { client, statements: HashMap::new() })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let params: Vec<_> = params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        self.query_raw(sql, &params)?.iter().map(to_row).collect()
    }

    /// For parameters that are arrays.
    pub(crate) fn query_raw(&mut self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<postgres::Row>> {
        let statement = self.prepare(sql)?;
        Ok(self.client.query(&statement, params)?)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        let params: Vec<_> = params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        self.execute_raw(sql, &params)
    }

    pub(crate) fn execute_raw(&mut self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        Ok(self.client.execute(&statement, params)?)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// Sends rows by binary COPY as `write` makes them; `columns` is a table with its columns: `person (id, ...)`.
    pub(crate) fn copy(
        &mut self,
        columns: &str,
        write: impl FnOnce(&mut CopyRows<'_>) -> std::io::Result<()>,
    ) -> Result<()> {
        let broken = |e: std::io::Error| match e.downcast::<postgres::Error>() {
            Ok(error) => StoreError::from(error),
            Err(error) => StoreError::Unavailable(error.to_string()),
        };
        let writer = self.client.copy_in(&format!("COPY {columns} FROM STDIN BINARY"))?;
        let mut rows = CopyRows::new(writer);
        write(&mut rows).map_err(broken)?;
        rows.finish().map_err(broken)?.finish()?;
        Ok(())
    }
}

pub(crate) fn to_row(row: &postgres::Row) -> Result<Row> {
    let cells: std::result::Result<Vec<Cell>, _> = (0..row.len()).map(|column| row.try_get(column)).collect();
    Ok(Row(cells?))
}

/// Rows in PostgreSQL's binary COPY form, sent while they are made: the server works on the first when the last are
/// not written yet.
pub(crate) struct CopyRows<'c> {
    data: Vec<u8>,
    writer: postgres::CopyInWriter<'c>,
}

/// Bytes sent at once.
const SEND_BYTES: usize = 64 << 10;

impl<'c> CopyRows<'c> {
    fn new(writer: postgres::CopyInWriter<'c>) -> Self {
        let mut data = Vec::with_capacity(2 * SEND_BYTES);
        data.extend_from_slice(b"PGCOPY\n\xff\r\n\0");
        data.extend_from_slice(&[0; 8]);
        Self { data, writer }
    }

    pub(crate) fn row(&mut self, columns: i16) -> std::io::Result<()> {
        if self.data.len() >= SEND_BYTES {
            self.writer.write_all(&self.data)?;
            self.data.clear();
        }
        self.data.extend_from_slice(&columns.to_be_bytes());
        Ok(())
    }

    pub(crate) fn null(&mut self) {
        self.data.extend_from_slice(&(-1i32).to_be_bytes());
    }

    pub(crate) fn bigint(&mut self, value: i64) {
        self.data.extend_from_slice(&8i32.to_be_bytes());
        self.data.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn smallint(&mut self, value: i16) {
        self.data.extend_from_slice(&2i32.to_be_bytes());
        self.data.extend_from_slice(&value.to_be_bytes());
    }

    pub(crate) fn text(&mut self, value: Option<&str>) {
        let Some(value) = value else { return self.null() };
        self.data.extend_from_slice(&(value.len() as i32).to_be_bytes());
        self.data.extend_from_slice(value.as_bytes());
    }

    pub(crate) fn jsonb(&mut self, value: Option<&str>) {
        let Some(value) = value else { return self.null() };
        self.data.extend_from_slice(&(value.len() as i32 + 1).to_be_bytes());
        self.data.push(JSONB_VERSION);
        self.data.extend_from_slice(value.as_bytes());
    }

    fn finish(mut self) -> std::io::Result<postgres::CopyInWriter<'c>> {
        self.data.extend_from_slice(&(-1i16).to_be_bytes());
        self.writer.write_all(&self.data)?;
        Ok(self.writer)
    }
}
