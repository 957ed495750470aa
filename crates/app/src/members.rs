//! Members of a workspace: who belongs to it, who is invited, who leaves and who inherits. A workspace always has an owner
//! who can sign in.

use convoke_people::email::Email;
use convoke_people::id::{MemberId, MemberInvitationId, WorkspaceId};
use convoke_people::text;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::belongings::{Named, hand_over, mappings_of, open_imports_of, tokens_of};
use convoke_store::member_invitations::{self, MemberInvitation as StoredInvitation};
use convoke_store::members::disable_member;
use convoke_store::memberships::{
    Belonging, Role, begin_change, find_belonging, has_another_owner, members_of, remove_membership, set_role,
    workspaces_of,
};
use convoke_store::sessions::{end_sessions, leave_workspace};
use convoke_store::workspaces::{default_sender, set_default_sender};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::Action;
use crate::error::{Error, Result};
use crate::imports::shapes::rfc3339;
use crate::permissions::Permission;
use crate::secrets::{SECRET_BYTES, digest, secret_text};
use crate::workspace::Workspace;

const DAY: i64 = 24 * 3600 * 1_000_000;
/// An invitation is good for so long.
const INVITATION_TIME: i64 = 7 * DAY;
const LONGEST_NAME: usize = 100;

/// A member of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    #[schema(example = "mem_0000000004000")]
    pub id: String,
    pub email: String,
    pub name: String,
    /// `viewer`, `manager`, `admin` or `owner`.
    pub role: String,
    #[schema(format = DateTime)]
    pub since: String,
}

/// An invitation that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberInvitation {
    #[schema(example = "min_0000000004000")]
    pub id: String,
    pub email: String,
    pub role: String,
    pub invited_by: String,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// What hangs on a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leaving {
    pub member: Member,
    /// Whether the workspace writes in its name.
    pub is_default_sender: bool,
    /// Tokens it made; they belong to the workspace and stay good.
    pub tokens: Vec<Thing>,
    /// Imports that have not ended; they go on.
    pub imports: Vec<Thing>,
    /// Mappings it saved.
    pub mappings: Vec<Thing>,
}

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Thing {
    pub id: String,
    pub name: String,
}

impl From<&Belonging> for Member {
    fn from(belonging: &Belonging) -> Self {
        Self {
            id: belonging.member.to_string(),
            email: belonging.email.clone(),
            name: belonging.name.clone(),
            role: belonging.role.key().to_owned(),
            since: rfc3339(belonging.since),
        }
    }
}

impl From<&StoredInvitation> for MemberInvitation {
    fn from(invitation: &StoredInvitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            email: invitation.email.clone(),
            role: invitation.role.key().to_owned(),
            invited_by: invitation.invited_by.clone(),
            created_at: rfc3339(invitation.created_at),
            expires_at: rfc3339(invitation.expires_at),
        }
    }
}

fn things<I: ToString>(found: Vec<Named<I>>) -> Vec<Thing> {
    found.into_iter().map(|named| Thing { id: named.id.to_string(), name: named.name }).collect()
}

/// An address as it was written and as it is compared.
pub(crate) fn member_email(text: &str) -> Result<(String, String)> {
    let email = Email::parse(text::trim(text)).map_err(|why| {
        Error::usage(format!("\"{text}\" is no e-mail address: {why}"), "Write it as anna@example.com.")
    })?;
    Ok((email.written.to_owned(), email.key.into_owned()))
}

/// A name that a history can show.
pub(crate) fn member_name(name: &str) -> Result<&str> {
    let name = text::trim(name);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || text::remove_controls(name).is_some() {
        return Err(Error::usage(format!("A member's name has 1 to {LONGEST_NAME} visible characters"), ""));
    }
    Ok(name)
}

/// A role by its word.
pub fn role(text: &str) -> Result<Role> {
    Role::parse(text)
        .ok_or_else(|| Error::usage(format!("\"{text}\" is no role"), "Say viewer, manager, admin or owner."))
}

impl Workspace {
    /// Its members in the order they came.
    pub fn members(&self) -> Result<Vec<Member>> {
        self.require(Permission::See)?;
        Ok(self.store.read(|r| members_of(r, self.id))?.iter().map(Member::from).collect())
    }

    /// A member by its address or id.
    pub fn member_called(&self, text: &str) -> Result<MemberId> {
        let unknown = || Error::not_found(format!("There is no member {text}"), "See convoke member list.");
        if let Ok(id) = text.parse() {
            return Ok(self.belonging(id).map_err(|_| unknown())?.member);
        }
        let (_, key) = member_email(text)?;
        let members = self.store.read(|r| members_of(r, self.id))?;
        let is_called = |member: &&Belonging| member_email(&member.email).is_ok_and(|(_, own)| own == key);
        members.iter().find(is_called).map(|member| member.member).ok_or_else(unknown)
    }

