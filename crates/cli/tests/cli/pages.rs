//! The web app as a browser is given it: one document for its addresses, under a policy of its own; nothing else of the disk.

use std::path::Path;

use crate::place::Place;
use crate::serving::Server;

const AS_A_BROWSER: [&str; 3] = ["--include", "--header", "Accept: text/html,*/*;q=0.8"];

/// Headers in small letters, and the body.
fn asked(server: &Server, path: &str, arguments: &[&str]) -> (i32, String, String) {
    let answer = server.curl("", path, &[&["--include", "--path-as-is"], arguments].concat());
    let (head, body) = answer.body.split_once("\r\n\r\n").expect("headers");
    (answer.status.into(), head.to_ascii_lowercase(), body.to_owned())
}

fn nonce_of(head: &str) -> String {
    let (_, behind) = head.split_once("'nonce-").expect("a nonce");
    behind.split_once('\'').expect("its end").0.to_owned()
}

#[test]
fn addresses_of_the_app_are_its_document_with_a_nonce_of_their_own() {
    let place = Place::new();
    let server = Server::start(&place);
    let is_built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist/index.html").exists();
    for path in ["/", "/sign-in", "/imports/imp_0000000000077/review", "/index.html", "/help/values"] {
        let (status, head, body) = asked(&server, path, &AS_A_BROWSER);
        assert!(head.contains("content-type: text/html"), "{path}: {head}");
        if !is_built {
            assert_eq!(status, 503, "{path}");
            assert!(body.contains("make web"), "{body}");
            continue;
        }
        assert_eq!(status, 200, "{path}");
        let nonce = nonce_of(&head);
        assert!(body.contains(&format!("content=\"{nonce}\"")), "{body}");
        assert!(body.contains("name=\"sign-in\" content=\"password\""), "{body}");
        assert!(!body.contains("%NONCE%") && !body.contains("<script>"), "{body}");
        for part in ["default-src 'none'; ", "script-src 'self'; ", "frame-ancestors 'none'", "connect-src 'self'; "] {
            assert!(head.contains(part), "{part}: {head}");
        }
        assert!(!head.contains("unsafe-inline") && head.contains("cache-control: no-cache"), "{head}");
        let (_, other, _) = asked(&server, path, &AS_A_BROWSER);
        assert_ne!(nonce, nonce_of(&other));
    }
}

#[test]
fn what_is_no_page_of_the_app_is_not_there() {
    let place = Place::new();
    let server = Server::start(&place);
    for path in [
        "/api/v1/nothing",
        "/api/nothing",
        "/assets/nothing.js",
        "/assets/../../package.json",
        "/../Cargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "//etc/passwd",
    ] {
        let (status, _, body) = asked(&server, path, &[]);
        assert_eq!(status, 404, "{path}: {body}");
        assert!(body.contains("\"not_found\""), "{path}: {body}");
    }
    for path in ["/api/v1/nothing", "/assets/nothing.js"] {
        assert_eq!(asked(&server, path, &AS_A_BROWSER).0, 404, "{path}");
    }
    assert_eq!(asked(&server, "/sign-in", &["--request", "POST", "--header", "Accept: text/html"]).0, 404);
}
