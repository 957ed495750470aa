//! `serve`: the API on an address, and the worker beside it, until it is asked to end.

use std::sync::Arc;

use anyhow::Result;
use convoke_app::{Error, Files, Installation};
use convoke_server::Settings;

use super::DONE;
use crate::args::Global;
use crate::{open, output};

pub(super) fn run(global: &Global) -> Result<u8> {
    // The first workspace is made on first use.
    let workspace = open::to_serve(global)?;
    let has_tokens = !workspace.tokens()?.is_empty();
    let installation = Installation {
        store: Arc::clone(&workspace.store),
        files: Files::new(workspace.files.root()),
        limits: workspace.limits.clone(),
        workbooks: open::workbooks()?,
    };
    drop(workspace);
    let ready = |address| {
        output::say(&format!("Convoke listens on http://{address}"));
        if !has_tokens {
            let command = open::command(global, "token create NAME");
            output::say(&format!("Nobody may ask it anything yet. End it, make a token and start it again: {command}"));
        }
    };
    let listen = global.settings.listen();
    convoke_server::serve(Settings { listen, installation }, ready).map_err(|why| {
        Error::usage(
            format!("Cannot listen on {listen}: {why}"),
            "End what listens there, or choose another address: --listen ADDRESS:PORT.",
        )
    })?;
    Ok(DONE)
}
