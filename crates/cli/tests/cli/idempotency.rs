//! A request that is repeated under its idempotency key acts once, on both databases, also when the server died before it
//! answered.

use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;
use serde_json::Value;

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{Answer, SERVE, Server, full_token, token};

const IMPORTS: &str = "/api/v1/imports?as=advocates";
/// Repeats that are sent at once.
const REPEATS: usize = 50;

fn on_both(test: impl Fn(&Place)) {
    test(&Place::new());
    if !is_quick() {
        let database = Postgres::shared().database();
        test(&Place::on(&database.url()));
    }
}

/// An upload under a key, with the headers of its answer.
fn send(server: &Server, token: &str, place: &Place, path: &str, key: &str) -> (Answer, bool) {
    let body = format!("@{}", place.path("list.csv").display());
    let mut arguments = vec!["--include", "--data-binary", &body];
    let header = format!("Idempotency-Key: {key}");
    if !key.is_empty() {
        arguments.extend(["--header", &header]);
    }
    let answer = server.curl(token, path, &arguments);
    let (headers, body) = answer.body.split_once("\r\n\r\n").expect("headers");
    let (headers, body) = (headers.to_ascii_lowercase(), body.to_owned());
    assert!(answer.status != 202 || headers.contains("location: /api/v1/imports/imp_"), "{headers}");
    (Answer { body, ..answer }, headers.contains("idempotency-replayed: true"))
}

fn imports(server: &Server, token: &str) -> Vec<Value> {
    server.get(token, "/api/v1/imports?limit=500").json()["items"].as_array().expect("a history").clone()
}

#[test]
fn fifty_repeats_at_once_with_a_key_are_one_import_and_without_are_fifty() {
    on_both(|place| {
        place.file("list.csv", THREE_ADVOCATES);
        let token = token(place, &["test"]);
        let server = Server::start(place);
        let all_at_once = |key: &str| -> Vec<(Answer, bool)> {
            std::thread::scope(|scope| {
                let sending: Vec<_> =
                    (0..REPEATS).map(|_| scope.spawn(|| send(&server, &token, place, IMPORTS, key))).collect();
                sending.into_iter().map(|sent| sent.join().expect("sent")).collect()
            })
        };
        let answers = all_at_once("nightly-1");
        let (firsts, others): (Vec<_>, Vec<_>) =
            answers.iter().partition(|(answer, is_replay)| answer.status == 202 && !is_replay);
        assert_eq!(firsts.len(), 1, "{answers:?}");
        for (answer, is_replay) in others {
            if *is_replay {
                assert_eq!((answer.status, &answer.body), (202, &firsts[0].0.body));
            } else {
                assert_eq!((answer.status, answer.text("code").as_str()), (409, "idempotency_in_progress"));
            }
        }
        assert_eq!(imports(&server, &token).len(), 1);
        // Whoever was told to wait gets the answer of the first.
        let (late, is_replay) = send(&server, &token, place, IMPORTS, "nightly-1");
        assert!(is_replay && late.body == firsts[0].0.body, "{late:?}");

        assert!(all_at_once("").iter().all(|(answer, is_replay)| answer.status == 202 && !is_replay));
        assert_eq!(imports(&server, &token).len(), 1 + REPEATS);
    });
}

#[test]
fn two_servers_on_one_database_do_a_request_once() {
    if is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    place.file("list.csv", THREE_ADVOCATES);
    let token = full_token(&place);
    let servers = [Server::start(&place), Server::start(&place)];
    for key in ["a", "b", "c", "d", "e"] {
        let answers: Vec<_> = std::thread::scope(|scope| {
            let sending: Vec<_> = (0..8)
                .map(|n| {
                    scope.spawn({
                        let (server, token, place) = (&servers[n % 2], &token, &place);
                        move || send(server, token, place, IMPORTS, key)
                    })
                })
                .collect();
            sending.into_iter().map(|sent| sent.join().expect("sent")).collect()
        });
        let firsts = answers.iter().filter(|(answer, is_replay)| answer.status == 202 && !is_replay).count();
        assert_eq!(firsts, 1, "{answers:?}");
        assert!(answers.iter().all(|(answer, _)| [202, 409].contains(&answer.status)), "{answers:?}");
    }
    assert_eq!(imports(&servers[0], &token).len(), 5);
    // Files of uploads that came second are gone as well.
    assert_eq!(place.leftovers(), Vec::<String>::new());
}

