//! The options of an import in the address of a request: the names of the command line with an underscore, the same
//! words, repeated where the command line repeats them.

use convoke_app::imports::choices::Choices;
use convoke_app::imports::words;
use convoke_app::{Error, Result};
use utoipa::IntoParams;

use crate::listing::RecordTypes;

/// How a file is read and what becomes of its rows: the options of `convoke import`, with the same words.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what `read` takes; a test holds the two together")]
pub(crate) struct ImportQuery {
    /// What the rows are.
    #[param(inline, value_type = RecordTypes)]
    r#as: String,
    /// The name of the file.
    name: Option<String>,
    /// Of the text, if it was not detected right: `UTF-8`, `Windows-1252`, ...
    encoding: Option<String>,
    /// `comma`, `semicolon`, `tab` or `pipe`.
    delimiter: Option<String>,
    /// The row of the headers, as a spreadsheet program counts.
    header_row: Option<u32>,
    /// The sheet of a workbook.
    sheet: Option<String>,
    /// `COLUMN=FIELD`: what a column is.
    map: Option<Vec<String>>,
    /// A column to leave out.
    ignore: Option<Vec<String>>,
    /// Leave out every column whose header means nothing here.
    ignore_unknown: Option<bool>,
    /// Which column of accounts comes first, by platform: `instagram,tiktok`.
    accounts: Option<String>,
    /// A saved mapping.
    mapping: Option<String>,
    /// A group that everybody imported is put into.
    group: Option<Vec<String>>,
    /// A tag that everybody imported is given.
    tag: Option<Vec<String>>,
    /// Tag people who are there already as well.
    tag_duplicates: Option<bool>,
    /// Import advocates as nominees.
    nominees: Option<bool>,
    /// `FIELD=keep|fill|overwrite`: what happens to a value that is there.
    policy: Option<Vec<String>>,
    /// What happens to people who are there: `skip` or `merge`.
    on_match: Option<String>,
    /// What happens to people who are not: `create` or `skip`.
    on_new: Option<String>,
    /// A word that erases a value.
    clear_token: Option<String>,
    /// `dmy`, `mdy` or `ymd`, where a column reads both ways.
    dates: Option<String>,
    /// `point` or `comma`, where a column reads both ways.
    decimal: Option<String>,
    /// Refuse the file before any row takes effect if more rows would fail: `100` or `5%`.
    max_failed: Option<String>,
    /// Where the list comes from.
    origin: Option<String>,
    /// On what ground these people may be written to.
    ground: Option<String>,
}

/// Whether to wait.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what the handlers take out by hand")]
pub(crate) struct WaitQuery {
    /// Answer when the import has ended, but after so many seconds at the latest.
    wait: Option<u32>,
}

/// Names, as a request may give them.
pub(crate) const NAMES: &str = "as, name, encoding, delimiter, header_row, sheet, map, ignore, ignore_unknown, accounts, \
                                mapping, group, tag, tag_duplicates, nominees, policy, on_match, on_new, clear_token, \
                                dates, decimal, max_failed, origin, ground";

/// Characters of a file's name.
const LONGEST_NAME: usize = 255;

/// The file's name and the choices that a query says.
pub(crate) fn read(pairs: &[(String, String)]) -> Result<(String, Choices)> {
    let wrong = |name: &str, why: String| Error::usage(format!("{name}: {why}"), format!("Options are {NAMES}."));
    let of = pairs.iter().find(|(name, _)| name == "as").map(|(_, value)| value.as_str()).unwrap_or_default();
    let mut choices = Choices::new(words::record_type(of).map_err(|why| wrong("as", why))?);
    let mut file_name = None;
    for (name, value) in pairs {
        if name == "name" {
            let is_name = (1..=LONGEST_NAME).contains(&value.chars().count()) && !value.contains(char::is_control);
            let why = || format!("it has 1 to {LONGEST_NAME} characters and none that cannot be seen");
            file_name = Some(is_name.then(|| value.clone()).ok_or_else(|| wrong("name", why()))?);
        } else {
            take(&mut choices, name, value).map_err(|why| wrong(name, why))?;
        }
    }
    choices.options()?;
    Ok((file_name.unwrap_or_else(|| "upload".to_owned()), choices))
}

fn take(choices: &mut Choices, name: &str, value: &str) -> std::result::Result<(), String> {
    let said = || Some(value.to_owned());
    match name {
        "as" => {}
        "encoding" => choices.encoding = said(),
        "delimiter" => choices.delimiter = said(),
        "header_row" => choices.header_row = Some(value.parse().map_err(|_| "it is a number".to_owned())?),
        "sheet" => choices.sheet = said(),
        "map" => {
            let (column, field) = words::mapped_column(value)?;
            choices.map.insert(column, field);
        }
        "ignore" => choices.ignore.push(value.to_owned()),
        "ignore_unknown" => choices.ignore_unknown = flag(value)?,
        "accounts" => choices.accounts.extend(value.split(',').map(str::to_owned)),
        "mapping" => choices.mapping = said(),
        "group" => choices.groups.push(value.to_owned()),
        "tag" => choices.tags.push(value.to_owned()),
        "tag_duplicates" => choices.tag_duplicates = flag(value)?,
        "nominees" => choices.nominees = flag(value)?,
        "policy" => {
            let (field, policy) = words::policy(value)?;
            choices.policies.insert(field, policy.key().to_owned());
        }
        "on_match" => choices.on_match = said(),
        "on_new" => choices.on_new = said(),
        "clear_token" => choices.clear_token = said(),
        "dates" => choices.dates = said(),
        "decimal" => choices.decimal = said(),
        "max_failed" => choices.max_failed = said(),
        "origin" => choices.origin = said(),
        "ground" => choices.ground = said(),
        _ => return Err("there is no such option".to_owned()),
    }
    Ok(())
}

fn flag(value: &str) -> std::result::Result<bool, String> {
    match value.to_ascii_lowercase().as_str() {
        "" | "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("it is true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
        query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn options_are_said_as_in_the_command_line() {
        let query = [("as", "advocates"), ("group", "A"), ("group", "B"), ("map", "Mail=email"), ("max_failed", "5%")];
        let (name, options) = read(&pairs(&query)).expect("options");
        assert_eq!(name, "upload");
        assert_eq!(options.groups, ["A", "B"]);
        assert_eq!(options.map["Mail"], "email");
        assert_eq!(options.max_failed.as_deref(), Some("5%"));
    }

    #[test]
    fn every_option_is_documented_and_taken() {
        let documented: Vec<_> = ImportQuery::into_params(|| None).into_iter().map(|param| param.name).collect();
        assert_eq!(documented.join(", "), NAMES.split_whitespace().collect::<Vec<_>>().join(" "));
        for name in &documented {
            let said = read(&pairs(&[("as", "creators"), (name, "\u{1}")])).err().map(|error| error.to_string());
            assert!(!said.is_some_and(|said| said.contains("there is no such option")), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |query: &[(&str, &str)]| read(&pairs(query)).expect_err("wrong").to_string();
        assert!(said(&[]).starts_with("as: "));
        assert_eq!(said(&[("as", "creators"), ("grop", "A")]), "grop: there is no such option");
        assert!(said(&[("as", "creators"), ("name", "a\nb.csv")]).starts_with("name: "));
        assert_eq!(said(&[("as", "creators"), ("nominees", "maybe")]), "nominees: it is true or false");
    }
}
