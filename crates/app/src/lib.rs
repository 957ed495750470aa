//! Everything the product does: imports and dry runs, their files and reports, the directory of people, groups, fields,
//! tags, mappings, tokens, backup, reading of workbooks, and the worker that runs what waits. No SQL text, no HTTP types.

pub mod backup;
pub mod crash;
pub mod directory;
mod error;
mod files;
pub mod imports;
mod installation;
pub mod once;
mod states;
pub mod tokens;
pub mod workbooks;
pub mod worker;
mod workspace;

pub use convoke_people as people;
pub use convoke_pipeline as pipeline;
pub use convoke_store as store;
pub use error::{Error, Hindrance, Result};
pub use files::Files;
pub use installation::Installation;
pub use states::{Event, next as next_state, transition_table};
pub use workspace::{Limits, Workspace, WorkspaceChoice};
