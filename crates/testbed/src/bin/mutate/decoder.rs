//! Encodings: guessed the same whatever the blocks, decoded the same whatever the reads, nothing replaced in silence.
//! Invariant: the second way of reading takes other steps than the first, chosen by the input.

use std::io::Read;
use std::path::Path;

use convoke_pipeline::decoding::{Decoder, TextEncoding};
use convoke_pipeline::detect::encoding::{EncodingDetector, EncodingGuess, guess_of_head};
use fastrand::Rng;

use crate::corpus;
use crate::{Target, hash_of};

pub(crate) struct Decoders;

const LABELS: &str = "utf-8 utf-16le utf-16be utf-32le utf-32be ibm866 iso-8859-2 iso-8859-5 iso-8859-15 koi8-r macintosh \
                      windows-874 windows-1250 windows-1251 windows-1252 windows-1258 gbk gb18030 big5 euc-jp \
                      iso-2022-jp shift_jis euc-kr";

const SEEDS: &[&str] = &[
    LABELS,
    "Name,Email\nJörg Müller,joerg@example.com\n",
    "\u{FEFF}Nome;Città\nZoë;Forlì\n",
    "山田太郎,東京\n김철수,서울\nИван,Москва\n😀,\u{FFFD}\n",
    "\x1B$B;3ED\x1B(B,Tokyo\n",
    "\x1B$)C\x0E\x0F",
];

impl Target for Decoders {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let mut seeds = corpus::built_in(SEEDS);
        seeds.extend(corpus::built_in(&LABELS.split_whitespace().collect::<Vec<_>>()));
        seeds.push(b"Nom;Pr\xE9nom\nLef\xE8vre;Fran\xE7ois\n".to_vec());
        seeds.extend(corpus::files(corpora, "encodings-uchardet", &[".txt"]));
        seeds.extend(corpus::tables(corpora));
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "\u{FEFF}", "\u{FFFD}", "é", "中", "😀", "\x1B$B", "\x1B(B", "\x1B(J", "\x1B$)C", "\x0E", "~{", "+AOk-",
            "windows-", "utf", "latin",
        ]
    }

    fn try_input(&self, input: &[u8], rng: &mut Rng) -> u64 {
        let guess = guessed(input, &[input.len()]);
        let steps = steps(rng);
        assert_eq!(guessed(input, &steps), guess, "the guess depends on the blocks: {steps:?}");
        let of_head = guess_of_head(input);
        let labels: Vec<_> = LABELS.split_whitespace().collect();
        let random = TextEncoding::parse(labels[rng.usize(..labels.len())]).expect("a label of the standard");
        let text = judge_decoding(input, guess.encoding, rng);
        judge_decoding(input, random, rng);
        judge_label(&String::from_utf8_lossy(&input[..input.len().min(100)]));
        let has_bad = text.contains(&convoke_pipeline::decoding::UNDECODABLE);
        hash_of((guess.encoding, guess.has_bom, guess.runner_up, guess.certainty / 10, of_head == guess, has_bad))
    }
}

/// Sizes that blocks take in turn: tiny ones, or some that are no power of two.
fn steps(rng: &mut Rng) -> Vec<usize> {
    let most = if rng.bool() { 8 } else { 100_000 };
    (0..4).map(|_| rng.usize(1..=most)).collect()
}

fn guessed(input: &[u8], steps: &[usize]) -> EncodingGuess {
    let mut detector = EncodingDetector::new();
    let mut rest = input;
    for step in steps.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (block, behind) = rest.split_at(rest.len().min(*step));
        detector.feed(block);
        rest = behind;
    }
    detector.finish()
}

fn judge_decoding(input: &[u8], encoding: TextEncoding, rng: &mut Rng) -> Vec<u8> {
    let mut text = vec![];
    Decoder::new(input, encoding).read_to_end(&mut text).expect("a slice can be read");
    let pieces = read_in_pieces(input, encoding, rng);
    assert!(text == pieces, "as {}: the text depends on how it is read", encoding.name());
    let most = 4 * input.len() + 16;
    assert!(text.len() <= most, "as {}: {} bytes become {}", encoding.name(), input.len(), text.len());
    let (shown, written) = (count(&text, "\u{FFFD}".as_bytes()), replacements_in(input, encoding));
    assert!(shown <= written, "as {}: {shown} replaced characters, {written} written", encoding.name());
    text
}

/// The text by short reads on both sides of the decoder.
fn read_in_pieces(input: &[u8], encoding: TextEncoding, rng: &mut Rng) -> Vec<u8> {
    struct Stutter<'i>(&'i [u8], Vec<usize>, usize);
    impl Read for Stutter<'_> {
        fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
            self.2 += 1;
            let most = target.len().min(self.1[self.2 % self.1.len()]);
            self.0.read(&mut target[..most])
        }
    }
    let mut decoder = Decoder::new(Stutter(input, steps(rng), 0), encoding);
    let (mut text, mut piece) = (vec![], vec![0; 100_000]);
    for step in steps(rng).into_iter().cycle() {
        match decoder.read(&mut piece[..step]).expect("a slice can be read") {
            0 => break,
            read => text.extend_from_slice(&piece[..read]),
        }
    }
    text
}

/// How often the input itself may hold the sign of replacement.
fn replacements_in(input: &[u8], encoding: TextEncoding) -> usize {
    match encoding.name() {
        "UTF-8" => count(input, b"\xEF\xBF\xBD"),
        "UTF-16LE" | "UTF-32LE" => count(input, b"\xFD\xFF"),
        "UTF-16BE" | "UTF-32BE" => count(input, b"\xFF\xFD"),
        // The decoder of GBK reads all of GB18030.
        "GBK" | "GB18030" => count(input, b"\x84\x31\xA4\x37"),
        _ => 0,
    }
}

fn count(text: &[u8], what: &[u8]) -> usize {
    memchr::memmem::find_iter(text, what).count()
}

fn judge_label(label: &str) {
    if let Some(encoding) = TextEncoding::parse(label) {
        assert_eq!(TextEncoding::parse(encoding.name()), Some(encoding), "a name is no label of its encoding");
    }
}
