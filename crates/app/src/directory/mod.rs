//! The directory: people listed and exported, groups, custom fields, tags, saved mappings, templates. Command line and API
//! make and change them by the same rules.

pub mod fields;
pub mod groups;
pub mod mappings;
pub mod pages;
pub mod people;
pub mod person;
pub mod tags;

use std::io::Write;
use std::str::FromStr;

use convoke_people::also_at::{OtherAccount, read_accounts};
use convoke_people::custom::{CustomField, read_custom};
use convoke_people::field::Field;
use convoke_people::id::{FieldId, GroupId, IdError};
use convoke_people::platform::Platform;
use convoke_people::record_type::{RecordType, TemplateColumn};
use convoke_people::text;
use convoke_pipeline::defuse::defuse;
use convoke_pipeline::results::{csv_writer, write_template};
use convoke_pipeline::workbook::template::write_template_workbook;
use convoke_store::people::{Person, platforms_also_at};

use self::groups::NewGroup;
use self::pages::Seen;
use self::people::PeopleFilter;
use crate::error::{Error, Result};
use crate::imports::ImportOptions;
use crate::once::Addressed;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// Characters of a description.
const LONGEST_DESCRIPTION: usize = 1_000;

impl Workspace {
    /// Writes these people as a file that imports again without changing anybody.
    pub fn export_csv(&self, of: RecordType, filter: &PeopleFilter, out: impl Write) -> Result<()> {
        self.require(Permission::Export)?;
        let customs = self.fields(Some(of))?;
        let broken = |e: convoke_pipeline::results::CsvError| Error::Output(format!("cannot write the export: {e}"));
        let mut writer = csv_writer(out);
        let columns = export_columns(of);
        let platforms = self.store.read(|r| platforms_also_at(r, self.id, of))?;
        let header = columns.iter().map(|c| c.label().to_owned());
        let header = header.chain(platforms.iter().map(|p| format!("{} Handle", p.name())));
        let header = header.chain(customs.iter().map(|f| f.name.clone()));
        writer.write_record(header.map(|name| defuse(&name).into_owned())).map_err(broken)?;
        self.each_person(of, filter, |person| {
            let custom = person.custom.as_deref().map(read_custom).unwrap_or_default();
            // One group a row: somebody in several groups takes several rows, somebody in none takes one.
            let groups: Vec<&str> = person.groups.iter().map(|(name, _)| name.as_str()).collect();
            let groups = if groups.is_empty() { vec![""] } else { groups };
            for group in groups {
                let standard = columns.iter().map(|column| match column {
                    TemplateColumn::Field(field) => shown(person, *field),
                    TemplateColumn::Group => group.to_owned(),
                    TemplateColumn::Tags => person.tags.join(", "),
                });
                let others = also_at(person);
                let accounts = platforms.iter().map(|platform| {
                    let of_platform = others.iter().filter(|other| other.platform == *platform);
                    of_platform.map(OtherAccount::shown).collect::<Vec<_>>().join(", ")
                });
                let values = customs.iter().map(|f| custom.get(&f.id.0).map(|v| v.join(", ")).unwrap_or_default());
                let cells = standard.chain(accounts).chain(values).map(|cell| defuse(&cell).into_owned());
                writer.write_record(cells).map_err(broken)?;
            }
            Ok(())
        })?;
        writer.flush().map_err(|e| Error::Output(format!("cannot write the export: {e}")))
    }

    /// Makes a group for the command line.
    pub fn add_group(&self, name: &str, description: Option<&str>, code: Option<&str>) -> Result<GroupId> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let new = NewGroup { name: name.to_owned(), description: owned(description), code: owned(code) };
        made_id(&*self.make_group(&new)?)
    }

    /// Removes the group of a name, whoever is in it.
    pub fn remove_group(&self, name: &str) -> Result<()> {
        self.require(Permission::Organise)?;
        self.delete_group(self.group_named(name)?, &Seen::Any, true)
    }

    /// Defines a custom field for the command line; its id is made here.
    pub fn add_field(&self, field: CustomField) -> Result<FieldId> {
        made_id(&*self.make_field(field)?)
    }

    /// Writes the template of a record type.
    pub fn write_template(&self, of: RecordType, out: impl Write) -> Result<()> {
        let settings = self.settings(&ImportOptions::new(of))?;
        Ok(write_template(&settings, out)?)
    }

    /// Writes the template of a record type as an XLSX workbook.
    pub fn write_template_workbook(&self, of: RecordType, out: impl Write) -> Result<()> {
        let settings = self.settings(&ImportOptions::new(of))?;
        Ok(write_template_workbook(&settings, out)?)
    }
}

/// The id of what was just made.
fn made_id<T: FromStr<Err = IdError>>(made: &impl Addressed) -> Result<T> {
    made.id().parse().map_err(|why: IdError| Error::Output(why.to_string()))
}

fn named(what: &str, name: &str, most: usize) -> Result<String> {
    let name = text::trim(name);
    if name.is_empty() || name.chars().count() > most || text::remove_controls(name).is_some() {
        return Err(Error::usage(
            format!("{what} has 1 to {most} characters and none that cannot be seen"),
            "Choose another one.",
        ));
    }
    Ok(name.to_owned())
}

/// A description, which may have lines; a blank one is none.
fn described(text: Option<&str>) -> Result<Option<String>> {
    let text = text::trim(text.unwrap_or_default());
    let is_unseen = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.chars().count() > LONGEST_DESCRIPTION || text.contains(is_unseen) {
        return Err(Error::usage(
            format!("A description has at most {LONGEST_DESCRIPTION} characters and none that cannot be seen"),
            "Shorten it.",
        ));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// The template's columns, with groups and tags where the template has none.
fn export_columns(of: RecordType) -> Vec<TemplateColumn> {
    let mut columns = of.template().to_vec();
    for extra in [TemplateColumn::Group, TemplateColumn::Tags] {
        if !columns.contains(&extra) {
            columns.push(extra);
        }
    }
    columns
}

/// Where else somebody can be found.
pub fn also_at(person: &Person) -> Vec<OtherAccount> {
    let text = person.fields.iter().find(|(field, _)| *field == Field::AlsoAt);
    text.map(|(_, text)| read_accounts(text)).unwrap_or_default()
}

/// The value of a field as a file shows it.
pub fn shown(person: &Person, field: Field) -> String {
    let value = person.fields.iter().find(|(known, _)| *known == field).map(|(_, value)| value.as_str());
    value.map_or_else(String::new, |value| shown_value(field, value))
}

/// A stored value of a field as a file shows it.
pub fn shown_value(field: Field, value: &str) -> String {
    match field {
        Field::Platform => {
            value.parse().ok().and_then(Platform::from_code).map_or(String::new(), |p| p.name().to_owned())
        }
        Field::AlsoAt => {
            let accounts = read_accounts(value);
            let named = accounts.iter().map(|other| format!("{} {}", other.platform.name(), other.shown()));
            named.collect::<Vec<_>>().join(", ")
        }
        Field::EngagementRate => value.parse().map_or(String::new(), percent),
        _ => value.to_owned(),
    }
}

/// Parts per million as a percentage: 34000 is 3.4.
pub fn percent(ppm: i64) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
