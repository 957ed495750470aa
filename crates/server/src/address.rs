//! What the address of a request says; what cannot be read there is told like every other error.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::StatusCode;
use convoke_app::people::id::{
    FieldId, GroupId, ImportId, MappingId, MemberId, MemberInvitationId, PersonId, SessionId, TagId, TokenId,
    WorkspaceId,
};

use crate::problem::{Answer, Problem};

/// The part behind the question mark.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(crate) struct Query<T>(pub(crate) T);

/// The parts between the slashes.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(crate) struct Path<T>(pub(crate) T);

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "usage",
            &rejection.body_text(),
            "Correct what stands behind the ? of the address.",
        )
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address", "")
    }
}

/// What has an id in addresses, and how one is told that is not there.
pub(crate) trait Addressed: FromStr {
    /// What is told, with the id for `{}`, and what to do.
    const MISSING: [&str; 2];
}

/// An id that a request names. What is none answers to the letter like one that is unknown.
pub(crate) fn id_of<T: Addressed>(text: &str) -> Answer<T> {
    let [message, hint] = T::MISSING;
    let unknown = |_| Problem::new(StatusCode::NOT_FOUND, "not_found", &message.replace("{}", text), hint);
    text.parse().map_err(unknown)
}

macro_rules! addressed {
    ($($id:ident $message:literal $hint:literal;)*) => {$(
        impl Addressed for $id {
            const MISSING: [&str; 2] = [$message, $hint];
        }
    )*};
}

// The sentences of the operations that look for them; a test holds the two together.
addressed! {
    ImportId "There is no import {}" "See convoke imports list, or /api/v1/imports.";
    PersonId "There is no person {}" "See /api/v1/people.";
    GroupId "There is no group {}" "See /api/v1/groups.";
    TagId "There is no tag {}" "See /api/v1/tags.";
    FieldId "There is no custom field {}" "See /api/v1/fields.";
    MappingId "There is no saved mapping {}" "See /api/v1/mappings.";
    MemberId "There is no member {}" "See /api/v1/members.";
    MemberInvitationId "There is no invitation {}" "See /api/v1/member-invitations.";
    TokenId "There is no token {} that could be revoked" "See convoke token list, or /api/v1/tokens.";
    SessionId "There is no session {}" "See /api/v1/sessions.";
    WorkspaceId "There is no workspace {}" "See /api/v1/workspaces.";
}
