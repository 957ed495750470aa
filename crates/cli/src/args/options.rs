//! The options of check and import: the same for both, so that what was checked can be imported by changing one word.

use std::path::{Path, PathBuf};

use clap::Args;
use convoke_app::imports::ImportOptions;
use convoke_app::people::date::DateOrder;
use convoke_app::people::number::Decimal;
use convoke_app::people::platform::Platform;
use convoke_app::people::policy::Policy;
use convoke_app::people::record_type::{OnMatch, RecordType};
use convoke_app::pipeline::decoding::TextEncoding;
use convoke_app::pipeline::mapping::MappingChoices;
use convoke_app::pipeline::settings::{OnNew, StopRule};
use convoke_app::pipeline::source::Hints;
use convoke_app::{Error, Result};

use convoke_app::imports::words as values;

/// What `check` and `import` take.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file: CSV, TSV, XLSX or ODS
    pub(crate) file: PathBuf,
    /// What its people are: creators, prospects or advocates
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: RecordType,
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    columns: Columns,
    #[command(flatten)]
    accounts: Accounts,
    /// Use a saved mapping; the options above win over it
    #[arg(long, value_name = "NAME", help_heading = "Columns")]
    mapping: Option<String>,
    #[command(flatten)]
    people: People,
    #[command(flatten)]
    values: Values,
    /// Refuse the file if more than N rows, or N %, would fail; judged before any row takes effect
    #[arg(long, value_name = "N|N%", value_parser = values::stop_rule, help_heading = "Stop rule")]
    pub(crate) max_failed: Option<StopRule>,
    #[command(flatten)]
    pub(crate) outputs: Outputs,
}

/// What `inspect` takes.
#[derive(Args, Debug)]
pub(crate) struct InspectArgs {
    /// The file: CSV, TSV, XLSX or ODS
    pub(crate) file: PathBuf,
    /// What its people are: creators, prospects or advocates [default: guessed by the columns]
    #[arg(long = "as", value_name = "TYPE", value_parser = values::record_type)]
    pub(crate) record_type: Option<RecordType>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How the file is written, where detection reads it wrongly.
#[derive(Args, Debug)]
#[command(next_help_heading = "Reading the file")]
pub(crate) struct Reading {
    /// The encoding of a text file [default: detected]
    #[arg(long, value_name = "NAME", value_parser = values::encoding)]
    encoding: Option<TextEncoding>,
    /// What separates the cells: comma, semicolon, tab, pipe, or the character itself [default: detected]
    #[arg(long, value_name = "CHARACTER", value_parser = values::delimiter)]
    delimiter: Option<u8>,
    /// The row that holds the headers, as a spreadsheet program numbers it; 0: there are none, and columns are called by
    /// their letters [default: detected]
    #[arg(long, value_name = "N")]
    header_row: Option<u32>,
    /// The sheet of a workbook, by name or number [default: the first that is visible and holds anything]
    #[arg(long, value_name = "NAME|N")]
    sheet: Option<String>,
}

impl Reading {
    pub(crate) fn hints(&self) -> Hints {
        Hints {
            encoding: self.encoding,
            delimiter: self.delimiter,
            header_row: self.header_row,
            sheet: self.sheet.clone(),
        }
    }
}

/// Which column is which field.
#[derive(Args, Debug)]
#[command(next_help_heading = "Columns")]
pub(crate) struct Columns {
    /// This column, by header or letter, is that field (repeatable)
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = values::mapped_column)]
    pub(crate) map: Vec<(String, String)>,
    /// Leave a column out, by header or letter (repeatable)
    #[arg(long, value_name = "COLUMN")]
    pub(crate) ignore: Vec<String>,
    /// Leave out every column whose header means nothing here
    #[arg(long)]
    pub(crate) ignore_unknown: bool,
}

/// Columns named after platforms.
#[derive(Args, Debug)]
#[command(next_help_heading = "Columns")]
struct Accounts {
    /// Of several columns of accounts, which says who somebody is: the first filled one in this order [default: as in the file]
    #[arg(long, value_name = "PLATFORM,...", value_delimiter = ',', value_parser = values::platform)]
    accounts: Vec<Platform>,
}

