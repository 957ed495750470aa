//! UTF-32, which the WHATWG standard leaves out and some statistics programs write.
//!
//! Invariant: four bytes make one character or one undecodable byte; a rest of one to three is undecodable.

use super::UNDECODABLE;

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum ByteOrder {
    LittleEndian,
    BigEndian,
}

pub(super) struct Utf32 {
    order: ByteOrder,
    begun: bool,
}

impl Utf32 {
    pub(super) fn new(order: ByteOrder) -> Self {
        Self { order, begun: false }
    }

    /// Bytes read and bytes written; `text` has room for at least one character.
    pub(super) fn decode(&mut self, raw: &[u8], text: &mut [u8], is_last: bool) -> (usize, usize) {
        let (mut read, mut written) = (0, 0);
        let (units, rest) = raw.as_chunks::<4>();
        for unit in units {
            if written + 4 > text.len() {
                return (read, written);
            }
            let number = match self.order {
                ByteOrder::LittleEndian => u32::from_le_bytes(*unit),
                ByteOrder::BigEndian => u32::from_be_bytes(*unit),
            };
            read += 4;
            match char::from_u32(number) {
                Some('\u{FEFF}') if !self.begun => {}
                Some(c) => written += c.encode_utf8(&mut text[written..]).len(),
                None => {
                    text[written] = UNDECODABLE;
                    written += 1;
                }
            }
            self.begun = true;
        }
        if is_last && !rest.is_empty() && written < text.len() {
            text[written] = UNDECODABLE;
            return (raw.len(), written + 1);
        }
        (read, written)
    }
}
