//! What answers say besides their bodies, and what is written down of them: headers that keep a browser safe, names of
//! files, refusals in the log, exports that run nothing.

use serde_json::{Value, json};

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{SERVE, Server, full_token, token};

/// Header lines in small letters.
fn head(server: &Server, token: &str, path: &str, arguments: &[&str]) -> String {
    let answer = server.curl(token, path, &[&["--include"], arguments].concat());
    answer.body.split_once("\r\n\r\n").expect("headers").0.to_ascii_lowercase()
}

#[test]
fn every_answer_tells_browsers_to_run_frame_guess_share_and_keep_nothing_of_it() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let token = full_token(&place);
    let server = Server::start(&place);
    let import = server.upload(&token, "/api/v1/imports?as=advocates&wait=30", &place, "list.csv").text("import");
    let (original, events) =
        (format!("/api/v1/imports/{import}/files/original"), format!("/api/v1/imports/{import}/events"));
    let paths = [
        "/api/v1/imports",
        "/api/v1/imports/imp_0000000000077",
        "/api/v1/people/export?as=advocates",
        "/nowhere",
        "/health",
        "/docs/api",
        "/docs/api.css",
        "/api/v1/openapi.json",
        &original,
        &events,
    ];
    let evil = ["--header", "Origin: https://evil.example.org"];
    for (path, arguments) in paths.iter().map(|path| (*path, &evil[..])).chain([
        ("/api/v1/imports", &["--request", "PUT"][..]),
        ("/api/v1/session", &["--json", "{"]),
        ("/api/v1/groups", &["--request", "OPTIONS", "--header", "Origin: https://evil.example.org"]),
        ("/api/v1/groups", &["--json", "{}", "--header", "Origin: https://evil.example.org"]),
    ]) {
        let head = head(&server, &token, path, arguments);
        for line in [
            "content-security-policy: default-src 'none'; ",
            "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-",
        ] {
            assert!(head.contains(line), "{path} {arguments:?} lacks {line}: {head}");
        }
        for line in ["access-control-", "strict-transport-security", "server:", "unsafe-inline", "set-cookie"] {
            assert!(!head.contains(line), "{path} {arguments:?}: {head}");
        }
    }
    drop(server);
    let server = Server::start_with(&place, &["--public-url", "https://people.example.com"]);
    for path in ["/api/v1/imports", "/nowhere", "/docs/api"] {
        let head = head(&server, &token, path, &[]);
        assert!(head.contains("strict-transport-security: max-age=31536000; includesubdomains"), "{path}: {head}");
    }
}

#[test]
fn a_download_is_a_file_whatever_its_name_says() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let token = full_token(&place);
    let server = Server::start(&place);
    for (name, written) in [
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("a\";filename=run.html", "a%22%3Bfilename%3Drun.html"),
        ("Gästeliste <b>.html", "G%C3%A4steliste%20%3Cb%3E.html"),
    ] {
        let query: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = format!("/api/v1/imports?as=advocates&wait=30&name={query}");
        let import = server.upload(&token, &path, &place, "list.csv").text("import");
        let head = head(&server, &token, &format!("/api/v1/imports/{import}/files/original"), &[]);
        let said = format!("content-disposition: attachment; filename*=utf-8''{}", written.to_ascii_lowercase());
        assert!(head.contains(&said) && head.contains("content-type: application/octet-stream"), "{name}: {head}");
    }
    let path = "/api/v1/imports?as=advocates&wait=30&name=spring%20fair.csv";
    let import = server.upload(&token, path, &place, "list.csv").text("import");
    let head = head(&server, &token, &format!("/api/v1/imports/{import}/files/not_processed"), &[]);
    assert!(head.contains("filename*=utf-8''spring%20fair%20not%20processed.csv"), "{head}");
    let smuggled = "/api/v1/imports?as=advocates&name=a%0D%0ASet-Cookie:%20a=b";
    assert_eq!(server.upload(&token, smuggled, &place, "list.csv").text("code"), "usage");
    // Kept under names of our own: none that was sent is in the folder of the files.
    let kept = std::process::Command::new("find").arg(place.path(".")).output().expect("find starts");
    let kept = String::from_utf8(kept.stdout).expect("UTF-8");
    assert!(!kept.contains("passwd") && !kept.contains("run.html") && !kept.contains("steliste"), "{kept}");
}

#[test]
fn what_is_refused_is_in_the_log_with_who_when_and_where() {
    let place = Place::new();
    let reader = token(&place, &["reads", "--scope", "read"]);
    let id = place.done(&["token", "list", "--json"]).lines()[0]["id"].as_str().expect("an id").to_owned();
    let server = Server::start_as(&place, &SERVE, &[("CONVOKE_LOG_FORMAT", "json")]);
    let refused = server.curl(&reader, "/api/v1/groups", &["--json", &json!({"name": "Launch"}).to_string()]);
    assert_eq!(refused.status, 403, "{refused:?}");
    assert_eq!(server.get("cvk_1_guessed", "/api/v1/groups").status, 401);
    let log = server.last_words();
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of = |status: u16| lines.iter().find(|line| line["status"] == status).unwrap_or_else(|| panic!("{log}"));
    let (known, stranger) = (of(403), of(401));
    assert_eq!((&known["actor"], &known["workspace"]), (&json!(id), &json!(1)), "{known}");
    assert_eq!((&known["method"], &known["route"]), (&json!("POST"), &json!("/api/v1/groups")), "{known}");
    assert!(known["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{known}");
    assert_eq!((&stranger["actor"], &stranger["route"]), (&Value::Null, &json!("/api/v1/groups")), "{stranger}");
}

#[test]
fn the_audit_log_as_a_table_runs_nothing() {
    let place = Place::new();
    let name = "=HYPERLINK(\"https://evil.example.org\")";
    let (email, password) = ("eve@example.com", "correct horse battery");
    let add = ["member", "add", email, "--role", "owner", "--name", name, "--password-stdin"];
    assert_eq!(place.typing(&add, password).code, 0);
    let token = full_token(&place);
    let server = Server::start(&place);
    let signs_in = json!({"email": email, "password": password}).to_string();
    assert_eq!(server.curl("", "/api/v1/session", &["--json", &signs_in]).status, 201);
    let table = server.get(&token, "/api/v1/audit/export").body;
    assert!(table.contains("'=HYPERLINK"), "{table}");
    for cell in table.lines().flat_map(|line| line.split(',')) {
        assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@']), "{cell} in {table}");
    }
}
