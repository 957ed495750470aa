//! The commands, one file a family. Each gives its exit code.

mod backup;
mod config;
mod fields;
mod groups;
mod import;
mod imports;
mod inspect;
mod mappings;
mod member;
mod migrate;
mod people;
mod read_workbook;
pub(crate) mod result_files;
mod resume;
mod serve;
mod tags;
mod template;
mod token;
mod workspace;

use anyhow::Result;
use convoke_app::store::imports::ImportKind;

use crate::args::{Command, Global};
use crate::remote::{self, Client};
use crate::resources::Resources;

/// Done.
const DONE: u8 = 0;

/// Does what was typed, where it was said.
pub(crate) fn run(global: &Global, command: &Command) -> Result<u8> {
    let resources = match &global.server {
        None => Resources::Database(global),
        Some(server) => {
            remote::refuse_local(command)?;
            let client = Client::of(global, server)?;
            if let Some(done) = remote::run(global, &client, command) {
                return done;
            }
            Resources::Server(client)
        }
    };
    match command {
        Command::Check(args) => import::run(global, args, ImportKind::DryRun),
        Command::Import(args) => import::run(global, args, ImportKind::Import),
        Command::Inspect(args) => inspect::run(global, args),
        Command::Template(args) => template::run(&resources, args),
        Command::Imports(command) => imports::run(global, command),
        Command::People(command) => people::run(global, &resources, command),
        Command::Groups(command) => groups::run(global, &resources, command),
        Command::Fields(command) => fields::run(global, &resources, command),
        Command::Tags(command) => tags::run(global, &resources, command),
        Command::Mappings(command) => mappings::run(global, &resources, command),
        Command::Serve(_) => serve::run(global),
        Command::Worker(args) => serve::work(global, args),
        Command::Workspace(command) => workspace::run(global, &resources, command),
        Command::Member(command) => member::run(global, &resources, command),
        Command::Token(command) => token::run(global, command),
        Command::Config => config::run(global),
        Command::Migrate => migrate::run(global),
        Command::Backup { folder, without_files } => backup::backup(global, folder, *without_files),
        Command::ReadWorkbook(args) => read_workbook::run(args),
        Command::Restore { folder } => backup::restore(global, folder),
    }
}
