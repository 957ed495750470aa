//! Rows and people as `expected.json` shows them: an object a line, so that a person can read a difference.

use std::collections::BTreeMap;

use convoke_app::directory::shown;
use convoke_app::people::custom::{CustomField, read_custom};
use convoke_app::people::id::{Block, ImportId};
use convoke_app::pipeline::plan::Outcome;
use convoke_app::pipeline::report::{ReportChange, ReportRow};
use convoke_app::store::people::Person;
use serde_json::{Map, Value as Json, json};

/// Longer runs of one character are told by their length.
const LONG_RUN: usize = 40;

/// A row: outcome, issues as a user reads them, and what changed from what to what.
pub(crate) fn row(row: &ReportRow, id: ImportId, names: &BTreeMap<String, String>) -> Json {
    let mut told = Map::new();
    told.insert("row".to_owned(), row.row.into());
    told.insert("outcome".to_owned(), row.outcome.key().into());
    let made_by = row.person.filter(|person| Block::of(person.0) == Block::of(id.0)).map(|p| p.0 & 0xFFFF_FFFF);
    if let Some(made_by) = made_by.filter(|_| row.outcome != Outcome::Created) {
        told.insert("person_of_row".to_owned(), made_by.into());
    }
    let issues: Vec<_> = row
        .issues
        .iter()
        .map(|issue| {
            let mut told = Map::new();
            told.insert("code".to_owned(), issue.code.key().into());
            for (key, value) in [("column", &issue.column), ("value", &issue.value)] {
                if let Some(value) = value {
                    told.insert(key.to_owned(), short(value).into());
                }
            }
            told.insert("message".to_owned(), short(&issue.message()).into());
            told.insert("hint".to_owned(), short(&without_ids(&issue.hint())).into());
            Json::Object(told)
        })
        .collect();
    if !issues.is_empty() {
        told.insert("issues".to_owned(), issues.into());
    }
    if !row.changes.is_empty() {
        told.insert("changes".to_owned(), row.changes.iter().map(|change| change_of(change, names)).collect());
    }
    Json::Object(told)
}

/// Ids of people differ between databases and from suite to suite.
fn without_ids(text: &str) -> String {
    let mut pieces = text.split("(per_");
    let mut told = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        told.push_str("(per_...");
        told.push_str(piece.split_once(')').map_or("", |(_, rest)| rest));
    }
    told.replace("(per_...", "(per_...)")
}

fn change_of(ReportChange(field, old, new): &ReportChange, names: &BTreeMap<String, String>) -> Json {
    let named = |text: &String| short(names.get(text).unwrap_or(text));
    let side = |side: &Option<String>| side.as_ref().map(named);
    json!([named(field), side(old), side(new)])
}

/// A person with all that is known: what is absent is blank.
pub(crate) fn person(person: &Person, customs: &[CustomField]) -> Json {
    let mut told = Map::new();
    told.insert("type".to_owned(), person.record_type.key().into());
    told.insert("identity".to_owned(), person.identity.as_str().into());
    for (field, _) in &person.fields {
        told.insert(field.key().to_owned(), short(&shown(person, *field)).into());
    }
    let custom = person.custom.as_deref().map(read_custom).unwrap_or_default();
    let named = customs.iter().filter_map(|field| {
        let values: Vec<_> = custom.get(&field.id.0)?.iter().map(|value| short(value)).collect();
        Some((field.name.clone(), Json::from(values)))
    });
    let named: Map<_, _> = named.collect();
    assert_eq!(named.len(), custom.len(), "a value without its field");
    if !named.is_empty() {
        told.insert("custom".to_owned(), Json::Object(named));
    }
    if let Some(kind) = person.kind {
        told.insert("kind".to_owned(), kind.key().into());
    }
    if let Some(stage) = person.stage {
        told.insert("stage".to_owned(), stage.key().into());
    }
    for (fact, at) in [("invited", person.invited_at), ("joined", person.joined_at), ("archived", person.archived_at)] {
        if at.is_some() {
            told.insert(fact.to_owned(), true.into());
        }
    }
    let groups: Map<_, _> = person.groups.iter().map(|(name, state)| (name.clone(), state.key().into())).collect();
    if !groups.is_empty() {
        told.insert("groups".to_owned(), Json::Object(groups));
    }
    if !person.tags.is_empty() {
        told.insert("tags".to_owned(), person.tags.iter().map(|tag| short(tag)).collect());
    }
    Json::Object(told)
}

/// The text with long runs of a character written as in generated files: `{x*255}`.
pub(crate) fn short(text: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| c != first).unwrap_or(rest.len());
        let times = end / first.len_utf8();
        if times > LONG_RUN {
            told.push_str(&format!("{{{first}*{times}}}"));
        } else {
            told.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    told
}

/// The imports of a case and its people, an object a line.
pub(crate) fn pretty(case: &Json) -> String {
    let mut text = String::from("{\n\"imports\": [\n");
    let imports = case["imports"].as_array().expect("the imports");
    for (at, import) in imports.iter().enumerate() {
        match import.get("rows") {
            None => text.push_str(&import.to_string()),
            Some(rows) => {
                let rows = Json::from(fold(rows.as_array().expect("the rows")));
                text.push_str(&format!("{{\"counts\": {}, \"rows\": {}}}", import["counts"], lines(&rows)));
            }
        }
        text.push_str(if at + 1 < imports.len() { ",\n" } else { "\n" });
    }
    text.push_str(&format!("],\n\"people\": {},\n\"tags\": {}\n}}\n", lines(&case["people"]), case["tags"]));
    text
}

/// Rows that follow each other with one outcome and nothing else to tell are one line: `"rows": [first, last]`.
fn fold(rows: &[Json]) -> Vec<Json> {
    let number = |row: &Json| row["row"].as_u64().expect("a row number");
    let is_plain = |row: &Json| row.as_object().expect("a row").len() == 2;
    let together =
        |a: &Json, b: &Json| is_plain(a) && is_plain(b) && a["outcome"] == b["outcome"] && number(b) == number(a) + 1;
    let runs = rows.chunk_by(together).map(|run| match run {
        [row] => row.clone(),
        run => json!({"rows": [number(&run[0]), number(&run[run.len() - 1])], "outcome": run[0]["outcome"]}),
    });
    runs.collect()
}

fn lines(array: &Json) -> String {
    let lines: Vec<_> = array.as_array().expect("a list").iter().map(|line| format!("  {line}")).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) }
}

/// The lines that one text has and the other has not.
pub(crate) fn difference(expected: &str, told: &str) -> String {
    let only = |sign: &str, of: &str, other: &str| -> String {
        let other: Vec<_> = other.lines().map(|line| line.trim_end_matches(',')).collect();
        let lines = of.lines().filter(|line| !other.contains(&line.trim_end_matches(',')));
        lines.map(|line| format!("  {sign} {line}\n")).collect()
    };
    let found = only("-", expected, told) + &only("+", told, expected);
    if found.is_empty() { "  the same lines in another order\n".to_owned() } else { found }
}

#[test]
fn a_long_run_is_told_by_its_length() {
    assert_eq!(short(&format!("ab{}c", "ü".repeat(41))), "ab{ü*41}c");
    assert_eq!(short(&"a".repeat(40)), "a".repeat(40));
}
