//! What can be typed behind `convoke`: the global options and the commands, one file a family.

mod directory;
mod imports;
mod options;
mod server;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};
use convoke_app::store::imports::ImportKind;

use crate::print::json::Subject;
use crate::settings::Settings;

pub(crate) use directory::{
    FieldsCommand, Format, GroupsCommand, MappingsCommand, NewField, NewMapping, PeopleCommand, PeopleExport,
    PeopleList, TagsCommand, TemplateArgs, TemplateFormat,
};
pub(crate) use imports::{ImportsCommand, ReportArgs};
pub(crate) use options::{ImportArgs, InspectArgs, Outputs};
pub(crate) use server::{MemberCommand, ServeArgs, TokenCommand, WorkerArgs, WorkspaceCommand};

/// Where the data is when nobody says.
pub(crate) const DEFAULT_DATABASE: &str = "sqlite:./convoke-data/convoke.db";

/// Brings creators, prospects and advocates into a program in bulk.
#[derive(Debug, Parser)]
#[command(name = "convoke", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 rows failed, 2 file refused or bad usage, 3 could not run.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) everywhere: Everywhere,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that stand before or behind the command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Everywhere {
    /// The configuration file [env: CONVOKE_CONFIG] [default: ./convoke.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The database: sqlite:PATH, a path, or postgres://... [env: CONVOKE_DB] [default: sqlite:./convoke-data/convoke.db]
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) db: Option<String>,
    /// Do it on a Convoke server instead of a database: https://...
    #[arg(long, global = true, env = "CONVOKE_SERVER", hide_env_values = true, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The API token for --server
    #[arg(long, global = true, env = "CONVOKE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// The workspace; needed only if there are several
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// Print JSON on stdout
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Where uploads are kept: a folder, or s3://BUCKET/PREFIX [env: CONVOKE_FILES] [default: beside the SQLite file, as
    /// NAME-files; ./convoke-data/files for PostgreSQL]
    #[arg(long, global = true, value_name = "PLACE")]
    pub(crate) files: Option<String>,
    /// Rows one import may hold [env: CONVOKE_MAX_ROWS] [default: 50,000 creators, 1,000,000 prospects or advocates]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) max_rows: Option<u64>,
    /// Bytes one import may hold [env: CONVOKE_MAX_BYTES] [default: 512 MB]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) max_bytes: Option<u64>,
}

/// What holds for every command: what was typed, and the settings.
#[derive(Clone, Debug)]
pub(crate) struct Global {
    pub(crate) settings: Settings,
    /// The address of a server that it is done on, and the token for it.
    pub(crate) server: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) workspace: Option<String>,
    pub(crate) json: bool,
}

