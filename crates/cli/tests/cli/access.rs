//! Members over HTTP: the first owner, sign-in, cookies, other sites, roles, workspaces, and who leaves.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::{Answer, Server, token};

const PASSWORD: &str = "correct horse battery";

/// Somebody with a browser: curl and the cookie it was given.
pub(crate) struct Browser<'s> {
    server: &'s Server,
    pub(crate) cookie: String,
}

impl<'s> Browser<'s> {
    /// Signs in as a member.
    #[track_caller]
    pub(crate) fn of(server: &'s Server, email: &str) -> Self {
        let (answer, cookie) = sign_in(server, email, PASSWORD);
        assert_eq!(answer.status, 201, "{answer:?}");
        let cookie = cookie.expect("a cookie").split(';').next().expect("a pair").to_owned();
        Self { server, cookie }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let (cookie, body) = (format!("Cookie: {}", self.cookie), body.map(|body| body.to_string()));
        let mut arguments = vec!["--request", method, "--header", &cookie];
        if let Some(body) = &body {
            arguments.extend(["--header", "Content-Type: application/json", "--data", body]);
        }
        self.server.curl("", path, &arguments)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Some(body))
    }

    fn upload(&self, path: &str, place: &Place, file: &str) -> Answer {
        let (cookie, body) = (format!("Cookie: {}", self.cookie), format!("@{}", place.path(file).display()));
        self.server.curl("", path, &["--header", &cookie, "--header", "Content-Type: text/csv", "--data-binary", &body])
    }

    /// The id of the member.
    pub(crate) fn id(&self) -> String {
        self.get("/api/v1/session").text("member")
    }
}

fn post(server: &Server, path: &str, body: &Value, headers: &[&str]) -> Answer {
    let body = body.to_string();
    let mut arguments = vec!["--header", "Content-Type: application/json", "--data", &body];
    headers.iter().for_each(|header| arguments.extend(["--header", header]));
    server.curl("", path, &arguments)
}

/// The answer, and the cookie it sets.
fn sign_in(server: &Server, email: &str, password: &str) -> (Answer, Option<String>) {
    let body = json!({"email": email, "password": password}).to_string();
    let told = server.curl(
        "",
        "/api/v1/session",
        &["--header", "Content-Type: application/json", "--data", &body, "--include"],
    );
    let (head, body) = told.body.split_once("\r\n\r\n").expect("headers");
    let cookie = header(head, "set-cookie");
    (Answer { status: told.status, body: body.to_owned() }, cookie)
}

pub(crate) fn header(head: &str, name: &str) -> Option<String> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
}

/// Makes the first owner with the link that the server prints.
pub(crate) fn first_owner(server: &Server) -> String {
    let link = server.says("/first-owner#");
    let secret = link.split_once('#').expect("a secret").1.to_owned();
    let wanted = json!({"secret": secret, "email": "anna@example.com", "name": "Anna Lee", "password": PASSWORD});
    let made = post(server, "/api/v1/first-owner", &wanted, &[]);
    assert_eq!(made.status, 204, "{made:?}");
    secret
}

/// Invites somebody and accepts for them.
#[track_caller]
pub(crate) fn join(owner: &Browser<'_>, email: &str, role: &str) {
    let invited = owner.post("/api/v1/member-invitations", json!({"email": email, "role": role}));
    assert_eq!(invited.status, 201, "{invited:?}");
    let link = invited.text("link");
    assert!(link.starts_with(&owner.server.address), "{link}");
    let secret = link.split_once('#').expect("a secret").1;
    let name = email.split('@').next().expect("a name");
    let wanted = json!({"secret": secret, "name": name, "password": PASSWORD});
    let path = "/api/v1/member-invitations/accept";
    assert_eq!(post(owner.server, path, &wanted, &[]).status, 204);
    assert_eq!(post(owner.server, path, &wanted, &[]).status, 404, "it is good once");
}

