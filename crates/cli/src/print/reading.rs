//! How a file was read, in one line.

use convoke_app::imports::{Quote, Second, SourceInfo};

use super::numbers::{counted, grouped};
use super::plain;

/// "CSV, Windows-1252, semicolon, header in row 4": with what it may be instead, where that is nearly as likely.
pub(crate) fn how_read(source: &SourceInfo) -> String {
    let detected = &source.detected;
    let mut parts = vec![source.format.to_uppercase()];
    parts.extend(source.encoding.as_ref().map(|name| or_else(name.clone(), &detected.encoding, Clone::clone)));
    parts.extend(source.delimiter.as_ref().map(|text| {
        or_else(delimiter_name(text).to_owned(), &detected.delimiter, |other| delimiter_name(other).to_owned())
    }));
    parts.extend(match source.quoting {
        Quote::Doubled => None,
        Quote::Padded => Some("blanks before quotes".to_owned()),
        Quote::Backslash => Some("quotes behind backslashes".to_owned()),
        Quote::None => Some("quotes as text".to_owned()),
    });
    parts.extend(source.sheet.as_ref().map(|sheet| format!("sheet {}", plain(sheet))));
    if source.blank_formulas > 0 {
        parts.push(format!("{} without a value", counted(source.blank_formulas, "formula", "formulas")));
    }
    let header = match source.header_row {
        0 => "no header".to_owned(),
        row => format!("header in row {}", grouped(row.into())),
    };
    parts.push(or_else(header, &detected.header_row, |row| grouped((*row).into())));
    parts.join(", ")
}

/// What whoever imports has to know of formulas that were never computed: they look as if the file had no values there.
pub(crate) fn blank_formulas(source: &SourceInfo) -> Option<String> {
    let what = match source.blank_formulas {
        0 => return None,
        1 => "1 formula has no stored value and was".to_owned(),
        number => format!("{} formulas have no stored value and were", grouped(number)),
    };
    Some(format!("{what} read as blank; open the file in a spreadsheet program, save it, and import that"))
}

/// Below this certainty, in percent, the runner-up is named.
pub(crate) const DOUBTFUL: u8 = 50;

fn or_else<T>(name: String, second: &Second<T>, other: impl Fn(&T) -> String) -> String {
    match &second.runner_up {
        Some(runner_up) if second.certainty < DOUBTFUL => format!("{name} (or {}?)", other(runner_up)),
        _ => name,
    }
}

pub(crate) fn delimiter_name(delimiter: &str) -> &str {
    match delimiter {
        "," => "comma",
        ";" => "semicolon",
        "\t" => "tab",
        "|" => "pipe",
        other => other,
    }
}
