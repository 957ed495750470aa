//! `convoke serve`: imports over HTTP, what a token may do, and what is left after signals and kills.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{Answer, Server, token};

/// What an answer tells, whatever import it is about and whichever request it answers.
fn told(answer: &Answer, import: &str) -> Value {
    let mut told: Value = serde_json::from_str(&answer.body.replace(import, "ID")).expect("JSON");
    told.as_object_mut().expect("an object").remove("request_id").expect("its request is named");
    told
}

/// Advocates enough that an import takes a moment.
fn many(people: u32) -> String {
    (0..people).fold("Name,Email,Title,Company\n".to_owned(), |mut list, n| {
        let _ = writeln!(list, "Person {n},person.{n}@example.com,Head of {n},Example {}", n % 97);
        list
    })
}

fn id(answer: &Value) -> String {
    answer["import"].as_str().expect("an id").to_owned()
}

#[test]
fn an_import_over_http_does_what_the_command_line_does() {
    let (here, there) = (Place::new(), Place::new());
    here.file("list.csv", THREE_ADVOCATES);
    there.file("list.csv", THREE_ADVOCATES);
    for place in [&here, &there] {
        place.done(&["groups", "add", "Launch"]);
    }
    let key = token(&here, &["test"]);
    let server = Server::start(&here);
    let answer = server.upload(
        &key,
        "/api/v1/imports?as=advocates&name=list.csv&group=Launch&tag=New&wait=30",
        &here,
        "list.csv",
    );
    assert_eq!(answer.status, 202, "{answer:?}");
    let import = answer.json();
    assert_eq!((&import["status"], &import["file"]), (&"completed".into(), &"list.csv".into()), "{import}");
    assert_eq!(import["created_by"], "token test");

    let (code, printed) = there.json(&["import", "list.csv", "--as", "advocates", "--group", "Launch", "--tag", "New"]);
    assert_eq!(code, 1);
    let report = server.get(&key, &format!("/api/v1/imports/{}/report", id(&import))).json();
    for same in ["kind", "status", "record_type", "file", "counts", "issues_total", "issues", "problem"] {
        assert_eq!(report[same], printed[same], "{same}");
    }

    let file = |name: &str| server.get(&key, &format!("/api/v1/imports/{}/files/{name}", id(&import)));
    assert_eq!(file("original").body, THREE_ADVOCATES);
    assert!(file("errors").body.contains("jon@@x.org") && !file("errors").body.contains("anna@example.com"));
    assert_eq!(file("results").body.lines().count(), 4);
    assert_eq!(file("secrets").status, 404);

    let events = server.get(&key, &format!("/api/v1/imports/{}/events", id(&import))).body;
    assert!(events.contains("event: import") && events.contains("\"completed\""), "{events}");
    let list = server.get(&key, "/api/v1/imports?limit=1").json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["next"], Value::Null);

    // The same people, once, whoever brought them.
    drop(server);
    let people = |place: &Place| {
        let people = place.people("advocates").into_iter();
        people
            .map(|person| (person["identity"].clone(), person["groups"].clone(), person["tags"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(people(&here), people(&there));
}

#[test]
fn a_check_over_http_changes_nobody() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    let report = server.upload(&key, "/api/v1/checks?as=advocates", &place, "list.csv").json();
    assert_eq!((&report["kind"], &report["counts"]["created"]), (&"dry_run".into(), &2.into()), "{report}");
    drop(server);
    assert!(place.people("advocates").is_empty());
}

#[test]
fn the_history_is_paged_and_found_by_what_it_is() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    for name in ["Spring.csv", "summer.csv", "SPRING again.csv"] {
        let path = format!("/api/v1/imports?as=advocates&wait=30&name={}", name.replace(' ', "%20"));
        assert_eq!(server.upload(&key, &path, &place, "list.csv").status, 202);
    }
    server.upload(&key, "/api/v1/checks?as=prospects&name=other.csv&map=Title=notes", &place, "list.csv");
    let files = |query: &str| {
        let page = server.get(&key, &format!("/api/v1/imports{query}")).json();
        let items = page["items"].as_array().cloned().unwrap_or_default();
        (items.iter().map(|item| item["file"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>(), page)
    };
    assert_eq!(files("?search=spring").0, ["SPRING again.csv", "Spring.csv"]);
    assert_eq!(files("?kind=dry_run&as=prospects").0, ["other.csv"]);
    assert_eq!(files("?status=running,paused").0.len(), 0);
    let (first, page) = files("?limit=2");
    assert_eq!(first, ["other.csv", "SPRING again.csv"]);
    let (second, page) = files(&format!("?limit=2&before={}", page["next"].as_str().expect("a next page")));
    assert_eq!((second.len(), &page["next"]), (2, &Value::Null));
    for wrong in ["?status=gone", "?kind=people", "?as=people", "?limit=many", "?colour=red", "?before=x"] {
        let answer = server.get(&key, &format!("/api/v1/imports{wrong}"));
        assert!([400, 404].contains(&answer.status), "{wrong}: {answer:?}");
    }
}

#[test]
fn what_is_wrong_is_said_with_a_code_and_what_to_do() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    place.file("other.csv", "Firm,Mail\nx,y\n");
    let key = token(&place, &["test"]);
    let server = Server::start(&place);

    let refused = server.upload(&key, "/api/v1/imports?as=advocates", &place, "other.csv");
    assert_eq!((refused.status, refused.text("code").as_str()), (422, "invalid_header"), "{refused:?}");
    // It is in the history, under the id the answer names.
    let recorded = server.get(&key, &format!("/api/v1/imports/{}", id(&refused.json()))).json();
    assert_eq!(recorded["status"], "refused");
    assert_eq!(server.get(&key, &format!("/api/v1/imports/{}/files/original", id(&refused.json()))).status, 404);

    for (query, code) in
        [("", "usage"), ("?as=people", "usage"), ("?as=advocates&grup=A", "usage"), ("?as=advocates&group=A", "usage")]
    {
        let wrong = server.upload(&key, &format!("/api/v1/imports{query}"), &place, "list.csv");
        assert_eq!((wrong.status, wrong.text("code").as_str()), (400, code), "{query}: {wrong:?}");
        assert!(!wrong.text("detail").is_empty());
    }
    let stopped = server.upload(&key, "/api/v1/imports?as=advocates&max_failed=0&wait=30", &place, "list.csv").json();
    assert_eq!(
        (&stopped["status"], &stopped["problem"]["code"]),
        (&"refused".into(), &"stop_rule".into()),
        "{stopped}"
    );
    let done = server.upload(&key, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv").json();
    let late = server.post(&key, &format!("/api/v1/imports/{}/pause", id(&done)));
    assert_eq!((late.status, late.text("code").as_str()), (409, "conflict"), "{late:?}");
    for path in ["/api/v1/imports/imp_0000000000007", "/api/v1/imports/nonsense", "/nowhere"] {
        assert_eq!(server.get(&key, path).status, 404, "{path}");
    }
    assert_eq!(server.curl(&key, "/api/v1/imports", &["--request", "DELETE"]).status, 405);
    let unread = server.get(&key, "/api/v1/imports?limit=many");
    assert_eq!((unread.status, unread.text("code").as_str()), (400, "usage"), "{unread:?}");
    assert_eq!(server.get(&key, "/api/v1/imports/%FF").text("code"), "not_found");
    assert_eq!(server.get("", "/health").status, 200);
    assert_eq!(server.get("", "/ready").status, 200);
}

#[test]
fn a_token_opens_its_own_workspace_and_what_its_scopes_say() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let key = token(&place, &["all", "--workspace", "Mine"]);
    let reader = token(&place, &["reads", "--scope", "read", "--workspace", "Mine"]);
    let stranger = token(&place, &["all", "--workspace", "Theirs"]);
    let revoked = token(&place, &["old", "--workspace", "Mine"]);
    let tokens = place.done(&["token", "list", "--workspace", "Mine", "--json"]).lines();
    assert!(tokens.iter().all(|listed| !listed.to_string().contains("cvk_")), "{tokens:?}");
    let old = tokens.iter().find(|listed| listed["name"] == "old").expect("listed");
    place.done(&["token", "revoke", old["id"].as_str().expect("an id"), "--workspace", "Mine"]);

    let server = Server::start(&place);
    let import = id(&server.upload(&key, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv").json());
    let (own, unknown) = (format!("/api/v1/imports/{import}"), "/api/v1/imports/imp_0000000000007");
    assert_eq!(server.get(&reader, &own).status, 200);
    let forbidden = server.post(&reader, &format!("{own}/pause"));
    assert_eq!((forbidden.status, forbidden.text("code").as_str()), (403, "scope_missing"));
    assert_eq!(server.upload(&reader, "/api/v1/imports?as=advocates", &place, "list.csv").status, 403);

    // A foreign id answers like an unknown one.
    for rest in ["", "/report", "/events", "/files/original", "/files/results"] {
        let foreign = server.get(&stranger, &format!("{own}{rest}"));
        let none = server.get(&stranger, &format!("{unknown}{rest}"));
        assert_eq!((foreign.status, none.status), (404, 404), "{rest}");
        assert_eq!(told(&foreign, &import), told(&none, "imp_0000000000007"), "{rest}");
    }
    for verb in ["pause", "resume", "cancel"] {
        assert_eq!(server.post(&stranger, &format!("{own}/{verb}")).status, 404, "{verb}");
    }
    let wrong = format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
    for bad in ["", "nonsense", "cvk_1_", "cvk_9_00", &revoked, &wrong] {
        let answer = server.get(bad, &own);
        assert_eq!((answer.status, answer.text("code").as_str()), (401, "token_invalid"), "{bad:?}");
    }
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let place = Place::new();
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    let mut stream = TcpStream::connect(server.address.trim_start_matches("http://")).expect("connected");
    write!(
        stream,
        "POST /api/v1/imports?as=advocates HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 900000\r\n\r\n{}",
        many(5_000)
    )
    .expect("sent");
    drop(stream);
    // The next request is served by the same files and database: by then the first one is over, or never was.
    place.file("list.csv", THREE_ADVOCATES);
    assert_eq!(server.upload(&key, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv").status, 202);
    let list = server.get(&key, "/api/v1/imports").json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
    let (code, _) = server.end();
    assert_eq!(code, 0);
    assert_eq!(place.leftovers(), Vec::<String>::new());
}

#[test]
fn a_paused_import_waits_over_a_restart_and_a_cancelled_one_ends() {
    let place = Place::new();
    place.file("many.csv", many(150_000));
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    let import = id(&server.upload(&key, "/api/v1/imports?as=advocates", &place, "many.csv").json());
    let paused = server.post(&key, &format!("/api/v1/imports/{import}/pause"));
    assert!([202, 409].contains(&paused.status), "{paused:?}");
    let state = server.until(&key, &import, &["paused", "completed"]);
    assert_eq!(state["status"], "paused", "150,000 rows take longer than a request: {state}");

    assert_eq!(server.end().0, 0);
    let server = Server::start(&place);
    assert_eq!(server.get(&key, &format!("/api/v1/imports/{import}")).json()["status"], "paused");
    assert_eq!(server.post(&key, &format!("/api/v1/imports/{import}/resume")).status, 202);
    let done = server.until(&key, &import, &["completed"]);
    assert_eq!(done["counts"]["created"], 150_000, "{done}");

    let second = id(&server.upload(&key, "/api/v1/imports?as=advocates&on_new=skip", &place, "many.csv").json());
    assert_eq!(server.post(&key, &format!("/api/v1/imports/{second}/pause")).status, 202);
    server.until(&key, &second, &["paused"]);
    assert_eq!(server.post(&key, &format!("/api/v1/imports/{second}/cancel")).status, 202);
    let cancelled = server.until(&key, &second, &["cancelled"]);
    assert!(cancelled["counts"]["not_processed"].as_u64() > Some(0), "{cancelled}");
    let late = server.post(&key, &format!("/api/v1/imports/{second}/resume"));
    assert_eq!(late.status, 409, "{late:?}");
}

#[test]
fn an_import_goes_on_by_itself_after_a_signal_and_after_a_kill() {
    let place = Place::new();
    place.file("many.csv", many(120_000));
    let key = token(&place, &["test"]);
    let server = Server::start(&place);
    let import = id(&server.upload(&key, "/api/v1/imports?as=advocates", &place, "many.csv").json());
    let (code, took) = server.end();
    assert_eq!(code, 0);
    assert!(took < Duration::from_secs(10), "{took:?}");
    let server = Server::start(&place);
    server.until(&key, &import, &["running", "completed"]);
    server.kill();
    let server = Server::start(&place);
    let done = server.until(&key, &import, &["completed"]);
    assert_eq!((&done["counts"]["created"], &done["counts"]["failed"]), (&120_000.into(), &0.into()), "{done}");
    drop(server);
    assert_eq!(place.people("advocates").len(), 120_000);
}
