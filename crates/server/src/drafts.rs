//! Drafts over HTTP: what was found in a file and what is chosen, the check and its plan, corrections, and the confirmation
//! that starts the import.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;
use convoke_app::imports::choices::Choices;
use convoke_app::imports::correcting::{Corrected, CorrectionShape, NewCorrection, Which};
use convoke_app::imports::draft_shape::DraftShape;
use convoke_app::imports::rows::{PlanShape, RowFilter, RowPage};
use convoke_app::imports::values::ColumnValues;
use convoke_app::imports::{Draft, shapes};
use convoke_app::once::{Manner, Told};
use convoke_app::pipeline::issue::IssueCode;
use convoke_app::pipeline::plan::Outcome;
use convoke_app::store::imports::OnDrift;
use convoke_app::{Error, Result, Workspace};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::{Importer, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::once::{IdempotencyKey, Keyed, answer};
use crate::problem::{Answer, Problems};
use crate::sent::Sent;
use crate::uploading::recorded;
use crate::work::Work;

/// Rows a page holds, if nobody says, and at most.
const PAGE: u32 = 100;
const MOST: u32 = 500;

const ASKED: Manner = Manner { status: 202, place: None };
const DONE: Manner = Manner { status: 200, place: None };
/// A draft was made.
pub(crate) const DRAFTED: Manner = Manner { status: 201, place: Some("/api/v1/imports/{id}/draft") };

/// A draft with its revision as ETag.
type Tagged = ([(HeaderName, String); 1], Json<DraftShape>);

fn tagged(draft: DraftShape) -> Tagged {
    ([(header::ETAG, format!("\"{}\"", draft.revision))], Json(draft))
}

fn shown(workspace: &Workspace, draft: &Draft) -> Result<DraftShape> {
    workspace.show_draft(draft)
}

/// Show a draft
///
/// What was detected, what each column may be, what was chosen, and what still has to be said.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/draft", tag = "drafts", params(("id" = String, Path)),
    responses((status = OK, description = "The draft", body = DraftShape, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn show(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Tagged> {
    let id = id_of(&id)?;
    Ok(tagged(blocking(move || shown(&workspace, &workspace.draft(id)?)).await?))
}

/// Change a draft
///
/// A JSON merge patch of its choices: what is named is changed, null is what is usual. With `If-Match` the change is
/// refused if somebody else was faster.
#[utoipa::path(
    patch, path = "/api/v1/imports/{id}/draft", tag = "drafts",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header, description = "The ETag of the draft")),
    request_body(content = Choices),
    responses((status = OK, description = "As it is now", body = DraftShape, headers(("ETag" = String))), Problems)
)]
pub(crate) async fn change(
    Importer(workspace): Importer,
    Path(id): Path<String>,
    headers: HeaderMap,
    sent: Sent<Value>,
) -> Answer<Tagged> {
    let (id, seen, patch) = (id_of(&id)?, revision(&headers)?, sent.value);
    let changed = blocking(move || shown(&workspace, &workspace.change_draft(id, seen, &patch)?)).await?;
    Ok(tagged(changed))
}

/// The revision that a change is made on.
fn revision(headers: &HeaderMap) -> Answer<Option<u64>> {
    let Some(tag) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let tag = tag.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let revision = tag.trim_start_matches("W/").trim_matches('"').parse();
    let unknown = |_| Error::ChangedMeanwhile("If-Match names no revision of a draft".to_owned());
    Ok(Some(revision.map_err(unknown)?))
}

/// Check a draft
///
/// In the background: the import is `checking`, then `ready`. What still has to be said is told at once; a file that
/// cannot be read as it was chosen gives the draft back, with the reason.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/check", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    responses((status = ACCEPTED, description = "Begun", body = shapes::Import), Problems)
)]
pub(crate) async fn check(
    Importer(workspace): Importer,
    State(work): State<Work>,
    Path(id): Path<String>,
    keyed: Keyed,
) -> Answer<Response> {
    let id = id_of(&id)?;
    let answer = keyed.act(workspace, ASKED, &[], move |workspace| workspace.begin_check(id)).await?;
    work.wake();
    Ok(answer)
}

