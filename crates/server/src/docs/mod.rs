//! The page about the API: made from its document once, when the server starts. HTML and a style sheet of ours, no script,
//! nothing from elsewhere, so that it works offline and under a strict policy.

mod curl;
mod html;
mod shapes;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::{Map, Value};

use self::html::{escaped, prose};
use self::shapes::{anchor, type_of};
use crate::document::document;

/// What of the page may be loaded: its style sheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("style.css");
const METHODS: [&str; 5] = ["get", "post", "patch", "put", "delete"];

/// The page and its style sheet.
pub(crate) fn pages<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let page = Bytes::from(page(&serde_json::to_value(document()).unwrap_or_default()));
    let html = move || async move {
        let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, POLICY)];
        (headers, page).into_response()
    };
    let style = async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE);
    Router::new().route("/docs/api", get(html)).route("/docs/api.css", get(style))
}

/// An operation and where it is.
pub(super) struct Operation<'d> {
    pub(super) method: &'d str,
    pub(super) path: &'d str,
    pub(super) of: &'d Value,
}

impl<'d> Operation<'d> {
    fn all(document: &'d Value) -> Vec<Self> {
        let paths = document["paths"].as_object().into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| Some(Self { method, path, of: item.get(method)? }))
        });
        operations.collect()
    }

    fn is_of(&self, tag: &str) -> bool {
        self.of["tags"].as_array().is_some_and(|tags| tags.iter().any(|found| found == tag))
    }

    /// Its anchor: verb and path, in letters and hyphens.
    fn anchor(&self) -> String {
        let path = self.path.trim_start_matches("/api/v1").to_ascii_lowercase();
        let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.fold(self.method.to_owned(), |anchor, word| anchor + "-" + word)
    }

    fn summary(&self) -> &'d str {
        text(&self.of["summary"])
    }

    pub(super) fn is_open(&self) -> bool {
        self.of["security"].as_array().is_some_and(|ways| ways.iter().all(|way| way == &Value::Object(Map::new())))
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &'d Value> {
        self.of["parameters"].as_array().into_iter().flatten()
    }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn page(document: &Value) -> String {
    let (info, operations) = (&document["info"], Operation::all(document));
    let title = format!("{} API", text(&info["title"]));
    let tags: Vec<_> = document["tags"].as_array().into_iter().flatten().collect();
    let mut contents = String::new();
    let mut sections = String::new();
    for tag in &tags {
        let name = text(&tag["name"]);
        let of_tag: Vec<_> = operations.iter().filter(|operation| operation.is_of(name)).collect();
        if of_tag.is_empty() {
            continue;
        }
        contents += &format!("<li><a href=\"#{name}\">{}</a><ul>", escaped(name));
        sections += &format!("<section id=\"{name}\"><h2>{}</h2>{}", escaped(name), prose(text(&tag["description"])));
        for operation in of_tag {
            let (anchor, summary) = (operation.anchor(), escaped(operation.summary()));
            contents += &format!("<li><a href=\"#{anchor}\">{summary}</a></li>");
            sections += &section(document, operation);
        }
        contents += "</ul></li>";
        sections += "</section>";
    }
    contents += "<li><a href=\"#shapes\">shapes</a></li><li><a href=\"#problems\">problems</a></li>";
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"stylesheet\" href=\"/docs/api.css\"></head><body><a class=\"skip\" href=\"#content\">Skip to the content</a>\
         <nav aria-label=\"Operations\"><details open><summary>{title}</summary><ul>{contents}</ul></details></nav>\
         <main id=\"content\"><h1>{title} <small>{version}</small></h1>{intro}{sections}{shapes}{problems}</main></body></html>",
        title = escaped(&title),
        version = escaped(text(&info["version"])),
        intro = intro(text(&info["description"])),
        shapes = shapes::section(document),
        problems = problems(document),
    )
}

fn intro(description: &str) -> String {
    format!(
        "{}<p>A token names its workspace, so no request does: <code>Authorization: Bearer cvk_…</code>. The examples take it \
         from <code>$TOKEN</code>, and the address of the server from <code>$CONVOKE</code>. The same in one document for \
         programs: <a href=\"/api/v1/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>",
        prose(description)
    )
}

fn section(document: &Value, operation: &Operation<'_>) -> String {
    let (anchor, method) = (operation.anchor(), operation.method);
    let mut html = format!(
        "<article id=\"{anchor}\"><h3><a href=\"#{anchor}\">{}</a></h3>\
         <p class=\"route\"><span class=\"method {method}\">{}</span> <code>{}</code>{}</p>{}",
        escaped(operation.summary()),
        method.to_ascii_uppercase(),
        escaped(operation.path).replace('/', "<wbr>/"),
        if operation.is_open() { " <span class=\"open\">without a token</span>" } else { "" },
        prose(text(&operation.of["description"])),
    );
    let rows: String = operation.parameters().map(parameter).collect();
    if !rows.is_empty() {
        html += &table("Parameters", "<th>Name<th>In<th>Type<th>Meaning", &rows);
    }
    html += &body(operation);
    html += &answers(operation);
    html +=
        &format!("<h4>Example</h4><pre><code>{}</code></pre></article>", escaped(&curl::example(document, operation)));
    html
}

