//! How much a decoded text looks like names, places and firms rather than noise: the evidence between encodings.
//!
//! Invariant: only what is not ASCII counts, because ASCII reads the same in every encoding compared here.

use super::languages::{Letters, WESTERN};

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plausibility {
    /// From about -1 (noise) to 1 (words of one language).
    pub(super) average: f32,
    /// Characters that are not ASCII.
    pub(super) count: u32,
}

/// A word of a language that is not the text's main one, and a word of a list that mixes the languages of the West.
const OTHER_LANGUAGE: f32 = 0.6;
const WESTERN_MIX: f32 = 0.85;
/// A third and further Latin letter in a row that is not ASCII; `Łódź` has two, Arabic read as Latin has none else.
const CROWDED: f32 = -1.0;
/// Names in capitals are met, but noise is mostly in capitals.
const ALL_CAPITALS: f32 = -0.15;
const NOISE: f32 = -1.0;
const CASE_FLIP: f32 = -1.0;
/// A letter alone is as well a sign of another encoding.
const ALONE: f32 = 0.2;
/// What cannot be decoded, or is a control character: no program writes it, but a damaged file may hold a few.
const BROKEN: f32 = -3.0;

/// Judges `text`, in which U+FFFD stands for what could not be decoded.
pub(super) fn plausibility(text: &str, letters: &Letters) -> Plausibility {
    let mut tally = Tally::new(letters);
    let mut word = String::new();
    let (mut before, mut before_word) = (' ', ' ');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_letter(c) {
            if word.is_empty() {
                before_word = before;
            }
            word.push(c);
        } else {
            tally.word(&word, before_word.is_ascii_digit() || c.is_ascii_digit());
            word.clear();
            if !c.is_ascii() {
                tally.symbol(before, c, chars.peek().copied().unwrap_or(' '));
            }
        }
        before = c;
    }
    tally.word(&word, before_word.is_ascii_digit());
    tally.result()
}

fn is_letter(c: char) -> bool {
    // Marks of Thai, Hebrew, Arabic and Vietnamese stand in words, though they are no letters; ª and º do not.
    (c.is_alphabetic() && !matches!(c, 'ª' | 'º'))
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{5B0}'..='\u{5C7}' | '\u{64B}'..='\u{65F}' | '\u{E31}'..='\u{E4E}')
}

struct Tally<'a> {
    letters: &'a Letters,
    /// Weight of the words that a language explains, by language.
    by_language: Vec<f32>,
    western: f32,
    explained: f32,
    other: f32,
    count: u32,
}

impl<'a> Tally<'a> {
    fn new(letters: &'a Letters) -> Self {
        let by_language = vec![0.0; Letters::LANGUAGES];
        Self { letters, by_language, western: 0.0, explained: 0.0, other: 0.0, count: 0 }
    }

    fn word(&mut self, word: &str, is_beside_digits: bool) {
        if word.is_ascii() {
            return;
        }
        if is_beside_digits && word.chars().nth(1).is_none() {
            // A letter in a number is a blank or a sign of another encoding.
            self.count += 1;
            return;
        }
        self.other += shape_of(word);
        let (mut languages, mut weight, mut count) = (u64::MAX, 0.0, 0);
        for c in word.chars().filter(|c| !c.is_ascii()) {
            count += 1;
            let lower = c.to_lowercase().next().unwrap_or(c);
            match self.letters.of(lower) {
                Some(found) => {
                    languages &= found.languages;
                    weight += found.weight;
                }
                None => languages = 0,
            }
        }
        let is_alone = word.chars().nth(1).is_none() && word.chars().all(|c| script(c) != Script::EastAsian);
        weight *= if is_alone { ALONE } else { 1.0 };
        self.count += count;
        if languages == 0 {
            self.other += NOISE * count as f32;
            return;
        }
        self.explained += weight;
        if languages & WESTERN != 0 {
            self.western += weight;
        }
        for (bit, total) in self.by_language.iter_mut().enumerate() {
            if languages & (1 << bit) != 0 {
                *total += weight;
            }
        }
    }

