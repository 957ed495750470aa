//! Gathers from a file the words that are not ASCII: they alone tell one encoding from another.
//!
//! Invariants: memory is bounded, whatever the file holds; what is kept is told by the bytes alone, not by where blocks
//! end; words end at bytes that are no part of a longer character in any encoding, so that none is cut in two; each odd
//! word is kept once, so that a name on every row is one name.

use std::collections::HashSet;

use encoding_rs::Encoding;
use xxhash_rust::xxh3::xxh3_64;

/// Kept of the words that are no UTF-8: some thousands, all different.
const ENOUGH_ODD: usize = 64 * 1024;

/// Kept of the words that are valid UTF-8, as a sample.
const ENOUGH_VALID: usize = 8 * 1024;

/// Bytes of odd words looked at: what comes after so many is the same again.
const ENOUGH_LOOKED_AT: usize = 8 * 1024 * 1024;

/// Bytes of ASCII kept before the rest of a word; more tell nothing, and a word may begin many blocks before.
const OPEN_BYTES: usize = 64;

/// Bytes of a word looked at, from that ASCII on: what follows up to the next separator is no word of a language.
const LONGEST_WORD: usize = ENOUGH_ODD;

/// Words with blanks between them.
#[derive(Debug, Default)]
pub(super) struct Words {
    odd: Vec<u8>,
    seen: HashSet<u64>,
    looked_at: usize,
    valid: Vec<u8>,
    /// What the last block ended in, if it may be the beginning of a word: its telling part.
    open: Vec<u8>,
}

impl Words {
    /// The next bytes of the file. Where `is_valid` UTF-8, they are passed by as soon as there is a sample.
    pub(super) fn feed(&mut self, block: &[u8], is_valid: bool) {
        if self.is_full() {
            return;
        }
        let can_pass_by = is_valid && self.valid.len() >= ENOUGH_VALID && self.open.is_ascii();
        if can_pass_by && block.iter().any(is_separator) {
            return self.leave_open(last_word(block));
        }
        let mut at = 0;
        if !self.open.is_empty() {
            at = block.iter().position(is_separator).unwrap_or(block.len());
            self.lengthen_open(&block[..at]);
            if at == block.len() {
                return;
            }
            let word = std::mem::take(&mut self.open);
            self.keep(&word);
        }
        while !self.is_full() {
            let strange = at + Encoding::ascii_valid_up_to(&block[at..]);
            let start = strange - last_word(&block[at..strange]).len();
            let Some(length) = block[strange..].iter().position(is_separator) else {
                return self.leave_open(&block[start..]);
            };
            at = strange + length;
            self.keep(&block[start..at]);
        }
    }

    /// The words that are no UTF-8. One that the file ended in, or that is too long, may be cut.
    pub(super) fn odd(&self) -> Vec<u8> {
        let mut words = self.odd.clone();
        if !is_valid_word(&self.open) {
            words.extend_from_slice(&self.open);
        }
        words
    }

    /// A sample of the words that are valid UTF-8.
    pub(super) fn valid(&self) -> Vec<u8> {
        let mut words = self.valid.clone();
        if is_valid_word(&self.open) {
            words.extend_from_slice(&self.open);
        }
        words
    }

    #[cfg(test)]
    pub(super) fn capacity_bytes(&self) -> usize {
        self.odd.capacity() + self.valid.capacity() + self.open.capacity() + self.seen.capacity() * size_of::<u64>()
    }

    fn is_full(&self) -> bool {
        self.odd.len() >= ENOUGH_ODD || self.looked_at >= ENOUGH_LOOKED_AT
    }

    fn keep(&mut self, word: &[u8]) {
        let word = telling_part(word);
        let is_valid = is_valid_word(word);
        self.looked_at += if is_valid { 0 } else { word.len() };
        if word.is_ascii() || !is_valid && !self.seen.insert(xxh3_64(word)) {
            return;
        }
        let (kept, enough) = if is_valid { (&mut self.valid, ENOUGH_VALID) } else { (&mut self.odd, ENOUGH_ODD) };
        let room = enough.saturating_sub(kept.len());
        if room == 0 {
            return;
        }
        kept.extend_from_slice(&word[..word.len().min(room)]);
        kept.push(b' ');
    }

    fn leave_open(&mut self, word: &[u8]) {
        self.open = telling_part(word).to_vec();
    }

    fn lengthen_open(&mut self, more: &[u8]) {
        if self.open.is_ascii() {
            let word = [&self.open, more].concat();
            return self.leave_open(&word);
        }
        let room = LONGEST_WORD - self.open.len();
        self.open.extend_from_slice(&more[..more.len().min(room)]);
    }
}

/// The word without all but the last of the ASCII that it begins with, up to a length that is the same for all blocks.
fn telling_part(word: &[u8]) -> &[u8] {
    let part = &word[Encoding::ascii_valid_up_to(word).saturating_sub(OPEN_BYTES)..];
    &part[..part.len().min(LONGEST_WORD)]
}

