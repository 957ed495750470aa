//! Marks, NUL bytes, damaged UTF-8, and files of any bytes in blocks of any size.

use proptest::prelude::*;

use super::*;

fn guess(file: &[u8]) -> EncodingGuess {
    let whole = in_blocks(file, file.len().max(1));
    for step in [1, 3, 64] {
        assert_eq!(in_blocks(file, step), whole, "blocks of {step}");
    }
    whole
}

fn in_blocks(file: &[u8], step: usize) -> EncodingGuess {
    let mut detector = EncodingDetector::new();
    file.chunks(step).for_each(|block| detector.feed(block));
    detector.finish()
}

fn name(file: &[u8]) -> &'static str {
    guess(file).encoding.name()
}

fn utf16_le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn utf16_be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

#[test]
fn a_byte_order_mark_wins() {
    let cases: [(&[u8], &str); 6] = [
        (b"\xEF\xBB\xBFa\xFF", "UTF-8"),
        (b"\xFF\xFEa\0", "UTF-16LE"),
        (b"\xFE\xFF\0a", "UTF-16BE"),
        (b"\xFF\xFE\0\0a\0\0\0", "UTF-32LE"),
        (b"\0\0\xFE\xFF\0\0\0a", "UTF-32BE"),
        (b"\xFF\xFE", "UTF-16LE"),
    ];
    for (file, expected) in cases {
        let found = guess(file);
        assert_eq!((found.encoding.name(), found.has_bom, found.certainty), (expected, true, 100));
    }
}

#[test]
fn an_escape_sequence_may_be_cut_between_two_blocks() {
    assert_eq!(name(b"\x1B$B;3ED\x1B(B,Tokyo\n"), "ISO-2022-JP");
    assert_eq!(guess(b"\x1B$)C\x0E!!\x0F").certainty, 40);
}

#[test]
fn utf_16_and_utf_32_need_no_mark() {
    let latin = "Name;Email\r\nJürgen;j@example.com\r\n";
    let japanese = "名前,市\n田中太郎,東京\n佐藤花子,大阪\n";
    for text in [latin, japanese] {
        assert_eq!(name(&utf16_le(text)), "UTF-16LE");
        assert_eq!(name(&utf16_be(text)), "UTF-16BE");
        let le: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let be: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert_eq!(name(&le), "UTF-32LE");
        assert_eq!(name(&be), "UTF-32BE");
    }
    let cut = utf16_le(latin);
    assert_eq!(name(&cut[..cut.len() - 1]), "UTF-16LE");
}

#[test]
fn nul_bytes_alone_make_no_utf_16() {
    for file in
        [&b"Name,Email\nAnna\0,anna@example.com\n"[..], b"a\0\0\0\nb\0\0\0\n", b"\0", b"a,b\n\0\0\0\0\0\0\0\0\n"]
    {
        assert_eq!(name(file), "UTF-8", "{file:?}");
    }
}

#[test]
fn ascii_and_valid_utf_8_are_utf_8() {
    for file in ["", "Name,Email\n", "Jürgen,田中,😀,Łódź\n", "\u{1b}[1mbold\u{1b}[0m"] {
        let found = guess(file.as_bytes());
        assert_eq!((found.encoding, found.runner_up), (TextEncoding::UTF_8, None), "{file}");
        assert!(found.certainty >= 99);
    }
}

#[test]
fn a_word_without_end_is_guessed_the_same_whatever_the_blocks() {
    let file = [&"Jürgen_Müller|".repeat(10_000).into_bytes(), &b"Jos\xE9\n"[..]].concat();
    assert_eq!(guess(&file).encoding, TextEncoding::UTF_8);
}

