//! Imports as programs see them: the shapes of the API and of `--json`. Keys and their order are fixed.

use convoke_people::record_type::RecordType;
use convoke_pipeline::plan::Counts as RowCounts;
use convoke_store::imports::{Import as StoredImport, ImportKind, ImportState};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::option_names::in_api;
use super::report::{ImportReport, IssueLine};
use super::source_info::hex;
use crate::once::Addressed;

/// Whether an import changes people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Import,
    DryRun,
}

/// Where an import is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Draft,
    Refused,
    Checking,
    Ready,
    Pending,
    Running,
    Paused,
    Completed,
    Failed,
    Cancelled,
}

/// What somebody is in a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordType)]
pub enum RecordTypeName {
    Creator,
    Prospect,
    #[default]
    Advocate,
}

/// An import or a dry run as it stands, without its issues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Import {
    #[schema(example = "imp_0000000004000")]
    pub import: String,
    pub kind: Kind,
    pub status: Status,
    pub record_type: RecordTypeName,
    /// The name of the file.
    #[schema(example = "advocates.csv")]
    pub file: String,
    pub counts: Counts,
    /// Rows that ended otherwise than the check foretold.
    pub drifted: u64,
    /// The import whose failed rows this one brings again.
    #[schema(required)]
    pub parent: Option<String>,
    /// Names the plan that was checked; a confirmation says which one it means.
    #[schema(required)]
    pub plan: Option<String>,
    /// Who uploaded it.
    pub created_by: String,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(required, format = DateTime)]
    pub started_at: Option<String>,
    #[schema(required, format = DateTime)]
    pub ended_at: Option<String>,
    /// Why it was refused, or paused by something else than a request.
    #[schema(required)]
    pub problem: Option<Reason>,
}

/// An import or a dry run with what was found in its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    pub import: String,
    pub kind: Kind,
    pub status: Status,
    pub record_type: RecordTypeName,
    pub file: File,
    pub counts: Counts,
    pub credits: Credits,
    /// How many issues there are; `issues` holds the first 10,000.
    pub issues_total: u64,
    /// Errors first, then warnings, then notices, each by row.
    pub issues: Vec<RowIssue>,
    #[schema(required)]
    pub problem: Option<Reason>,
}

/// A file and how it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportFile)]
pub struct File {
    pub name: String,
    #[schema(required)]
    pub bytes: Option<u64>,
    #[schema(required)]
    pub sha256: Option<String>,
    /// `csv`, `xlsx` or `ods`.
    #[schema(required)]
    pub format: Option<String>,
    /// Of a text file.
    #[schema(required)]
    pub encoding: Option<String>,
    /// Of a text file.
    #[schema(required)]
    pub delimiter: Option<String>,
}

/// What became of the rows: the parts add up to the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    pub total: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub skipped: u64,
    pub failed: u64,
    pub not_processed: u64,
}

/// Credits in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Credits {
    pub estimated_milli: u64,
    pub reserved_milli: u64,
    pub spent_milli: u64,
}

/// Something wrong or worth knowing about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Issue)]
pub struct RowIssue {
    /// As a spreadsheet program counts.
    pub row: u32,
    #[schema(required)]
    pub column: Option<String>,
    #[schema(required)]
    pub value: Option<String>,
    /// `error`, `warning` or `notice`.
    pub severity: String,
    /// As in docs/messages.md.
    #[schema(example = "email_invalid")]
    pub code: String,
    pub message: String,
    pub hint: String,
}

/// Why something was refused or stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    pub code: String,
    pub message: String,
    pub hint: String,
}

impl From<ImportKind> for Kind {
    fn from(kind: ImportKind) -> Self {
        match kind {
            ImportKind::Import => Self::Import,
            ImportKind::DryRun => Self::DryRun,
        }
    }
}

