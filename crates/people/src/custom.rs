//! Custom fields: defined per record type before an import uses them. Their values are kept as lists of text in
//! canonical form (numbers plain decimal, dates ISO 8601, yes/no as `yes` and `no`), by field id, as one JSON text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::id::FieldId;
use crate::record_type::RecordType;

/// What a value of a custom field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomKind {
    Text,
    SingleSelect,
    MultiSelect,
    Number,
    Date,
    YesNo,
}

impl CustomKind {
    pub const ALL: [Self; 6] =
        [Self::Text, Self::SingleSelect, Self::MultiSelect, Self::Number, Self::Date, Self::YesNo];

    pub fn code(self) -> i64 {
        self as i64 + 1
    }

    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::SingleSelect => "single_select",
            Self::MultiSelect => "multi_select",
            Self::Number => "number",
            Self::Date => "date",
            Self::YesNo => "yes_no",
        }
    }

    /// Reads the key, with `-`, `/` or a blank for `_`, and the short forms `select` and `multi`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace(['-', '/', ' '], "_");
        match text.as_str() {
            "select" | "single" | "picklist" => Some(Self::SingleSelect),
            "multi" | "multiselect" | "multiple_select" => Some(Self::MultiSelect),
            "bool" | "boolean" => Some(Self::YesNo),
            _ => Self::ALL.into_iter().find(|kind| kind.key() == text),
        }
    }

    pub fn has_options(self) -> bool {
        matches!(self, Self::SingleSelect | Self::MultiSelect)
    }
}

/// A custom field of a record type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    pub id: FieldId,
    pub record_type: RecordType,
    pub name: String,
    pub kind: CustomKind,
    /// Takes several values, split at comma and space.
    pub multiple: bool,
    /// Shown to the person it is about.
    pub shown: bool,
    /// The choices of a select, in their order.
    pub options: Vec<String>,
}

/// Longest name of a custom field, in characters.
pub const MAX_FIELD_NAME_CHARS: usize = 64;

/// Values by field id; a field without values is absent.
pub type CustomValues = BTreeMap<i64, Vec<String>>;

/// Reads what [`write_custom`] wrote, or the same document in another layout.
pub fn read_custom(json: &str) -> CustomValues {
    let parsed: BTreeMap<String, Vec<String>> = serde_json::from_str(json).unwrap_or_default();
    parsed.into_iter().filter_map(|(id, values)| Some((id.parse().ok()?, values))).collect()
}

/// Writes the one canonical text of these values, the one PostgreSQL's JSONB shows too: keys by length, then by
/// bytes (for positive numbers: ascending), a blank behind colon and comma. Equal values are equal text on both
/// databases.
pub fn write_custom(values: &CustomValues) -> Option<String> {
    let mut json = String::new();
    for (id, list) in values {
        let mut array = String::new();
        list.iter().for_each(|value| push_json_value(&mut array, value));
        array.push(']');
        push_json_field(&mut json, *id, &array);
    }
    if json.is_empty() {
        return None;
    }
    json.push('}');
    Some(json)
}

/// Appends a field, by ascending id, and its array; the caller closes the object.
pub fn push_json_field(json: &mut String, id: i64, array: &str) {
    let open = if json.is_empty() { "{" } else { ", " };
    let _ = write!(json, "{open}\"{id}\": {array}");
}

/// Appends a value to an array; the caller closes it.
pub fn push_json_value(array: &mut String, value: &str) {
    array.push_str(if array.is_empty() { "[" } else { ", " });
    push_json_string(array, value);
}

/// Appends a JSON string as PostgreSQL's JSONB prints it.
fn push_json_string(json: &mut String, value: &str) {
    json.push('"');
    if value.bytes().all(|b| b >= 0x20 && b != b'"' && b != b'\\') {
        json.push_str(value);
    } else {
        for c in value.chars() {
            match c {
                '"' => json.push_str("\\\""),
                '\\' => json.push_str("\\\\"),
                '\n' => json.push_str("\\n"),
                '\r' => json.push_str("\\r"),
                '\t' => json.push_str("\\t"),
                '\u{8}' => json.push_str("\\b"),
                '\u{c}' => json.push_str("\\f"),
                c if (c as u32) < 0x20 => {
                    let _ = write!(json, "\\u{:04x}", c as u32);
                }
                c => json.push(c),
            }
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_values_read_back_from_their_text() {
        let values: CustomValues =
            [(2, vec!["Gold".to_owned()]), (4_294_967_297, vec!["a \"b\"\\\n\u{1}".to_owned(), "ü".to_owned()])].into();
        let json = write_custom(&values).expect("not empty");
        assert_eq!(json, "{\"2\": [\"Gold\"], \"4294967297\": [\"a \\\"b\\\"\\\\\\n\\u0001\", \"ü\"]}");
        assert_eq!(read_custom(&json), values);
        assert_eq!(write_custom(&CustomValues::new()), None);
    }
}
