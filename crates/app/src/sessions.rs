//! Sessions: a member stays signed in for a week without use and for thirty days at most. The browser holds the token, the
//! database its digest; each session is in one workspace, which no request can choose but the one that moves it.

use convoke_people::id::{SessionId, WorkspaceId};
use convoke_store::members::{Member, find_member, set_last_workspace, set_password};
use convoke_store::memberships::{Role, find_belonging, workspaces_of};
use convoke_store::sessions::{
    Session as StoredSession, Since, add_session, end_session, end_sessions, move_session, see_session,
    session_of_digest, sessions_of,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::{Actor, Who};
use crate::audit::Action;
use crate::error::{Error, Result};
use crate::imports::shapes::rfc3339;
use crate::installation::Installation;
use crate::passwords;
use crate::permissions::Permission;
use crate::secrets::{Chance, digest, secret_text};
use crate::sign_in::Client;
use crate::workspace::Workspace;

const SECOND: i64 = 1_000_000;
/// A session that nobody uses for so long is over.
pub const LONGEST_IDLE_SECONDS: i64 = 7 * 24 * 3600;
/// And any after so long.
pub const LONGEST_SECONDS: i64 = 30 * 24 * 3600;
/// Its use is noted this often, not with every request.
const SEEN_EVERY: i64 = 5 * 60 * SECOND;
const LONGEST_PROGRAM: usize = 200;

/// A session that was just begun.
pub struct NewSession {
    /// For the browser alone; never told again.
    pub token: String,
    pub signed_in: SignedIn,
}

/// Somebody who is signed in.
pub struct SignedIn {
    pub installation: Installation,
    pub member: Member,
    pub session: StoredSession,
    pub client: Client,
}

/// Who is signed in, as programs see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Session)]
pub struct CurrentSession {
    #[schema(example = "ses_0000000004000")]
    pub id: String,
    /// The id of the member.
    pub member: String,
    pub name: String,
    pub email: String,
    /// Whether this member looks after the installation.
    pub is_operator: bool,
    /// Where it is; null for who belongs to no workspace.
    #[schema(required)]
    pub workspace: Option<MyWorkspace>,
    /// What the member may do there.
    pub permissions: Vec<Permission>,
}

/// A session in the list of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionLine {
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    #[schema(required)]
    pub address: Option<String>,
    /// What the browser calls itself.
    #[schema(required)]
    pub client: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// To within five minutes.
    #[schema(format = DateTime)]
    pub seen_at: String,
}

/// A workspace somebody belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyWorkspace {
    #[schema(example = "wsp_0000000000001")]
    pub id: String,
    pub name: String,
    /// `viewer`, `manager`, `admin` or `owner`; null for a token, which has scopes.
    #[schema(required)]
    pub role: Option<String>,
}

fn since(now: i64) -> Since {
    Since { created: now - LONGEST_SECONDS * SECOND, seen: now - LONGEST_IDLE_SECONDS * SECOND }
}

/// A member outside of any workspace: no role counts there.
pub(crate) fn member_actor(member: &Member, client: &Client) -> Actor {
    member_in(member, Role::Viewer, client)
}

fn member_in(member: &Member, role: Role, client: &Client) -> Actor {
    Actor { who: Who::Member { id: member.id, name: member.name.clone(), role }, address: client.address }
}

impl Installation {
    /// Begins a session of a member whose word is proven.
    pub(crate) fn begin_session(&self, member: Member, client: &Client, chance: Chance) -> Result<NewSession> {
        let token = secret_text("", &chance()?);
        let mine = self.store.read(|r| workspaces_of(r, member.id))?;
        let last = mine.iter().find(|(id, ..)| Some(*id) == member.last_workspace);
        let now = self.store.now();
        let session = StoredSession {
            id: SessionId(self.store.draw_id()?),
            member: member.id,
            workspace: last.or(mine.first()).map(|(id, ..)| *id),
            address: client.address.map(|address| address.to_string()),
            client: client.program.as_ref().map(|name| name.chars().take(LONGEST_PROGRAM).collect()),
            created_at: now,
            seen_at: now,
        };
        let digest = digest(&token);
        self.store.write(|tx| add_session(tx, &session, &digest, since(now)))?;
        self.note_of_member(&member, session.workspace, client, Action::SignedIn)?;
        let signed_in = SignedIn { installation: self.clone(), member, session, client: client.clone() };
        Ok(NewSession { token, signed_in })
    }

    /// Who shows this token of a session; None if it is none, or one that is over.
    pub fn signed_in(&self, token: &str, client: &Client) -> Result<Option<SignedIn>> {
        let (now, digest) = (self.store.now(), digest(token));
        let found = self.store.read(|r| {
            let Some(session) = session_of_digest(r, &digest, since(now))? else { return Ok(None) };
            Ok(find_member(r, session.member)?.map(|member| (session, member)))
        })?;
        let Some((session, member)) = found.filter(|(_, member)| member.disabled_at.is_none()) else {
            return Ok(None);
        };
        if now - session.seen_at >= SEEN_EVERY {
            self.store.write(|tx| see_session(tx, session.id, now))?;
        }
        Ok(Some(SignedIn { installation: self.clone(), member, session, client: client.clone() }))
    }
}

