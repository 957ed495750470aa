//! `member add|list|remove`.

use std::io::Read;

use anyhow::{Context, Result};
use convoke_app::Workspace;
use convoke_app::imports::shapes;
use convoke_app::joining::Added;
use convoke_app::store::memberships::Role;
use serde_json::json;

use super::DONE;
use crate::args::{Global, MemberCommand};
use crate::print::table;
use crate::resources::Resources;
use crate::{open, output, print};

/// What links begin with if nobody says.
const LOCAL: &str = "http://127.0.0.1:8787";
/// Bytes of standard input that can be a password.
const MOST_BYTES: u64 = 4096;

pub(super) fn run(global: &Global, resources: &Resources<'_>, command: &MemberCommand) -> Result<u8> {
    match command {
        MemberCommand::Add { email, role, name, password_stdin, public_url } => {
            let workspace = open::to_write(global, None)?;
            if *password_stdin {
                let name = name.as_deref().unwrap_or_else(|| email.split('@').next().unwrap_or(email));
                add(global, &workspace, Added { email, name, role: *role, password: &typed_password()? })?;
            } else {
                invite(
                    global,
                    &workspace,
                    email,
                    *role,
                    public_url.as_deref().or(global.settings.text("public_url")).unwrap_or(LOCAL),
                )?;
            }
        }
        MemberCommand::List => list(global, resources)?,
        MemberCommand::Remove { member, heir } => {
            let workspace = open::to_write(global, None)?;
            let (leaver, heir) = (workspace.member_called(member)?, workspace.member_called(heir)?);
            workspace.remove_member(leaver, heir)?;
            output::say(&format!("{member} has left {}.", workspace.name));
        }
    }
    Ok(DONE)
}

/// The first line of standard input.
fn typed_password() -> Result<String> {
    let mut password = String::new();
    std::io::stdin().take(MOST_BYTES).read_to_string(&mut password).context("cannot read the password")?;
    Ok(password.lines().next().unwrap_or_default().to_owned())
}

fn add(global: &Global, workspace: &Workspace, added: Added<'_>) -> Result<()> {
    let id = workspace.add_member(&added, open::chance)?;
    if global.json {
        return output::print(&print::json::line(&json!({"id": id.to_string()})));
    }
    output::say(&format!("{} is {} of {}.", added.email, added.role.key(), workspace.name));
    Ok(())
}

fn invite(global: &Global, workspace: &Workspace, email: &str, role: Role, base: &str) -> Result<()> {
    let (invitation, secret) = workspace.invite_member(email, role, &open::chance()?)?;
    let link = format!("{base}/invitation#{secret}");
    if global.json {
        return output::print(&print::json::line(&json!({"invitation": invitation, "link": link})));
    }
    output::say(&format!("Pass this link on to {email}. It is good once, until {}:", invitation.expires_at));
    output::print(&format!("{link}\n"))
}

fn list(global: &Global, resources: &Resources<'_>) -> Result<()> {
    let members = resources.members()?;
    if global.json {
        return output::print(
            &members.iter().map(|member| print::json::line(&shapes::json(member))).collect::<String>(),
        );
    }
    if members.is_empty() {
        output::say("There are no members yet. convoke serve prints a link for the first owner.");
        return Ok(());
    }
    let mut table = table::table(&["Member", "Name", "E-mail", "Role"]);
    for member in members {
        table::add(&mut table, [member.id, member.name, member.email, member.role]);
    }
    output::print(&table::text(&table))
}
