//! The HTTP API: requests in, answers out. No SQL and no decisions of the product; what is asked is done by `app`, on
//! threads where it may wait.

mod access;
mod address;
mod blocking;
mod conditions;
mod docs;
mod document;
mod drafts;
mod fields;
mod files;
mod groups;
mod health;
mod imports;
mod listing;
mod log;
mod mappings;
mod once;
mod options;
mod people;
mod problem;
mod progress;
mod rate;
mod routes;
mod sent;
mod serve;
mod tags;
mod uploading;
mod work;

pub use document::document;
pub use serve::{Settings, serve};
