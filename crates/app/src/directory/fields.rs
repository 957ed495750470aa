//! Custom fields: defined, changed and deleted by the same rules for the command line and the API. The type of a field and
//! whether it takes several values never change, because people have values by them.

use convoke_people::custom::{CustomField, CustomKind, MAX_FIELD_NAME_CHARS, read_custom};
use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::id::{FieldId, PersonId};
use convoke_people::record_type::RecordType;
use convoke_people::text;
use convoke_pipeline::mapping::{Mapping, MappingChoices, Target};
use convoke_pipeline::synonyms;
use convoke_store::StoreError;
use convoke_store::audit::add_entry;
use convoke_store::fields::{self, StoredField};
use convoke_store::imports::imports_under_way;
use convoke_store::mappings::list_mappings;
use convoke_store::people::page_with_field;
use convoke_store::tags::next_in_process;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::named;
use super::pages::{Asked, Page, Seen, Versioned, cut, need_consent, said, until_done};
use crate::audit::Action;
use crate::error::{Error, Hindrance, Result};
use crate::imports::shapes::RecordTypeName;
use crate::once::{Addressed, Kept};
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Options a select may have.
const MOST_OPTIONS: usize = 500;
/// People read at once.
const PEOPLE_AT_ONCE: u32 = 5_000;

/// What a value of a custom field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    SingleSelect,
    MultiSelect,
    Number,
    Date,
    YesNo,
}

/// A custom field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomField)]
pub struct Field {
    #[schema(example = "fld_0000000004001")]
    pub id: String,
    #[schema(example = "Tier")]
    pub name: String,
    pub record_type: RecordTypeName,
    pub r#type: FieldType,
    /// Takes several values.
    pub multiple: bool,
    /// Shown to the person it is about.
    pub shown: bool,
    /// Of a select.
    pub options: Vec<String>,
}

/// A custom field to be defined.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCustomField)]
pub struct NewField {
    /// Unique without regard to case among those of the record type.
    #[schema(min_length = 1, max_length = 64, example = "Tier")]
    pub name: String,
    pub record_type: RecordTypeName,
    pub r#type: FieldType,
    #[serde(default)]
    pub multiple: bool,
    #[serde(default)]
    pub shown: bool,
    /// A select needs some.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub options: Vec<String>,
}

/// What changes of a custom field; what is left out stays. The type never changes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomFieldChange)]
pub struct FieldChange {
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, example = "Tier")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = bool, required = false)]
    pub shown: Option<bool>,
    /// All options from now on. Those that people have stay.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Vec<String>, required = false, max_items = 500)]
    pub options: Option<Vec<String>>,
}

impl From<CustomKind> for FieldType {
    fn from(kind: CustomKind) -> Self {
        match kind {
            CustomKind::Text => Self::Text,
            CustomKind::SingleSelect => Self::SingleSelect,
            CustomKind::MultiSelect => Self::MultiSelect,
            CustomKind::Number => Self::Number,
            CustomKind::Date => Self::Date,
            CustomKind::YesNo => Self::YesNo,
        }
    }
}

impl From<FieldType> for CustomKind {
    fn from(kind: FieldType) -> Self {
        match kind {
            FieldType::Text => Self::Text,
            FieldType::SingleSelect => Self::SingleSelect,
            FieldType::MultiSelect => Self::MultiSelect,
            FieldType::Number => Self::Number,
            FieldType::Date => Self::Date,
            FieldType::YesNo => Self::YesNo,
        }
    }
}

impl From<&CustomField> for Field {
    fn from(field: &CustomField) -> Self {
        Self {
            id: field.id.to_string(),
            name: field.name.clone(),
            record_type: field.record_type.into(),
            r#type: field.kind.into(),
            multiple: field.multiple,
            shown: field.shown,
            options: field.options.clone(),
        }
    }
}

impl From<&NewField> for CustomField {
    fn from(new: &NewField) -> Self {
        Self {
            // Given when it is made.
            id: FieldId(0),
            record_type: new.record_type.into(),
            name: new.name.clone(),
            kind: new.r#type.into(),
            multiple: new.multiple,
            shown: new.shown,
            options: new.options.clone(),
        }
    }
}

