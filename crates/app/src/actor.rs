//! Who acts. A workspace is opened for an actor and asks it before it does anything; what is done carries its name.

use std::net::IpAddr;

use convoke_people::id::{MemberId, TokenId};
use convoke_store::memberships::Role;
use serde_json::json;

use crate::permissions::{Permission, Scope};

/// Somebody or something that acts in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub who: Who,
    /// Of the client, if it came over the network.
    pub address: Option<IpAddr>,
}

/// The kinds of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever may start the program beside the data; that is the operator.
    CommandLine,
    /// Runs what others asked for.
    Worker,
    /// Somebody who is not known, or not yet.
    Nobody,
    Member {
        id: MemberId,
        name: String,
        role: Role,
    },
    Token {
        id: TokenId,
        name: String,
        scopes: u32,
    },
}

impl Actor {
    pub fn command_line() -> Self {
        Self { who: Who::CommandLine, address: None }
    }

    pub fn worker() -> Self {
        Self { who: Who::Worker, address: None }
    }

    /// The id of the member or token, which says nothing of a person.
    pub fn id(&self) -> Option<String> {
        match &self.who {
            Who::Member { id, .. } => Some(id.to_string()),
            Who::Token { id, .. } => Some(id.to_string()),
            Who::CommandLine | Who::Worker | Who::Nobody => None,
        }
    }

    /// As the history names it.
    pub fn name(&self) -> String {
        match &self.who {
            Who::CommandLine => "cli".to_owned(),
            Who::Worker => "worker".to_owned(),
            Who::Nobody => "nobody".to_owned(),
            Who::Member { name, .. } => name.clone(),
            Who::Token { name, .. } => format!("token {name}"),
        }
    }

    /// Whether it may do that.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.who {
            Who::CommandLine | Who::Worker => true,
            Who::Nobody => false,
            Who::Member { role, .. } => permission.is_of(*role),
            Who::Token { scopes, .. } => permission.scope().is_some_and(|scope| scopes & scope.bit() != 0),
        }
    }

    /// Whether it may let a token do that.
    pub(crate) fn may_give(&self, scope: Scope) -> bool {
        match &self.who {
            Who::CommandLine | Who::Worker => true,
            Who::Member { role, .. } => scope.is_within(*role),
            Who::Token { .. } | Who::Nobody => false,
        }
    }

    /// The member, if it is one: what it makes is its own.
    pub fn member(&self) -> Option<MemberId> {
        match self.who {
            Who::Member { id, .. } => Some(id),
            _ => None,
        }
    }

    /// As the audit log keeps it.
    pub(crate) fn json(&self) -> String {
        let (kind, id) = match &self.who {
            Who::CommandLine => ("command_line", None),
            Who::Worker => ("worker", None),
            Who::Nobody => ("nobody", None),
            Who::Member { id, .. } => ("member", Some(id.to_string())),
            Who::Token { id, .. } => ("token", Some(id.to_string())),
        };
        json!({"kind": kind, "id": id, "name": self.name()}).to_string()
    }
}
