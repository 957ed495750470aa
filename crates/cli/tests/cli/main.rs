//! The real executable in a folder of its own: what it prints, what it leaves, how it ends. Nothing of the tests'
//! environment reaches it.

mod access;
mod any_file;
mod backup;
mod configuration;
mod corpora;
mod directory;
mod drafts;
mod frictionless;
mod imports;
mod oidc;
mod operating;
mod place;
mod postgres;
mod processes;
mod refusals;
mod remote;
mod round_trips;
mod server;
mod serving;
mod workbooks;
