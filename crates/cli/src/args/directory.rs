//! People, groups, custom fields, tags, saved mappings and templates, as they are typed.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use convoke_app::directory::people::Which;
use convoke_app::people::custom::CustomKind;
use convoke_app::people::record_type::RecordType;

use super::options::Columns;
use convoke_app::imports::words as values;

/// What `template` takes.
#[derive(Args, Debug)]
pub(crate) struct TemplateArgs {
    /// creators, prospects or advocates
    #[arg(value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    /// csv, or xlsx: an Excel workbook with notes on the columns
    #[arg(long, value_enum, default_value_t = TemplateFormat::Csv)]
    pub(crate) format: TemplateFormat,
    /// Write it here [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The format of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateFormat {
    Csv,
    Xlsx,
}

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Show people; with --json all of them, one object a line
    List(PeopleList),
    /// Write people in a file that imports again without changing anybody
    Export(PeopleExport),
}

/// Who of a type.
#[derive(Args, Debug)]
pub(crate) struct WhichPeople {
    /// Only people in this group
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Only people with this tag
    #[arg(long, value_name = "NAME")]
    tag: Option<String>,
    /// Only people that this import created
    #[arg(long, value_name = "ID")]
    import: Option<String>,
    /// Only whoever has this e-mail address; of creators, platform and handle: instagram/anna
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<String>,
    /// Only people with this somewhere in their name, company, e-mail address or handle
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

impl WhichPeople {
    pub(crate) fn which(&self) -> Which {
        let Self { group, tag, import, identity, search } = self;
        let (group, tag, import) = (group.clone(), tag.clone(), import.clone());
        Which { group, tag, import, identity: identity.clone(), search: search.clone() }
    }
}

/// What `people list` takes.
#[derive(Args, Debug)]
pub(crate) struct PeopleList {
    /// creators, prospects or advocates
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    #[command(flatten)]
    pub(crate) which: WhichPeople,
    /// How many at most [default: 50; with --json all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u32>,
}

/// What `people export` takes.
#[derive(Args, Debug)]
pub(crate) struct PeopleExport {
    /// creators, prospects or advocates
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    #[command(flatten)]
    pub(crate) which: WhichPeople,
    /// csv, or ndjson: one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// Write it here [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Ndjson,
}

/// What can be done with groups.
#[derive(Debug, Subcommand)]
pub(crate) enum GroupsCommand {
    /// All groups with their members counted
    List,
    /// Make a group
    Add {
        /// Unique without regard to case
        name: String,
        /// A join code: letters, digits, - and _; public
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
        /// What the group is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Remove a group and its memberships; its people stay
    Remove {
        /// In any case
        name: String,
    },
}

/// What can be done with custom fields.
#[derive(Debug, Subcommand)]
pub(crate) enum FieldsCommand {
    /// All custom fields
    List {
        /// Only those of creators, prospects or advocates
        #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
        record_type: Option<RecordType>,
    },
    /// Define a custom field
    Add(NewField),
}

/// What `fields add` takes.
#[derive(Args, Debug)]
pub(crate) struct NewField {
    /// Unique without regard to case
    pub(crate) name: String,
    /// creators, prospects or advocates
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    /// text, single_select, multi_select, number, date or yes_no [default: text]
    #[arg(long = "type", value_name = "TYPE", value_parser = values::custom_kind)]
    pub(crate) kind: Option<CustomKind>,
    /// Takes several values
    #[arg(long)]
    pub(crate) multiple: bool,
    /// Shown to the person it is about
    #[arg(long)]
    pub(crate) shown: bool,
    /// A choice of a select (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) option: Vec<String>,
}

/// What can be done with tags.
#[derive(Debug, Subcommand)]
pub(crate) enum TagsCommand {
    /// All tags with the people who have them counted
    List,
}

/// What can be done with saved mappings.
#[derive(Debug, Subcommand)]
pub(crate) enum MappingsCommand {
    /// All saved mappings
    List,
    /// Save choices about columns under a name, over an earlier mapping of that name
    Add(NewMapping),
    /// Remove a saved mapping
    Remove {
        /// In any case
        name: String,
        /// creators, prospects or advocates
        #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
        record_type: RecordType,
    },
}

/// What `mappings add` takes.
#[derive(Args, Debug)]
pub(crate) struct NewMapping {
    /// Unique without regard to case
    pub(crate) name: String,
    /// creators, prospects or advocates
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    #[command(flatten)]
    pub(crate) columns: Columns,
}
