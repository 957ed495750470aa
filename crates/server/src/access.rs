//! Who asks: a token names the workspace, a session is in one; never the request. What is wrong, revoked or out of time is
//! told the same. What a browser sends for another site is refused before anybody looks at it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::outside::oidc::Provider;
use convoke_app::permissions::Permission;
use convoke_app::sessions::{LONGEST_SECONDS, SignedIn};
use convoke_app::sign_in::Client;
use convoke_app::{Chance, Installation, Workspace};
use tokio::sync::{Semaphore, SemaphorePermit};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::blocking::blocking;
use crate::problem::{Answer, Problem};
use crate::requests::Asked;

/// Passwords that are hashed at once: each takes 19 MB and a core.
const HASHED_AT_ONCE: usize = 2;
/// Who waits longer for that is sent away.
const LONGEST_QUEUE: Duration = Duration::from_secs(10);

/// Who comes back from a provider later begins again.
const LONGEST_JOURNEY_SECONDS: i64 = 600;

/// The other end of a connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What those who open doors share.
#[derive(Clone)]
pub(crate) struct Doors {
    pub(crate) public_url: Option<String>,
    is_behind_proxy: bool,
    pub(crate) chance: Chance,
    /// Signs members in as well.
    pub(crate) provider: Option<Arc<Provider>>,
    hashing: Arc<Semaphore>,
}

impl Doors {
    pub(crate) fn new(public_url: Option<String>, is_behind_proxy: bool, chance: Chance) -> Self {
        let hashing = Arc::new(Semaphore::new(HASHED_AT_ONCE));
        Self { public_url, is_behind_proxy, chance, provider: None, hashing }
    }

    pub(crate) fn with_provider(self, provider: Option<Provider>) -> Self {
        Self { provider: provider.map(Arc::new), ..self }
    }

    /// Waits for one's turn to hash a password.
    pub(crate) async fn turn(&self) -> Answer<SemaphorePermit<'_>> {
        let turn = tokio::time::timeout(LONGEST_QUEUE, self.hashing.acquire()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| convoke_app::Error::TooManyTries(LONGEST_QUEUE.as_secs()).into())
    }

    /// Refuses what another site lets a browser send (the rule of Go's CrossOriginProtection: Sec-Fetch-Site, else Origin).
    pub(crate) fn same_site(&self) -> CsrfLayer<fn(ProtectionError) -> Response> {
        let refused: fn(ProtectionError) -> Response = |_| {
            let message = "This request was made by another site";
            Problem::new(StatusCode::FORBIDDEN, "cross_site", message, "Ask from Convoke's own pages.").into_response()
        };
        let layer = CsrfLayer::new();
        // Behind a proxy the host of a request may be another one than the browser's.
        let trusted = self.public_url.as_ref().and_then(|url| layer.clone().add_trusted_origin(url).ok());
        trusted.unwrap_or(layer).with_rejection_response(refused)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The cookie's name; with the prefix no other host and no plain http can set it.
    fn cookie_name(&self) -> &'static str {
        if self.is_https() { "__Host-convoke" } else { "convoke" }
    }

    /// The header that gives a browser a session, or with None takes it away.
    pub(crate) fn cookie(&self, token: Option<&str>) -> HeaderValue {
        self.cookie_called(self.cookie_name(), token, LONGEST_SECONDS)
    }

    fn journey_name(&self) -> &'static str {
        if self.is_https() { "__Host-convoke-journey" } else { "convoke-journey" }
    }

    /// The header that lets a browser find back from a provider, or with None forgets it.
    pub(crate) fn journey_cookie(&self, secret: Option<&str>) -> HeaderValue {
        self.cookie_called(self.journey_name(), secret, LONGEST_JOURNEY_SECONDS)
    }

    fn cookie_called(&self, name: &str, value: Option<&str>, seconds: i64) -> HeaderValue {
        let (value, seconds) = value.map_or(("", 0), |value| (value, seconds));
        let secure = if self.is_https() { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    pub(crate) fn journey_of<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        cookie_of(headers, self.journey_name())
    }

    fn session_of<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        cookie_of(headers, self.cookie_name())
    }

    /// What links begin with: as the operator says, or as whoever asks reached this server.
    pub(crate) fn base(&self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
        self.public_url.clone().unwrap_or_else(|| format!("http://{host}"))
    }

    fn client(&self, parts: &Parts) -> Client {
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        let text = |name| parts.headers.get_all(name).iter().next_back().and_then(|value| value.to_str().ok());
        // The last one was added by the proxy itself; those before it are the client's word.
        let forwarded = text("x-forwarded-for").and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
        let address = if self.is_behind_proxy { forwarded.or(peer) } else { peer };
        Client { address, program: text("user-agent").map(str::to_owned) }
    }
}

fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Where a request comes from.
pub(crate) struct From(pub(crate) Client);

