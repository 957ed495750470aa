//! Saved mappings: choices about columns by name. What they name are fields of their record type.

use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::id::MappingId;
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_pipeline::mapping::{MappingChoices, Target};
use convoke_store::StoreError;
use convoke_store::audit::{Entry, add_entry};
use convoke_store::belongings::give_mapping;
use convoke_store::mappings::{self, SavedMapping};
use convoke_store::tags::next_in_process;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::named;
use super::pages::{Asked, Page, Seen, Versioned, cut, said, until_done};
use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::imports::ImportOptions;
use crate::imports::shapes::RecordTypeName;
use crate::once::{Addressed, Kept};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Columns a mapping may name.
const MOST_COLUMNS: usize = 1_000;

/// A column and the field it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// A header, without regard to case, or the letter of a column.
    #[schema(min_length = 1, max_length = 255, example = "Work mail")]
    pub column: String,
    /// A standard field, or a custom one by its name.
    #[schema(min_length = 1, max_length = 255, example = "email")]
    pub field: String,
}

/// A saved mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SavedMapping)]
pub struct Saved {
    #[schema(example = "map_0000000004001")]
    pub id: String,
    #[schema(example = "CRM export")]
    pub name: String,
    pub record_type: RecordTypeName,
    pub map: Vec<MappedColumn>,
    /// Columns that are left out.
    pub ignore: Vec<String>,
    /// Whether every column that means nothing is left out.
    pub ignore_unknown: bool,
}

/// A mapping to be saved.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMapping {
    /// Unique without regard to case among those of the record type.
    #[schema(min_length = 1, max_length = 255, example = "CRM export")]
    pub name: String,
    pub record_type: RecordTypeName,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub map: Vec<MappedColumn>,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub ignore: Vec<String>,
    #[serde(default)]
    pub ignore_unknown: bool,
}

/// What changes of a saved mapping; what is left out stays, a list replaces the whole list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingChange {
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 255, example = "CRM export")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Vec<MappedColumn>, required = false, max_items = 1000)]
    pub map: Option<Vec<MappedColumn>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Vec<String>, required = false, max_items = 1000)]
    pub ignore: Option<Vec<String>>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = bool, required = false)]
    pub ignore_unknown: Option<bool>,
}

impl Addressed for Saved {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

impl Workspace {
    /// The saved mappings by record type and name.
    pub fn mappings(&self) -> Result<Vec<SavedMapping>> {
        Ok(self.store.read(|r| mappings::list_mappings(r, self.id))?)
    }

    pub fn mapping_page(&self, of: Option<RecordType>, asked: &Asked) -> Result<Page<Saved>> {
        let page = asked.page()?;
        let found = self.store.read(|r| mappings::page_of_mappings(r, self.id, of, &page))?;
        let Page { items, next } = cut(found, &page, |saved| (saved.id.0, &saved.name), shape);
        Ok(Page { items: items.into_iter().collect::<Result<_>>()?, next })
    }

    pub fn mapping(&self, id: MappingId) -> Result<Versioned<Saved>> {
        versioned(&self.stored_mapping(id)?)
    }

    /// Saves a mapping under a new name.
    pub fn make_mapping(&self, new: &NewMapping) -> Result<Kept<Saved>> {
        self.require(Permission::Organise)?;
        let choices = choices(&new.map, &new.ignore, new.ignore_unknown)?;
        let (mapping, key) = self.to_save(&new.name, new.record_type.into(), &choices)?;
        let shape = shape(&mapping)?;
        let entry = self.mapping_entry(Action::MappingSaved, Some(mapping.id), mapping.record_type, &mapping.name)?;
        let made = self.store.write(|tx| {
            mappings::add_mapping(tx, self.id, &mapping, &key)?;
            add_entry(tx, self.id, &entry)?;
            self.keep(tx, shape.clone())
        });
        made.map_err(|error| taken(error, &mapping))
    }

    /// Saves choices about columns under a name, over an earlier mapping of that name.
    pub fn save_mapping(&self, name: &str, options: &ImportOptions) -> Result<()> {
        self.require(Permission::Organise)?;
        let (mapping, key) = self.to_save(name, options.record_type, &options.choices)?;
        // An earlier mapping of that name keeps its id.
        let entry = self.mapping_entry(Action::MappingSaved, None, mapping.record_type, &mapping.name)?;
        Ok(self.store.write(|tx| {
            mappings::save_mapping(tx, self.id, &mapping, &key)?;
            add_entry(tx, self.id, &entry)?;
            self.actor.member().map_or(Ok(()), |member| give_mapping(tx, self.id, mapping.id, member))
        })?)
    }

