//! The report of an import as a person reads it: what happened, to how many rows, what is wrong with which, what next.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use convoke_app::imports::option_names::in_command_line;
use convoke_app::imports::shapes::Reason;
use convoke_app::imports::{ImportReport, Progress};
use convoke_app::pipeline::mapping::{Column, Mapping};
use convoke_app::store::imports::{Import, ImportKind, ImportState};

use super::numbers::{counted, grouped, moment, percent, shares, size};
use super::reading::how_read;
use super::style::{Mood, Style};
use super::{again, cut, issues, plain};
use crate::args::Global;
use crate::open;

/// Widest bar of a count, in characters.
const BAR: u64 = 30;
/// Widest bar of what is done.
const PROGRESS_BAR: u64 = 16;
/// Columns named as left out before the rest is only counted.
const NAMED_COLUMNS: usize = 5;

/// Writes reports.
pub(crate) struct Words<'a> {
    global: &'a Global,
    workspace: &'a str,
    /// The file as it was typed; later only its name is known.
    file: Option<&'a Path>,
    style: Style,
}

impl<'a> Words<'a> {
    pub(crate) fn new(global: &'a Global, workspace: &'a str) -> Self {
        Self { global, workspace, file: None, style: Style::of_stdout() }
    }

    /// Names the file in commands as it was typed.
    pub(crate) fn of_file(self, file: Option<&'a Path>) -> Self {
        Self { file, ..self }
    }

    /// Everything: for `imports report`.
    pub(crate) fn whole(&self, report: &ImportReport) -> String {
        self.with_issues(report, &self.problem(report))
    }

    /// The end of a command, whose failure is said on stderr.
    pub(crate) fn ending(&self, report: &ImportReport) -> String {
        self.with_issues(report, "")
    }

    fn with_issues(&self, report: &ImportReport, problem: &str) -> String {
        let mut text = self.head(report, problem);
        text.push_str(&issues::groups(report, self.style));
        text.push_str(&self.next(report));
        text
    }

    /// Without issues: for `imports show`.
    pub(crate) fn summary(&self, report: &ImportReport) -> String {
        let mut text = self.head(report, &self.problem(report));
        let import = &report.import;
        let mut fact = |name: &str, value: String| {
            let _ = writeln!(text, "  {name:<10}{value}");
        };
        fact("id", import.id.to_string());
        fact("state", import.state.key().to_owned());
        fact("by", plain(&import.created_by));
        fact("made", moment(import.created_at));
        import.started_at.into_iter().for_each(|time| fact("started", moment(time)));
        import.ended_at.into_iter().for_each(|time| fact("ended", moment(time)));
        if let Some(source) = &report.source {
            fact("file", format!("{}, SHA-256 {}", size(source.bytes), source.sha256));
        }
        if report.issues_total() > 0 {
            let command = self.command(&format!("imports report {}", import.id));
            fact("issues", format!("{}: see {command}", grouped(report.issues_total())));
        }
        text.push('\n');
        text.push_str(&self.next(report));
        text
    }

    fn head(&self, report: &ImportReport, problem: &str) -> String {
        let import = &report.import;
        let mut text = format!("{}\n", self.headline(import));
        if let Some(source) = &report.source {
            let line = format!("{}; {}", how_read(source), columns(import));
            let _ = writeln!(text, "{}", self.style.paint(Mood::Faint, &line));
        }
        text.push_str(problem);
        if report.source.is_some() {
            text.push('\n');
            self.counts(report, &mut text);
        }
        text.push('\n');
        text
    }

