//! JSON for programs: the report of an import in the shape of the API, and failures. Keys and their order are fixed.

use convoke_app::imports::ImportReport;
use convoke_app::imports::shapes::{self, Reason, Report};
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::{ImportKind, ImportState};
use serde_json::{Value, json};

use crate::failure::{Failure, REFUSED};

/// The report of an import or check, one line.
pub(crate) fn import(report: &ImportReport) -> String {
    line(&shapes::json(&Report::from(report)))
}

/// The report of an import that ended with a failure now.
pub(crate) fn failed_import(report: &ImportReport, failure: &Failure) -> String {
    line(&shapes::json(&Report { problem: Some(reason(failure)), ..Report::from(report) }))
}

fn reason(failure: &Failure) -> Reason {
    let (code, message, hint) = (failure.code.clone(), failure.message.clone(), failure.hint.clone());
    Reason { code, message, hint }
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
    let problem = shapes::json(&reason(failure));
    let Some(subject) = subject else {
        return line(&json!({"status": state.key(), "problem": problem}));
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
        "counts": shapes::json(&shapes::Counts::default()),
        "credits": shapes::json(&shapes::Credits::default()),
        "issues_total": 0,
        "issues": [],
        "problem": problem,
    }))
}

/// A document on a line of its own.
pub(crate) fn line(value: &Value) -> String {
    format!("{value}\n")
}
