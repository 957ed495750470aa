//! Why a whole file is refused: stable code, sentence, hint. A refused file changes nothing.

use convoke_people::text::remove_controls;
use serde::{Deserialize, Serialize};

macro_rules! problems {
    ($($code:ident $key:literal $when:literal;)*) => {
        /// The code of a refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum ProblemCode { $(#[serde(rename = $key)] $code),* }

        impl ProblemCode {
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The stable word of API and files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$code => $key),* }
            }

            /// When it is given, for the docs page.
            pub fn when(self) -> &'static str {
                match self { $(Self::$code => $when),* }
            }
        }
    };
}

problems! {
    InvalidHeader "invalid_header" "A column is neither a field nor ignored on purpose.";
    HeaderMissing "header_missing" "A column that the record type requires is not in the file.";
    HeaderDuplicate "header_duplicate" "Two columns are the same field.";
    FileEmpty "file_empty" "The file holds nothing.";
    NoRows "no_rows" "The file holds a header and nothing below it.";
    FileType "file_type" "The content is no text table.";
    FileTooLarge "file_too_large" "The file has more bytes than the operator's limit.";
    FileChanged "file_changed" "The file changed while it was read.";
    FileUnreadable "file_unreadable" "The file could not be opened or read.";
    TooManyRows "too_many_rows" "The file has more rows than the operator's limit for the record type.";
    TooManyColumns "too_many_columns" "A record has more cells than a spreadsheet has columns.";
    QuoteUnclosed "quote_unclosed" "A quote is opened and never closed.";
    DecimalAmbiguous "decimal_ambiguous" "A number column reads differently with decimal point and decimal comma.";
    DatesAmbiguous "dates_ambiguous" "A date column reads differently day first and month first.";
    StopRule "stop_rule" "More rows would fail than the import allows.";
    WorkbookLocked "workbook_locked" "A workbook is protected by a password.";
    WorkbookTooLarge "workbook_too_large" "A workbook unpacks to more than the limit, or takes too long to read.";
    WorkbookDamaged "workbook_damaged" "A workbook cannot be read to its end.";
    SheetUnknown "sheet_unknown" "The workbook has no sheet of the name or number asked for.";
}

/// A refusal: what, where, and what next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ProblemCode,
    pub message: String,
    pub hint: String,
}

impl Problem {
    /// Message and hint may quote a file: without its control characters, of which a database stores no NUL.
    pub fn new(code: ProblemCode, message: impl Into<String>, hint: impl Into<String>) -> Self {
        let plain = |text: String| remove_controls(&text).unwrap_or(text);
        Self { code, message: plain(message.into()), hint: plain(hint.into()) }
    }
}