    pub fn change_mapping(&self, id: MappingId, change: &MappingChange, seen: &Seen) -> Result<Versioned<Saved>> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_mapping(id)?;
            seen.refuse_other(old.version)?;
            let was = shape(&old)?;
            let (map, ignore) =
                (change.map.as_ref().unwrap_or(&was.map), change.ignore.as_ref().unwrap_or(&was.ignore));
            let choices = choices(map, ignore, change.ignore_unknown.unwrap_or(was.ignore_unknown))?;
            let (to, key) = self.to_save(change.name.as_ref().unwrap_or(&was.name), old.record_type, &choices)?;
            let to = SavedMapping { id, version: old.version, ..to };
            let entry = self.mapping_entry(Action::MappingChanged, Some(id), to.record_type, &to.name)?;
            let changed = self.store.write(|tx| {
                if !mappings::change_mapping(tx, self.id, &to, &key)? {
                    return Ok(None);
                }
                add_entry(tx, self.id, &entry)?;
                mappings::find_mapping(tx, self.id, id)
            });
            changed.map_err(|error| taken(error, &to))?.as_ref().map(versioned).transpose()
        })
    }

    pub fn delete_mapping(&self, id: MappingId, seen: &Seen) -> Result<()> {
        self.require(Permission::Organise)?;
        until_done(|| {
            let old = self.stored_mapping(id)?;
            seen.refuse_other(old.version)?;
            let entry = self.mapping_entry(Action::MappingDeleted, Some(id), old.record_type, &old.name)?;
            let is_done =
                self.write_noted(&entry, |tx| mappings::remove_mapping_of_id(tx, self.id, id, old.version))?;
            Ok(is_done.then_some(()))
        })
    }

    /// Removes the mapping of a name, in any case.
    pub fn remove_mapping(&self, of: RecordType, name: &str) -> Result<()> {
        self.require(Permission::Organise)?;
        let entry = self.mapping_entry(Action::MappingDeleted, None, of, name)?;
        let removed = self.write_noted(&entry, |tx| mappings::remove_mapping(tx, self.id, of, &text::key(name)))?;
        if removed { Ok(()) } else { Err(no_mapping(of, name)) }
    }

    fn mapping_entry(&self, action: Action, id: Option<MappingId>, of: RecordType, name: &str) -> Result<Entry> {
        self.entry(action, id.map(|id| id.to_string()), json!({"name": name, "as": of.plural()}))
    }

    /// The mapping as it will be stored, and its name in compared form.
    fn to_save(&self, name: &str, of: RecordType, choices: &MappingChoices) -> Result<(SavedMapping, String)> {
        let name = named("A mapping's name", name, MAX_VALUE_CHARS as usize)?;
        let settings = self.settings(&ImportOptions::new(of))?;
        for (_, field) in &choices.map {
            if Target::parse(field, &settings).is_none() {
                return Err(Error::usage(format!("\"{field}\" is no field of {}", of.plural()), "See its template."));
            }
        }
        let key = text::key(&name);
        let id = MappingId(self.draw_block()?.id(next_in_process()));
        let choices = crate::imports::choices_json(choices)?;
        Ok((SavedMapping { id, record_type: of, choices, name, version: 1 }, key))
    }

    fn stored_mapping(&self, id: MappingId) -> Result<SavedMapping> {
        let found = self.store.read(|r| mappings::find_mapping(r, self.id, id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no saved mapping {id}"), "See /api/v1/mappings."))
    }
}

/// What is said of a name that no mapping has.
pub fn no_mapping(of: RecordType, name: &str) -> Error {
    Error::usage(format!("There is no mapping \"{name}\" for {}", of.plural()), "See convoke mappings list.")
}

fn choices(map: &[MappedColumn], ignore: &[String], ignore_unknown: bool) -> Result<MappingChoices> {
    if map.is_empty() && ignore.is_empty() && !ignore_unknown {
        let hint = "Give it columns to map or to ignore, or let it ignore what is unknown.";
        return Err(Error::usage("A mapping without choices says nothing", hint));
    }
    if map.len().max(ignore.len()) > MOST_COLUMNS {
        return Err(Error::usage(format!("A mapping names at most {MOST_COLUMNS} columns"), "Leave some out."));
    }
    let header = |column: &str| named("A column", column, MAX_VALUE_CHARS as usize);
    let pair = |mapped: &MappedColumn| Ok((header(&mapped.column)?, header(&mapped.field)?));
    Ok(MappingChoices {
        map: map.iter().map(pair).collect::<Result<_>>()?,
        ignore: ignore.iter().map(|column| header(column)).collect::<Result<_>>()?,
        ignore_unknown,
        saved: None,
    })
}

fn shape(saved: &SavedMapping) -> Result<Saved> {
    let choices: MappingChoices = serde_json::from_str(&saved.choices)
        .map_err(|e| StoreError::Corrupt(format!("mapping {}: {e}", saved.name)))?;
    Ok(Saved {
        id: saved.id.to_string(),
        name: saved.name.clone(),
        record_type: saved.record_type.into(),
        map: choices.map.into_iter().map(|(column, field)| MappedColumn { column, field }).collect(),
        ignore: choices.ignore,
        ignore_unknown: choices.ignore_unknown,
    })
}

fn versioned(saved: &SavedMapping) -> Result<Versioned<Saved>> {
    Ok(Versioned { shape: shape(saved)?, version: saved.version })
}

fn taken(error: StoreError, mapping: &SavedMapping) -> Error {
    match error {
        StoreError::Conflict(_) => Error::hindered(
            Hindrance::NameTaken,
            format!("There is a mapping {} for {} already", mapping.name, mapping.record_type.plural()),
            "Choose another name.",
        ),
        error => error.into(),
    }
}
