//! The tables an import writes about people, as they are, and as they were: the journal played backwards must find the
//! earlier tables.

use std::collections::BTreeMap;

use convoke_app::Workspace;
use convoke_app::people::custom::{read_custom, write_custom};
use convoke_app::people::field::Field;
use convoke_app::people::id::{Block, FieldId, GroupId, ImportId};
use convoke_app::people::person::Kind;
use convoke_app::pipeline::report::ReportRow;
use convoke_app::store::{Cell, Value};
use serde_json::{Map, Value as Json};

/// Facts of a person besides the fields. Version and time of change are none: taking back raises them again.
const FACTS: [&str; 12] = [
    "record_type",
    "identity",
    "custom",
    "kind",
    "stage",
    "source",
    "account_id",
    "invited_at",
    "joined_at",
    "archived_at",
    "suppressed_at",
    "created_at",
];

/// A person's facts, then its fields: see [`column_at`].
type Columns = Vec<Cell>;

/// Everything an import can change, by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tables {
    people: BTreeMap<i64, Columns>,
    /// (group, person): state, origin, since.
    groups: BTreeMap<(i64, i64), [i64; 3]>,
    /// (tag, person): origin.
    tags: BTreeMap<(i64, i64), [i64; 1]>,
}

fn column(field: Field) -> &'static str {
    if field == Field::EngagementRate { "engagement_ppm" } else { field.key() }
}

/// The place of a column among a person's.
fn column_at(name: &str) -> usize {
    let mut columns = FACTS.into_iter().chain(Field::all().map(column));
    columns.position(|known| known == name).unwrap_or_else(|| panic!("there is no column {name}"))
}

impl Tables {
    pub(crate) fn read(workspace: &Workspace) -> Self {
        let columns: Vec<_> = FACTS.into_iter().chain(Field::all().map(column)).collect();
        let sql = format!("SELECT id, {} FROM person WHERE workspace_id = $1", columns.join(", "));
        let people = query(workspace, &sql, None).into_iter().map(|mut row| {
            let values = row.split_off(1);
            (int(&row[0]), values)
        });
        Self {
            people: people.collect(),
            groups: keyed(workspace, "SELECT grp_id, person_id, state, origin, since FROM person_grp"),
            tags: keyed(workspace, "SELECT tag_id, person_id, origin FROM person_tag"),
        }
    }

