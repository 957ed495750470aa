//! Typed ids. An id is 63 bits: a block drawn once (by an import, or by a process) above 32 bits counted
//! inside the block, so a replay makes the same ids. Outside it is a prefix and 13 characters of base 32.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A block of 2^32 ids that belongs to one import or one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block(pub i64);

impl Block {
    /// The id at place `n` of this block. For an import, `n` is the row number a spreadsheet shows.
    pub fn id(self, n: u32) -> i64 {
        (self.0 << 32) | i64::from(n)
    }

    /// The block an id was made in.
    pub fn of(id: i64) -> Self {
        Self(id >> 32)
    }
}

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an id of this kind: it starts with \"{prefix}\" and 13 letters and digits follow")]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

fn write(prefix: &str, id: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(prefix)?;
    for place in (0..13).rev() {
        let digit = (id >> (place * 5)) & 31;
        write!(f, "{}", char::from(ALPHABET[digit as usize]))?;
    }
    Ok(())
}

fn read(prefix: &'static str, text: &str) -> Result<i64, IdError> {
    let wrong = || IdError { text: text.chars().take(80).collect(), prefix };
    let digits = text.strip_prefix(prefix).ok_or_else(wrong)?;
    if digits.len() != 13 {
        return Err(wrong());
    }
    let mut id: i64 = 0;
    for byte in digits.bytes() {
        let digit = ALPHABET.iter().position(|&c| c == byte.to_ascii_lowercase()).ok_or_else(wrong)?;
        id = id.checked_mul(32).and_then(|id| id.checked_add(digit as i64)).ok_or_else(wrong)?;
    }
    Ok(id)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write($prefix, self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                read($prefix, text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A workspace: 1, 2, 3 ...
    WorkspaceId "wsp_";
    /// A creator, prospect or advocate.
    PersonId "per_";
    /// An import or dry run.
    ImportId "imp_";
    /// An uploaded file.
    UploadId "upl_";
    /// The running thing behind an import.
    JobId "job_";
    /// A group.
    GroupId "grp_";
    /// A tag.
    TagId "tag_";
    /// A custom field.
    FieldId "fld_";
    /// A saved mapping.
    MappingId "map_";
    /// An API token.
    TokenId "tok_";
    /// Somebody who signs in.
    MemberId "mem_";
    /// A sign-in that lasts.
    SessionId "ses_";
    /// An invitation to become a member.
    MemberInvitationId "min_";
    /// An entry of the audit log.
    AuditId "aud_";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        for id in [0, 1, 31, 32, Block(7).id(50_001), i64::MAX] {
            let text = PersonId(id).to_string();
            assert_eq!(text.len(), 17);
            assert_eq!(text.parse(), Ok(PersonId(id)));
        }
    }

    #[test]
    fn a_foreign_prefix_or_a_wrong_length_is_refused() {
        for text in ["", "per_", "imp_0000000000001", "per_000000000000", "per_000000000000u", "per_zzzzzzzzzzzzz"] {
            assert!(text.parse::<PersonId>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_block_of_an_id_is_the_one_it_was_made_in() {
        assert_eq!(Block::of(Block(9).id(u32::MAX)), Block(9));
    }
}
