//! Opens what a command works on: database, files, limits, workspace. Reading commands open read-only, so that they
//! work beside a running writer; whoever opens is told of imports that were cut off.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use convoke_app::people::id::ImportId;
use convoke_app::people::record_type::RecordType;
use convoke_app::store::{Access, Address, Store, workspaces};
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::{Error, Files, Limits, SECRET_BYTES, Workspace, WorkspaceChoice};

use crate::args::{DEFAULT_DATABASE, Global};
use crate::output;
use crate::print::numbers::grouped;

/// Where uploads lie beside PostgreSQL.
const POSTGRES_FILES: &str = "./convoke-data/files";

/// Now, in UTC microseconds.
#[expect(clippy::disallowed_methods, reason = "the clock enters here and is passed on")]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Chance enters here and is passed on.
pub(crate) fn chance() -> convoke_app::Result<[u8; SECRET_BYTES]> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|why| Error::NoChance(why.to_string()))?;
    Ok(bytes)
}

/// Where the data is.
pub(crate) fn address(global: &Global) -> Result<Address> {
    match global.db.strip_prefix("sqlite:").unwrap_or(&global.db).trim() {
        "" => Err(Error::usage("The address of the database is empty", "Say sqlite:PATH or postgres://...").into()),
        _ => Ok(Address::parse(&global.db)),
    }
}

/// The folder of uploads.
pub(crate) fn files_root(global: &Global, address: &Address) -> PathBuf {
    match (&global.files, address) {
        (Some(folder), _) => folder.clone(),
        (None, Address::Sqlite(database)) => {
            let mut folder = database.as_os_str().to_owned();
            folder.push("-files");
            folder.into()
        }
        (None, Address::Postgres(_)) => POSTGRES_FILES.into(),
    }
}

/// Opens the database to write to it; it is made and migrated where needed.
pub(crate) fn store_to_write(global: &Global) -> Result<Store> {
    Ok(Store::open(&address(global)?, Access::Write, now).map_err(Error::from)?)
}

/// Opens the workspace to write to it; database and workspace are made on first use. Of the import `taken_up` it is not
/// said that it was cut off.
pub(crate) fn to_write(global: &Global, taken_up: Option<ImportId>) -> Result<Workspace> {
    let workspace = open_workspace(global, store_to_write(global)?, Access::Write)?;
    // Who may write to a SQLite file is alone: whatever still runs or waits to run was cut off.
    let is_alone = matches!(address(global)?, Address::Sqlite(_));
    let mut cut_off = interrupted(&workspace, if is_alone { i64::MAX } else { now() })?;
    cut_off.retain(|id| Some(*id) != taken_up);
    say_cut_off(global, &workspace, &cut_off)?;
    Ok(workspace)
}

/// Opens the workspace a server begins with; what was cut off it takes up by itself.
pub(crate) fn to_serve(global: &Global) -> Result<Workspace> {
    let store = store_to_write(global)?;
    let all = store.read(|r| workspaces::list_workspaces(r)).map_err(Error::from)?;
    // Of several it does not matter which: each request names its own by its token.
    let choice = all.into_iter().next().map_or(WorkspaceChoice::Only, |first| WorkspaceChoice::Named(first.name));
    let files = Files::new(files_root(global, &address(global)?));
    Ok(Workspace::open(store, files, limits(global), &choice, Access::Write)?)
}

/// Opens the workspace to read; None if the database has none yet.
pub(crate) fn to_read(global: &Global) -> Result<Option<Workspace>> {
    let store = Store::open(&address(global)?, Access::Read, now).map_err(Error::from)?;
    if store.read(|r| workspaces::list_workspaces(r)).map_err(Error::from)?.is_empty() {
        return Ok(None);
    }
    let workspace = open_workspace(global, store, Access::Read)?;
    say_cut_off(global, &workspace, &interrupted(&workspace, now())?)?;
    Ok(Some(workspace))
}

/// Opens the workspace to read something of it that must be there.
pub(crate) fn to_find(global: &Global) -> Result<Workspace> {
    let none = || Error::usage("The database has no workspace yet", "It is made by the first import.");
    Ok(to_read(global)?.ok_or_else(none)?)
}

