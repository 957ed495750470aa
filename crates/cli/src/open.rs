//! Opens what a command works on: database, files, limits, workspace. Reading commands open read-only, so that they
//! work beside a running writer; whoever opens is told of imports that were cut off.

use std::path::PathBuf;

use anyhow::{Context, Result};
use convoke_app::outside::s3::BucketSettings;
use convoke_app::people::id::ImportId;
use convoke_app::people::record_type::RecordType;
use convoke_app::store::{Access, Address, Store, workspaces};
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::{Error, Files, Limits, SECRET_BYTES, Workspace, WorkspaceChoice};

use crate::args::{DEFAULT_DATABASE, Global};
use crate::output;
use crate::print::numbers::grouped;

/// Now, in UTC microseconds.
#[expect(clippy::disallowed_methods, reason = "the clock enters here and is passed on")]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    convoke_app::crash::clock(since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}

/// Chance enters here and is passed on.
pub(crate) fn chance() -> convoke_app::Result<[u8; SECRET_BYTES]> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|why| Error::NoChance(why.to_string()))?;
    Ok(bytes)
}

/// Where the data is.
pub(crate) fn address(global: &Global) -> Result<Address> {
    match global.db().strip_prefix("sqlite:").unwrap_or(global.db()).trim() {
        "" => Err(Error::usage("The address of the database is empty", "Say sqlite:PATH or postgres://...").into()),
        _ => Ok(Address::parse(global.db())),
    }
}

/// Where uploads are kept.
pub(crate) enum Place {
    Folder(PathBuf),
    Bucket { name: String, settings: BucketSettings, scratch: PathBuf },
}

/// Where uploads are kept, by the settings.
pub(crate) fn place(global: &Global) -> Result<Place> {
    let (settings, address) = (&global.settings, address(global)?);
    let said = settings.text("files.place");
    let Some(bucket) = said.and_then(|place| place.strip_prefix("s3://")) else {
        return Ok(Place::Folder(said.map_or_else(|| beside(&address, "files"), PathBuf::from)));
    };
    let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
    let text = |key| settings.text(key).map(str::to_owned);
    let endpoint = text("files.endpoint");
    let bucket = BucketSettings {
        bucket: bucket.to_owned(),
        prefix: prefix.trim_matches('/').to_owned(),
        region: text("files.region").unwrap_or_else(|| "us-east-1".to_owned()),
        key: text("files.access_key_id").zip(text("files.secret_access_key")),
        path_style: settings.get("files.path_style").unwrap_or(endpoint.is_some()),
        endpoint,
    };
    let scratch = text("files.scratch").map_or_else(|| beside(&address, "scratch"), PathBuf::from);
    Ok(Place::Bucket { name: said.unwrap_or_default().to_owned(), settings: bucket, scratch })
}

/// A folder beside the SQLite file; with PostgreSQL one of its own.
fn beside(address: &Address, what: &str) -> PathBuf {
    match address {
        Address::Sqlite(database) => {
            let mut folder = database.as_os_str().to_owned();
            folder.push(format!("-{what}"));
            folder.into()
        }
        Address::Postgres(_) => format!("./convoke-data/{what}").into(),
    }
}

/// The place of uploads, opened.
pub(crate) fn files(global: &Global) -> Result<Files> {
    Ok(match place(global)? {
        Place::Folder(root) => Files::new(root),
        Place::Bucket { settings, scratch, .. } => Files::bucket(&settings, scratch)?,
    })
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
    let files = files(global)?;
    Ok(Workspace::open(store, files, limits(global), &choice, Access::Write)?)
}

/// Opens the database to read.
pub(crate) fn store_to_read(global: &Global) -> Result<Store> {
    Ok(Store::open(&address(global)?, Access::Read, now).map_err(Error::from)?)
}

/// Opens the workspace to read; None if the database has none yet.
pub(crate) fn to_read(global: &Global) -> Result<Option<Workspace>> {
    let store = store_to_read(global)?;
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
    let files = files(global)?;
    let choice = global.workspace.clone().map_or(WorkspaceChoice::Only, WorkspaceChoice::Named);
    Ok(Workspace::open(store, files, limits(global), &choice, access)?.with_workbooks(workbooks()?))
}

/// This program reads workbooks in a process of its own.
pub(crate) fn workbooks() -> Result<WorkbookReader> {
    let program = std::env::current_exe().context("cannot find the program itself")?;
    Ok(WorkbookReader { program, limits: WorkbookLimits::default() })
}

pub(crate) fn limits(global: &Global) -> Limits {
    let of_all = global.settings.get::<u64>("limits.rows");
    let rows = RecordType::ALL.into_iter().filter_map(|of| {
        let own = global.settings.get(&format!("limits.{}", of.plural()));
        own.or(of_all).map(|most| (of.key(), most))
    });
    Limits { bytes: global.settings.get("limits.bytes").unwrap_or(Limits::default().bytes), rows: rows.collect() }
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

/// A command that meets the same database, or server, as this one.
pub(crate) fn command(global: &Global, words: &str) -> String {
    let mut command = format!("convoke {words}");
    if let Some(server) = &global.server {
        return format!("{command} --server {}", quoted(server));
    }
    let settings = &global.settings;
    if let Some(file) = &settings.file {
        command.push_str(&format!(" --config {}", quoted(&file.display().to_string())));
    }
    // The shown address has no password.
    let address = Address::parse(global.db());
    let is_plain = address.to_string() == global.db() || matches!(address, Address::Sqlite(_));
    if global.db() != DEFAULT_DATABASE && is_plain && settings.is_typed("db") {
        command.push_str(&format!(" --db {}", quoted(global.db())));
    }
    if let Some(files) = settings.text("files.place").filter(|_| settings.is_typed("files.place")) {
        command.push_str(&format!(" --files {}", quoted(files)));
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
    for (option, key) in [("--max-rows", "limits.rows"), ("--max-bytes", "limits.bytes")] {
        if let Some(limit) = global.settings.text(key).filter(|_| global.settings.is_typed(key)) {
            command.push_str(&format!(" {option} {limit}"));
        }
    }
    command
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
