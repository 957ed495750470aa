//! Issues for people: grouped by what is wrong, errors first, each with its first rows and one hint.

use std::cmp::Reverse;
use std::fmt::Write as _;

use convoke_app::imports::{ImportReport, IssueLine};
use convoke_app::pipeline::issue::{IssueCode, Severity};

use super::numbers::{counted, grouped};
use super::style::{Mood, Style};
use super::{cut, plain};

/// Rows shown of an error or warning, and of a notice.
const ROWS: usize = 5;
const NOTICE_ROWS: usize = 2;
/// Characters of a cell that are shown.
const CELL_CHARS: usize = 40;
/// Characters of a sentence over a group.
const TITLE_CHARS: usize = 120;

/// How sentences about one column are said of several, longest words first.
const SEVERAL: [(&str, &str); 5] = [
    ("{field} value {value}", "A value"),
    ("{field} value", "A value"),
    ("{field} {value}", "A value"),
    ("from {field}", "from several columns"),
    ("{field}", "A required cell"),
];

/// The groups of a report, each followed by a blank line.
pub(super) fn groups(report: &ImportReport, style: Style) -> String {
    let mut codes: Vec<(IssueCode, u64)> = report.issue_counts.iter().map(|(code, count)| (*code, *count)).collect();
    codes.sort_by_key(|(code, count)| (code.severity(), Reverse(*count), *code));
    codes.iter().map(|(code, count)| group(*code, *count, report, style)).collect()
}

fn group(code: IssueCode, count: u64, report: &ImportReport, style: Style) -> String {
    let (mood, most) = match code.severity() {
        Severity::Error => (Mood::Bad, ROWS),
        Severity::Warning => (Mood::Warning, ROWS),
        Severity::Notice => (Mood::Plain, NOTICE_ROWS),
    };
    let mut lines: Vec<&IssueLine> = report.issues.iter().filter(|line| line.issue.code == code).collect();
    let mut text = String::new();
    let sentence = sentence(code, &lines);
    lines.truncate(most);
    let title = format!("{} × {sentence}", grouped(count));
    let kind = format!("{}, {}", code.severity().key(), code.key());
    let _ = writeln!(text, "{}  {}", style.paint(mood, &title), style.paint(Mood::Faint, &kind));
    let hints: Vec<String> = lines.iter().map(|line| plain(&line.issue.hint())).collect();
    let is_shared = hints.windows(2).all(|pair| pair[0] == pair[1]);
    rows(&lines, &sentence, (!is_shared).then_some(&hints), &mut text);
    let more = count.saturating_sub(lines.len() as u64);
    if more > 0 && !lines.is_empty() {
        let _ = writeln!(text, "  and {}", counted(more, "more", "more"));
    }
    if let Some(hint) = hints.first().filter(|hint| is_shared && !hint.is_empty()) {
        let _ = writeln!(text, "  {hint}");
    }
    text.push('\n');
    text
}

/// The sentence over a group: of one column by its name, of several in general.
fn sentence(code: IssueCode, lines: &[&IssueLine]) -> String {
    let first = lines.first().map(|line| line.issue.message());
    if let Some(first) = first.filter(|first| lines.iter().all(|line| line.issue.message() == *first)) {
        return cut(&plain(&first), TITLE_CHARS);
    }
    let column = lines.first().and_then(|line| line.issue.column.as_deref());
    let is_one = lines.iter().all(|line| line.issue.column.as_deref() == column);
    let text = match column.filter(|_| is_one) {
        Some(column) => code.sentence().replace("{field}", column),
        None => SEVERAL.iter().fold(code.sentence().to_owned(), |text, (words, said)| text.replace(words, said)),
    };
    plain(&text.replace("{value}", "…").replace("{detail}", "…"))
}

/// A row a line; what the group's title says already is left out.
fn rows(lines: &[&IssueLine], title: &str, hints: Option<&Vec<String>>, text: &mut String) {
    let cell = |line: &IssueLine| {
        let value = line.issue.value.as_deref().map(|value| format!("\"{}\"", cut(&plain(value), CELL_CHARS)));
        value.unwrap_or_default()
    };
    let column = |line: &IssueLine| line.issue.column.as_deref().map(|c| cut(&plain(c), 30)).unwrap_or_default();
    let widest = |texts: Vec<String>| texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let numbers = widest(lines.iter().map(|line| grouped(line.row.into())).collect());
    let columns = widest(lines.iter().map(|line| column(line)).collect());
    let cells = widest(lines.iter().map(|line| cell(line)).collect());
    for (place, line) in lines.iter().enumerate() {
        let (column, cell) = (column(line), cell(line));
        let mut row = format!("  row {:>numbers$}", grouped(line.row.into()));
        if columns > 0 {
            let _ = write!(row, "  {column:<columns$}");
        }
        if cells > 0 {
            let _ = write!(row, "  {cell:<cells$}");
        }
        let message = Some(plain(&line.issue.message())).filter(|message| cut(message, TITLE_CHARS) != title);
        let hint = hints.map(|hints| hints[place].clone()).filter(|hint| !hint.is_empty());
        let said: Vec<String> = message.into_iter().chain(hint).collect();
        let _ = write!(row, "  {}", said.join(". "));
        let _ = writeln!(text, "{}", row.trim_end());
    }
}
