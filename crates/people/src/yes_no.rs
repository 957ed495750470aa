//! Yes and no as people and spreadsheet programs write them, in English, German, French and Spanish.
//! What could mean either is neither.

use crate::text;

/// True, false, or `None` for anything that does not clearly say one of them.
///
/// `x` is not accepted: it ticks a box in one list and strikes it out in the next.
#[must_use]
pub fn parse_yes_no(text: &str) -> Option<bool> {
    match text::key(text).as_str() {
        "yes" | "y" | "true" | "t" | "1" | "on" => Some(true),
        "no" | "n" | "false" | "f" | "0" | "off" => Some(false),
        "ja" | "j" | "oui" | "si" | "sí" => Some(true),
        "nein" | "non" => Some(false),
        // Excel exports its two truth values in the language of its user.
        "wahr" | "vrai" | "verdadero" => Some(true),
        "falsch" | "faux" | "falso" => Some(false),
        "✓" | "✔" | "✔\u{FE0F}" | "✅" | "☑" | "☑\u{FE0F}" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    cases! { parse_yes_no;
        yes: "yes" => Some(true);
        yes_in_capitals_with_blanks: " YES\u{A0}" => Some(true);
        true_of_a_spreadsheet: "TRUE" => Some(true);
        one: "1" => Some(true);
        on: "On" => Some(true);
        ja: "Ja" => Some(true);
        oui: "oui" => Some(true);
        si_with_accent: "Sí" => Some(true);
        si_in_two_characters: "si\u{301}" => Some(true);
        si_without_accent: "si" => Some(true);
        wahr: "WAHR" => Some(true);
        a_tick: "✓" => Some(true);
        no: "No" => Some(false);
        n: "n" => Some(false);
        f: "F" => Some(false);
        zero: "0" => Some(false);
        off: "off" => Some(false);
        nein: "nein" => Some(false);
        non: "Non" => Some(false);
        falsch: "FALSCH" => Some(false);
        x_is_neither: "x" => None;
        nothing_is_neither: "" => None;
        two_is_neither: "2" => None;
        maybe_is_neither: "maybe" => None;
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = parse_yes_no(&text);
        }
    }
}
