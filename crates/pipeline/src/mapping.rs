//! Which column of a file is which field. Headers are compared trimmed and without case, then by synonyms; anything
//! else must be mapped or ignored on purpose, or the file is refused with the names.

mod again;
mod refusals;

pub use again::field_name;

use std::collections::BTreeMap;

use convoke_people::field::Field;
use convoke_people::id::FieldId;
use convoke_people::platform::Platform;
use convoke_people::record_type::{RecordType, TemplateColumn};
use convoke_people::text;
use serde::{Deserialize, Serialize};

use crate::account_headers;
use crate::headers::recognise;
use crate::problem::{Problem, ProblemCode};
use crate::settings::Settings;
use crate::synonyms::{self, is_known_header};

/// The columns that results and errors files add behind the original ones.
pub const RESULT_COLUMNS: [&str; 5] = ["row", "outcome", "person id", "matched account", "messages"];

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Field(Field),
    /// Serves as Name together with a first name.
    LastName,
    Custom(FieldId),
    Group,
    Tags,
    /// An account on a platform: who a creator is, or where else somebody can be found.
    Account(Platform),
}

impl Target {
    /// The name users meet: a header, or the name of a custom field.
    pub fn label(self, settings: &Settings) -> String {
        match self {
            Self::Field(field) => field.label().to_owned(),
            Self::LastName => "Last Name".to_owned(),
            Self::Custom(id) => {
                settings.custom_fields.iter().find(|f| f.id == id).map_or_else(String::new, |f| f.name.clone())
            }
            Self::Group => "Group".to_owned(),
            Self::Tags => "Tags".to_owned(),
            Self::Account(platform) => format!("{} Handle", platform.name()),
        }
    }

    /// Reads what stands behind `--map COLUMN=`: an API name, a header, or the name of a custom field.
    pub fn parse(name: &str, settings: &Settings) -> Option<Self> {
        let key = text::key(name);
        match key.as_str() {
            "group" => Some(Self::Group),
            "tags" | "tag" => Some(Self::Tags),
            "last name" | "last_name" => Some(Self::LastName),
            _ => custom_named(&key, settings)
                .or_else(|| Field::parse(name).filter(|f| is_importable(*f, settings.record_type)).map(Self::Field))
                .or_else(|| account_headers::platform_named(name).map(Self::Account))
                .filter(|target| synonyms::is_for(*target, settings.record_type)),
        }
    }
}

pub(crate) fn custom_named(key: &str, settings: &Settings) -> Option<Target> {
    settings.custom_fields.iter().find(|f| text::key(&f.name) == key).map(|f| Target::Custom(f.id))
}

/// A column of the file and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As written, trimmed; empty for a nameless column.
    pub header: String,
    /// None: ignored on purpose, or nameless and blank.
    pub target: Option<Target>,
    /// A nameless column nobody decided about: the scan refuses the file if it holds a value.
    #[serde(default)]
    pub must_be_blank: bool,
}

/// What is decided about a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Mapped(Target),
    Ignored,
    /// Somebody has to say.
    Open,
}

/// The columns of a file, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    pub columns: Vec<Column>,
}

/// What the user says about columns, beside what their headers say themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingChoices {
    /// Header (compared without case) or column letter, and the field's name.
    pub map: Vec<(String, String)>,
    pub ignore: Vec<String>,
    pub ignore_unknown: bool,
    /// A saved mapping below these choices; columns it names may be missing from this file.
    #[serde(skip)]
    pub saved: Option<Box<Self>>,
}

/// The letters a spreadsheet program shows above a column; 0 is A.
pub fn column_letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(b'A' + (column % 26) as u8);
        match column / 26 {
            0 => break,
            rest => column = rest - 1,
        }
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}

