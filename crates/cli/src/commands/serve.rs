//! `serve`: the API on an address, and workers beside it; `worker`: workers alone. Both until they are asked to end.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use convoke_app::imports::Texts;
use convoke_app::outside::oidc::{OidcSettings, Provider};
use convoke_app::store::Address;
use convoke_app::worker::PER_WORKSPACE;
use convoke_app::{Error, Installation};
use convoke_server::log::{self, Format};
use convoke_server::{RequestIds, Settings, WorkerSettings, Workers};

use super::DONE;
use crate::args::{Global, WorkerArgs};
use crate::{memory, open, output};

/// Workers of a process, if nobody says: more need more of the database than they bring.
const MOST_BY_ITSELF: usize = 4;

pub(super) fn run(global: &Global) -> Result<u8> {
    memory::give_back_at_once();
    begin_log(global);
    let installation = installation(global)?;
    let first_owner = installation.offer_first_owner(open::chance)?;
    let public_url = global.settings.text("public_url").map(str::to_owned);
    let base = public_url.clone();
    let ready = |addresses: &[SocketAddr]| {
        let (api, measures) = (addresses.first(), addresses.get(1));
        say(global, &api.map(|address| format!("Convoke listens on http://{address}")).unwrap_or_default());
        if let Some(address) = measures {
            say(global, &format!("Measures are at http://{address}/metrics"));
        }
        if let (Some(secret), Some(address)) = (&first_owner, api) {
            let base = base.unwrap_or_else(|| format!("http://{address}"));
            say(
                global,
                "Nobody can sign in yet. This makes the first owner, once, within 24 hours (docs/guide/members.md):",
            );
            say(global, &format!("{base}/first-owner#{secret}"));
        }
    };
    let settings = Settings {
        listen: global.settings.listen(),
        metrics: global.settings.get("metrics.listen"),
        installation,
        workers: workers(global)?,
        public_url,
        is_behind_proxy: global.settings.text("behind_proxy") == Some("true"),
        chance: open::chance,
        provider: provider(global)?,
        request_ids: RequestIds::new(getrandom::u64().context("the system gives no random bytes")?),
    };
    convoke_server::serve(settings, ready).map_err(|why| cannot_listen(&why))?;
    Ok(DONE)
}

pub(super) fn work(global: &Global, args: &WorkerArgs) -> Result<u8> {
    if let Address::Sqlite(_) = open::address(global)? {
        let message = "A SQLite database has one process that writes, and workers inside it";
        return Err(Error::usage(message, "Start convoke serve; convoke worker is for PostgreSQL.").into());
    }
    memory::give_back_at_once();
    begin_log(global);
    let ready = |addresses: &[SocketAddr]| match addresses.first() {
        Some(address) => say(global, &format!("Convoke works, and listens on http://{address}")),
        None => say(global, "Convoke works"),
    };
    let installation = installation(global)?;
    let settings = WorkerSettings { listen: args.listen, installation, workers: workers(global)? };
    convoke_server::work(settings, ready).map_err(|why| cannot_listen(&why))?;
    Ok(DONE)
}

/// What is served or worked on.
fn installation(global: &Global) -> Result<Installation> {
    // The first workspace is made on first use.
    let workspace = open::to_serve(global)?;
    let installation = Installation {
        store: Arc::clone(&workspace.store),
        files: workspace.files.clone(),
        limits: workspace.limits.clone(),
        workbooks: open::workbooks()?,
        texts: Texts::default(),
    };
    installation.forget_the_dead()?;
    Ok(installation)
}

fn workers(global: &Global) -> Result<Workers> {
    let by_itself = match open::address(global)? {
        Address::Sqlite(_) => 1,
        Address::Postgres(_) => std::thread::available_parallelism().map_or(1, usize::from).min(MOST_BY_ITSELF),
    };
    let settings = &global.settings;
    Ok(Workers {
        threads: settings.get("workers").unwrap_or(by_itself),
        per_workspace: settings.get("imports_per_workspace").unwrap_or(PER_WORKSPACE),
    })
}

fn format(global: &Global) -> Format {
    global.settings.text("log.format").and_then(Format::parse).unwrap_or_default()
}

fn begin_log(global: &Global) {
    log::begin(format(global), global.settings.text("log.level").unwrap_or("info"));
}

/// Whoever reads objects gets nothing else.
fn say(global: &Global, sentence: &str) {
    match format(global) {
        Format::Text => output::say(sentence),
        Format::Json => log::say(sentence),
    }
}

fn cannot_listen(why: &std::io::Error) -> Error {
    Error::usage(
        format!("Cannot listen on {why}"),
        "End what listens there, or choose another address: --listen ADDRESS:PORT.",
    )
}

/// The provider that signs members in, if one is said; that all of it is said the settings have seen to.
fn provider(global: &Global) -> Result<Option<Provider>> {
    let text = |key: &str| global.settings.text(key).map(str::to_owned);
    let (Some(issuer), Some(client_id)) = (text("oidc.issuer"), text("oidc.client_id")) else { return Ok(None) };
    let client_secret = text("oidc.client_secret").unwrap_or_default();
    Ok(Some(Provider::new(OidcSettings { issuer, client_id, client_secret })?))
}
