//! Secrets that are shown once: 256 bits of chance, so that one digest is enough to keep them. They cannot be guessed, and
//! what the database holds opens nothing.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::error::Result;

/// Bytes of chance in a secret.
pub const SECRET_BYTES: usize = 32;

/// Where chance comes from.
pub type Chance = fn() -> Result<[u8; SECRET_BYTES]>;

/// The text of a secret behind its prefix.
pub(crate) fn secret_text(prefix: &str, chance: &[u8; SECRET_BYTES]) -> String {
    chance.iter().fold(prefix.to_owned(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is kept of a secret.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
