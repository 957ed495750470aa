//! The directory: people listed and exported, groups, custom fields, tags, saved mappings.

use std::io::Write;

use convoke_people::also_at::{OtherAccount, read_accounts};
use convoke_people::custom::{CustomField, CustomKind, MAX_FIELD_NAME_CHARS, read_custom};
use convoke_people::field::{Field, MAX_VALUE_CHARS};
use convoke_people::id::{FieldId, GroupId, MappingId, PersonId};
use convoke_people::platform::Platform;
use convoke_people::record_type::{RecordType, TemplateColumn};
use convoke_people::text;
use convoke_pipeline::defuse::defuse;
use convoke_pipeline::mapping::{MappingChoices, Target};
use convoke_pipeline::results::{csv_writer, write_template};
use convoke_pipeline::synonyms;
use convoke_pipeline::workbook::template::write_template_workbook;
use convoke_store::belongings::give_mapping;
use convoke_store::groups::{self, Group, NewGroup};
use convoke_store::mappings::{self, SavedMapping};
use convoke_store::people::{Person, page_of_people, platforms_also_at};
use convoke_store::tags::{self, Tag, next_in_process};
use convoke_store::{StoreError, fields};

use crate::error::{Error, Result};
use crate::imports::ImportOptions;
use crate::permissions::Permission;
use crate::workspace::Workspace;

/// People read at once.
const PAGE: u32 = 5_000;

impl Workspace {
    /// Hands every person of a record type to `take`, by ascending id, page by page.
    pub fn each_person(&self, of: RecordType, mut take: impl FnMut(&Person) -> Result<()>) -> Result<()> {
        self.require_any(&[Permission::See, Permission::Export])?;
        let mut after = PersonId(0);
        loop {
            let page = self.store.read(|r| page_of_people(r, self.id, of, after, PAGE))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.iter().try_for_each(&mut take)?;
        }
    }

