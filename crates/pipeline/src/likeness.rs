//! How alike two headers are: word by word without the words that tell nothing, or all in one where blanks are missing or too
//! many.

use convoke_people::text::bare;

/// Words of a question or an order around the name of a field.
const STOP_WORDS: &str = "please enter your the a an what is whats s of for bitte ihr ihre dein deine der die das votre vos ton le la \
                          les l de du des d tu su el del los 1";

/// The words of a header that tell something.
pub(crate) struct Words {
    each: Vec<Word>,
    in_one: Word,
}

impl Words {
    pub(crate) fn of(header: &str) -> Self {
        let each = words_of(header);
        Self { in_one: Word::of(each.concat()), each: each.into_iter().map(Word::of).collect() }
    }
}

/// A word, and what settles nearly every comparison of it: a file may have thousands of columns.
struct Word {
    text: String,
    chars: u32,
    /// A set of its letters in which several may share a place.
    letters: u32,
}

impl Word {
    fn of(text: String) -> Self {
        let (chars, letters) =
            text.chars().fold((0, 0), |(count, letters), c| (count + 1, letters | 1 << (u32::from(c) % 32)));
        Self { text, chars, letters }
    }
}

/// The words of a header that tell something, bare; `firstName` has two.
fn words_of(header: &str) -> Vec<String> {
    let words = every_word(header);
    let telling: Vec<_> =
        words.iter().filter(|word| !STOP_WORDS.split(' ').any(|stop| stop == *word)).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// All words of a header, bare; `firstName` has two.
pub(crate) fn every_word(header: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(header.len() + 4);
    let mut was_lower = false;
    for c in header.chars() {
        if c.is_uppercase() && was_lower || !c.is_alphanumeric() {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        spaced.push(c);
    }
    spaced.split(' ').map(bare).filter(|word| !word.is_empty()).collect()
}

/// How alike two headers are, in percent: word by word, or all in one where blanks are missing or too many.
pub(crate) fn likeness(header: &Words, name: &Words) -> u8 {
    let in_one = written_alike(&header.in_one, &name.in_one);
    let best = |word: &Word| name.each.iter().map(|other| word_likeness(word, other)).fold(0.0, f64::max);
    let words = header.each.len() + name.each.len();
    let by_words = 2.0 * header.each.iter().map(best).sum::<f64>() / words as f64;
    (in_one.max(by_words).min(1.0) * 100.0) as u8
}

fn word_likeness(word: &Word, other: &Word) -> f64 {
    // `adr` for `adresse`, but not `beruf` for `berufsbezeichnung`.
    let (text, longer) = (&word.text, &other.text);
    let is_abbreviation = text.len() >= 3 && text.len() < longer.len() && longer.len() <= text.len() * 5 / 2;
    if is_abbreviation && longer.starts_with(text) { 0.9 } else { written_alike(word, other) }
}

fn written_alike(one: &Word, other: &Word) -> f64 {
    // More than a fifth of the letters differ, whatever their order.
    let alone = (one.letters & !other.letters).count_ones().max((other.letters & !one.letters).count_ones());
    let least_edits = alone.max(one.chars.abs_diff(other.chars));
    if least_edits * 10 > one.chars.max(other.chars) * 2 {
        return 0.0;
    }
    if one.text == other.text {
        return 1.0;
    }
    // One letter makes another word of a short one: plays and pays, forma and firma.
    if one.text.len() < 6 || other.text.len() < 6 {
        return 0.0;
    }
    let alike = strsim::normalized_damerau_levenshtein(&one.text, &other.text);
    if alike >= 0.8 { alike } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synonyms::TABLE;

    #[test]
    fn counting_letters_never_hides_what_is_alike() {
        let words: Vec<_> = TABLE.iter().flat_map(|entry| entry.every()).flat_map(words_of).collect();
        let slips = words.iter().step_by(7).map(|word| word.chars().rev().skip(1).collect::<String>());
        let slips: Vec<String> = slips.map(|word| word.chars().rev().chain(['q']).collect()).collect();
        for (one, other) in words.iter().chain(&slips).flat_map(|one| slips.iter().map(move |other| (one, other))) {
            let slow = strsim::normalized_damerau_levenshtein(one, other);
            let expected = if one == other || slow >= 0.8 && one.len() >= 6 && other.len() >= 6 { slow } else { 0.0 };
            let found = written_alike(&Word::of(one.clone()), &Word::of(other.clone()));
            assert_eq!(found, expected, "{one} {other}");
        }
    }
}
