//! How somebody becomes a member: the first owner by the link that the server prints, everybody else by an invitation, or by
//! the command line. Each link is good once.

use convoke_people::id::{MemberId, WorkspaceId};
use convoke_store::StoreError;
use convoke_store::Tx;
use convoke_store::audit::add_entry;
use convoke_store::member_invitations::{MemberInvitation, invitation_of_digest, remove_invitation};
use convoke_store::members::{
    Member, NewMember, add_member, enable_member, has_members, member_of_email, offer_first_owner, take_first_owner,
};
use convoke_store::memberships::{Role, add_membership, begin_change};
use convoke_store::workspaces::list_workspaces;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::audit::{self, Action};
use crate::error::{Error, Result};
use crate::installation::Installation;
use crate::members::{member_email, member_name};
use crate::passwords;
use crate::permissions::Permission;
use crate::secrets::{Chance, digest, secret_text};
use crate::sessions::{SignedIn, member_actor};
use crate::sign_in::Client;
use crate::workspace::Workspace;

/// The link of the first owner is good for so long.
const FIRST_OWNER_TIME: i64 = 24 * 3600 * 1_000_000;

/// Who wants to be the first owner.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstOwner {
    /// What stands behind the # of the link that the server printed.
    pub secret: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

/// Who takes an invitation up.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What stands behind the # of the link.
    pub secret: String,
    /// For somebody who is no member yet.
    pub name: Option<String>,
    /// A new one; who is a member elsewhere shows the own one, or is signed in.
    pub password: Option<String>,
}

/// Who is made a member without a link.
#[derive(Clone, Copy)]
pub struct Added<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub password: &'a str,
}

fn link_is_over() -> Error {
    Error::not_found("This link is not good any more", "Each is good once and for some days: ask for a new one.")
}

impl Installation {
    /// The secret of a new link for the first owner; None if there are members. An earlier link ends.
    pub fn offer_first_owner(&self, chance: Chance) -> Result<Option<String>> {
        if self.store.read(|r| has_members(r))? {
            return Ok(None);
        }
        let secret = secret_text("", &chance()?);
        let (digest, until) = (digest(&secret), self.store.now() + FIRST_OWNER_TIME);
        self.store.write(|tx| offer_first_owner(tx, &digest, until))?;
        Ok(Some(secret))
    }

    /// Makes the first owner: of every workspace there is, and operator of the installation.
    pub fn make_first_owner(&self, wanted: &FirstOwner, client: &Client, chance: Chance) -> Result<()> {
        let digest = digest(&wanted.secret);
        let new = Newcomer::of(self, &wanted.email, &wanted.name, &wanted.password, chance)?;
        let now = self.store.now();
        let made = self.store.write(|tx| {
            if has_members(tx)? || !take_first_owner(tx, &digest, now)? {
                return Ok(None);
            }
            new.add(tx, true)?;
            let workspaces = list_workspaces(tx)?;
            for workspace in &workspaces {
                begin_change(tx, workspace.id)?;
                add_membership(tx, workspace.id, new.id, Role::Owner)?;
            }
            Ok(Some(workspaces))
        })?;
        for workspace in made.ok_or_else(link_is_over)? {
            self.note_joining(workspace.id, &new.actor(client), new.id, Role::Owner)?;
        }
        Ok(())
    }

    /// Makes whoever holds the link of an invitation a member.
    pub fn accept_invitation(
        &self,
        wanted: &Acceptance,
        signed_in: Option<&SignedIn>,
        client: &Client,
        chance: Chance,
    ) -> Result<()> {
        let (now, digest) = (self.store.now(), digest(&wanted.secret));
        let invitation = self.store.read(|r| invitation_of_digest(r, &digest, now))?.ok_or_else(link_is_over)?;
        let known = self.store.read(|r| member_of_email(r, &invitation.email_key))?;
        let password = wanted.password.as_deref().unwrap_or_default();
        let (id, actor) = match known.filter(|member| member.disabled_at.is_none()) {
            Some(member) => {
                if signed_in.is_none_or(|signed_in| signed_in.member.id != member.id) {
                    self.prove(&member, password, client, chance)?;
                }
                self.join(&invitation, member.id, None)?;
                (member.id, member_actor(&member, client))
            }
            None => {
                let name = wanted.name.as_deref().unwrap_or_default();
                let new = Newcomer::of(self, &invitation.email, name, password, chance)?;
                (self.join(&invitation, new.id, Some(&new))?, new.actor(client))
            }
        };
        self.note_joining(invitation.workspace, &actor, id, invitation.role)
    }

