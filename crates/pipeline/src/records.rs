//! Bytes of a delimited file -> records: cells as written, each record with its place in the file.
//!
//! Invariants: reading from any record's start gives the same records and rows as reading from the top; memory is
//! bounded by [`MAX_CELL_BYTES`] and [`MAX_RECORD_BYTES`], whatever the file holds.

mod block;
mod corrections;
mod marks;
mod piecewise;
mod reader;
mod record;
#[cfg(test)]
mod tests;

pub(crate) use block::is_padding;
pub use corrections::{CorrectedRow, Corrections};
pub use reader::RecordReader;
pub use record::{Cell, Cells, Record};

/// Bytes kept of one cell. What is longer is measured, not kept; the cut falls on a UTF-8 boundary.
pub const MAX_CELL_BYTES: usize = 64 * 1024;

/// Bytes kept of one record. A cell that begins after so many were kept is empty, but measured ([`Cell::is_cut`]).
pub const MAX_RECORD_BYTES: usize = 4 * 1024 * 1024;

/// Cells in one record: the width of a sheet in Excel and LibreOffice.
pub const MAX_CELLS: usize = 16_384;

/// How cells are told apart. The delimiter is never a quote, a backslash, CR or LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub delimiter: u8,
    /// How a cell may contain delimiters, line ends and quotes.
    pub quoting: Quoting,
}

impl Default for Dialect {
    /// RFC 4180: a comma, doubled quotes.
    fn default() -> Self {
        Self { delimiter: b',', quoting: Quoting::Doubled }
    }
}

/// How a cell may contain delimiters, line ends and quotes.
///
/// A cell is quoted only if `"` is its very first byte, as in Excel and LibreOffice: ` "a"` is plain text but for
/// `Padded`, and so is a quote further on. What follows a closing quote is appended as written: `"a"b` is `ab`, `"a" "b"` is `a "b"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// `""` in a quoted cell is one quote (RFC 4180).
    Doubled,
    /// As `Doubled`, and spaces and tabs before an opening quote belong to no cell (people, and programs that write a
    /// blank behind each comma).
    Padded,
    /// As `Doubled`, and in a quoted cell a backslash before a quote, a backslash, CR or LF is dropped (MySQL, PHP).
    /// Before anything else it is text (`C:\new`), as it is outside quotes.
    Backslash,
    /// A quote is a byte like any other.
    None,
}

/// The start of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Bytes before it in the file, a byte order mark included.
    pub byte: u64,
    /// The number a spreadsheet program shows beside it, from 1. Blank lines count, line breaks in a cell do not.
    pub row: u32,
}

impl Position {
    /// The top of a file.
    pub const START: Self = Self { byte: 0, row: 1 };
}

/// Why a file cannot be read on. After one, the reader is at its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source failed; the file itself may be sound.
    #[error("cannot read the file: {0}")]
    Io(#[from] std::io::Error),
    /// A quoted cell reaches the end of the file.
    #[error("the quote opened in row {row} (byte {byte}) is never closed")]
    QuoteUnclosed {
        /// Row of the record that the quote stands in.
        row: u32,
        /// Bytes before the quote in the file.
        byte: u64,
    },
    /// More than [`MAX_CELLS`] cells in one record.
    #[error("row {row} has more than {MAX_CELLS} cells")]
    TooManyCells {
        /// Row of the record.
        row: u32,
    },
}
