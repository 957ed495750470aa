//! The rows of an import, a page at a time: what each was foretold, or what became of it, with its cells. Which chunks are
//! opened is decided by their counts, and the file is read from where the first of them starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use convoke_people::field::Field;
use convoke_people::id::ImportId;
use convoke_pipeline::issue::IssueCode;
use convoke_pipeline::mapping::column_letters;
use convoke_pipeline::plan::{Counts, Outcome};
use convoke_pipeline::records::{Position, Record, RecordReader};
use convoke_pipeline::report::{ChunkReport, ReportChange, ReportRow};
use convoke_pipeline::settings::Settings;
use convoke_store::StoreError;
use convoke_store::committing::Pass;
use convoke_store::drafts::plan_of;
use convoke_store::imports::{ChunkSummary, Import, ImportState, chunk_body, chunk_summaries};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check::Plan;
use super::prepare::from_json;
use super::report::IssueLine;
use super::shapes::{Counts as CountsShape, RowIssue, Status};
use super::source_info::hex;
use crate::directory::shown_value;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Characters of a cell that a page shows.
const SHOWN_CHARS: usize = 1000;

/// Which rows of an import are asked for.
#[derive(Clone, Debug, Default)]
pub struct RowFilter {
    /// What became of them; else what was foretold. None: the newer.
    pub ran: Option<bool>,
    pub outcome: Option<Outcome>,
    pub issue: Option<IssueCode>,
    /// Words that a cell holds, without case.
    pub search: Option<String>,
    /// The last row of the page before.
    pub after: u32,
    /// So many of the rows behind it are passed over.
    pub offset: u64,
    pub most: usize,
}

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowPage {
    /// The headers of the cells.
    pub headers: Vec<String>,
    pub rows: Vec<RowShape>,
    /// What to send as `after` for the page behind; null on the last one.
    #[schema(required)]
    pub next: Option<u32>,
    /// How many rows are like that in all; null where only reading all of them would tell.
    #[schema(required)]
    pub total: Option<u64>,
}

/// A row with its fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Row)]
pub struct RowShape {
    /// As a spreadsheet program counts.
    pub row: u32,
    /// `created`, `updated`, `unchanged`, `skipped`, `failed` or `not_processed`.
    pub outcome: String,
    #[schema(required)]
    pub person: Option<String>,
    /// As they are read now, corrections included; long ones in part.
    pub cells: Vec<String>,
    pub corrected: Vec<CorrectedCell>,
    pub issues: Vec<RowIssue>,
    /// What an update changes; only what was foretold has it.
    pub changes: Vec<ChangeShape>,
}

/// A cell that was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CorrectedCell {
    /// The letters of its column.
    pub column: String,
    /// What the file has there.
    pub was: String,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Change)]
pub struct ChangeShape {
    /// The field as users name it, `Group` or `Tag`.
    pub field: String,
    #[schema(required)]
    pub before: Option<String>,
    #[schema(required)]
    pub after: Option<String>,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanShape {
    pub import: String,
    pub status: Status,
    /// Names this plan; a confirmation says which one it means.
    #[schema(required)]
    pub plan: Option<String>,
    /// Something was chosen otherwise or corrected since: it has to be checked again.
    pub is_stale: bool,
    pub counts: CountsShape,
    /// How many rows have which issue.
    pub issues: Vec<IssueCount>,
    /// Groups that rows name and the workspace lacks.
    pub unknown_groups: Vec<UnknownGroup>,
}

/// How often an issue occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssueCount {
    pub code: String,
    pub severity: String,
    /// With its places still open: `{field} value can't be blank`.
    pub sentence: String,
    pub count: u64,
}

/// A group that rows name and the workspace lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownGroup {
    pub name: String,
    pub rows: u64,
}

