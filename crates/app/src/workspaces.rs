//! Workspaces of an installation: made by the operator, renamed by an owner. Each has a default sender, in whose name it
//! will write.

use convoke_people::id::MemberId;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::memberships::{Role, add_membership, begin_change, find_belonging};
use convoke_store::workspaces::{add_workspace, default_sender, rename_workspace, set_default_sender};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::audit::{self, Action, AuditPage};
use crate::error::{Error, Result};
use crate::permissions::Permission;
use crate::sessions::{MyWorkspace, SignedIn, member_actor};
use crate::workspace::{Workspace, workspace_name};

/// The workspace of a session, with its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettings {
    #[schema(example = "wsp_0000000000001")]
    pub id: String,
    pub name: String,
    /// The id of the member in whose name it writes.
    #[schema(required)]
    pub default_sender: Option<String>,
}

/// What is to be changed of a workspace; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChange {
    pub name: Option<String>,
    /// The id of a member.
    pub default_sender: Option<String>,
}

fn name_is_taken(name: &str) -> Error {
    Error::conflict(format!("There is a workspace \"{name}\" already"), "Choose another name.")
}

impl SignedIn {
    fn require_operator(&self) -> Result<()> {
        if self.member.is_operator {
            return Ok(());
        }
        Err(Error::Forbidden {
            code: "permission_missing",
            message: "Only the operator of the installation may do that".to_owned(),
            hint: "Ask who installed it.".to_owned(),
        })
    }

    /// Makes a workspace, whose owner one is.
    pub fn make_workspace(&self, name: &str) -> Result<MyWorkspace> {
        self.require_operator()?;
        let (name, key) = workspace_name(name)?;
        let store = &self.installation.store;
        let made = store.write(|tx| {
            let id = add_workspace(tx, name, &key)?;
            begin_change(tx, id)?;
            add_membership(tx, id, self.member.id, Role::Owner)?;
            Ok(id)
        });
        let id = match made {
            Err(StoreError::Conflict(_)) => return Err(name_is_taken(name)),
            made => made?,
        };
        let actor = member_actor(&self.member, &self.client);
        let entry = audit::entry(store, &actor, Action::WorkspaceMade, Some(id.to_string()), json!({"name": name}))?;
        store.write(|tx| add_entry(tx, id, &entry))?;
        Ok(MyWorkspace { id: id.to_string(), name: name.to_owned(), role: Role::Owner.key().to_owned() })
    }

    /// The audit log of the installation itself: failed sign-ins of unknown people, and what no workspace knows.
    pub fn installation_audit(&self, before: Option<&str>, most: u32) -> Result<AuditPage> {
        self.require_operator()?;
        audit::of_installation(&self.installation.store, before, most)
    }
}

impl Workspace {
    pub fn shown_settings(&self) -> Result<WorkspaceSettings> {
        self.require(Permission::See)?;
        let sender = self.store.read(|r| default_sender(r, self.id))?;
        Ok(WorkspaceSettings {
            id: self.id.to_string(),
            name: self.name.clone(),
            default_sender: sender.map(|sender| sender.to_string()),
        })
    }

    /// Renames it, or chooses in whose name it writes.
    pub fn change_settings(mut self, change: &WorkspaceChange) -> Result<WorkspaceSettings> {
        self.require(Permission::ManageWorkspace)?;
        if let Some(sender) = &change.default_sender {
            self.choose_default_sender(sender)?;
        }
        if let Some(name) = &change.name {
            self.rename(name)?;
        }
        self.shown_settings()
    }

    fn choose_default_sender(&self, member: &str) -> Result<()> {
        let unknown = || Error::usage(format!("There is no member {member}"), "See /api/v1/members.");
        let id: MemberId = member.parse().map_err(|_| unknown())?;
        let is_chosen = self.store.write(|tx| {
            begin_change(tx, self.id)?;
            let is_member = find_belonging(tx, self.id, id)?.is_some();
            if is_member {
                set_default_sender(tx, self.id, Some(id))?;
            }
            Ok(is_member)
        })?;
        if !is_chosen {
            return Err(unknown());
        }
        self.note(Action::DefaultSenderChosen, Some(id.to_string()), json!({}))
    }

    fn rename(&mut self, name: &str) -> Result<()> {
        let (name, key) = workspace_name(name)?;
        match self.store.write(|tx| rename_workspace(tx, self.id, name, &key)) {
            Err(StoreError::Conflict(_)) => return Err(name_is_taken(name)),
            renamed => renamed?,
        }
        let before = std::mem::replace(&mut self.name, name.to_owned());
        self.note(Action::WorkspaceRenamed, Some(self.id.to_string()), json!({"from": before, "to": name}))
    }
}
