//! The audit log over HTTP: page by page, or whole as CSV.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use convoke_app::audit::AuditPage;
use serde::Deserialize;

use crate::access::{Auditor, Session};
use crate::address::Query;
use crate::blocking::blocking;
use crate::files::{attachment, download};
use crate::problem::{Answer, Problems};

/// Entries a page holds, if nobody says, and at most.
const PAGE: u32 = 50;
const MOST: u32 = 500;

/// Which page of the log.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Entries a page holds: 50 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    before: Option<String>,
}

impl Page {
    fn most(&self) -> u32 {
        self.limit.unwrap_or(PAGE).clamp(1, MOST)
    }
}

/// Read the audit log
///
/// Who did what, when, from where; the newest first.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "access", params(Page),
    responses((status = OK, description = "A page of the log", body = AuditPage), Problems)
)]
pub(crate) async fn list(Auditor(workspace): Auditor, Query(page): Query<Page>) -> Answer<Json<AuditPage>> {
    Ok(Json(blocking(move || workspace.audit(page.before.as_deref(), page.most())).await?))
}

/// Export the audit log
///
/// The whole log as CSV.
#[utoipa::path(
    get, path = "/api/v1/audit/export", tag = "access",
    responses((status = OK, description = "CSV", content_type = "text/csv", body = String), Problems)
)]
pub(crate) async fn export(Auditor(workspace): Auditor) -> Answer<Response> {
    let mut response = download(move |out| workspace.export_audit(out)).await?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, attachment("audit.csv"));
    Ok(response)
}

/// Read the audit log of the installation
///
/// What belongs to no workspace, such as sign-ins that failed under unknown addresses. For the operator.
#[utoipa::path(
    get, path = "/api/v1/installation/audit", tag = "access", security(("session" = [])), params(Page),
    responses((status = OK, description = "A page of the log", body = AuditPage), Problems)
)]
pub(crate) async fn of_installation(Session(signed_in): Session, Query(page): Query<Page>) -> Answer<Json<AuditPage>> {
    Ok(Json(blocking(move || signed_in.installation_audit(page.before.as_deref(), page.most())).await?))
}
