//! Judges a history of calls and faults against what is in the database afterwards. It reads the file and the tables, and
//! shares no code with the product. A violation is a sentence that begins with the invariant it is of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::judge::{Table, code, judge_seen, judge_witness};
use crate::place::Place;

/// An import, the digest of its original, and the import as it is shown; at the end.
type Last = (String, Option<String>, Value);

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

/// Every import that an answer named.
pub(crate) fn known_imports(history: &str) -> BTreeSet<String> {
    let calls = calls(history);
    calls.iter().filter_map(|call| shown(call)?["import"].as_str().map(str::to_owned)).collect()
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
    rests(&calls, place, &mut found);
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
    let last: BTreeMap<&str, (&Option<String>, &Value)> =
        originals.iter().map(|(import, digest, shown)| (import.as_str(), (digest, shown))).collect();
    for call in calls.iter().filter(|call| is_done(call)) {
        if let (Some(sent), Some(import)) = (call["sha256"].as_str(), shown(call)) {
            let id = import["import"].as_str().unwrap_or_default();
            match last.get(id) {
                Some((Some(digest), _)) if digest == sent => {}
                other => found.push(format!("I8, I10: {id} was sent with {sent}, at the end it is {other:?}")),
            }
        }
        let Some((id, what)) = addressed(call) else { continue };
        let now = last.get(id).map(|(_, shown)| shown["status"].as_str().unwrap_or_default()).unwrap_or_default();
        if what == "confirm" && matches!(now, "" | "draft" | "checking" | "ready") {
            found.push(format!("I8: {id} was confirmed and is {now}: {call}"));
        }
        if let (Some(fetched), Some((Some(digest), _))) = (call["fetched"].as_str(), last.get(id))
            && what == "files/original"
            && fetched != digest
        {
            found.push(format!("I10: {id} was fetched as {fetched} and is {digest}"));
        }
    }
}

/// I6, I12: every step that the database noted; and out of a pause only by a resumption.
fn rests(calls: &[Value], place: &Place, found: &mut Vec<String>) {
    let noted = place.witnessed();
    found.extend(judge_witness(&Table::read(), &noted).err().map(|why| format!("I6, I12: {why}")));
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
    let strangers = number("SELECT count(*) FROM person WHERE workspace_id NOT IN (SELECT workspace_id FROM import)");
    if strangers != 0 {
        found.push(format!("I5: {strangers} people of a workspace that imported nobody"));
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
