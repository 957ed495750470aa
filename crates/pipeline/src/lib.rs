//! Bytes -> records -> mapped -> checked -> planned -> reported, as pure functions: no async, no SQL, no HTTP, no clock,
//! no randomness. A stage is a type, so none can be skipped; a bad row is data, an `Err` is a broken file or machine.

pub mod decoding;
pub mod detect;
pub mod records;
pub mod relatives;
pub mod source;
pub mod workbook;

pub mod account_headers;
pub mod headers;
mod likeness;
pub mod mapping;
pub mod neighbours;
mod new_fields;
pub mod suggesting;
pub mod synonyms;

pub mod recipe;
pub mod repeats;
pub mod scan;
pub mod secondary_keys;
pub mod settings;

mod account_cells;
mod account_columns;
pub mod checking;
pub mod chunk;
mod closing_lines;
pub mod column_values;
mod custom_cells;
mod group_cells;
mod identity;
pub mod not_a_person;
pub mod stumbling;

mod holders;
pub mod known;
mod memory;
mod merging;
pub mod plan;
mod plan_hash;
pub mod planner;
mod scratch;

pub mod defuse;
pub mod issue;
pub mod problem;
pub mod report;
pub mod results;
