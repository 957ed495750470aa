//! PostgreSQL restarts and cuts connections while imports run through the server: they complete by themselves.

use std::time::Duration;

use convoke_testbed::postgres::{Options, Postgres};

use crate::effort::{Draw, is_long, rounds, turn, until, wait};
use crate::judge::{Table, adds_up, judge_witness};
use crate::people::mixed;
use crate::place::Place;
use crate::server::{ENDED, Server};

const END_SESSIONS: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                            WHERE datname = current_database() AND pid <> pg_backend_pid()";

const AT_WORK: &str = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'convoke:%'";

#[test]
fn an_import_completes_by_itself_while_postgresql_restarts_and_cuts_it_off() {
    if convoke_testbed::is_quick() {
        return;
    }
    let _turn = turn();
    let (cuts, rows) = (rounds(4, 20), if is_long() { 300_000 } else { 60_000 });
    let cluster = Postgres::start(&Options::durable());
    let place = Place::at(&cluster.url("postgres"));
    place.watch_imports();
    let server = Server::start(&place);
    let mut draw = Draw::new(6);
    let (mut done, mut imports) = (0, Vec::new());
    while done < cuts {
        // A file that is through before the last cut is imported once more.
        let import = server.import(&mixed(0, rows));
        while done < cuts {
            // Somebody is at work, or has taken it up again.
            let has_ended = until("it goes on", Duration::from_secs(30), || {
                let shown = server.ask("GET", &format!("/api/v1/imports/{import}"), b"")?.json();
                let has_ended = ENDED.iter().chain(&["paused"]).any(|state| shown["status"] == *state);
                (has_ended || place.sql(AT_WORK) != "0").then_some(has_ended)
            });
            if has_ended {
                break;
            }
            wait(Duration::from_millis(draw.below(200)));
            match done % 3 {
                0 => drop(place.sql(END_SESSIONS)),
                1 => drop(place.sql(&format!("{END_SESSIONS} AND application_name LIKE 'convoke:%'"))),
                _ => cluster.restart_immediate(),
            }
            done += 1;
        }
        imports.push(import);
        until("the server answers", Duration::from_secs(20), || {
            server.ask("GET", "/ready", b"").filter(|answer| answer.status == 200)
        });
        let now = server.until(imports.last().expect("one"), &["completed", "paused", "failed"]);
        assert_eq!(now["status"], "completed", "by itself, after {done} cuts: {now}\n{:#?}", server.log());
    }
    for import in &imports {
        let shown = server.shown(import);
        assert_eq!(adds_up(&shown), Ok(()));
        assert_eq!((&shown["status"], &shown["counts"]["total"]), (&"completed".into(), &rows.into()), "{shown}");
    }
    let created = server.shown(&imports[0])["counts"]["created"].as_u64();
    assert_eq!(created, Some(place.people().len() as u64), "who was created is there, once");
    assert_eq!(judge_witness(&Table::read(), &place.witnessed()), Ok(()));
    println!("{done} cuts, {} imports of {rows} rows completed", imports.len());
}