    /// Uses the invitation up; gives the member's id, which an old member keeps.
    fn join(&self, invitation: &MemberInvitation, id: MemberId, new: Option<&Newcomer>) -> Result<MemberId> {
        let joined = self.store.write(|tx| {
            begin_change(tx, invitation.workspace)?;
            if !remove_invitation(tx, invitation.workspace, invitation.id)? {
                return Ok(None);
            }
            let id = match new {
                Some(new) => new.add_or_enable(tx, invitation.role)?,
                None => id,
            };
            add_membership(tx, invitation.workspace, id, invitation.role)?;
            Ok(Some(id))
        });
        match joined {
            // Two invitations of one address, taken up at once.
            Err(StoreError::Conflict(_)) => Err(Error::conflict("This address just became a member", "Try again.")),
            joined => joined?.ok_or_else(link_is_over),
        }
    }

    fn note_joining(&self, workspace: WorkspaceId, actor: &Actor, id: MemberId, role: Role) -> Result<()> {
        let detail = json!({"role": role.key()});
        let entry = audit::entry(&self.store, actor, Action::MemberJoined, Some(id.to_string()), detail)?;
        Ok(self.store.write(|tx| add_entry(tx, workspace, &entry))?)
    }
}

impl Workspace {
    /// Makes somebody a member at once; who is one elsewhere keeps name and password.
    pub fn add_member(&self, added: &Added<'_>, chance: Chance) -> Result<MemberId> {
        self.require(Permission::ManageMembers)?;
        let Added { email, name, role, password } = *added;
        let new = Newcomer::made(self.store.draw_id()?, email, name, password, chance)?;
        let id = self.store.write(|tx| {
            begin_change(tx, self.id)?;
            let id = new.add_or_enable(tx, role)?;
            Ok(add_membership(tx, self.id, id, role)?.then_some(id))
        })?;
        let Some(id) = id else {
            return Err(Error::conflict(format!("{} is a member already", new.email), "See convoke member list."));
        };
        self.note(Action::MemberJoined, Some(id.to_string()), json!({"role": role.key()}))?;
        Ok(id)
    }
}

/// Somebody who is about to be a member.
struct Newcomer {
    id: MemberId,
    email: String,
    email_key: String,
    name: String,
    hash: String,
}

impl Newcomer {
    fn of(installation: &Installation, email: &str, name: &str, password: &str, chance: Chance) -> Result<Self> {
        Self::made(installation.store.draw_id()?, email, name, password, chance)
    }

    fn made(id: i64, email: &str, name: &str, password: &str, chance: Chance) -> Result<Self> {
        let (email, email_key) = member_email(email)?;
        let name = member_name(name)?.to_owned();
        passwords::check_password(password)?;
        let hash = passwords::hash(password, &chance()?)?;
        Ok(Self { id: MemberId(id), email, email_key, name, hash })
    }

    fn add(&self, tx: &mut Tx<'_>, is_operator: bool) -> std::result::Result<(), StoreError> {
        let new = NewMember {
            id: self.id,
            email: &self.email,
            email_key: &self.email_key,
            name: &self.name,
            password_hash: Some(&self.hash),
            is_operator,
        };
        add_member(tx, &new)
    }

    /// The first member of an installation is its operator, if it is an owner.
    fn add_or_enable(&self, tx: &mut Tx<'_>, role: Role) -> std::result::Result<MemberId, StoreError> {
        match member_of_email(tx, &self.email_key)? {
            Some(Member { id, disabled_at: Some(_), .. }) => {
                enable_member(tx, id, &self.name, Some(&self.hash))?;
                Ok(id)
            }
            Some(member) => Ok(member.id),
            None => {
                let is_operator = role == Role::Owner && !has_members(tx)?;
                self.add(tx, is_operator)?;
                Ok(self.id)
            }
        }
    }

    fn actor(&self, client: &Client) -> Actor {
        let who = crate::actor::Who::Member { id: self.id, name: self.name.clone(), role: Role::Viewer };
        Actor { who, address: client.address }
    }
}
