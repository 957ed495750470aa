//! `check`, `import` and `imports ...` of a server: the same arguments, the same JSON, the same exit codes.

use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;
use convoke_app::imports::choices::Choices;
use convoke_app::imports::shapes::{Counts, Import, Kind, Report, Status, json};
use convoke_app::imports::{Progress, Watch, Wish};
use convoke_app::people::id::ImportId;
use convoke_app::pipeline::plan::Counts as RowCounts;
use convoke_app::pipeline::results::Selection;
use convoke_app::store::imports::ImportKind;
use serde::Deserialize;

use super::client::{Client, Refusal, open};
use super::words;
use crate::args::{Global, ImportArgs, ImportsCommand, ReportArgs};
use crate::commands::result_files::ResultFiles;
use crate::failure::{COULD_NOT_RUN, Failure, REFUSED, ROWS_FAILED};
use crate::output::{self, Target};
use crate::print;
use crate::progress::{self, Bar};

/// How often a running import is asked for: soon at first, as most are small.
const INTERVALS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

#[derive(Deserialize)]
struct History {
    items: Vec<Import>,
}

/// Does `check` or `import` on a server.
pub(super) fn run(global: &Global, client: &Client, args: &ImportArgs, kind: ImportKind) -> Result<u8> {
    let options = args.options()?;
    let files = ResultFiles::open(&args.output_paths(), Some(&args.file))?;
    args.not_yet().for_each(output::say);
    let mut query = query(&Choices::of_options(&options));
    query.push(("name", args.file_name()));
    let file = open(&args.file)?;
    let sending = progress::reading(&args.file_name(), global.json);
    let report = match kind {
        ImportKind::DryRun => client.upload::<Report>("/checks", &query, file),
        ImportKind::Import => client.upload::<Import>("/imports", &query, file).and_then(|import| {
            sending.finish_and_clear();
            follow(global, client, import)
        }),
    };
    sending.finish_and_clear();
    match report {
        Ok(report) => conclude(global, client, &report, files),
        Err(error) => refused(global, client, error),
    }
}

/// Follows an import to its end. Whoever leaves with Ctrl-C leaves it running: it is the server's.
fn follow(global: &Global, client: &Client, mut import: Import) -> Result<Report> {
    let mut bar = Bar::new(false, 0, global.json);
    bar.pause_on_signals();
    let path = format!("/imports/{}", import.import);
    let mut pause = INTERVALS.0;
    while !matches!(
        import.status,
        Status::Completed | Status::Failed | Status::Cancelled | Status::Refused | Status::Paused
    ) {
        if bar.wish() == Wish::Pause {
            bar.clear();
            output::say(&format!("{} goes on at the server: convoke imports show {}", import.import, import.import));
            break;
        }
        bar.progress(progress_of(&import.counts));
        wait(pause);
        pause = (pause * 3 / 2).min(INTERVALS.1);
        import = client.get(&path, &[])?;
    }
    bar.clear();
    client.get(&format!("{path}/report"), &[])
}

#[expect(clippy::disallowed_methods, reason = "a server is asked again after a while")]
fn wait(pause: Duration) {
    sleep(pause);
}

fn progress_of(counts: &Counts) -> Progress {
    let rows = RowCounts {
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        failed: counts.failed,
    };
    Progress { done: rows.processed(), total: counts.total, counts: rows }
}

/// Writes the files, prints the report, and gives the exit code.
fn conclude(global: &Global, client: &Client, report: &Report, files: ResultFiles) -> Result<u8> {
    let written = files.write_with(|selection, out| client.download(&file_path(&report.import, selection), &[], out));
    print_report(global, report)?;
    written?;
    Ok(exit_code(report))
}

fn print_report(global: &Global, report: &Report) -> Result<()> {
    output::print(&if global.json { print::json::line(&json(report)) } else { words::report(report) })
}

fn exit_code(report: &Report) -> u8 {
    match report.status {
        Status::Completed if report.counts.failed == 0 => super::DONE,
        Status::Completed => ROWS_FAILED,
        Status::Refused => REFUSED,
        // It goes on at the server.
        Status::Pending | Status::Running => super::DONE,
        _ => COULD_NOT_RUN,
    }
}

