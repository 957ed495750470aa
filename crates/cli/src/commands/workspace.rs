//! `workspace list|show|change`.

use anyhow::Result;
use convoke_app::Error;
use convoke_app::directory::pages::Seen;
use convoke_app::imports::shapes;
use convoke_app::workspaces::{WorkspaceChange, WorkspaceSettings};

use super::DONE;
use crate::args::{Global, WorkspaceCommand};
use crate::print::numbers::{counted, grouped};
use crate::print::{plain, table};
use crate::resources::Resources;
use crate::{open, output, print};

const MEGABYTE: u64 = 1 << 20;

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &WorkspaceCommand) -> Result<u8> {
    match command {
        WorkspaceCommand::List => list(global, resources)?,
        WorkspaceCommand::Show => show(global, &resources.workspace()?)?,
        WorkspaceCommand::Change { name, keep_files, default_sender } => {
            let retention_days = keep_files.map(|kept| kept.0);
            change(
                global,
                WorkspaceChange { name: name.clone(), default_sender: default_sender.clone(), retention_days },
            )?;
        }
    }
    Ok(DONE)
}

fn list(global: &Global, resources: &Resources<'_>) -> Result<()> {
    let workspaces = resources.workspaces()?;
    if global.json {
        let lines = workspaces.iter().map(|workspace| print::json::line(&shapes::json(workspace)));
        return output::print(&lines.collect::<String>());
    }
    if workspaces.is_empty() {
        output::say("There are no workspaces yet. The first import makes one.");
        return Ok(());
    }
    let mut table = table::table(&["Workspace", "Name"]);
    workspaces.into_iter().for_each(|workspace| table::add(&mut table, [workspace.id, workspace.name]));
    output::print(&table::text(&table))
}

fn change(global: &Global, mut change: WorkspaceChange) -> Result<()> {
    if change == WorkspaceChange::default() {
        let hint = "Say --name, --keep-files or --default-sender.";
        return Err(Error::usage("Nothing is to be changed", hint).into());
    }
    let workspace = open::to_write(global, None)?;
    if let Some(sender) = &mut change.default_sender {
        *sender = workspace.member_called(sender)?.to_string();
    }
    show(global, &workspace.change_settings(&change, &Seen::Any)?.shape)
}

fn show(global: &Global, settings: &WorkspaceSettings) -> Result<()> {
    if global.json {
        return output::print(&print::json::line(&shapes::json(settings)));
    }
    let days = |days: u32| counted(days.into(), "day", "days");
    let kept = settings.retention_days.map_or_else(|| "kept for ever".to_owned(), |n| format!("kept for {}", days(n)));
    let place = settings.files.place.as_deref().map_or_else(|| "a folder".to_owned(), plain);
    let limits = &settings.limits;
    let size = format!("{} MB", grouped(limits.bytes / MEGABYTE));
    let of = |most, plural| format!("{} {plural}", grouped(most));
    let rows = [of(limits.creators, "creators"), of(limits.prospects, "prospects"), of(limits.advocates, "advocates")];
    let lines = [
        ("Workspace", format!("{}  ({})", plain(&settings.name), settings.id)),
        ("Default sender", settings.default_sender.clone().unwrap_or_else(|| "nobody yet".to_owned())),
        ("Files", format!("{kept}, in {place}")),
        ("Drafts, checks", format!("kept for {} if nobody confirms them", days(settings.unconfirmed_days))),
        ("One import", format!("up to {size}, {}", rows.join(", "))),
    ];
    output::print(&lines.map(|(name, value)| format!("{name:<16}{value}\n")).concat())
}
