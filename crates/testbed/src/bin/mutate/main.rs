//! `mutate`: feeds mutated files and cells to the parts that read what strangers wrote, and judges what they answer.
//! Invariant: a run is repeatable by its seed, and whatever breaks a promise lies in a file when the program ends.

mod corpus;
mod decoder;
mod dialect;
mod email;
mod handle;
mod header;
mod mutation;
mod parts;
mod watch;
mod workbook;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::watch::Watch;

const USAGE: &str = "\
usage: mutate TARGET [--seconds N] [--seed S] [--corpus DIR] [--out DIR] [--replay FILE]

targets: decoder, dialect, workbook, handle, email, header, or all of them, one after the other
  --seconds N    how long each target is tried (10)
  --seed S       another seed is another run (1)
  --corpus DIR   public files to begin with, beside those built in (or CONVOKE_CORPORA)
  --out DIR      where an input that breaks a promise is left (the folder for temporary files)
  --replay FILE  tries this one input and nothing else";

/// Bytes of the largest input.
const MAX_INPUT: usize = 1 << 20;

/// Bytes of all inputs that are kept to mutate further; behind them new behaviour is only counted.
const MAX_KEPT: usize = 32 << 20;

/// Inputs larger than this are seldom mutated again, so that a run is not spent on a few of them.
const LARGE: usize = 64 * 1024;

/// Something that reads what strangers wrote.
trait Target {
    /// What mutation begins with.
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>>;

    /// What mutation sprinkles: signs that mean something here.
    fn words(&self) -> &'static [&'static str];

    /// Seconds an input may take.
    fn limit_seconds(&self) -> u64 {
        5
    }

    /// Another input from these two.
    fn mutate(&self, input: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
        mutation::mutate(input, other, self.words(), rng)
    }

    /// Reads the input and panics if a promise is broken. `rng` depends on the input alone. What it gives is equal for
    /// inputs that were treated alike.
    fn try_input(&self, input: &[u8], rng: &mut Rng) -> u64;
}

const TARGETS: [(&str, &dyn Target); 6] = [
    ("decoder", &decoder::Decoders),
    ("dialect", &dialect::Dialects),
    ("workbook", &workbook::Workbooks),
    ("handle", &handle::Handles),
    ("email", &email::Emails),
    ("header", &header::Headers),
];

struct Arguments {
    target: String,
    seconds: u64,
    seed: u64,
    corpus: Option<PathBuf>,
    out: PathBuf,
    replay: Option<PathBuf>,
}

fn main() -> ExitCode {
    let held = Arguments::parse(std::env::args().skip(1)).and_then(|arguments| {
        if arguments.target == "all" {
            return try_all();
        }
        let target = TARGETS.iter().find(|(name, _)| *name == arguments.target);
        let (name, target) = *target.ok_or_else(|| format!("unknown target {}\n{USAGE}", arguments.target))?;
        try_target(name, target, &arguments).map(|()| true)
    });
    match held {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

impl Arguments {
    #[expect(clippy::disallowed_methods, reason = "the corpora are where every test of this project looks for them")]
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut parsed = Self {
            target: arguments.next().ok_or(USAGE)?,
            seconds: 10,
            seed: 1,
            corpus: std::env::var_os("CONVOKE_CORPORA").map(PathBuf::from),
            out: std::env::temp_dir(),
            replay: None,
        };
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{option} needs a value"));
            match option.as_str() {
                "--seconds" => parsed.seconds = number(&value()?)?,
                "--seed" => parsed.seed = number(&value()?)?,
                "--corpus" => parsed.corpus = Some(value()?.into()),
                "--out" => parsed.out = value()?.into(),
                "--replay" => parsed.replay = Some(value()?.into()),
                _ => return Err(format!("unknown option {option}\n{USAGE}")),
            }
        }
        Ok(parsed)
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is not a number"))
}

/// Each target in a process of its own: one that fails does not end the others, and its memory is its own.
fn try_all() -> Result<bool, String> {
    let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let mut held = true;
    for (name, _) in TARGETS {
        let status = Command::new(&program).arg(name).args(std::env::args().skip(2)).status();
        let status = status.map_err(|error| format!("cannot start {}: {error}", program.display()))?;
        held &= status.success();
    }
    Ok(held)
}

/// What is known of a run so far.
struct Run<'t> {
    target: &'t dyn Target,
    watch: Watch,
    behaviours: HashSet<u64>,
    inputs: u64,
    slowest: Duration,
}

fn try_target(name: &'static str, target: &dyn Target, arguments: &Arguments) -> Result<(), String> {
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| format!("cannot make {}: {error}", arguments.out.display()))?;
    let watch = Watch::start(name, arguments.out.clone(), Duration::from_secs(target.limit_seconds()));
    let mut run = Run { target, watch, behaviours: HashSet::new(), inputs: 0, slowest: Duration::ZERO };
    if let Some(path) = &arguments.replay {
        let input = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        run.try_input(&input);
        println!("{name}: {} holds, in {} ms", path.display(), run.slowest.as_millis());
        return Ok(());
    }
    let mut seeds = target.seeds(arguments.corpus.as_deref());
    seeds.retain(|seed| seed.len() <= MAX_INPUT);
    let started = Instant::now();
    for seed in &seeds {
        run.try_input(seed);
    }
    let kept = run.wander(&mut seeds, Rng::with_seed(arguments.seed), started + Duration::from_secs(arguments.seconds));
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{name}: {seconds:.0} s, {} inputs, {:.0} a second, {} seeds and {kept} kept, {} behaviours, slowest {} ms, at most {} MB",
        run.inputs,
        run.inputs as f64 / seconds,
        seeds.len() - kept,
        run.behaviours.len(),
        run.slowest.as_millis(),
        watch::peak_bytes() >> 20,
    );
    Ok(())
}

impl Run<'_> {
    /// Mutates until the time is over, and keeps what behaves as nothing before did. Gives how many it kept.
    fn wander(&mut self, seeds: &mut Vec<Vec<u8>>, mut rng: Rng, end: Instant) -> usize {
        let begun_with = seeds.len();
        let mut kept_bytes = 0;
        while Instant::now() < end {
            let mut input = &seeds[rng.usize(..seeds.len())];
            if input.len() > LARGE && rng.u8(..) >= 16 {
                input = &seeds[rng.usize(..seeds.len())];
            }
            let other = &seeds[rng.usize(..seeds.len())];
            let mutated = self.target.mutate(input, other, &mut rng);
            let is_new = self.try_input(&mutated);
            if is_new && kept_bytes + mutated.len() <= MAX_KEPT {
                kept_bytes += mutated.len();
                seeds.push(mutated);
            }
        }
        seeds.len() - begun_with
    }

    /// Whether it behaved as no input before.
    fn try_input(&mut self, input: &[u8]) -> bool {
        self.inputs += 1;
        self.watch.begin(input);
        let behaviour = self.target.try_input(input, &mut Rng::with_seed(hash_of(input)));
        self.slowest = self.slowest.max(self.watch.end());
        self.behaviours.insert(hash_of((behaviour, input.len().checked_ilog2())))
    }
}

/// The same for equal values, in every run of this program.
fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
