//! Why a file is refused for its headers: each refusal names the columns, what they should be, and the option that helps.

use convoke_people::field::Field;
use convoke_people::record_type::IdentityKind;
use convoke_people::text;

use super::{Column, Mapping, Target, again, column_letters, valid_headers};
use crate::issue::quote;
use crate::problem::{Problem, ProblemCode};
use crate::settings::Settings;
use crate::suggesting::suggest;
use crate::synonyms;

const LIKE_A_PERSON: &str = "The header row reads like a person: say in which row the headers stand with --header-row \
                             N, or, if there are none, --header-row 0 and map the columns by letter (--map A=FIELD).";

/// Names a message lists at most.
const MOST_NAMES: usize = 40;
/// Characters of a header that is better called by its letter.
const LONG_HEADER: usize = 80;

fn shown(column: usize, header: &str) -> String {
    if header.is_empty() { format!("(column {})", column_letters(column)) } else { quote(header) }
}

/// A column as an option takes it.
fn named(column: usize, header: &str) -> String {
    if header.is_empty() || header.chars().count() > LONG_HEADER { column_letters(column) } else { header.to_owned() }
}

/// The first names, and how many more there are.
pub(super) fn listed<'h>(columns: impl ExactSizeIterator<Item = (usize, &'h str)>) -> String {
    let more = columns.len().saturating_sub(MOST_NAMES);
    let mut names: Vec<_> = columns.take(MOST_NAMES).map(|(column, header)| shown(column, header)).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

impl Mapping {
    /// A header that is a value means that the first person stands in its place.
    pub(super) fn refuse_person(&self) -> Result<(), Problem> {
        let is_value = |column: &&Column| match column.target {
            Some(Target::Field(Field::Email)) => column.header.contains('@'),
            Some(Target::Field(Field::Handle | Field::ProfileUrl) | Target::Account(_)) => {
                column.header.starts_with('@') || column.header.contains("://")
            }
            _ => false,
        };
        let Some(column) = self.columns.iter().find(is_value) else { return Ok(()) };
        Err(Problem::new(
            ProblemCode::InvalidHeader,
            format!("Invalid header - {}. It is a value, not the name of a column", quote(&column.header)),
            LIKE_A_PERSON,
        ))
    }

    pub(super) fn refuse_duplicates(&self, settings: &Settings) -> Result<(), Problem> {
        for (place, column) in self.columns.iter().enumerate() {
            let Some(target) = column.target else { continue };
            let Some(first) = self.columns[..place].iter().position(|c| c.target == Some(target)) else { continue };
            let field = target.label(settings);
            return Err(Problem::new(
                ProblemCode::HeaderDuplicate,
                format!(
                    "Duplicate header - \"{}\" (column {}) and \"{}\" (column {}) are both {field}",
                    self.columns[first].header,
                    column_letters(first),
                    column.header,
                    column_letters(place),
                ),
                format!("Remove or rename one of them, or leave one out with --ignore {}.", column_letters(place)),
            ));
        }
        Ok(())
    }

    pub(super) fn refuse_missing(&self, settings: &Settings) -> Result<(), Problem> {
        let has = |field| self.columns.iter().any(|c| c.target == Some(Target::Field(field)));
        let has_last_name = self.columns.iter().any(|c| c.target == Some(Target::LastName));
        let mut missing = Vec::new();
        match settings.record_type.identity() {
            IdentityKind::Email => {
                if !has(Field::Name) && !has(Field::FirstName) && !has_last_name {
                    missing.push("Name");
                }
                if !has(Field::Email) {
                    missing.push("Email");
                }
            }
            IdentityKind::PlatformAndHandle => {
                let has_account = self.columns.iter().any(|c| matches!(c.target, Some(Target::Account(_))));
                if !has(Field::Handle) && !has(Field::ProfileUrl) && !has_account {
                    missing.push("Handle");
                }
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found = listed(self.columns.iter().enumerate().map(|(column, c)| (column, c.header.as_str())));
        Err(Problem::new(
            ProblemCode::HeaderMissing,
            format!("Missing header - {}. The file has {found}", missing.join(", ")),
            format!(
                "Name the column in the header row, or say which one it is with --map COLUMN={}.",
                missing[0].to_lowercase()
            ),
        ))
    }

    /// The refusal that names columns nobody decided about.
    pub fn invalid_header(&self, unknown: &[usize], settings: &Settings) -> Problem {
        let header = |place: usize| self.columns[place].header.as_str();
        let hint = if self.columns.iter().any(|c| c.header.contains('@')) {
            LIKE_A_PERSON.to_owned()
        } else if let Some(hint) = self.is_there_already(unknown[0], settings) {
            hint
        } else {
            let likely = |&place: &usize| Some((place, self.likely_field(place, settings)?));
            let (place, likely) = match unknown.iter().take(MOST_NAMES).find_map(likely) {
                Some((place, field)) => (place, Some(field)),
                None => (unknown[0], None),
            };
            let name = named(place, header(place));
            let field = likely.as_deref().unwrap_or("FIELD");
            format!(
                "Rename the column, map it (--map \"{name}={field}\"), leave it out (--ignore \"{name}\" or \
                 --ignore-unknown), or create a custom field of that name first."
            )
        };
        let valid = valid_headers(settings).join(", ");
        Problem::new(
            ProblemCode::InvalidHeader,
            format!(
                "Invalid header - {}. Valid headers are {valid}",
                listed(unknown.iter().map(|&column| (column, header(column))))
            ),
            hint,
        )
    }

    /// What to do where a column would be a field that a stronger column is.
    fn is_there_already(&self, place: usize, settings: &Settings) -> Option<String> {
        let header = &self.columns[place].header;
        let target = synonyms::meaning(&text::bare(header), settings.record_type)?.target;
        let stronger = self.column_of(target)?;
        Some(format!(
            "\"{name}\" reads like {}, which {} is already: leave one of them out (--ignore \"{name}\" or \
             --ignore-unknown).",
            target.label(settings),
            shown(stronger, &self.columns[stronger].header),
            name = named(place, header),
        ))
    }

    /// The field a column reads like, as `--map` takes it.
    fn likely_field(&self, place: usize, settings: &Settings) -> Option<String> {
        let headers: Vec<_> = self.columns.iter().map(|column| column.header.clone()).collect();
        let target = suggest(&headers, &[], settings, &[])[place].target?;
        let is_free = self.column_of(target).is_none();
        is_free.then(|| again::field_name(target, settings)).flatten()
    }
}