impl Mapping {
    /// Decides every column, or says which ones cannot be decided. Only then `filled` is asked which of the nameless
    /// columns hold values, so that one message names all.
    pub fn decide(
        headers: &[String],
        choices: &MappingChoices,
        settings: &Settings,
        filled: impl FnOnce(Vec<usize>) -> Vec<usize>,
    ) -> Result<Self, Problem> {
        let mut columns = Vec::with_capacity(headers.len());
        let mut unknown = Vec::new();
        let chosen = choices.by_column(headers, settings)?;
        let own = headers.len() - own_columns(headers);
        let recognised = recognise(&headers[..own], settings, |place| !chosen.contains_key(&place));
        for (place, header) in headers.iter().enumerate() {
            if place >= own {
                columns.push(Column { header: header.clone(), target: None, must_be_blank: false });
                continue;
            }
            let target = chosen.get(&place).copied().unwrap_or_else(|| recognised[place].map(|it| it.target));
            let undecided = target.is_none() && !chosen.contains_key(&place) && !choices.ignore_unknown;
            if undecided && !header.is_empty() {
                unknown.push(place);
            }
            columns.push(Column { header: header.clone(), target, must_be_blank: undecided });
        }
        let mapping = Self { columns };
        if !unknown.is_empty() {
            let nameless = mapping.columns.iter().enumerate().filter(|(_, c)| c.must_be_blank && c.header.is_empty());
            unknown.extend(filled(nameless.map(|(place, _)| place).collect()));
            unknown.sort_unstable();
            return Err(mapping.invalid_header(&unknown, settings));
        }
        mapping.refuse_person()?;
        mapping.refuse_duplicates(settings)?;
        mapping.refuse_missing(settings)?;
        Ok(mapping)
    }

    /// What is decided about each column so far: the first error is one of the choices.
    pub fn outline(
        headers: &[String],
        choices: &MappingChoices,
        settings: &Settings,
    ) -> Result<Vec<Decision>, Problem> {
        let chosen = choices.by_column(headers, settings)?;
        let own = headers.len() - own_columns(headers);
        let recognised = recognise(&headers[..own], settings, |place| !chosen.contains_key(&place));
        let decision = |place: usize| match chosen.get(&place) {
            Some(Some(target)) => Decision::Mapped(*target),
            Some(None) => Decision::Ignored,
            None if place >= own => Decision::Ignored,
            None => match recognised[place].map(|it| it.target) {
                Some(target) => Decision::Mapped(target),
                None if choices.ignore_unknown => Decision::Ignored,
                None => Decision::Open,
            },
        };
        Ok((0..headers.len()).map(decision).collect())
    }

    /// The columns at the end that a results file adds: what stands there is ours and says nothing about a row.
    pub(crate) fn result_columns(&self) -> std::ops::Range<usize> {
        let headers: Vec<_> = self.columns.iter().map(|column| column.header.as_str()).collect();
        headers.len() - own_columns(&headers)..headers.len()
    }

    /// The column a target stands in.
    pub fn column_of(&self, target: Target) -> Option<usize> {
        self.columns.iter().position(|c| c.target == Some(target))
    }
}

impl MappingChoices {
    /// Whether a cell is a header that means something here, by itself or by these choices.
    pub fn know(&self, header: &str, settings: &Settings) -> bool {
        let key = text::key(header);
        let names = self.map.iter().map(|(name, _)| name).chain(&self.ignore);
        is_known_header(header)
            || custom_named(&key, settings).is_some()
            || names.into_iter().any(|name| !is_letters(name) && text::key(name) == key)
            || self.saved.as_ref().is_some_and(|saved| saved.know(header, settings))
    }

