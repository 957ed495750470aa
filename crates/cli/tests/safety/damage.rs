//! Stored files that were damaged, cut or lost, and one that was stored while its record was not: what was damaged is told
//! by its digest and stops one import in words, others go on, and what belongs to nobody is swept.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::effort::until;
use crate::judge::{Table, judge_witness};
use crate::people::list;
use crate::place::{Place, engines};
use crate::server::Server;

/// How a file may be damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    Cut,
    FlippedBit,
    Lost,
}

/// The files of the first workspace, the newest last.
fn files(place: &Place) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(place.path("files/1")).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    found.sort_by_key(|path| fs::metadata(path).and_then(|facts| facts.modified()).expect("its time"));
    found
}

fn damage(path: &PathBuf, how: Damage) {
    let mut bytes = fs::read(path).expect("the original");
    match how {
        Damage::Cut => bytes.truncate(bytes.len() / 2),
        Damage::FlippedBit => bytes[100] ^= 4,
        Damage::Lost => return fs::remove_file(path).expect("removed"),
    }
    fs::write(path, bytes).expect("written");
}

fn draft(server: &Server, from: u64) -> String {
    let uploaded = server.post("/api/v1/drafts?as=advocates&name=list.csv", &list(from, 300));
    assert_eq!(uploaded.status, 201, "{}", uploaded.text());
    uploaded.json()["import"]["import"].as_str().expect("an id").to_owned()
}

fn checked(server: &Server, import: &str) -> Value {
    assert_eq!(server.post(&format!("/api/v1/imports/{import}/check"), b"").status, 202);
    server.until(import, &["ready"]);
    server.get(&format!("/api/v1/imports/{import}/plan")).json()["plan"].clone()
}

#[test]
fn a_damaged_original_stops_its_import_in_words_and_no_other() {
    for engine in engines() {
        for how in [Damage::Cut, Damage::FlippedBit, Damage::Lost] {
            let place = Place::new(engine);
            place.watch_imports();
            let server = Server::start(&place);
            let doomed = draft(&server, 0);
            let plan = checked(&server, &doomed);
            let file = files(&place).pop().expect("the original");
            let unchecked = draft(&server, 1_000);
            let other_file = files(&place).pop().expect("the original");
            server.kill();
            let whole = fs::read(&file).expect("the original");
            damage(&file, how);
            damage(&other_file, how);

            let server = Server::start(&place);
            let body = json!({"plan": plan}).to_string();
            assert_eq!(server.post(&format!("/api/v1/imports/{doomed}/confirm"), body.as_bytes()).status, 202);
            let paused = server.until(&doomed, &["paused", "completed", "failed"]);
            let said = paused["problem"]["message"].as_str().unwrap_or_default().to_owned();
            let words = if how == Damage::Lost { "cannot open" } else { "is damaged" };
            assert!(paused["status"] == "paused" && said.contains(words), "{engine:?} {how:?}: {paused}");
            // A check of such a file ends as well, and says why.
            assert_eq!(server.post(&format!("/api/v1/imports/{unchecked}/check"), b"").status, 202);
            let failed = server.until(&unchecked, &["failed", "ready", "draft"]);
            assert!(failed["status"] != "ready" && !failed["problem"].is_null(), "{how:?}: {failed}");
            // Nobody is given a damaged file for the original.
            let fetched = server.get(&format!("/api/v1/imports/{doomed}/files/original"));
            let code = if how == Damage::Lost { "files_unavailable" } else { "original_damaged" };
            assert_eq!((fetched.says("code").as_str(), fetched.status >= 500), (code, true), "{}", fetched.text());
            assert!(place.people().is_empty(), "nothing of it took effect");
            let sound = server.import(&list(2_000, 300));
            assert_eq!(server.until(&sound, &["completed", "paused"])["status"], "completed");

            // The file comes back from a backup.
            fs::write(&file, whole).expect("written");
            assert_eq!(server.post(&format!("/api/v1/imports/{doomed}/resume"), b"").status, 202);
            assert_eq!(server.until(&doomed, &["completed", "paused"])["counts"]["created"], 300, "{how:?}");
            assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()), "{engine:?} {how:?}");
        }
    }
}

#[test]
fn a_file_that_was_stored_when_the_server_died_before_its_record_is_listed_nowhere_and_swept() {
    for engine in engines() {
        let place = Place::new(engine);
        let server = Server::start(&place);
        let kept = server.import(&list(0, 300));
        server.until(&kept, &["completed"]);
        server.kill();
        let mut server = Server::try_start(&place, &[], &[("CONVOKE_CRASH_AT", "upload_copied")]).expect("it starts");
        let answer = server.ask("POST", "/api/v1/imports?as=advocates&name=list.csv", &list(1_000, 300));
        assert!(answer.is_none(), "nobody is left to answer: {answer:?}");
        server.ended(Duration::from_secs(10));
        let orphan = files(&place).pop().expect("a file");
        assert_eq!(files(&place).len(), 2, "the file is in place");

        let server = Server::start(&place);
        let history = server.get("/api/v1/imports").json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1), "nothing of it is listed: {history}");
        // A file of today may belong to an upload that is under way.
        assert!(orphan.exists());
        server.kill();
        let aged = Command::new("touch").args(["--date", "2 days ago"]).arg(&orphan).status();
        assert!(aged.is_ok_and(|status| status.success()));
        let server = Server::start(&place);
        until("it is swept", Duration::from_secs(10), || (!orphan.exists()).then_some(()));
        assert_eq!(server.get(&format!("/api/v1/imports/{kept}/files/original")).status, 200);
        assert_eq!(files(&place).len(), 1, "and nothing else");
    }
}
