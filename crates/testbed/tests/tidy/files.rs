//! How files look, one by one. Invariant: this file keeps its own rules, so forbidden words are put
//! together from pieces.

/// What is wrong with a file, as sentences.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Complaints {
    pub(super) errors: Vec<String>,
    pub(super) warnings: Vec<String>,
}

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "helpers", "common", "core", "types", "manager"];

/// Files a person writes; the others are data.
const WRITTEN: [&str; 14] =
    ["rs", "toml", "md", "sql", "sh", "py", "ts", "tsx", "js", "mjs", "css", "html", "yml", "yaml"];

const UNFINISHED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

const PRIVATE_FOLDERS: [&str; 3] = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];

const DEBUGGING: [&str; 3] = [concat!("print", "ln!("), concat!("eprint", "ln!("), concat!("db", "g!(")];

const PUBLIC_REGISTRY: &str = "https://registry.npmjs.org/";

/// Judges the file at `path`, which is relative to the project's root.
pub(super) fn complaints(path: &str, text: &str) -> Complaints {
    let mut found = Complaints::default();
    let name = path.rsplit('/').next().unwrap_or(path);
    // Scripts and Makefiles have no extension.
    let is_written = name.rsplit_once('.').is_none_or(|(_, extension)| WRITTEN.contains(&extension));
    if path.ends_with(".rs") {
        length(path, text, &mut found);
        if path.starts_with("crates/") && !text.starts_with("//!") {
            found.errors.push(format!("{path}:1: open the file with //! (what it is, its invariant)"));
        }
    }
    if is_written && (path.starts_with("crates/") || path.starts_with("web/")) {
        found.errors.extend(empty_name(path));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let rule = if is_written { line_rule(line) } else { None };
        let rule = rule.or_else(|| foreign_rule(name, line));
        found.errors.extend(rule.map(|rule| format!("{path}:{number}: {rule}")));
    }
    found
}

fn length(path: &str, text: &str, found: &mut Complaints) {
    let lines = text.lines().count();
    let is_test = path.contains("/tests/") || path.ends_with("_tests.rs") || path.ends_with("/tests.rs");
    let (warn, fail) = if is_test { (1_000, 1_000) } else { (400, 600) };
    let sentence = format!("{path}: {lines} lines, at most {fail} ({warn} are enough): divide it");
    if lines > fail {
        found.errors.push(sentence);
    } else if lines > warn {
        found.warnings.push(sentence);
    }
}

fn empty_name(path: &str) -> Option<String> {
    let stems = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let name = stems.into_iter().find(|stem| EMPTY_NAMES.contains(stem))?;
    Some(format!("{path}: {name} says nothing, name it after what is inside"))
}

/// Rules for lines that people write.
fn line_rule(line: &str) -> Option<String> {
    if let Some(word) = UNFINISHED.into_iter().find(|word| has_word(line, word)) {
        let has_issue = line.split('#').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !has_issue {
            return Some(format!("{word} needs the number of its issue (#123)"));
        }
    }
    let comment = line.trim_start().strip_prefix("//")?.trim_start();
    let macro_call = DEBUGGING.into_iter().find(|call| comment.starts_with(call))?;
    Some(format!("{macro_call}...) in a comment: delete what is not used"))
}

/// Rules for every line, also of files that programs write: nothing of one machine may stand there.
fn foreign_rule(name: &str, line: &str) -> Option<String> {
    if let Some(folder) = PRIVATE_FOLDERS.into_iter().find(|folder| has_absolute(line, folder)) {
        return Some(format!("{folder} is a folder of one machine"));
    }
    let resolved = line.trim_start().strip_prefix("\"resolved\": \"http").filter(|_| name == "package-lock.json")?;
    let is_public = PUBLIC_REGISTRY.strip_prefix("http").is_some_and(|public| resolved.starts_with(public));
    (!is_public).then(|| format!("packages come from {PUBLIC_REGISTRY}, which everybody can reach"))
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// Whether `folder` starts a path here, rather than continues one or stands in an address.
fn has_absolute(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-*~})]>$/".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tidy_file_passes() {
        let text = "//! Reads rows.\n\n/// Prints; see `println!()`.\nfn read() {}\n";
        assert_eq!(complaints("crates/pipeline/src/read.rs", text), Complaints::default());
    }

    #[test]
    fn long_files_warn_and_then_fail() {
        let text = |lines: usize| format!("//! Long.\n{}", "\n".repeat(lines - 1));
        let counts = |path: &str, lines: usize| {
            let found = complaints(path, &text(lines));
            (found.errors.len(), found.warnings.len())
        };
        let expected = [(400, (0, 0)), (401, (0, 1)), (600, (0, 1)), (601, (1, 0))];
        for (lines, count) in expected {
            assert_eq!(counts("crates/app/src/jobs.rs", lines), count, "{lines} lines");
        }
        assert_eq!(counts("crates/app/tests/jobs.rs", 1_000), (0, 0));
        assert_eq!(counts("crates/app/tests/jobs.rs", 1_001), (1, 0));
    }

    #[test]
    fn a_file_without_its_purpose_is_named() {
        assert_eq!(
            errors("crates/app/src/jobs.rs", "use std::fs;\n"),
            ["crates/app/src/jobs.rs:1: open the file with //! (what it is, its invariant)"],
        );
    }

    #[test]
    fn names_that_say_nothing_are_named() {
        for path in ["crates/app/src/utils.rs", "crates/app/src/core/jobs.rs", "web/src/helpers.ts"] {
            assert_eq!(errors(path, "//! Something.\n").len(), 1, "{path}");
        }
        assert_eq!(errors("crates/app/src/record_types.rs", "//! Something.\n"), [""; 0]);
    }

    #[test]
    fn unfinished_work_has_an_issue() {
        let word = UNFINISHED[0];
        let expected = format!("docs/page.md:2: {word} needs the number of its issue (#123)");
        assert_eq!(errors("docs/page.md", &format!("\n{word}: later\n")), [expected]);
        assert_eq!(errors("docs/page.md", &format!("{word} #17: later\n")), [""; 0]);
        assert_eq!(errors("crates/app/tests/cases/1/people.csv", word), [""; 0]);
    }

    #[test]
    fn debugging_left_in_comments_is_named() {
        let text = format!("//! Jobs.\n    // {}x);\n", DEBUGGING[2]);
        let expected = format!("crates/app/src/jobs.rs:2: {}...) in a comment: delete what is not used", DEBUGGING[2]);
        assert_eq!(errors("crates/app/src/jobs.rs", &text), [expected]);
    }

    #[test]
    fn folders_of_one_machine_are_named() {
        let folder = PRIVATE_FOLDERS[0];
        let expected = format!("Makefile:1: {folder} is a folder of one machine");
        assert_eq!(errors("Makefile", &format!("cd {folder}anna\n")), [expected]);
        assert_eq!(errors("docs/page.md", &format!("https://example.com{folder}page ..{folder}\n")), [""; 0]);
    }

    #[test]
    fn packages_come_from_the_public_registry() {
        let resolved = |host: &str| format!("      \"resolved\": \"{host}react/-/react-19.tgz\",\n");
        assert_eq!(errors("web/package-lock.json", &resolved(PUBLIC_REGISTRY)), [""; 0]);
        assert_eq!(errors("web/package-lock.json", &resolved("https://mirror.example.com/")).len(), 1);
    }

    fn errors(path: &str, text: &str) -> Vec<String> {
        complaints(path, text).errors
    }
}
