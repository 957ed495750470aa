//! API tokens: `cvk_<workspace>_<secret>`. A token belongs to the workspace and stays when its maker leaves; it allows what
//! its scopes name, and never more than its maker might.

use std::net::IpAddr;

use convoke_people::id::{TokenId, WorkspaceId};
use convoke_people::text;
use convoke_store::audit::add_entry;
use convoke_store::belongings::give_token;
use convoke_store::tokens::{
    NewToken, Token as StoredToken, add_token, is_token_name_taken, list_tokens, revoke_token, token_of_digest,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::actor::{Actor, Who};
use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::imports::shapes::rfc3339;
use crate::installation::Installation;
use crate::permissions::{Permission, Scope};
use crate::secrets::{SECRET_BYTES, digest, secret_text};
use crate::workspace::Workspace;

const PREFIX: &str = "cvk_";
const DAY: i64 = 24 * 3600 * 1_000_000;
const LONGEST_NAME: usize = 100;

/// A token as it is listed, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    #[schema(example = "tok_0000000004000")]
    pub id: String,
    /// What it is for.
    pub name: String,
    /// `read`, `import`, `export`, `organise`, `fields`, `audit`.
    pub scopes: Vec<String>,
    pub created_by: String,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Null: never.
    #[schema(required, format = DateTime)]
    pub expires_at: Option<String>,
    #[schema(required, format = DateTime)]
    pub revoked_at: Option<String>,
}

impl From<&StoredToken> for Token {
    fn from(token: &StoredToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: Scope::of_bits(token.scopes).into_iter().map(|scope| scope.key().to_owned()).collect(),
            created_by: token.created_by.clone(),
            created_at: rfc3339(token.created_at),
            expires_at: token.expires_at.map(rfc3339),
            revoked_at: token.revoked_at.map(rfc3339),
        }
    }
}

impl Workspace {
    /// Makes a token that ends at `expires_at`, in UTC microseconds; its text is never told again. `chance` is drawn by the
    /// caller.
    pub fn make_token(
        &self,
        name: &str,
        scopes: &[Scope],
        expires_at: Option<i64>,
        chance: &[u8; SECRET_BYTES],
    ) -> Result<(TokenId, String)> {
        self.require(Permission::ManageTokens)?;
        if let Some(scope) = scopes.iter().find(|scope| !self.actor.may_give(**scope)) {
            return Err(Error::Forbidden {
                code: "permission_missing",
                message: format!("Your role may not give the scope {}", scope.key()),
                hint: "A token may do no more than who makes it.".to_owned(),
            });
        }
        if scopes.is_empty() {
            return Err(Error::usage("A token without a scope opens nothing", "Give it at least one."));
        }
        if expires_at.is_some_and(|at| at <= self.store.now()) {
            return Err(Error::usage("The end of a token lies in the future", ""));
        }
        let name = text::trim(name);
        if name.is_empty() || name.chars().count() > LONGEST_NAME || text::remove_controls(name).is_some() {
            return Err(Error::usage(format!("A token's name has 1 to {LONGEST_NAME} visible characters"), ""));
        }
        let key = text::key(name);
        let secret = secret_text(&format!("{PREFIX}{}_", self.id.0), chance);
        let id = TokenId(self.store.draw_id()?);
        let new = NewToken {
            id,
            name,
            name_key: &key,
            digest: &digest(&secret),
            scopes: scopes.iter().fold(0, |set, scope| set | scope.bit()),
            created_by: &self.actor.name(),
            expires_at,
        };
        let granted: Vec<_> = scopes.iter().map(|scope| scope.key()).collect();
        let entry = self.entry(Action::TokenMade, Some(id.to_string()), json!({"name": name, "scopes": granted}))?;
        let is_taken = self.store.write(|tx| {
            let is_taken = is_token_name_taken(tx, self.id, &key)?;
            if !is_taken {
                add_token(tx, self.id, &new)?;
                add_entry(tx, self.id, &entry)?;
                if let Some(member) = self.actor.member() {
                    give_token(tx, self.id, id, member)?;
                }
            }
            Ok(is_taken)
        })?;
        if is_taken {
            return Err(Error::hindered(
                Hindrance::NameTaken,
                format!("There is a token \"{name}\" already"),
                "Revoke it, or choose another name.",
            ));
        }
        Ok((id, secret))
    }

    /// The same for a token that ends after so many days, or never.
    pub fn make_token_for_days(
        &self,
        name: &str,
        scopes: &[Scope],
        days: Option<u32>,
        chance: &[u8; SECRET_BYTES],
    ) -> Result<(TokenId, String)> {
        let expires_at = days.map(|days| self.store.now() + i64::from(days) * DAY);
        self.make_token(name, scopes, expires_at, chance)
    }

    pub fn tokens(&self) -> Result<Vec<StoredToken>> {
        self.require(Permission::ManageTokens)?;
        Ok(self.store.read(|r| list_tokens(r, self.id))?)
    }

    /// From now on nobody can use it.
    pub fn revoke_token(&self, id: TokenId) -> Result<()> {
        self.require(Permission::ManageTokens)?;
        let entry = self.entry(Action::TokenRevoked, Some(id.to_string()), json!({}))?;
        let is_revoked = self.store.write(|tx| {
            let is_revoked = revoke_token(tx, self.id, id)?;
            if is_revoked {
                add_entry(tx, self.id, &entry)?;
            }
            Ok(is_revoked)
        })?;
        if is_revoked {
            return Ok(());
        }
        Err(Error::not_found(
            format!("There is no token {id} that could be revoked"),
            "See convoke token list, or /api/v1/tokens.",
        ))
    }
}

impl Installation {
    /// The workspace of who shows this text; None if it is no token, or one that is good no more. The outside learns no
    /// more than that.
    pub fn bearer(&self, shown: &str, address: Option<IpAddr>) -> Result<Option<Workspace>> {
        let Some(workspace) = workspace_of(shown) else { return Ok(None) };
        let digest = digest(shown);
        let now = self.store.now();
        let token = self.store.read(|r| token_of_digest(r, workspace, &digest))?;
        let is_good = |token: &StoredToken| token.revoked_at.is_none() && token.expires_at.is_none_or(|at| at > now);
        let Some(token) = token.filter(is_good) else { return Ok(None) };
        let who = Who::Token { id: token.id, name: token.name, scopes: token.scopes };
        self.workspace(workspace, Actor { who, address })
    }
}

/// The workspace a token names in clear.
fn workspace_of(token: &str) -> Option<WorkspaceId> {
    let (workspace, _) = token.strip_prefix(PREFIX)?.split_once('_')?;
    workspace.parse().ok().map(WorkspaceId)
}
