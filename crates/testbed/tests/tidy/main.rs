//! The house rules no compiler knows: which crate may depend on which, and how files look. Clippy
//! has the others. Invariant: a broken rule fails with a sentence that names place and rule.

mod files;
mod floors;
mod reliability;
mod security;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn stairs_only_go_down() {
    let metadata = serde_json::from_slice(&metadata()).expect("cargo prints JSON");
    report(floors::complaints(&metadata));
}

#[test]
fn files_keep_the_house_rules() {
    let root = root();
    let mut complaints = vec![];
    for path in files(&root) {
        // What is not UTF-8 is data; a file may also be deleted but not yet committed.
        let Ok(text) = fs::read_to_string(root.join(&path)) else {
            continue;
        };
        let found = files::complaints(&path, &text);
        complaints.extend(found.errors);
        for warning in found.warnings {
            // Not by a macro, whose output a passing test swallows.
            writeln!(std::io::stderr(), "warning: {warning}").expect("standard error is open");
        }
    }
    report(complaints);
}

#[test]
fn what_the_security_page_promises_has_tests() {
    let root = root();
    let page = fs::read_to_string(root.join(security::PAGE)).expect("the page");
    report(security::complaints(&page, &tests(&root)));
}

#[test]
fn every_promise_of_the_page_of_reliability_has_a_test() {
    let root = root();
    let page = fs::read_to_string(root.join(reliability::PAGE)).expect("the page");
    report(reliability::complaints(&page, &tests(&root)));
}

/// The names of all tests, of those of the web app their sentences.
fn tests(root: &Path) -> BTreeSet<String> {
    let text = |path: &String| fs::read_to_string(root.join(path)).ok();
    let (rust, web): (Vec<_>, Vec<_>) = files(root)
        .into_iter()
        .filter(|path| path.ends_with(".rs") || path.ends_with(".test.ts"))
        .partition(|path| path.ends_with(".rs"));
    let rust: Vec<_> = rust.iter().filter_map(text).collect();
    let web: Vec<_> = web.iter().filter_map(text).collect();
    let names = rust.iter().flat_map(|text| security::tests_of(text));
    names.chain(web.iter().flat_map(|text| security::sentences_of(text))).map(str::to_owned).collect()
}

fn report(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} rules broken:\n{}", complaints.len(), complaints.join("\n"));
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the workspace is two folders above this crate")
}

/// What cargo knows about the dependencies that are built on this platform: for other platforms it
/// would have to download packages nobody here uses.
fn metadata() -> Vec<u8> {
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc can be started");
    let version = String::from_utf8(rustc.stdout).expect("rustc speaks UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version=1", "--locked", "--filter-platform"]);
    command.arg(host.expect("rustc -vV names the host")).current_dir(root());
    let output = command.stderr(Stdio::inherit()).output().expect("cargo can be started");
    assert!(output.status.success(), "cargo metadata failed: {}", output.status);
    output.stdout
}

/// The files git has or would take, relative to the root; without git all but hidden and made ones.
fn files(root: &Path) -> Vec<String> {
    let mut git = Command::new("git");
    // The tests may run as another user than the owner of the checkout, which git distrusts.
    git.args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    match git.current_dir(root).stderr(Stdio::null()).output() {
        Ok(output) if output.status.success() => {
            let paths = String::from_utf8_lossy(&output.stdout).into_owned();
            paths.split_terminator('\0').map(str::to_owned).collect()
        }
        _ => {
            let mut found = vec![];
            walk(root, "", &mut found);
            found
        }
    }
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    const SKIPPED: [&str; 4] = ["target", "node_modules", "dist", "convoke-data"];
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_hidden = name.starts_with('.') && name != ".ci";
        if is_folder && !is_hidden && !SKIPPED.contains(&name.as_str()) {
            walk(&entry.path(), &format!("{prefix}{name}/"), found);
        } else if !is_folder {
            found.push(format!("{prefix}{name}"));
        }
    }
}
