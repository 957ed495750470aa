//! All of the SQL, for SQLite and PostgreSQL: tables, look-ups, the chunk commit, jobs. No HTTP, no file formats, no
//! decisions of the product.

mod db;
mod error;
mod places;
mod schema;
mod store;
mod value;

pub mod accounts_elsewhere;
pub mod answers;
pub mod audit;
pub mod belongings;
pub mod committing;
pub mod corrections;
pub mod drafts;
pub mod imports;
pub mod job_counts;
pub mod jobs;
pub mod matching;
pub mod people;
mod person_rows;
pub mod requests;
pub mod secondary_keys;

pub mod expiry;
pub mod fields;
pub mod groups;
pub mod mappings;
pub mod member_invitations;
pub mod members;
pub mod memberships;
pub mod named;
pub mod sessions;
pub mod sign_in_tries;
pub mod tags;
pub mod tokens;
pub mod uploads;
pub mod workspaces;

pub use db::{Query, Reader, Tx};
pub use error::{Result, StoreError};
pub use schema::{Dialect, rendered as rendered_schema};
pub use store::{Access, Address, Store};
pub use value::{Cell, Row, Value};
