//! Bytes in any encoding -> UTF-8, block by block.
//!
//! Invariants: memory is two blocks, whatever the file holds; what cannot be decoded is never replaced in silence: it
//! becomes a byte that is no UTF-8, so that reading it as text fails that row and no other.

mod text_encoding;
mod utf32;

use std::io::{self, Read};

use encoding_rs::DecoderResult;

pub use text_encoding::TextEncoding;
use text_encoding::Way;
use utf32::Utf32;

const BLOCK_BYTES: usize = 64 * 1024;

/// What stands for bytes that cannot be decoded: it occurs nowhere in UTF-8.
pub const UNDECODABLE: u8 = 0xFF;

const UTF_8_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Reads a file as UTF-8: the bytes of the file in, its text out, the byte order mark taken off.
///
/// Bytes that cannot be decoded come out as one [`UNDECODABLE`]; a file in UTF-8 passes as it is, wrong bytes included.
/// Line ends and delimiters are never swallowed by a broken character in front of them.
pub struct Decoder<R> {
    source: R,
    raw: Vec<u8>,
    at: usize,
    filled: usize,
    /// Whether the source gave all it has.
    ended: bool,
    coder: Coder,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
    done: bool,
}

enum Coder {
    /// UTF-8; whether its start was looked at.
    AsItIs {
        begun: bool,
    },
    Standard(Box<encoding_rs::Decoder>),
    Utf32(Utf32),
}

impl<R: Read> Decoder<R> {
    /// `source` stands at the start of the file.
    pub fn new(source: R, encoding: TextEncoding) -> Self {
        let coder = match encoding.way() {
            Way::Standard(utf_8) if utf_8 == encoding_rs::UTF_8 => Coder::AsItIs { begun: false },
            Way::Standard(standard) => Coder::Standard(Box::new(standard.new_decoder_with_bom_removal())),
            Way::Utf32(order) => Coder::Utf32(Utf32::new(order)),
        };
        let text = if matches!(coder, Coder::AsItIs { .. }) { Vec::new() } else { vec![0; 2 * BLOCK_BYTES] };
        let raw = vec![0; BLOCK_BYTES];
        Self { source, raw, at: 0, filled: 0, ended: false, coder, text, text_at: 0, text_end: 0, done: false }
    }

    /// Moves what is left to the front and reads once more from the source.
    fn refill(&mut self) -> io::Result<()> {
        self.raw.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        let count = self.source.read(&mut self.raw[self.filled..])?;
        self.ended |= count == 0;
        self.filled += count;
        Ok(())
    }

    fn pass(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if let Coder::AsItIs { begun: false } = self.coder {
            while self.filled < UTF_8_MARK.len() && !self.ended {
                self.refill()?;
            }
            if self.raw[..self.filled].starts_with(UTF_8_MARK) {
                self.at = UTF_8_MARK.len();
            }
            self.coder = Coder::AsItIs { begun: true };
        }
        if self.at == self.filled {
            return self.source.read(target);
        }
        let count = target.len().min(self.filled - self.at);
        target[..count].copy_from_slice(&self.raw[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }

    /// Decodes until there is text, or the file is at its end.
    fn decode(&mut self) -> io::Result<()> {
        self.text_at = 0;
        self.text_end = 0;
        while self.text_end == 0 && !self.done {
            if !self.ended {
                self.refill()?;
            }
            match &mut self.coder {
                Coder::AsItIs { .. } => self.done = true,
                Coder::Standard(decoder) => {
                    let raw = &self.raw[self.at..self.filled];
                    let (read, written, emptied) = decode_standard(decoder, raw, &mut self.text, self.ended);
                    self.at += read;
                    self.text_end = written;
                    self.done = emptied && self.ended;
                }
                Coder::Utf32(decoder) => {
                    let raw = &self.raw[self.at..self.filled];
                    let (read, written) = decoder.decode(raw, &mut self.text, self.ended);
                    self.at += read;
                    self.text_end = written;
                    self.done = self.ended && self.at == self.filled;
                }
            }
        }
        Ok(())
    }
}

/// Bytes read, bytes written, and whether all input was used.
fn decode_standard(
    decoder: &mut encoding_rs::Decoder,
    raw: &[u8],
    text: &mut [u8],
    is_last: bool,
) -> (usize, usize, bool) {
    let (mut read, mut written) = (0, 0);
    loop {
        // One byte stays free for what cannot be decoded.
        let room = text.len() - 1;
        let (result, used, made) =
            decoder.decode_to_utf8_without_replacement(&raw[read..], &mut text[written..room], is_last);
        read += used;
        written += made;
        match result {
            DecoderResult::InputEmpty => return (read, written, true),
            DecoderResult::OutputFull => return (read, written, false),
            DecoderResult::Malformed(..) => {
                text[written] = UNDECODABLE;
                written += 1;
                if written >= room {
                    return (read, written, false);
                }
            }
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        if matches!(self.coder, Coder::AsItIs { .. }) {
            return self.pass(target);
        }
        if self.text_at == self.text_end {
            self.decode()?;
        }
        let count = target.len().min(self.text_end - self.text_at);
        target[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