/// Show the plan of a check
///
/// Its counts, how often each issue occurs, and the groups that rows name and the workspace lacks.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/plan", tag = "drafts", params(("id" = String, Path)),
    responses((status = OK, description = "The plan", body = PlanShape), Problems)
)]
pub(crate) async fn plan(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<PlanShape>> {
    let id = id_of(&id)?;
    Ok(Json(blocking(move || workspace.plan(id)).await?))
}

/// Which rows.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichRows {
    /// `plan`: what was foretold; `run`: what became of them. Left out: the newer.
    of: Option<String>,
    /// `created`, `updated`, `unchanged`, `skipped` or `failed`.
    outcome: Option<String>,
    /// The code of an issue they have.
    issue: Option<String>,
    /// Words that a cell holds, without case.
    search: Option<String>,
    /// The `next` of the page before.
    after: Option<u32>,
    /// So many rows of the filter are passed over: for a list that shows any place of many rows at once. Behind `after` if
    /// both are sent.
    offset: Option<u64>,
    /// Rows a page holds: 100 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

impl WhichRows {
    fn filter(self) -> Result<RowFilter> {
        let ran = match self.of.as_deref() {
            None => None,
            Some("plan") => Some(false),
            Some("run") => Some(true),
            Some(_) => return Err(Error::usage("of: it is plan or run", "")),
        };
        let unknown = |name: &str, text: &str| Error::usage(format!("{name}: there is no {text}"), "");
        let outcome = |text: &str| Outcome::parse(text).ok_or_else(|| unknown("outcome", text));
        let issue = |text: &str| IssueCode::parse(text).ok_or_else(|| unknown("issue", text));
        let search = self.search.map(|words| words.trim().to_lowercase()).filter(|words| !words.is_empty());
        Ok(RowFilter {
            ran,
            outcome: self.outcome.as_deref().map(outcome).transpose()?,
            issue: self.issue.as_deref().map(issue).transpose()?,
            search,
            after: self.after.unwrap_or_default(),
            offset: self.offset.unwrap_or_default(),
            most: self.limit.unwrap_or(PAGE).clamp(1, MOST) as usize,
        })
    }
}

/// List the rows of an import
///
/// What each was foretold, or what became of it, with its cells; of updates what they change.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/rows", tag = "imports", params(("id" = String, Path), WhichRows),
    responses((status = OK, description = "A page of rows", body = RowPage), Problems)
)]
pub(crate) async fn rows(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    Query(which): Query<WhichRows>,
) -> Answer<Json<RowPage>> {
    let (id, filter) = (id_of(&id)?, which.filter()?);
    Ok(Json(blocking(move || workspace.rows(id, &filter)).await?))
}

/// How the cells of a column are read.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HowRead {
    /// Cells hold several values, cut at comma and blank. Left out: each is one value.
    several: Option<bool>,
}

/// List the values of a column
///
/// Of the whole file, for a select that is made of the column: those that differ as options do, with how many rows have
/// each. Corrections are applied; blank cells and lines that are nobody do not count.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/columns/{column}/values", tag = "drafts",
    params(
        ("id" = String, Path), ("column" = String, Path, description = "The letters of the column, as in the draft"), HowRead
    ),
    responses((status = OK, description = "Its values", body = ColumnValues), Problems)
)]
pub(crate) async fn values(
    Reader(workspace): Reader,
    Path((id, column)): Path<(String, String)>,
    Query(how): Query<HowRead>,
) -> Answer<Json<ColumnValues>> {
    let (id, several) = (id_of(&id)?, how.several.unwrap_or_default());
    Ok(Json(blocking(move || workspace.column_values(id, &column, several)).await?))
}

/// Corrected cells of an import.
#[derive(Serialize, ToSchema)]
pub(crate) struct Corrections {
    items: Vec<CorrectionShape>,
    /// What to send as `from_row` for the page behind; null on the last one.
    #[schema(required)]
    next: Option<u32>,
}

/// Which corrections.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FromRow {
    /// The first row of the page.
    from_row: Option<u32>,
}

/// List corrections
///
/// By row and column.
#[utoipa::path(
    get, path = "/api/v1/imports/{id}/corrections", tag = "drafts", params(("id" = String, Path), FromRow),
    responses((status = OK, description = "A page of corrections", body = Corrections), Problems)
)]
pub(crate) async fn corrections(
    Reader(workspace): Reader,
    Path(id): Path<String>,
    Query(page): Query<FromRow>,
) -> Answer<Json<Corrections>> {
    let id = id_of(&id)?;
    let items = blocking(move || workspace.corrections(id, page.from_row.unwrap_or_default(), MOST)).await?;
    // A page may end within a row, which then comes again whole.
    let last = items.last().map(|item| item.row).filter(|_| items.len() == MOST as usize);
    let whole = items.iter().filter(|item| Some(item.row) != last || items[0].row == item.row).count();
    let next = last.map(|last| if items[0].row == last { last + 1 } else { last });
    Ok(Json(Corrections { items: items.into_iter().take(whole).collect(), next }))
}

