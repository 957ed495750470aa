//! API tokens over HTTP. The secret of one is in the answer that makes it, and nowhere else.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use convoke_app::Error;
use convoke_app::people::id::TokenId;
use convoke_app::permissions::Scope;
use convoke_app::tokens::Token;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Doors, TokenKeeper};
use crate::address::{Path, id_of};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    /// What it is for, as the history names it.
    name: String,
    /// `read`, `import`, `export`, `organise`, `fields`, `audit`: at most what its maker may do.
    scopes: Vec<String>,
    /// Days until it ends; never, if nobody says.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<u32>,
}

/// A token with its secret, which is told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct MadeToken {
    id: String,
    /// To be sent as `Authorization: Bearer`.
    #[schema(example = "cvk_1_...")]
    secret: String,
}

/// Tokens in the order they were made, with those that are revoked.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    items: Vec<Token>,
}

/// List tokens
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "access", security(("session" = [])),
    responses((status = OK, description = "Tokens without their secrets", body = Tokens), Problems)
)]
pub(crate) async fn list(TokenKeeper(workspace): TokenKeeper) -> Answer<Json<Tokens>> {
    let tokens = blocking(move || workspace.tokens()).await?;
    Ok(Json(Tokens { items: tokens.iter().map(Token::from).collect() }))
}

/// Make a token
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "access", security(("session" = [])), request_body = NewToken,
    responses((status = CREATED, description = "Made", body = MadeToken), Problems)
)]
pub(crate) async fn make(
    TokenKeeper(workspace): TokenKeeper,
    State(doors): State<Doors>,
    Sent { value: new, .. }: Sent<NewToken>,
) -> Answer<(StatusCode, Json<MadeToken>)> {
    let parsed = |word: &String| {
        let known = Scope::ALL.map(Scope::key).join(", ");
        Scope::parse(word)
            .ok_or_else(|| Error::usage(format!("\"{word}\" is no scope"), format!("Scopes are {known}.")))
    };
    let scopes = new.scopes.iter().map(parsed).collect::<Result<Vec<_>, _>>()?;
    if new.expires_in_days.is_some_and(|days| !(1..=3650).contains(&days)) {
        return Err(Error::usage("expires_in_days: it is 1 to 3650", "Leave it out for a token without an end.").into());
    }
    let chance = doors.chance;
    let (id, secret) =
        blocking(move || workspace.make_token_for_days(&new.name, &scopes, new.expires_in_days, &chance()?)).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { id: id.to_string(), secret })))
}

/// Revoke a token
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", tag = "access", security(("session" = [])), params(("id" = String, Path)),
    responses((status = NO_CONTENT, description = "Good no more"), Problems)
)]
pub(crate) async fn revoke(TokenKeeper(workspace): TokenKeeper, Path(id): Path<String>) -> Answer<StatusCode> {
    let id: TokenId = id_of(&id)?;
    blocking(move || workspace.revoke_token(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
