//! `serve`: the API on an address, and the worker beside it, until it is asked to end.

use std::sync::Arc;

use anyhow::Result;
use convoke_app::outside::oidc::{OidcSettings, Provider};
use convoke_app::{Error, Files, Installation};
use convoke_server::Settings;

use super::DONE;
use crate::args::{Global, ServeArgs};
use crate::{open, output};

pub(super) fn run(global: &Global, args: &ServeArgs) -> Result<u8> {
    // The first workspace is made on first use.
    let workspace = open::to_serve(global)?;
    let installation = Installation {
        store: Arc::clone(&workspace.store),
        files: Files::new(workspace.files.root()),
        limits: workspace.limits.clone(),
        workbooks: open::workbooks()?,
    };
    drop(workspace);
    let first_owner = installation.offer_first_owner(open::chance)?;
    let public_url = args.public_url.clone();
    let ready = |address| {
        output::say(&format!("Convoke listens on http://{address}"));
        if let Some(secret) = &first_owner {
            let base = public_url.clone().unwrap_or_else(|| format!("http://{address}"));
            output::say("Nobody can sign in yet. This link makes the first owner; it is good once, for 24 hours:");
            output::say(&format!("{base}/first-owner#{secret}"));
        }
    };
    let settings = Settings {
        listen: args.listen,
        installation,
        public_url: public_url.clone(),
        is_behind_proxy: args.behind_proxy,
        chance: open::chance,
        provider: provider(args)?,
    };
    convoke_server::serve(settings, ready).map_err(|why| {
        Error::usage(
            format!("Cannot listen on {}: {why}", args.listen),
            "End what listens there, or choose another address: --listen ADDRESS:PORT.",
        )
    })?;
    Ok(DONE)
}

/// The provider that signs members in, if one is said: all three or none.
fn provider(args: &ServeArgs) -> Result<Option<Provider>> {
    match (&args.oidc_issuer, &args.oidc_client_id, &args.oidc_client_secret) {
        (None, None, None) => Ok(None),
        (Some(issuer), Some(client_id), Some(client_secret)) => {
            let (issuer, client_id) = (issuer.clone(), client_id.clone());
            Ok(Some(Provider::new(OidcSettings { issuer, client_id, client_secret: client_secret.clone() })?))
        }
        _ => Err(Error::usage(
            "A provider of OpenID Connect is said by three settings, and one of them is missing",
            "Set CONVOKE_OIDC_ISSUER, CONVOKE_OIDC_CLIENT_ID and CONVOKE_OIDC_CLIENT_SECRET, or none of them.",
        )
        .into()),
    }
}
