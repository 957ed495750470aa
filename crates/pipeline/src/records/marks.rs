//! Finds the bytes that mean something (delimiter, line ends, quote, backslash), 64 at a time, without a branch a byte.
//!
//! Invariant: `next` gives every such byte of the text once, in order.

use super::{Dialect, Quoting};

const WIDTH: usize = 64;

/// The bytes to find. One that the dialect has no use for repeats another, so that it finds nothing more.
#[derive(Clone, Copy)]
pub(super) struct Needles {
    pub(super) delimiter: u8,
    quote: u8,
    backslash: u8,
    /// Whether blanks may stand before an opening quote.
    pub(super) is_padded: bool,
}

impl Needles {
    pub(super) fn of(dialect: Dialect) -> Self {
        let (quote, backslash) = match dialect.quoting {
            Quoting::Doubled | Quoting::Padded => (b'"', b'\n'),
            Quoting::Backslash => (b'"', b'\\'),
            Quoting::None => (b'\n', b'\n'),
        };
        let is_padded = dialect.quoting == Quoting::Padded;
        Self { delimiter: dialect.delimiter, quote, backslash, is_padded }
    }

    /// Bit `i` says that `bytes[i]` is one of them. Written so that the compiler makes vector code of it: a byte 0 or 1
    /// for each byte, then eight of those at a time gathered into eight bits by one multiplication.
    #[inline]
    fn find(&self, bytes: &[u8; WIDTH]) -> u64 {
        let mut hits = [0_u8; WIDTH];
        for (hit, &byte) in hits.iter_mut().zip(bytes) {
            *hit = u8::from(byte == self.delimiter)
                | u8::from(byte == b'\n')
                | u8::from(byte == b'\r')
                | u8::from(byte == self.quote)
                | u8::from(byte == self.backslash);
        }
        let (eights, _) = hits.as_chunks::<8>();
        eights
            .iter()
            .rev()
            .fold(0, |bits, &eight| (bits << 8) | (u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56))
    }
}

/// A place in a text and the marks that follow it within the same 64 bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks {
    base: usize,
    bits: u64,
}

impl Marks {
    /// Stands before `text[from]`.
    pub(super) fn at(text: &[u8], from: usize, needles: &Needles) -> Self {
        let base = from - from % WIDTH;
        let bits = find(text, base, needles) & (u64::MAX << (from % WIDTH));
        Self { base, bits }
    }

    /// The next mark, or `None` at the end of the text.
    #[inline(always)]
    pub(super) fn next(&mut self, text: &[u8], needles: &Needles) -> Option<usize> {
        while self.bits == 0 {
            if self.base + WIDTH >= text.len() {
                return None;
            }
            self.base += WIDTH;
            self.bits = find(text, self.base, needles);
        }
        let mark = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(mark)
    }
}

#[inline]
fn find(text: &[u8], base: usize, needles: &Needles) -> u64 {
    let rest = &text[base..];
    if let Some(bytes) = rest.first_chunk() {
        return needles.find(bytes);
    }
    let mut padded = [0; WIDTH];
    padded[..rest.len()].copy_from_slice(rest);
    // The padding must not look like text when NUL is the delimiter.
    needles.find(&padded) & !(u64::MAX << rest.len())
}
