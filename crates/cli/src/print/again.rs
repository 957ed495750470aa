//! The options of an import said again, for commands that can be copied.

use convoke_app::imports::Said;
use convoke_app::people::date::DateOrder;
use convoke_app::people::field::Field;
use convoke_app::people::number::Decimal;
use convoke_app::people::person::Kind;
use convoke_app::people::record_type::OnMatch;
use convoke_app::pipeline::mapping::{Mapping, MappingChoices, Target};
use convoke_app::pipeline::settings::{OnNew, Settings, StopRule};
use convoke_app::store::imports::Import;

use super::plain;
use super::reading::delimiter_name;
use crate::open::quoted;

/// The options, each with a blank before it. None where they cannot be told from what is stored.
pub(super) fn options(import: &Import) -> Option<String> {
    let mapping: Mapping = serde_json::from_str(&import.mapping).ok()?;
    let settings: Settings = serde_json::from_str(&import.settings).ok()?;
    let mut words = of_columns(&mapping.choices_again(&settings)?);
    words.extend(of_people(&settings)?);
    words.extend(of_values(&settings));
    let text: String = words.iter().map(|word| format!(" {word}")).collect();
    // What a terminal would not show as it is cannot be copied from it.
    (plain(&text) == text).then_some(text)
}

/// The options that say how the file is read; a file of ours needs none of them.
pub(super) fn of_reading(said: &Said) -> String {
    let words = [
        said.encoding.as_ref().map(|name| option("--encoding", name)),
        said.delimiter.as_ref().map(|text| option("--delimiter", delimiter_name(text))),
        said.header_row.map(|row| option("--header-row", &row.to_string())),
        said.sheet.as_ref().map(|sheet| option("--sheet", sheet)),
    ];
    words.into_iter().flatten().map(|word| format!(" {word}")).collect()
}

/// A value that begins with a dash would be read as an option.
fn option(name: &str, value: &str) -> String {
    let sign = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{sign}{}", quoted(value))
}

fn of_columns(choices: &MappingChoices) -> Vec<String> {
    let map = choices.map.iter().map(|(column, field)| option("--map", &format!("{column}={field}")));
    let ignore = choices.ignore.iter().map(|column| option("--ignore", column));
    let unknown = choices.ignore_unknown.then(|| "--ignore-unknown".to_owned());
    map.chain(ignore).chain(unknown).collect()
}

fn of_people(settings: &Settings) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for id in &settings.groups {
        let group = settings.known_groups.iter().find(|group| group.id == *id)?;
        words.push(option("--group", &group.name));
    }
    words.extend(settings.tags.iter().map(|tag| option("--tag", tag)));
    words.extend(settings.tag_duplicates.then(|| "--tag-duplicates".to_owned()));
    words.extend((settings.kind == Some(Kind::Nominee)).then(|| "--nominees".to_owned()));
    for (key, policy) in &settings.policies {
        let custom = settings.custom_fields.iter().find(|field| field.id.to_string() == *key);
        let name = custom.map_or(key.as_str(), |field| field.name.as_str());
        let is_meant = match Target::parse(name, settings)? {
            Target::Custom(id) => custom.is_some_and(|field| field.id == id),
            target => Field::parse(key).map(Target::Field) == Some(target),
        };
        words.push(is_meant.then(|| option("--policy", &format!("{name}={}", policy.key())))?);
    }
    if settings.on_match != settings.record_type.default_on_match() {
        let word = match settings.on_match {
            OnMatch::Skip => "skip",
            OnMatch::Merge => "merge",
        };
        words.push(option("--on-match", word));
    }
    words.extend((settings.on_new == OnNew::Skip).then(|| option("--on-new", "skip")));
    Some(words)
}

fn of_values(settings: &Settings) -> Vec<String> {
    let dates = settings.dates.map(|order| match order {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
        DateOrder::Ymd => "ymd",
    });
    let decimal = settings.decimal.map(|sign| match sign {
        Decimal::Point => "point",
        Decimal::Comma => "comma",
    });
    let accounts: Vec<_> = settings.accounts.iter().map(|platform| platform.key()).collect();
    let accounts = (!accounts.is_empty()).then(|| accounts.join(","));
    let most = settings.stop_rule.map(|rule| match rule {
        StopRule::Rows(rows) => rows.to_string(),
        StopRule::Percent(share) => format!("{share}%"),
    });
    let token = settings.clear_token.as_deref();
    let given = [
        ("--accounts", accounts.as_deref()),
        ("--clear-token", token),
        ("--dates", dates),
        ("--decimal", decimal),
        ("--max-failed", most.as_deref()),
    ];
    given.into_iter().filter_map(|(name, value)| Some(option(name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_no_option() {
        assert_eq!(option("--ignore", "Shoe size"), "--ignore 'Shoe size'");
        assert_eq!(option("--ignore", "-"), "--ignore=-");
        assert_eq!(option("--clear-token", "[clear]"), "--clear-token '[clear]'");
    }
}
