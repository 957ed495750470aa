//! A person as programs see it: the shape of the API and of `--json`. Keys and their order are fixed.

use std::collections::BTreeMap;

use convoke_people::custom::{CustomField, read_custom};
use convoke_people::field::Field;
use convoke_people::id::{Block, ImportId};
use convoke_people::person::{Source, label};
use convoke_people::platform::Platform;
use convoke_people::record_type::{IdentityKind, RecordType};
use convoke_store::people::Person as StoredPerson;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{also_at, percent};
use crate::imports::shapes::{RecordTypeName, rfc3339};

/// A creator, prospect or advocate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    #[schema(example = "per_0000000004002")]
    pub id: String,
    pub record_type: RecordTypeName,
    /// What tells people of this type apart: the e-mail address, or platform and handle, as they are compared.
    #[schema(example = "anna@example.com")]
    pub identity: String,
    /// Of creators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub platform: Option<String>,
    /// Of creators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub handle: Option<String>,
    /// Other accounts of creators and prospects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub also_at: Option<Vec<Account>>,
    #[schema(required)]
    pub email: Option<String>,
    #[schema(required)]
    pub name: Option<String>,
    /// The other filled standard fields, by their API names.
    pub fields: Map<String, Value>,
    /// Values of custom fields, by their names.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub custom: Map<String, Value>,
    pub groups: Vec<InGroup>,
    pub tags: Vec<String>,
    /// `nominee` or `advocate`, of advocates.
    #[schema(required)]
    pub kind: Option<String>,
    /// `Nominee`, `Not joined`, `Joined` or `Archived`.
    pub label: String,
    /// Of prospects.
    #[schema(required)]
    pub stage: Option<String>,
    #[schema(required)]
    pub source: Option<String>,
    /// The import that created it.
    #[schema(required)]
    pub import: Option<String>,
    #[schema(required, format = DateTime)]
    pub invited_at: Option<String>,
    #[schema(required, format = DateTime)]
    pub joined_at: Option<String>,
    #[schema(required, format = DateTime)]
    pub archived_at: Option<String>,
    /// Gets no mail.
    pub suppressed: bool,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub updated_at: String,
}

/// An account on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    pub platform: String,
    pub handle: String,
}

/// A group somebody is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InGroup {
    pub name: String,
    /// `pending` until the person joins, then `active`.
    pub state: String,
}

/// Makes shapes, with the names of custom fields.
pub struct PersonShapes {
    /// Names by field id.
    customs: BTreeMap<i64, String>,
}

impl PersonShapes {
    pub fn new(customs: &[CustomField]) -> Self {
        Self { customs: customs.iter().map(|field| (field.id.0, field.name.clone())).collect() }
    }

    pub fn of(&self, person: &StoredPerson) -> Person {
        let account = account(person);
        let others = || also_at(person).into_iter();
        let others = || others().map(|other| Account { platform: other.platform.key().to_owned(), handle: other.key });
        let import = (person.source == Some(Source::CsvImport)).then(|| ImportId(Block::of(person.id.0).id(0)));
        let groups = person.groups.iter();
        let groups = groups.map(|(name, state)| InGroup { name: name.clone(), state: state.key().to_owned() });
        Person {
            id: person.id.to_string(),
            record_type: person.record_type.into(),
            identity: person.identity.clone(),
            platform: account.map(|(platform, _)| platform.to_owned()),
            handle: account.map(|(_, handle)| handle.to_owned()),
            also_at: (person.record_type != RecordType::Advocate).then(|| others().collect()),
            email: value_of(person, Field::Email),
            name: value_of(person, Field::Name),
            fields: other_fields(person),
            custom: self.custom(person),
            groups: groups.collect(),
            tags: person.tags.clone(),
            kind: person.kind.map(|kind| kind.key().to_owned()),
            label: label_of(person).to_owned(),
            stage: person.stage.map(|stage| stage.key().to_owned()),
            source: person.source.map(|source| source.key().to_owned()),
            import: import.map(|id| id.to_string()),
            invited_at: person.invited_at.map(rfc3339),
            joined_at: person.joined_at.map(rfc3339),
            archived_at: person.archived_at.map(rfc3339),
            suppressed: person.suppressed_at.is_some(),
            created_at: rfc3339(person.created_at),
            updated_at: rfc3339(person.updated_at),
        }
    }

    /// Values of a field that was deleted stay unseen.
    fn custom(&self, person: &StoredPerson) -> Map<String, Value> {
        let values = person.custom.as_deref().map(read_custom).unwrap_or_default().into_iter();
        values.filter_map(|(id, list)| Some((self.customs.get(&id)?.clone(), Value::from(list)))).collect()
    }
}

/// Platform and handle as they are compared, where they are who the person is.
fn account(person: &StoredPerson) -> Option<(&str, &str)> {
    match person.record_type.identity() {
        IdentityKind::PlatformAndHandle => person.identity.split_once('/'),
        IdentityKind::Email => None,
    }
}

fn value_of(person: &StoredPerson, wanted: Field) -> Option<String> {
    person.fields.iter().find(|(field, _)| *field == wanted).map(|(_, value)| value.clone())
}

/// The filled standard fields that have no key of their own.
fn other_fields(person: &StoredPerson) -> Map<String, Value> {
    let has_account = account(person).is_some();
    let others = person.fields.iter().filter(|(field, _)| match field {
        Field::Email | Field::Name | Field::AlsoAt => false,
        Field::Platform | Field::Handle => !has_account,
        _ => true,
    });
    others.map(|(field, text)| (field.key().to_owned(), value(*field, text))).collect()
}

fn value(field: Field, text: &str) -> Value {
    match field {
        Field::Platform => {
            text.parse().ok().and_then(Platform::from_code).map_or(Value::Null, |platform| platform.key().into())
        }
        Field::Followers => text.parse::<i64>().map_or(Value::Null, Value::from),
        Field::EngagementRate => text.parse().ok().map_or(Value::Null, |ppm| number(&percent(ppm))),
        _ => text.into(),
    }
}

/// Whole numbers stay whole.
fn number(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(whole) => whole.into(),
        Err(_) => text.parse::<f64>().map_or(Value::Null, Value::from),
    }
}

/// The word for where somebody stands.
pub fn label_of(person: &StoredPerson) -> &'static str {
    label(person.kind, person.joined_at.is_some(), person.archived_at.is_some())
}
