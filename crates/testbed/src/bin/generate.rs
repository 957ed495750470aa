//! `generate`: writes a sample file of made-up people, see `convoke_testbed::people`. The counts go
//! to standard error.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::process::ExitCode;

use convoke_testbed::people::{Advocates, AllBad, Creators, Prospects, SEED, Written};

const USAGE: &str = "\
usage: generate KIND --rows N --out FILE [--seed X] [--start S] [OPTIONS]

kinds and their options:
  advocates  [--stride K] [--clean] [--changed] [--accepted FILE]
  creators
  prospects  [--group NAME]...
  all-bad    (advocates of whom every row fails)";

/// The arguments; a kind ignores what is not its own.
struct Arguments {
    kind: String,
    rows: Option<u64>,
    out: Option<String>,
    seed: u64,
    start: u64,
    stride: u64,
    clean: bool,
    changed: bool,
    accepted: Option<String>,
    groups: Vec<String>,
}

fn main() -> ExitCode {
    let written = Arguments::parse(std::env::args().skip(1)).and_then(|arguments| run(&arguments));
    match written {
        Ok(Written { rows, accepted, bad, repeats }) => {
            eprintln!("{rows} rows: {accepted} people, {bad} bad rows, {repeats} repeats");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

impl Arguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self {
            kind: arguments.next().ok_or(USAGE)?,
            rows: None,
            out: None,
            seed: SEED,
            start: 1,
            stride: 1,
            clean: false,
            changed: false,
            accepted: None,
            groups: vec![],
        };
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{option} needs a value"));
            match option.as_str() {
                "--rows" => parsed.rows = Some(number(&value()?)?),
                "--out" => parsed.out = Some(value()?),
                "--seed" => parsed.seed = number(&value()?)?,
                "--start" => parsed.start = number(&value()?)?,
                "--stride" => parsed.stride = number(&value()?)?,
                "--clean" => parsed.clean = true,
                "--changed" => parsed.changed = true,
                "--accepted" => parsed.accepted = Some(value()?),
                "--group" => parsed.groups.push(value()?),
                _ => return Err(format!("unknown option {option}\n{USAGE}")),
            }
        }
        Ok(parsed)
    }
}

fn run(arguments: &Arguments) -> Result<Written, String> {
    let &Arguments { seed, start, stride, clean, changed, .. } = arguments;
    let rows = arguments.rows.ok_or("--rows is missing")?;
    let mut out = create(arguments.out.as_deref().ok_or("--out is missing")?)?;
    let written = match arguments.kind.as_str() {
        "advocates" => {
            let advocates = Advocates { rows, seed, start, stride, clean, changed };
            match &arguments.accepted {
                None => advocates.write(&mut out),
                Some(path) => {
                    let mut accepted = create(path)?;
                    let written = advocates.write_with_accepted(&mut out, &mut accepted);
                    written.and_then(|written| accepted.flush().map(|()| written))
                }
            }
        }
        "creators" => Creators { rows, seed, start }.write(&mut out),
        "prospects" => Prospects { rows, seed, start, groups: arguments.groups.clone() }.write(&mut out),
        "all-bad" => AllBad { rows, seed, start }.write(&mut out),
        kind => return Err(format!("unknown kind {kind}\n{USAGE}")),
    };
    let flushed = written.and_then(|written| out.flush().map(|()| written));
    flushed.map_err(|error: io::Error| format!("cannot write the file: {error}"))
}

fn create(path: &str) -> Result<BufWriter<File>, String> {
    let file = File::create(path).map_err(|error| format!("cannot create {path}: {error}"))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is not a number"))
}
