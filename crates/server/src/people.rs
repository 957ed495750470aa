//! People listed, shown and exported, and the templates their files are made from.

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use convoke_app::Error;
use convoke_app::directory::pages::Page;
use convoke_app::directory::people::{AskedPeople, Which, record_type};
use convoke_app::directory::person::Person;
use convoke_app::people::id::PersonId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{Exporter, Reader};
use crate::address::{Path, Query, id_of};
use crate::blocking::blocking;
use crate::files::{attachment, download};
use crate::listing::RecordTypes;
use crate::problem::{Answer, Problems};

/// Which people.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// What they are.
    #[param(inline, value_type = RecordTypes)]
    r#as: String,
    /// Only those in this group: its id or its name.
    group: Option<String>,
    /// Only those with this tag: its id or its name.
    tag: Option<String>,
    /// Only those that this import created.
    import: Option<String>,
    /// Only whoever has this e-mail address (of creators: platform and handle, `instagram/anna`), in whatever case.
    identity: Option<String>,
    /// Only those who have this somewhere in their name, company or e-mail address (of creators also in platform and handle,
    /// `instagram/anna`), in whatever case.
    search: Option<String>,
    /// People a page holds: 50 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// How people are written.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    Csv,
    Ndjson,
}

/// What an export holds.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// What they are.
    #[param(inline, value_type = RecordTypes)]
    r#as: String,
    /// `csv`, which imports again without changing anybody, or `ndjson`: one JSON object a line.
    #[param(inline)]
    format: Option<ExportFormat>,
    /// Only those in this group: its id or its name.
    group: Option<String>,
    /// Only those with this tag: its id or its name.
    tag: Option<String>,
    /// Only those that this import created.
    import: Option<String>,
    /// Only whoever has this e-mail address, or platform and handle.
    identity: Option<String>,
    /// Only those that a list of people finds by this.
    search: Option<String>,
}

/// How a template is written.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TemplateFormat {
    Csv,
    Xlsx,
}

/// Which template.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplateQuery {
    /// `csv`, or `xlsx`: an Excel workbook with notes on the columns.
    #[param(inline)]
    format: Option<TemplateFormat>,
}

/// List people
///
/// By the order in which they came, with the names of their groups, tags and custom fields.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "people", params(PeopleQuery),
    responses((status = OK, description = "A page", body = Page<Person>), Problems)
)]
pub(crate) async fn list(Reader(workspace): Reader, Query(query): Query<PeopleQuery>) -> Answer<Json<Page<Person>>> {
    let PeopleQuery { r#as: of, group, tag, import, identity, search, limit, after } = query;
    let asked = AskedPeople { of, which: Which { group, tag, import, identity, search }, limit, after };
    Ok(Json(blocking(move || workspace.people_page(&asked)).await?))
}

/// Show a person
#[utoipa::path(
    get, path = "/api/v1/people/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = OK, description = "The person", body = Person), Problems)
)]
pub(crate) async fn show(Reader(workspace): Reader, Path(id): Path<String>) -> Answer<Json<Person>> {
    let id: PersonId = id_of(&id)?;
    Ok(Json(blocking(move || workspace.person(id)).await?))
}

/// Export people
///
/// All people of a type, or some of them, sent while they are read.
#[utoipa::path(
    get, path = "/api/v1/people/export", tag = "people", params(ExportQuery),
    responses(
        (status = OK, description = "The file", content((String = "text/csv"), (String = "application/x-ndjson"))),
        Problems
    )
)]
pub(crate) async fn export(Exporter(workspace): Exporter, Query(query): Query<ExportQuery>) -> Answer<Response> {
    let ExportQuery { r#as: of, format, group, tag, import, identity, search } = query;
    let (of, format) = (record_type(&of)?, format.unwrap_or(ExportFormat::Csv));
    let which = Which { group, tag, import, identity, search };
    let (workspace, filter) = blocking(move || {
        let filter = workspace.people_to_export(of, &which)?;
        Ok((workspace, filter))
    })
    .await?;
    let body = download(move |out| match format {
        ExportFormat::Csv => workspace.export_csv(of, &filter, out),
        ExportFormat::Ndjson => workspace.export_ndjson(of, &filter, out),
    })
    .await?;
    let (kind, ending) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    Ok(file(body.into_response(), kind, &format!("{}.{ending}", of.plural())))
}

/// Download a template
///
/// The columns of a record type with the custom fields of the workspace, and one example row that is not imported.
#[utoipa::path(
    get, path = "/api/v1/templates/{record_type}", tag = "people", params(("record_type" = inline(RecordTypes), Path), TemplateQuery),
    responses((status = OK, description = "The file", content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), Problems)
)]
pub(crate) async fn template(
    Reader(workspace): Reader,
    Path(of): Path<String>,
    Query(query): Query<TemplateQuery>,
) -> Answer<Response> {
    let of = record_type(&of).map_err(|_| Error::NotFound {
        message: format!("There is no template of {of}"),
        hint: "There are creators, prospects and advocates.".to_owned(),
    })?;
    let format = query.format.unwrap_or(TemplateFormat::Csv);
    let written = blocking(move || {
        let mut written = Vec::new();
        match format {
            TemplateFormat::Csv => workspace.write_template(of, &mut written)?,
            TemplateFormat::Xlsx => workspace.write_template_workbook(of, &mut written)?,
        }
        Ok(written)
    });
    let (kind, ending) = match format {
        TemplateFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        TemplateFormat::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    Ok(file(written.await?.into_response(), kind, &format!("{}-template.{ending}", of.plural())))
}

fn file(mut response: Response, kind: &'static str, name: &str) -> Response {
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, attachment(name));
    response
}
