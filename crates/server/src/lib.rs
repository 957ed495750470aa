//! The HTTP API: requests in, answers out. No SQL and no decisions of the product; what is asked is done by `app`, on
//! threads where it may wait.

mod access;
mod address;
mod audit;
mod blocking;
mod body;
mod document;
mod drafts;
mod files;
mod health;
mod imports;
mod joining;
pub mod log;
mod measures;
mod members;
mod oidc;
mod options;
mod problem;
mod progress;
mod requests;
mod routes;
mod serve;
mod sessions;
mod tokens;
mod uploading;
mod work;
mod workspaces;

pub use document::document;
pub use requests::RequestIds;
pub use serve::{Settings, WorkerSettings, serve, work};
pub use work::Workers;