impl Addressed for Field {
    fn id(&self) -> String {
        self.id.clone()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

impl Workspace {
    /// The custom fields, or those of a record type, in the order they were made.
    pub fn fields(&self, of: Option<RecordType>) -> Result<Vec<CustomField>> {
        Ok(self.store.read(|r| fields::list_fields(r, self.id, of))?)
    }

    pub fn field_page(&self, of: Option<RecordType>, asked: &Asked) -> Result<Page<Field>> {
        let page = asked.page()?;
        let found = self.store.read(|r| fields::page_of_fields(r, self.id, of, &page))?;
        Ok(cut(found, &page, |one| (one.field.id.0, &one.field.name), |one| Field::from(&one.field)))
    }

    pub fn field(&self, id: FieldId) -> Result<Versioned<Field>> {
        Ok(versioned(&self.stored_field(id)?))
    }

    /// Defines a custom field; its id is made here.
    pub fn make_field(&self, mut field: CustomField) -> Result<Kept<Field>> {
        self.require(Permission::DefineFields)?;
        let key = field_name(&mut field)?;
        field.options = options(field.kind, &field.options)?;
        field.multiple |= field.kind == CustomKind::MultiSelect;
        field.id = FieldId(self.draw_block()?.id(next_in_process()));
        let detail = json!({"name": field.name, "as": field.record_type.plural()});
        let entry = self.entry(Action::FieldMade, Some(field.id.to_string()), detail)?;
        let made = self.store.write(|tx| {
            fields::add_field(tx, self.id, &field, &key)?;
            add_entry(tx, self.id, &entry)?;
            self.keep(tx, Field::from(&field))
        });
        made.map_err(|error| taken(error, &field))
    }

    pub fn change_field(&self, id: FieldId, change: &FieldChange, seen: &Seen) -> Result<Versioned<Field>> {
        self.require(Permission::DefineFields)?;
        until_done(|| {
            let StoredField { field: old, version } = self.stored_field(id)?;
            seen.refuse_other(version)?;
            let mut to = old.clone();
            if let Some(name) = &change.name {
                to.name.clone_from(name);
            }
            let key = field_name(&mut to)?;
            to.shown = change.shown.unwrap_or(old.shown);
            if let Some(wanted) = &change.options {
                to.options = options(old.kind, wanted)?;
                self.refuse_used_options(&old, &to.options)?;
            }
            let detail = json!({"from": old.name, "to": to.name, "as": to.record_type.plural()});
            let entry = self.entry(Action::FieldChanged, Some(id.to_string()), detail)?;
            let changed = self.store.write(|tx| {
                if !fields::change_field(tx, self.id, &to, &key, version)? {
                    return Ok(None);
                }
                add_entry(tx, self.id, &entry)?;
                fields::find_field(tx, self.id, id)
            });
            Ok(changed.map_err(|error| taken(error, &to))?.as_ref().map(versioned))
        })
    }

    /// Deletes a custom field. Its values are shown no more; that anybody has some, or that something uses it, must be
    /// meant.
    pub fn delete_field(&self, id: FieldId, seen: &Seen, confirm: bool) -> Result<()> {
        self.require(Permission::DefineFields)?;
        until_done(|| {
            let StoredField { field, version } = self.stored_field(id)?;
            seen.refuse_other(version)?;
            if !confirm {
                let mut people = 0;
                self.each_with_field(&field, |_| people += 1)?;
                let uses = self.uses_of_field(&field)?;
                need_consent(confirm, people, &format!("To delete the custom field {}", field.name), &uses)?;
            }
            let detail = json!({"name": field.name, "as": field.record_type.plural()});
            let entry = self.entry(Action::FieldDeleted, Some(id.to_string()), detail)?;
            let is_done = self.write_noted(&entry, |tx| fields::remove_field(tx, self.id, id, version))?;
            Ok(is_done.then_some(()))
        })
    }

    /// Options that people have cannot go: a value that is no option could not be imported again.
    fn refuse_used_options(&self, old: &CustomField, wanted: &[String]) -> Result<()> {
        let is_wanted = |option: &str| wanted.iter().any(|wanted| wanted == option);
        let gone: Vec<_> = old.options.iter().filter(|option| !is_wanted(option)).collect();
        let mut people = vec![0_u64; gone.len()];
        if !gone.is_empty() {
            self.each_with_field(old, |values| {
                for (option, people) in gone.iter().zip(&mut people) {
                    *people += u64::from(values.contains(option));
                }
            })?;
        }
        let used = gone.iter().zip(&people).filter(|(_, people)| **people > 0);
        let used: Vec<_> = used.map(|(option, people)| format!("{option} ({people})")).collect();
        if used.is_empty() {
            return Ok(());
        }
        Err(Error::hindered(
            Hindrance::InUse,
            format!("People have options that would go: {}", used.join(", ")),
            "Keep these options, or give those people another value first.",
        ))
    }

    /// Hands over the values that people have of a field.
    fn each_with_field(&self, field: &CustomField, mut take: impl FnMut(&[String])) -> Result<()> {
        let mut after = PersonId(0);
        loop {
            let page = self.store.read(|r| page_with_field(r, self.id, field, after, PEOPLE_AT_ONCE))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (_, custom) in &page {
                // A text that only looks like the key has none.
                if let Some(values) = read_custom(custom).get(&field.id.0).filter(|values| !values.is_empty()) {
                    take(values);
                }
            }
        }
    }

    /// What else hangs on a field: saved mappings, and imports that have not ended.
    fn uses_of_field(&self, field: &CustomField) -> Result<Vec<String>> {
        let (saved, imports) = self.store.read(|r| Ok((list_mappings(r, self.id)?, imports_under_way(r, self.id)?)))?;
        let key = text::key(&field.name);
        let names = |choices: &MappingChoices| choices.map.iter().any(|(_, named)| text::key(named) == key);
        let saved = saved.into_iter().filter(|saved| saved.record_type == field.record_type);
        let saved = saved.filter(|saved| serde_json::from_str(&saved.choices).is_ok_and(|choices| names(&choices)));
        let mut uses: Vec<_> = saved.map(|saved| format!("the saved mapping {}", saved.name)).collect();
        let target = Some(Target::Custom(field.id));
        let fills = |mapping: Mapping| mapping.columns.iter().any(|column| column.target == target);
        let imports = imports.into_iter().filter(|import| serde_json::from_str(&import.mapping).is_ok_and(fills));
        uses.extend(imports.map(|import| format!("the import {} ({})", import.id, import.state.key())));
        Ok(uses)
    }

    fn stored_field(&self, id: FieldId) -> Result<StoredField> {
        let found = self.store.read(|r| fields::find_field(r, self.id, id))?;
        found.ok_or_else(|| Error::not_found(format!("There is no custom field {id}"), "See /api/v1/fields."))
    }
}

fn versioned(stored: &StoredField) -> Versioned<Field> {
    Versioned { shape: Field::from(&stored.field), version: stored.version }
}

/// Trims the name, refuses what is none, and gives its compared form.
fn field_name(field: &mut CustomField) -> Result<String> {
    field.name = named("A custom field's name", &field.name, MAX_FIELD_NAME_CHARS)?;
    if synonyms::target(&field.name, field.record_type).is_some() {
        return Err(Error::usage(
            format!("\"{}\" names a standard field of {}", field.name, field.record_type.plural()),
            "Choose another name, or use the standard field.",
        ));
    }
    Ok(text::key(&field.name))
}

fn options(kind: CustomKind, wanted: &[String]) -> Result<Vec<String>> {
    if kind.has_options() && wanted.is_empty() {
        return Err(Error::usage("A select needs options", "Give each with --option, or in \"options\"."));
    }
    if !kind.has_options() && !wanted.is_empty() {
        return Err(Error::usage("Only selects have options", "Use --type single_select or multi_select."));
    }
    if wanted.len() > MOST_OPTIONS {
        return Err(Error::usage(format!("A select has at most {MOST_OPTIONS} options"), "Use a text field."));
    }
    let keys: Vec<_> = wanted.iter().map(|option| text::key(option)).collect();
    if keys.iter().enumerate().any(|(at, key)| key.is_empty() || keys[..at].contains(key)) {
        return Err(Error::usage("Options are not blank and differ by more than case", ""));
    }
    wanted.iter().map(|option| named("An option", option, MAX_VALUE_CHARS as usize)).collect()
}

fn taken(error: StoreError, field: &CustomField) -> Error {
    match error {
        StoreError::Conflict(_) => Error::hindered(
            Hindrance::NameTaken,
            format!("Custom field {} is there already for {}", field.name, field.record_type.plural()),
            "Choose another name.",
        ),
        error => error.into(),
    }
}
