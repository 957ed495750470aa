//! Everything the product does: imports and dry runs, their files and reports, the directory of people, groups, fields,
//! tags, mappings, members and their sign-in, tokens, audit, backup, reading of workbooks, and the worker that runs what waits. No SQL text, no HTTP server types.

mod actor;
pub mod audit;
pub mod backup;
pub mod crash;
pub mod directory;
mod error;
mod files;
pub mod imports;
mod installation;
pub mod janitor;
pub mod joining;
pub mod members;
pub mod mistakes;
pub mod once;
pub mod outside;
pub mod passwords;
pub mod permissions;
pub mod retention;
mod secrets;
pub mod sessions;
pub mod sign_in;
mod states;
pub mod tokens;
pub mod workbooks;
pub mod worker;
mod workspace;
pub mod workspaces;

pub use actor::{Actor, Who};
pub use convoke_people as people;
pub use convoke_pipeline as pipeline;
pub use convoke_store as store;
pub use error::{Error, Hindrance, Result};
pub use files::{BlockReader, Files, Found, Stored};
pub use installation::{Installation, Part};
pub use secrets::{Chance, SECRET_BYTES};
pub use states::{Event, next as next_state, transition_table};
pub use workspace::{Limits, Workspace, WorkspaceChoice};
