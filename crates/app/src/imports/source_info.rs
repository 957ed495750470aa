//! How a file was read, as it is stored with the import: enough to read it again in the same way.

use convoke_pipeline::decoding::TextEncoding;
use convoke_pipeline::recipe::Form;
use convoke_pipeline::records::{Dialect, Position, Quoting};
use convoke_pipeline::source::{Guess, Hints, Source};
use convoke_pipeline::workbook::{SheetInfo, WorkbookKind};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::files::Stored;

/// How the bytes of an upload became text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv { encoding: TextEncoding, guess: Guess<TextEncoding> },
    Workbook { kind: WorkbookKind, sheet: SheetInfo },
}

impl Format {
    /// Whether the stored file is the text itself.
    pub(super) fn is_stored_text(&self) -> bool {
        matches!(self, Self::Csv { encoding, .. } if *encoding == TextEncoding::UTF_8)
    }
}

/// The format of text files.
pub(super) const CSV: &str = "csv";

/// How a file was read: stored with the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// `csv`, `xlsx` or `ods`.
    pub format: String,
    /// None for a workbook.
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    #[serde(default)]
    pub quoting: Quote,
    /// The sheet of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Formulas of it that no value is stored for: they were read as blank.
    #[serde(default)]
    pub blank_formulas: u64,
    pub bytes: u64,
    pub sha256: String,
    /// Bytes of the text, if that is not the stored file itself.
    #[serde(default)]
    pub text_bytes: Option<u64>,
    pub header_row: u32,
    pub body_byte: u64,
    pub body_row: u32,
    pub forms: Vec<Form>,
    #[serde(default)]
    pub detected: Detected,
    #[serde(default)]
    pub said: Said,
}

/// What is known of a file whether it was refused or not: these keys of [`SourceInfo`], as far as they were found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    pub format: Option<String>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
}

impl FileFacts {
    pub(crate) fn of(stored: &Stored) -> Self {
        Self { format: None, bytes: Some(stored.size_bytes), sha256: Some(hex(&stored.sha256)) }
    }
}

/// What the user said instead of leaving it to detection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub header_row: Option<u32>,
    pub sheet: Option<String>,
}

impl Said {
    fn of(hints: &Hints) -> Self {
        Self {
            encoding: hints.encoding.map(|encoding| encoding.name().to_owned()),
            delimiter: hints.delimiter.map(|byte| char::from(byte).to_string()),
            header_row: hints.header_row,
            sheet: hints.sheet.clone(),
        }
    }
}

/// How sure detection was, and what came second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detected {
    pub encoding: Second<String>,
    pub delimiter: Second<String>,
    pub header_row: Second<u32>,
}

/// Percent, and the runner-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second<T> {
    pub certainty: u8,
    pub runner_up: Option<T>,
}

impl<T> Second<T> {
    fn of<U>(guess: &Guess<U>, name: impl Fn(&U) -> T) -> Self {
        Self { certainty: guess.certainty, runner_up: guess.runner_up.as_ref().map(name) }
    }
}

/// [`Quoting`] as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quote {
    #[default]
    Doubled,
    Padded,
    Backslash,
    None,
}

impl SourceInfo {
    pub(crate) fn of(stored: &Stored, text_bytes: Option<u64>, format: &Format, source: &Source) -> Self {
        let (kind, encoding, sheet) = match format {
            Format::Csv { encoding, .. } => (CSV, Some(encoding.name().to_owned()), None),
            Format::Workbook { kind, sheet } => (kind.key(), None, Some(sheet)),
        };
        Self {
            format: kind.to_owned(),
            delimiter: encoding.is_some().then(|| delimiter(source.dialect)),
            encoding,
            quoting: quote(source.dialect.quoting),
            sheet: sheet.map(|sheet| sheet.sheet.clone()),
            blank_formulas: sheet.map_or(0, |sheet| sheet.blank_formulas),
            bytes: stored.size_bytes,
            sha256: hex(&stored.sha256),
            text_bytes,
            header_row: source.header.row,
            body_byte: source.body.byte,
            body_row: source.body.row,
            forms: Vec::new(),
            detected: Detected::of(format, source),
            said: Said::default(),
        }
    }

    pub(crate) fn with(self, forms: Vec<Form>, hints: &Hints) -> Self {
        Self { forms, said: Said::of(hints), ..self }
    }

    pub(crate) fn body(&self) -> Position {
        Position { byte: self.body_byte, row: self.body_row }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        let delimiter = self.delimiter.as_deref().and_then(|text| text.bytes().next()).unwrap_or(b',');
        let quoting = match self.quoting {
            Quote::Doubled => Quoting::Doubled,
            Quote::Padded => Quoting::Padded,
            Quote::Backslash => Quoting::Backslash,
            Quote::None => Quoting::None,
        };
        Dialect { delimiter, quoting }
    }

    /// The encoding of a text file; None for a workbook.
    pub(crate) fn text_encoding(&self) -> Result<Option<TextEncoding>> {
        let Some(name) = &self.encoding else { return Ok(None) };
        let found = TextEncoding::parse(name);
        let unknown = || convoke_store::StoreError::Corrupt(format!("the encoding {name} is unknown"));
        Ok(Some(found.ok_or_else(unknown)?))
    }
}

impl Detected {
    pub(crate) fn of(format: &Format, source: &Source) -> Self {
        let encoding = match format {
            Format::Csv { guess, .. } => Second::of(guess, |encoding| encoding.name().to_owned()),
            Format::Workbook { .. } => Second { certainty: 100, runner_up: None },
        };
        Self {
            encoding,
            delimiter: Second::of(&source.dialect_guess, |other| other_dialect(*other, source.dialect)),
            header_row: Second::of(&source.header_guess, |row| *row),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn delimiter(dialect: Dialect) -> String {
    char::from(dialect.delimiter).to_string()
}

/// What distinguishes a dialect from the one that was chosen: its delimiter, or how it quotes.
fn other_dialect(other: Dialect, chosen: Dialect) -> String {
    match other.quoting {
        _ if other.delimiter != chosen.delimiter => delimiter(other),
        Quoting::Doubled => "doubled quotes".to_owned(),
        Quoting::Padded => "blanks before quotes".to_owned(),
        Quoting::Backslash => "quotes behind backslashes".to_owned(),
        Quoting::None => "quotes as text".to_owned(),
    }
}

fn quote(quoting: Quoting) -> Quote {
    match quoting {
        Quoting::Doubled => Quote::Doubled,
        Quoting::Padded => Quote::Padded,
        Quoting::Backslash => Quote::Backslash,
        Quoting::None => Quote::None,
    }
}
