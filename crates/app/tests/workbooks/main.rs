//! The child process that reads workbooks, played by a script: every way in which it can end is a sentence.

use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use convoke_app::pipeline::problem::ProblemCode;
use convoke_app::pipeline::workbook::SheetInfo;
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::{Error, Result};

/// What comes of a child that does this, and what it wrote.
fn read_by(script: &str) -> (Result<SheetInfo>, String) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks/child");
    let limits = WorkbookLimits { time: Duration::from_secs(2), ..WorkbookLimits::default() };
    let mut out = tempfile::tempfile().expect("a file");
    let table = out.try_clone().expect("a file");
    let mut workbook = tempfile::tempfile().expect("a file");
    workbook.write_all(script.as_bytes()).and_then(|()| workbook.rewind()).expect("written");
    let read = WorkbookReader { program, limits }.read(workbook, Some("-1"), table);
    let mut written = String::new();
    out.rewind().and_then(|()| out.read_to_string(&mut written)).expect("text");
    (read, written)
}

#[track_caller]
fn refused(script: &str, code: ProblemCode, sentence: &str) {
    match read_by(script).0 {
        Err(Error::Refused(problem)) => assert_eq!((problem.code, problem.message.as_str()), (code, sentence)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_child_is_told_file_sheet_and_limits_and_writes_the_table() {
    let info = r#"{"sheet":"A","sheets":["A","B"],"rows":2,"columns":3}"#;
    let (read, table) = read_by(&format!("echo \"$@\"; echo '{info}' >&2"));
    let info = read.expect("read");
    assert_eq!((info.sheet.as_str(), info.sheets.len(), info.rows, info.columns), ("A", 2, 2, 3));
    assert!(table.starts_with("read-workbook --memory 402653184 --seconds 2 --sheet=-1 /dev/stdin"), "{table}");
}

#[test]
fn a_refusal_is_told_as_the_child_says_it() {
    let problem = r#"{"code":"workbook_locked","message":"Locked","hint":"Unlock it."}"#;
    refused(&format!("echo '{problem}' >&2; exit 2"), ProblemCode::WorkbookLocked, "Locked");
}

#[test]
fn a_child_that_takes_too_long_is_killed() {
    let sentence = "The workbook takes more than 2 seconds to read";
    refused("exec sleep 1000", ProblemCode::WorkbookTooLarge, sentence);
    refused("kill -XCPU $$", ProblemCode::WorkbookTooLarge, sentence);
}

#[test]
fn a_child_without_memory_is_told_as_a_workbook_that_is_too_large() {
    for signal in ["ABRT", "KILL", "SEGV"] {
        let sentence = "The workbook takes more than 384 MB of memory to read";
        refused(&format!("kill -{signal} $$"), ProblemCode::WorkbookTooLarge, sentence);
    }
}

#[test]
fn a_child_that_breaks_is_told_as_a_workbook_that_cannot_be_read() {
    for script in ["exit 101", "echo nothing >&2", "echo '{}' >&2; exit 2"] {
        let (read, _) = read_by(script);
        assert!(
            matches!(&read, Err(Error::Refused(problem)) if problem.code == ProblemCode::WorkbookDamaged),
            "{read:?}"
        );
    }
}

#[test]
fn a_full_disk_is_not_the_workbooks_fault() {
    let (read, _) = read_by("echo 28 >&2; exit 3");
    assert!(
        matches!(&read, Err(Error::Files { source, .. }) if source.kind() == io::ErrorKind::StorageFull),
        "{read:?}"
    );
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let reader = WorkbookReader { program: "no-such-program".into(), limits: WorkbookLimits::default() };
    let out = tempfile::tempfile().expect("a file");
    let error = reader.read(tempfile::tempfile().expect("a file"), None, out).expect_err("nothing to start");
    assert!(error.to_string().starts_with("cannot start no-such-program: "), "{error}");
}
