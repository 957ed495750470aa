//! Text as people type and spreadsheets export it: blanks at the ends, control characters, comparing without case.
//! Nothing visible is ever changed inside a text, except by [`key`], which is for comparing only.

use unicode_normalization::UnicodeNormalization;

/// `s` without white space (Unicode `White_Space`) and invisible characters at both ends.
///
/// Joiners and marks between letters stay: Persian, the Indic scripts and emoji families need them there.
#[must_use]
pub fn trim(s: &str) -> &str {
    let s = s.trim_ascii();
    // Nearly every cell ends here: two visible ASCII characters at the ends leave nothing to trim.
    match s.as_bytes() {
        [] => s,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => s,
        _ => s.trim_matches(is_blank),
    }
}

/// Whether nothing of `c` can be seen: white space, or [invisible](is_invisible).
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Whether `c` leaves no mark and is not white space either.
///
/// Not on the list although invisible alone: variation selectors and tag characters, which end emoji (❤️, flags),
/// and the Mongolian variation selectors, which end words.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}'                        // soft hyphen
        | '\u{34F}'                     // combining grapheme joiner
        | '\u{61C}'                     // Arabic letter mark
        | '\u{115F}' | '\u{1160}'       // Hangul fillers
        | '\u{17B4}' | '\u{17B5}'       // Khmer inherent vowels
        | '\u{180E}'                    // Mongolian vowel separator
        | '\u{200B}'..='\u{200F}'       // zero-width space, joiners, direction marks
        | '\u{202A}'..='\u{202E}'       // direction embeddings and overrides
        | '\u{2060}'..='\u{206F}'       // word joiner, invisible operators, direction isolates, old format controls
        | '\u{2800}'                    // Braille blank
        | '\u{3164}' | '\u{FFA0}'       // Hangul fillers
        | '\u{FEFF}'                    // byte order mark
    )
}

/// `s` without control characters, or `None` if it holds none.
///
/// Control characters are C0 except tab, line feed and carriage return, DEL, C1, U+FFFE and U+FFFF.
/// Vertical tab, form feed and next line separate lines (FileMaker exports the first inside cells):
/// a line feed takes their place, so that words do not grow together.
#[must_use]
pub fn remove_controls(s: &str) -> Option<String> {
    // Without an early exit the loop runs over many bytes at once; cells are short.
    let plain = s.bytes().fold(true, |plain, b| plain & (b' '..0x7F).contains(&b));
    if plain || !s.contains(is_control) {
        return None;
    }
    let replaced = s.chars().map(|c| if matches!(c, '\u{B}' | '\u{C}' | '\u{85}') { '\n' } else { c });
    Some(replaced.filter(|&c| !is_control(c)).collect())
}

/// Whether `c` is a control character in the sense of [`remove_controls`].
pub(crate) fn is_control(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// The form in which names of groups, tags, fields and headers are compared: trimmed, NFC, without case.
#[must_use]
pub fn key(s: &str) -> String {
    fold(trim(s))
}

/// Only the letters and digits of `s`, without accents and case: the form in which headers are compared, so that
/// `E-Mail`, `e_mail` and `EMAIL`, or `Prénom` and `prenom`, are one.
#[must_use]
pub fn bare(s: &str) -> String {
    let lower = s.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).nfkd();
    lower.filter(|c| c.is_alphanumeric()).map(|c| if c == 'ς' { 'σ' } else { c }).collect::<String>().replace('ß', "ss")
}

/// `s` in NFC and without case; `fold(fold(s)) == fold(s)`.
///
/// Lower case, not Unicode's full case folding: that would make `ß` equal to `ss`, and `strauß` and `strauss` are
/// two names. The two lower-case sigmas are one letter.
pub(crate) fn fold(s: &str) -> String {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let lower = s.nfc().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c });
    lower.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    cases! { trim;
        nothing_stays_nothing: "" => "";
        plain_text_stays: "Anna" => "Anna";
        one_letter_stays: "a" => "a";
        ascii_blanks_go: " \t\r\n\u{B}\u{C}Anna Lee \t" => "Anna Lee";
        only_blanks_become_nothing: " \u{A0}\u{200B}\u{3000}" => "";
        no_break_spaces_go: "\u{A0}Anna\u{202F}" => "Anna";
        zero_width_characters_go: "\u{FEFF}\u{200B}Anna\u{200D}\u{2060}" => "Anna";
        direction_marks_go: "\u{200E}Anna\u{202C}\u{2069}" => "Anna";
        fillers_go: "\u{3164}Anna\u{2800}\u{AD}\u{180E}" => "Anna";
        blanks_mixed_with_ascii_blanks_go: " \u{A0} Anna \u{A0} " => "Anna";
        joiners_inside_stay: "می\u{200C}خواهم" => "می\u{200C}خواهم";
        emoji_families_stay: "👩\u{200D}👩\u{200D}👧" => "👩\u{200D}👩\u{200D}👧";
        a_variation_selector_at_the_end_stays: "❤\u{FE0F}" => "❤\u{FE0F}";
        accents_at_the_ends_stay: "é" => "é";
    }

    cases! { remove_controls;
        clean_ascii_is_left_alone: "Anna" => None;
        clean_text_of_any_script_is_left_alone: "Zoë 用户 👩\u{200D}👧\u{FEFF}" => None;
        tabs_and_line_breaks_are_no_controls: "a\tb\r\nc" => None;
        nul_goes: "An\0na" => Some("Anna".to_owned());
        escape_delete_and_c1_go: "\u{1B}An\u{7F}n\u{9B}a" => Some("Anna".to_owned());
        noncharacters_go: "An\u{FFFE}na\u{FFFF}" => Some("Anna".to_owned());
        old_line_breaks_become_line_feeds: "a\u{B}b\u{C}c\u{85}d" => Some("a\nb\nc\nd".to_owned());
    }

    cases! { key;
        case_does_not_count: " VIP Club " => "vip club";
        composition_does_not_count: "Cafe\u{301}" => "café";
        sigma_is_one_letter: "ΟΔΟΣ" => "οδοσ";
        sharp_s_is_its_own_letter: "STRAẞE" => "straße";
        dotted_capital_i_is_kept_apart: "İ" => "i\u{307}";
    }

    cases! { bare;
        punctuation_does_not_count: " E-Mail_1 (work)*" => "email1work";
        accents_do_not_count: "Pr\u{E9}noms e\u{301}t\u{E9}" => "prenomsete";
        sharp_s_is_two_letters: "STRAẞE" => "strasse";
        other_scripts_stay: "Имя 名前" => "имя名前";
        signs_alone_are_nothing: "# (%)" => "";
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(s in any::<String>()) {
            let key = key(&s);
            prop_assert_eq!(super::key(&key), key);
        }

        #[test]
        fn trimming_twice_is_trimming_once(s in "[ a\u{A0}\u{200B}\u{200D}\u{FEFF}é\\t]{0,8}") {
            let trimmed = trim(&s);
            prop_assert_eq!(trim(trimmed), trimmed);
            prop_assert!(!trimmed.starts_with(is_blank) && !trimmed.ends_with(is_blank));
        }

        #[test]
        fn no_control_is_left(s in any::<String>()) {
            if let Some(clean) = remove_controls(&s) {
                prop_assert_eq!(remove_controls(&clean), None);
            }
        }
    }
}