    fn by_column(&self, headers: &[String], settings: &Settings) -> Result<BTreeMap<usize, Option<Target>>, Problem> {
        let mut chosen = BTreeMap::new();
        if let Some(saved) = &self.saved {
            let is_here = |name: &str| columns_named(name, headers).is_ok();
            let here = Self {
                map: saved.map.iter().filter(|(name, _)| is_here(name)).cloned().collect(),
                ignore: saved.ignore.iter().filter(|name| is_here(name)).cloned().collect(),
                ..Self::default()
            };
            chosen = here.by_column(headers, settings)?;
        }
        for name in &self.ignore {
            for place in columns_named(name, headers)? {
                chosen.insert(place, None);
            }
        }
        for (name, field) in &self.map {
            let target = Target::parse(field, settings).ok_or_else(|| {
                Problem::new(
                    ProblemCode::InvalidHeader,
                    format!("\"{field}\" is no field of {}", settings.record_type.plural()),
                    format!("Fields are {}.", valid_headers(settings).join(", ")),
                )
            })?;
            for place in columns_named(name, headers)? {
                chosen.insert(place, Some(target));
            }
        }
        Ok(chosen)
    }
}

/// Whether a name may be meant as the letters of a column: any cell may hold an A.
fn is_letters(name: &str) -> bool {
    let name = name.trim();
    name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// How many columns at the end are those a results file adds; they are left out when it is imported again.
pub(crate) fn own_columns(headers: &[impl AsRef<str>]) -> usize {
    let own = RESULT_COLUMNS.len();
    let is_ours = headers.len() > own && headers[headers.len() - own..].iter().map(AsRef::as_ref).eq(RESULT_COLUMNS);
    if is_ours { own } else { 0 }
}

/// The one column that a name or a letter means.
pub fn column_named(name: &str, headers: &[String]) -> Result<usize, Problem> {
    match columns_named(name, headers)?.as_slice() {
        [place] => Ok(*place),
        _ => Err(Problem::new(
            ProblemCode::HeaderDuplicate,
            format!("The file has several columns \"{name}\""),
            "Say which by its letter.",
        )),
    }
}

fn columns_named(name: &str, headers: &[String]) -> Result<Vec<usize>, Problem> {
    let key = text::key(name);
    let named: Vec<_> = (0..headers.len()).filter(|&i| text::key(&headers[i]) == key).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    if let Some(place) = (0..headers.len()).find(|&i| column_letters(i).eq_ignore_ascii_case(name.trim())) {
        return Ok(vec![place]);
    }
    let all = refusals::listed(headers.iter().enumerate().map(|(column, header)| (column, header.as_str())));
    Err(Problem::new(
        ProblemCode::InvalidHeader,
        format!("The file has no column \"{name}\""),
        format!("Its columns are {all}. A column may also be named by its letter."),
    ))
}

/// The headers of the record type's template, custom fields included.
pub fn valid_headers(settings: &Settings) -> Vec<String> {
    let mut headers: Vec<_> = settings.record_type.template().iter().map(|c| c.label().to_owned()).collect();
    for extra in ["Group", "Tags"] {
        if !headers.iter().any(|h| h == extra) {
            headers.push(extra.to_owned());
        }
    }
    headers.extend(settings.custom_fields.iter().map(|f| f.name.clone()));
    headers
}

/// Fields a file of this record type may set: those of its template. Nothing else of a person is importable.
pub fn is_importable(field: Field, record_type: RecordType) -> bool {
    field == Field::FirstName || record_type.template().contains(&TemplateColumn::Field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_can_be_said_to_hold_the_accounts_of_a_platform() {
        let parse = |name: &str, of| Target::parse(name, &Settings::new(of));
        for name in ["tiktok", "TikTok Handle", "tt"] {
            assert_eq!(parse(name, RecordType::Creator), Some(Target::Account(Platform::TikTok)), "{name}");
        }
        assert_eq!(parse("x", RecordType::Prospect), Some(Target::Account(Platform::X)));
        assert_eq!(parse("tiktok", RecordType::Advocate), None);
        assert_eq!(parse("tiktok followers", RecordType::Creator), None);
        assert_eq!(parse("also_at", RecordType::Creator), None, "it is set by the columns of platforms alone");
    }

    #[test]
    fn column_letters_run_as_in_a_spreadsheet() {
        for (place, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(place), letters);
        }
    }
}