impl Workspace {
    /// What the check of an import found.
    pub fn plan(&self, id: ImportId) -> Result<PlanShape> {
        let import = self.find_import(id)?;
        let (plan, chunks) =
            self.store.read(|r| Ok((plan_of(r, self.id, id)?, chunk_summaries(r, self.id, id, Pass::Check)?)))?;
        let plan = plan.as_deref().ok_or_else(|| Error::Conflict {
            message: format!("{id} is {} and has no plan", import.state.key()),
            hint: "Check it first.".to_owned(),
        })?;
        let plan: Plan = from_json(plan)?;
        let (mut counts, mut issues) = (Counts::default(), BTreeMap::<IssueCode, u64>::new());
        for chunk in &chunks {
            counts.merge(chunk.counts);
            chunk.issues.iter().for_each(|(code, count)| *issues.entry(*code).or_default() += count);
        }
        let mut issues: Vec<_> = issues.into_iter().collect();
        issues.sort_by_key(|(code, count)| (code.severity(), std::cmp::Reverse(*count)));
        Ok(PlanShape {
            import: id.to_string(),
            status: import.state.into(),
            plan: import.plan_digest.as_deref().map(hex),
            is_stale: import.state == ImportState::Draft,
            counts: CountsShape::of(import.total, &counts),
            issues: issues.into_iter().map(|(code, count)| IssueCount::of(code, count)).collect(),
            unknown_groups: plan.unknown_groups.into_iter().map(|(name, rows)| UnknownGroup { name, rows }).collect(),
        })
    }

    /// A page of the rows of an import.
    pub fn rows(&self, id: ImportId, filter: &RowFilter) -> Result<RowPage> {
        let import = self.find_import(id)?;
        let pass = match filter.ran {
            Some(true) => Pass::Run,
            Some(false) => Pass::Check,
            None => newer_pass(&import),
        };
        let chunks = self.store.read(|r| chunk_summaries(r, self.id, id, pass))?;
        let starts = self.starts(id)?;
        let (upload, source) = self.original_of(&import)?;
        let text = self.text_at_hand(&upload, &source)?;
        let corrections = Arc::new(self.corrections_of(id)?);
        let shown = Shown::of(&import)?;
        let total = chunks.iter().map(|chunk| filter.takes_of(chunk)).sum();
        let mut page = RowPage { headers: shown.headers.clone(), total, ..RowPage::default() };
        let mut passed = 0;
        for chunk in chunks.iter().filter(|chunk| filter.may_take(chunk)) {
            let from = starts.get(chunk.chunk as usize).copied();
            let Some((byte, row)) = from else {
                return Err(StoreError::Corrupt("a chunk has no start".to_owned()).into());
            };
            if starts.get(chunk.chunk as usize + 1).is_some_and(|next| next.1 <= filter.after) {
                continue;
            }
            if let Some(whole) = filter.takes_of(chunk)
                && row > filter.after
                && passed + whole <= filter.offset
            {
                passed += whole;
                continue;
            }
            let body = self.store.read(|r| chunk_body(r, self.id, id, pass, chunk.chunk))?.unwrap_or_default();
            let fates = ChunkReport::rows(&body, convoke_people::id::Block::of(id.0))
                .map_err(|e| StoreError::Corrupt(format!("the report of chunk {}: {e}", chunk.chunk)))?;
            let reader = RecordReader::new(text.from(byte), source.dialect(), Position { byte, row });
            let mut reader = reader.with_corrections(&corrections);
            let mut record = Record::default();
            for fate in fates {
                while record.start().row < fate.row && reader.read(&mut record)? {}
                if fate.row <= filter.after || !filter.takes(&fate, &record) {
                    continue;
                }
                if passed < filter.offset {
                    passed += 1;
                    continue;
                }
                if page.rows.len() == filter.most {
                    page.next = page.rows.last().map(|row| row.row);
                    return Ok(page);
                }
                page.rows.push(shown.row(&record, fate));
            }
        }
        Ok(page)
    }
}

/// A check tells of an import that has not begun, and of one whose stop rule refused it.
fn newer_pass(import: &Import) -> Pass {
    match import.state {
        ImportState::Draft | ImportState::Checking | ImportState::Ready | ImportState::Refused => Pass::Check,
        _ => import.kind.pass(),
    }
}

impl RowFilter {
    fn may_take(&self, chunk: &ChunkSummary) -> bool {
        let counts = &chunk.counts;
        let has_outcome = self.outcome.is_none_or(|outcome| match outcome {
            Outcome::Created => counts.created > 0,
            Outcome::Updated => counts.updated > 0,
            Outcome::Unchanged => counts.unchanged > 0,
            Outcome::Skipped => counts.skipped > 0,
            Outcome::Failed => counts.failed > 0,
            Outcome::NotProcessed => false,
        });
        has_outcome && self.issue.is_none_or(|code| chunk.issues.contains_key(&code))
    }