impl Global {
    /// The database, as it was said.
    pub(crate) fn db(&self) -> &str {
        self.settings.text("db").unwrap_or(DEFAULT_DATABASE)
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what importing a file would do, without doing it
    Check(ImportArgs),
    /// Import a file
    Import(ImportArgs),
    /// Show how a file is read: encoding, delimiter, header row, and what each column may be
    Inspect(InspectArgs),
    /// Write the template of a record type, with its custom fields
    Template(TemplateArgs),
    /// Imports and checks so far: list, show, resume, their reports and files
    #[command(subcommand)]
    Imports(ImportsCommand),
    /// List or export people
    #[command(subcommand)]
    People(PeopleCommand),
    /// Groups: list, add, remove
    #[command(subcommand)]
    Groups(GroupsCommand),
    /// Custom fields: list, add
    #[command(subcommand)]
    Fields(FieldsCommand),
    /// Tags: list
    #[command(subcommand)]
    Tags(TagsCommand),
    /// Saved mappings: list, add, remove
    #[command(subcommand)]
    Mappings(MappingsCommand),
    /// Answer the REST API and run what it is asked for
    Serve(ServeArgs),
    /// Only run what a server was asked for: another process on the same PostgreSQL
    Worker(WorkerArgs),
    /// Workspaces and what is set for one: list, show, change
    #[command(subcommand)]
    Workspace(WorkspaceCommand),
    /// Members, who sign in: add, list, remove
    #[command(subcommand)]
    Member(MemberCommand),
    /// API tokens: create, list, revoke
    #[command(subcommand)]
    Token(TokenCommand),
    /// Make the database, or bring it to this version
    Migrate,
    /// Print the settings that hold, and who says each
    Config,
    /// Copy a SQLite database and its files into a new folder, beside a running Convoke
    Backup {
        /// The folder to make
        folder: PathBuf,
        /// Copy the database alone; the uploaded files stay where they are
        #[arg(long)]
        without_files: bool,
    },
    /// Put a backup where --db and --files say; never over data
    Restore {
        /// A folder that convoke backup wrote
        folder: PathBuf,
    },
    /// Write one sheet of a workbook as CSV, within limits: what an import starts for itself
    #[command(hide = true)]
    ReadWorkbook(ReadWorkbookArgs),
}

/// What `read-workbook` takes.
#[derive(Args, Debug)]
pub(crate) struct ReadWorkbookArgs {
    pub(crate) file: PathBuf,
    /// Name or number of the sheet
    #[arg(long)]
    pub(crate) sheet: Option<String>,
    /// Bytes of memory it may take
    #[arg(long)]
    pub(crate) memory: Option<u64>,
    /// Seconds of computing it may take
    #[arg(long)]
    pub(crate) seconds: Option<u64>,
}

impl Command {
    /// What a check or import is about: its JSON has a shape of its own.
    pub(crate) fn subject(&self) -> Option<Subject> {
        let (kind, args) = match self {
            Self::Check(args) => (ImportKind::DryRun, Some(args)),
            Self::Import(args) => (ImportKind::Import, Some(args)),
            Self::Imports(ImportsCommand::Resume { .. }) => (ImportKind::Import, None),
            _ => return None,
        };
        Some(Subject {
            kind,
            record_type: args.map(|args| args.record_type),
            file_name: args.map(|args| args.file_name()),
            bytes: args.and_then(|args| args.file.metadata().ok()).filter(|facts| facts.is_file()).map(|f| f.len()),
        })
    }
}

/// What the arguments say.
pub(crate) enum Parsed {
    Command(Box<Cli>),
    /// Help or version was asked for.
    Help(String),
    Wrong {
        message: String,
        as_json: bool,
    },
}

impl Cli {
    /// The settings: of the file, of the environment, and what was typed.
    pub(crate) fn global(&self, variable: impl Fn(&str) -> Option<String>) -> convoke_app::Result<Global> {
        let Everywhere { config, db, server, token, workspace, json, files, max_rows, max_bytes } = &self.everywhere;
        let mut flags = vec![
            ("db", db.clone()),
            ("files.place", files.clone()),
            ("limits.rows", max_rows.map(|most| most.to_string())),
            ("limits.bytes", max_bytes.map(|most| most.to_string())),
        ];
        match &self.command {
            Command::Serve(args) => flags.extend(args.flags()),
            Command::Worker(args) => flags.extend(args.flags()),
            _ => {}
        }
        // It is started for one file, by a process that has read the settings.
        let settings = match self.command {
            Command::ReadWorkbook(_) => Settings::default(),
            _ => Settings::merge(config.as_deref(), &flags, variable)?,
        };
        let (server, token) = (server.clone(), token.clone());
        Ok(Global { settings, server, token, workspace: workspace.clone(), json: *json })
    }

    /// Reads the arguments of this process.
    pub(crate) fn read() -> Parsed {
        let words: Vec<OsString> = std::env::args_os().collect();
        let error = match Self::try_parse_from(&words) {
            Ok(cli) => return Parsed::Command(Box::new(cli)),
            Err(error) => error,
        };
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Parsed::Help(error.to_string()),
            _ => Parsed::Wrong { message: error.to_string(), as_json: words.iter().any(|word| word == "--json") },
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_commands_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_or_behind_the_command() {
        for words in [
            ["convoke", "--json", "--db", "x.db", "people", "list", "--as", "advocates"],
            ["convoke", "people", "list", "--as", "ADVOCATE", "--db", "x.db", "--json"],
        ] {
            let cli = Cli::try_parse_from(words).expect("understood");
            let global = cli.global(|_| None).expect("sound");
            assert!(global.json);
            assert_eq!(global.db(), "x.db");
        }
    }
}
