//! The history of imports over HTTP, what became of each, and the requests to pause, resume and cancel.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use convoke_app::imports::{HistoryFilter, shapes, words};
use convoke_app::once::{Kept, Manner};
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::{Import, ImportKind, ImportState};
use convoke_app::{Error, Result, Workspace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::{Importer, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};
use crate::work::Work;

/// Imports a page holds, if nobody says, and at most.
const PAGE: u32 = 50;
const MOST: u32 = 500;

/// Which page of the history.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Page {
    /// Imports a page holds: 50 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    before: Option<String>,
    /// Only those in one of these states: `running,paused`.
    status: Option<String>,
    /// `import` or `dry_run`.
    kind: Option<String>,
    /// `creators`, `prospects` or `advocates`.
    r#as: Option<String>,
    /// Words of the file's name or of whoever uploaded it, without case.
    search: Option<String>,
}

impl Page {
    fn filter(self) -> Answer<HistoryFilter> {
        let wrong = |name: &str, why: &str| Error::usage(format!("{name}: {why}"), "");
        let state =
            |key: &str| ImportState::parse(key.trim()).ok_or_else(|| wrong("status", &format!("there is no {key}")));
        let states = self.status.iter().flat_map(|keys| keys.split(',')).map(state).collect::<Result<_>>()?;
        let kind = match self.kind.as_deref() {
            None => None,
            Some("import") => Some(ImportKind::Import),
            Some("dry_run") => Some(ImportKind::DryRun),
            Some(_) => return Err(wrong("kind", "it is import or dry_run").into()),
        };
        let record_type = self.r#as.as_deref().map(words::record_type).transpose().map_err(|why| wrong("as", &why))?;
        Ok(HistoryFilter {
            states,
            kind,
            record_type,
            search: self.search,
            before: self.before.as_deref().map(id_of).transpose()?,
            most: self.limit.unwrap_or(PAGE).clamp(1, MOST) as usize,
        })
    }
}

/// Imports and dry runs, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct History {
    items: Vec<shapes::Import>,
    /// What to send as `before` for the page behind; null on the last one.
    #[schema(required)]
    next: Option<String>,
}

/// List imports
///
/// Imports and dry runs, newest first.
#[utoipa::path(
    get, path = "/api/v1/imports", tag = "imports", params(Page),
    responses((status = OK, description = "A page of the history", body = History), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(page): Query<Page>) -> Answer<Json<History>> {
    let filter = page.filter()?;
    let (imports, is_more) = blocking(move || workspace.history(&filter)).await?;
    let next = imports.last().filter(|_| is_more).map(|import| import.id.to_string());
    Ok(Json(History { items: imports.iter().map(shapes::Import::from).collect(), next }))
}

/// Show an import
///
/// As it stands, without its issues.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = OK, description = "The import", body = shapes::Import), Problems)
)]
pub(crate) async fn show(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<shapes::Import>> {
    let id = id_of(&id)?;
    Ok(Json((&blocking(move || workspace.find_import(id)).await?).into()))
}

/// Show the report of an import
///
/// The counts, and the first 10,000 issues.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/report", tag = "imports", params(("id" = String, Path)),
    responses((status = OK, description = "The report", body = shapes::Report), Problems)
)]
pub(crate) async fn report(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<shapes::Report>> {
    let id = id_of(&id)?;
    Ok(Json(blocking(move || report_of(&workspace, id)).await?))
}

pub(crate) fn report_of(workspace: &Workspace, id: ImportId) -> Result<shapes::Report> {
    Ok((&workspace.report(id)?).into())
}

/// Pause an import
///
/// A request: what waits pauses at once, what runs within seconds. What was imported stays.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/pause", tag = "imports", params(("id" = String, Path), IdempotencyKey),
    responses((status = ACCEPTED, description = "Asked", body = shapes::Import), Problems)
)]
pub(crate) async fn pause(importer: Importer, Path(id): Path<String>, keyed: Keyed) -> Answer<Response> {
    ask(importer, id, keyed, Workspace::pause).await
}

/// Cancel an import
///
/// A request: what waits ends at once, what runs within seconds. What was imported stays, the rest is not processed.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/cancel", tag = "imports", params(("id" = String, Path), IdempotencyKey),
    responses((status = ACCEPTED, description = "Asked", body = shapes::Import), Problems)
)]
pub(crate) async fn cancel(importer: Importer, Path(id): Path<String>, keyed: Keyed) -> Answer<Response> {
    ask(importer, id, keyed, Workspace::cancel).await
}

/// Resume an import
///
/// What is paused goes on where it was; a pause that was asked for and has not come yet is withdrawn.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/resume", tag = "imports", params(("id" = String, Path), IdempotencyKey),
    responses((status = ACCEPTED, description = "Asked", body = shapes::Import), Problems)
)]
pub(crate) async fn resume(
    importer: Importer,
    State(work): State<Work>,
    Path(id): Path<String>,
    keyed: Keyed,
) -> Answer<Response> {
    let answer = ask(importer, id, keyed, Workspace::unpause).await?;
    work.wake();
    Ok(answer)
}

/// The request is stored; the state follows within seconds if the import runs.
const ASKED: Manner = Manner { status: 202, place: None };

async fn ask(
    Importer(workspace): Importer,
    id: String,
    keyed: Keyed,
    request: fn(&Workspace, ImportId) -> Result<Kept<Import>>,
) -> Answer<Response> {
    let id = id_of(&id)?;
    keyed.act(workspace, ASKED, &[], move |workspace| request(workspace, id)).await
}
