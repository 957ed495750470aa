//! Tags: free, made on use or by hand, renamed and deleted for everybody at once.

use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::id::TagId;
use convoke_people::text;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::tags::{self, Tag as StoredTag, next_in_process};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::named;
use super::pages::{Asked, Page, Seen, Versioned, cut, need_consent, said, until_done};
use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::once::{Addressed, Kept};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tag {
    #[schema(example = "tag_0000000004001")]
    pub id: String,
    #[schema(example = "vip")]
    pub name: String,
    /// How many people have it.
    pub people: u64,
}

/// A tag to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// Unique without regard to case.
    #[schema(min_length = 1, max_length = 255, example = "vip")]
    pub name: String,
}

/// What changes of a tag.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagChange {
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "vip")]
    pub name: Option<String>,
}

impl From<&StoredTag> for Tag {
    fn from(tag: &StoredTag) -> Self {
        Self { id: tag.id.to_string(), name: tag.name.clone(), people: tag.people }
    }
}

impl Addressed for Tag {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

impl Workspace {
    /// All tags, by name.
    pub fn tags(&self) -> Result<Vec<StoredTag>> {
        Ok(self.store.read(|r| tags::list_tags(r, self.id))?)
    }

    pub fn tag_page(&self, asked: &Asked) -> Result<Page<Tag>> {
        let page = asked.page()?;
        let found = self.store.read(|r| tags::page_of_tags(r, self.id, &page))?;
        Ok(cut(found, &page, |tag| (tag.id.0, &tag.name), |tag| Tag::from(tag)))
    }

    pub fn tag(&self, id: TagId) -> Result<Versioned<Tag>> {
        Ok(versioned(&self.stored_tag(id)?))
    }

    pub fn make_tag(&self, new: &NewTag) -> Result<Kept<Tag>> {
        self.require(Permission::Organise)?;
        let name = named("A tag", &new.name, MAX_VALUE_CHARS as usize)?;
        let (id, key) = (TagId(self.draw_block()?.id(next_in_process())), text::key(&name));
        let entry = self.entry(Action::TagMade, Some(id.to_string()), json!({"name": name}))?;
        let made = self.store.write(|tx| {
            tags::add_tag(tx, self.id, id, &name, &key)?;
            add_entry(tx, self.id, &entry)?;
            self.keep(tx, Tag { id: id.to_string(), name: name.clone(), people: 0 })
        });
        made.map_err(|error| taken(error, &name))
    }

    pub fn change_tag(&self, id: TagId, change: &TagChange, seen: &Seen) -> Result<Versioned<Tag>> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_tag(id)?;
            seen.refuse_other(old.version)?;
            let name = named("A tag", change.name.as_deref().unwrap_or(&old.name), MAX_VALUE_CHARS as usize)?;
            let key = text::key(&name);
            let detail = json!({"from": old.name, "to": name});
            let entry = self.entry(Action::TagRenamed, Some(id.to_string()), detail)?;
            let changed = self.store.write(|tx| {
                if !tags::rename_tag(tx, self.id, &old, &name, &key)? {
                    return Ok(None);
                }
                add_entry(tx, self.id, &entry)?;
                tags::find_tag(tx, self.id, id)
            });
            Ok(changed.map_err(|error| taken(error, &name))?.as_ref().map(versioned))
        })
    }

    /// Deletes a tag, from everybody who has it. Whom it concerns must be meant.
    pub fn delete_tag(&self, id: TagId, seen: &Seen, confirm: bool) -> Result<()> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_tag(id)?;
            seen.refuse_other(old.version)?;
            need_consent(confirm, old.people, &format!("To delete the tag {}", old.name), &[])?;
            let entry = self.entry(Action::TagDeleted, Some(id.to_string()), json!({"name": old.name}))?;
            let is_done = self.write_noted(&entry, |tx| tags::remove_tag(tx, self.id, id, old.version))?;
            Ok(is_done.then_some(()))
        })
    }

    /// The tag of a name, in any case.
    pub fn tag_named(&self, name: &str) -> Result<TagId> {
        let key = text::key(name);
        let found = self.tags()?.into_iter().find(|tag| text::key(&tag.name) == key);
        found.map(|tag| tag.id).ok_or_else(|| Error::usage(format!("Tag {name} does not exist"), ""))
    }

    fn stored_tag(&self, id: TagId) -> Result<StoredTag> {
        let found = self.store.read(|r| tags::find_tag(r, self.id, id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no tag {id}"), "See /api/v1/tags."))
    }
}

fn versioned(tag: &StoredTag) -> Versioned<Tag> {
    Versioned { shape: tag.into(), version: tag.version }
}

fn taken(error: StoreError, name: &str) -> Error {
    match error {
        StoreError::Conflict(_) => {
            Error::hindered(Hindrance::NameTaken, format!("Tag {name} is there already"), "Choose another name.")
        }
        error => error.into(),
    }
}
