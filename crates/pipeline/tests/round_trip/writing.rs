//! Writes a table as some program would: encoding, dialect, line ends, titles above and footers below.

use convoke_pipeline::records::{Dialect, Quoting};

use crate::chance::Chance;
use crate::people::Language;

/// A file, and what reading it must give.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
    pub(crate) dialect: Dialect,
    pub(crate) header_row: u32,
    /// From the header on, footers included.
    pub(crate) records: Vec<Vec<String>>,
}

#[derive(Clone, Copy)]
enum Ends {
    Always(&'static str),
    Mixed,
}

pub(crate) fn write(mut table: Vec<Vec<String>>, language: &Language, chance: &mut Chance) -> Written {
    let dialect = Dialect {
        delimiter: chance.of(b",;\t|"),
        quoting: chance.of(&[Quoting::Doubled, Quoting::Doubled, Quoting::Backslash, Quoting::None]),
    };
    let quote_all = chance.percent(30);
    let ends = chance.of(&[Ends::Always("\n"), Ends::Always("\r\n"), Ends::Always("\r"), Ends::Mixed]);
    if dialect.quoting == Quoting::None {
        table.iter_mut().flatten().for_each(|cell| *cell = without_delimiters(cell, dialect.delimiter));
    }
    let width = table[0].len();
    let is_padded = chance.percent(40);
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell, dialect, quote_all)).collect();
        cells.join(&char::from(dialect.delimiter).to_string())
    };
    let mut lines: Vec<String> = Vec::new();
    let titles = if chance.percent(50) { 0 } else { chance.between(1, 5) };
    for _ in 0..titles {
        let title = if chance.percent(30) { "" } else { chance.of(language.titles) };
        lines.push(line(&alone(title, width, is_padded, dialect)));
    }
    let header_row = lines.len() as u32 + 1;
    lines.extend(table.iter().map(|cells| line(cells)));
    let mut records = table;
    if chance.percent(30) {
        let footer = alone(chance.of(language.footers), width, is_padded, dialect);
        lines.push(line(&footer));
        records.push(footer);
    }
    let ends_at_last = chance.percent(80);
    let text = joined(&lines, ends, ends_at_last, chance);
    let (encoding, bytes) = encoded(&text, language, chance);
    Written { bytes, text, encoding, dialect, header_row, records }
}

/// A line of a single text, as typed or as a spreadsheet saves it.
fn alone(text: &str, width: usize, is_padded: bool, dialect: Dialect) -> Vec<String> {
    let text = if dialect.quoting == Quoting::None { without_delimiters(text, dialect.delimiter) } else { text.into() };
    let mut cells = vec![text];
    cells.resize(if is_padded { width } else { 1 }, String::new());
    cells
}

fn without_delimiters(cell: &str, delimiter: u8) -> String {
    cell.replace([char::from(delimiter), '\n'], " ")
}

fn quoted(cell: &str, dialect: Dialect, always: bool) -> String {
    let is_needed = |c: char| c == char::from(dialect.delimiter) || matches!(c, '"' | '\n' | '\r');
    match dialect.quoting {
        Quoting::None => cell.to_owned(),
        _ if !always && !cell.contains(is_needed) => cell.to_owned(),
        Quoting::Doubled | Quoting::Padded => format!("\"{}\"", cell.replace('"', "\"\"")),
        Quoting::Backslash => format!("\"{}\"", cell.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn joined(lines: &[String], ends: Ends, ends_at_last: bool, chance: &mut Chance) -> String {
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text.push_str(line);
        let is_before_blank = lines.get(number + 1).is_some_and(String::is_empty);
        if number + 1 < lines.len() || ends_at_last {
            text.push_str(match ends {
                Ends::Always(end) => end,
                // A lone CR before an empty line with LF would be one line end.
                Ends::Mixed if is_before_blank || line.is_empty() => "\r\n",
                Ends::Mixed => chance.of(&["\n", "\r\n", "\r"]),
            });
        }
    }
    text
}

fn encoded(text: &str, language: &Language, chance: &mut Chance) -> (&'static str, Vec<u8>) {
    if chance.percent(65) {
        let label = chance.of(language.encodings);
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label of the standard");
        let (bytes, _, has_unmappable) = encoding.encode(text);
        if !has_unmappable {
            return (label, bytes.into_owned());
        }
    }
    let mark = if chance.percent(50) { "\u{FEFF}" } else { "" };
    let marked = format!("{mark}{text}");
    let units = || marked.encode_utf16();
    match chance.between(0, 8) {
        0 => ("utf-16le", units().flat_map(u16::to_le_bytes).collect()),
        1 => ("utf-16be", units().flat_map(u16::to_be_bytes).collect()),
        2 => ("utf-32le", marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
        3 => ("utf-32be", marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect()),
        _ => ("utf-8", marked.into_bytes()),
    }
}
