//! A person as one JSON object a line, and as a row of a table.

use std::collections::BTreeMap;

use convoke_app::directory::{also_at, percent, shown};
use convoke_app::people::custom::{CustomField, read_custom};
use convoke_app::people::field::Field;
use convoke_app::people::id::{Block, ImportId};
use convoke_app::people::person::{Source, label};
use convoke_app::people::platform::Platform;
use convoke_app::people::record_type::{IdentityKind, RecordType};
use convoke_app::store::people::Person;
use serde_json::{Map, Value, json};

use convoke_app::imports::shapes::rfc3339;

/// Writes people with the names of their custom fields.
pub(crate) struct PersonWriter {
    /// Names by field id.
    customs: BTreeMap<i64, String>,
}

impl PersonWriter {
    pub(crate) fn new(customs: &[CustomField]) -> Self {
        Self { customs: customs.iter().map(|field| (field.id.0, field.name.clone())).collect() }
    }

    /// The object of the API.
    pub(crate) fn json(&self, person: &Person) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", person.id.to_string().into());
        put("record_type", person.record_type.key().into());
        put("identity", person.identity.clone().into());
        if let Some((platform, handle)) = account(person) {
            put("platform", platform.into());
            put("handle", handle.into());
        }
        if person.record_type != RecordType::Advocate {
            let others = also_at(person);
            let named = others.iter().map(|other| json!({"platform": other.platform.key(), "handle": other.key}));
            put("also_at", named.collect());
        }
        put("email", of(person, Field::Email).into());
        put("name", of(person, Field::Name).into());
        put("fields", other_fields(person));
        put("custom", self.custom(person));
        let groups = person.groups.iter().map(|(name, state)| json!({"name": name, "state": state.key()}));
        put("groups", groups.collect());
        put("tags", person.tags.clone().into());
        put("kind", person.kind.map(|kind| kind.key()).into());
        put("label", label_of(person).into());
        put("stage", person.stage.map(|stage| stage.key()).into());
        put("source", person.source.map(|source| source.key()).into());
        let import = (person.source == Some(Source::CsvImport)).then(|| ImportId(Block::of(person.id.0).id(0)));
        put("import", import.map(|id| id.to_string()).into());
        put("invited_at", person.invited_at.map(rfc3339).into());
        put("joined_at", person.joined_at.map(rfc3339).into());
        put("archived_at", person.archived_at.map(rfc3339).into());
        put("suppressed", person.suppressed_at.is_some().into());
        put("created_at", rfc3339(person.created_at).into());
        put("updated_at", rfc3339(person.updated_at).into());
        Value::Object(object)
    }

    fn custom(&self, person: &Person) -> Value {
        let values = person.custom.as_deref().map(read_custom).unwrap_or_default();
        let named = values.into_iter().map(|(id, list)| {
            let name = self.customs.get(&id).cloned().unwrap_or_else(|| id.to_string());
            (name, Value::from(list))
        });
        Value::Object(named.collect())
    }
}

/// Platform and handle as they are compared, where they are who the person is.
fn account(person: &Person) -> Option<(&str, &str)> {
    match person.record_type.identity() {
        IdentityKind::PlatformAndHandle => person.identity.split_once('/'),
        IdentityKind::Email => None,
    }
}

fn of(person: &Person, wanted: Field) -> Option<&str> {
    person.fields.iter().find(|(field, _)| *field == wanted).map(|(_, value)| value.as_str())
}

/// The filled standard fields that have no key of their own.
fn other_fields(person: &Person) -> Value {
    let has_account = account(person).is_some();
    let others = person.fields.iter().filter(|(field, _)| match field {
        Field::Email | Field::Name | Field::AlsoAt => false,
        Field::Platform | Field::Handle => !has_account,
        _ => true,
    });
    Value::Object(others.map(|(field, text)| (field.key().to_owned(), value(*field, text))).collect())
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

fn label_of(person: &Person) -> &'static str {
    label(person.kind, person.joined_at.is_some(), person.archived_at.is_some())
}

/// The headings of a list.
pub(crate) fn headings(of: RecordType) -> &'static [&'static str] {
    match of {
        RecordType::Creator => &["Platform", "Handle", "Also at", "Name", "Email", "Followers", "Groups", "Tags"],
        RecordType::Prospect => &["Name", "Email", "Company", "Groups", "Tags", "Stage"],
        RecordType::Advocate => &["Name", "Email", "Title", "Company", "Groups", "Tags", "Status"],
    }
}

/// The cells of a list below its [`headings`].
pub(crate) fn cells(person: &Person) -> Vec<String> {
    let fields: &[Field] = match person.record_type {
        RecordType::Creator => {
            &[Field::Platform, Field::Handle, Field::AlsoAt, Field::Name, Field::Email, Field::Followers]
        }
        RecordType::Prospect => &[Field::Name, Field::Email, Field::Company],
        RecordType::Advocate => &[Field::Name, Field::Email, Field::Title, Field::Company],
    };
    let mut cells: Vec<_> = fields.iter().map(|field| super::cut(&shown(person, *field), 60)).collect();
    cells.push(person.groups.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "));
    cells.push(person.tags.join(", "));
    match person.record_type {
        RecordType::Creator => {}
        RecordType::Prospect => cells.push(person.stage.map(|stage| stage.key().to_owned()).unwrap_or_default()),
        RecordType::Advocate => cells.push(label_of(person).to_owned()),
    }
    cells
}
