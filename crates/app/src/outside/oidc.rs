//! Sign-in by a provider of OpenID Connect: the authorisation code flow with PKCE, nonce and state. All three come from one
//! secret that the browser holds in a cookie, so that only the browser that began can end it. It makes no members.

use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreResponseType, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};

use super::http::{ask, client};
use crate::error::{Error, Result};
use crate::secrets::{SECRET_BYTES, digest, secret_text};

/// What the operator says of the provider.
#[derive(Clone)]
pub struct OidcSettings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
}

/// A provider.
pub struct Provider {
    settings: OidcSettings,
    http: reqwest::Client,
}

/// A sign-in that was begun.
pub struct Begun {
    /// Where the browser goes on.
    pub url: String,
    /// For the browser alone, until it comes back.
    pub secret: String,
}

/// Whom the provider says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Issuer and subject as one text.
    pub subject: String,
    /// Only if the provider has verified it.
    pub email: Option<String>,
}

/// What the secret of one sign-in gives; none tells another, or the secret.
fn part(secret: &str, of: &str) -> String {
    digest(&format!("{of} {secret}")).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What failed, with its causes: the first of them rarely says more than that it did.
fn failed(doing: &str, why: impl std::error::Error) -> Error {
    let mut words = format!("{doing}: {why}");
    let mut cause = why.source();
    while let Some(why) = cause {
        words = format!("{words}: {why}");
        cause = why.source();
    }
    Error::Outside(words)
}

/// This `$self`'s client; a macro, because its type says which addresses are known.
macro_rules! client_of {
    ($self:ident, $metadata:ident, $redirect:ident) => {{
        let redirect =
            RedirectUrl::new($redirect.to_owned()).map_err(|why| failed("the address to come back to", why))?;
        let secret = ClientSecret::new($self.settings.client_secret.clone());
        let id = ClientId::new($self.settings.client_id.clone());
        CoreClient::from_provider_metadata($metadata, id, Some(secret)).set_redirect_uri(redirect)
    }};
}

impl Provider {
    pub fn new(settings: OidcSettings) -> Result<Self> {
        IssuerUrl::new(settings.issuer.clone())
            .map_err(|why| Error::usage(format!("\"{}\" is no issuer: {why}", settings.issuer), "Say its address."))?;
        Ok(Self { settings, http: client()? })
    }

    async fn metadata(&self) -> Result<CoreProviderMetadata> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|why| failed("the issuer", why))?;
        let http = |request| ask(self.http.clone(), request);
        CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|why| failed("asking what it is", why))
    }

    /// Begins a sign-in that comes back to `redirect`.
    pub async fn begin(&self, redirect: &str, chance: &[u8; SECRET_BYTES]) -> Result<Begun> {
        let metadata = self.metadata().await?;
        let client = client_of!(self, metadata, redirect);
        let secret = secret_text("", chance);
        let verifier = PkceCodeVerifier::new(part(&secret, "verifier"));
        let (state, nonce) = (CsrfToken::new(part(&secret, "state")), Nonce::new(part(&secret, "nonce")));
        let (url, ..) = client
            .authorize_url(AuthenticationFlow::<CoreResponseType>::AuthorizationCode, move || state, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(Begun { url: url.into(), secret })
    }

    /// Whether the provider sent this browser back, which holds the secret of its sign-in.
    pub fn is_back(secret: &str, state: &str) -> bool {
        part(secret, "state") == state
    }

    /// Asks the provider whom its code stands for.
    pub async fn end(&self, redirect: &str, code: String, secret: &str) -> Result<Vouched> {
        let metadata = self.metadata().await?;
        let client = client_of!(self, metadata, redirect);
        let http = |request| ask(self.http.clone(), request);
        let exchange =
            client.exchange_code(AuthorizationCode::new(code)).map_err(|why| failed("its addresses", why))?;
        let exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(part(secret, "verifier")));
        let tokens = exchange.request_async(&http).await.map_err(|why| failed("exchanging its code", why))?;

        let id_token = tokens.id_token().ok_or_else(|| Error::Outside("there is no ID token".to_owned()))?;
        let verifier = client.id_token_verifier();
        let claims = id_token.claims(&verifier, &Nonce::new(part(secret, "nonce")));
        let claims = claims.map_err(|why| failed("verifying its ID token", why))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = id_token.signing_alg().map_err(|why| failed("verifying its ID token", why))?;
            let key = id_token.signing_key(&verifier).map_err(|why| failed("verifying its ID token", why))?;
            let found = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
            if found.ok().as_ref() != Some(expected) {
                return Err(Error::Outside("the access token is another one's".to_owned()));
            }
        }
        let subject = format!("{} {}", claims.issuer().as_str(), claims.subject().as_str());
        let mut email = claims.email().filter(|_| claims.email_verified() == Some(true)).map(|email| email.to_string());
        if email.is_none() {
            // Many providers tell it only to who asks.
            let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()));
            let asked = asked.map_err(|why| failed("its addresses", why))?;
            let told: CoreUserInfoClaims = asked.request_async(&http).await.map_err(|why| failed("asking who", why))?;
            email = told.email().filter(|_| told.email_verified() == Some(true)).map(|email| email.to_string());
        }
        Ok(Vouched { subject, email })
    }
}
