//! Every encoding decodes to the same text in blocks of any size; what is broken costs its row only.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::records::{Dialect, Position, Record, RecordReader};

/// Gives its bytes in pieces of `step`.
struct Pieces<'a> {
    bytes: &'a [u8],
    step: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let step = self.step.min(target.len());
        self.bytes.read(&mut target[..step])
    }
}

fn decoded(bytes: &[u8], encoding: &str) -> Vec<u8> {
    let encoding = TextEncoding::parse(encoding).expect("an encoding");
    let mut whole = Vec::new();
    Decoder::new(bytes, encoding).read_to_end(&mut whole).expect("a sound source");
    for step in [1, 2, 3, 7] {
        let mut pieces = Vec::new();
        Decoder::new(Pieces { bytes, step }, encoding).read_to_end(&mut pieces).expect("a sound source");
        assert_eq!(pieces, whole, "pieces of {step}");
    }
    whole
}

fn text(bytes: &[u8], encoding: &str) -> String {
    String::from_utf8(decoded(bytes, encoding)).expect("UTF-8")
}

#[test]
fn legacy_encodings_come_out_as_utf_8() {
    assert_eq!(text(b"Jos\xE9 \x80", "windows-1252"), "José €");
    assert_eq!(text(b"\xA3\xF3d\x9F", "windows-1250"), "Łódź");
    assert_eq!(text(b"\x8E\x52\x93\x63", "shift_jis"), "山田");
    assert_eq!(text(b"\xC5\xF1\xF8", "koi8-r"), "еЯЬ");
    assert_eq!(text(b"Caf\x8E", "mac roman"), "Café");
}

#[test]
fn a_byte_order_mark_is_taken_off() {
    assert_eq!(text(b"\xEF\xBB\xBFa", "utf-8"), "a");
    assert_eq!(text(b"\xFF\xFEa\0", "utf-16le"), "a");
    assert_eq!(text(b"\xFE\xFF\0a", "utf-16be"), "a");
    assert_eq!(text(b"\xFF\xFE\0\0a\0\0\0", "utf-32le"), "a");
    assert_eq!(text(b"\0\0\xFE\xFF\0\0\0a", "utf-32be"), "a");
    assert_eq!(text("a\u{FEFF}b".as_bytes(), "utf-8"), "a\u{FEFF}b");
}

#[test]
fn wrong_bytes_of_utf_8_stay_as_they_are() {
    assert_eq!(decoded(b"\xEF\xBBa\xC3", "utf-8"), b"\xEF\xBBa\xC3");
    assert_eq!(decoded(b"\xEF", "utf-8"), b"\xEF");
    assert_eq!(decoded(b"", "utf-8"), b"");
}

#[test]
fn what_cannot_be_decoded_is_one_byte_and_swallows_no_delimiter() {
    assert_eq!(decoded(b"a\x81,b\n", "shift_jis"), b"a\xFF,b\n");
    assert_eq!(decoded(b"a\xFF\xFF,b", "euc-kr"), b"a\xFF\xFF,b");
    assert_eq!(decoded(b"a\0\x00\xD8,\0", "utf-16le"), b"a\xFF,");
    assert_eq!(decoded(b"a\0b", "utf-16le"), b"a\xFF");
    assert_eq!(decoded(b"a\0\0\0\0\0\x11\0,\0\0\0\x01", "utf-32le"), b"a\xFF,\xFF");
    assert_eq!(decoded(b"\xE4", "big5"), b"\xFF");
}

#[test]
fn a_broken_character_fails_its_row_alone() {
    let file = b"n\n\x8E\x52\n\x8E\n\x93\x63\n";
    let decoder = Decoder::new(&file[..], TextEncoding::parse("shift_jis").expect("known"));
    let mut reader = RecordReader::new(decoder, Dialect::default(), Position::START);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while reader.read(&mut record).expect("a sound file") {
        rows.push(record.cell(0).text().map(str::to_owned));
    }
    assert_eq!(rows, [Some("n".to_owned()), Some("山".to_owned()), None, Some("田".to_owned())]);
}

#[test]
fn a_large_file_passes_in_two_blocks() {
    let bytes = 300_000_000;
    let mut decoder = Decoder::new(io::repeat(0xE9).take(bytes), TextEncoding::WINDOWS_1252);
    let memory = decoder.raw.capacity() + decoder.text.capacity();
    let copied = io::copy(&mut decoder, &mut io::sink()).expect("a sound source");
    assert_eq!(copied, 2 * bytes);
    assert_eq!(decoder.raw.capacity() + decoder.text.capacity(), memory);
    assert_eq!(memory, 3 * BLOCK_BYTES);
}

#[test]
fn a_source_that_fails_says_so() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    for encoding in [TextEncoding::UTF_8, TextEncoding::WINDOWS_1252, TextEncoding::UTF_32_LE] {
        let mut decoder = Decoder::new(Cursor::new(b"abcd").chain(Broken), encoding);
        assert!(decoder.read_to_end(&mut Vec::new()).is_err());
    }
}

const NAMES: &str = "utf-8 utf-16le utf-16be utf-32le utf-32be windows-1252 shift_jis gb18030 big5 euc-kr iso-2022-jp";

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_decode_alike_in_blocks_of_any_size(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for name in NAMES.split_whitespace() {
            let text = decoded(&bytes, name);
            prop_assert!(name == "utf-8" || text.split(|&b| b == UNDECODABLE).all(|part| str::from_utf8(part).is_ok()));
        }
    }

    #[test]
    fn any_text_comes_back(text in "\\PC{0,80}") {
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        prop_assume!(!text.starts_with('\u{FEFF}'));
        prop_assert_eq!(decoded(&le, "utf-16le"), text.as_bytes());
        prop_assert_eq!(decoded(&be, "utf-32be"), text.as_bytes());
    }
}
