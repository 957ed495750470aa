//! Judges a history of calls and faults against what is in the database afterwards. It reads the file and the tables, and
//! shares no code with the product. A violation is a sentence that begins with the invariant it is of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::judge::{Table, code, judge_seen, judge_witness};
use crate::place::Place;

/// An import at the end.
#[derive(Debug)]
pub(crate) struct Last {
    pub(crate) import: String,
    /// Who uploaded it.
    pub(crate) workspace: usize,
    /// Of its original; none if that cannot be fetched.
    pub(crate) digest: Option<String>,
    /// Null if it is gone.
    pub(crate) shown: Value,
}

fn calls(history: &str) -> Vec<Value> {
    let lines = history.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    lines.filter(|line: &Value| line["method"].is_string()).collect()
}

fn is_done(call: &Value) -> bool {
    call["status"].as_u64().is_some_and(|status| status < 300)
}

/// The import that an answer shows, if it does.
fn shown(call: &Value) -> Option<&Value> {
    let body = &call["body"];
    let import = if body["import"].is_object() { &body["import"] } else { body };
    (is_done(call) && import["status"].is_string() && import["created_at"].is_string()).then_some(import)
}

/// Every import that was uploaded and answered, and by which workspace.
pub(crate) fn known_imports(history: &str) -> BTreeSet<(String, usize)> {
    let named = |call: &Value| {
        let import = shown(call)?["import"].as_str()?.to_owned();
        call["sha256"].as_str().map(|_| (import, call["workspace"].as_u64().unwrap_or_default() as usize))
    };
    calls(history).iter().filter_map(named).collect()
}

