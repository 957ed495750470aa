//! What the store promises, each promise on SQLite and on PostgreSQL.

mod answers;
mod databases;
mod distribution;
mod drafts;
mod encryption;
mod fences;
mod plans;
mod requests;
mod schema;