impl Columns {
    pub(crate) fn choices(&self) -> MappingChoices {
        MappingChoices {
            map: self.map.clone(),
            ignore: self.ignore.clone(),
            ignore_unknown: self.ignore_unknown,
            saved: None,
        }
    }
}

#[derive(Args, Debug)]
#[command(next_help_heading = "People")]
struct People {
    /// Put every imported person into this group (repeatable)
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// Give every imported person this tag (repeatable)
    #[arg(long, value_name = "NAME")]
    tag: Vec<String>,
    /// Give the tags to skipped duplicates as well
    #[arg(long)]
    tag_duplicates: bool,
    /// Import advocates as nominees, who cannot join until they are invited
    #[arg(long)]
    nominees: bool,
    /// Send invitations after the import (not available yet: nothing is queued)
    #[arg(long)]
    invite: bool,
    /// Enrich creators after the import (not available yet: nothing is queued)
    #[arg(long)]
    enrich: bool,
    /// What a match does to a field (repeatable)
    #[arg(long, value_name = "FIELD=keep|fill|overwrite", value_parser = values::policy)]
    policy: Vec<(String, Policy)>,
    /// What to do with people who are there [default: skip creators, merge prospects and advocates]
    #[arg(long, value_name = "skip|merge", value_parser = values::on_match)]
    on_match: Option<OnMatch>,
    /// What to do with people who are not there yet [default: create]
    #[arg(long, value_name = "create|skip", value_parser = values::on_new)]
    on_new: Option<OnNew>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Values")]
struct Values {
    /// A cell of this text erases the field
    #[arg(long, value_name = "TEXT", value_parser = values::clear_token)]
    clear_token: Option<String>,
    /// How dates of numbers are written, where the file leaves it open
    #[arg(long, value_name = "dmy|mdy|ymd", value_parser = values::dates)]
    dates: Option<DateOrder>,
    /// The decimal sign, where the file leaves it open
    #[arg(long, value_name = "point|comma", value_parser = values::decimal)]
    decimal: Option<Decimal>,
}

/// Files beside the report.
#[derive(Args, Debug)]
#[command(next_help_heading = "Files")]
pub(crate) struct Outputs {
    /// Write every row with its outcome to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) rows: Option<PathBuf>,
    /// Write the failed rows to this CSV file, to be corrected and imported again
    #[arg(long, value_name = "FILE")]
    pub(crate) errors: Option<PathBuf>,
}

impl ImportArgs {
    /// The options as the app knows them.
    pub(crate) fn options(&self) -> Result<ImportOptions> {
        let (people, values) = (&self.people, &self.values);
        if people.nominees && people.invite {
            return Err(Error::usage(
                "Nominees are not invited by an import: --nominees and --invite contradict each other",
                "Leave out --invite and invite them later, or leave out --nominees to import advocates.",
            ));
        }
        Ok(ImportOptions {
            hints: self.reading.hints(),
            choices: self.columns.choices(),
            saved_mapping: self.mapping.clone(),
            groups: people.group.clone(),
            tags: people.tag.clone(),
            tag_duplicates: people.tag_duplicates,
            nominees: people.nominees,
            policies: people.policy.clone(),
            on_match: people.on_match,
            on_new: people.on_new.unwrap_or(OnNew::Create),
            stop_rule: self.max_failed,
            clear_token: values.clear_token.clone(),
            dates: values.dates,
            decimal: values.decimal,
            accounts: self.accounts.accounts.clone(),
            ..ImportOptions::new(self.record_type)
        })
    }

    /// The file's name without its folder, as imports are listed.
    pub(crate) fn file_name(&self) -> String {
        let name = self.file.file_name();
        name.map_or_else(|| self.file.display().to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// What was asked for and does not exist yet.
    pub(crate) fn not_yet(&self) -> impl Iterator<Item = &'static str> {
        let invite = self.people.invite.then_some("--invite: invitations do not exist yet; nothing was queued");
        let enrich = self.people.enrich.then_some("--enrich: enrichment does not exist yet; nothing was queued");
        invite.into_iter().chain(enrich)
    }

    /// The files the command writes.
    pub(crate) fn output_paths(&self) -> [Option<&Path>; 2] {
        [self.outputs.rows.as_deref(), self.outputs.errors.as_deref()]
    }
}
