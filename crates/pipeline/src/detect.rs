//! What an upload is, told from its bytes: encoding, dialect, header row. Every guess says how sure it is, and what
//! else it might have been.

mod cell_shape;
pub mod dialect;
pub mod encoding;
pub mod header_row;
mod languages;
mod legacy;
mod nul_pattern;
mod padded_quote;
mod plausible;
pub(crate) mod sep_line;
mod utf8_count;
mod words;