    fn belonging(&self, id: MemberId) -> Result<Belonging> {
        let found = self.store.read(|r| find_belonging(r, self.id, id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no member {id}"), "See /api/v1/members."))
    }

    /// Invites somebody; gives the secret of the link, which is not told again. An earlier invitation of this address ends.
    pub fn invite_member(
        &self,
        email: &str,
        role: Role,
        chance: &[u8; SECRET_BYTES],
    ) -> Result<(MemberInvitation, String)> {
        self.require(Permission::ManageMembers)?;
        let (email, email_key) = member_email(email)?;
        let members = self.store.read(|r| members_of(r, self.id))?;
        if members.iter().any(|member| member_email(&member.email).is_ok_and(|(_, key)| key == email_key)) {
            return Err(Error::conflict(format!("{email} is a member already"), "Change the role instead."));
        }
        let secret = secret_text("", chance);
        let now = self.store.now();
        let invitation = StoredInvitation {
            id: MemberInvitationId(self.store.draw_id()?),
            workspace: self.id,
            email,
            email_key,
            role,
            invited_by: self.actor.name(),
            created_at: now,
            expires_at: now + INVITATION_TIME,
        };
        let digest = digest(&secret);
        self.store.write(|tx| member_invitations::invite_member(tx, &invitation, &digest))?;
        let detail = json!({"email": invitation.email, "role": role.key()});
        self.note(Action::MemberInvited, Some(invitation.id.to_string()), detail)?;
        Ok(((&invitation).into(), secret))
    }

    /// Invitations that can still be used, the newest first.
    pub fn member_invitations(&self) -> Result<Vec<MemberInvitation>> {
        self.require(Permission::ManageMembers)?;
        let now = self.store.now();
        let found = self.store.read(|r| member_invitations::invitations_of(r, self.id, now))?;
        Ok(found.iter().map(MemberInvitation::from).collect())
    }

    /// Lets nobody use an invitation any more.
    pub fn revoke_member_invitation(&self, id: MemberInvitationId) -> Result<()> {
        self.require(Permission::ManageMembers)?;
        if self.store.write(|tx| member_invitations::remove_invitation(tx, self.id, id))? {
            return self.note(Action::InvitationRevoked, Some(id.to_string()), json!({}));
        }
        Err(Error::not_found(format!("There is no invitation {id}"), "See /api/v1/member-invitations."))
    }

    /// Gives a member another role. The last owner stays one.
    pub fn set_role(&self, id: MemberId, role: Role) -> Result<Member> {
        self.require(Permission::ManageMembers)?;
        let before = self.belonging(id)?;
        let is_last = self.store.write(|tx| {
            begin_change(tx, self.id)?;
            let is_last = role != Role::Owner && is_last_owner(tx, self.id, id)?;
            if !is_last {
                set_role(tx, self.id, id, role)?;
            }
            Ok(is_last)
        })?;
        if is_last {
            return Err(last_owner());
        }
        let detail = json!({"from": before.role.key(), "to": role.key()});
        self.note(Action::RoleChanged, Some(id.to_string()), detail)?;
        Ok((&self.belonging(id)?).into())
    }

    /// What hangs on a member, to be looked at before it leaves.
    pub fn leaving(&self, id: MemberId) -> Result<Leaving> {
        self.require_for(id)?;
        let member = self.belonging(id)?;
        let sender = self.store.read(|r| default_sender(r, self.id))?;
        let (tokens, imports, mappings) = self.store.read(|r| {
            Ok((tokens_of(r, self.id, id)?, open_imports_of(r, self.id, id)?, mappings_of(r, self.id, id)?))
        })?;
        Ok(Leaving {
            member: (&member).into(),
            is_default_sender: sender == Some(id),
            tokens: things(tokens),
            imports: things(imports),
            mappings: things(mappings),
        })
    }

    /// Lets a member leave; what hangs on it is the heir's from now on. Its sessions leave this workspace, and somebody who
    /// belongs to none any more cannot sign in.
    pub fn remove_member(&self, id: MemberId, heir: MemberId) -> Result<()> {
        self.require_for(id)?;
        let leaver = self.belonging(id)?;
        if heir == id || self.store.read(|r| find_belonging(r, self.id, heir))?.is_none() {
            let message = format!("{heir} cannot inherit: it is no other member of this workspace");
            return Err(Error::usage(message, "Name another member: see /api/v1/members."));
        }
        // First, so that nothing is nobody's if this is where it ends; and once more for what was made meanwhile.
        self.store.write(|tx| hand_over(tx, self.id, id, heir))?;
        if !self.leave(id, heir)? {
            return Err(last_owner());
        }
        let entry = self.entry(
            Action::MemberRemoved,
            Some(id.to_string()),
            json!({"email": leaver.email, "heir": heir.to_string()}),
        )?;
        Ok(self.store.write(|tx| {
            hand_over(tx, self.id, id, heir)?;
            add_entry(tx, self.id, &entry)
        })?)
    }

    /// False: it is the last owner.
    fn leave(&self, id: MemberId, heir: MemberId) -> Result<bool> {
        Ok(self.store.write(|tx| {
            begin_change(tx, self.id)?;
            if is_last_owner(tx, self.id, id)? {
                return Ok(false);
            }
            if find_belonging(tx, self.id, heir)?.is_none() {
                return Err(StoreError::Gone(format!("{heir} has left meanwhile and cannot inherit")));
            }
            if default_sender(tx, self.id)? == Some(id) {
                set_default_sender(tx, self.id, Some(heir))?;
            }
            remove_membership(tx, self.id, id)?;
            leave_workspace(tx, id, self.id)?;
            let is_operator = convoke_store::members::find_member(tx, id)?.is_some_and(|member| member.is_operator);
            if workspaces_of(tx, id)?.is_empty() && !is_operator {
                disable_member(tx, id)?;
                end_sessions(tx, id, None)?;
            }
            Ok(true)
        })?)
    }

    /// Anybody may leave; others are shown out by who manages members.
    pub fn require_for(&self, id: MemberId) -> Result<()> {
        if self.actor.member() == Some(id) { Ok(()) } else { self.require(Permission::ManageMembers) }
    }
}

fn is_last_owner(
    tx: &mut convoke_store::Tx<'_>,
    workspace: WorkspaceId,
    member: MemberId,
) -> std::result::Result<bool, StoreError> {
    let is_owner = find_belonging(tx, workspace, member)?.is_some_and(|found| found.role == Role::Owner);
    Ok(is_owner && !has_another_owner(tx, workspace, member)?)
}

fn last_owner() -> Error {
    Error::conflict("This is the last owner; a workspace has one at every time", "Make somebody else an owner first.")
}
