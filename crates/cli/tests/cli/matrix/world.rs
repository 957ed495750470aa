//! Two workspaces that have one of everything, and everybody who may ask: a member of each role, the operator, and a token
//! of each scope. What was asked is answered without what no two answers share.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rules::{FILE, For, Role, Rule};
use crate::place::{Place, THREE_ADVOCATES};
use crate::serving::Server;

pub(super) const PASSWORD: &str = "correct horse battery";
pub(super) const SCOPES: [&str; 6] = ["read", "import", "export", "organise", "fields", "audit"];
/// Headers that differ from answer to answer, or with the length of what differs.
const OF_ITS_OWN: [&str; 3] = ["date", "x-request-id", "content-length"];

/// What somebody shows.
pub(super) enum Shown {
    Nothing,
    Token(String),
    Cookie(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Member(Role),
    Operator,
    Token(&'static str),
}

/// Somebody who asks.
pub(super) struct Asker {
    pub(super) kind: Kind,
    pub(super) shown: Shown,
}

impl Asker {
    /// Whether the table lets it.
    pub(super) fn may(&self, who: For) -> bool {
        match (who, self.kind) {
            (For::Anybody, _) => true,
            (For::Members, Kind::Member(_) | Kind::Operator) | (For::Operator, Kind::Operator) => true,
            (For::Role(least, _), Kind::Member(role)) => role >= least,
            (For::Role(..), Kind::Operator) => true,
            (For::Role(_, scope), Kind::Token(own)) => scope == Some(own),
            _ => false,
        }
    }

    /// How it is told that it may not.
    pub(super) fn refusal(&self, who: For) -> (u16, &'static str) {
        match (who, self.kind) {
            // A token is no session.
            (For::Members | For::Operator, Kind::Token(_)) => (401, "session_invalid"),
            (_, Kind::Token(_)) => (403, "scope_missing"),
            _ => (403, "permission_missing"),
        }
    }
}

/// An answer without what no two answers share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) headers: Vec<String>,
    pub(super) body: String,
}

/// Ids by the thing they name.
pub(super) type Things = BTreeMap<&'static str, String>;

pub(super) struct World<'p> {
    place: &'p Place,
    pub(super) server: Server,
    /// Everybody in the first workspace, the operator last.
    pub(super) askers: Vec<Asker>,
    /// The owner of the second workspace, who is in no other.
    pub(super) stranger: Asker,
    pub(super) own: Things,
    pub(super) foreign: Things,
}

impl<'p> World<'p> {
    pub(super) fn new(place: &'p Place) -> Self {
        place.file("list.csv", THREE_ADVOCATES);
        let server = Server::start(place);
        let mut world = Self {
            place,
            server,
            askers: Vec::new(),
            stranger: Asker { kind: Kind::Member(Role::Owner), shown: Shown::Nothing },
            own: Things::new(),
            foreign: Things::new(),
        };
        let anna = world.first_owner();
        world.found_second(&anna);
        world.own = world.furnish(&anna);
        for role in Role::ALL {
            let email = format!("{}@example.com", role.key());
            let shown = Shown::Cookie(world.join(&anna, &email, role.key()));
            world.askers.push(Asker { kind: Kind::Member(role), shown });
        }
        for scope in SCOPES {
            let body = json!({"name": scope, "scopes": [scope]});
            let secret = world.made(&anna, "POST", "/api/v1/tokens", &body)["secret"].clone();
            let shown = Shown::Token(secret.as_str().expect("a secret").to_owned());
            world.askers.push(Asker { kind: Kind::Token(scope), shown });
        }
        world.askers.push(anna);
        world
    }

    fn first_owner(&self) -> Asker {
        let link = self.server.says("/first-owner#");
        let secret = link.split_once('#').expect("a secret").1;
        let nobody = Asker { kind: Kind::Operator, shown: Shown::Nothing };
        let anna = json!({"secret": secret, "email": "anna@example.com", "name": "Anna Lee", "password": PASSWORD});
        self.made(&nobody, "POST", "/api/v1/first-owner", &anna);
        Asker { kind: Kind::Operator, shown: Shown::Cookie(self.sign_in("anna@example.com")) }
    }