    /// How many rows of a chunk it takes, if the chunk's counts tell.
    fn takes_of(&self, ChunkSummary { counts, .. }: &ChunkSummary) -> Option<u64> {
        (self.issue.is_none() && self.search.is_none()).then(|| match self.outcome {
            None => counts.processed(),
            Some(Outcome::Created) => counts.created,
            Some(Outcome::Updated) => counts.updated,
            Some(Outcome::Unchanged) => counts.unchanged,
            Some(Outcome::Skipped) => counts.skipped,
            Some(Outcome::Failed) => counts.failed,
            Some(Outcome::NotProcessed) => 0,
        })
    }

    fn takes(&self, fate: &ReportRow, record: &Record) -> bool {
        let holds = |words: &String| {
            record.cells().any(|cell| String::from_utf8_lossy(cell.bytes).to_lowercase().contains(words))
        };
        self.outcome.is_none_or(|outcome| outcome == fate.outcome)
            && self.issue.is_none_or(|code| fate.issues.iter().any(|issue| issue.code == code))
            && self.search.as_ref().is_none_or(holds)
    }
}

impl IssueCount {
    fn of(code: IssueCode, count: u64) -> Self {
        Self {
            code: code.key().to_owned(),
            severity: code.severity().key().to_owned(),
            sentence: code.sentence().to_owned(),
            count,
        }
    }
}

/// What rows are shown with.
pub(super) struct Shown {
    pub(super) headers: Vec<String>,
    settings: Settings,
}

impl Shown {
    pub(super) fn of(import: &Import) -> Result<Self> {
        let mapping: convoke_pipeline::mapping::Mapping = from_json(&import.mapping)?;
        let headers = mapping.columns.into_iter().map(|column| column.header).collect();
        Ok(Self { headers, settings: from_json(&import.settings)? })
    }

    pub(super) fn row(&self, record: &Record, fate: ReportRow) -> RowShape {
        let row = fate.row;
        let issue = |issue| RowIssue::from(&IssueLine { row, outcome: fate.outcome, issue });
        RowShape {
            row,
            outcome: fate.outcome.key().to_owned(),
            person: fate.person.map(|person| person.to_string()),
            cells: record.cells().map(|cell| shortened(&String::from_utf8_lossy(cell.bytes))).collect(),
            corrected: record.corrected().iter().map(|(column, was)| corrected(*column, was)).collect(),
            issues: fate.issues.into_iter().map(issue).collect(),
            changes: fate.changes.into_iter().map(|change| self.change(change)).collect(),
        }
    }

    fn change(&self, ReportChange(field, before, after): ReportChange) -> ChangeShape {
        let settings = &self.settings;
        let custom = || settings.custom_fields.iter().find(|custom| custom.id.to_string() == field);
        match field.as_str() {
            "+group" => {
                let group = settings.known_groups.iter().find(|g| Some(g.id.to_string()) == after);
                ChangeShape { field: "Group".to_owned(), before, after: group.map(|g| g.name.clone()).or(after) }
            }
            "+tag" => ChangeShape { field: "Tag".to_owned(), before, after },
            _ => {
                let standard = Field::parse(&field);
                let label = standard.map(|field| field.label().to_owned());
                let label = label.or_else(|| custom().map(|custom| custom.name.clone()));
                let read = |value: Option<String>| value.map(|value| readable(standard, value));
                ChangeShape { field: label.unwrap_or(field), before: read(before), after: read(after) }
            }
        }
    }
}

/// A stored value as people read it: of a custom field it is a list.
fn readable(standard: Option<Field>, value: String) -> String {
    match standard {
        Some(Field::EngagementRate) => format!("{} %", shown_value(Field::EngagementRate, &value)),
        Some(field) => shown_value(field, &value),
        None => from_json::<Vec<String>>(&value).map_or(value, |values| values.join(", ")),
    }
}

fn corrected(column: usize, was: &str) -> CorrectedCell {
    CorrectedCell { column: column_letters(column), was: shortened(was) }
}

fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(SHOWN_CHARS) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}…", &cell[..end]),
    }
}
