//! `token create|list|revoke`.

use anyhow::{Context, Result};
use convoke_app::imports::shapes::rfc3339;
use convoke_app::tokens::{SECRET_BYTES, Scope};
use serde_json::json;

use super::DONE;
use crate::args::{Global, TokenCommand};
use crate::print::numbers::moment;
use crate::print::table;
use crate::{open, output, print};

const DAY_MICROS: i64 = 86_400_000_000;

pub(super) fn run(global: &Global, command: &TokenCommand) -> Result<u8> {
    match command {
        TokenCommand::Create { name, scope, expires } => create(global, name, scope, *expires)?,
        TokenCommand::List => list(global)?,
        TokenCommand::Revoke { id } => {
            open::to_write(global, None)?.revoke_token(*id)?;
            output::say(&format!("Token {id} is revoked."));
        }
    }
    Ok(DONE)
}

fn create(global: &Global, name: &str, scopes: &[Scope], days: Option<u32>) -> Result<()> {
    let workspace = open::to_write(global, None)?;
    let scopes = if scopes.is_empty() { &Scope::ALL[..] } else { scopes };
    let expires_at = days.map(|days| open::now() + i64::from(days) * DAY_MICROS);
    let (id, secret) = workspace.make_token(name, scopes, expires_at, &chance()?)?;
    if global.json {
        return output::print(&print::json::line(&json!({
            "id": id.to_string(),
            "token": secret,
            "expires_at": expires_at.map(rfc3339),
        })));
    }
    output::say(&format!("Token {name} of {} is made. It is shown this once:", workspace.name));
    output::print(&format!("{secret}\n"))
}

/// Chance enters here and is passed on.
fn chance() -> Result<[u8; SECRET_BYTES]> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(bytes)
}

fn list(global: &Global) -> Result<()> {
    let tokens = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.tokens())?;
    let scopes = |token| Scope::of(token).into_iter().map(Scope::key).collect::<Vec<_>>();
    if global.json {
        let lines = tokens.iter().map(|token| {
            print::json::line(&json!({
                "id": token.id.to_string(),
                "name": token.name,
                "scopes": scopes(token),
                "created_by": token.created_by,
                "created_at": rfc3339(token.created_at),
                "expires_at": token.expires_at.map(rfc3339),
                "revoked_at": token.revoked_at.map(rfc3339),
            }))
        });
        return output::print(&lines.collect::<String>());
    }
    if tokens.is_empty() {
        output::say("There are no tokens yet.");
        return Ok(());
    }
    let mut table = table::table(&["Token", "Name", "Scopes", "Made", "Ends"]);
    for token in &tokens {
        let ends = match (token.revoked_at, token.expires_at) {
            (Some(at), _) => format!("revoked {}", moment(at)),
            (None, Some(at)) => moment(at),
            (None, None) => "never".to_owned(),
        };
        let cells =
            [token.id.to_string(), token.name.clone(), scopes(token).join(", "), moment(token.created_at), ends];
        table::add(&mut table, cells);
    }
    output::print(&table::text(&table))
}
