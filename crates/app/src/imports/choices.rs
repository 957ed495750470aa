//! What was chosen for an import, as programs say it and as a draft keeps it: the words of the command line, by name.

use std::collections::BTreeMap;

use convoke_people::record_type::RecordType;
use convoke_pipeline::mapping::{Mapping, MappingChoices, Target, field_name};
use convoke_pipeline::settings::{OnNew, Settings, StopRule};
use convoke_pipeline::source::Hints;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::options::ImportOptions;
use super::shapes::RecordTypeName;
use super::words;
use crate::error::{Error, Result};

/// Characters of a sentence about where a list comes from.
const LONGEST_NOTE: usize = 1000;

/// How a file is read and what becomes of its rows. What is left out is detected, or decided as is usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// What the rows are.
    pub record_type: RecordTypeName,
    /// Of the text: `UTF-8`, `Windows-1252`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// `comma`, `semicolon`, `tab` or `pipe`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// The row of the headers, as a spreadsheet program counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    /// The sheet of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// What a column is: its header or letter, and the field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
    /// Columns that are left out, by header or letter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Leave out every column whose header means nothing here.
    #[serde(skip_serializing_if = "is_false")]
    pub ignore_unknown: bool,
    /// Which column of accounts comes first, by platform.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// A saved mapping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Groups that everybody imported is put into.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Tags that everybody imported is given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Tag people who are there already as well.
    #[serde(skip_serializing_if = "is_false")]
    pub tag_duplicates: bool,
    /// Import advocates as nominees.
    #[serde(skip_serializing_if = "is_false")]
    pub nominees: bool,
    /// What happens to a value that is there, by field: `keep`, `fill` or `overwrite`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<String, String>,
    /// What happens to people who are there: `skip` or `merge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_match: Option<String>,
    /// What happens to people who are not: `create` or `skip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_new: Option<String>,
    /// A word that erases a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clear_token: Option<String>,
    /// `dmy`, `mdy` or `ymd`, where a column reads both ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<String>,
    /// `point` or `comma`, where a column reads both ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// Refuse the file before any row takes effect if more rows would fail: `100` or `5%`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_failed: Option<String>,
    /// Where the list comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// On what ground these people may be written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Choices {
    pub fn new(record_type: RecordType) -> Self {
        Self { record_type: record_type.into(), ..Self::default() }
    }

    /// These choices with what a program changed: a JSON merge patch (RFC 7396). Null is what is usual.
    pub fn patched(&self, patch: &Value) -> Result<Self> {
        let mut whole = serde_json::to_value(self).map_err(|e| Error::Output(e.to_string()))?;
        if !patch.is_object() {
            return Err(Error::usage("The choices are a JSON object", "Send {} to change nothing."));
        }
        if patch.get("record_type").is_some_and(Value::is_null) {
            return Err(wrong("record_type", "it cannot be left out"));
        }
        merge(&mut whole, patch);
        let choices: Self = serde_json::from_value(whole)
            .map_err(|e| Error::usage(format!("The choices cannot be read: {e}"), "See the document of the API."))?;
        choices.options()?;
        Ok(choices)
    }

    /// The record type.
    pub fn of(&self) -> RecordType {
        self.record_type.into()
    }

    /// What the pipeline makes of the words; the first that means nothing is named.
    pub fn options(&self) -> Result<ImportOptions> {
        let hints = Hints {
            encoding: read("encoding", self.encoding.as_deref(), words::encoding)?,
            delimiter: read("delimiter", self.delimiter.as_deref(), words::delimiter)?,
            header_row: self.header_row,
            sheet: self.sheet.clone(),
        };
        let choices = MappingChoices {
            map: self.map.iter().map(|(column, field)| (column.clone(), field.clone())).collect(),
            ignore: self.ignore.clone(),
            ignore_unknown: self.ignore_unknown,
            saved: None,
        };
        let policies = self.policies.iter().map(|(field, policy)| words::policy(&format!("{field}={policy}")));
        let accounts = self.accounts.iter().map(|platform| words::platform(platform));
        for (name, note) in [("origin", &self.origin), ("ground", &self.ground)] {
            if note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
                return Err(wrong(name, &format!("it has at most {LONGEST_NOTE} characters")));
            }
        }
        Ok(ImportOptions {
            hints,
            choices,
            saved_mapping: self.mapping.clone(),
            groups: self.groups.clone(),
            tags: self.tags.clone(),
            tag_duplicates: self.tag_duplicates,
            nominees: self.nominees,
            policies: policies.collect::<std::result::Result<_, _>>().map_err(|why| wrong("policies", &why))?,
            on_match: read("on_match", self.on_match.as_deref(), words::on_match)?,
            on_new: read("on_new", self.on_new.as_deref(), words::on_new)?.unwrap_or(OnNew::Create),
            stop_rule: read("max_failed", self.max_failed.as_deref(), words::stop_rule)?,
            clear_token: read("clear_token", self.clear_token.as_deref(), words::clear_token)?,
            dates: read("dates", self.dates.as_deref(), words::dates)?,
            decimal: read("decimal", self.decimal.as_deref(), words::decimal)?,
            accounts: accounts.collect::<std::result::Result<_, _>>().map_err(|why| wrong("accounts", &why))?,
            ..ImportOptions::new(self.of())
        })
    }

    /// The choices that lead to these settings and this mapping again, for a file with the same columns.
    pub(super) fn again(settings: &Settings, mapping: &Mapping) -> Self {
        let columns = mapping.choices_again(settings).unwrap_or_default();
        let policies = settings.policies.iter().filter_map(|(key, policy)| {
            let custom = settings.custom_fields.iter().find(|field| field.id.to_string() == *key);
            let name = match custom {
                Some(field) => field_name(Target::Custom(field.id), settings)?,
                None => key.clone(),
            };
            Some((name, policy.key().to_owned()))
        });
        let groups = settings.known_groups.iter().filter(|group| settings.groups.contains(&group.id));
        let usual = Settings::new(settings.record_type);
        Self {
            record_type: settings.record_type.into(),
            map: columns.map.into_iter().collect(),
            ignore: columns.ignore,
            ignore_unknown: columns.ignore_unknown,
            accounts: settings.accounts.iter().map(|platform| platform.key().to_owned()).collect(),
            groups: groups.map(|group| group.name.clone()).collect(),
            tags: settings.tags.clone(),
            tag_duplicates: settings.tag_duplicates,
            nominees: settings.kind != usual.kind,
            policies: policies.collect(),
            on_match: (settings.on_match != usual.on_match).then(|| words::on_match_word(settings.on_match).to_owned()),
            on_new: (settings.on_new == OnNew::Skip).then(|| "skip".to_owned()),
            clear_token: settings.clear_token.clone(),
            dates: settings.dates.map(|dates| words::dates_word(dates).to_owned()),
            decimal: settings.decimal.map(|decimal| words::decimal_word(decimal).to_owned()),
            max_failed: settings.stop_rule.map(|rule| match rule {
                StopRule::Rows(most) => most.to_string(),
                StopRule::Percent(most) => format!("{most}%"),
            }),
            ..Self::default()
        }
    }

    /// Whether these say the same about how the file is written.
    pub(super) fn reads_alike(&self, other: &Self) -> bool {
        (&self.encoding, &self.delimiter, self.header_row, &self.sheet, self.record_type)
            == (&other.encoding, &other.delimiter, other.header_row, &other.sheet, other.record_type)
    }
}

