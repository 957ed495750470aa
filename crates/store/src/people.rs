//! People as they are listed and exported: by pages in the order of their ids, with groups and tags.

use std::collections::HashMap;

use convoke_people::custom::CustomField;
use convoke_people::field::Field;
use convoke_people::id::{Block, GroupId, ImportId, PersonId, TagId, WorkspaceId};
use convoke_people::person::{Kind, MembershipState, Source, Stage};
use convoke_people::platform::Platform;
use convoke_people::record_type::RecordType;

use crate::db::sqlite::LOWER;
use crate::db::{Query, Reader};
use crate::error::Result;
use crate::imports::record_type;
use crate::matching::column;
use crate::schema::Dialect;
use crate::value::{Cell, Row, Value};

/// A person with everything a list shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub record_type: RecordType,
    pub identity: String,
    pub version: i64,
    /// Filled standard fields; numbers as digits.
    pub fields: Vec<(Field, String)>,
    /// Custom values as JSON text.
    pub custom: Option<String>,
    pub kind: Option<Kind>,
    pub stage: Option<Stage>,
    pub source: Option<Source>,
    pub groups: Vec<(String, MembershipState)>,
    pub tags: Vec<String>,
    pub invited_at: Option<i64>,
    pub joined_at: Option<i64>,
    pub archived_at: Option<i64>,
    pub suppressed_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

const FACTS: &str = "id, record_type, identity, version, custom, kind, stage, source, invited_at, joined_at, \
                     archived_at, suppressed_at, created_at, updated_at";
const FACT_COLUMNS: usize = 14;

/// Which people, beside their record type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    pub group: Option<GroupId>,
    pub tag: Option<TagId>,
    /// The import that created them.
    pub import: Option<ImportId>,
    /// Exactly this one, in compared form.
    pub identity: Option<String>,
    pub search: Option<Search>,
}

/// A piece of their identity, in compared form, or of their name, company or e-mail address, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    pub identity: String,
    pub text: String,
}

/// People of a record type behind `after` who fit, at most `most`, by ascending id. No index serves the search: it reads the
/// people of that type until the page is full.
pub fn page_of_people(
    reader: &mut Reader<'_>,
    (workspace, of): (WorkspaceId, RecordType),
    filter: &PeopleFilter,
    after: PersonId,
    most: u32,
) -> Result<Vec<Person>> {
    let (mut after, mut until) = (after.0, i64::MAX);
    if let Some(import) = filter.import {
        // Whom an import created has an id of its block.
        let block = Block::of(import.0);
        (after, until) = (after.max(block.id(0)), block.id(u32::MAX));
    }
    let mut params: Vec<Value<'_>> = vec![
        (workspace.0 * 8 + of.code()).into(),
        after.into(),
        workspace.0.into(),
        i64::from(most).into(),
        until.into(),
    ];
    let mut conditions = String::new();
    if let Some(group) = filter.group {
        params.push(group.0.into());
        conditions += &format!(
            " AND EXISTS (SELECT 1 FROM person_grp m WHERE m.workspace_id = $3 AND m.grp_id = ${} AND m.person_id = person.id)",
            params.len()
        );
    }
    if let Some(tag) = filter.tag {
        params.push(tag.0.into());
        conditions += &format!(
            " AND EXISTS (SELECT 1 FROM person_tag m WHERE m.workspace_id = $3 AND m.tag_id = ${} AND m.person_id = person.id)",
            params.len()
        );
    }
    if let Some(identity) = &filter.identity {
        params.push(identity.into());
        conditions += &format!(" AND identity = ${}", params.len());
    }
    if let Some(search) = &filter.search {
        params.push((&search.identity).into());
        params.push((&search.text).into());
        let (identity, text) = (params.len() - 1, params.len());
        let (within, lower) = match reader.dialect() {
            Dialect::Sqlite => ("instr", LOWER),
            Dialect::Postgres => ("strpos", "lower"),
        };
        conditions += &format!(" AND ({within}(identity, ${identity}) > 0");
        for field in [Field::Name, Field::Company, Field::Email] {
            conditions += &format!(" OR {within}({lower}({}), ${text}) > 0", column(field));
        }
        conditions += ")";
    }
    let fields: String = Field::all().map(|field| format!(", {}", column(field))).collect();
    // The list index is over this very expression.
    let sql = format!(
        "SELECT {FACTS}{fields} FROM person WHERE (workspace_id * 8 + record_type) = $1 AND id > $2 AND workspace_id = $3 \
         AND id <= $5{conditions} ORDER BY id LIMIT $4"
    );
    let mut people: Vec<_> = reader.query(&sql, &params)?.iter().map(person).collect::<Result<_>>()?;
    memberships(reader, workspace, &mut people)?;
    Ok(people)
}

/// A person by id.
pub fn find_person(reader: &mut Reader<'_>, workspace: WorkspaceId, id: PersonId) -> Result<Option<Person>> {
    let fields: String = Field::all().map(|field| format!(", {}", column(field))).collect();
    let sql = format!("SELECT {FACTS}{fields} FROM person WHERE id = $1 AND workspace_id = $2");
    let mut people: Vec<_> =
        reader.query(&sql, &[id.0.into(), workspace.0.into()])?.iter().map(person).collect::<Result<_>>()?;
    memberships(reader, workspace, &mut people)?;
    Ok(people.pop())
}

