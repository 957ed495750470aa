//! Workspaces of an installation: made by the operator, changed by an owner. Of two changes at once one comes first, and
//! the other is made of what the first one left.

use convoke_people::id::MemberId;
use convoke_people::record_type::RecordType;
use convoke_store::audit::add_entry;
use convoke_store::memberships::{Role, add_membership, begin_change, find_belonging};
use convoke_store::workspaces::{Settings, add_workspace, change_settings, list_workspaces, settings};
use convoke_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::audit::{self, Action, AuditPage};
use crate::directory::pages::{Seen, Versioned, said, until_done};
use crate::error::{Error, Result};
use crate::imports::from_json;
use crate::permissions::Permission;
use crate::retention::{Retention, UNCONFIRMED_DAYS};
use crate::sessions::{MyWorkspace, SignedIn, member_actor};
use crate::workspace::{Workspace, workspace_name};

/// The workspace of a session or token, with its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettings {
    #[schema(example = "wsp_0000000000001")]
    pub id: String,
    pub name: String,
    /// The id of the member in whose name it writes.
    #[schema(required)]
    pub default_sender: Option<String>,
    /// Days that the files of imports are kept, from the upload on; null: for ever.
    #[schema(required)]
    pub retention_days: Option<u32>,
    /// Days that drafts and dry runs are kept which nobody confirms; of the installation.
    pub unconfirmed_days: u32,
    pub files: FilePlace,
    pub limits: ImportLimits,
}

/// Where the files of imports are; the operator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FilePlace {
    /// `folder`, of the machine, or `bucket`.
    #[schema(example = "bucket")]
    pub kind: String,
    /// Of a bucket; null of a folder, whose path is the operator's business.
    #[schema(required, example = "s3://uploads/convoke")]
    pub place: Option<String>,
}

/// What one import may hold; the operator's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportLimits {
    pub bytes: u64,
    /// Rows, by record type.
    pub creators: u64,
    pub prospects: u64,
    pub advocates: u64,
}

/// What is to be changed of a workspace; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceChange {
    pub name: Option<String>,
    /// The id of a member.
    pub default_sender: Option<String>,
    /// Null: for ever. What is older goes within the hour.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 36500)]
    pub retention_days: Option<Option<u32>>,
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
        Ok(MyWorkspace { id: id.to_string(), name: name.to_owned(), role: Some(Role::Owner.key().to_owned()) })
    }

    /// The audit log of the installation itself: failed sign-ins of unknown people, and what no workspace knows.
    pub fn installation_audit(&self, before: Option<&str>, most: u32) -> Result<AuditPage> {
        self.require_operator()?;
        audit::of_installation(&self.installation.store, before, most)
    }
}

/// The workspaces of a database, for whoever sits beside it.
pub fn all_workspaces(store: &Store) -> Result<Vec<MyWorkspace>> {
    let all = store.read(|r| list_workspaces(r))?.into_iter();
    Ok(all.map(|found| MyWorkspace { id: found.id.to_string(), name: found.name, role: None }).collect())
}

impl Workspace {
    /// As a list names it; who shows a token has no role.
    pub fn as_mine(&self) -> Result<MyWorkspace> {
        self.require(Permission::See)?;
        Ok(MyWorkspace { id: self.id.to_string(), name: self.name.clone(), role: None })
    }

    pub fn shown_settings(&self) -> Result<Versioned<WorkspaceSettings>> {
        self.require(Permission::See)?;
        self.versioned(&self.set()?)
    }

    /// Renames it, chooses in whose name it writes, or says how long files are kept: all that is named, or nothing.
    pub fn change_settings(&self, change: &WorkspaceChange, seen: &Seen) -> Result<Versioned<WorkspaceSettings>> {
        self.require(Permission::ManageWorkspace)?;
        let sender = change.default_sender.as_deref().map(parsed_member).transpose()?;
        let retention = change.retention_days.map(Retention::of_days).transpose()?;
        let (before, after) = until_done(|| {
            let before = self.set()?;
            seen.refuse_other(version(&before)?)?;
            let mut after = before.clone();
            let (name, key) = workspace_name(change.name.as_deref().unwrap_or(&before.name))?;
            name.clone_into(&mut after.name);
            after.default_sender = sender.or(before.default_sender);
            if let Some(retention) = retention {
                let mut others = from_json(&before.others)?;
                retention.write(&mut others);
                after.others = Value::from(others).to_string();
            }
            let changed = self.store.write(|tx| {
                if let Some(sender) = sender {
                    // Whoever leaves in this moment comes before, or finds that it is the sender.
                    begin_change(tx, self.id)?;
                    if find_belonging(tx, self.id, sender)?.is_none() {
                        return Ok(Err(unknown_member(&sender.to_string())));
                    }
                }
                change_settings(tx, self.id, &before, &after, &key).map(Ok)
            });
            let is_changed = match changed {
                Err(StoreError::Conflict(_)) => return Err(name_is_taken(name)),
                changed => changed??,
            };
            Ok(is_changed.then_some((before, after)))
        })?;
        self.note_changes(&before, &after)?;
        self.versioned(&after)
    }

    fn note_changes(&self, before: &Settings, after: &Settings) -> Result<()> {
        if before.name != after.name {
            let detail = json!({"from": before.name, "to": after.name});
            self.note(Action::WorkspaceRenamed, Some(self.id.to_string()), detail)?;
        }
        if before.default_sender != after.default_sender {
            let sender = after.default_sender.map(|sender| sender.to_string());
            self.note(Action::DefaultSenderChosen, sender, json!({}))?;
        }
        let (was, is) = (retention_of(before)?, retention_of(after)?);
        if was != is {
            let detail = json!({"from": was.days(), "to": is.days()});
            self.note(Action::RetentionChanged, Some(self.id.to_string()), detail)?;
        }
        Ok(())
    }

    /// What is set, as it is stored.
    pub(crate) fn set(&self) -> Result<Settings> {
        let found = self.store.read(|r| settings(r, self.id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no workspace {}", self.id), ""))
    }

    fn versioned(&self, set: &Settings) -> Result<Versioned<WorkspaceSettings>> {
        let rows = |of| self.limits.rows_of(of);
        let shape = WorkspaceSettings {
            id: self.id.to_string(),
            name: set.name.clone(),
            default_sender: set.default_sender.map(|sender| sender.to_string()),
            retention_days: retention_of(set)?.days(),
            unconfirmed_days: UNCONFIRMED_DAYS,
            files: self.files.told(),
            limits: ImportLimits {
                bytes: self.limits.bytes,
                creators: rows(RecordType::Creator),
                prospects: rows(RecordType::Prospect),
                advocates: rows(RecordType::Advocate),
            },
        };
        Ok(Versioned { shape, version: version(set)? })
    }
}

/// Two states that are the same have the same: what was changed and changed back is as it was seen.
fn version(set: &Settings) -> Result<i64> {
    let retention = retention_of(set)?.days();
    let text = json!([set.name, set.default_sender.map(|sender| sender.0), retention]).to_string();
    let digest = Sha256::digest(text);
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    // Without the sign.
    Ok((number >> 1) as i64)
}

fn retention_of(set: &Settings) -> Result<Retention> {
    Ok(Retention::read(&from_json(&set.others)?))
}

fn parsed_member(member: &str) -> Result<MemberId> {
    member.parse().map_err(|_| unknown_member(member))
}

fn unknown_member(member: &str) -> Error {
    Error::usage(format!("There is no member {member}"), "See /api/v1/members.")
}
