//! What an operator sees: the log, the measures, readiness, workers of their own, and files in a bucket.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use convoke_testbed::postgres::{Database, Postgres};
use convoke_testbed::s3::{KEY, S3};
use serde_json::Value;

use crate::place::Place;
use crate::serving::{Server, token};

const LISTEN: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[test]
fn the_log_tells_every_request_and_nothing_of_people_at_any_level() {
    let place = Place::new();
    let token = token(&place, &["create-me"]);
    let variables = [("CONVOKE_LOG_FORMAT", "json"), ("CONVOKE_LOG_LEVEL", "trace")];
    let server = Server::start_as(&place, &LISTEN, &variables);
    let cells =
        ["Zoë Quixote", "zoe.quixote@example.com", "jon@@bad.example", "=cmd|calc", "Geheimrat", "+49 170 5551234"];
    place.file(
        "vip-list.csv",
        format!(
            "Name,Email,Title,Company\n{},{},{},\n{},{},{},{}\n",
            cells[0], cells[1], cells[4], cells[0], cells[2], cells[3], cells[5]
        ),
    );
    let path = "/api/v1/imports?as=advocates&name=vip-list.csv&tag=Tagged-Secretly&wait=30";
    let imported = server.upload(&token, path, &place, "vip-list.csv");
    assert_eq!(imported.status, 202, "{imported:?}");
    let id = imported.text("import");
    for file in ["original", "errors", "results"] {
        server.get(&token, &format!("/api/v1/imports/{id}/files/{file}"));
    }
    place.file("wrong.csv", "Zoë Quixote,Unheard-Of\n1,2\n");
    assert_eq!(
        server.upload(&token, "/api/v1/checks?as=advocates&name=wrong-vips.csv", &place, "wrong.csv").status,
        422
    );
    let unknown = server.get(&token, "/api/v1/imports/typed-by-hand@example.com?q=asked-for");
    assert_eq!(unknown.status, 404);
    let request_id = unknown.text("request_id");
    server.get("cvk_1_wrong-token", "/api/v1/imports");
    server.get(&token, "/nowhere/by-path@example.com");
    let headers = server.curl("", "/health", &["--include"]).body.to_ascii_lowercase();
    assert!(headers.contains("x-request-id: req_"), "{headers}");
    let log = server.log();
    let hidden = [
        "vip-list",
        "wrong-vips",
        "Tagged-Secretly",
        "Unheard",
        "typed-by-hand",
        "asked-for",
        "by-path",
        "wrong-token",
        "%40",
    ];
    for secret in cells.iter().chain(&hidden).copied().chain([token.as_str()]) {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect();
    let line =
        lines.iter().find(|line| line["request_id"] == *request_id).unwrap_or_else(|| panic!("{request_id}: {log}"));
    assert_eq!(
        (&line["route"], &line["status"], &line["method"]),
        (&"/api/v1/imports/{id}".into(), &404.into(), &"GET".into())
    );
    assert_eq!(line["workspace"], 1);
    assert!(lines.iter().any(|line| line["route"] == "none"), "{log}");
    assert!(lines.iter().any(|line| line["import"] == *id && line["state"] == "completed"), "{log}");
}

#[test]
fn the_measures_are_told_at_an_address_of_their_own() {
    let place = Place::new();
    let token = token(&place, &["create-me"]);
    let server = Server::start_as(&place, &LISTEN, &[("CONVOKE_METRICS_LISTEN", "127.0.0.1:0")]);
    place.file("list.csv", "Name,Email\nAnna,anna@example.com\nBen,ben@@example.com\n");
    server.upload(&token, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv");
    server.get(&token, "/api/v1/imports/invented-1");
    server.get(&token, "/invented-2");
    assert_eq!(server.get("", "/metrics").status, 404, "not for whoever reaches the API");
    let measures = server.measures.as_deref().expect("an address");
    let said = std::process::Command::new("curl").args(["--silent", "--show-error", measures]).output().expect("curl");
    let page = String::from_utf8(said.stdout).expect("text");
    for line in [
        "convoke_imports_total{state=\"completed\",record_type=\"advocate\"} 1",
        "convoke_rows_total{outcome=\"created\"} 1",
        "convoke_rows_total{outcome=\"failed\"} 1",
        "convoke_requests_total{method=\"POST\",route=\"/api/v1/imports\",status=\"202\"} 1",
        "convoke_jobs{state=\"waiting\"} 0",
        "convoke_oldest_waiting_seconds 0",
        "convoke_stored_bytes_total",
        "convoke_commit_seconds_bucket",
        "convoke_request_seconds_bucket",
        "convoke_database_connections",
        "convoke_resident_bytes",
    ] {
        assert!(page.contains(line), "{line}:\n{page}");
    }
    assert!(!page.contains("invented"), "{page}");
}

/// Variables that put uploads into a bucket.
pub(crate) fn bucket(server: &S3) -> Vec<(&'static str, String)> {
    vec![
        ("CONVOKE_FILES", "s3://uploads/convoke".to_owned()),
        ("CONVOKE_FILES_ENDPOINT", server.endpoint()),
        ("CONVOKE_FILES_ACCESS_KEY_ID", KEY.0.to_owned()),
        ("CONVOKE_FILES_SECRET_ACCESS_KEY", KEY.1.to_owned()),
    ]
}

#[test]
fn a_server_with_its_files_in_a_bucket_says_when_it_is_not_ready() {
    let place = Place::new();
    let token = token(&place, &["create-me"]);
    let mut storage = S3::start();
    let variables = bucket(&storage);
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let server = Server::start_as(&place, &LISTEN, &variables);
    assert_eq!(server.get("", "/ready").status, 200);
    let list = "Name,Email\nAnna,anna@example.com\n";
    place.file("list.csv", list);
    let imported = server.upload(&token, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv");
    assert_eq!(imported.text("status"), "completed");
    let original = format!("/api/v1/imports/{}/files/original", imported.text("import"));
    assert_eq!(server.get(&token, &original).body, list);
    assert_eq!(storage.objects().len(), 1);
    storage.kill();
    let unready = server.get("", "/ready");
    assert_eq!((unready.status, unready.text("code")), (503, "files_unavailable".to_owned()));
    assert!(unready.text("detail").contains("storage"), "{unready:?}");
    let refused = server.upload(&token, "/api/v1/imports?as=advocates", &place, "list.csv");
    assert_eq!((refused.status, refused.text("code")), (503, "files_unavailable".to_owned()));
    storage.resume();
    assert_eq!(server.get("", "/ready").status, 200);
    assert_eq!(server.upload(&token, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv").status, 202);
    server.end();
}

#[test]
fn a_worker_on_sqlite_is_refused_with_what_to_do() {
    let refused = Place::new().run(&["worker"]);
    assert_eq!(refused.code, 2);
    refused.says("Start convoke serve");
}

/// Asks the database until it says so.
fn until(database: &Database<'_>, sql: &str, said: &str) {
    let began = Instant::now();
    while database.psql(sql) != said {
        assert!(began.elapsed() < Duration::from_secs(120), "{sql} is {}, not {said}", database.psql(sql));
    }
}

#[test]
fn a_worker_that_is_asked_to_end_hands_its_import_back_and_another_completes_it() {
    if convoke_testbed::is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    let place = Place::on(&database.url());
    let token = token(&place, &["create-me"]);
    let list = (0..200_000).fold("Name,Email\n".to_owned(), |mut list, n| {
        let _ = writeln!(list, "Person {n},person.{n}@example.com");
        list
    });
    place.file("list.csv", list);
    let server = Server::start(&place);
    let id = server.upload(&token, "/api/v1/imports?as=advocates", &place, "list.csv").text("import");
    let (code, took) = server.end();
    assert!(code == 0 && took < Duration::from_secs(10), "{code} {took:?}");
    let worker = || Server::start_as(&place, &["worker", "--listen", "127.0.0.1:0", "--workers", "2"], &[]);
    let before = database.psql("SELECT next_chunk FROM job");
    let first = worker();
    assert_eq!(first.get("", "/health").status, 200);
    assert!(first.get("", "/metrics").body.contains("convoke_jobs"));
    until(&database, &format!("SELECT next_chunk > {before} FROM job"), "t");
    let (code, took) = first.end();
    assert!(code == 0 && took < Duration::from_secs(10), "{code} {took:?}");
    assert_eq!(database.psql("SELECT lease_owner IS NULL FROM job"), "t");
    let (second, third) = (worker(), worker());
    until(&database, "SELECT state FROM import", "8");
    assert_eq!(database.psql("SELECT count(*) FROM person"), "200000");
    assert_eq!(database.psql("SELECT created FROM import"), "200000", "{id}");
    drop((second, third));
}
