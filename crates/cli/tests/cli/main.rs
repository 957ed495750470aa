//! The real executable in a folder of its own: what it prints, what it leaves, how it ends. Nothing of the tests'
//! environment reaches it.

mod access;
mod answers;
mod any_file;
mod backup;
mod column_values;
mod configuration;
mod corpora;
mod directory;
mod drafts;
mod frictionless;
mod idempotency;
mod imports;
mod matrix;
mod oidc;
mod operating;
mod pages;
mod place;
mod postgres;
mod processes;
mod readme;
mod refusals;
mod remote;
mod resources;
mod round_trips;
mod schemathesis;
mod server;
mod serving;
mod workbooks;
mod workspace;