fn table(heading: &str, columns: &str, rows: &str) -> String {
    format!(
        "<h4>{heading}</h4><div class=\"wide\" tabindex=\"0\"><table class=\"{heading}\"><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn parameter(parameter: &Value) -> String {
    let needed = if parameter["required"] == true { " <em>needed</em>" } else { "" };
    format!(
        "<tr><th scope=\"row\"><code>{}</code>{needed}<td>{}<td>{}<td>{}",
        escaped(text(&parameter["name"])),
        escaped(text(&parameter["in"])),
        type_of(&parameter["schema"]),
        prose(text(&parameter["description"])),
    )
}

/// The shapes of a body or an answer, by media type.
fn contents(of: &Value) -> String {
    let all = of["content"].as_object().into_iter().flatten();
    let one = |(media_type, content): (&String, &Value)| match &content["schema"] {
        schema if media_type == "application/json" && !schema.is_null() => type_of(schema),
        _ => format!("<code>{}</code>", escaped(media_type)),
    };
    all.map(one).collect::<Vec<_>>().join(" or ")
}

fn body(operation: &Operation<'_>) -> String {
    match &operation.of["requestBody"] {
        Value::Null => String::new(),
        body => format!("<h4>Body</h4><p>{}</p>", contents(body)),
    }
}

/// Answers that tell no problem; those are the same everywhere.
fn answers(operation: &Operation<'_>) -> String {
    let all = operation.of["responses"].as_object().into_iter().flatten();
    let good: Vec<_> = all.filter(|(status, _)| !is_problem(status)).collect();
    let has_problems = operation.of["responses"].as_object().is_some_and(|all| all.len() > good.len());
    let rows: String = good
        .iter()
        .map(|(status, answer)| {
            let headers = answer["headers"].as_object().into_iter().flatten();
            let headers: String = headers.map(|(name, _)| format!(" <code>{}</code>", escaped(name))).collect();
            let (meaning, shape) = (prose(text(&answer["description"])), contents(answer));
            format!("<tr><th scope=\"row\">{status}<td>{meaning}<td>{shape}<td>{headers}")
        })
        .collect();
    let rest = if has_problems { "<p>Or a <a href=\"#problems\">problem</a>.</p>" } else { "" };
    table("Answers", "<th>Status<th>Meaning<th>Shape<th>Headers", &rows) + rest
}

fn is_problem(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

/// What every operation may answer instead.
fn problems(document: &Value) -> String {
    let operations = Operation::all(document);
    let mut all = Map::new();
    for operation in &operations {
        let responses = operation.of["responses"].as_object().into_iter().flatten();
        for (status, answer) in responses.filter(|(status, _)| is_problem(status)) {
            all.entry(status.clone()).or_insert_with(|| answer["description"].clone());
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    let rows = all.iter().map(|(status, when)| format!("<tr><th scope=\"row\">{status}<td>{}", prose(text(when))));
    format!(
        "<section id=\"problems\"><h2>problems</h2><p>Every error is a <a href=\"#{}\">Problem</a> (RFC 9457, \
         <code>application/problem+json</code>). Programs look at its <code>code</code>, which stays the same for ever; \
         <code>detail</code> and <code>hint</code> are for people.</p>{}</section>",
        anchor("Problem"),
        table("Statuses", "<th>Status<th>When", &rows.collect::<String>())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_anchor_of_its_own_and_an_example() {
        let document = serde_json::to_value(document()).expect("a document");
        let html = page(&document);
        let operations = Operation::all(&document);
        assert!(operations.len() > 30, "{}", operations.len());
        for operation in &operations {
            let anchor = format!("<article id=\"{}\">", operation.anchor());
            assert_eq!(html.matches(&anchor).count(), 1, "{} {}", operation.method, operation.path);
        }
        assert_eq!(html.matches("<h4>Example</h4>").count(), operations.len());
    }

    #[test]
    fn every_link_inside_the_page_leads_somewhere() {
        let html = page(&serde_json::to_value(document()).expect("a document"));
        let links = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links {
            assert!(html.contains(&format!("id=\"{link}\"")), "#{link}");
        }
    }

    #[test]
    fn nothing_of_the_page_runs_and_nothing_comes_from_elsewhere() {
        let html = page(&serde_json::to_value(document()).expect("a document"));
        for forbidden in ["<script", "style=\"", "<style", "onclick", "http://", "https://"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
