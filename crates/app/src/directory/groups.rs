//! Groups: made, changed and deleted by the same rules for the command line and the API.

use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::id::GroupId;
use convoke_people::text;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::groups::{self, Group as StoredGroup, NewGroup as ToStore};
use convoke_store::tags::next_in_process;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::pages::{Asked, Page, Seen, Versioned, cut, need_consent, said, until_done};
use super::{described, named};
use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::once::{Addressed, Kept};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Characters of a join code.
const LONGEST_CODE: usize = 64;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    #[schema(example = "grp_0000000004001")]
    pub id: String,
    #[schema(example = "Launch")]
    pub name: String,
    #[schema(required)]
    pub description: Option<String>,
    /// The join code; public.
    #[schema(required)]
    pub code: Option<String>,
    /// Members who have not joined the program yet.
    pub pending: u64,
    /// Members who have.
    pub active: u64,
}

/// A group to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Unique without regard to case.
    #[schema(min_length = 1, max_length = 255, example = "Launch")]
    pub name: String,
    /// What it is for.
    #[schema(max_length = 1000)]
    pub description: Option<String>,
    /// Letters, digits, `-` and `_`; unique.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    pub code: Option<String>,
}

/// What changes of a group; what is left out stays, `null` removes.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "Launch")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub description: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    pub code: Option<Option<String>>,
}

impl From<&StoredGroup> for Group {
    fn from(group: &StoredGroup) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            description: group.description.clone(),
            code: group.join_code.clone(),
            pending: group.pending,
            active: group.active,
        }
    }
}

impl Addressed for Group {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

impl Workspace {
    /// All groups, by name.
    pub fn groups(&self) -> Result<Vec<StoredGroup>> {
        Ok(self.store.read(|r| groups::list_groups(r, self.id))?)
    }

    pub fn group_page(&self, asked: &Asked) -> Result<Page<Group>> {
        let page = asked.page()?;
        let found = self.store.read(|r| groups::page_of_groups(r, self.id, &page))?;
        Ok(cut(found, &page, |group| (group.id.0, &group.name), |group| Group::from(group)))
    }

    pub fn group(&self, id: GroupId) -> Result<Versioned<Group>> {
        Ok(versioned(&self.stored_group(id)?))
    }

    pub fn make_group(&self, new: &NewGroup) -> Result<Kept<Group>> {
        self.require(Permission::Organise)?;
        let name = named("A group's name", &new.name, MAX_VALUE_CHARS as usize)?;
        let description = described(new.description.as_deref())?;
        let code = new.code.as_deref().map(join_code).transpose()?;
        let id = GroupId(self.draw_block()?.id(next_in_process()));
        let key = text::key(&name);
        let to_store = ToStore { id, name: &name, key: &key, description: description.as_deref(), join_code: code };
        let entry = self.entry(Action::GroupMade, Some(id.to_string()), json!({"name": name}))?;
        let made = self.store.write(|tx| {
            groups::add_group(tx, self.id, &to_store)?;
            add_entry(tx, self.id, &entry)?;
            let made = groups::find_group(tx, self.id, id)?.ok_or(StoreError::Stale)?;
            self.keep(tx, Group::from(&made))
        });
        made.map_err(|error| taken(error, &name, code))
    }

    pub fn change_group(&self, id: GroupId, change: &GroupChange, seen: &Seen) -> Result<Versioned<Group>> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_group(id)?;
            seen.refuse_other(old.version)?;
            let name = change.name.as_deref().unwrap_or(&old.name);
            let name = named("A group's name", name, MAX_VALUE_CHARS as usize)?;
            let description = match &change.description {
                Some(description) => described(description.as_deref())?,
                None => old.description.clone(),
            };
            let code = match &change.code {
                Some(code) => code.as_deref().map(join_code).transpose()?,
                None => old.join_code.as_deref(),
            };
            let key = text::key(&name);
            let to = ToStore { id, name: &name, key: &key, description: description.as_deref(), join_code: code };
            let detail = json!({"from": old.name, "to": name});
            let entry = self.entry(Action::GroupChanged, Some(id.to_string()), detail)?;
            let changed = self.store.write(|tx| {
                if !groups::change_group(tx, self.id, &to, old.version)? {
                    return Ok(None);
                }
                add_entry(tx, self.id, &entry)?;
                groups::find_group(tx, self.id, id)
            });
            Ok(changed.map_err(|error| taken(error, &name, code))?.as_ref().map(versioned))
        })
    }

    /// Deletes a group and its memberships; its people stay. Whom it concerns must be meant.
    pub fn delete_group(&self, id: GroupId, seen: &Seen, confirm: bool) -> Result<()> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_group(id)?;
            seen.refuse_other(old.version)?;
            need_consent(confirm, old.pending + old.active, &format!("To delete the group {}", old.name), &[])?;
            let entry = self.entry(Action::GroupDeleted, Some(id.to_string()), json!({"name": old.name}))?;
            let is_done = self.write_noted(&entry, |tx| groups::remove_group(tx, self.id, id, old.version))?;
            Ok(is_done.then_some(()))
        })
    }

    /// The group of a name, in any case.
    pub fn group_named(&self, name: &str) -> Result<GroupId> {
        let key = text::key(name);
        let names = self.store.read(|r| groups::group_names(r, self.id))?;
        let found = names.iter().find(|group| group.key == key).map(|group| group.id);
        found.ok_or_else(|| no_group(name))
    }

    fn stored_group(&self, id: GroupId) -> Result<StoredGroup> {
        let found = self.store.read(|r| groups::find_group(r, self.id, id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no group {id}"), "See /api/v1/groups."))
    }
}

/// What is said of a name that no group has.
pub fn no_group(name: &str) -> Error {
    Error::usage(format!("Group {name} does not exist"), "")
}

fn versioned(group: &StoredGroup) -> Versioned<Group> {
    Versioned { shape: group.into(), version: group.version }
}

fn join_code(code: &str) -> Result<&str> {
    let is_code = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if code.is_empty() || code.len() > LONGEST_CODE || !code.chars().all(is_code) {
        return Err(Error::usage(
            format!("\"{code}\" is no join code"),
            format!("It has 1 to {LONGEST_CODE} letters, digits, - and _, without blanks."),
        ));
    }
    Ok(code)
}

fn taken(error: StoreError, name: &str, code: Option<&str>) -> Error {
    match error {
        StoreError::Conflict(what) if what.contains("code") => Error::hindered(
            Hindrance::JoinCodeTaken,
            format!("Join code {} belongs to another group", code.unwrap_or_default()),
            "Choose another one.",
        ),
        StoreError::Conflict(_) => {
            Error::hindered(Hindrance::NameTaken, format!("Group {name} is there already"), "Choose another name.")
        }
        error => error.into(),
    }
}
