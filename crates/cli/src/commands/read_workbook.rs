//! `read-workbook FILE`: the child process in which a workbook is read. Before it opens the file it limits its own memory
//! and time, so that a workbook made to harm ends this process and no other.
//!
//! Spoken with `convoke_app::workbooks`: the table on stdout, one line on stderr. Exit code 0 and what was read, 2 and
//! the problem, both as JSON; 3 and the number of the operating system's error if the table could not be written.

use std::fs::File;
use std::io;

use anyhow::Result;
use convoke_app::pipeline::problem::{Problem, ProblemCode};
use convoke_app::pipeline::workbook::{SheetInfo, WorkbookError, write_csv};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::DONE;
use crate::args::ReadWorkbookArgs;
use crate::failure::{COULD_NOT_RUN, REFUSED};
use crate::output;

pub(super) fn run(args: &ReadWorkbookArgs) -> Result<u8> {
    // What is really taken, not address space: an allocator reserves more of that than it ever uses.
    limit(Resource::Data, args.memory)?;
    // Above the limit comes a signal that says so, at the hard one a second later the end.
    if let Some(seconds) = args.seconds {
        limit_in_steps(Resource::Cpu, seconds, seconds + 1)?;
    }
    // A core file of a workbook made to harm helps nobody.
    limit(Resource::Core, Some(0))?;
    let (line, code) = match read(args) {
        Ok(info) => (serde_json::to_string(&info)?, DONE),
        Err(WorkbookError::Refused(problem)) => (serde_json::to_string(&problem)?, REFUSED),
        Err(WorkbookError::Write(error)) => (error.raw_os_error().unwrap_or(0).to_string(), COULD_NOT_RUN),
    };
    output::say_raw(&format!("{line}\n"));
    Ok(code)
}

fn read(args: &ReadWorkbookArgs) -> Result<SheetInfo, WorkbookError> {
    let file = File::open(&args.file).map_err(|error| {
        Problem::new(
            ProblemCode::FileUnreadable,
            format!("Cannot read {}: {error}", args.file.display()),
            "Check the name and that the file may be read.",
        )
    })?;
    write_csv(file, args.sheet.as_deref(), io::stdout().lock())
}

/// Lowers a limit of this process for good.
fn limit(resource: Resource, most: Option<u64>) -> io::Result<()> {
    most.map_or(Ok(()), |most| limit_in_steps(resource, most, most))
}

/// Above `soft` comes a signal, at `hard` the end. What the operator allows is less at times, and cannot be raised.
fn limit_in_steps(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    Ok(setrlimit(resource, Rlimit { current: Some(soft.min(allowed)), maximum: Some(hard.min(allowed)) })?)
}