/// Id and custom values of people behind `after` who have a value of a custom field, at most `most`, by ascending id.
pub fn page_with_field(
    reader: &mut Reader<'_>,
    workspace: WorkspaceId,
    field: &CustomField,
    after: PersonId,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    // The text is canonical: a key is followed by this.
    let key = format!("%\"{}\": [%", field.id.0);
    let rows = reader.query(
        "SELECT id, custom FROM person WHERE (workspace_id * 8 + record_type) = $1 AND id > $2 AND workspace_id = $3 \
         AND custom LIKE $5 ORDER BY id LIMIT $4",
        &[
            (workspace.0 * 8 + field.record_type.code()).into(),
            after.0.into(),
            workspace.0.into(),
            i64::from(most).into(),
            (&key).into(),
        ],
    )?;
    rows.iter().map(|row| Ok((PersonId(row.int(0)?), row.text(1)?.to_owned()))).collect()
}

fn person(row: &Row) -> Result<Person> {
    let mut fields = Vec::new();
    for (at, field) in Field::all().enumerate() {
        match &row.0[FACT_COLUMNS + at] {
            Cell::Text(text) => fields.push((field, text.clone())),
            Cell::Int(number) => fields.push((field, number.to_string())),
            _ => {}
        }
    }
    Ok(Person {
        id: PersonId(row.int(0)?),
        record_type: record_type(row.int(1)?)?,
        identity: row.text(2)?.to_owned(),
        version: row.int(3)?,
        fields,
        custom: row.opt_text(4)?.map(str::to_owned),
        kind: row.opt_int(5)?.and_then(Kind::from_code),
        stage: row.opt_int(6)?.and_then(Stage::from_code),
        source: row.opt_int(7)?.and_then(Source::from_code),
        groups: Vec::new(),
        tags: Vec::new(),
        invited_at: row.opt_int(8)?,
        joined_at: row.opt_int(9)?,
        archived_at: row.opt_int(10)?,
        suppressed_at: row.opt_int(11)?,
        created_at: row.int(12)?,
        updated_at: row.int(13)?,
    })
}

fn memberships(reader: &mut Reader<'_>, workspace: WorkspaceId, people: &mut [Person]) -> Result<()> {
    let (Some(first), Some(last)) = (people.first(), people.last()) else { return Ok(()) };
    let range = [workspace.0.into(), first.id.0.into(), last.id.0.into()];
    let places: HashMap<i64, usize> = people.iter().enumerate().map(|(at, person)| (person.id.0, at)).collect();
    let groups = reader.query(
        "SELECT m.person_id, g.name, m.state FROM person_grp m JOIN grp g ON g.workspace_id = m.workspace_id \
         AND g.id = m.grp_id WHERE m.workspace_id = $1 AND m.person_id BETWEEN $2 AND $3 ORDER BY m.person_id, g.name_key",
        &range,
    )?;
    for row in &groups {
        let Some(&at) = places.get(&row.int(0)?) else { continue };
        let state = MembershipState::from_code(row.int(2)?).unwrap_or(MembershipState::Pending);
        people[at].groups.push((row.text(1)?.to_owned(), state));
    }
    let tags = reader.query(
        "SELECT m.person_id, t.name FROM person_tag m JOIN tag t ON t.workspace_id = m.workspace_id AND t.id = m.tag_id \
         WHERE m.workspace_id = $1 AND m.person_id BETWEEN $2 AND $3 ORDER BY m.person_id, t.name_key",
        &range,
    )?;
    for row in &tags {
        if let Some(&at) = places.get(&row.int(0)?) {
            people[at].tags.push(row.text(1)?.to_owned());
        }
    }
    Ok(())
}

/// The platforms on which people of a record type have other accounts.
pub fn platforms_also_at(reader: &mut Reader<'_>, workspace: WorkspaceId, of: RecordType) -> Result<Vec<Platform>> {
    // One pass over the people, whatever the number of platforms.
    let is_there = Platform::ALL
        .map(|platform| format!("count(CASE WHEN also_at LIKE '%\"platform\":\"{}\"%' THEN 1 END)", platform.key()));
    let sql = format!(
        "SELECT {} FROM person WHERE (workspace_id * 8 + record_type) = $1 AND workspace_id = $2 AND also_at IS NOT NULL",
        is_there.join(", ")
    );
    let found = reader.query(&sql, &[(workspace.0 * 8 + of.code()).into(), workspace.0.into()])?;
    let Some(row) = found.first() else { return Ok(Vec::new()) };
    let mut platforms = Vec::new();
    for (at, platform) in Platform::ALL.into_iter().enumerate() {
        platforms.extend((row.int(at)? > 0).then_some(platform));
    }
    Ok(platforms)
}

/// Whether a workspace has anybody of a record type.
pub fn has_people(query: &mut impl Query, workspace: WorkspaceId, of: RecordType) -> Result<bool> {
    let sql = "SELECT id FROM person WHERE (workspace_id * 8 + record_type) = $1 AND workspace_id = $2 LIMIT 1";
    Ok(!query.query(sql, &[(workspace.0 * 8 + of.code()).into(), workspace.0.into()])?.is_empty())
}
