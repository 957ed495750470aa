//! The audit log: who did what, when, from where. An effect in a workspace and its entry are one transaction; an effect on
//! who may sign in has its entry right behind it. No secrets, no contents of cells.

use std::io::Write;

use convoke_people::id::{AuditId, WorkspaceId};
use convoke_pipeline::defuse::defuse;
use convoke_pipeline::results::{CsvError, csv_writer};
use convoke_store::audit::{Entry as StoredEntry, INSTALLATION, add_entry, page_of_entries};
use convoke_store::{Store, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::imports::shapes::rfc3339;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Entries read at once for an export.
const PAGE: u32 = 1_000;

macro_rules! actions {
    ($($name:ident $key:literal,)*) => {
        /// What is written down.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($name,)* }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable for ever.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

actions! {
    SignedIn "signed_in",
    SignInFailed "sign_in_failed",
    SignedOut "signed_out",
    SessionEnded "session_ended",
    PasswordChanged "password_changed",
    WorkspaceOpened "workspace_opened",
    WorkspaceMade "workspace_made",
    WorkspaceRenamed "workspace_renamed",
    DefaultSenderChosen "default_sender_chosen",
    RetentionChanged "retention_changed",
    MemberInvited "member_invited",
    InvitationRevoked "invitation_revoked",
    MemberJoined "member_joined",
    RoleChanged "role_changed",
    MemberRemoved "member_removed",
    TokenMade "token_made",
    TokenRevoked "token_revoked",
    ImportUploaded "import_uploaded",
    ImportConfirmed "import_confirmed",
    ImportPaused "import_paused",
    ImportResumed "import_resumed",
    ImportCancelled "import_cancelled",
    FileDownloaded "file_downloaded",
    AuditExported "audit_exported",
    PeopleExported "people_exported",
    GroupMade "group_made",
    GroupChanged "group_changed",
    GroupDeleted "group_deleted",
    TagMade "tag_made",
    TagRenamed "tag_renamed",
    TagDeleted "tag_deleted",
    FieldMade "field_made",
    FieldChanged "field_changed",
    FieldDeleted "field_deleted",
    MappingSaved "mapping_saved",
    MappingChanged "mapping_changed",
    MappingDeleted "mapping_deleted",
}

/// An entry as programs see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    #[schema(example = "aud_0000000004000")]
    pub id: String,
    #[schema(format = DateTime)]
    pub at: String,
    /// What was done, as a stable word.
    #[schema(example = "signed_in")]
    pub action: String,
    pub actor: AuditActor,
    /// The id of what it was done to.
    #[schema(required)]
    pub object: Option<String>,
    /// What more there is to say, by action.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// Of the client, if it came over the network.
    #[schema(required)]
    pub address: Option<String>,
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// `member`, `token`, `command_line`, `worker`, or `nobody` who was known.
    pub kind: String,
    #[schema(required)]
    pub id: Option<String>,
    pub name: String,
}

/// A page of the log, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditPage {
    pub items: Vec<AuditEntry>,
    /// What to send as `before` for the page behind; null on the last one.
    #[schema(required)]
    pub next: Option<String>,
}

fn shape(entry: &StoredEntry) -> Result<AuditEntry> {
    let damaged = |e: serde_json::Error| Error::from(convoke_store::StoreError::from(e));
    Ok(AuditEntry {
        id: entry.id.to_string(),
        at: rfc3339(entry.at),
        action: entry.action.clone(),
        actor: serde_json::from_str(&entry.actor).map_err(damaged)?,
        object: entry.object.clone(),
        detail: serde_json::from_str(&entry.detail).map_err(damaged)?,
        address: entry.address.clone(),
    })
}

/// An entry that is about to be added.
pub(crate) fn entry(
    store: &Store,
    actor: &Actor,
    action: Action,
    object: Option<String>,
    detail: Value,
) -> Result<StoredEntry> {
    Ok(StoredEntry {
        id: AuditId(store.draw_id()?),
        at: 0,
        action: action.key().to_owned(),
        actor: actor.json(),
        object,
        detail: detail.to_string(),
        address: actor.address.map(|address| address.to_string()),
    })
}

impl Workspace {
    pub(crate) fn entry(&self, action: Action, object: Option<String>, detail: Value) -> Result<StoredEntry> {
        entry(&self.store, &self.actor, action, object, detail)
    }

    /// Makes a change and writes it down with it, unless somebody was faster.
    pub(crate) fn write_noted(
        &self,
        entry: &StoredEntry,
        change: impl Fn(&mut Tx<'_>) -> convoke_store::Result<bool>,
    ) -> Result<bool> {
        Ok(self.store.write(|tx| {
            let is_done = change(tx)?;
            if is_done {
                add_entry(tx, self.id, entry)?;
            }
            Ok(is_done)
        })?)
    }

    /// Writes down what has no effect in the workspace to stand beside.
    pub(crate) fn note(&self, action: Action, object: Option<String>, detail: Value) -> Result<()> {
        let entry = self.entry(action, object, detail)?;
        Ok(self.store.write(|tx| add_entry(tx, self.id, &entry))?)
    }

    /// A page of the log, the newest first; `before` is the `next` of the page before.
    pub fn audit(&self, before: Option<&str>, most: u32) -> Result<AuditPage> {
        self.require(Permission::ReadAudit)?;
        page(&self.store, self.id, before, most)
    }

    /// Writes the whole log as CSV, the newest first.
    pub fn export_audit(&self, out: impl Write) -> Result<()> {
        self.require(Permission::ReadAudit)?;
        self.note(Action::AuditExported, None, json!({}))?;
        let broken = |e: CsvError| Error::Output(format!("cannot write the export: {e}"));
        let mut writer = csv_writer(out);
        let header = ["at", "action", "actor_kind", "actor_id", "actor", "object", "detail", "address"];
        writer.write_record(header).map_err(broken)?;
        let mut before = None;
        loop {
            let found = page(&self.store, self.id, before.as_deref(), PAGE)?;
            for entry in &found.items {
                let detail = entry.detail.to_string();
                let (id, object) = (entry.actor.id.as_deref(), entry.object.as_deref());
                let cells = [
                    &entry.at,
                    &entry.action,
                    &entry.actor.kind,
                    id.unwrap_or_default(),
                    &entry.actor.name,
                    object.unwrap_or_default(),
                    &detail,
                    entry.address.as_deref().unwrap_or_default(),
                ];
                writer.write_record(cells.map(|cell| defuse(cell).into_owned())).map_err(broken)?;
            }
            before = found.next;
            if before.is_none() {
                return writer.flush().map_err(|e| Error::Output(format!("cannot write the export: {e}")));
            }
        }
    }
}

/// What stands about the installation itself.
pub(crate) fn of_installation(store: &Store, before: Option<&str>, most: u32) -> Result<AuditPage> {
    page(store, INSTALLATION, before, most)
}

fn page(store: &Store, workspace: WorkspaceId, before: Option<&str>, most: u32) -> Result<AuditPage> {
    let wrong = || Error::usage("before: it is no place in the log", "Send the `next` of the page before.");
    let before = before.map(|text| {
        let (at, id) = text.split_once('-')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    });
    let before = before.map(|place| place.ok_or_else(wrong)).transpose()?;
    let found = store.read(|r| page_of_entries(r, workspace, before, most))?;
    let last = found.last().filter(|_| found.len() == most as usize);
    let next = last.map(|entry| format!("{}-{}", entry.at, entry.id));
    Ok(AuditPage { items: found.iter().map(shape).collect::<Result<_>>()?, next })
}
