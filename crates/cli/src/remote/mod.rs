//! Commands on a server (`--server`), by its API: what is done, is done there, and goes on if this process ends.

mod client;
mod imports;
mod words;

use anyhow::Result;
use convoke_app::Error;
use convoke_app::permissions::Permission;
use convoke_app::store::imports::ImportKind;

pub(crate) use client::{Client, Refusal};

use crate::args::{Command, Global, MemberCommand, WorkspaceCommand};

/// Done.
const DONE: u8 = 0;

/// Checks, imports, and what became of them; None: the command is about something else.
pub(crate) fn run(global: &Global, client: &Client, command: &Command) -> Option<Result<u8>> {
    match command {
        Command::Check(args) => Some(imports::run(global, client, args, ImportKind::DryRun)),
        Command::Import(args) => Some(imports::run(global, client, args, ImportKind::Import)),
        Command::Imports(command) => Some(imports::history(global, client, command)),
        _ => None,
    }
}

/// Refuses what makes no sense on a server.
pub(crate) fn refuse_local(command: &Command) -> Result<()> {
    let here = |name, why: &str| {
        let message = format!("convoke {name} works on a database, not on a server: {why}");
        Err(Error::usage(message, "Leave out --server (and CONVOKE_SERVER), and say --db.").into())
    };
    let signed_in = |name, permission: Permission| {
        let message =
            format!("convoke {name} works on a database, not on a server: no token may {}", permission.words());
        Err(Error::usage(message, "Say --db where the database is, or sign in and ask the API.").into())
    };
    match command {
        Command::Migrate => here("migrate", "a server brings its own up to date when it starts"),
        Command::Backup { .. } => here("backup", "a backup is made where the database is"),
        Command::Restore { .. } => here("restore", "a backup is put back before the server starts"),
        Command::Serve(_) => here("serve", "it is a server itself"),
        Command::Worker(_) => here("worker", "it works beside the server, on the same database"),
        Command::Config => here("config", "it prints the settings of this machine"),
        Command::Inspect(_) => here("inspect", "it reads the file here"),
        Command::ReadWorkbook(_) => here("read-workbook", "it reads the file here"),
        Command::Token(_) => signed_in("token", Permission::ManageTokens),
        Command::Member(MemberCommand::Add { .. }) => signed_in("member add", Permission::ManageMembers),
        Command::Member(MemberCommand::Remove { .. }) => signed_in("member remove", Permission::ManageMembers),
        Command::Workspace(WorkspaceCommand::Change { .. }) => {
            signed_in("workspace change", Permission::ManageWorkspace)
        }
        _ => Ok(()),
    }
}
