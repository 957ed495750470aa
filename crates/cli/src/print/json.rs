//! JSON for programs: the report of an import in the shape of the API, and failures. Keys and their order are fixed.

use convoke_app::imports::{ImportReport, json as shape};
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::{ImportKind, ImportState};
use serde_json::{Value, json};

use crate::failure::{Failure, REFUSED};

/// The report of an import or check, one line.
pub(crate) fn import(report: &ImportReport) -> String {
    line(&shape::report(report, &shape::stored_problem(&report.import)))
}

/// The report of an import that ended with a failure now.
pub(crate) fn failed_import(report: &ImportReport, failure: &Failure) -> String {
    line(&shape::report(report, &problem(failure)))
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
    /// Of a regular file; nothing else is known of one that was not even stored.
    pub(crate) bytes: Option<u64>,
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
            "bytes": subject.bytes, "sha256": null, "format": null, "encoding": null, "delimiter": null,
        },
        "counts": {
            "total": 0, "created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0, "not_processed": 0,
        },
        "credits": shape::no_credits(),
        "issues_total": 0,
        "issues": [],
        "problem": problem(failure),
    }))
}

/// A document on a line of its own.
pub(crate) fn line(value: &Value) -> String {
    format!("{value}\n")
}
