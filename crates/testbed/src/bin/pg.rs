//! `pg`: runs a command beside a temporary PostgreSQL cluster with one empty database, and ends
//! with the command's code. The command finds the database's address in CONVOKE_TEST_PG, and in
//! PGHOST, PGPORT, PGUSER and PGDATABASE.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitCode};

use convoke_testbed::postgres::{Options, Postgres};

const USAGE: &str = "usage: pg [--durable] [-c NAME=VALUE]... -- COMMAND [ARGUMENT]...";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match parse(&arguments) {
        Ok((options, command)) => run(&options, command),
        Err(sentence) => {
            eprintln!("{sentence}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Splits the arguments into the cluster's options and the command, which is never empty.
fn parse(arguments: &[String]) -> Result<(Options, &[String]), String> {
    let is_durable = arguments.iter().take_while(|argument| *argument != "--").any(|argument| argument == "--durable");
    let mut options = if is_durable { Options::durable() } else { Options::quick() };
    let mut rest = arguments;
    loop {
        match rest {
            [first, left @ ..] if first == "--durable" => rest = left,
            [first, setting, left @ ..] if first == "-c" => {
                let (name, value) = setting.split_once('=').ok_or(format!("{setting} is not NAME=VALUE"))?;
                options = options.with(name, value);
                rest = left;
            }
            [first, command @ ..] if first == "--" && !command.is_empty() => {
                return Ok((options, command));
            }
            [] | [_] => return Err("the command is missing".to_owned()),
            [unknown, ..] => return Err(format!("unknown option {unknown}")),
        }
    }
}

fn run(options: &Options, command: &[String]) -> ExitCode {
    let cluster = Postgres::start(options);
    let database = cluster.database();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .env("CONVOKE_TEST_PG", database.url())
        .env("PGHOST", cluster.socket_directory())
        .env("PGPORT", "5432")
        .env("PGUSER", "postgres")
        .env("PGDATABASE", database.name())
        .status();
    match status {
        // As a shell reports it: 128 + the signal that ended the command.
        Ok(status) => {
            let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or(1);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("cannot start {}: {error}", command[0]);
            ExitCode::from(127)
        }
    }
}