    /// `before` and `after` are the characters beside it.
    fn symbol(&mut self, before: char, symbol: char, after: char) {
        self.count += 1;
        let is_inside = is_letter(before) && is_letter(after);
        self.other += match symbol {
            '\u{80}'..='\u{9F}' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => BROKEN,
            '’' | '·' | '・' | '‐' | '－' | '\u{200C}' | '\u{200D}' => 0.2,
            _ if is_inside => NOISE,
            '€' | '£' if is_letter(before) || is_letter(after) => -0.3,
            '©' => 0.1,
            'ª' | 'º' | '¿' | '¡' => 0.3,
            // The sign for any currency, which nobody has a use for.
            '¤' => NOISE,
            '°' if before.is_ascii_digit() || before == 'N' || before == 'n' => 0.3,
            '“' | '”' | '‘' | '„' | '‚' | '–' | '—' | '…' | '•' | '«' | '»' | '‹' | '›' => 0.25,
            '€' | '£' | '®' | '™' | '§' | '№' => 0.25,
            '\u{A0}' => 0.15,
            '、' | '。' | '「' | '」' | '（' | '）' | '！' | '？' | '：' | '／' | '　' => 0.3,
            '０'..='９' => 0.3,
            _ => -0.5,
        };
    }

    fn result(self) -> Plausibility {
        let main = self.by_language.iter().copied().fold(0.0, f32::max);
        let of_one = main + OTHER_LANGUAGE * (self.explained - main);
        let of_the_west = WESTERN_MIX * self.western + OTHER_LANGUAGE * (self.explained - self.western);
        let total = of_one.max(of_the_west) + self.other;
        Plausibility { average: total / self.count.max(1) as f32, count: self.count }
    }
}

/// What the letters of a word say side by side: capitals among small ones, scripts that do not go together.
fn shape_of(word: &str) -> f32 {
    let (mut points, mut before, mut crowd) = (0.0, None, 0);
    let (mut small, mut capital) = (0, 0);
    for c in word.chars() {
        points += transition(before, c);
        // A capital among small letters, unless it is the "D" of McDonald.
        let is_of_ascii = c.is_ascii() && before.is_some_and(|b: char| b.is_ascii());
        if small > 0 && c.is_uppercase() && !is_of_ascii {
            points += CASE_FLIP;
        }
        small += u32::from(c.is_lowercase());
        capital += u32::from(c.is_uppercase());
        crowd = if c.is_ascii() || script(c) != Script::Latin { 0 } else { crowd + 1 };
        points += if crowd > 2 && c.is_alphabetic() { CROWDED } else { 0.0 };
        before = Some(c);
    }
    let is_latin = before.is_some_and(|c| script(c) == Script::Latin);
    if small == 0 && capital > 2 && !is_latin {
        points += ALL_CAPITALS * capital as f32;
    }
    points
}

/// What two letters side by side say: some scripts do not go together.
fn transition(before: Option<char>, c: char) -> f32 {
    let Some(before) = before else { return 0.0 };
    if before.is_ascii() && c.is_ascii() {
        return 0.0;
    }
    let (a, b) = (script(before), script(c));
    if a == b {
        return 0.0;
    }
    // "株式会社ABC" is a name, "M黮ler" is none.
    let is_label = |c: char| c.is_ascii_uppercase();
    if is_label(before) && b == Script::EastAsian || is_label(c) && a == Script::EastAsian { 0.0 } else { NOISE }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    EastAsian,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\0'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        '\u{370}'..='\u{3FF}' => Script::Greek,
        '\u{400}'..='\u{52F}' => Script::Cyrillic,
        '\u{3005}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{FF66}'..='\u{FF9F}' => Script::EastAsian,
        _ => Script::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn average(text: &str) -> f32 {
        plausibility(text, &Letters::new()).average
    }

    #[test]
    fn names_are_plausible() {
        for names in
            ["Jürgen Müller", "Łukasz Wąsik", "Иванов Пётр", "Γιώργος", "田中 太郎", "김민수", "陈伟", "Dvořák"]
        {
            assert!(average(names) > 0.7, "{names}: {}", average(names));
        }
    }

    #[test]
    fn noise_is_not() {
        for noise in ["M黮ler", "Dvoøák", "£ukasz W¹sik", "хБЮМНБ", "CafÃ© JosÃ©", "J\u{8F}rgen", "Jos\u{FFFD}"]
        {
            assert!(average(noise) < 0.2, "{noise}: {}", average(noise));
        }
    }

    #[test]
    fn one_language_is_more_plausible_than_several() {
        assert!(average("Dvořák Němec") > average("Søren Müñez"));
    }

    #[test]
    fn ascii_says_nothing() {
        assert_eq!(plausibility("Anna, 12", &Letters::new()), Plausibility { average: 0.0, count: 0 });
    }
}
