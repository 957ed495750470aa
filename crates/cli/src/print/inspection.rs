//! What `inspect` prints: how the file is read, how sure that is, and each column with a suggestion and samples.

use std::fmt::Write as _;

use convoke_app::imports::{InspectedColumn, Inspection, Second};
use convoke_app::pipeline::mapping::column_letters;
use convoke_app::pipeline::suggesting::Why;
use serde_json::{Value, json};

use super::json::line;
use super::numbers::{counted, grouped, size};
use super::reading::{blank_formulas, delimiter_name, how_read};
use super::style::{Mood, Style};
use super::table::{add, table, text as table_text};
use super::{cut, plain};

/// Columns listed; JSON has all.
const COLUMNS: usize = 60;
/// Characters of a sample, and of a header.
const SAMPLE: usize = 24;
const HEADER: usize = 40;

/// For people.
pub(crate) fn text(found: &Inspection) -> String {
    let style = Style::of_stdout();
    let source = &found.source;
    let (rows, columns) = (found.records, found.columns.len() as u64);
    let shape = format!("{}, {}", counted(rows, "row", "rows"), counted(columns, "column", "columns"));
    let mut text = style.paint(Mood::Strong, &plain(&found.file_name));
    let _ = writeln!(text, "  {shape}, {}", size(source.bytes));
    let seems = if found.is_type_guessed { "; its columns are most like those of " } else { "; as " };
    let how = format!("{}{seems}{}", how_read(source), found.record_type.plural());
    let _ = writeln!(text, "{}", style.paint(Mood::Faint, &how));
    if let Some(sentence) = blank_formulas(source) {
        let _ = writeln!(text, "{}", style.paint(Mood::Warning, &sentence));
    }
    text.push('\n');
    let mut facts = table(&["", "", "certainty", "or else"]);
    if let Some(encoding) = &source.encoding {
        fact(&mut facts, "encoding", encoding.clone(), &source.detected.encoding, Clone::clone);
    }
    if let Some(delimiter) = &source.delimiter {
        let name = |text: &String| delimiter_name(text).to_owned();
        fact(&mut facts, "delimiter", name(delimiter), &source.detected.delimiter, name);
    }
    if let Some(sheet) = &source.sheet {
        let others: Vec<_> = found.sheets.iter().filter(|name| *name != sheet).map(|name| cut(name, HEADER)).collect();
        add(&mut facts, ["sheet".to_owned(), sheet.clone(), String::new(), others.join(", ")]);
    }
    let row = |row: &u32| match row {
        0 => "none".to_owned(),
        row => format!("row {}", grouped((*row).into())),
    };
    fact(&mut facts, "header", row(&source.header_row), &source.detected.header_row, row);
    text.push_str(&table_text(&facts));
    text.push('\n');
    let mut list = table(&["Column", "Header", "Field", "Certainty", "Samples"]);
    for (place, column) in found.columns.iter().enumerate().take(COLUMNS) {
        add(&mut list, [column_letters(place), header(column), field(column), certainty(column), samples(column)]);
    }
    text.push_str(&table_text(&list));
    if found.columns.len() > COLUMNS {
        let _ = writeln!(text, "… and {} more (--json lists all)", found.columns.len() - COLUMNS);
    }
    text
}

fn fact<T>(facts: &mut comfy_table::Table, what: &str, value: String, second: &Second<T>, name: impl Fn(&T) -> String) {
    let or_else = second.runner_up.as_ref().map(name).unwrap_or_default();
    add(facts, [what.to_owned(), value, format!("{} %", second.certainty), or_else]);
}

fn header(column: &InspectedColumn) -> String {
    if column.header.is_empty() { "(nameless)".to_owned() } else { cut(&column.header, HEADER) }
}

fn field(column: &InspectedColumn) -> String {
    match (&column.label, column.suggestion.why) {
        (None, _) => "–".to_owned(),
        (Some(label), Why::Similar | Why::Samples) => format!("{label}?"),
        (Some(label), _) => label.clone(),
    }
}

fn certainty(column: &InspectedColumn) -> String {
    match column.label {
        None => String::new(),
        Some(_) => format!("{} %, by {}", column.suggestion.certainty, why(column.suggestion.why)),
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::Exact => "name",
        Why::Synonym => "synonym",
        Why::Remembered => "earlier choice",
        Why::Similar => "likeness",
        Why::Samples => "its values",
        Why::None => "nothing",
    }
}

fn samples(column: &InspectedColumn) -> String {
    column.samples.iter().map(|sample| cut(sample, SAMPLE)).collect::<Vec<_>>().join(" | ")
}

/// For programs: one line.
pub(crate) fn json(found: &Inspection) -> String {
    let source = &found.source;
    let columns = found.columns.iter().enumerate().map(|(place, column)| {
        json!({
            "column": column_letters(place),
            "header": column.header,
            "suggestion": column.label,
            "certainty": column.suggestion.certainty,
            "by": key(column.suggestion.why),
            "samples": column.samples,
        })
    });
    line(&json!({
        "file": {
            "name": found.file_name,
            "bytes": source.bytes,
            "sha256": source.sha256,
            "format": source.format,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "quoting": source.encoding.as_ref().map(|_| source.quoting),
            "sheet": source.sheet,
            "sheets": found.sheets,
            "blank_formulas": source.blank_formulas,
            "header_row": source.header_row,
        },
        "certainty": {
            "encoding": second(&source.detected.encoding),
            "delimiter": second(&source.detected.delimiter),
            "header_row": second(&source.detected.header_row),
        },
        "rows": found.records,
        "record_type": found.record_type.key(),
        "record_type_guessed": found.is_type_guessed,
        "columns": columns.collect::<Vec<_>>(),
    }))
}

fn second<T>(second: &Second<T>) -> Value
where
    Value: From<Option<T>>,
    T: Clone,
{
    json!({"percent": second.certainty, "runner_up": Value::from(second.runner_up.clone())})
}

fn key(why: Why) -> Option<&'static str> {
    match why {
        Why::Exact => Some("name"),
        Why::Synonym => Some("synonym"),
        Why::Remembered => Some("remembered"),
        Why::Similar => Some("similarity"),
        Why::Samples => Some("samples"),
        Why::None => None,
    }
}
