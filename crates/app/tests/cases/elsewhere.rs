//! Whose a key is, told another way: the tables behind an import are played backwards row by row, and at each row everybody
//! is looked at. A warning stands exactly where somebody else held what the row gave, and names the one with the lowest id.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use convoke_app::people::field::Field;
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::issue::{Issue, IssueCode};
use convoke_app::pipeline::plan::Outcome;
use convoke_app::pipeline::report::ReportRow;

use crate::tables::Tables;

const KEYS: [Field; 2] = [Field::SalesforceId, Field::ExternalContactId];

/// Who holds what: the tables' keys both ways.
struct Holders<'t> {
    tables: &'t Tables,
    of: RecordType,
    held: HashMap<(i64, Field), String>,
    by_value: BTreeMap<(Field, String), BTreeSet<i64>>,
}

impl<'t> Holders<'t> {
    fn of(tables: &'t Tables, of: RecordType) -> Self {
        let mut holders = Self { tables, of, held: HashMap::new(), by_value: BTreeMap::new() };
        for (id, _, _) in tables.identities().filter(|(_, code, _)| *code == of.code()) {
            for field in KEYS {
                holders.set(id, field, tables.text(id, field).map(str::to_owned));
            }
        }
        holders
    }

    fn set(&mut self, person: i64, field: Field, value: Option<String>) {
        if let Some(old) = self.held.remove(&(person, field)) {
            self.by_value.get_mut(&(field, old)).expect("it was held").remove(&person);
        }
        if let Some(value) = value {
            self.by_value.entry((field, value.clone())).or_default().insert(person);
            self.held.insert((person, field), value);
        }
    }

    fn first_other(&self, person: i64, field: Field, value: &str) -> Option<&'t str> {
        let holders = self.by_value.get(&(field, value.to_owned()))?;
        let other = holders.iter().find(|holder| **holder != person)?;
        let mut identities = self.tables.identities().filter(|(_, code, _)| *code == self.of.code());
        identities.find(|(id, _, _)| id == other).map(|(_, _, identity)| identity)
    }

    /// Before the row.
    fn take_back(&mut self, person: i64, told: &ReportRow) {
        for field in KEYS {
            if told.outcome == Outcome::Created {
                self.set(person, field, None);
            } else if let Some(change) = told.changes.iter().find(|change| change.0 == field.key()) {
                self.set(person, field, change.1.clone());
            }
        }
    }
}

/// `told` are the rows of the check, `ran` those of the run, `after` the tables behind it.
pub(crate) fn is_told_of_others_keys(of: RecordType, told: &[ReportRow], ran: &[ReportRow], after: &Tables) {
    let mut holders = Holders::of(after, of);
    for (told, ran) in told.iter().zip(ran).rev() {
        let warnings: Vec<_> = told.issues.iter().filter(|i| i.code == IssueCode::ExternalIdElsewhere).collect();
        let Some(person) = ran.person.map(|person| person.0) else {
            assert!(warnings.is_empty(), "row {}: nobody was given anything", told.row);
            continue;
        };
        for field in KEYS {
            let warning = warnings.iter().find(|i| i.column.as_deref() == Some(field.label()));
            let held = holders.held.get(&(person, field)).cloned();
            let other = held.as_deref().and_then(|value| holders.first_other(person, field, value));
            let is_new = told.outcome == Outcome::Created || told.changes.iter().any(|c| c.0 == field.key());
            match (warning, other) {
                (Some(issue), Some(other)) => names(issue, held.as_deref(), other, told.row),
                (None, None) => {}
                // The row may have said nothing of it.
                (None, Some(_)) if !is_new => {}
                (found, other) => panic!("row {}, {field:?}: told {found:?}, but it is {other:?}", told.row),
            }
        }
        holders.take_back(person, told);
    }
}

fn names(issue: &Issue, held: Option<&str>, other: &str, row: u32) {
    let detail = issue.detail.as_deref().unwrap_or_default();
    let named = detail.rsplit_once(" (").map_or("", |(names, _)| names);
    assert!(named == other || named.ends_with(&format!(", {other}")), "row {row}: {detail}, but it is {other}");
    // A long value is told in part.
    let value = issue.value.as_deref().unwrap_or_default().trim_end_matches('…');
    assert!(held.is_some_and(|held| held.starts_with(value)), "row {row}: {value}, but it holds {held:?}");
}