/// A file that the server refused; where it was recorded, the JSON is that of its import.
fn refused(global: &Global, client: &Client, error: anyhow::Error) -> Result<u8> {
    let import = error.downcast_ref::<Refusal>().and_then(|refusal| refusal.import.clone());
    let (Some(import), true) = (import, global.json) else { return Err(error) };
    let failure = Failure::of(&error);
    failure.say();
    print_report(global, &client.get(&format!("/imports/{import}/report"), &[])?)?;
    Ok(failure.exit)
}

fn file_path(import: &str, selection: Selection) -> String {
    let name = match selection {
        Selection::All => "results",
        Selection::Failed => "errors",
        Selection::NotProcessed => "not_processed",
    };
    format!("/imports/{import}/files/{name}")
}

/// Does `imports ...` on a server.
pub(super) fn history(global: &Global, client: &Client, command: &ImportsCommand) -> Result<u8> {
    match command {
        ImportsCommand::List { limit } => {
            let history: History = client.get("/imports", &[("limit", limit.to_string())])?;
            output::print(&if global.json {
                history.items.iter().map(|import| print::json::line(&json(import))).collect()
            } else {
                words::list(&history.items)
            })?;
        }
        ImportsCommand::Show { id } => print_report(global, &client.get(&format!("/imports/{id}/report"), &[])?)?,
        ImportsCommand::Report(args) => return report(global, client, args),
        ImportsCommand::Original { id, out } => {
            let mut target = Target::open(out.as_deref())?;
            client.download(&format!("/imports/{id}/files/original"), &[], &mut target)?;
            target.finish()?;
        }
        ImportsCommand::Pause { id } => asked(global, client, *id, "pause")?,
        ImportsCommand::Cancel { id } => asked(global, client, *id, "cancel")?,
        ImportsCommand::Resume { id } => asked(global, client, *id, "resume")?,
    }
    Ok(super::DONE)
}

fn report(global: &Global, client: &Client, args: &ReportArgs) -> Result<u8> {
    let outputs = [args.outputs.rows.as_deref(), args.outputs.errors.as_deref(), args.not_processed.as_deref()];
    let files = ResultFiles::open(&outputs, None)?;
    let report: Report = client.get(&format!("/imports/{}/report", args.id), &[])?;
    files.write_with(|selection, out| client.download(&file_path(&report.import, selection), &[], out))?;
    print_report(global, &report)?;
    Ok(super::DONE)
}

fn asked(global: &Global, client: &Client, id: ImportId, request: &str) -> Result<()> {
    let import: Import = client.post(&format!("/imports/{id}/{request}"))?;
    if global.json {
        return output::print(&print::json::line(&json(&import)));
    }
    output::say(&words::state(&import));
    Ok(())
}

/// The choices as the server takes them behind the question mark.
fn query(choices: &Choices) -> Vec<(&'static str, String)> {
    let plural = convoke_app::people::record_type::RecordType::from(choices.record_type).plural();
    let mut query = vec![("as", plural.to_owned())];
    let ones = [
        ("encoding", &choices.encoding),
        ("delimiter", &choices.delimiter),
        ("sheet", &choices.sheet),
        ("mapping", &choices.mapping),
        ("on_match", &choices.on_match),
        ("on_new", &choices.on_new),
        ("clear_token", &choices.clear_token),
        ("dates", &choices.dates),
        ("decimal", &choices.decimal),
        ("max_failed", &choices.max_failed),
    ];
    query.extend(ones.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    query.extend(choices.header_row.map(|row| ("header_row", row.to_string())));
    query.extend(choices.map.iter().map(|(column, field)| ("map", format!("{column}={field}"))));
    query.extend(choices.policies.iter().map(|(field, policy)| ("policy", format!("{field}={policy}"))));
    for (name, values) in [("ignore", &choices.ignore), ("group", &choices.groups), ("tag", &choices.tags)] {
        query.extend(values.iter().map(|value| (name, value.clone())));
    }
    if !choices.accounts.is_empty() {
        query.push(("accounts", choices.accounts.join(",")));
    }
    let flags = [
        ("ignore_unknown", choices.ignore_unknown),
        ("tag_duplicates", choices.tag_duplicates),
        ("nominees", choices.nominees),
    ];
    query.extend(flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (name, "true".to_owned())));
    query
}

/// Whether it was only looked at.
pub(super) fn is_check(kind: Kind) -> bool {
    kind == Kind::DryRun
}
