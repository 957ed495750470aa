//! Commands on a server (`--server`), by its API: what is done, is done there, and goes on if this process ends.

mod client;
mod imports;
mod words;

use anyhow::Result;
use convoke_app::Error;
use convoke_app::store::imports::ImportKind;

pub(crate) use client::Refusal;

use crate::args::{Command, Global};

/// Done.
const DONE: u8 = 0;

/// Does what was typed on a server.
pub(crate) fn run(global: &Global, command: &Command, server: &str) -> Result<u8> {
    let client = client::Client::of(global, server)?;
    match command {
        Command::Check(args) => imports::run(global, &client, args, ImportKind::DryRun),
        Command::Import(args) => imports::run(global, &client, args, ImportKind::Import),
        Command::Imports(command) => imports::history(global, &client, command),
        _ => Err(Error::usage(
            "This command works on a database, not on a server",
            "Leave out --server (and CONVOKE_SERVER), and say --db.",
        )
        .into()),
    }
}
