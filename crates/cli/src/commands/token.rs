//! `token create|list|revoke`.

use anyhow::Result;
use convoke_app::imports::shapes;
use convoke_app::permissions::Scope;
use convoke_app::tokens::Token;
use serde_json::json;

use super::DONE;
use crate::args::{Global, TokenCommand};
use crate::print::numbers::moment;
use crate::print::table;
use crate::{open, output, print};

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
    let scopes = if scopes.is_empty() { &Scope::DEFAULT[..] } else { scopes };
    let (id, secret) = workspace.make_token_for_days(name, scopes, days, &open::chance()?)?;
    if global.json {
        return output::print(&print::json::line(&json!({
            "id": id.to_string(),
            "token": secret,
        })));
    }
    output::say(&format!("Token {name} of {} is made. It is shown this once:", workspace.name));
    output::print(&format!("{secret}\n"))
}

fn list(global: &Global) -> Result<()> {
    let tokens = open::to_read(global)?.map_or(Ok(Vec::new()), |workspace| workspace.tokens())?;
    if global.json {
        let lines = tokens.iter().map(|token| print::json::line(&shapes::json(&Token::from(token))));
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
        let scopes = Scope::of_bits(token.scopes).into_iter().map(Scope::key).collect::<Vec<_>>().join(", ");
        let cells = [token.id.to_string(), token.name.clone(), scopes, moment(token.created_at), ends];
        table::add(&mut table, cells);
    }
    output::print(&table::text(&table))
}
