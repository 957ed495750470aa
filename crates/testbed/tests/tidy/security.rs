//! The page that says which requirements of OWASP ASVS are met, and by which test. Invariant: every line we aim at is there
//! once, and says a test that exists or the reason why there is none.

use std::collections::BTreeSet;

/// The page, below the root.
pub(super) const PAGE: &str = "docs/security.md";

/// The lines that concern imports, files and access, by chapter: the goal, which the page cannot make smaller.
#[rustfmt::skip]
const AIMED_AT: [&str; 12] = [
    "1.2.1 1.2.2 1.2.3 1.2.10 1.3.6 1.3.7 1.3.11 1.5.1",
    "2.3.1 2.3.2 2.3.3 2.3.4 2.4.1",
    "3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.2 3.5.3 4.3.1",
    "5.1.1 5.2.1 5.2.2 5.2.3 5.2.4 5.3.2 5.3.3 5.4.1 5.4.2",
    "6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.12 6.3.1 6.3.2 6.3.8 6.4.1 6.5.1 6.5.3",
    "7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3",
    "8.2.1 8.2.2 8.2.3 8.3.1 8.4.1",
    "11.4.2 11.5.1 12.1.1 12.2.1 12.3.1",
    "13.2.4 13.2.5",
    "14.1.2 14.2.1",
    "15.2.2 15.3.1 15.3.2 15.3.3 15.3.5 15.4.2",
    "16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.5.1 16.5.2 16.5.3",
];

/// How a reason begins that stands instead of a test.
const REASONS: [&str; 3] = ["Does not apply: ", "Not yet: ", "By the operator: "];

/// Names behind these are tests; the last two make one a database.
const BEFORE_A_NAME: [&str; 3] = ["fn ", "access_test!(", "store_test!("];

/// The tests in a file of Rust.
pub(super) fn tests_of(text: &str) -> impl Iterator<Item = &str> {
    BEFORE_A_NAME.into_iter().flat_map(move |before| {
        text.match_indices(before).filter_map(move |(at, _)| {
            let name = text[at + before.len()..].trim_start();
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
            Some(&name[..end])
        })
    })
}

/// The tests in a file of TypeScript.
pub(super) fn sentences_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("test('")?.split('\'').next())
}

/// Judges the page; each complaint is a sentence with the line.
pub(super) fn complaints(page: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = vec![];
    let mut aimed_at: BTreeSet<&str> = AIMED_AT.iter().flat_map(|line| line.split(' ')).collect();
    for row in page.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit()))
    {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [numbers, _, shown] = cells[..] else {
            complaints.push(format!("{PAGE}: \"{row}\" has three cells"));
            continue;
        };
        let again = numbers.split(", ").filter(|number| !aimed_at.remove(number));
        complaints.extend(again.map(|number| format!("{PAGE}: {number} is there twice, or not aimed at")));
        let named: Vec<_> = shown.split('`').skip(1).step_by(2).collect();
        let is_reason = REASONS.iter().any(|reason| shown.starts_with(reason));
        if named.is_empty() && !is_reason {
            complaints.push(format!("{PAGE}: {numbers} names no test and no reason"));
        }
        let missing = named.into_iter().filter(|name| !tests.contains(*name));
        complaints.extend(missing.map(|name| format!("{PAGE}: {numbers} names the test {name}, which is not there")));
    }
    complaints.extend(aimed_at.into_iter().map(|number| format!("{PAGE}: {number} is missing")));
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_lacks_is_named() {
        let tests = BTreeSet::from(["it_holds".to_owned()]);
        let page =
            "| 1.2.1 | a | `it_holds` |\n| 1.2.1 | b | Not yet: later |\n| 1.2.2 | c | `it_fails` |\n| 1.2.3 | d | |\n";
        let found = complaints(page, &tests);
        let expected = [
            "docs/security.md: 1.2.1 is there twice, or not aimed at",
            "docs/security.md: 1.2.2 names the test it_fails, which is not there",
            "docs/security.md: 1.2.3 names no test and no reason",
        ];
        assert_eq!(found[..3], expected);
        assert!(found[3..].iter().all(|complaint| complaint.ends_with(" is missing")), "{found:?}");
    }

    #[test]
    fn tests_are_found_however_they_are_written() {
        let text = "fn one() {}\naccess_test!(two, |world| {});\nstore_test!(\n    three,\n)";
        assert_eq!(tests_of(text).collect::<Vec<_>>(), ["one", "two", "three"]);
    }
}
