//! Every sample through the real executable, on SQLite. Invariant: what `samples/README.md` says is what happens: its
//! set-up commands are run as they stand there, its counts are the ones compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The outcomes in the order of the README's columns.
const OUTCOMES: [&str; 6] = ["total", "created", "updated", "unchanged", "skipped", "failed"];

#[test]
fn every_sample_imports_with_the_counts_of_the_readme_and_again_creates_nobody() {
    let readme = fs::read_to_string(samples().join("README.md")).expect("the README of the samples");
    let place = tempfile::tempdir().expect("a folder");
    for command in set_up(&readme) {
        let output = convoke(place.path(), &command);
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    for heading in ["## First import", "## Second import"] {
        let lines = table(&readme, heading);
        let mut files: Vec<_> = lines.iter().map(|line| line.file.clone()).collect();
        files.sort();
        assert_eq!(files, sample_files(), "{heading} names every sample");
        for line in lines {
            // What was checked is what is imported.
            for command in ["check", "import"] {
                let counts = counts(place.path(), command, &line);
                assert_eq!(counts, line.counts, "{command} of {} under {heading}", line.file);
            }
            assert!(heading == "## First import" || line.counts[1] == 0, "{} creates nobody again", line.file);
        }
    }
}

#[test]
fn every_list_as_it_comes_imports_with_the_one_command_of_the_readme() {
    let readme = fs::read_to_string(samples().join("README.md")).expect("the README of the samples");
    let place = tempfile::tempdir().expect("a folder");
    let lines = table(&readme, "## As they come");
    let named: BTreeSet<_> = lines.iter().map(|line| line.file.clone()).collect();
    let there = fs::read_dir(samples().join("as-they-come")).expect("the lists").flatten();
    assert_eq!(named, there.map(|e| e.file_name().into_string().expect("a name")).collect());
    for line in lines {
        let path = format!("samples/as-they-come/{}", line.file);
        let command = readme.lines().find(|text| text.starts_with(&format!("convoke import {path} ")));
        let mut arguments = words(command.expect("a command for every list")).split_off(1);
        arguments[1] = samples().join("..").join(&path).display().to_string();
        arguments.push("--json".to_owned());
        for command in ["check", "import"] {
            arguments[0] = command.to_owned();
            assert_eq!(outcomes(place.path(), &arguments, &line), line.counts, "{arguments:?}");
        }
    }
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

fn sample_files() -> Vec<String> {
    let names = fs::read_dir(samples()).expect("the samples").flatten().map(|e| e.file_name());
    let mut names: Vec<_> = names.filter_map(|n| n.into_string().ok()).filter(|n| n.ends_with(".csv")).collect();
    names.sort();
    names
}

/// A line of a table of counts.
struct Line {
    file: String,
    record_type: String,
    counts: [u64; 6],
}

/// The table below a heading.
fn table(readme: &str, heading: &str) -> Vec<Line> {
    let (_, section) = readme.split_once(heading).expect("the heading");
    let section = section.split("\n## ").next().unwrap_or_default();
    let lines: Vec<_> = section.lines().filter(|line| line.starts_with("| `")).map(line).collect();
    assert!(!lines.is_empty(), "{heading} has a table");
    lines
}

fn line(text: &str) -> Line {
    let cells: Vec<_> = text.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
    let [file, record_type, numbers @ ..] = cells.as_slice() else { panic!("{text:?} is no line of counts") };
    let numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    Line {
        file: (*file).to_owned(),
        record_type: (*record_type).to_owned(),
        counts: numbers.try_into().expect("six counts"),
    }
}

/// The commands that make groups and custom fields, as words.
fn set_up(readme: &str) -> Vec<Vec<String>> {
    let is_set_up = |line: &&str| line.starts_with("convoke groups add ") || line.starts_with("convoke fields add ");
    let commands: Vec<_> = readme.lines().filter(is_set_up).map(|line| words(line).split_off(1)).collect();
    assert!(!commands.is_empty(), "the README sets up groups and fields");
    commands
}

/// Splits a command as a shell does that knows blanks and double quotes only.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in command.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            _ => words.iter_mut().last().expect("a word").push(c),
        }
    }
    words
}

fn counts(place: &Path, command: &str, line: &Line) -> [u64; 6] {
    let file = samples().join(&line.file).display().to_string();
    outcomes(place, &[command, &file, "--as", &line.record_type, "--json"].map(str::to_owned), line)
}

/// Runs a check or import that ends as the line says, and counts its rows.
fn outcomes(place: &Path, arguments: &[String], line: &Line) -> [u64; 6] {
    let output = convoke(place, arguments);
    let expected = i32::from(line.counts[5] > 0);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(expected), "the exit code of {arguments:?}: {said}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON document");
    assert_eq!(report["counts"]["not_processed"], 0);
    OUTCOMES.map(|outcome| report["counts"][outcome].as_u64().expect("a count"))
}

fn convoke(place: &Path, arguments: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convoke"));
    command.args(arguments).current_dir(place).env("CONVOKE_DB", "sqlite:convoke.db").stdin(Stdio::null());
    for name in ["CONVOKE_CONFIG", "CONVOKE_FILES", "CONVOKE_MAX_ROWS", "CONVOKE_MAX_BYTES"] {
        command.env_remove(name);
    }
    command.output().expect("the executable starts")
}