fn read<T>(name: &str, word: Option<&str>, reader: fn(&str) -> std::result::Result<T, String>) -> Result<Option<T>> {
    word.map(|word| reader(word).map_err(|why| wrong(name, &why))).transpose()
}

fn wrong(name: &str, why: &str) -> Error {
    Error::usage(format!("{name}: {why}"), "")
}

/// RFC 7396.
fn merge(whole: &mut Value, patch: &Value) {
    let (Value::Object(there), Value::Object(changes)) = (&mut *whole, patch) else {
        *whole = patch.clone();
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            there.remove(key);
        } else {
            merge(there.entry(key.clone()).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_changes_what_it_names() {
        let choices = Choices::new(RecordType::Advocate);
        let patch = json!({"groups": ["A"], "map": {"Mail": "email", "Who": "name"}, "dates": "dmy"});
        let choices = choices.patched(&patch).expect("patched");
        let choices = choices.patched(&json!({"map": {"Who": null}, "dates": null})).expect("patched");
        assert_eq!(choices.map.into_iter().collect::<Vec<_>>(), [("Mail".to_owned(), "email".to_owned())]);
        assert_eq!((choices.groups, choices.dates), (vec!["A".to_owned()], None));
    }

    #[test]
    fn what_means_nothing_is_named() {
        let choices = Choices::new(RecordType::Advocate);
        let said = |patch: Value| choices.patched(&patch).expect_err("refused").to_string();
        assert_eq!(said(json!({"dates": "x"})), "dates: it is dmy, mdy or ymd");
        assert!(said(json!({"grops": ["A"]})).contains("unknown field `grops`"));
        assert!(said(json!({"groups": "A"})).contains("expected a sequence"));
        assert!(said(json!([])).contains("JSON object"));
        assert!(said(json!({"record_type": "person"})).contains("unknown variant"));
    }
}
