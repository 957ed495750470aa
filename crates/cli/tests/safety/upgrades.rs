//! The migration of the schema is killed at its writes, and a backup is taken while an import runs: there is the old schema
//! or the new one, and a restored backup is sound and goes on.

use std::process::Stdio;
use std::time::Duration;

use convoke_testbed::postgres::Postgres;

use crate::effort::{is_long, until};
use crate::judge::adds_up;
use crate::people::list;
use crate::place::{Engine, Place, engines, said};
use crate::server::Server;

/// Kills a migration at the k-th of its calls. Gives whether it was killed.
fn killed(place: &Place, url: &str, (call, k): (&str, u64)) -> bool {
    let inject = format!("inject={call}:signal=SIGKILL:when={k}");
    let trace = format!("trace={call}");
    let wrapper = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject].map(str::to_owned);
    let mut command = place.command(&wrapper, &["migrate"]);
    let status = command.env("CONVOKE_DB", url).stdout(Stdio::null()).stderr(Stdio::null()).status();
    !status.expect("strace starts (scripts/deps installs it)").success()
}

/// Runs a command on a database that may have been left anywhere.
#[track_caller]
fn done(place: &Place, url: &str, arguments: &[&str]) -> String {
    let output = place.command(&[], arguments).env("CONVOKE_DB", url).output().expect("the executable starts");
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

#[test]
fn a_migration_that_is_killed_anywhere_leaves_the_old_schema_or_the_new_one() {
    for engine in engines() {
        let place = Place::new(engine);
        let calls: &[&str] = if engine == Engine::Sqlite { &["pwrite64", "fdatasync"] } else { &["sendto"] };
        let mut kills = 0;
        for call in calls {
            // Every call in `make torture`, else the squares, until one migration came through.
            for k in (1..).map(|step| if is_long() { step } else { step * step }) {
                let database = (engine == Engine::Postgres).then(|| Postgres::shared().database());
                let file = format!("sqlite:{}", place.path(&format!("{call}-{k}.db")).display());
                let url = database.as_ref().map_or(file, convoke_testbed::postgres::Database::url);
                if !killed(&place, &url, (call, k)) {
                    break;
                }
                kills += 1;
                done(&place, &url, &["migrate"]);
                done(&place, &url, &["groups", "add", "Launch"]);
                assert!(done(&place, &url, &["groups", "list"]).contains("Launch"), "{engine:?} {call} {k}");
            }
        }
        assert!(kills > 2, "{engine:?}: {kills}");
    }
}

#[test]
fn a_backup_taken_while_an_import_runs_is_sound_and_goes_on_where_it_is_restored() {
    let place = Place::new(Engine::Sqlite);
    let server = Server::start(&place);
    let rows = 100_000;
    let first = server.import(&list(0, 100));
    server.until(&first, &["completed"]);
    let import = server.import(&list(1_000, rows));
    until("it runs", Duration::from_secs(30), || (server.shown(&import)["status"] == "running").then_some(()));
    place.done(&["backup", "copy"]);
    assert_eq!(server.until(&import, &["completed"])["counts"]["created"], rows, "the backup disturbs nobody");
    server.kill();

    let folder = tempfile::tempdir().expect("a folder");
    let restored = place.copied(folder.path());
    let backup = place.path("copy").display().to_string();
    restored.done(&["restore", &backup]);
    assert_eq!(restored.sql("PRAGMA integrity_check"), "ok");
    let server = Server::start(&restored);
    let done = server.until(&import, &["completed", "paused", "failed"]);
    assert_eq!((&done["status"], &done["counts"]["created"]), (&"completed".into(), &rows.into()), "{done}");
    assert_eq!(adds_up(&done), Ok(()));
    assert_eq!(restored.people().len() as u64, rows + 100);
    assert_eq!(server.get(&format!("/api/v1/imports/{import}/files/original")).body, list(1_000, rows));
}