impl SignedIn {
    /// The workspace of the session, opened for its member; None if it is in none, or the member has left it.
    pub fn workspace(&self) -> Result<Option<Workspace>> {
        let Some(id) = self.session.workspace else { return Ok(None) };
        let Some(belonging) = self.installation.store.read(|r| find_belonging(r, id, self.member.id))? else {
            return Ok(None);
        };
        self.installation.workspace(id, member_in(&self.member, belonging.role, &self.client))
    }

    pub fn current(&self) -> Result<CurrentSession> {
        let here = self.session.workspace;
        let mine = self.installation.store.read(|r| workspaces_of(r, self.member.id))?;
        let here = mine.into_iter().find(|(id, ..)| Some(*id) == here);
        let role = here.as_ref().map(|(.., role)| *role);
        Ok(CurrentSession {
            id: self.session.id.to_string(),
            member: self.member.id.to_string(),
            name: self.member.name.clone(),
            email: self.member.email.clone(),
            is_operator: self.member.is_operator,
            workspace: here.map(mine_of),
            permissions: Permission::ALL.into_iter().filter(|may| role.is_some_and(|role| may.is_of(role))).collect(),
        })
    }

    /// The workspaces it belongs to.
    pub fn workspaces(&self) -> Result<Vec<MyWorkspace>> {
        let mine = self.installation.store.read(|r| workspaces_of(r, self.member.id))?;
        Ok(mine.into_iter().map(mine_of).collect())
    }

    /// Moves the session to another workspace. A foreign one answers like an unknown one.
    pub fn choose_workspace(&mut self, id: WorkspaceId) -> Result<CurrentSession> {
        let store = &self.installation.store;
        let mine = store.read(|r| workspaces_of(r, self.member.id))?;
        if !mine.iter().any(|(mine, ..)| *mine == id) {
            return Err(Error::not_found(format!("There is no workspace {id}"), "See /api/v1/workspaces."));
        }
        store.write(|tx| {
            move_session(tx, self.session.id, id)?;
            set_last_workspace(tx, self.member.id, id)
        })?;
        self.session.workspace = Some(id);
        self.note(Action::WorkspaceOpened)?;
        self.current()
    }

    /// One's own sessions, the newest first.
    pub fn sessions(&self) -> Result<Vec<SessionLine>> {
        let store = &self.installation.store;
        let now = store.now();
        let found = store.read(|r| sessions_of(r, self.member.id, since(now)))?;
        let shape = |session: StoredSession| SessionLine {
            id: session.id.to_string(),
            current: session.id == self.session.id,
            address: session.address,
            client: session.client,
            created_at: rfc3339(session.created_at),
            seen_at: rfc3339(session.seen_at),
        };
        Ok(found.into_iter().map(shape).collect())
    }

    /// Signs out.
    pub fn end(&self) -> Result<()> {
        self.installation.store.write(|tx| end_session(tx, self.member.id, self.session.id))?;
        self.note(Action::SignedOut)
    }

    /// Ends one of one's own sessions.
    pub fn end_session(&self, id: SessionId) -> Result<()> {
        if self.installation.store.write(|tx| end_session(tx, self.member.id, id))? {
            return self.note(Action::SessionEnded);
        }
        Err(Error::not_found(format!("There is no session {id}"), "See /api/v1/sessions."))
    }

    /// Ends all of one's own sessions but this one; gives how many.
    pub fn end_other_sessions(&self) -> Result<u64> {
        let ended = self.installation.store.write(|tx| end_sessions(tx, self.member.id, Some(self.session.id)))?;
        self.note(Action::SessionEnded)?;
        Ok(ended)
    }

    /// Changes the password; who has none yet proves nothing by it. All other sessions end.
    pub fn change_password(&self, old: Option<&str>, new: &str, chance: Chance) -> Result<()> {
        passwords::check_password(new)?;
        if self.member.password_hash.is_some() {
            self.installation.prove(&self.member, old.unwrap_or_default(), &self.client, chance)?;
        }
        let hash = passwords::hash(new, &chance()?)?;
        self.installation.store.write(|tx| {
            set_password(tx, self.member.id, &hash)?;
            end_sessions(tx, self.member.id, Some(self.session.id))
        })?;
        self.note(Action::PasswordChanged)
    }

    fn note(&self, action: Action) -> Result<()> {
        self.installation.note_of_member(&self.member, self.session.workspace, &self.client, action)
    }
}

fn mine_of((id, name, role): (WorkspaceId, String, Role)) -> MyWorkspace {
    MyWorkspace { id: id.to_string(), name, role: Some(role.key().to_owned()) }
}
