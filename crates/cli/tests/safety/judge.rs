//! Judges what was seen of imports. It shares no code with the product: the table of states is read from the page that
//! promises it, and the numbers of states are written here once more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const PAGE: &str = include_str!("../../../../docs/states.md");

/// In the order of their numbers in the database, from 1.
const STATES: [&str; 10] =
    ["draft", "refused", "checking", "ready", "pending", "running", "paused", "completed", "failed", "cancelled"];
const ENDS: [&str; 4] = ["refused", "completed", "failed", "cancelled"];
const PARTS: [&str; 5] = ["created", "updated", "unchanged", "skipped", "failed"];

/// Which state follows which.
pub(crate) struct Table(BTreeMap<String, BTreeSet<String>>);

impl Table {
    pub(crate) fn read() -> Self {
        let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in PAGE.lines() {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            if let [from, _, to] = cells[..]
                && STATES.contains(&from)
            {
                table.entry(from.to_owned()).or_default().insert(to.to_owned());
            }
        }
        assert!(table.len() > 4, "docs/states.md has its table");
        Self(table)
    }

    fn follows(&self, from: &str, to: &str) -> bool {
        self.0.get(from).is_some_and(|to_all| to_all.contains(to))
    }

    /// Whether `to` can come after `from`, whatever went by unseen.
    fn can_come(&self, from: &str, to: &str) -> bool {
        let (mut reached, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(state) = open.pop() {
            for next in self.0.get(state).into_iter().flatten() {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached.contains(to)
    }
}

/// Which pass the counts of a state are of: those of a check begin anew when the run begins.
fn pass(state: &str) -> u8 {
    match state {
        "draft" | "checking" | "ready" => 0,
        _ => 1,
    }
}

/// One import as an answer or an event shows it: its parts add up.
pub(crate) fn adds_up(import: &Value) -> Result<(), String> {
    let counts = &import["counts"];
    let parts: u64 = PARTS.iter().map(|name| counts[name].as_u64().unwrap_or(u64::MAX / 8)).sum();
    let (open, total) = (counts["not_processed"].as_u64().unwrap_or(u64::MAX / 8), counts["total"].as_u64());
    if Some(parts + open) != total {
        return Err(format!("the parts do not add up: {import}"));
    }
    if import["status"] == "completed" && open != 0 && import["kind"] == "import" {
        return Err(format!("it is completed and rows are left: {import}"));
    }
    Ok(())
}

/// Imports as one observer sees them, one after the other.
pub(crate) fn judge_seen<'v>(table: &Table, seen: impl IntoIterator<Item = &'v Value>) -> Result<(), String> {
    let mut before: Option<&Value> = None;
    for import in seen {
        adds_up(import)?;
        if let Some(before) = before {
            let state = |import: &Value| import["status"].as_str().unwrap_or("nothing").to_owned();
            let (from, to) = (state(before), state(import));
            if !table.can_come(&from, &to) {
                return Err(format!("{to} came after {from}: {before}, then {import}"));
            }
            if ENDS.contains(&from.as_str()) && import != before {
                return Err(format!("something changed after {from}: {before}, then {import}"));
            }
            let falls = |name: &&str| import["counts"][name].as_u64() < before["counts"][name].as_u64();
            if pass(&from) == 1 && pass(&to) == 1 && PARTS.iter().any(falls) {
                return Err(format!("counts fell: {before}, then {import}"));
            }
        }
        before = Some(import);
    }
    Ok(())
}

/// Every change of imports as the database noted it: each step is one of the table.
pub(crate) fn judge_witness(table: &Table, rows: &[[i64; 10]]) -> Result<(), String> {
    let mut last: BTreeMap<i64, &[i64; 10]> = BTreeMap::new();
    for row in rows {
        let name = |code: i64| STATES.get(code as usize - 1).copied().unwrap_or("nothing");
        let (from, to) = (name(row[1]), name(row[2]));
        let parts: i64 = row[4..9].iter().sum();
        if from != to && !table.follows(from, to) {
            return Err(format!("{to} followed {from}: {row:?}"));
        }
        if ENDS.contains(&from) {
            return Err(format!("something changed after {from}: {row:?}"));
        }
        if parts > row[3] || row[4..9].iter().any(|part| *part < 0) {
            return Err(format!("counts exceed the total: {row:?}"));
        }
        if to == "completed" && parts != row[3] {
            return Err(format!("completed, and rows are left: {row:?}"));
        }
        if let Some(before) = last.insert(row[0], row) {
            let is_same_pass = pass(name(before[2])) == 1 && pass(to) == 1;
            if is_same_pass && row[4..9].iter().zip(&before[4..9]).any(|(now, then)| now < then) {
                return Err(format!("counts fell: {before:?}, then {row:?}"));
            }
            if before[2] != row[1] {
                return Err(format!("a step was not noted: {before:?}, then {row:?}"));
            }
        }
    }
    Ok(())
}

/// The number of a state in the database.
pub(crate) fn code(state: &str) -> i64 {
    STATES.iter().position(|name| *name == state).map_or(0, |at| at as i64 + 1)
}

mod tests {
    use serde_json::json;

    use super::*;

    fn import(status: &str, created: u64, open: u64) -> Value {
        let counts = json!({"total": 10, "created": created, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0,
                            "not_processed": open});
        json!({"kind": "import", "status": status, "counts": counts})
    }

    #[test]
    fn the_judge_finds_what_must_not_be() {
        let table = Table::read();
        let sound =
            [import("pending", 0, 10), import("running", 4, 6), import("paused", 4, 6), import("running", 4, 6)];
        assert_eq!(judge_seen(&table, &sound), Ok(()));
        for wrong in [
            vec![import("running", 4, 5)],
            vec![import("completed", 4, 6)],
            vec![import("running", 5, 5), import("running", 4, 6)],
            vec![import("cancelled", 4, 6), import("running", 4, 6)],
            vec![import("cancelled", 4, 6), import("cancelled", 5, 5)],
            vec![import("running", 4, 6), import("ready", 4, 6)],
        ] {
            assert!(judge_seen(&table, &wrong).is_err(), "{wrong:?}");
        }
        let row = |was: &str, state: &str, created: i64| [1, code(was), code(state), 10, created, 0, 0, 0, 0, 0];
        assert_eq!(judge_witness(&table, &[row("pending", "running", 0), row("running", "running", 9)]), Ok(()));
        for wrong in [
            vec![row("paused", "running", 0)],
            vec![row("cancelled", "cancelled", 0)],
            vec![row("running", "running", 11)],
            vec![row("running", "completed", 9)],
            vec![row("running", "running", 5), row("running", "running", 4)],
            vec![row("pending", "running", 0), row("paused", "pending", 0)],
        ] {
            assert!(judge_witness(&table, &wrong).is_err(), "{wrong:?}");
        }
    }
}