    /// Writes people as a file that imports again without changing anybody.
    pub fn export_csv(&self, of: RecordType, out: impl Write) -> Result<()> {
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
        self.each_person(of, |person| {
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

    pub fn groups(&self) -> Result<Vec<Group>> {
        Ok(self.store.read(|r| groups::list_groups(r, self.id))?)
    }

    pub fn add_group(&self, name: &str, description: Option<&str>, code: Option<&str>) -> Result<GroupId> {
        self.require(Permission::Organise)?;
        let name = named("A group's name", name, MAX_VALUE_CHARS as usize)?;
        let is_code = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if let Some(code) = code.filter(|code| code.is_empty() || code.len() > 64 || !code.chars().all(is_code)) {
            return Err(Error::usage(
                format!("\"{code}\" is no join code"),
                "It has 1 to 64 letters, digits, - and _, without blanks.",
            ));
        }
        let id = GroupId(self.draw_block()?.id(next_in_process()));
        let key = text::key(&name);
        let group = NewGroup { id, name: &name, key: &key, description, join_code: code };
        match self.store.write(|tx| groups::add_group(tx, self.id, &group)) {
            Err(StoreError::Conflict(what)) if what.contains("code") => {
                Err(Error::usage(format!("Join code {} belongs to another group", code.unwrap_or_default()), ""))
            }
            Err(StoreError::Conflict(_)) => Err(Error::usage(format!("Group {name} is there already"), "")),
            outcome => Ok(outcome.map(|()| id)?),
        }
    }

    pub fn remove_group(&self, name: &str) -> Result<()> {
        self.require(Permission::Organise)?;
        let removed = self.store.write(|tx| groups::remove_group(tx, self.id, &text::key(name)))?;
        if removed { Ok(()) } else { Err(Error::usage(format!("Group {name} does not exist"), "")) }
    }

    pub fn tags(&self) -> Result<Vec<Tag>> {
        Ok(self.store.read(|r| tags::list_tags(r, self.id))?)
    }

    pub fn fields(&self, of: Option<RecordType>) -> Result<Vec<CustomField>> {
        Ok(self.store.read(|r| fields::list_fields(r, self.id, of))?)
    }

    /// Defines a custom field; its id is made here.
    pub fn add_field(&self, mut field: CustomField) -> Result<FieldId> {
        self.require(Permission::DefineFields)?;
        field.name = named("A custom field's name", &field.name, MAX_FIELD_NAME_CHARS)?;
        let key = text::key(&field.name);
        let plural = field.record_type.plural();
        if synonyms::target(&field.name, field.record_type).is_some() {
            return Err(Error::usage(
                format!("\"{}\" names a standard field of {plural}", field.name),
                "Choose another name, or use the standard field.",
            ));
        }
        if field.kind.has_options() && field.options.is_empty() {
            return Err(Error::usage("A select needs options", "Give each with --option."));
        }
        if !field.kind.has_options() && !field.options.is_empty() {
            return Err(Error::usage("Only selects have options", "Use --type single_select or multi_select."));
        }
        let keys: Vec<_> = field.options.iter().map(|option| text::key(option)).collect();
        if keys.iter().enumerate().any(|(at, key)| key.is_empty() || keys[..at].contains(key)) {
            return Err(Error::usage("Options are not blank and differ by more than case", ""));
        }
        if field.kind == CustomKind::MultiSelect {
            field.multiple = true;
        }
        field.id = FieldId(self.draw_block()?.id(next_in_process()));
        match self.store.write(|tx| fields::add_field(tx, self.id, &field, &key)) {
            Err(StoreError::Conflict(_)) => {
                Err(Error::usage(format!("Custom field {} is there already for {plural}", field.name), ""))
            }
            outcome => Ok(outcome.map(|()| field.id)?),
        }
    }

    pub fn mappings(&self) -> Result<Vec<SavedMapping>> {
        Ok(self.store.read(|r| mappings::list_mappings(r, self.id))?)
    }

    /// Saves choices about columns under a name.
    pub fn save_mapping(&self, name: &str, options: &ImportOptions) -> Result<()> {
        self.require(Permission::Organise)?;
        let name = named("A mapping's name", name, MAX_VALUE_CHARS as usize)?;
        let settings = self.settings(options)?;
        let choices: &MappingChoices = &options.choices;
        for (_, field) in &choices.map {
            if Target::parse(field, &settings).is_none() {
                return Err(Error::usage(format!("\"{field}\" is no field of {}", options.record_type.plural()), ""));
            }
        }
        let mapping = SavedMapping {
            id: MappingId(self.draw_block()?.id(next_in_process())),
            record_type: options.record_type,
            choices: crate::imports::choices_json(choices)?,
            name,
        };
        let key = text::key(&mapping.name);
        Ok(self.store.write(|tx| {
            mappings::save_mapping(tx, self.id, &mapping, &key)?;
            self.actor.member().map_or(Ok(()), |member| give_mapping(tx, self.id, mapping.id, member))
        })?)
    }

    pub fn remove_mapping(&self, of: RecordType, name: &str) -> Result<()> {
        self.require(Permission::Organise)?;
        let removed = self.store.write(|tx| mappings::remove_mapping(tx, self.id, of, &text::key(name)))?;
        if removed {
            return Ok(());
        }
        Err(Error::usage(format!("There is no mapping \"{name}\" for {}", of.plural()), "See convoke mappings list."))
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

fn named(what: &str, name: &str, most: usize) -> Result<String> {
    let name = text::trim(name);
    if name.is_empty() || name.chars().count() > most || text::remove_controls(name).is_some() {
        return Err(Error::usage(format!("{what} has 1 to {most} characters and none that cannot be seen"), ""));
    }
    Ok(name.to_owned())
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
    let Some(value) = value else { return String::new() };
    match field {
        Field::Platform => {
            value.parse().ok().and_then(Platform::from_code).map_or(String::new(), |p| p.name().to_owned())
        }
        Field::AlsoAt => {
            let accounts = also_at(person);
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
