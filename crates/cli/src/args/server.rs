//! `serve` and `token`.

use std::net::SocketAddr;

use clap::{Args, Subcommand};
use convoke_app::people::id::TokenId;
use convoke_app::tokens::Scope;

/// What `serve` takes.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on; with port 0 the system chooses one [env: CONVOKE_LISTEN] [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// How others reach the server: what links begin with [env: CONVOKE_PUBLIC_URL]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    #[command(flatten)]
    workers: WorkersArg,
}

/// What `worker` takes.
#[derive(Args, Debug)]
pub(crate) struct WorkerArgs {
    /// Address and port where /health, /ready and /metrics are answered [default: nowhere]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    #[command(flatten)]
    workers: WorkersArg,
}

#[derive(Args, Debug)]
struct WorkersArg {
    /// Imports run at once [env: CONVOKE_WORKERS] [default: 1 on SQLite; on PostgreSQL the processors, up to 4]
    #[arg(long, value_name = "N")]
    workers: Option<u32>,
}

impl WorkersArg {
    fn flag(&self) -> (&'static str, Option<String>) {
        ("workers", self.workers.map(|workers| workers.to_string()))
    }
}

impl ServeArgs {
    /// What was typed, by the keys of settings.
    pub(crate) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        let listen = ("listen", self.listen.map(|address| address.to_string()));
        vec![listen, ("public_url", self.public_url.clone()), self.workers.flag()]
    }
}

impl WorkerArgs {
    /// The same; its address is not the server's.
    pub(crate) fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        vec![self.workers.flag()]
    }
}

/// What can be done with API tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token; it is shown once
    Create {
        /// What it is for, as the history names it
        name: String,
        /// What it may do: read, import (repeatable) [default: both]
        #[arg(long, value_name = "SCOPE", value_parser = scope)]
        scope: Vec<Scope>,
        /// Days until it ends [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
        expires: Option<u32>,
    },
    /// All tokens, without their secrets
    List,
    /// Let nobody use a token any more
    Revoke {
        /// tok_...
        id: TokenId,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| "it is read or import".to_owned())
}