    /// Anna makes a second workspace, hands it to Ben, and leaves it.
    fn found_second(&mut self, anna: &Asker) {
        let first = self.made(anna, "GET", "/api/v1/session", &Value::Null);
        let second = self.made(anna, "POST", "/api/v1/workspaces", &json!({"name": "Second"}));
        let go = |to: &Value| self.made(anna, "POST", "/api/v1/session/workspace", &json!({"workspace": to}));
        go(&second["id"]);
        let ben = Asker {
            kind: Kind::Member(Role::Owner),
            shown: Shown::Cookie(self.join(anna, "ben@example.com", "owner")),
        };
        go(&first["workspace"]["id"]);
        let heir = self.made(&ben, "GET", "/api/v1/session", &Value::Null)["member"].clone();
        let leaves = format!("/api/v1/members/{}?heir={}", text(&first["member"]), text(&heir));
        self.made(&ben, "DELETE", &leaves, &Value::Null);
        self.foreign = self.furnish(&ben);
        self.stranger = ben;
    }

    /// Invites somebody, accepts and signs in for them; gives the cookie.
    fn join(&self, owner: &Asker, email: &str, role: &str) -> String {
        let invited = self.made(owner, "POST", "/api/v1/member-invitations", &json!({"email": email, "role": role}));
        let secret = text(&invited["link"]).split_once('#').expect("a secret").1.to_owned();
        let nobody = Asker { kind: Kind::Operator, shown: Shown::Nothing };
        let wanted = json!({"secret": secret, "name": email, "password": PASSWORD});
        self.made(&nobody, "POST", "/api/v1/member-invitations/accept", &wanted);
        self.sign_in(email)
    }

    fn sign_in(&self, email: &str) -> String {
        let body = json!({"email": email, "password": PASSWORD}).to_string();
        let answer = self.server.curl("", "/api/v1/session", &["--include", "--json", &body]);
        let line = answer.body.lines().find(|line| line.to_lowercase().starts_with("set-cookie: "));
        let pair = line.unwrap_or_else(|| panic!("{answer:?}"))["set-cookie: ".len()..].split(';').next();
        pair.expect("a pair").to_owned()
    }

    /// One of everything in the workspace of whoever asks.
    fn furnish(&self, asker: &Asker) -> Things {
        let make = |collection: &str, body: Value| {
            text(&self.made(asker, "POST", &format!("/api/v1/{collection}"), &body)["id"]).to_owned()
        };
        let get = |path: &str| self.made(asker, "GET", path, &Value::Null);
        let mut things = Things::new();
        things
            .insert("group", make("groups", json!({"name": "Launch", "code": format!("launch-{}", things_of(asker))})));
        things.insert("tag", make("tags", json!({"name": "vip"})));
        things.insert("field", make("fields", json!({"name": "Tier", "record_type": "advocate", "type": "text"})));
        let map = json!([{"column": "Mail", "field": "email"}]);
        things.insert("mapping", make("mappings", json!({"name": "CRM", "record_type": "advocate", "map": map})));
        things.insert("token", make("tokens", json!({"name": "crm", "scopes": ["read"]})));
        let import = self.upload(asker, "/api/v1/imports?as=advocates&group=Launch&tag=vip&wait=30");
        things.insert("import", text(&import["import"]).to_owned());
        for name in ["draft", "dropped", "ready", "kept", "corrected"] {
            let draft = self.upload(asker, "/api/v1/drafts?as=advocates");
            things.insert(name, text(&draft["import"]["import"]).to_owned());
        }
        for name in ["ready", "kept", "corrected"] {
            let checked = format!("/api/v1/imports/{}", things[name]);
            self.made(asker, "POST", &format!("{checked}/check"), &Value::Null);
            while get(&checked)["status"] != "ready" {}
        }
        things.insert("plan", text(&get(&format!("/api/v1/imports/{}/plan", things["ready"]))["plan"]).to_owned());
        things.insert("person", text(&get("/api/v1/people?as=advocates")["items"][0]["id"]).to_owned());
        let here = get("/api/v1/session");
        let (email, number) = (text(&here["email"]).to_owned(), things_of(asker));
        things.insert("workspace", text(&here["workspace"]["id"]).to_owned());
        things.insert("heir", text(&here["member"]).to_owned());
        self.join(asker, &format!("leaver-{number}@example.com"), "viewer");
        let members = get("/api/v1/members");
        let leaver = members["items"].as_array().into_iter().flatten().find(|member| member["id"] != here["member"]);
        things.insert("member", text(&leaver.expect("another member")["id"]).to_owned());
        let invite = json!({"email": format!("later-{number}@example.com"), "role": "viewer"});
        let invited = self.made(asker, "POST", "/api/v1/member-invitations", &invite);
        things.insert("invitation", text(&invited["invitation"]["id"]).to_owned());
        self.sign_in(&email);
        let sessions = get("/api/v1/sessions");
        let other = sessions["items"].as_array().into_iter().flatten().find(|session| session["current"] == false);
        things.insert("session", text(&other.expect("another session")["id"]).to_owned());
        things
    }

