//! Imports as programs see them: the shape of the API and of `--json`. Keys and their order are fixed.

use convoke_store::imports::Import;
use serde_json::{Value, json};

use super::report::{ImportReport, IssueLine};

/// The report of an import; `problem` says why it was refused or stopped.
pub fn report(report: &ImportReport, problem: &Value) -> Value {
    let import = &report.import;
    let source = report.source.as_ref();
    json!({
        "import": import.id.to_string(),
        "kind": import.kind.key(),
        "status": import.state.key(),
        "record_type": import.record_type.key(),
        "file": {
            "name": import.file_name,
            "bytes": report.file.bytes,
            "sha256": report.file.sha256,
            "format": report.file.format,
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

/// An import as it stands, without its issues.
pub fn import(import: &Import) -> Value {
    json!({
        "import": import.id.to_string(),
        "kind": import.kind.key(),
        "status": import.state.key(),
        "record_type": import.record_type.key(),
        "file": import.file_name,
        "counts": counts(import),
        "created_by": import.created_by,
        "created_at": rfc3339(import.created_at),
        "started_at": import.started_at.map(rfc3339),
        "ended_at": import.ended_at.map(rfc3339),
        "problem": stored_problem(import),
    })
}

/// What became of the rows of an import: the parts add up to the total.
fn counts(import: &Import) -> Value {
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

/// Credits of an import that enriches nobody.
pub fn no_credits() -> Value {
    json!({"estimated_milli": 0, "reserved_milli": 0, "spent_milli": 0})
}

/// Why an import was refused or stopped, as it is stored with it.
pub fn stored_problem(import: &Import) -> Value {
    import.problem.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

/// UTC microseconds in RFC 3339, without the zeros at the end of a fraction.
pub fn rfc3339(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| micros.to_string(), |time| time.to_string())
}
