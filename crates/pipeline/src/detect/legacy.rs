//! Which encoding of old a text is in, told from its words that are not ASCII.
//!
//! Invariant: two encodings that give the same text are one; the certainty says how far the next other text is behind.

use encoding_rs::Encoding;

use super::languages::Letters;
use super::plausible::{Plausibility, plausibility};
use crate::decoding::TextEncoding;

/// A guess among encodings that are not Unicode.
#[derive(Clone, Copy, Debug)]
pub(super) struct LegacyGuess {
    pub(super) encoding: TextEncoding,
    /// Percent.
    pub(super) certainty: u8,
    pub(super) runner_up: Option<TextEncoding>,
    /// Whether the text looks like words at all.
    pub(super) is_plausible: bool,
    /// Whether characters take two bytes or more.
    pub(super) is_multi_byte: bool,
}

/// Encodings by how much more often than others they are met, so that the usual one wins where the text is the same.
const CANDIDATES: &[(&Encoding, f32)] = &[
    (encoding_rs::WINDOWS_1252, 0.06),
    (encoding_rs::WINDOWS_1250, 0.04),
    (encoding_rs::WINDOWS_1251, 0.04),
    (encoding_rs::SHIFT_JIS, 0.04),
    (encoding_rs::GB18030, 0.04),
    (encoding_rs::EUC_KR, 0.04),
    (encoding_rs::BIG5, 0.04),
    (encoding_rs::WINDOWS_1253, 0.04),
    (encoding_rs::WINDOWS_1254, 0.04),
    (encoding_rs::WINDOWS_1255, 0.04),
    (encoding_rs::WINDOWS_1256, 0.04),
    (encoding_rs::WINDOWS_1257, 0.03),
    (encoding_rs::WINDOWS_874, 0.03),
    (encoding_rs::ISO_8859_15, 0.02),
    (encoding_rs::ISO_8859_2, 0.02),
    (encoding_rs::KOI8_R, 0.02),
    (encoding_rs::KOI8_U, 0.01),
    (encoding_rs::EUC_JP, 0.02),
    (encoding_rs::ISO_8859_5, 0.0),
    (encoding_rs::ISO_8859_7, 0.02),
    (encoding_rs::ISO_8859_6, 0.0),
    (encoding_rs::IBM866, 0.0),
    (encoding_rs::WINDOWS_1258, -0.05),
    (encoding_rs::ISO_8859_13, -0.1),
    (encoding_rs::ISO_8859_4, -0.15),
    (encoding_rs::ISO_8859_3, -0.2),
    (encoding_rs::X_MAC_CYRILLIC, -0.02),
    // Never guessed, only offered: too much of other text makes sense in it.
    (encoding_rs::MACINTOSH, BY_CHOICE),
];

const BY_CHOICE: f32 = -5.0;

/// What the opinion of chardetng is worth, which knows pairs of letters but not names.
const SECOND_OPINION: f32 = 0.12;

/// Points by which a relative must be ahead: a sign that makes sense in one and none in the other.
const DECIDED: f32 = 0.5;

/// Below this score a text is noise.
const PLAUSIBLE: f32 = 0.2;

/// Encodings that differ in a few letters and signs: what these few look like decides, however long the text is.
const RELATIVES: &[(&Encoding, &Encoding)] = &[
    (encoding_rs::WINDOWS_1252, encoding_rs::ISO_8859_15),
    (encoding_rs::WINDOWS_1250, encoding_rs::ISO_8859_2),
    (encoding_rs::WINDOWS_1253, encoding_rs::ISO_8859_7),
    (encoding_rs::WINDOWS_1257, encoding_rs::ISO_8859_13),
    (encoding_rs::KOI8_R, encoding_rs::KOI8_U),
    (encoding_rs::WINDOWS_1251, encoding_rs::X_MAC_CYRILLIC),
];

struct Reading {
    encoding: &'static Encoding,
    text: String,
    score: f32,
    average: f32,
    /// The average times the characters.
    total: f32,
}

