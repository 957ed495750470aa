//! Shapes of the document as words, tables and examples.

use serde_json::{Map, Value, json};

use super::html::{escaped, prose};
use super::text;

const PREFIX: &str = "#/components/schemas/";
/// Shapes inside of shapes that an example shows.
const DEEPEST: u32 = 4;

/// Where a shape is explained.
pub(super) fn anchor(name: &str) -> String {
    format!("shape-{name}")
}

/// A type in words, shapes as links.
pub(super) fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(PREFIX)) {
        return format!("<a href=\"#{}\">{}</a>", anchor(name), escaped(name));
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[key].as_array() {
            return all.iter().map(type_of).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().map(|value| format!("<code>{}</code>", escaped(text(value))));
        return values.collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::Array(types) => {
            let one = |of: &Value| simple(text(of), schema);
            types.iter().map(one).collect::<Vec<_>>().join(" or ")
        }
        Value::String(of) => simple(of, schema),
        _ => "anything".to_owned(),
    }
}

fn simple(of: &str, schema: &Value) -> String {
    match of {
        "array" => format!("list of {}", type_of(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("object of {}", type_of(&schema["additionalProperties"]))
        }
        "boolean" => "yes or no".to_owned(),
        "string" if schema["format"] == "date-time" => "time".to_owned(),
        "string" => "text".to_owned(),
        "integer" => "whole number".to_owned(),
        other => escaped(other),
    }
}

/// Every shape with its parts.
pub(super) fn section(document: &Value) -> String {
    let all = document["components"]["schemas"].as_object().into_iter().flatten();
    let shapes: String = all.map(|(name, schema)| shape(name, schema)).collect();
    format!("<section id=\"shapes\"><h2>shapes</h2>{shapes}</section>")
}

fn shape(name: &str, schema: &Value) -> String {
    let (anchor, about) = (anchor(name), prose(text(&schema["description"])));
    let heading = format!("<article id=\"{anchor}\"><h3><a href=\"#{anchor}\">{}</a></h3>{about}", escaped(name));
    let Some(properties) = schema["properties"].as_object() else {
        return format!("{heading}<p>{}</p></article>", type_of(schema));
    };
    let is_needed = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let rows = properties.iter().map(|(name, of)| {
        let may_miss = if is_needed(name) { "" } else { " <em>may be left out</em>" };
        let (kind, about) = (type_of(of), prose(text(&of["description"])));
        format!("<tr><th scope=\"row\"><code>{}</code>{may_miss}<td>{kind}<td>{about}", escaped(name))
    });
    format!(
        "{heading}<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th>Key<th>Type<th>Meaning</tr></thead><tbody>{}</tbody></table></div></article>",
        rows.collect::<String>()
    )
}

/// A value that fits a shape: what is needed, and what has an example.
pub(super) fn example(document: &Value, schema: &Value, depth: u32) -> Value {
    if let Some(found) = schema.get("example").or_else(|| schema["examples"].get(0)) {
        return found.clone();
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(PREFIX)) {
        return example(document, &document["components"]["schemas"][name], depth + 1);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    let of = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str)).unwrap_or_default();
    match of {
        "object" if depth < DEEPEST => {
            let is_needed =
                |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
            let properties = schema["properties"].as_object().into_iter().flatten();
            let shown = properties.filter(|(name, of)| is_needed(name) || of.get("example").is_some());
            let shown: Map<_, _> = shown.map(|(name, of)| (name.clone(), example(document, of, depth + 1))).collect();
            // Where nothing is needed the first one shows how it is said.
            match schema["properties"].as_object().and_then(|all| all.iter().next()) {
                Some((name, of)) if shown.is_empty() => json!({ name.as_str(): example(document, of, depth + 1) }),
                _ => Value::Object(shown),
            }
        }
        "array" if depth < DEEPEST => json!([example(document, &schema["items"], depth + 1)]),
        "array" => json!([]),
        "boolean" => json!(true),
        "integer" | "number" => json!(1),
        "string" => json!("…"),
        _ => Value::Null,
    }
}
