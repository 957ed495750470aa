//! Which encoding a file is in, told while it is copied.
//!
//! Invariants: memory does not grow with the file; ASCII and valid UTF-8 cost one pass at the speed of memory; a byte
//! order mark wins, then the pattern of NUL bytes, then valid UTF-8, then the most plausible encoding of old.

use super::legacy::{guess_legacy, has_plausible_utf8};
use super::nul_pattern::NulPattern;
use super::utf8_count::Utf8Count;
use super::words::Words;
use crate::decoding::TextEncoding;
use crate::source::HEAD_BYTES;

/// The encoding a file is most probably in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingGuess {
    pub encoding: TextEncoding,
    /// Whether the file begins with a byte order mark.
    pub has_bom: bool,
    /// Percent. Below 60 the runner-up would give another text and is nearly as likely.
    pub certainty: u8,
    /// The likeliest encoding that would give another text.
    pub runner_up: Option<TextEncoding>,
}

/// Byte order marks; UTF-32 before UTF-16, whose mark it begins with.
const MARKS: &[(&[u8], TextEncoding)] = &[
    (b"\xEF\xBB\xBF", TextEncoding::UTF_8),
    (b"\xFF\xFE\0\0", TextEncoding::UTF_32_LE),
    (b"\0\0\xFE\xFF", TextEncoding::UTF_32_BE),
    (b"\xFF\xFE", TextEncoding::UTF_16_LE),
    (b"\xFE\xFF", TextEncoding::UTF_16_BE),
];

const LONGEST_MARK: usize = 4;

/// Fed the whole file block by block, of any size.
#[derive(Debug, Default)]
pub struct EncodingDetector {
    start: Vec<u8>,
    nuls: NulPattern,
    utf8: Utf8Count,
    words: Words,
    escapes: Escapes,
}

impl EncodingDetector {
    /// Before the first byte.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, block: &[u8]) {
        let missing = LONGEST_MARK - self.start.len();
        self.start.extend_from_slice(&block[..missing.min(block.len())]);
        self.nuls.feed(block);
        let is_ascii = block.is_ascii();
        let is_valid = self.utf8.feed(block, is_ascii);
        self.words.feed(block, is_valid);
        if is_ascii {
            self.escapes.feed(block);
        }
    }

    /// The guess at the end of the file.
    pub fn finish(mut self) -> EncodingGuess {
        self.utf8.end();
        self.guess()
    }

    fn guess(&self) -> EncodingGuess {
        let certain = |encoding, has_bom, certainty| EncodingGuess { encoding, has_bom, certainty, runner_up: None };
        if let Some((_, encoding)) = MARKS.iter().find(|(mark, _)| self.start.starts_with(mark)) {
            return certain(*encoding, true, 100);
        }
        if let Some(encoding) = self.nuls.guess() {
            return certain(encoding, false, 95);
        }
        if self.utf8.is_ascii() && self.escapes.are_japanese() {
            return certain(TextEncoding::of(encoding_rs::ISO_2022_JP), false, 95);
        }
        if self.utf8.is_ascii() && self.escapes.are_korean {
            // Nobody decodes it any more: it passes as the ASCII it is made of, but not as a matter of course.
            return certain(TextEncoding::UTF_8, false, 40);
        }
        if self.utf8.bad == 0 {
            return certain(TextEncoding::UTF_8, false, if self.utf8.is_ascii() { 100 } else { 99 });
        }
        self.guess_among_bad_bytes()
    }

    /// A file in UTF-8 with a few bad bytes, or one in an encoding of old?
    fn guess_among_bad_bytes(&self) -> EncodingGuess {
        let legacy = guess_legacy(&self.words.odd());
        let (good, bad) = (self.utf8.good, self.utf8.bad);
        // By chance two bytes of Chinese or Korean are valid UTF-8 now and then; in European encodings hardly ever.
        let is_utf8 = if legacy.is_multi_byte && legacy.is_plausible { good > 2 * bad } else { good * 4 >= bad };
        let (encoding, certainty, runner_up) = if is_utf8 && good > 0 && has_plausible_utf8(&self.words.valid()) {
            let share = good as f64 / (good + bad) as f64;
            (TextEncoding::UTF_8, (50.0 + 49.0 * share) as u8, Some(legacy.encoding))
        } else if legacy.is_plausible {
            (legacy.encoding, legacy.certainty, legacy.runner_up)
        } else {
            // Noise in every encoding: rows that fail are better than names that are wrong.
            (TextEncoding::UTF_8, 40, Some(legacy.encoding))
        };
        EncodingGuess { encoding, has_bom: false, certainty, runner_up }
    }
}

/// The guess from the first [`HEAD_BYTES`] of a file; a character cut at their end is no evidence.
pub fn guess_of_head(head: &[u8]) -> EncodingGuess {
    let mut detector = EncodingDetector::new();
    detector.feed(&head[..head.len().min(HEAD_BYTES)]);
    if head.len() < HEAD_BYTES {
        return detector.finish();
    }
    detector.guess()
}

/// The escape sequences by which ISO-2022-JP and ISO-2022-KR, made for e-mail, change between their character sets.
#[derive(Debug, Default)]
struct Escapes {
    /// What the last block ended in: up to two bytes, so that a sequence may go on in the next.
    open: Vec<u8>,
    into_japanese: bool,
    into_ascii: bool,
    are_korean: bool,
}

impl Escapes {
    fn feed(&mut self, block: &[u8]) {
        let mut joined = std::mem::take(&mut self.open);
        joined.extend_from_slice(&block[..block.len().min(2)]);
        self.look(&joined);
        self.look(block);
        let end = if block.len() < 2 { &joined } else { block };
        self.open.extend_from_slice(&end[end.len().saturating_sub(2)..]);
    }

    fn look(&mut self, block: &[u8]) {
        for at in memchr::memchr_iter(0x1B, block) {
            match block.get(at + 1..at + 3) {
                Some(b"$B" | b"$@") => self.into_japanese = true,
                Some(b"(B" | b"(J") => self.into_ascii = true,
                Some(b"$)") => self.are_korean = true,
                _ => {}
            }
            if self.are_japanese() {
                break;
            }
        }
    }

    fn are_japanese(&self) -> bool {
        self.into_japanese && self.into_ascii
    }
}

#[cfg(test)]
mod tests;
