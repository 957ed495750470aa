//! API tokens: `cvk_<workspace>_<secret>`. The secret has 256 bits of chance, so that one digest is enough to keep it: it
//! cannot be guessed, and what the database holds opens nothing.

use std::fmt::Write;

use convoke_people::id::{TokenId, WorkspaceId};
use convoke_people::text;
use convoke_store::tokens::{
    NewToken, Token, add_token, is_token_name_taken, list_tokens, revoke_token, token_of_digest,
};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::installation::Installation;
use crate::workspace::Workspace;

/// Bytes of chance in a secret.
pub const SECRET_BYTES: usize = 32;
const PREFIX: &str = "cvk_";
const LONGEST_NAME: usize = 100;

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Imports, their reports and files; groups, tags, fields.
    Read,
    /// Checks and imports, and to pause, resume and cancel them.
    Import,
}

impl Scope {
    pub const ALL: [Self; 2] = [Self::Read, Self::Import];

    pub fn key(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Import => "import",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.key() == text.trim().to_ascii_lowercase())
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Those of a stored set.
    pub fn of(token: &Token) -> Vec<Self> {
        Self::ALL.into_iter().filter(|scope| token.scopes & scope.bit() != 0).collect()
    }
}

/// Somebody who showed a good token.
pub struct Bearer {
    pub workspace: Workspace,
    pub token: Token,
}

impl Bearer {
    pub fn may(&self, scope: Scope) -> bool {
        self.token.scopes & scope.bit() != 0
    }
}

impl Workspace {
    /// Makes a token; its text is never told again. `chance` is drawn by the caller.
    pub fn make_token(
        &self,
        name: &str,
        scopes: &[Scope],
        expires_at: Option<i64>,
        chance: &[u8; SECRET_BYTES],
    ) -> Result<(TokenId, String)> {
        let name = text::trim(name);
        if name.is_empty() || name.chars().count() > LONGEST_NAME || text::remove_controls(name).is_some() {
            return Err(Error::usage(format!("A token's name has 1 to {LONGEST_NAME} visible characters"), ""));
        }
        let key = text::key(name);
        let secret = chance.iter().fold(format!("{PREFIX}{}_", self.id.0), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        let id = TokenId(self.draw_block()?.id(0));
        let new = NewToken {
            id,
            name,
            name_key: &key,
            digest: &digest(&secret),
            scopes: scopes.iter().fold(0, |set, scope| set | scope.bit()),
            created_by: &self.actor,
            expires_at,
        };
        let is_taken = self.store.write(|tx| {
            let is_taken = is_token_name_taken(tx, self.id, &key)?;
            if !is_taken {
                add_token(tx, self.id, &new)?;
            }
            Ok(is_taken)
        })?;
        if is_taken {
            return Err(Error::usage(
                format!("There is a token \"{name}\" already"),
                "Revoke it, or choose another name.",
            ));
        }
        Ok((id, secret))
    }

    pub fn tokens(&self) -> Result<Vec<Token>> {
        Ok(self.store.read(|r| list_tokens(r, self.id))?)
    }

    /// From now on nobody can use it.
    pub fn revoke_token(&self, id: TokenId) -> Result<()> {
        if self.store.write(|tx| revoke_token(tx, self.id, id))? {
            return Ok(());
        }
        Err(Error::not_found(format!("There is no token {id} that could be revoked"), "See convoke token list."))
    }
}

impl Installation {
    /// Who shows this text; None if it is no token, or one that is good no more. The outside learns no more than that.
    pub fn bearer(&self, shown: &str) -> Result<Option<Bearer>> {
        let Some(workspace) = workspace_of(shown) else { return Ok(None) };
        let digest = digest(shown);
        let now = self.store.now();
        let token = self.store.read(|r| token_of_digest(r, workspace, &digest))?;
        let is_good = |token: &Token| token.revoked_at.is_none() && token.expires_at.is_none_or(|at| at > now);
        let Some(token) = token.filter(is_good) else { return Ok(None) };
        let workspace = self.workspace(workspace, &format!("token {}", token.name))?;
        Ok(workspace.map(|workspace| Bearer { workspace, token }))
    }
}

/// The workspace a token names in clear.
fn workspace_of(token: &str) -> Option<WorkspaceId> {
    let (workspace, _) = token.strip_prefix(PREFIX)?.split_once('_')?;
    workspace.parse().ok().map(WorkspaceId)
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