/// Whether there is a database at all; a PostgreSQL server is asked only by opening it.
pub(crate) fn may_exist(global: &Global) -> Result<bool> {
    Ok(match address(global)? {
        Address::Sqlite(path) => path.exists(),
        Address::Postgres(_) => true,
    })
}

fn open_workspace(global: &Global, store: Store, access: Access) -> Result<Workspace> {
    let files = Files::new(files_root(global, &address(global)?));
    let choice = global.workspace.clone().map_or(WorkspaceChoice::Only, WorkspaceChoice::Named);
    Ok(Workspace::open(store, files, limits(global), &choice, access)?.with_workbooks(workbooks()?))
}

/// This program reads workbooks in a process of its own.
pub(crate) fn workbooks() -> Result<WorkbookReader> {
    let program = std::env::current_exe().context("cannot find the program itself")?;
    Ok(WorkbookReader { program, limits: WorkbookLimits::default() })
}

pub(crate) fn limits(global: &Global) -> Limits {
    let rows = global.max_rows.map(|most| RecordType::ALL.map(|of| (of.key(), most)));
    let rows: BTreeMap<_, _> = rows.into_iter().flatten().collect();
    Limits { bytes: global.max_bytes.unwrap_or(Limits::default().bytes), rows }
}

fn interrupted(workspace: &Workspace, now: i64) -> Result<Vec<ImportId>> {
    Ok(workspace.interrupted(now)?.iter().map(|job| job.import).collect())
}

fn say_cut_off(global: &Global, workspace: &Workspace, imports: &[ImportId]) -> Result<()> {
    for id in imports {
        let import = workspace.find_import(*id)?;
        output::say(&format!(
            "Import {} ({}) was interrupted after {} of {} rows. Continue it with: {}",
            import.id,
            import.file_name,
            grouped(import.counts.processed()),
            grouped(import.total),
            resume_command(global, import.id),
        ));
    }
    Ok(())
}

/// The command that takes up an import.
pub(crate) fn resume_command(global: &Global, id: ImportId) -> String {
    command(global, &format!("imports resume {id}"))
}

/// A command that meets the same database as this one.
pub(crate) fn command(global: &Global, words: &str) -> String {
    let mut command = format!("convoke {words}");
    // The shown address has no password; what the environment says need not be said again.
    let shown = Address::parse(&global.db).to_string();
    let is_plain = shown == global.db || matches!(Address::parse(&global.db), Address::Sqlite(_));
    if global.db != DEFAULT_DATABASE && is_plain && !is_in_environment("CONVOKE_DB", &global.db) {
        command.push_str(&format!(" --db {}", quoted(&global.db)));
    }
    if let Some(files) = global.files.as_ref().map(|path| path.display().to_string())
        && !is_in_environment("CONVOKE_FILES", &files)
    {
        command.push_str(&format!(" --files {}", quoted(&files)));
    }
    if let Some(workspace) = &global.workspace {
        command.push_str(&format!(" --workspace {}", quoted(workspace)));
    }
    command
}

/// The command that imports a file with the limits of this one; `options` as [`quoted`].
pub(crate) fn import_command(global: &Global, file: &str, record_type: RecordType, options: &str) -> String {
    // What begins with a dash would be read as an option.
    let file = if file.starts_with('-') { format!("./{file}") } else { file.to_owned() };
    let mut command = command(global, &format!("import {} --as {}{options}", quoted(&file), record_type.plural()));
    let limits =
        [("--max-rows", "CONVOKE_MAX_ROWS", global.max_rows), ("--max-bytes", "CONVOKE_MAX_BYTES", global.max_bytes)];
    for (option, variable, limit) in limits {
        if let Some(limit) = limit.map(|limit| limit.to_string()).filter(|limit| !is_in_environment(variable, limit)) {
            command.push_str(&format!(" {option} {limit}"));
        }
    }
    command
}

#[expect(clippy::disallowed_methods, reason = "hints repeat what was typed, not what the environment says anyway")]
fn is_in_environment(name: &str, value: &str) -> bool {
    std::env::var_os(name).is_some_and(|found| found == value)
}

/// A word as a shell takes it back.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_with_blanks_or_quotes_is_quoted() {
        assert_eq!(quoted("sqlite:/tmp/x.db"), "sqlite:/tmp/x.db");
        assert_eq!(quoted("my list.csv"), "'my list.csv'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
