//! Sign-in by a real provider of OpenID Connect (npm oidc-provider, started here): who is vouched for signs in, and nobody
//! becomes a member by it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::place::Place;
use crate::serving::SERVE;
use crate::serving::Server;

const SECRET: &str = "a secret of the test";
const PASSWORD: &str = "correct horse battery";

/// The provider. It ends with its standard input.
struct Provider {
    child: Child,
    issuer: String,
}

impl Provider {
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/servers");
        assert!(folder.join("node_modules").exists(), "scripts/deps installs the servers that tests start");
        let mut node = Command::new("node");
        node.arg("oidc-provider.mjs")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = node.spawn().expect("node starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let mut issuers =
            lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("issuer ").map(str::to_owned));
        let issuer = issuers.next().expect("it says its address");
        // It ends when nobody reads what it says.
        std::thread::spawn(move || issuers.for_each(drop));
        Self { child, issuer }
    }

    /// Who is signed in there.
    fn is_used_by(&self, account: &str) {
        let said = Command::new("curl").args(["--silent", "--fail", &format!("{}/as/{account}", self.issuer)]).output();
        assert!(said.expect("curl starts").status.success());
    }

    /// What names it to a server.
    fn variables(&self) -> [(&str, &str); 3] {
        let issuer = ("CONVOKE_OIDC_ISSUER", self.issuer.as_str());
        [issuer, ("CONVOKE_OIDC_CLIENT_ID", "convoke"), ("CONVOKE_OIDC_CLIENT_SECRET", SECRET)]
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Where a browser ends up that starts at `path`, with the answer there. Its cookies are in `jar`.
fn browse(place: &Place, jar: &str, url: &str) -> (String, u16, String) {
    let jar = place.path(jar).display().to_string();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--location", "--max-time", "60", "--cookie", &jar, "--cookie-jar", &jar]);
    let output = curl.args(["--write-out", "\n%{url_effective} %{http_code}", url]).output().expect("curl starts");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let (body, end) = said.rsplit_once('\n').expect("the end");
    let (url, status) = end.split_once(' ').expect("address and status");
    (url.to_owned(), status.parse().expect("a number"), body.to_owned())
}

/// A place with these members.
fn place_of(emails: &[&str]) -> Place {
    let place = Place::new();
    for email in emails {
        let added = place.typing(&["member", "add", email, "--role", "owner", "--password-stdin"], PASSWORD);
        assert_eq!(added.code, 0, "{added:?}");
    }
    place
}

#[test]
fn who_is_vouched_for_signs_in_and_nobody_becomes_a_member_by_it() {
    if convoke_testbed::is_quick() {
        return;
    }
    let place = place_of(&["anna@example.com", "ben@example.com"]);
    let provider = Provider::start();
    let server = Server::start_as(&place, &SERVE, &provider.variables());
    let begin = format!("{}/sign-in/oidc", server.address);
    let page = server.curl("", "/sign-in", &["--header", "Accept: text/html"]);
    assert!(page.status == 503 || page.body.contains("content=\"oidc\""), "pages offer what is set up: {page:?}");
    let who = |jar: &str| browse(&place, jar, &format!("{}/api/v1/session", server.address));
    // The second time the subject is known.
    for jar in ["first", "second"] {
        provider.is_used_by("anna@example.com");
        let (end, _, body) = browse(&place, jar, &begin);
        assert_eq!(end, format!("{}/", server.address), "{body}");
        let (_, status, session) = who(jar);
        assert!(status == 200 && session.contains("\"email\":\"anna@example.com\""), "{session}");
        assert!(!place.read(jar).contains("convoke-journey"), "what bound the two is forgotten");
    }
    // The provider has not verified that this is Ben's address; and a stranger stays one.
    for account in ["unverified+ben@example.com", "stranger@example.com"] {
        provider.is_used_by(account);
        let (end, status, body) = browse(&place, account, &begin);
        assert!(status == 401 && body.contains("sign_in_failed"), "{account}: {end} {body}");
        assert_eq!(who(account).1, 401, "{account}");
    }
    assert_eq!(server.end().0, 0);
    assert_eq!(place.done(&["member", "list", "--json"]).lines().len(), 2);
}

#[test]
fn only_the_browser_that_began_a_sign_in_ends_it_and_only_once() {
    if convoke_testbed::is_quick() {
        return;
    }
    let place = place_of(&["anna@example.com"]);
    let provider = Provider::start();
    let server = Server::start_as(&place, &SERVE, &provider.variables());
    let begun = server.curl("", "/sign-in/oidc", &["--include"]);
    assert_eq!(begun.status, 303, "{begun:?}");
    let line = |name: &str| begun.body.lines().find(|line| line.to_lowercase().starts_with(name)).expect(name);
    let to = line("location: ");
    for part in ["response_type=code", "code_challenge_method=S256", "nonce=", "scope=openid+email"] {
        assert!(to.contains(part), "{part}: {to}");
    }
    let state = to.split_once("state=").expect("a state").1.split('&').next().expect("its end");
    let cookie = line("set-cookie: ");
    assert!(cookie.contains("HttpOnly; SameSite=Lax") && cookie.contains("Max-Age=600"), "{cookie}");
    let pair = format!("Cookie: {}", cookie.split_once(' ').expect("a value").1.split(';').next().expect("a pair"));

    let back = |query: &str, cookie: &str| {
        let answer = server.curl("", &format!("/sign-in/oidc/callback?{query}"), &["--header", cookie]);
        (answer.status, answer.text("code"))
    };
    let (good, foreign) = (format!("code=guessed&state={state}"), format!("code=guessed&state={}", "0".repeat(64)));
    assert_eq!(back(&good, "x: y"), (400, "usage".to_owned()), "another browser");
    assert_eq!(back(&foreign, &pair), (400, "usage".to_owned()), "another sign-in");
    assert_eq!(back("", &pair), (400, "usage".to_owned()));
    // A person is told on the page where one signs in.
    for (query, code) in [(foreign.clone(), "usage"), (format!("error=access_denied&state={state}"), "sign_in_failed")]
    {
        let headers = ["--include", "--header", &pair, "--header", "Accept: text/html"];
        let answer = server.curl("", &format!("/sign-in/oidc/callback?{query}"), &headers);
        let location = format!("location: /sign-in?refused={code}");
        assert!(answer.status == 303 && answer.body.to_lowercase().contains(&location), "{answer:?}");
    }
    let refused = format!("error=access_denied&state={state}");
    assert_eq!(back(&refused, &pair), (401, "sign_in_failed".to_owned()));
    assert_eq!(back(&good, &pair), (502, "provider_failed".to_owned()), "a code that the provider never gave");
    assert!(server.last_words().contains("exchanging its code"));
}

#[test]
fn a_provider_that_is_away_is_told_and_passwords_still_open() {
    if convoke_testbed::is_quick() {
        return;
    }
    let place = place_of(&["anna@example.com"]);
    let provider = Provider::start();
    let server = Server::start_as(&place, &SERVE, &provider.variables());
    drop(provider);
    let away = server.get("", "/sign-in/oidc");
    assert_eq!((away.status, away.text("code").as_str()), (502, "provider_failed"), "{away:?}");
    let body = format!("{{\"email\": \"anna@example.com\", \"password\": \"{PASSWORD}\"}}");
    let arguments = ["--header", "Content-Type: application/json", "--data", &body];
    assert_eq!(server.curl("", "/api/v1/session", &arguments).status, 201);
    drop(server);
    let mut half = place.command(&["serve"]);
    let half = half.env("CONVOKE_OIDC_ISSUER", "https://sign-in.example.com").output().expect("it starts");
    let said = String::from_utf8_lossy(&half.stderr).into_owned();
    assert!(half.status.code() == Some(2) && said.contains("oidc.client_id"), "{said}");
    let server = Server::start(&place);
    assert_eq!(server.get("", "/sign-in/oidc").status, 404, "none is set up");
}