#[test]
fn the_first_owner_is_made_by_the_printed_link_and_signs_in_and_out() {
    let place = Place::new();
    let server = Server::start(&place);
    let old = server.says("/first-owner#");
    assert!(old.starts_with(&server.address), "{old}");
    assert_eq!(server.end().0, 0);
    let server = Server::start(&place);
    let stale = old.split_once('#').expect("a secret").1;
    let wanted = json!({"secret": stale, "email": "eve@example.com", "name": "Eve", "password": PASSWORD});
    assert_eq!(post(&server, "/api/v1/first-owner", &wanted, &[]).status, 404, "each start prints a new one");
    let secret = first_owner(&server);
    let wanted = json!({"secret": secret, "email": "eve@example.com", "name": "Eve", "password": PASSWORD});
    assert_eq!(post(&server, "/api/v1/first-owner", &wanted, &[]).status, 404, "and each is good once");

    let before = Browser::of(&server, "anna@example.com");
    let again = json!({"email": "anna@example.com", "password": PASSWORD});
    assert_eq!(before.post("/api/v1/session", again).status, 201);
    assert_eq!(before.get("/api/v1/session").status, 401, "who signs in anew leaves the session before");

    let owner = Browser::of(&server, "ANNA@example.com");
    let session = owner.get("/api/v1/session").json();
    assert_eq!((&session["name"], &session["workspace"]["role"]), (&"Anna Lee".into(), &"owner".into()), "{session}");
    assert_eq!(owner.get("/api/v1/imports").status, 200, "what a token may a session may");
    assert_eq!(owner.ask("DELETE", "/api/v1/session", None).status, 204);
    let out = owner.get("/api/v1/session");
    assert_eq!((out.status, out.text("code").as_str()), (401, "session_invalid"), "the old cookie opens nothing");
    assert_eq!(owner.get("/api/v1/imports").status, 401);

    let said = server.last_words();
    assert!(!said.contains(PASSWORD) && !said.contains("convoke="), "{said}");
    let server = Server::start(&place);
    let (answer, _) = sign_in(&server, "anna@example.com", PASSWORD);
    assert_eq!(answer.status, 201);
    assert!(!server.last_words().contains("first-owner"), "there is an owner");
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_one_answer_after_the_same_work() {
    let place = Place::new();
    let server = Server::start(&place);
    first_owner(&server);
    let mut fastest = [Duration::MAX; 2];
    let mut answers = Vec::new();
    for round in 0..5 {
        for (who, email) in ["anna@example.com".to_owned(), format!("nobody{round}@example.com")].iter().enumerate() {
            let began = Instant::now();
            let (answer, cookie) = sign_in(&server, email, "not the password");
            fastest[who] = fastest[who].min(began.elapsed());
            assert!(cookie.is_none());
            let mut told = answer.json();
            // Every request has one of its own.
            told.as_object_mut().expect("an object").remove("request_id");
            answers.push((answer.status, told.to_string()));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].0 == 401 && answers[0].1.contains("sign_in_failed"), "{answers:?}");
    // Without a hash to judge, an unknown address would be answered several times faster.
    let ratio = fastest[0].as_secs_f64() / fastest[1].as_secs_f64();
    assert!((1.0 / 3.0..3.0).contains(&ratio), "{fastest:?}");

    let late = post(&server, "/api/v1/session", &json!({"email": "anna@example.com", "password": PASSWORD}), &[]);
    assert_eq!((late.status, late.text("code").as_str()), (429, "too_many_tries"), "{late:?}");
    let body = json!({"email": "anna@example.com", "password": "a guess"}).to_string();
    let told = server.curl(
        "",
        "/api/v1/session",
        &["--header", "Content-Type: application/json", "--data", &body, "--include"],
    );
    let seconds: u64 = header(&told.body, "retry-after").expect("it says when").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
}

#[test]
fn cookies_are_for_this_site_alone_and_over_https_for_https_alone() {
    let place = Place::new();
    let server = Server::start(&place);
    first_owner(&server);
    let (_, cookie) = sign_in(&server, "anna@example.com", PASSWORD);
    let cookie = cookie.expect("a cookie");
    assert!(cookie.starts_with("convoke=") && cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    drop(server);
    let server = Server::start_with(&place, &["--public-url", "https://people.example.com"]);
    let (_, cookie) = sign_in(&server, "anna@example.com", PASSWORD);
    let cookie = cookie.expect("a cookie");
    assert!(cookie.starts_with("__Host-convoke=") && cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let plain = format!("Cookie: {}", cookie.replace("__Host-", ""));
    assert_eq!(
        server.curl("", "/api/v1/session", &["--header", &plain]).status,
        401,
        "only by the name nobody else sets"
    );
    drop(server);
    for wrong in ["people.example.com", "https://people.example.com/", "ftp://x"] {
        assert_eq!(place.run(&["serve", "--public-url", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn what_another_site_sends_is_refused() {
    let place = Place::new();
    let key = token(&place, &["test"]);
    let server = Server::start_with(&place, &["--public-url", "https://people.example.com"]);
    first_owner(&server);
    let attempt = json!({"email": "anna@example.com", "password": PASSWORD});
    let with = |headers: &[&str]| post(&server, "/api/v1/session", &attempt, headers);
    for foreign in [
        &["Sec-Fetch-Site: cross-site"][..],
        &["Sec-Fetch-Site: same-site"],
        &["Origin: https://evil.example.org"],
        &["Origin: null"],
        &["Origin: https://people.example.com.evil.example.org"],
    ] {
        let refused = with(foreign);
        assert_eq!((refused.status, refused.text("code").as_str()), (403, "cross_site"), "{foreign:?}");
    }
    for own in [&[][..], &["Sec-Fetch-Site: same-origin"], &["Origin: https://people.example.com"]] {
        assert_eq!(with(own).status, 201, "{own:?}");
    }
    // A form cannot send JSON, and nothing else is taken.
    let form = server.curl("", "/api/v1/session", &["--data", &attempt.to_string()]);
    assert_eq!((form.status, form.text("code").as_str()), (415, "media_type_unsupported"), "{form:?}");
    assert_eq!(
        server.curl(&key, "/api/v1/imports", &["--header", "Sec-Fetch-Site: cross-site"]).status,
        200,
        "it reads"
    );
}

#[test]
fn bodies_are_read_strictly_and_not_without_end() {
    let place = Place::new();
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    for (body, said) in [
        (json!({"name": "Second", "id": 7}), "unknown field"),
        (json!({}), "missing field"),
        (json!({"name": 7}), "invalid type"),
        (json!("Second"), "invalid type"),
    ] {
        let refused = owner.post("/api/v1/workspaces", body);
        assert_eq!((refused.status, refused.text("code").as_str()), (400, "body_invalid"), "{refused:?}");
        assert!(refused.text("detail").contains(said), "{refused:?}");
    }
    place.file("long.json", json!({"name": "x".repeat(2 << 20)}).to_string());
    let body = format!("@{}", place.path("long.json").display());
    let cookie = format!("Cookie: {}", owner.cookie);
    let long = server.curl(
        "",
        "/api/v1/workspaces",
        &["--header", &cookie, "--header", "Content-Type: application/json", "--data", &body],
    );
    assert_eq!((long.status, long.text("code").as_str()), (413, "body_too_large"), "{long:?}");
}

#[test]
fn sessions_are_seen_and_ended_from_another_one() {
    let place = Place::new();
    let server = Server::start(&place);
    first_owner(&server);
    let (one, two) = (Browser::of(&server, "anna@example.com"), Browser::of(&server, "anna@example.com"));
    let list = two.get("/api/v1/sessions").json();
    let lines = list["items"].as_array().expect("items");
    assert_eq!((lines.len(), &lines[0]["address"]), (2, &"127.0.0.1".into()), "{list}");
    assert!(!list.to_string().contains(&one.cookie["convoke=".len()..]), "{list}");
    let other = lines.iter().find(|line| line["current"] == false).expect("the other")["id"].as_str().expect("an id");
    assert_eq!(two.ask("DELETE", &format!("/api/v1/sessions/{other}"), None).status, 204);
    assert_eq!((one.get("/api/v1/session").status, two.get("/api/v1/session").status), (401, 200));
    assert_eq!(two.ask("DELETE", &format!("/api/v1/sessions/{other}"), None).status, 404);

    let three = Browser::of(&server, "anna@example.com");
    let change = |old: &str, new: &str| two.post("/api/v1/session/password", json!({"old": old, "new": new}));
    assert_eq!(change("wrong one", "a new long password").status, 401);
    assert_eq!(change(PASSWORD, "password1").text("code"), "usage");
    assert_eq!(change(PASSWORD, "a new long password").status, 204);
    assert_eq!((two.get("/api/v1/session").status, three.get("/api/v1/session").status), (200, 401));
}

#[test]
fn a_role_does_what_it_may_and_ids_of_others_are_unknown() {
    let place = Place::new();
    place.file("list.csv", THREE_ADVOCATES);
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    join(&owner, "viewer@example.com", "viewer");
    join(&owner, "manager@example.com", "manager");
    let (viewer, manager) = (Browser::of(&server, "viewer@example.com"), Browser::of(&server, "manager@example.com"));

    let import = manager.upload("/api/v1/imports?as=advocates&wait=30", &place, "list.csv").json();
    assert_eq!((&import["status"], &import["created_by"]), (&"completed".into(), &"manager".into()), "{import}");
    let own = format!("/api/v1/imports/{}", import["import"].as_str().expect("an id"));
    let refused = viewer.upload("/api/v1/imports?as=advocates", &place, "list.csv");
    assert_eq!((refused.status, refused.text("code").as_str()), (403, "permission_missing"), "{refused:?}");
    assert_eq!(viewer.get(&own).status, 200);
    assert_eq!(viewer.get(&format!("{own}/files/original")).status, 403, "exporting is a permission of its own");
    assert_eq!(manager.get(&format!("{own}/files/original")).body, THREE_ADVOCATES);
    for path in ["/api/v1/tokens", "/api/v1/audit", "/api/v1/audit/export", "/api/v1/member-invitations"] {
        assert_eq!((manager.get(path).status, owner.get(path).status), (403, 200), "{path}");
    }
    let raise = json!({"role": "owner"});
    assert_eq!(viewer.ask("PATCH", &format!("/api/v1/members/{}", viewer.id()), Some(raise)).status, 403);
    let scopes = json!({"name": "crm", "scopes": ["read", "import"], "expires_in_days": 90});
    assert_eq!(manager.post("/api/v1/tokens", scopes.clone()).status, 403);
    let made = owner.post("/api/v1/tokens", scopes).json();
    let secret = made["secret"].as_str().expect("a secret");
    assert_eq!(server.get(secret, &own).status, 200);
    assert_eq!(server.get(secret, &format!("{own}/files/original")).text("code"), "scope_missing");
    let forever = server.curl(secret, "/api/v1/tokens", &[]);
    assert_eq!((forever.status, forever.text("code").as_str()), (403, "scope_missing"), "no token makes tokens");
    assert!(!owner.get("/api/v1/tokens").body.contains(secret));
    let id = made["id"].as_str().expect("an id");
    assert_eq!(owner.ask("DELETE", &format!("/api/v1/tokens/{id}"), None).status, 204);
    assert_eq!(server.get(secret, &own).status, 401);

    // A second workspace knows nothing of the first.
    let second = owner.post("/api/v1/workspaces", json!({"name": "Second"})).json();
    let second = json!({"workspace": second["id"]});
    assert_eq!(manager.post("/api/v1/workspaces", json!({"name": "Third"})).status, 403);
    let (foreign, unknown) =
        (manager.post("/api/v1/session/workspace", second.clone()), json!({"workspace": "wsp_0000000000009"}));
    let unknown = manager.post("/api/v1/session/workspace", unknown);
    assert_eq!((foreign.status, unknown.status), (404, 404));
    assert_eq!(owner.post("/api/v1/session/workspace", second).json()["workspace"]["name"], "Second");
    let (viewers, tokens) = (viewer.id(), format!("/api/v1/tokens/{id}"));
    for (method, path) in [
        ("GET", own.as_str()),
        ("GET", &format!("/api/v1/members/{viewers}/leaving")),
        ("DELETE", &format!("/api/v1/members/{viewers}?heir={viewers}")),
        ("DELETE", &tokens),
    ] {
        assert_eq!(owner.ask(method, path, None).status, 404, "{method} {path}");
    }
    assert_eq!(owner.get("/api/v1/members").json()["items"].as_array().map(Vec::len), Some(1));
    let log = owner.get("/api/v1/audit").body;
    assert!(log.contains("workspace_made") && !log.contains("import_uploaded"), "{log}");
}

#[test]
fn a_member_leaves_while_its_import_runs_and_everything_is_inherited() {
    let place = Place::new();
    let people: String = (0..100_000).map(|n| format!("Person {n},person.{n}@example.com\n")).collect();
    place.file("many.csv", format!("Name,Email\n{people}"));
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    join(&owner, "ben@example.com", "admin");
    let ben = Browser::of(&server, "ben@example.com");
    let (anna_id, ben_id) = (owner.id(), ben.id());
    let key = ben.post("/api/v1/tokens", json!({"name": "crm", "scopes": ["read"]})).text("secret");
    let sender = json!({"default_sender": ben_id});
    assert_eq!(owner.ask("PATCH", "/api/v1/workspace", Some(sender)).status, 200);
    let import = ben.upload("/api/v1/imports?as=advocates", &place, "many.csv").text("import");
    let leaving = owner.get(&format!("/api/v1/members/{ben_id}/leaving")).json();
    let hangs = (&leaving["tokens"][0]["name"], &leaving["imports"][0]["id"], &leaving["is_default_sender"]);
    assert_eq!(hangs, (&"crm".into(), &import.as_str().into(), &true.into()), "{leaving}");

    let alone = owner.ask("DELETE", &format!("/api/v1/members/{anna_id}?heir={ben_id}"), None);
    assert_eq!((alone.status, alone.text("code").as_str()), (409, "conflict"), "the last owner: {alone:?}");
    assert_eq!(owner.ask("DELETE", &format!("/api/v1/members/{ben_id}"), None).status, 400, "without an heir");
    let gone = owner.ask("DELETE", &format!("/api/v1/members/{ben_id}?heir={anna_id}"), None);
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(ben.get("/api/v1/session").status, 401);
    let done = server.until(&key, &import, &["completed"]);
    assert_eq!((&done["counts"]["created"], &done["created_by"]), (&100_000.into(), &"ben".into()), "{done}");
    let hers = owner.get(&format!("/api/v1/members/{anna_id}/leaving")).json();
    assert_eq!((&hers["tokens"][0]["name"], &hers["is_default_sender"]), (&"crm".into(), &true.into()), "{hers}");
}

#[test]
fn a_member_without_any_rights_over_others_may_leave_by_itself() {
    let place = Place::new();
    let server = Server::start(&place);
    first_owner(&server);
    let owner = Browser::of(&server, "anna@example.com");
    join(&owner, "ben@example.com", "viewer");
    let ben = Browser::of(&server, "ben@example.com");
    let (anna_id, ben_id) = (owner.id(), ben.id());
    for (whose, status) in [(&anna_id, 403), (&ben_id, 200)] {
        assert_eq!(ben.get(&format!("/api/v1/members/{whose}/leaving")).status, status, "{whose}");
    }
    let leave = |who: &str, heir: &str| ben.ask("DELETE", &format!("/api/v1/members/{who}?heir={heir}"), None).status;
    assert_eq!((leave(&anna_id, &ben_id), leave(&ben_id, "nobody"), leave(&ben_id, &anna_id)), (403, 404, 204));
    assert_eq!(ben.get("/api/v1/session").status, 401);
}

#[test]
fn members_are_added_listed_and_removed_on_the_command_line() {
    let place = Place::new();
    let link = place.done(&["member", "add", "anna@example.com", "--role", "owner"]).stdout;
    let secret = link.trim().strip_prefix("http://127.0.0.1:8787/invitation#").expect("a link").to_owned();
    let typed = |email: &str, role: &str, password: &str| {
        let arguments = ["member", "add", email, "--role", role, "--name", "Ben Ito", "--password-stdin"];
        place.typing(&arguments, &format!("{password}\n")).code
    };
    assert_eq!(typed("ben@example.com", "manager", "password1"), 2, "too common");
    assert_eq!(typed("ben@example.com", "manager", PASSWORD), 0);
    assert_eq!(typed("ben@example.com", "manager", PASSWORD), 2, "a member already");
    assert_eq!(place.run(&["member", "add", "not an address", "--role", "owner"]).code, 2);
    assert_eq!(place.run(&["member", "add", "x@example.com", "--role", "king"]).code, 2);

    let server = Server::start(&place);
    let wanted = json!({"secret": secret, "name": "Anna Lee", "password": PASSWORD});
    assert_eq!(post(&server, "/api/v1/member-invitations/accept", &wanted, &[]).status, 204);
    Browser::of(&server, "anna@example.com");
    Browser::of(&server, "ben@example.com");
    assert_eq!(server.end().0, 0);
    let members = place.done(&["member", "list", "--json"]).lines();
    let roles: Vec<_> = members.iter().map(|member| (member["email"].as_str(), member["role"].as_str())).collect();
    assert_eq!(roles, [(Some("ben@example.com"), Some("manager")), (Some("anna@example.com"), Some("owner"))]);
    assert_eq!(
        place.run(&["member", "remove", "anna@example.com", "--heir", "ben@example.com"]).code,
        2,
        "the last owner"
    );
    place.done(&["member", "remove", "ben@example.com", "--heir", "anna@example.com"]);
    place.run(&["member", "remove", "ben@example.com", "--heir", "anna@example.com"]).says("There is no member");

    // Of no secret more than a digest is kept.
    let database = std::fs::read(place.path("convoke.db")).expect("the database");
    for secret in [PASSWORD, secret.as_str()] {
        assert!(!database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    }
}
