//! The page of reliability: it has a line for every kill point, fault and invariant that was promised, and every test it
//! names exists.

use std::collections::BTreeSet;

pub(super) const PAGE: &str = "docs/reliability.md";

/// What has to have a line; what it skips has a sentence.
const PROMISED: [(char, &[u32]); 3] = [
    ('K', &[1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16]),
    ('F', &[1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24]),
    ('I', &[1, 2, 5, 6, 7, 8, 10, 11, 12, 13, 14]),
];

/// `tests` are the names of all tests.
pub(super) fn complaints(page: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let mut missing: BTreeSet<String> =
        PROMISED.iter().flat_map(|(letter, numbers)| numbers.iter().map(move |n| format!("{letter}{n}"))).collect();
    let mut found = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(promise), Some(named)) = (cells.first(), cells.last()) else { continue };
        if !missing.remove(*promise) {
            continue;
        }
        let named: Vec<_> = named.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            found.push(format!("{PAGE}: {promise} has no test"));
        }
        let unknown = named.iter().filter(|name| !tests.contains(**name));
        found.extend(unknown.map(|name| format!("{PAGE}: {promise} names {name}, which is no test")));
    }
    found.extend(missing.iter().map(|promise| format!("{PAGE} has no line for {promise}")));
    found
}

#[test]
fn a_promise_without_a_line_or_a_test_is_found() {
    let tests = BTreeSet::from(["it_holds".to_owned()]);
    let line = |promise: &str| format!("| {promise} | a fault | `it_holds` |\n");
    let all: String = PROMISED
        .iter()
        .flat_map(|(letter, numbers)| numbers.iter().map(move |n| line(&format!("{letter}{n}"))))
        .collect();
    assert_eq!(complaints(&all, &tests), Vec::<String>::new());
    assert_eq!(complaints(&all.replace(&line("K2"), ""), &tests), ["docs/reliability.md has no line for K2"]);
    assert_eq!(complaints(&all.replacen("`it_holds`", "`it_held`", 1), &tests).len(), 1);
    assert_eq!(complaints(&all.replacen("`it_holds`", "none", 1), &tests).len(), 1);
}