/// Whether the telling part of a word is UTF-8, but for a character that was cut because the word is too long.
fn is_valid_word(part: &[u8]) -> bool {
    match std::str::from_utf8(part) {
        Ok(_) => true,
        Err(error) => part.len() == LONGEST_WORD && error.error_len().is_none(),
    }
}

/// What follows the last separator.
fn last_word(text: &[u8]) -> &[u8] {
    text.iter().rposition(is_separator).map_or(text, |separator| &text[separator + 1..])
}

/// Blanks, line ends, delimiters, quotes: all below `0x40`, where no encoding has a second byte but for digits.
fn is_separator(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b';' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(file: &[u8], step: usize) -> Words {
        let mut words = Words::default();
        file.chunks(step).for_each(|block| words.feed(block, false));
        words
    }

    #[test]
    fn only_words_that_are_not_ascii_are_kept() {
        let file = b"name,city\nJos\xE9,\"S\xE3o Paulo\"\nAnna,Bonn\nJ\xC3\xB6rg,Jos\xE9\n\xC9va";
        for step in [1, 2, 3, 5, 100] {
            let words = words(file, step);
            assert_eq!(words.odd(), b"Jos\xE9 S\xE3o \xC9va", "blocks of {step}");
            assert_eq!(words.valid(), b"J\xC3\xB6rg ", "blocks of {step}");
        }
    }

    #[test]
    fn a_word_may_begin_in_a_block_that_is_passed_by() {
        let mut words = Words::default();
        words.feed(&"é ".repeat(ENOUGH_VALID).into_bytes(), true);
        words.feed(b"Anna Jos", true);
        words.feed(b"\xE9,Bonn\n", false);
        assert_eq!(words.odd(), b"Jos\xE9 ");
    }

    #[test]
    fn of_a_word_that_begins_far_away_the_same_is_kept_whatever_the_blocks() {
        let file = ["a".repeat(200).as_bytes(), b"\xE9 b ", "c".repeat(100).as_bytes(), b"\xE8"].concat();
        let whole = words(&file, file.len()).odd();
        assert_eq!(whole.len(), 2 * (OPEN_BYTES + 1) + 1);
        for step in [1, 50, 63, 65, 201] {
            assert_eq!(words(&file, step).odd(), whole, "blocks of {step}");
        }
    }

    #[test]
    fn an_odd_word_is_not_lost_where_the_next_block_is_passed_by() {
        let mut words = Words::default();
        words.feed(&"é ".repeat(ENOUGH_VALID).into_bytes(), true);
        words.feed(b"Jos\xE9f", false);
        words.feed(b"a,Bonn\n", true);
        assert_eq!(words.odd(), b"Jos\xE9fa ");
    }

    #[test]
    fn words_beyond_the_sample_leave_nothing_behind() {
        let mut words = Words::default();
        let block = ["é ".repeat(10_000).as_bytes(), b"\xE9 "].concat();
        (0..10).for_each(|_| words.feed(&block, false));
        assert!(words.valid().len() <= ENOUGH_VALID + 2, "{} bytes", words.valid().len());
    }

    #[test]
    fn a_file_of_one_endless_word_is_cut() {
        let mut words = Words::default();
        for block in std::iter::repeat_n([0xE9; 10_000], 100) {
            words.feed(&block, false);
        }
        assert_eq!(words.odd().len(), LONGEST_WORD);
        assert!(words.capacity_bytes() <= 2 * LONGEST_WORD, "{} bytes", words.capacity_bytes());
    }

    #[test]
    fn an_overlong_word_is_cut_at_the_same_place_whatever_the_blocks() {
        let long = |beginning: &str, end: &[u8]| [beginning.repeat(LONGEST_WORD).as_bytes(), end].concat();
        let files = [
            ("valid at first", [&long("é", b"\xE9\xE9"), &b",Jos\xE9 J\xC3\xB6rg\n"[..]].concat()),
            ("odd at first", [&b"\xE9"[..], &long("中", b"x\nJos\xE8")].concat()),
            ("a character at the limit", [&b"x"[..], &long("é", b" Jos\xE9 ")].concat()),
            ("ASCII at first", long("a", &long("é", b"\xE9;Jos\xE9"))),
        ];
        for (name, file) in files {
            let whole = words(&file, file.len());
            for step in [3, 1_000, LONGEST_WORD - 1, LONGEST_WORD, LONGEST_WORD + 1] {
                let words = words(&file, step);
                assert!(words.odd() == whole.odd(), "{name}: odd ones in blocks of {step}");
                assert!(words.valid() == whole.valid(), "{name}: valid ones in blocks of {step}");
            }
        }
    }

    #[test]
    fn an_overlong_word_is_as_valid_as_what_is_kept_of_it() {
        for start in ["", "x"] {
            let file = [start, &"é".repeat(LONGEST_WORD), "\n"].concat();
            let words = words(file.as_bytes(), 1_000);
            assert_eq!((words.odd().len(), words.valid().len()), (0, ENOUGH_VALID + 1), "after {start:?}");
        }
    }
}
