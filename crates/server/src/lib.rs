//! The HTTP API: requests in, answers out. No SQL and no decisions of the product; what is asked is done by `app`, on
//! threads where it may wait.

mod access;
mod address;
mod audit;
mod blocking;
mod conditions;
mod docs;
mod document;
mod drafts;
mod fields;
mod files;
mod follow_ups;
mod groups;
mod health;
mod imports;
mod joining;
mod listing;
pub mod log;
mod mappings;
mod measures;
mod members;
mod oidc;
mod once;
mod options;
mod pages;
mod people;
mod problem;
mod progress;
mod rate;
mod requests;
mod routes;
mod sent;
mod serve;
mod sessions;
mod tags;
mod tokens;
mod uploading;
mod work;
mod workspaces;

pub use document::document;
pub use requests::RequestIds;
pub use serve::{Settings, WorkerSettings, serve, work};
pub use work::Workers;