impl<S: Send + Sync> FromRequestParts<S> for From
where
    Doors: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        Ok(Self(Doors::from_ref(state).client(parts)))
    }
}

/// Somebody who is signed in.
pub(crate) struct Session(pub(crate) SignedIn);

/// The same, if anybody is.
pub(crate) struct MaybeSession(pub(crate) Option<SignedIn>);

/// Whoever asks: somebody who is signed in, or a token, with its workspace.
pub(crate) enum Asker {
    Member(SignedIn),
    Token(Workspace),
}

/// The workspace of a token or a session, opened for whoever showed it; what it may do there the workspace knows.
pub(crate) struct Opened(pub(crate) Workspace);

impl<S> FromRequestParts<S> for MaybeSession
where
    Installation: FromRef<S>,
    Doors: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let (installation, doors) = (Installation::from_ref(state), Doors::from_ref(state));
        let Some(token) = doors.session_of(&parts.headers).map(str::to_owned) else { return Ok(Self(None)) };
        let client = doors.client(parts);
        Ok(Self(blocking(move || installation.signed_in(&token, &client)).await?))
    }
}

impl<S> FromRequestParts<S> for Session
where
    Installation: FromRef<S>,
    Doors: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let MaybeSession(signed_in) = MaybeSession::from_request_parts(parts, state).await?;
        if let (Some(asked), Some(signed_in)) = (parts.extensions.get::<Asked>(), &signed_in) {
            asked.is_by(signed_in.member.id.to_string());
        }
        signed_in.map(Self).ok_or_else(|| {
            let hint = "Sign in: POST /api/v1/session.";
            Problem::new(StatusCode::UNAUTHORIZED, "session_invalid", "Nobody is signed in here", hint)
        })
    }
}

impl<S> FromRequestParts<S> for Asker
where
    Installation: FromRef<S>,
    Doors: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let doors = Doors::from_ref(state);
        let shows_token = parts.headers.contains_key(header::AUTHORIZATION);
        if shows_token || doors.session_of(&parts.headers).is_none() {
            return Ok(Self::Token(bearer(parts, Installation::from_ref(state), &doors).await?));
        }
        let Session(signed_in) = Session::from_request_parts(parts, state).await?;
        Ok(Self::Member(signed_in))
    }
}

impl<S> FromRequestParts<S> for Opened
where
    Installation: FromRef<S>,
    Doors: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let workspace = match Asker::from_request_parts(parts, state).await? {
            Asker::Token(workspace) => workspace,
            Asker::Member(signed_in) => blocking(move || signed_in.workspace()).await?.ok_or_else(|| {
                let hint = "Choose one of yours: POST /api/v1/session/workspace; or ask to be invited.";
                Problem::new(StatusCode::FORBIDDEN, "no_workspace", "This session is in no workspace", hint)
            })?,
        };
        if let Some(asked) = parts.extensions.get::<Asked>() {
            asked.is_of(workspace.id);
            workspace.actor.id().into_iter().for_each(|id| asked.is_by(id));
        }
        Ok(Self(workspace))
    }
}

async fn bearer(parts: &Parts, installation: Installation, doors: &Doors) -> Answer<Workspace> {
    let unknown = || {
        let hint = "Send a token: Authorization: Bearer cvk_... (convoke token create); or sign in.";
        Problem::new(StatusCode::UNAUTHORIZED, "token_invalid", "A valid API token is needed", hint)
    };
    let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' ')).filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
    let shown = shown.map(|(_, token)| token.trim().to_owned()).ok_or_else(unknown)?;
    let address = doors.client(parts).address;
    blocking(move || installation.bearer(&shown, address)).await?.ok_or_else(unknown)
}

macro_rules! opened_for {
    ($($(#[$doc:meta])* $name:ident $permission:ident;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Workspace);

        impl<S> FromRequestParts<S> for $name
        where
            Installation: FromRef<S>,
            Doors: FromRef<S>,
            S: Send + Sync,
        {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
                let Opened(workspace) = Opened::from_request_parts(parts, state).await?;
                workspace.require(Permission::$permission)?;
                Ok(Self(workspace))
            }
        }
    )*};
}

// Who may not is told so before a body is read or anything is looked for.
opened_for! {
    /// The workspace for somebody who may see it.
    Reader See;
    /// For somebody who may import.
    Importer Import;
    /// For somebody who may take files away.
    Exporter Export;
    /// For somebody who may keep groups, tags and saved mappings.
    Organiser Organise;
    /// For somebody who may define custom fields.
    Definer DefineFields;
    /// For somebody who may read the audit log.
    Auditor ReadAudit;
    /// For somebody who may make and revoke tokens.
    TokenKeeper ManageTokens;
    /// For somebody who may invite and remove members.
    MemberKeeper ManageMembers;
    /// For somebody who may change the workspace itself.
    WorkspaceKeeper ManageWorkspace;
}
