//! Signing in and out over HTTP, and the sessions of one's own. The token of a session goes into a cookie that no script can
//! read; it is in no answer and no log.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use convoke_app::Installation;
use convoke_app::people::id::{SessionId, WorkspaceId};
use convoke_app::sessions::{CurrentSession, SessionLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Doors, From, MaybeSession, Session};
use crate::address::{Path, id_of};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    password: String,
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The one so far, if there is one.
    old: Option<String>,
    /// 8 to 200 characters, and none of the commonest.
    new: String,
}

/// Where a session goes on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspaceChoice {
    /// The id of a workspace one belongs to.
    workspace: String,
}

/// One's own sessions, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sessions {
    items: Vec<SessionLine>,
}

/// Sign in
///
/// The session is a cookie of the answer. Whoever guesses waits longer and longer (429); an unknown address is told the same
/// as a wrong password.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "access", request_body = SignIn, security(()),
    responses((status = CREATED, description = "Signed in", body = CurrentSession, headers(("Set-Cookie" = String))), Problems)
)]
pub(crate) async fn sign_in(
    State(installation): State<Installation>,
    State(doors): State<Doors>,
    From(client): From,
    MaybeSession(old): MaybeSession,
    Sent { value: wanted, .. }: Sent<SignIn>,
) -> Answer<Response> {
    let chance = doors.chance;
    let turn = doors.turn().await?;
    let new = blocking(move || {
        let new = installation.sign_in(&wanted.email, &wanted.password, &client, chance)?;
        // A browser has one session: nobody comes back to the one before.
        old.map_or(Ok(()), |old| old.end())?;
        Ok((new.token, new.signed_in.current()?))
    });
    let (token, current) = new.await?;
    drop(turn);
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, doors.cookie(Some(&token)))], Json(current)).into_response())
}

/// Show who is signed in
#[utoipa::path(
    get, path = "/api/v1/session", tag = "access", security(("session" = [])),
    responses((status = OK, description = "Who, and where", body = CurrentSession), Problems)
)]
pub(crate) async fn show(Session(signed_in): Session) -> Answer<Json<CurrentSession>> {
    Ok(Json(blocking(move || signed_in.current()).await?))
}

/// Sign out
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "access", security(("session" = [])),
    responses((status = NO_CONTENT, description = "Signed out"), Problems)
)]
pub(crate) async fn sign_out(State(doors): State<Doors>, Session(signed_in): Session) -> Answer<Response> {
    blocking(move || signed_in.end()).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, doors.cookie(None))]).into_response())
}

/// Change the own password
///
/// All other sessions end.
#[utoipa::path(
    post, path = "/api/v1/session/password", tag = "access", security(("session" = [])), request_body = PasswordChange,
    responses((status = NO_CONTENT, description = "Changed"), Problems)
)]
pub(crate) async fn change_password(
    State(doors): State<Doors>,
    Session(signed_in): Session,
    Sent { value: change, .. }: Sent<PasswordChange>,
) -> Answer<StatusCode> {
    let chance = doors.chance;
    let turn = doors.turn().await?;
    blocking(move || signed_in.change_password(change.old.as_deref(), &change.new, chance)).await?;
    drop(turn);
    Ok(StatusCode::NO_CONTENT)
}

/// Go to another workspace
///
/// The session goes on there, and the next one begins there.
#[utoipa::path(
    post, path = "/api/v1/session/workspace", tag = "access",
    security(("session" = [])), request_body = WorkspaceChoice,
    responses((status = OK, description = "Where it is now", body = CurrentSession), Problems)
)]
pub(crate) async fn choose_workspace(
    Session(mut signed_in): Session,
    Sent { value: choice, .. }: Sent<WorkspaceChoice>,
) -> Answer<Json<CurrentSession>> {
    let id: WorkspaceId = id_of(&choice.workspace)?;
    Ok(Json(blocking(move || signed_in.choose_workspace(id)).await?))
}

/// List the own sessions
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "access", security(("session" = [])),
    responses((status = OK, description = "Sessions", body = Sessions), Problems)
)]
pub(crate) async fn list(Session(signed_in): Session) -> Answer<Json<Sessions>> {
    Ok(Json(Sessions { items: blocking(move || signed_in.sessions()).await? }))
}

/// End all own sessions but this one
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "access", security(("session" = [])),
    responses((status = NO_CONTENT, description = "Ended"), Problems)
)]
pub(crate) async fn end_others(Session(signed_in): Session) -> Answer<StatusCode> {
    blocking(move || signed_in.end_other_sessions()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one of the own sessions
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "access", security(("session" = [])), params(("id" = String, Path)),
    responses((status = NO_CONTENT, description = "Ended"), Problems)
)]
pub(crate) async fn end(Session(signed_in): Session, Path(id): Path<String>) -> Answer<StatusCode> {
    let id: SessionId = id_of(&id)?;
    blocking(move || signed_in.end_session(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