/// Guesses from words with bytes that are not ASCII, with blanks between them; the last word may be cut.
pub(super) fn guess_legacy(words: &[u8]) -> LegacyGuess {
    let letters = Letters::new();
    let second_opinion = second_opinion(words);
    let mut readings: Vec<Reading> = Vec::new();
    let count = words.iter().filter(|byte| !byte.is_ascii()).count();
    let prejudice = prejudice(count);
    for (encoding, usual) in CANDIDATES {
        let (text, _) = encoding.decode_without_bom_handling(words);
        let Plausibility { average, count } = plausibility(&text, &letters);
        let backing = if *encoding == second_opinion { SECOND_OPINION } else { 0.0 };
        let score = average + (usual + backing) * if *usual == BY_CHOICE { 1.0 } else { prejudice };
        let total = average * count as f32;
        readings.push(Reading { encoding, text: text.into_owned(), score, average, total });
    }
    judge(readings, count)
}

/// `readings` are in the order of [`CANDIDATES`]; `count` is how many bytes they were told from.
fn judge(readings: Vec<Reading>, count: usize) -> LegacyGuess {
    let of = |encoding: &Encoding| readings.iter().find(|reading| reading.encoding == encoding);
    // Of equals the more usual one, which stands further in front.
    let better = |a: &'_ Reading, b: &'_ Reading| b.score > a.score;
    let first = &readings[0];
    let best = readings.iter().fold(first, |best, reading| if better(best, reading) { reading } else { best });
    let best = RELATIVES.iter().fold(best, |best, (a, b)| match (of(a), of(b)) {
        (Some(a), Some(b)) if best.encoding == a.encoding && b.total > a.total + DECIDED => b,
        (Some(a), Some(b)) if best.encoding == b.encoding && a.total > b.total + DECIDED => a,
        _ => best,
    });
    let encoding = readings.iter().find(|reading| reading.text == best.text).map_or(best.encoding, |r| r.encoding);
    let others = || readings.iter().filter(|reading| reading.text != best.text);
    let chosen_only = others().find(|reading| reading.score < BY_CHOICE / 2.0 && reading.average > best.average - 0.1);
    let runner_up = chosen_only.or_else(|| others().max_by(|a, b| a.score.total_cmp(&b.score)));
    let margin = runner_up.map_or(1.0, |other| best.score - other.average.max(other.score));
    LegacyGuess {
        encoding: TextEncoding::of(encoding),
        certainty: certainty(best.average, margin, count),
        runner_up: runner_up.map(|reading| TextEncoding::of(reading.encoding)),
        is_plausible: best.score > PLAUSIBLE,
        is_multi_byte: !encoding.is_single_byte(),
    }
}

/// What is usual counts for some letters, whatever the length of the text: the longer it is the more it speaks for itself.
fn prejudice(count: usize) -> f32 {
    (LETTERS_OF_PREJUDICE / count.max(1) as f32).clamp(0.25, 1.0)
}

const LETTERS_OF_PREJUDICE: f32 = 8.0;

fn second_opinion(words: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(words, false);
    match detector.guess(None, chardetng::Utf8Detection::Deny) {
        gbk if gbk == encoding_rs::GBK => encoding_rs::GB18030,
        hebrew if hebrew == encoding_rs::ISO_8859_8 => encoding_rs::WINDOWS_1255,
        other => other,
    }
}

/// More text and a wider margin make surer; noise never is.
/// Whether the characters of `words` that are valid UTF-8 look like words; some are valid by chance in any encoding.
pub(super) fn has_plausible_utf8(words: &[u8]) -> bool {
    let valid: Vec<&str> = words.utf8_chunks().map(|chunk| chunk.valid()).collect();
    plausibility(&valid.join(" "), &Letters::new()).average > PLAUSIBLE_UTF8
}

const PLAUSIBLE_UTF8: f32 = 0.3;

fn certainty(average: f32, margin: f32, count: usize) -> u8 {
    let evidence = margin.max(0.0) * (count as f32).min(40.0);
    let sure = 50.0 + 48.0 * (1.0 - (-evidence / 3.0).exp());
    (sure * (average / 0.4).clamp(0.2, 1.0)) as u8
}
