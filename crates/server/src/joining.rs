//! How people become members over HTTP: the first owner, and invitations. Links carry their secret behind a #, which no
//! browser sends anywhere by itself.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use convoke_app::Installation;
use convoke_app::joining::{Acceptance, FirstOwner};
use convoke_app::members::{MemberInvitation, role};
use convoke_app::people::id::MemberInvitationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Doors, From, MaybeSession, MemberKeeper};
use crate::address::{Path, id_of};
use crate::blocking::blocking;
use crate::problem::{Answer, Problems};
use crate::sent::Sent;

/// Who is to be a member.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invite {
    email: String,
    /// `viewer`, `manager`, `admin` or `owner`.
    role: String,
}

/// An invitation with its link, which is told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invited {
    invitation: MemberInvitation,
    /// To be passed on to that person.
    link: String,
}

/// Invitations that were not used yet, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invitations {
    items: Vec<MemberInvitation>,
}

/// Make the first owner
///
/// With the secret that `convoke serve` prints as long as nobody is a member. The first owner is the operator as well.
#[utoipa::path(
    post, path = "/api/v1/first-owner", tag = "access", request_body = FirstOwner, security(()),
    responses((status = NO_CONTENT, description = "Made; sign in now"), Problems)
)]
pub(crate) async fn first_owner(
    State(installation): State<Installation>,
    State(doors): State<Doors>,
    From(client): From,
    Sent { value: wanted, .. }: Sent<FirstOwner>,
) -> Answer<StatusCode> {
    let chance = doors.chance;
    let turn = doors.turn().await?;
    blocking(move || installation.make_first_owner(&wanted, &client, chance)).await?;
    drop(turn);
    Ok(StatusCode::NO_CONTENT)
}

/// Invite a member
///
/// Gives a link that is good once, for seven days, and until the next invitation of the same address.
#[utoipa::path(
    post, path = "/api/v1/member-invitations", tag = "access", security(("session" = [])), request_body = Invite,
    responses((status = CREATED, description = "Invited", body = Invited), Problems)
)]
pub(crate) async fn invite(
    MemberKeeper(workspace): MemberKeeper,
    State(doors): State<Doors>,
    headers: HeaderMap,
    Sent { value: invite, .. }: Sent<Invite>,
) -> Answer<(StatusCode, Json<Invited>)> {
    let chance = doors.chance;
    let invited = blocking(move || workspace.invite_member(&invite.email, role(&invite.role)?, &chance()?)).await?;
    let (invitation, secret) = invited;
    let link = format!("{}/invitation#{secret}", doors.base(&headers));
    Ok((StatusCode::CREATED, Json(Invited { invitation, link })))
}

/// List invitations
#[utoipa::path(
    get, path = "/api/v1/member-invitations", tag = "access", security(("session" = [])),
    responses((status = OK, description = "Those that can still be used", body = Invitations), Problems)
)]
pub(crate) async fn list(MemberKeeper(workspace): MemberKeeper) -> Answer<Json<Invitations>> {
    Ok(Json(Invitations { items: blocking(move || workspace.member_invitations()).await? }))
}

/// Revoke an invitation
#[utoipa::path(
    delete, path = "/api/v1/member-invitations/{id}", tag = "access",
    security(("session" = [])), params(("id" = String, Path)),
    responses((status = NO_CONTENT, description = "Its link is good no more"), Problems)
)]
pub(crate) async fn revoke(MemberKeeper(workspace): MemberKeeper, Path(id): Path<String>) -> Answer<StatusCode> {
    let id: MemberInvitationId = id_of(&id)?;
    blocking(move || workspace.revoke_member_invitation(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept an invitation
///
/// With the secret of its link. A new member chooses name and password; who is a member already shows the own password, or
/// is signed in.
#[utoipa::path(
    post, path = "/api/v1/member-invitations/accept", tag = "access", request_body = Acceptance, security(()),
    responses((status = NO_CONTENT, description = "Joined; sign in now"), Problems)
)]
pub(crate) async fn accept(
    State(installation): State<Installation>,
    State(doors): State<Doors>,
    From(client): From,
    MaybeSession(signed_in): MaybeSession,
    Sent { value: wanted, .. }: Sent<Acceptance>,
) -> Answer<StatusCode> {
    let chance = doors.chance;
    let turn = doors.turn().await?;
    blocking(move || installation.accept_invitation(&wanted, signed_in.as_ref(), &client, chance)).await?;
    drop(turn);
    Ok(StatusCode::NO_CONTENT)
}
