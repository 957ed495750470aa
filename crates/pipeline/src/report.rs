//! What did happen to the rows of a chunk, as it is stored: counts to choose chunks by, and one compressed body of JSON
//! lines. Runs of rows that were plainly created or unchanged take one line, every other row a line of its own.

use std::collections::BTreeMap;
use std::io::{self, Write};

use convoke_people::id::{Block, PersonId};
use serde::{Deserialize, Serialize};

use crate::issue::{Issue, IssueCode};
use crate::plan::{Change, ChunkPlan, Counts, Outcome, PlannedRow};

/// How often each issue occurred.
pub type IssueCounts = BTreeMap<IssueCode, u64>;

/// The report of a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkReport {
    pub chunk: u32,
    pub first_row: u32,
    pub last_row: u32,
    pub counts: Counts,
    pub issues: IssueCounts,
    pub plan_hash: u64,
    /// zstd over JSON lines.
    pub body: Vec<u8>,
}

/// A row of a stored report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    pub row: u32,
    pub outcome: Outcome,
    pub person: Option<PersonId>,
    pub issues: Vec<Issue>,
    /// A check's before and after; empty in the report of a run, whose journal has it.
    pub changes: Vec<ReportChange>,
}

/// Field, before, after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportChange(pub String, pub Option<String>, pub Option<String>);

/// A run's report leaves the changes to the journal; a check has no other place for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    Told,
    LeftToTheJournal,
}

/// First and last row.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(rename = "r")]
    rows: (u32, u32),
    #[serde(rename = "o")]
    outcome: Outcome,
    /// The first person of the rows and the distance of each to the one before; empty if the rows made them.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    people: Vec<i64>,
    #[serde(rename = "i", default, skip_serializing_if = "Vec::is_empty")]
    issues: Vec<Issue>,
    #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ReportChange>,
}

impl ChunkReport {
    /// Writes the report of a plan.
    pub fn of(plan: &ChunkPlan, changes: Changes) -> Self {
        let mut issues = IssueCounts::new();
        for issue in plan.rows.iter().flat_map(|row| &row.issues) {
            *issues.entry(issue.code).or_default() += 1;
        }
        Self {
            chunk: plan.chunk.number,
            first_row: plan.rows.first().map_or(0, |row| row.row),
            last_row: plan.rows.last().map_or(0, |row| row.row),
            counts: plan.counts,
            issues,
            plan_hash: plan.hash,
            body: body(plan, changes),
        }
    }

    /// The rows, in order. `block` is the import's.
    pub fn rows(body: &[u8], block: Block) -> io::Result<Vec<ReportRow>> {
        let text = zstd::decode_all(body)?;
        let mut rows = Vec::new();
        for line in text.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            let line: Line = serde_json::from_slice(line)?;
            line.expand(block, &mut rows);
        }
        Ok(rows)
    }
}

impl Line {
    fn expand(self, block: Block, rows: &mut Vec<ReportRow>) {
        let mut person = 0;
        for (place, row) in (self.rows.0..=self.rows.1).enumerate() {
            let known = self.people.get(place).map(|step| {
                person += step;
                PersonId(person)
            });
            let made = (self.outcome == Outcome::Created).then(|| PersonId(block.id(row)));
            rows.push(ReportRow {
                row,
                outcome: self.outcome,
                person: known.or(made),
                issues: self.issues.clone(),
                changes: self.changes.clone(),
            });
        }
    }
}

/// A stored report cannot fail to be written to memory; the fallback keeps the signature honest without a panic.
fn body(plan: &ChunkPlan, changes: Changes) -> Vec<u8> {
    let mut lines = Vec::with_capacity(1024);
    let mut rest = plan.rows.as_slice();
    while let Some(first) = rest.first() {
        let run = if first.is_plain() { run_length(rest) } else { 1 };
        push_line(&mut lines, &line(&rest[..run], plan, changes));
        rest = &rest[run..];
    }
    zstd::encode_all(lines.as_slice(), 1).unwrap_or_default()
}

fn push_line(lines: &mut Vec<u8>, line: &Line) {
    if serde_json::to_writer(&mut *lines, line).is_ok() {
        let _ = lines.write_all(b"\n");
    }
}

/// Plain rows of the same outcome that follow each other without a gap.
fn run_length(rows: &[PlannedRow]) -> usize {
    let follows = |pair: &[PlannedRow]| {
        pair[1].is_plain() && pair[1].outcome == pair[0].outcome && pair[1].row == pair[0].row + 1
    };
    1 + rows.windows(2).take_while(|pair| follows(pair)).count()
}

fn line(run: &[PlannedRow], plan: &ChunkPlan, changes: Changes) -> Line {
    let (first, last) = (&run[0], &run[run.len() - 1]);
    let mut people = Vec::new();
    if first.outcome != Outcome::Created {
        let mut before = 0;
        for person in run.iter().filter_map(|row| row.person) {
            people.push(person.0 - before);
            before = person.0;
        }
    }
    let change = first.change.filter(|_| changes == Changes::Told).map(|at| &plan.changes[at as usize]);
    Line {
        rows: (first.row, last.row),
        outcome: first.outcome,
        people,
        issues: first.issues.clone(),
        changes: change.map(told).unwrap_or_default(),
    }
}

fn told(change: &Change) -> Vec<ReportChange> {
    let fields = change.fields.iter().map(|f| {
        ReportChange(f.field.to_string(), f.old.as_deref().map(str::to_owned), f.new.as_deref().map(str::to_owned))
    });
    let groups = change.groups.iter().map(|g| ReportChange("+group".to_owned(), None, Some(g.to_string())));
    let tags = change.tags.iter().map(|t| ReportChange("+tag".to_owned(), None, Some(t.to_string())));
    fields.chain(groups).chain(tags).collect()
}
