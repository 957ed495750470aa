//! JSON for programs: the report of an import in the shape of the API, and failures. Keys and their order are fixed.

use convoke_app::imports::{ImportReport, IssueLine};
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::{Import, ImportKind, ImportState};
use serde_json::{Value, json};

use crate::failure::{Failure, REFUSED};

/// The report of an import or check, one line.
pub(crate) fn import(report: &ImportReport) -> String {
    line(&import_value(report, stored_problem(report)))
}

/// The report of an import that ended with a failure now.
pub(crate) fn failed_import(report: &ImportReport, failure: &Failure) -> String {
    line(&import_value(report, problem(failure)))
}

fn import_value(report: &ImportReport, problem: Value) -> Value {
    let import = &report.import;
    let source = report.source.as_ref();
    json!({
        "import": import.id.to_string(),
        "kind": import.kind.key(),
        "status": import.state.key(),
        "record_type": import.record_type.key(),
        "file": {
            "name": import.file_name,
            "bytes": source.map(|source| source.bytes),
            "sha256": source.map(|source| &source.sha256),
            "format": source.map(|source| &source.format),
            "encoding": source.map(|source| &source.encoding),
            "delimiter": source.map(|source| &source.delimiter),
        },
        "counts": counts(import),
        "credits": no_credits(),
        "issues_total": report.issues_total(),
        "issues": report.issues.iter().map(issue).collect::<Vec<_>>(),
        "problem": problem,
    })
}

/// What became of the rows of an import: the parts add up to the total.
pub(crate) fn counts(import: &Import) -> Value {
    let counts = &import.counts;
    json!({
        "total": import.total,
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "skipped": counts.skipped,
        "failed": counts.failed,
        "not_processed": import.not_processed(),
    })
}

fn issue(line: &IssueLine) -> Value {
    let issue = &line.issue;
    json!({
        "row": line.row,
        "column": issue.column,
        "value": issue.value,
        "severity": issue.code.severity().key(),
        "code": issue.code.key(),
        "message": issue.message(),
        "hint": issue.hint(),
    })
}

fn no_credits() -> Value {
    json!({"estimated_milli": 0, "reserved_milli": 0, "spent_milli": 0})
}

/// Why an import was refused or stopped, as it is stored with it.
pub(crate) fn stored_problem(report: &ImportReport) -> Value {
    report.import.problem.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

fn problem(failure: &Failure) -> Value {
    json!({"code": failure.code, "message": failure.message, "hint": failure.hint})
}

/// The check or import a command was about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) kind: ImportKind,
    pub(crate) record_type: Option<RecordType>,
    pub(crate) file_name: Option<String>,
}

/// A command that failed before it had anything to report: check and import keep their shape.
pub(crate) fn failure(subject: Option<&Subject>, failure: &Failure) -> String {
    let state = if failure.exit == REFUSED { ImportState::Refused } else { ImportState::Failed };
    let Some(subject) = subject else {
        return line(&json!({"status": state.key(), "problem": problem(failure)}));
    };
    line(&json!({
        "import": null,
        "kind": subject.kind.key(),
        "status": state.key(),
        "record_type": subject.record_type.map(|of| of.key()),
        "file": {
            "name": subject.file_name,
            "bytes": null, "sha256": null, "format": null, "encoding": null, "delimiter": null,
        },
        "counts": {
            "total": 0, "created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0, "not_processed": 0,
        },
        "credits": no_credits(),
        "issues_total": 0,
        "issues": [],
        "problem": problem(failure),
    }))
}

/// A document on a line of its own.
pub(crate) fn line(value: &Value) -> String {
    format!("{value}\n")
}
