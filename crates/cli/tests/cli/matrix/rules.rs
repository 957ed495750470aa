//! Who may do each operation of the API, as SPEC.md section 10 means it, written down apart from the product; and a request
//! of each that is right in all but who asks.

/// Who may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// Whoever reaches the server.
    Anybody,
    /// Every member who is signed in, and no token.
    Members,
    /// The member who looks after the installation.
    Operator,
    /// Members from this role up, and tokens with this scope, if there is one.
    Role(Role, Option<&'static str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Viewer,
    Manager,
    Admin,
    Owner,
}

impl Role {
    pub(super) const ALL: [Self; 4] = [Self::Viewer, Self::Manager, Self::Admin, Self::Owner];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

const SEE: For = For::Role(Role::Viewer, Some("read"));
const IMPORT: For = For::Role(Role::Manager, Some("import"));
const EXPORT: For = For::Role(Role::Manager, Some("export"));
const ORGANISE: For = For::Role(Role::Manager, Some("organise"));
const FIELDS: For = For::Role(Role::Admin, Some("fields"));
const AUDIT: For = For::Role(Role::Admin, Some("audit"));
const TOKENS: For = For::Role(Role::Admin, None);
const OWNERS: For = For::Role(Role::Owner, None);

/// An operation: method and path as the document has them, who may do it, the thing whose id its path takes, what stands
/// behind the question mark, and the body. `{word}` is the id of that thing; a body in angle brackets is a file.
pub(super) struct Rule {
    pub(super) operation: &'static str,
    pub(super) who: For,
    pub(super) thing: &'static str,
    pub(super) query: &'static str,
    pub(super) body: &'static str,
}

const fn rule(operation: &'static str, who: For, thing: &'static str, query: &'static str, body: &'static str) -> Rule {
    Rule { operation, who, thing, query, body }
}

/// What a body that is a file says.
pub(super) const FILE: &str = "<file>";

const UPLOAD: &str = "as=advocates";
const ADVOCATES: &str = "as=advocates";
const CONFIRMED: &str = "confirm=true";

/// All of them, in an order in which one that is signed in may do one after the other.
#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("GET /health", For::Anybody, "", "", ""),
    rule("GET /ready", For::Anybody, "", "", ""),
    rule("GET /api/v1/openapi.json", For::Anybody, "", "", ""),
    rule("POST /api/v1/first-owner", For::Anybody, "", "", r#"{"secret":"guessed","email":"eve@example.com","name":"Eve","password":"correct horse battery"}"#),
    rule("POST /api/v1/member-invitations/accept", For::Anybody, "", "", r#"{"secret":"guessed","name":"Eve","password":"correct horse battery"}"#),
    rule("POST /api/v1/session", For::Anybody, "", "", "{}"),
    rule("GET /sign-in/oidc", For::Anybody, "", "", ""),
    rule("GET /sign-in/oidc/callback", For::Anybody, "", "", ""),

    rule("GET /api/v1/imports", SEE, "", "", ""),
    rule("GET /api/v1/imports/{id}", SEE, "import", "", ""),
    rule("GET /api/v1/imports/{id}/report", SEE, "import", "", ""),
    rule("GET /api/v1/imports/{id}/events", SEE, "import", "", ""),
    rule("GET /api/v1/imports/{id}/rows", SEE, "ready", "", ""),
    rule("GET /api/v1/imports/{id}/draft", SEE, "draft", "", ""),
    rule("GET /api/v1/imports/{id}/columns/{column}/values", SEE, "draft", "", ""),
    rule("GET /api/v1/imports/{id}/plan", SEE, "ready", "", ""),
    rule("GET /api/v1/imports/{id}/corrections", SEE, "corrected", "", ""),
    rule("GET /api/v1/people", SEE, "", ADVOCATES, ""),
    rule("GET /api/v1/people/{id}", SEE, "person", "", ""),
    rule("GET /api/v1/templates/{record_type}", SEE, "", "", ""),
    rule("GET /api/v1/groups", SEE, "", "", ""),
    rule("GET /api/v1/groups/{id}", SEE, "group", "", ""),
    rule("GET /api/v1/tags", SEE, "", "", ""),
    rule("GET /api/v1/tags/{id}", SEE, "tag", "", ""),
    rule("GET /api/v1/fields", SEE, "", "", ""),
    rule("GET /api/v1/fields/{id}", SEE, "field", "", ""),
    rule("GET /api/v1/mappings", SEE, "", "", ""),
    rule("GET /api/v1/mappings/{id}", SEE, "mapping", "", ""),
    rule("GET /api/v1/members", SEE, "", "", ""),
    rule("GET /api/v1/workspace", SEE, "", "", ""),

    rule("GET /api/v1/imports/{id}/files/{file}", EXPORT, "import", "", ""),
    rule("GET /api/v1/people/export", EXPORT, "", ADVOCATES, ""),

    rule("POST /api/v1/imports", IMPORT, "", UPLOAD, FILE),
    rule("POST /api/v1/checks", IMPORT, "", UPLOAD, FILE),
    rule("POST /api/v1/drafts", IMPORT, "", UPLOAD, FILE),
    rule("PATCH /api/v1/imports/{id}/draft", IMPORT, "draft", "", r#"{"tags":["changed"]}"#),
    rule("POST /api/v1/imports/{id}/corrections", IMPORT, "corrected", "", r#"{"row":3,"column":"B","value":"jon@example.org"}"#),
    rule("DELETE /api/v1/imports/{id}/corrections", IMPORT, "corrected", "", ""),
    rule("POST /api/v1/imports/{id}/check", IMPORT, "draft", "", ""),
    rule("POST /api/v1/imports/{id}/confirm", IMPORT, "ready", "", r#"{"plan":"{plan}"}"#),
    rule("POST /api/v1/imports/{id}/keep", IMPORT, "kept", "", ""),
    rule("POST /api/v1/imports/{id}/follow-up", IMPORT, "import", "", ""),
    rule("POST /api/v1/imports/{id}/repeat", IMPORT, "import", "", ""),
    rule("POST /api/v1/imports/{id}/pause", IMPORT, "import", "", ""),
    rule("POST /api/v1/imports/{id}/resume", IMPORT, "import", "", ""),
    rule("POST /api/v1/imports/{id}/cancel", IMPORT, "dropped", "", ""),

    rule("POST /api/v1/groups", ORGANISE, "", "", r#"{"name":"Made"}"#),
    rule("PATCH /api/v1/groups/{id}", ORGANISE, "group", "", r#"{"description":"changed"}"#),
    rule("DELETE /api/v1/groups/{id}", ORGANISE, "group", CONFIRMED, ""),
    rule("POST /api/v1/tags", ORGANISE, "", "", r#"{"name":"Made"}"#),
    rule("PATCH /api/v1/tags/{id}", ORGANISE, "tag", "", r#"{"name":"Changed"}"#),
    rule("DELETE /api/v1/tags/{id}", ORGANISE, "tag", CONFIRMED, ""),
    rule("POST /api/v1/mappings", ORGANISE, "", "", r#"{"name":"Made","record_type":"advocate","map":[{"column":"Mail","field":"email"}]}"#),
    rule("PATCH /api/v1/mappings/{id}", ORGANISE, "mapping", "", r#"{"name":"Changed"}"#),
    rule("DELETE /api/v1/mappings/{id}", ORGANISE, "mapping", "", ""),

    rule("POST /api/v1/fields", FIELDS, "", "", r#"{"name":"Made","record_type":"advocate","type":"text"}"#),
    rule("PATCH /api/v1/fields/{id}", FIELDS, "field", "", r#"{"name":"Changed"}"#),
    rule("DELETE /api/v1/fields/{id}", FIELDS, "field", CONFIRMED, ""),
    rule("GET /api/v1/audit", AUDIT, "", "", ""),
    rule("GET /api/v1/audit/export", AUDIT, "", "", ""),
    rule("GET /api/v1/tokens", TOKENS, "", "", ""),
    rule("POST /api/v1/tokens", TOKENS, "", "", r#"{"name":"made","scopes":["read"]}"#),
    rule("DELETE /api/v1/tokens/{id}", TOKENS, "token", "", ""),

    rule("PATCH /api/v1/workspace", OWNERS, "", "", r#"{"name":"Renamed"}"#),
    rule("GET /api/v1/member-invitations", OWNERS, "", "", ""),
    rule("POST /api/v1/member-invitations", OWNERS, "", "", r#"{"email":"new@example.com","role":"viewer"}"#),
    rule("DELETE /api/v1/member-invitations/{id}", OWNERS, "invitation", "", ""),
    rule("GET /api/v1/members/{id}/leaving", OWNERS, "member", "", ""),
    rule("PATCH /api/v1/members/{id}", OWNERS, "member", "", r#"{"role":"manager"}"#),
    rule("DELETE /api/v1/members/{id}", OWNERS, "member", "heir={heir}", ""),

    rule("GET /api/v1/installation/audit", For::Operator, "", "", ""),
    rule("POST /api/v1/workspaces", For::Operator, "", "", r#"{"name":"Third"}"#),
    rule("GET /api/v1/session", For::Members, "", "", ""),
    rule("GET /api/v1/sessions", For::Members, "", "", ""),
    rule("GET /api/v1/workspaces", SEE, "", "", ""),
    rule("POST /api/v1/session/workspace", For::Members, "", "", r#"{"workspace":"{workspace}"}"#),
    rule("DELETE /api/v1/sessions/{id}", For::Members, "session", "", ""),
    rule("POST /api/v1/session/password", For::Members, "", "", r#"{"old":"correct horse battery","new":"battery horse correct"}"#),
    rule("DELETE /api/v1/sessions", For::Members, "", "", ""),
    rule("DELETE /api/v1/session", For::Members, "", "", ""),
];