#[test]
fn what_was_committed_before_a_kill_is_answered_after_it() {
    on_both(|place| {
        place.file("list.csv", THREE_ADVOCATES);
        let token = token(place, &["test"]);
        let server = Server::start_as(place, &SERVE, &[("CONVOKE_CRASH_AT", "before_answer:1")]);
        let body = format!("@{}", place.path("list.csv").display());
        let cut = server.curl(&token, IMPORTS, &["--data-binary", &body, "--header", "Idempotency-Key: cut"]);
        assert_eq!((cut.status, cut.body.as_str()), (0, ""));
        drop(server);
        let server = Server::start(place);
        let (answer, is_replay) = send(&server, &token, place, IMPORTS, "cut");
        assert!(answer.status == 202 && is_replay, "{answer:?}");
        let recorded = imports(&server, &token);
        assert_eq!(recorded.len(), 1);
        assert_eq!(recorded[0]["import"], answer.json()["import"]);
        let waited = format!("{IMPORTS}&wait=30");
        let (other, _) = send(&server, &token, place, &waited, "cut");
        assert_eq!((other.status, other.text("code").as_str()), (422, "idempotency_mismatch"), "another query");
    });
}

#[test]
fn a_key_belongs_to_one_request_of_one_token_on_one_route() {
    on_both(|place| {
        place.file("list.csv", THREE_ADVOCATES);
        let (one, two) = (token(place, &["one"]), token(place, &["two"]));
        let server = Server::start(place);
        let send = |token: &str, path: &str| send(&server, token, place, path, "k");
        let first = send(&one, &format!("{IMPORTS}&wait=30")).0;
        assert_eq!(first.json()["status"], "completed");
        let (again, is_replay) = send(&one, &format!("{IMPORTS}&wait=30"));
        assert!(is_replay && again.json()["status"] == "completed", "{again:?}");
        assert!(!send(&two, &format!("{IMPORTS}&wait=30")).1, "another token");
        let (check, is_replay) = send(&one, "/api/v1/checks?as=advocates");
        assert!(check.status == 200 && !is_replay, "another route: {check:?}");
        let (check_again, is_replay) = send(&one, "/api/v1/checks?as=advocates");
        assert!(is_replay && check_again.body == check.body, "{check_again:?}");
        place.file("list.csv", "Name,Email\nAnna Lee,anna@example.com\n");
        let (other, _) = send(&one, &format!("{IMPORTS}&wait=30"));
        assert_eq!((other.status, other.text("code").as_str()), (422, "idempotency_mismatch"), "another file");
        assert_eq!(imports(&server, &one).len(), 3);
    });
}

#[test]
fn a_refused_file_is_refused_again_and_other_errors_may_be_tried_again() {
    on_both(|place| {
        let token = token(place, &["test"]);
        let server = Server::start(place);
        place.file("list.csv", "Firm,Mail\nx,y\n");
        let send = |path: &str| send(&server, &token, place, path, "k");
        let (refused, _) = send(IMPORTS);
        let (again, is_replay) = send(IMPORTS);
        assert_eq!((refused.status, again.status, is_replay), (422, 422, true));
        assert_eq!(refused.body, again.body);
        assert_eq!(imports(&server, &token).len(), 1);
        // A group that is not there is a mistake of the request, which can be mended: nothing is kept.
        place.file("list.csv", THREE_ADVOCATES);
        assert_eq!(send("/api/v1/checks?as=advocates&group=Launch").0.status, 400);
        assert_eq!(send("/api/v1/checks?as=advocates").0.status, 200);
    });
}

#[test]
fn every_operation_that_acts_takes_a_key_and_says_so() {
    let place = Place::new();
    let token = full_token(&place);
    let server = Server::start(&place);
    let document = server.get(&token, "/api/v1/openapi.json").json();
    let is_open = |operation: &Value| {
        operation["security"].as_array().is_some_and(|all| all[0] == Value::Object(Default::default()))
    };
    let mut acting = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(operation) = item.get("post").filter(|operation| !is_open(operation)) else { continue };
        // A secret is told once: an answer that is kept would keep it.
        if operation["tags"][0] == "access" {
            continue;
        }
        acting += 1;
        let is_documented = operation["parameters"].as_array().is_some_and(|parameters| {
            parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key" && parameter["in"] == "header")
        });
        assert!(is_documented, "POST {path} does not document Idempotency-Key");
        // A handler that looks at the key refuses this one before it looks at anything else.
        let path = path.replace("{id}", "imp_0000000000007");
        for key in ["a b", &"k".repeat(256)] {
            let header = format!("Idempotency-Key: {key}");
            let wrong =
                server.curl(&token, &format!("{path}?as=advocates"), &["--request", "POST", "--header", &header]);
            assert_eq!((wrong.status, wrong.text("code").as_str()), (400, "idempotency_key_invalid"), "POST {path}");
        }
    }
    assert!(acting >= 5, "{acting}");
}
