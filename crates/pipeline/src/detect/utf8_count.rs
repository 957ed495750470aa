//! Counts the characters of a file that are valid UTF-8 and those that are not.
//!
//! Invariant: it does not matter where the blocks of the file end.

use encoding_rs::Encoding;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Utf8Count {
    /// Valid characters that are not ASCII.
    pub(super) good: u64,
    /// Sequences of bytes that are no character.
    pub(super) bad: u64,
    /// The beginning of a character that the last block ended in: up to three bytes.
    cut: Vec<u8>,
}

/// So many bad ones among so few good ones are no accident: the rest of the file need not be looked at.
const ENOUGH_BAD: u64 = 100_000;

impl Utf8Count {
    /// Gives whether the block, together with the character that the last one ended in, is valid.
    pub(super) fn feed(&mut self, block: &[u8], is_ascii: bool) -> bool {
        if self.is_hopeless() {
            return false;
        }
        let bad = self.bad;
        if !is_ascii || !self.cut.is_empty() {
            self.count_with_cut(block);
        }
        self.bad == bad
    }

    fn count_with_cut(&mut self, block: &[u8]) {
        let mut rest = block;
        if !self.cut.is_empty() {
            let mut joined = std::mem::take(&mut self.cut);
            let taken = rest.len().min(4 - joined.len());
            let had = joined.len();
            joined.extend_from_slice(&rest[..taken]);
            match char_at_start(&joined) {
                Start::Cut => {
                    self.cut = joined;
                    return;
                }
                Start::Good(length) => {
                    self.good += 1;
                    rest = &rest[length - had..];
                }
                Start::Bad(length) => {
                    self.bad += 1;
                    rest = &rest[length.max(had) - had..];
                }
            }
        }
        self.count(rest);
    }

    /// Asked after every bad one, not after every block: the count is not to depend on blocks.
    fn is_hopeless(&self) -> bool {
        self.bad > ENOUGH_BAD && self.bad > 100 * self.good
    }

    fn count(&mut self, mut rest: &[u8]) {
        while !self.is_hopeless() {
            let (valid, other) = rest.split_at(Encoding::utf8_valid_up_to(rest));
            self.good += leads(valid);
            if other.is_empty() {
                return;
            }
            match char_at_start(&other[..other.len().min(4)]) {
                Start::Cut => {
                    self.cut = other.to_vec();
                    return;
                }
                Start::Good(length) => rest = &other[length..],
                Start::Bad(length) => {
                    self.bad += 1;
                    rest = &other[length..];
                }
            }
        }
    }

    /// The file has ended: a character that is cut is bad.
    pub(super) fn end(&mut self) {
        self.bad += u64::from(!self.cut.is_empty());
        self.cut.clear();
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.good == 0 && self.bad == 0 && self.cut.is_empty()
    }
}

/// Bytes that begin a character of several bytes.
fn leads(text: &[u8]) -> u64 {
    if text.is_ascii() {
        return 0;
    }
    // In pieces, so that the compiler counts in bytes.
    text.chunks(255).map(|piece| u64::from(piece.iter().fold(0_u8, |n, byte| n + u8::from(*byte >= 0xC0)))).sum()
}

enum Start {
    Good(usize),
    Bad(usize),
    Cut,
}

/// What `bytes`, of which there are up to four, begin with.
fn char_at_start(bytes: &[u8]) -> Start {
    match std::str::from_utf8(bytes) {
        Ok(text) => Start::Good(text.chars().next().map_or(0, char::len_utf8)),
        Err(error) => match (error.valid_up_to(), error.error_len()) {
            (0, Some(length)) => Start::Bad(length),
            (0, None) => Start::Cut,
            (valid, _) => {
                let first = std::str::from_utf8(&bytes[..valid]).ok().and_then(|text| text.chars().next());
                Start::Good(first.map_or(valid, char::len_utf8))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counted(bytes: &[u8], step: usize) -> (u64, u64) {
        let mut count = Utf8Count::default();
        bytes.chunks(step).for_each(|block| {
            count.feed(block, block.is_ascii());
        });
        count.end();
        (count.good, count.bad)
    }

    #[test]
    fn good_and_bad_are_counted() {
        let cases: [(&[u8], (u64, u64)); 6] = [
            (b"abc", (0, 0)),
            ("aéb中😀".as_bytes(), (3, 0)),
            (b"a\xE9b", (0, 1)),
            (b"\xC3\xA9\xE9\xC3", (1, 2)),
            (b"\xF0\x9F\x98", (0, 1)),
            (b"\xF0\x9F\x98a\x80", (0, 2)),
        ];
        for (bytes, expected) in cases {
            for step in 1..=5 {
                assert_eq!(counted(bytes, step), expected, "{bytes:?} in blocks of {step}");
            }
        }
    }

    #[test]
    fn counting_stops_at_the_same_byte_whatever_the_blocks() {
        let bad = vec![0x80; ENOUGH_BAD as usize + 10];
        let file = [bad, "é".repeat(50_000).into_bytes()].concat();
        for step in [1, 1_000, file.len()] {
            assert_eq!(counted(&file, step), (0, ENOUGH_BAD + 1), "blocks of {step}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_does_not_matter_where_blocks_end(pieces in prop::collection::vec(
            prop::sample::select(vec![&b"a"[..], "é".as_bytes(), "中".as_bytes(), "😀".as_bytes(), b"\xE4", b"\xF0\x9F", b"\x80", b"\xED\xA0"]), 0..40,
        )) {
            let bytes = pieces.concat();
            let whole = counted(&bytes, bytes.len().max(1));
            for step in 1..6 {
                prop_assert_eq!(counted(&bytes, step), whole);
            }
        }
    }
}