    fn headline(&self, import: &Import) -> String {
        let (file, workspace) = (plain(&import.file_name), plain(self.workspace));
        let rows = |number| counted(number, "row", "rows");
        let failed = import.counts.failed;
        let (mood, line) = match (import.state, import.kind) {
            (ImportState::Refused, _) => (Mood::Bad, format!("Refused {file}: nothing was imported")),
            (ImportState::Completed, ImportKind::DryRun) if failed > 0 => {
                (Mood::Warning, format!("Checked {file}: {} would fail; nothing was changed", rows(failed)))
            }
            (ImportState::Completed, ImportKind::DryRun) => {
                (Mood::Good, format!("Checked {file}: nothing was changed"))
            }
            (ImportState::Completed, _) if failed > 0 => {
                (Mood::Warning, format!("Imported {file} into {workspace}, {} failed", rows(failed)))
            }
            (ImportState::Completed, _) => (Mood::Good, format!("Imported {file} into {workspace}")),
            (state, _) => {
                let done = import.counts.processed();
                let (done, total) = (grouped(done), grouped(import.total));
                (Mood::Warning, format!("{file} into {workspace}: {}, {done} of {total} rows done", state.key()))
            }
        };
        let as_what = format!("as {}, {}", import.record_type.plural(), import.id);
        format!("{}  {}", self.style.paint(mood, &line), self.style.paint(Mood::Faint, &as_what))
    }

    /// Why it was refused or stopped, as it is stored.
    fn problem(&self, report: &ImportReport) -> String {
        let Some(reason) = Reason::stored(&report.import) else { return String::new() };
        let part = |part: &String| (!part.is_empty()).then(|| plain(part));
        let message = part(&reason.message).map(|message| format!("{}\n", self.style.paint(Mood::Bad, &message)));
        let hint = part(&in_command_line(&reason.hint)).map(|hint| format!("{hint}\n"));
        message.into_iter().chain(hint).collect()
    }

    fn counts(&self, report: &ImportReport, text: &mut String) {
        let import = &report.import;
        let counts = import.counts;
        let lines = [
            ("created", counts.created, Mood::Good),
            ("updated", counts.updated, Mood::Good),
            ("unchanged", counts.unchanged, Mood::Plain),
            ("skipped", counts.skipped, Mood::Plain),
            ("failed", counts.failed, Mood::Bad),
            ("not processed", import.not_processed(), Mood::Warning),
        ];
        let numbers: Vec<u64> = lines.iter().map(|(_, count, _)| *count).collect();
        let shares = shares(&numbers);
        let width = grouped(import.total).len();
        let _ = writeln!(text, "  {:<14}{:>width$}", "rows", grouped(import.total));
        for ((name, count, mood), share) in lines.into_iter().zip(shares) {
            let line = format!("  {name:<14}{:>width$}  {:>7}", grouped(count), percent(share));
            let bar = self.style.paint(mood, &bar(count, import.total, BAR));
            let line = if count == 0 { self.style.paint(Mood::Faint, &line) } else { format!("{line}  {bar}") };
            let _ = writeln!(text, "{line}");
        }
    }

    /// What to do about it, as commands that can be copied.
    fn next(&self, report: &ImportReport) -> String {
        let import = &report.import;
        let id = import.id;
        let mut lines = Vec::new();
        if import.state == ImportState::Completed && import.counts.failed > 0 {
            let errors = self.command(&format!("imports report {id} --errors errors.csv"));
            let (again, note) = self.import_again(import, "errors.csv", "");
            lines.push(format!(
                "Write the failed rows to a file, correct them there and import it{note}:\n  {errors}\n  {again}"
            ));
        }
        let all_failed = import.counts.failed == import.total;
        if import.state == ImportState::Completed && import.kind == ImportKind::DryRun && !all_failed {
            let file = self.file.map_or_else(|| import.file_name.clone(), |file| file.display().to_string());
            let reading = report.source.as_ref().map(|source| again::of_reading(&source.said)).unwrap_or_default();
            let (again, note) = self.import_again(import, &plain(&file), &reading);
            lines.push(format!("Do it{note}:\n  {again}"));
        }
        if matches!(import.state, ImportState::Paused | ImportState::Pending) {
            lines.push(format!("Go on where it stopped:\n  {}", open::resume_command(self.global, id)));
        }
        if matches!(import.state, ImportState::Cancelled | ImportState::Failed) && import.not_processed() > 0 {
            let rest = self.command(&format!("imports report {id} --not-processed rest.csv"));
            lines.push(format!("Write the rows that were left to a file:\n  {rest}"));
        }
        if lines.is_empty() {
            return String::new();
        }
        let heading = self.style.paint(Mood::Strong, "What next");
        format!("{heading}\n{}\n", lines.join("\n"))
    }

