//! The executable `convoke`: read the arguments, do the command, give its exit code. Data goes to stdout, everything
//! else to stderr. Exit codes: 0 done, 1 rows failed, 2 file refused or bad usage, 3 could not run.

mod args;
mod commands;
mod failure;
mod memory;
mod open;
mod output;
mod print;
mod progress;
mod remote;
mod resources;
mod settings;

use std::process::ExitCode;

use args::{Cli, Parsed};
use convoke_app::crash::What;
use failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    arm_crash_point();
    match Cli::read() {
        Parsed::Command(cli) => run(&cli),
        Parsed::Help(text) => {
            output::print(&text).map_or(ExitCode::from(failure::COULD_NOT_RUN), |()| ExitCode::SUCCESS)
        }
        Parsed::Wrong { message, as_json } => {
            output::say_raw(&message);
            if as_json {
                let _ = output::print(&print::json::failure(None, &Failure::bad_usage(&message)));
            }
            ExitCode::from(failure::REFUSED)
        }
    }
}

fn run(cli: &Cli) -> ExitCode {
    let global = cli.global(variable).map_err(anyhow::Error::from);
    let ran = global.and_then(|global| commands::run(&global, &cli.command));
    match ran {
        Ok(code) => ExitCode::from(code),
        // Whoever reads our output has enough of it: nothing went wrong.
        Err(_) if output::reader_left() => ExitCode::SUCCESS,
        Err(error) => {
            let failure = Failure::of(&error);
            failure.say();
            if cli.everywhere.json && !output::has_printed() {
                let _ = output::print(&print::json::failure(cli.command.subject().as_ref(), &failure));
            }
            ExitCode::from(failure.exit)
        }
    }
}

/// The environment enters here; what is no text says nothing.
#[expect(clippy::disallowed_methods, reason = "the environment is read once, in cli")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// `CONVOKE_CRASH_AT=point:pass` lets the process die at a named place, `CONVOKE_PANIC_AT` and `CONVOKE_PANIC_FROM` panic
/// there, `CONVOKE_STUMBLE_OVER=stage:cell` wherever a row has that cell, and
/// `CONVOKE_CLOCK_FILE` names a file that sets the clock; only builds for tests have such places.
fn arm_crash_point() {
    for (name, what) in
        [("CONVOKE_CRASH_AT", What::Death), ("CONVOKE_PANIC_AT", What::Panic), ("CONVOKE_PANIC_FROM", What::Panics)]
    {
        let Some(place) = variable(name) else { continue };
        let (point, pass) = place.split_once(':').unwrap_or((&place, "1"));
        convoke_app::crash::arm(what, point, pass.parse().unwrap_or(1));
    }
    if let Some(file) = variable("CONVOKE_CLOCK_FILE") {
        convoke_app::crash::set_clock(&file);
    }
    if let Some((stage, cell)) = variable("CONVOKE_STUMBLE_OVER").as_deref().and_then(|said| said.split_once(':')) {
        convoke_app::pipeline::stumbling::arm(stage, cell);
    }
}