/// Correct cells
///
/// One, or all of a column that hold the same value; or say that a line is a person. The rows it touches, and those of
/// the same people, are answered as they would end now; a check is needed before the import is confirmed.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/corrections", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    request_body(content = NewCorrection),
    responses((status = OK, description = "Corrected", body = Corrected), Problems)
)]
pub(crate) async fn correct(
    Importer(workspace): Importer,
    Path(id): Path<String>,
    keyed: Keyed,
    sent: Sent<NewCorrection>,
) -> Answer<Response> {
    let (id, new) = (id_of(&id)?, sent.value);
    keyed.act(workspace, DONE, &sent.bytes, move |workspace| workspace.correct(id, &new)).await
}

/// Which correction is taken back.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichCorrection {
    /// Left out, all are taken back.
    row: Option<u32>,
    /// The header or the letters of the column; left out with a row, that it is said to be a person.
    column: Option<String>,
    /// Without a row: all cells of the column that were corrected to this.
    value: Option<String>,
}

/// Take corrections back
///
/// One, all of a column to the same value, or all.
#[utoipa::path(
    delete, path = "/api/v1/imports/{id}/corrections", tag = "drafts",
    params(("id" = String, Path), WhichCorrection),
    responses((status = OK, description = "Taken back", body = Corrected), Problems)
)]
pub(crate) async fn take_back(
    Importer(workspace): Importer,
    Path(id): Path<String>,
    Query(which): Query<WhichCorrection>,
) -> Answer<Json<Corrected>> {
    let id = id_of(&id)?;
    let which = match (which.row, which.column, which.value) {
        (Some(row), column, None) => Which::One(row, column),
        (None, Some(column), Some(value)) => Which::Alike(column, value),
        (None, None, None) => Which::All,
        _ => return Err(Error::usage("Corrections are named by row and column, or by column and value", "").into()),
    };
    Ok(Json(blocking(move || workspace.take_corrections_back(id, &which)).await?))
}

/// A confirmation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    /// The plan that is meant, as the import or its plan names it.
    plan: String,
    /// What happens to rows that would end otherwise than was foretold: `name` them in the report, which is usual, or
    /// `pause` before them.
    #[serde(default)]
    on_drift: Option<String>,
}

/// Confirm a plan
///
/// Starts the import, once, however often it is asked. If something changed since the check the answer is `plan_stale`
/// and it is checked again.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/confirm", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    request_body(content = Confirmation),
    responses((status = ACCEPTED, description = "Started", body = shapes::Import), Problems)
)]
pub(crate) async fn confirm(
    Importer(workspace): Importer,
    State(work): State<Work>,
    Path(id): Path<String>,
    keyed: Keyed,
    sent: Sent<Confirmation>,
) -> Answer<Response> {
    let (id, confirmation) = (id_of(&id)?, sent.value);
    let on_drift = match confirmation.on_drift.as_deref() {
        None | Some("name") => OnDrift::Name,
        Some("pause") => OnDrift::Pause,
        Some(_) => return Err(Error::usage("on_drift: it is name or pause", "").into()),
    };
    let confirmed =
        keyed.act(workspace, ASKED, &sent.bytes, move |workspace| workspace.confirm(id, &confirmation.plan, on_drift));
    let answer = confirmed.await;
    // A stale plan is checked again.
    work.wake();
    answer
}

/// Keep a check as a dry run
///
/// What is ready ends here; its result files stay.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/keep", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    responses((status = OK, description = "Kept", body = shapes::Import), Problems)
)]
pub(crate) async fn keep(Importer(workspace): Importer, Path(id): Path<String>, keyed: Keyed) -> Answer<Response> {
    let id = id_of(&id)?;
    keyed.act(workspace, DONE, &[], move |workspace| workspace.keep_as_dry_run(id)).await
}

/// The answer of what made a draft: the draft as it is now.
pub(crate) async fn drafted(workspace: Workspace, told: Told) -> Answer<Response> {
    let Some(id) = recorded(&told) else { return Ok(answer(told)) };
    let draft = blocking(move || shown(&workspace, &workspace.draft(id)?)).await?;
    Ok(answer(Told { body: shapes::json(&draft).to_string().into_bytes(), ..told }))
}