#[test]
fn a_few_bad_bytes_leave_utf_8_as_it_is() {
    let good = "Jürgen Müller,anna@example.com\nŁukasz,Łódź\nChloé,Orléans\n".repeat(5);
    for bad in [&b"Jos\xE9\n"[..], b"\xFF\xFE\n", b"caf\xC3\n", b"M\xFCnchen,K\xF6ln\n"] {
        let found = guess(&[good.as_bytes(), bad].concat());
        assert_eq!(found.encoding, TextEncoding::UTF_8, "{bad:?}");
        assert!(found.certainty >= 80);
    }
    // One name saved anew beside one of old.
    assert_eq!(name(b"Name,Title\nJ\xF6rg,\nJ\xC3\xB6rg,Chef\nBea,Caf\xE9\nCy,,,\xFF\nDee,\n"), "UTF-8");
}

#[test]
fn odd_bytes_that_make_no_words_are_bad_bytes_of_utf_8() {
    for file in [&b"Name,Email\nAnna\xFF,a@example.com\n"[..], b"Name\nBen\x81x\n", b"caf\xC3\n"] {
        let found = guess(file);
        assert_eq!(found.encoding, TextEncoding::UTF_8, "{file:?}");
        assert!(found.certainty < 60 && found.runner_up.is_some(), "{found:?}");
    }
}

#[test]
fn a_name_of_old_is_told_from_a_damaged_one() {
    assert_eq!(name(b"Name\nJos\xE9\n"), "Windows-1252");
    assert_eq!(name(b"Name,Fee\nAnna,350 \x80\nM\xFCller,2\n"), "Windows-1252");
    assert_eq!(name(b"Name,Fee\nAnna,350 \x80\n"), "Windows-1252");
    assert_eq!(name(b"Name,Fans\nAnna,12\xA0500\nBen,1\xA0200\n"), "Windows-1252");
    assert_eq!(name(b"Name,Firm\nO\x92Neil,\x93Widgets\x94 \x96 Gears\x99\n"), "Windows-1252");
    assert_eq!(name(b"Name,Fee\nBj\xF6rn,350 \xA4\nM\xFCller,2 \xA4\n"), "ISO-8859-15");
}

#[test]
fn japanese_of_e_mail_is_told_by_its_escapes() {
    let (bytes, ..) = encoding_rs::ISO_2022_JP.encode("名前,市\n田中太郎,東京\n");
    assert_eq!(in_blocks(&bytes, 1_000).encoding.name(), "ISO-2022-JP");
}

#[test]
fn mac_roman_is_offered_but_never_guessed() {
    let found = guess(b"Name\nJ\x9Frgen M\x9Fller\nRen\x8E\nFran\x8Dois\nBj\x9Arn\n");
    assert!(found.encoding.name() != "Mac Roman" && found.certainty < 60, "{found:?}");
    assert_eq!(found.runner_up.map(TextEncoding::name), Some("Mac Roman"));
}

#[test]
fn a_character_cut_at_the_end_of_a_head_is_no_evidence() {
    let mut head = "Müller\n".repeat(HEAD_BYTES / 8);
    while head.len() < HEAD_BYTES - 1 {
        head.push('x');
    }
    let file = format!("{head}é and so on");
    let found = guess_of_head(file.as_bytes());
    assert_eq!((found.encoding, found.certainty), (TextEncoding::UTF_8, 99));
    // At the end of a file it is.
    assert_eq!(guess_of_head(b"M\xC3\xBCller M\xC3").certainty, 74);
}

#[test]
fn a_file_of_a_single_endless_line_needs_no_memory() {
    for byte in [b'a', 0, 0xE9, 0x1B, 0x80, b'\n'] {
        let mut detector = EncodingDetector::new();
        let block = vec![byte; 1 << 20];
        (0..50).for_each(|_| detector.feed(&block));
        assert!(detector.words.capacity_bytes() < 5 << 20, "{byte}: {}", detector.words.capacity_bytes());
        detector.finish();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_an_encoding(file in prop::collection::vec(any::<u8>(), 0..300), step in 1..50_usize) {
        let whole = in_blocks(&file, 1_000);
        prop_assert!(whole.certainty <= 100);
        prop_assert_eq!(in_blocks(&file, step), whole);
        guess_of_head(&file);
    }
}
