//! What a person, a value, a field, an identity and a policy are: no I/O, no async, no SQL, no clock, no file formats.

#[cfg(test)]
#[macro_use]
mod cases;

pub mod also_at;
pub mod custom;
pub mod date;
pub mod email;
pub mod field;
pub mod handle;
pub mod id;
pub mod number;
pub mod person;
pub mod platform;
pub mod policy;
pub mod record_type;
pub mod text;
pub mod yes_no;
