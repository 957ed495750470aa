//! What a server said about imports, for people.

use std::fmt::Write as _;

use convoke_app::imports::option_names::in_command_line;
use convoke_app::imports::shapes::{Import, Report, RowIssue, Status, json};

use super::imports::is_check;
use crate::print::numbers::{counted, grouped, percent, shares};
use crate::print::{cut, plain, table};

/// Issues shown of each code.
const SHOWN: usize = 5;
const FILE_CHARS: usize = 20;
const CELL_CHARS: usize = 40;

/// A report: what happened, to how many rows, what is wrong with which.
pub(super) fn report(report: &Report) -> String {
    let counts = &report.counts;
    let done = if is_check(report.kind) { "Checked" } else { "Imported" };
    let status = match report.status {
        Status::Completed => format!("{done} {}", plain(&report.file.name)),
        status => format!("{} is {}", plain(&report.file.name), word(status)),
    };
    let mut text = format!("{status}  ({})\n", report.import);
    if let Some(reason) = &report.problem {
        let _ = writeln!(text, "{}\n{}", plain(&reason.message), plain(&in_command_line(&reason.hint)));
    }
    let lines = [
        ("created", counts.created),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
        ("skipped", counts.skipped),
        ("failed", counts.failed),
        ("not processed", counts.not_processed),
    ];
    let width = grouped(counts.total).len();
    let _ = writeln!(text, "\n  {:<14}{:>width$}", "rows", grouped(counts.total));
    let shares = shares(&lines.map(|(_, count)| count));
    for ((name, count), share) in lines.into_iter().zip(shares) {
        let _ = writeln!(text, "  {name:<14}{:>width$}  {:>7}", grouped(count), percent(share));
    }
    text.push('\n');
    let mut rest = report.issues.as_slice();
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|issue| issue.code == first.code).count();
        text.push_str(&group(&rest[..alike]));
        rest = &rest[alike..];
    }
    text
}

/// Issues of one code that follow each other.
fn group(issues: &[RowIssue]) -> String {
    let first = &issues[0];
    let mut text = format!("{} × {}, {}\n", grouped(issues.len() as u64), first.severity, first.code);
    for issue in issues.iter().take(SHOWN) {
        let place = issue.column.as_deref().map(|column| format!(", {}", cut(&plain(column), CELL_CHARS)));
        let value = issue.value.as_deref().map(|value| format!(" \"{}\"", cut(&plain(value), CELL_CHARS)));
        let (place, value) = (place.unwrap_or_default(), value.unwrap_or_default());
        let _ = writeln!(text, "  row {}{place}{value}: {}", grouped(issue.row.into()), plain(&issue.message));
    }
    if issues.len() > SHOWN {
        let _ = writeln!(text, "  and {}", counted((issues.len() - SHOWN) as u64, "more", "more"));
    }
    if !first.hint.is_empty() {
        let _ = writeln!(text, "  {}", plain(&in_command_line(&first.hint)));
    }
    text.push('\n');
    text
}

/// The history.
pub(super) fn list(imports: &[Import]) -> String {
    let mut table = table::table(&["Import", "State", "File", "Rows", "Created", "Updated", "Failed", "Began (UTC)"]);
    for import in imports {
        let counts = &import.counts;
        let state = if is_check(import.kind) { format!("check {}", word(import.status)) } else { word(import.status) };
        let mut cells = vec![import.import.clone(), state, cut(&plain(&import.file), FILE_CHARS)];
        cells.extend([counts.total, counts.created, counts.updated, counts.failed].map(grouped));
        cells.push(import.started_at.as_ref().unwrap_or(&import.created_at).chars().take(16).collect());
        table::add(&mut table, cells);
    }
    table::text(&table)
}

/// How an import stands, in one sentence.
pub(super) fn state(import: &Import) -> String {
    match import.status {
        Status::Running => format!("{} is asked; it runs for a few seconds at most.", import.import),
        status => format!("{} is {}.", import.import, word(status)),
    }
}

fn word(status: Status) -> String {
    json(&status).as_str().unwrap_or_default().to_owned()
}
