//! One request of an operation as a command line.

use serde_json::Value;

use super::{Operation, shapes, text};

/// A command that can be pasted once `$CONVOKE`, `$TOKEN` and what else it names are set.
pub(super) fn example(document: &Value, operation: &Operation<'_>) -> String {
    let mut lines = vec!["curl --fail-with-body".to_owned()];
    let method = operation.method.to_ascii_uppercase();
    let body = &operation.of["requestBody"]["content"];
    if method != "GET" && (method != "POST" || body.is_null()) {
        lines[0] += &format!(" -X {method}");
    }
    if !operation.is_open() {
        lines.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
    }
    let takes_key = operation.parameters().any(|parameter| parameter["name"] == "Idempotency-Key");
    if takes_key {
        lines.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
    }
    if let Some(json) = body.get("application/json") {
        lines.push("-H \"Content-Type: application/json\"".to_owned());
        lines.push(format!("-d '{}'", shapes::example(document, &json["schema"], 0)));
    } else if !body.is_null() {
        lines.push("--data-binary @people.csv".to_owned());
    }
    let query: Vec<_> = operation.parameters().filter(|of| of["in"] == "query").filter_map(said).collect();
    let mut path = operation.path.to_owned();
    for parameter in operation.parameters().filter(|of| of["in"] == "path") {
        let name = text(&parameter["name"]);
        let value = match (name, &parameter["schema"]["enum"][0]) {
            (_, Value::String(first)) => first.clone(),
            ("record_type", _) => "advocates".to_owned(),
            ("file", _) => "results".to_owned(),
            _ => format!("${}", name.to_ascii_uppercase()),
        };
        path = path.replace(&format!("{{{name}}}"), &value);
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    lines.push(format!("\"$CONVOKE{path}{query}\""));
    lines.join(" \\\n  ")
}

/// A parameter behind the question mark, if an example needs it.
fn said(parameter: &Value) -> Option<String> {
    let name = text(&parameter["name"]);
    match name {
        "as" => Some(format!("{name}=advocates")),
        _ if parameter["required"] == true => Some(format!("{name}=…")),
        _ => None,
    }
}