    /// The command that imports a file as this import was, and what it does not say; `reading` are the options that say
    /// how the file is read.
    fn import_again(&self, import: &Import, file: &str, reading: &str) -> (String, &'static str) {
        let options = again::options(import);
        let note = if options.is_some() { "" } else { ", with the same options" };
        let options = format!("{reading}{}", options.unwrap_or_default());
        (open::import_command(self.global, file, import.record_type, &options), note)
    }

    fn command(&self, words: &str) -> String {
        open::command(self.global, words)
    }
}

/// "8 columns mapped, 2 left out (Notes, Region)"
fn columns(import: &Import) -> String {
    let Ok(mapping) = serde_json::from_str::<Mapping>(&import.mapping) else { return String::new() };
    let mapped = mapping.columns.iter().filter(|column| column.target.is_some()).count() as u64;
    let left_out: Vec<&Column> = mapping.columns.iter().filter(|column| column.target.is_none()).collect();
    let mut text = format!("{} mapped", counted(mapped, "column", "columns"));
    if left_out.is_empty() {
        return text;
    }
    let name = |column: &&Column| match column.header.as_str() {
        "" => "a nameless one".to_owned(),
        header => cut(&plain(header), 40),
    };
    let mut names: Vec<String> = left_out.iter().take(NAMED_COLUMNS).map(name).collect();
    if left_out.len() > NAMED_COLUMNS {
        names.push(format!("{} more", left_out.len() - NAMED_COLUMNS));
    }
    let _ = write!(text, ", {} left out ({})", left_out.len(), names.join(", "));
    text
}

/// How far an import is, in one line: `done` rows took so long.
pub(crate) fn progress(progress: Progress, done: u64, took: Duration) -> String {
    let counts = progress.counts;
    let rate = (done as f64 / took.as_secs_f64().max(0.001)) as u64;
    let bar = bar(progress.done, progress.total, PROGRESS_BAR);
    let width = PROGRESS_BAR as usize;
    let mut text = format!("{bar:<width$} {}/{} rows", grouped(progress.done), grouped(progress.total));
    if rate > 0 {
        let left = progress.total.saturating_sub(progress.done).div_ceil(rate);
        let (minutes, seconds) = (left / 60, left % 60);
        let left = if minutes > 0 { format!("{} min {seconds} s", grouped(minutes)) } else { format!("{seconds} s") };
        let _ = write!(text, ", {}/s, {left} left", grouped(rate));
    }
    let counted = [
        (counts.created, "created"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.skipped, "skipped"),
        (counts.failed, "failed"),
    ];
    for (count, word) in counted.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, ", {} {word}", grouped(count));
    }
    text
}

/// A bar whose length is the share; whatever is there can be seen.
fn bar(count: u64, total: u64, width: u64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u128::from(count) * u128::from(width) * 8 / u128::from(total.max(1))) as usize;
    let eighths = if count > 0 { eighths.max(1) } else { 0 };
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

#[cfg(test)]
mod tests {
    use convoke_app::pipeline::plan::Counts;

    use super::*;

    #[test]
    fn progress_says_how_fast_and_how_long() {
        let counts = Counts { created: 19_000, failed: 1_000, ..Counts::default() };
        let of = |total| progress(Progress { done: 20_000, total, counts }, 10_000, Duration::from_secs(1));
        assert!(of(40_000).starts_with(&format!("{}{} 20,000", "█".repeat(8), " ".repeat(8))));
        assert!(of(50_000).ends_with(" 20,000/50,000 rows, 10,000/s, 3 s left, 19,000 created, 1,000 failed"));
        assert!(of(1_000_000).contains("1 min 38 s left"));
    }

    #[test]
    fn the_smallest_share_can_be_seen() {
        assert_eq!(bar(0, 100, 30), "");
        assert_eq!(bar(1, 1_000_000, 30), "▏");
        assert_eq!(bar(100, 100, 30), "█".repeat(30));
    }
}
