//! The configuration file: TOML, one key a setting, sections as tables. What cannot be used is told with file, line, key
//! and what is accepted.

use std::fs;
use std::path::Path;

use convoke_app::{Error, Result};
use toml::de::{DeTable, DeValue};

use super::table::{SETTINGS, Setting, setting};

/// A value, and the line that says it.
pub(super) struct Line {
    pub(super) setting: &'static Setting,
    pub(super) text: String,
    pub(super) number: usize,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Vec<Line>> {
    let text = fs::read_to_string(path).map_err(|why| {
        Error::usage(
            format!("Cannot read the configuration {}: {why}", path.display()),
            "Check --config and CONVOKE_CONFIG.",
        )
    })?;
    lines(&path.display().to_string(), &text)
}

fn lines(path: &str, text: &str) -> Result<Vec<Line>> {
    let line_of = |byte: usize| text[..byte.min(text.len())].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        Error::usage(format!("{path}, line {line}: {}", error.message()), "The file is TOML: key = value, [section].")
    })?;
    let mut found = Vec::new();
    for (name, value) in table.get_ref() {
        match value.get_ref() {
            DeValue::Table(section) if is_section(name.get_ref()) => {
                for (inner, value) in section {
                    let key = format!("{}.{}", name.get_ref(), inner.get_ref());
                    found.push(line(path, &key, value.get_ref(), line_of(inner.span().start))?);
                }
            }
            value => found.push(line(path, name.get_ref(), value, line_of(name.span().start))?),
        }
    }
    Ok(found)
}

fn is_section(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.key.split_once('.').is_some_and(|(section, _)| section == name))
}

fn line(path: &str, key: &str, value: &DeValue<'_>, number: usize) -> Result<Line> {
    let place = format!("{path}, line {number}: {key}");
    if is_section(key) {
        return Err(Error::usage(
            format!("{place} is a section, not a setting"),
            format!("Write [{key}] and its settings below."),
        ));
    }
    let Some(setting) = setting(key) else {
        return Err(Error::usage(format!("{place} is no setting"), near(key)));
    };
    let text = match value {
        DeValue::String(text) => text.to_string(),
        // A number of another base is one of ours only by accident.
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        _ => return Err(super::wrong(&place, setting)),
    };
    if !(setting.is_sound)(&text) {
        return Err(super::wrong(&place, setting));
    }
    Ok(Line { setting, text, number })
}

/// What may have been meant.
fn near(key: &str) -> String {
    let (section, _) = key.rsplit_once('.').unwrap_or(("", key));
    let beside = SETTINGS.iter().map(|setting| setting.key);
    let beside: Vec<_> = beside.filter(|known| known.rsplit_once('.').map_or("", |(of, _)| of) == section).collect();
    format!("Settings there are {}.", beside.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> (String, String) {
        let error = lines("convoke.toml", text).err().expect("wrong");
        (error.to_string(), error.hint().unwrap_or_default().to_owned())
    }

    #[test]
    fn values_are_found_with_their_lines() {
        let text = "db = \"x.db\"\nworkers = 2\n\n[limits]\nbytes = 1_000\n[files]\npath_style = false\n";
        let found = lines("convoke.toml", text).expect("sound");
        let mut said: Vec<_> = found.iter().map(|line| (line.number, line.setting.key, line.text.as_str())).collect();
        said.sort_unstable();
        assert_eq!(
            said,
            [(1, "db", "x.db"), (2, "workers", "2"), (5, "limits.bytes", "1000"), (7, "files.path_style", "false")]
        );
    }

    #[test]
    fn what_cannot_be_used_is_told_with_line_key_and_what_is_accepted() {
        for (text, message, hint) in [
            ("\nwokers = 2", "convoke.toml, line 2: wokers is no setting", "Settings there are db, listen"),
            (
                "[log]\nlevle = 1",
                "convoke.toml, line 2: log.levle is no setting",
                "Settings there are log.format, log.level.",
            ),
            ("[lgo]\nlevel = 1", "convoke.toml, line 1: lgo is no setting", "Settings there are db"),
            ("workers = 0", "convoke.toml, line 1: workers is wrong", "It accepts a number from 1 to 64."),
            ("workers = [2]", "convoke.toml, line 1: workers is wrong", "It accepts a number from 1 to 64."),
            ("log = 3", "convoke.toml, line 1: log is a section, not a setting", "Write [log]"),
            ("a = \nb = 2", "convoke.toml, line 1: ", "The file is TOML"),
            ("db = 'a'\ndb = 'b'", "convoke.toml, line 2: ", "The file is TOML"),
        ] {
            let said = wrong(text);
            assert!(said.0.starts_with(message), "{said:?}");
            assert!(said.1.starts_with(hint), "{said:?}");
        }
    }

    #[test]
    fn a_wrong_value_is_not_repeated_as_it_may_be_a_secret() {
        assert!(!wrong("listen = \"hunter2\"").0.contains("hunter2"));
    }
}
