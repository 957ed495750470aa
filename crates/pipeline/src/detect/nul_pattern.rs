//! UTF-16 and UTF-32 without a byte order mark, told from where their NUL bytes stand.
//!
//! Invariant: text in any other encoding is never taken for them: a table has delimiters and line ends, which are ASCII,
//! so in UTF-16 every second byte of those is NUL, and no other encoding writes NULs on one side only.

use crate::decoding::TextEncoding;

/// Bytes and NUL bytes by their place in a group of four.
#[derive(Debug, Default)]
pub(super) struct NulPattern {
    nuls: [u64; 4],
    seen: u64,
    /// Place of the next byte in its group.
    place: usize,
    /// Line ends, delimiters and blanks as UTF-16 writes them, low byte first and high byte first.
    marks: [u64; 2],
    last: u8,
}

/// Bytes looked at: the pattern does not change further on.
const LOOKED_AT: u64 = 1 << 20;

impl NulPattern {
    pub(super) fn feed(&mut self, block: &[u8]) {
        if self.seen >= LOOKED_AT {
            return;
        }
        let block = &block[..block.len().min((LOOKED_AT - self.seen) as usize)];
        let has_nul = memchr::memchr(0, block).is_some();
        if has_nul || self.nuls != [0; 4] {
            for &byte in block {
                self.nuls[self.place] += u64::from(byte == 0);
                if self.place % 2 == 1 {
                    self.marks[0] += u64::from(byte == 0 && is_mark(self.last));
                    self.marks[1] += u64::from(self.last == 0 && is_mark(byte));
                }
                self.last = byte;
                self.place = (self.place + 1) % 4;
            }
        } else {
            self.place = (self.place + block.len()) % 4;
            self.last = block.last().copied().unwrap_or(self.last);
        }
        self.seen += block.len() as u64;
    }

    pub(super) fn guess(&self) -> Option<TextEncoding> {
        let groups = self.seen / 4;
        if self.seen < 4 {
            return None;
        }
        let nearly_all = |count: u64| count * 100 >= groups * 98;
        let few = |count: u64| count * 50 <= groups;
        let [a, b, c, d] = self.nuls;
        if nearly_all(d) && nearly_all(c) && few(a) {
            return Some(TextEncoding::UTF_32_LE);
        }
        if nearly_all(a) && nearly_all(b) && few(d) {
            return Some(TextEncoding::UTF_32_BE);
        }
        let (first, second) = (a + c, b + d);
        let [low_first, high_first] = self.marks;
        // At least every fiftieth character is ASCII, and next to none has a NUL where a letter would be.
        let is_many = |nuls: u64, others: u64| nuls * 100 >= self.seen && others * 20 <= nuls;
        if is_many(second, first) && low_first > 0 {
            return Some(TextEncoding::UTF_16_LE);
        }
        if is_many(first, second) && high_first > 0 {
            return Some(TextEncoding::UTF_16_BE);
        }
        None
    }
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | b'\t' | b',' | b';' | b'|' | b' ')
}