impl From<ImportState> for Status {
    fn from(state: ImportState) -> Self {
        match state {
            ImportState::Draft => Self::Draft,
            ImportState::Refused => Self::Refused,
            ImportState::Checking => Self::Checking,
            ImportState::Ready => Self::Ready,
            ImportState::Pending => Self::Pending,
            ImportState::Running => Self::Running,
            ImportState::Paused => Self::Paused,
            ImportState::Completed => Self::Completed,
            ImportState::Failed => Self::Failed,
            ImportState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<RecordType> for RecordTypeName {
    fn from(of: RecordType) -> Self {
        match of {
            RecordType::Creator => Self::Creator,
            RecordType::Prospect => Self::Prospect,
            RecordType::Advocate => Self::Advocate,
        }
    }
}

impl From<RecordTypeName> for RecordType {
    fn from(of: RecordTypeName) -> Self {
        match of {
            RecordTypeName::Creator => Self::Creator,
            RecordTypeName::Prospect => Self::Prospect,
            RecordTypeName::Advocate => Self::Advocate,
        }
    }
}

impl From<&StoredImport> for Import {
    fn from(import: &StoredImport) -> Self {
        Self {
            import: import.id.to_string(),
            kind: import.kind.into(),
            status: import.state.into(),
            record_type: import.record_type.into(),
            file: import.file_name.clone(),
            counts: import.into(),
            drifted: import.drifted,
            parent: import.parent.map(|parent| parent.to_string()),
            plan: import.plan_digest.as_deref().map(hex),
            created_by: import.created_by.clone(),
            created_at: rfc3339(import.created_at),
            started_at: import.started_at.map(rfc3339),
            ended_at: import.ended_at.map(rfc3339),
            problem: Reason::stored(import),
        }
    }
}

impl Addressed for StoredImport {
    fn id(&self) -> String {
        self.id.to_string()
    }

    fn body(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Import::from(self))
    }
}

impl From<&StoredImport> for Counts {
    fn from(import: &StoredImport) -> Self {
        Self::of(import.total, &import.counts)
    }
}

impl Counts {
    pub(super) fn of(total: u64, counts: &RowCounts) -> Self {
        Self {
            total,
            created: counts.created,
            updated: counts.updated,
            unchanged: counts.unchanged,
            skipped: counts.skipped,
            failed: counts.failed,
            not_processed: total - counts.processed().min(total),
        }
    }
}

impl From<&ImportReport> for Report {
    fn from(report: &ImportReport) -> Self {
        let (import, source) = (&report.import, report.source.as_ref());
        Self {
            import: import.id.to_string(),
            kind: import.kind.into(),
            status: import.state.into(),
            record_type: import.record_type.into(),
            file: File {
                name: import.file_name.clone(),
                bytes: report.file.bytes,
                sha256: report.file.sha256.clone(),
                format: report.file.format.clone(),
                encoding: source.and_then(|source| source.encoding.clone()),
                delimiter: source.and_then(|source| source.delimiter.clone()),
            },
            counts: import.into(),
            credits: Credits::default(),
            issues_total: report.issues_total(),
            issues: report.issues.iter().map(RowIssue::from).collect(),
            problem: Reason::stored(import),
        }
    }
}

impl From<&IssueLine> for RowIssue {
    fn from(line: &IssueLine) -> Self {
        let issue = &line.issue;
        Self {
            row: line.row,
            column: issue.column.as_deref().map(str::to_owned),
            value: issue.value.as_deref().map(str::to_owned),
            severity: issue.code.severity().key().to_owned(),
            code: issue.code.key().to_owned(),
            message: issue.message(),
            hint: in_api(&issue.hint()),
        }
    }
}

impl Reason {
    /// Why an import was refused or stopped, as it is stored with it.
    pub fn stored(import: &StoredImport) -> Option<Self> {
        let stored: Option<Self> = import.problem.as_deref().and_then(|text| serde_json::from_str(text).ok());
        stored.map(|stored| Self { hint: in_api(&stored.hint), ..stored })
    }
}

/// A shape as a JSON value.
pub fn json(shape: &impl Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or(Value::Null)
}

/// UTC microseconds in RFC 3339, without the zeros at the end of a fraction.
pub fn rfc3339(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |time| time.to_string())
}