    fn upload(&self, asker: &Asker, path: &str) -> Value {
        self.made(asker, "POST", path, &Value::String(FILE.to_owned()))
    }

    /// Does what must be done to have something to ask for.
    #[track_caller]
    fn made(&self, asker: &Asker, method: &str, path: &str, body: &Value) -> Value {
        let body = match body {
            Value::Null => String::new(),
            Value::String(file) => file.clone(),
            body => body.to_string(),
        };
        let heard = self.ask(asker, method, path, &body);
        assert!((200..300).contains(&heard.status), "{method} {path} {body}: {heard:?}");
        serde_json::from_str(&heard.body).unwrap_or(Value::Null)
    }

    /// Asks, with a body if it is not blank.
    pub(super) fn ask(&self, asker: &Asker, method: &str, path: &str, body: &str) -> Heard {
        let file = format!("@{}", self.place.path("list.csv").display());
        let mut arguments = vec!["--include", "--request", method];
        match body {
            "" => {}
            FILE => arguments.extend(["--header", "Content-Type: text/csv", "--data-binary", &file]),
            body => arguments.extend(["--header", "Content-Type: application/json", "--data-binary", body]),
        }
        let (token, cookie) = match &asker.shown {
            Shown::Nothing => ("", None),
            Shown::Token(token) => (token.as_str(), None),
            Shown::Cookie(cookie) => ("", Some(format!("Cookie: {cookie}"))),
        };
        arguments.extend(cookie.iter().flat_map(|cookie| ["--header", cookie]));
        let answer = self.server.curl(token, path, &arguments);
        let (head, body) = answer.body.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
        let lines = head.lines().skip(1).map(str::to_ascii_lowercase);
        let is_shared = |line: &String| !OF_ITS_OWN.iter().any(|name| line.starts_with(&format!("{name}:")));
        let (body, code) = without_request_id(body);
        Heard { status: answer.status, code, headers: lines.filter(is_shared).collect(), body }
    }

    /// Asks what a rule says, with this id in its address.
    pub(super) fn ask_rule(&self, asker: &Asker, rule: &Rule, id: &str, things: &Things) -> Heard {
        let (method, path) = rule.operation.split_once(' ').expect("method and path");
        let fill = |text: &str| {
            things.iter().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
        };
        let path = path.replace("{id}", id).replace("{file}", "original").replace("{record_type}", "advocates");
        let path = path.replace("{column}", "A");
        let query = if rule.query.is_empty() { String::new() } else { format!("?{}", fill(rule.query)) };
        let heard = self.ask(asker, method, &format!("{path}{query}"), &fill(rule.body));
        // The answer may name what was asked for.
        let named = |text: &str| if id.is_empty() { text.to_owned() } else { text.replace(id, "{id}") };
        Heard { body: named(&heard.body), headers: heard.headers.iter().map(|line| named(line)).collect(), ..heard }
    }
}

fn things_of(asker: &Asker) -> &'static str {
    if asker.kind == Kind::Operator { "first" } else { "second" }
}

#[track_caller]
pub(super) fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// The body without the id of its request, and the code of the problem it tells.
fn without_request_id(body: &str) -> (String, String) {
    let Ok(Value::Object(mut object)) = serde_json::from_str(body) else { return (body.to_owned(), String::new()) };
    let code = object.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
    if object.remove("request_id").is_none() {
        return (body.to_owned(), code);
    }
    (Value::Object(object).to_string(), code)
}