    /// What a person has in a column.
    pub(crate) fn text(&self, person: i64, field: Field) -> Option<&str> {
        match &self.people[&person][column_at(column(field))] {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Everybody with record type and identity.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (i64, i64, &str)> {
        self.people.iter().map(|(id, person)| {
            let Cell::Text(identity) = &person[column_at("identity")] else { panic!("a person without identity") };
            (*id, int(&person[column_at("record_type")]), identity.as_str())
        })
    }

    /// Plays the journal of an import backwards and removes what the import made.
    pub(crate) fn take_back(&mut self, journal: &Journal, import: ImportId) {
        let block = Block::of(import.0);
        for change in journal.changes.iter().rev() {
            let person = self.people.get_mut(&change.person).expect("the journal names people who are there");
            for (field, sides) in change.fields.iter().filter(|(field, _)| !field.starts_with('+')) {
                set_back(person, field, &sides[0], &sides[1]);
            }
            for group in ids(&change.fields, "+groups") {
                let membership = self.groups.remove(&(group, change.person)).expect("the membership is there");
                assert_eq!(membership[1], change.id, "the membership says where it comes from");
            }
            for tag in ids(&change.fields, "+tags") {
                let tagged = self.tags.remove(&(tag, change.person)).expect("the tag is there");
                assert_eq!(tagged[0], change.id, "the tag says where it comes from");
            }
        }
        let is_ours = |id: i64| Block::of(id) == block;
        self.people.retain(|id, _| !is_ours(*id));
        self.groups.retain(|(_, person), [_, origin, _]| !(is_ours(*person) && is_ours(*origin)));
        self.tags.retain(|(_, person), [origin]| !(is_ours(*person) && is_ours(*origin)));
    }
}

/// Writes the value before a change, having found the one behind it.
fn set_back(person: &mut Columns, field: &str, old: &Json, new: &Json) {
    if let Ok(id) = field.parse::<FieldId>() {
        let custom = &mut person[column_at("custom")];
        let mut values = if let Cell::Text(json) = custom { read_custom(json) } else { BTreeMap::new() };
        let list = |side: &Json| side.as_str().map(|json| serde_json::from_str(json).expect("a list"));
        assert_eq!(values.get(&id.0), list(new).as_ref(), "{field} is as the journal left it");
        match list(old) {
            Some(list) => drop(values.insert(id.0, list)),
            None => drop(values.remove(&id.0)),
        }
        *custom = write_custom(&values).map_or(Cell::Null, Cell::Text);
        return;
    }
    let cell = |side: &Json| match side.as_str() {
        None => Cell::Null,
        Some(kind) if field == "kind" => {
            let kind = Kind::ALL.iter().find(|known| known.key() == kind).expect("a kind");
            Cell::Int(kind.code())
        }
        Some(digits) if Field::parse(field).is_some_and(Field::is_number) => Cell::Int(digits.parse().expect("digits")),
        Some(text) => Cell::Text(text.to_owned()),
    };
    let name = Field::parse(field).map_or("kind", column);
    let there = &mut person[column_at(name)];
    assert_eq!(*there, cell(new), "{field} is as the journal left it");
    *there = cell(old);
}

/// The changes of an import, in the order of its rows.
pub(crate) struct Journal {
    changes: Vec<Change>,
}

struct Change {
    id: i64,
    person: i64,
    fields: Map<String, Json>,
}

impl Journal {
    pub(crate) fn of(workspace: &Workspace, import: ImportId) -> Self {
        let sql = "SELECT id, person_id, fields FROM change WHERE workspace_id = $1 AND import_id = $2 ORDER BY id";
        let rows = query(workspace, sql, Some(import));
        let changes = rows.iter().map(|row| {
            let Cell::Text(json) = &row[2] else { panic!("a change without fields") };
            Change { id: int(&row[0]), person: int(&row[1]), fields: serde_json::from_str(json).expect("JSON") }
        });
        Self { changes: changes.collect() }
    }

    /// The journal says row by row what the check had told: fields before and after, groups, and as many tags.
    pub(crate) fn is_as_told(&self, rows: &[ReportRow]) {
        let told = rows.iter().filter(|row| !row.changes.is_empty()).map(|row| {
            let mut fields = BTreeMap::new();
            let mut groups = Vec::new();
            let mut tags = 0;
            for change in &row.changes {
                match change.0.as_str() {
                    "+group" => groups.push(change.2.clone().expect("a group")),
                    "+tag" => tags += 1,
                    field => drop(fields.insert(field.to_owned(), serde_json::json!([change.1, change.2]))),
                }
            }
            (row.row, fields, groups, tags)
        });
        let written = self.changes.iter().map(|change| {
            let fields = change.fields.iter().filter(|(field, _)| !field.starts_with('+'));
            let fields: BTreeMap<_, _> = fields.map(|(field, sides)| (field.clone(), sides.clone())).collect();
            let groups: Vec<_> = ids(&change.fields, "+groups").map(|id| GroupId(id).to_string()).collect();
            ((change.id & 0xFFFF_FFFF) as u32, fields, groups, ids(&change.fields, "+tags").count())
        });
        assert_eq!(written.collect::<Vec<_>>(), told.collect::<Vec<_>>(), "the journal is not what the check told");
    }
}

fn ids<'c>(fields: &'c Map<String, Json>, key: &str) -> impl Iterator<Item = i64> + use<'c> {
    fields.get(key).and_then(Json::as_array).into_iter().flatten().map(|id| id.as_i64().expect("an id"))
}

fn keyed<const N: usize>(workspace: &Workspace, sql: &str) -> BTreeMap<(i64, i64), [i64; N]> {
    let rows = query(workspace, &format!("{sql} WHERE workspace_id = $1"), None).into_iter();
    rows.map(|row| ((int(&row[0]), int(&row[1])), std::array::from_fn(|at| int(&row[at + 2])))).collect()
}

fn query(workspace: &Workspace, sql: &str, import: Option<ImportId>) -> Vec<Vec<Cell>> {
    let mut params = vec![Value::Int(workspace.id.0)];
    params.extend(import.map(|import| Value::Int(import.0)));
    let rows = workspace.store.read(|r| r.query(sql, &params)).expect("the tables can be read");
    rows.into_iter().map(|row| row.0).collect()
}

fn int(cell: &Cell) -> i64 {
    let Cell::Int(value) = cell else { panic!("{cell:?} is no number") };
    *value
}