/// The import that a request is about: the one its address names.
fn addressed(call: &Value) -> Option<(&str, &str)> {
    let rest = call["path"].as_str()?.strip_prefix("/api/v1/imports/")?;
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

pub(crate) fn judge(history: &str, place: &Place, originals: &[Last]) -> Vec<String> {
    let calls = calls(history);
    let mut found = Vec::new();
    answers(&calls, &mut found);
    durable(&calls, originals, &mut found);
    rests(&calls, (place, originals), &mut found);
    people(place, &mut found);
    found
}

/// I1, I6: what each client saw, one answer after the other.
fn answers(calls: &[Value], found: &mut Vec<String>) {
    let table = Table::read();
    let mut seen: BTreeMap<(String, String), Vec<&Value>> = BTreeMap::new();
    for call in calls {
        if let Some(import) = shown(call) {
            seen.entry((call["client"].to_string(), import["import"].to_string())).or_default().push(import);
        }
    }
    for ((client, _), imports) in seen {
        found.extend(judge_seen(&table, imports).err().map(|why| format!("I1, I6: {client} saw: {why}")));
    }
    let broken = calls.iter().filter(|call| call["status"].as_u64() == Some(500));
    found.extend(broken.map(|call| format!("I14: the server blames itself: {call}")));
}

/// I8, I10: what was answered is there, with the bytes that were sent.
fn durable(calls: &[Value], originals: &[Last], found: &mut Vec<String>) {
    let last: BTreeMap<&str, &Last> = originals.iter().map(|last| (last.import.as_str(), last)).collect();
    for call in calls.iter().filter(|call| is_done(call)) {
        if let (Some(sent), Some(import)) = (call["sha256"].as_str(), shown(call)) {
            let id = import["import"].as_str().unwrap_or_default();
            match last.get(id) {
                Some(last) if last.digest.as_deref() == Some(sent) && !last.shown.is_null() => {}
                other => found.push(format!("I8, I10: {id} was sent with {sent}, at the end it is {other:?}")),
            }
        }
        let Some((id, what)) = addressed(call) else { continue };
        let Some(last) = last.get(id) else { continue };
        if call["workspace"].as_u64() != Some(last.workspace as u64) {
            found.push(format!("I5: {id} is of workspace {}: {call}", last.workspace));
        }
        let now = last.shown["status"].as_str().unwrap_or_default();
        if what == "confirm" && matches!(now, "" | "draft" | "checking" | "ready") {
            found.push(format!("I8: {id} was confirmed and is {now}: {call}"));
        }
        if what == "files/original" && call["fetched"].as_str() != last.digest.as_deref() {
            found.push(format!("I10: {id} was fetched otherwise than it is: {call}, {last:?}"));
        }
    }
}

/// I6, I12: every step that the database noted; and out of a pause only by a resumption. I14: nothing rests unsaid.
fn rests(calls: &[Value], (place, originals): (&Place, &[Last]), found: &mut Vec<String>) {
    let noted = place.witnessed();
    found.extend(judge_witness(&Table::read(), &noted).err().map(|why| format!("I6, I12: {why}")));
    let asked: BTreeSet<&str> =
        calls.iter().filter_map(addressed).filter(|(_, what)| *what == "pause").map(|(import, _)| import).collect();
    let is_unsaid = |last: &&Last| last.shown["status"] == "paused" && last.shown["problem"].is_null();
    for last in originals.iter().filter(is_unsaid).filter(|last| !asked.contains(last.import.as_str())) {
        found.push(format!("I14: paused by nobody, for no reason: {last:?}"));
    }
    let mut resumed: BTreeMap<&str, i64> = BTreeMap::new();
    for call in calls {
        if let Some((id, "resume")) = addressed(call)
            && call["status"].as_u64().is_none_or(|status| status < 300)
        {
            *resumed.entry(id).or_default() += 1;
        }
    }
    let steps = noted.iter().filter(|row| row[1] == code("paused") && row[2] == code("pending")).count() as i64;
    let asked: i64 = resumed.values().sum();
    if steps > asked {
        found.push(format!("I12: {steps} pauses ended, {asked} resumptions were asked for"));
    }
}

/// I1, I2, I5: people once, and as many as the imports say; every row has one outcome.
fn people(place: &Place, found: &mut Vec<String>) {
    let number = |sql: &str| place.sql(sql).parse::<i64>().unwrap_or(-1);
    let people = number("SELECT count(*) FROM person");
    let once = number("SELECT count(*) FROM (SELECT DISTINCT workspace_id, record_type, identity FROM person) AS once");
    let created = number("SELECT coalesce(sum(created), 0) FROM import WHERE kind = 1 AND state >= 5");
    if people != once || people != created {
        found.push(format!("I2: {people} people, {once} identities, {created} were created by imports"));
    }
    let strange = number(
        "SELECT count(*) FROM (SELECT workspace_id, count(*) AS people FROM person GROUP BY workspace_id) AS there \
         LEFT JOIN (SELECT workspace_id, sum(created) AS people FROM import WHERE kind = 1 AND state >= 5 \
         GROUP BY workspace_id) AS made ON made.workspace_id = there.workspace_id \
         WHERE made.people IS NULL OR made.people <> there.people",
    );
    if strange != 0 {
        found.push(format!("I5: {strange} workspaces have other people than their imports created"));
    }
    // Chunks of a run are one behind the other, without gap and without a second one.
    let broken = number(
        "SELECT count(*) FROM import_chunk a WHERE a.pass = 2 AND a.chunk > 0 AND NOT EXISTS (SELECT 1 FROM \
         import_chunk b WHERE b.workspace_id = a.workspace_id AND b.import_id = a.import_id AND b.pass = 2 \
         AND b.chunk = a.chunk - 1 AND b.last_row < a.first_row)",
    );
    if broken != 0 {
        found.push(format!("I2: {broken} chunks without the one before"));
    }
    if place.is_sqlite() && place.sql("PRAGMA integrity_check") != "ok" {
        found.push("I8: the database is damaged".to_owned());
    }
}

mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_judge_finds_what_was_lost_changed_or_seen_by_strangers() {
        let import = |status: &str, created: u64| {
            let counts = json!({"total": 9, "created": created, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 0,
                                "not_processed": 9 - created});
            json!({"import": "imp_1", "kind": "import", "status": status, "created_at": "", "counts": counts})
        };
        let call = |path: &str, body: &Value| json!({"client": "1", "workspace": 0, "method": "POST", "path": path, "status": 202, "sha256": "a", "body": body});
        let last = |digest: &str, status: &str| Last {
            import: "imp_1".to_owned(),
            workspace: 0,
            digest: Some(digest.to_owned()),
            shown: import(status, 9),
        };
        let durable = |calls: &[Value], last: Last| {
            let mut found = Vec::new();
            durable(calls, &[last], &mut found);
            found
        };
        let upload = call("/api/v1/imports?as=advocates", &import("pending", 0));
        assert_eq!(durable(std::slice::from_ref(&upload), last("a", "completed")), Vec::<String>::new());
        assert_eq!(durable(&[upload], last("b", "completed")).len(), 1, "another original");
        let confirmed = call("/api/v1/imports/imp_1/confirm", &import("pending", 0));
        assert_eq!(durable(&[confirmed], last("a", "ready")).len(), 1, "a confirmation is lost");
        let mut foreign = call("/api/v1/imports/imp_1/pause", &import("paused", 0));
        foreign["workspace"] = 1.into();
        assert_eq!(durable(&[foreign], last("a", "paused")).len(), 1, "a stranger may pause");
        let mut found = Vec::new();
        let fallen = [call("", &import("running", 5)), call("", &import("running", 4))];
        answers(&fallen, &mut found);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
