//! A stored number -> its text: every digit that is stored, no exponent where a person would not write one, and the
//! date, percent or leading zeros of its format.

use std::fmt::Write as _;

use super::dates::{Epoch, date_text};
use super::number_format::Shown;

/// Digits that a stored number always keeps.
const SAFE_DIGITS: usize = 15;

/// Digits of a whole number that are taken as they are written: whoever wrote more than 15 meant them.
const MAX_WHOLE_DIGITS: usize = 40;

/// Appends the text of a number. What is no number stays as written.
pub(super) fn push_number(text: &mut String, raw: &str, shown: &Shown, epoch: Epoch) {
    let raw = raw.trim();
    match shown {
        Shown::Plain => push_plain(text, raw),
        Shown::Percent => push_percent(text, raw),
        Shown::Digits(places) => push_digits(text, raw, places),
        Shown::Day | Shown::DayAndTime | Shown::Time | Shown::Elapsed => {
            match raw.parse().ok().and_then(|number| date_text(number, shown, epoch)) {
                Some(date) => text.push_str(&date),
                None => push_plain(text, raw),
            }
        }
    }
}

fn push_plain(text: &mut String, raw: &str) {
    if is_plain(raw) {
        text.push_str(raw);
        return;
    }
    match raw.parse::<f64>() {
        Ok(number) if number.is_finite() => push_float(text, number),
        _ => text.push_str(raw),
    }
}

/// The shortest text that reads back as the same number.
fn push_float(text: &mut String, number: f64) {
    let magnitude = number.abs();
    let _ = if magnitude == 0.0 {
        text.write_char('0')
    } else if (1e-9..1e21).contains(&magnitude) {
        write!(text, "{number}")
    } else {
        write!(text, "{number:E}")
    };
}

/// Whether the text is already the shortest one: few digits, no needless zeros, no exponent.
#[inline]
fn is_plain(raw: &str) -> bool {
    let digits = raw.strip_prefix('-').unwrap_or(raw).as_bytes();
    let point = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(point);
    let is_whole_plain = match whole {
        [] => false,
        [b'0'] => true,
        [first, ..] => *first != b'0',
    };
    match rest {
        [] => is_whole_plain && whole.len() <= MAX_WHOLE_DIGITS && raw != "-0",
        [b'.', fraction @ ..] => {
            is_whole_plain
                && whole.len() + fraction.len() <= SAFE_DIGITS
                && fraction.iter().all(u8::is_ascii_digit)
                && fraction.last().is_some_and(|&last| last != b'0')
                && !(whole == b"0" && fraction.starts_with(b"00000000"))
        }
        _ => false,
    }
}

/// A hundred times the number, exactly: the point moves two places.
fn push_percent(text: &mut String, raw: &str) {
    let mut plain = String::new();
    push_plain(&mut plain, raw);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        text.push_str(&plain);
        return;
    }
    let (moved, left) = fraction.split_at(fraction.len().min(2));
    let whole = format!("{whole}{moved:0<2}");
    let whole = whole.trim_start_matches('0');
    text.push_str(sign);
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if !left.is_empty() {
        text.push('.');
        text.push_str(left);
    }
    text.push('%');
}

/// Fills the places from the right; what has more digits than places keeps them in front.
fn push_digits(text: &mut String, raw: &str, places: &[Option<char>]) {
    let mut plain = String::new();
    push_plain(&mut plain, raw);
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        text.push_str(&plain);
        return;
    }
    let zeros = places.iter().filter(|place| place.is_none()).count();
    let padded = format!("{plain:0>zeros$}");
    let (surplus, digits) = padded.split_at(padded.len() - zeros);
    let mut surplus = Some(surplus);
    let mut digits = digits.chars();
    for place in places {
        match place {
            Some(literal) => text.push(*literal),
            None => {
                text.push_str(surplus.take().unwrap_or_default());
                text.extend(digits.next());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::number_format::shown_by;
    use super::*;

    fn show(raw: &str, code: &str) -> String {
        let mut text = String::new();
        push_number(&mut text, raw, &shown_by(code), Epoch::From1900);
        text
    }

    macro_rules! cases {
        ($($name:ident: $raw:literal, $code:literal => $text:literal;)*) => {
            $(#[test] fn $name() { assert_eq!(show($raw, $code), $text); })*
        };
    }

    cases! {
        a_whole_number: "12500", "General" => "12500";
        a_whole_number_with_a_point: "12500.0", "General" => "12500";
        a_negative_number: "-3.5", "General" => "-3.5";
        nought: "0", "General" => "0";
        less_than_nought_by_nothing: "-0", "General" => "0";
        below_one: "0.5", "General" => "0.5";
        without_its_nought: ".5", "General" => "0.5";
        needless_zeros: "79.10", "General" => "79.1";
        an_exponent: "1.25E+3", "General" => "1250";
        a_small_exponent: "3.4000000000000002E-2", "General" => "0.034";
        a_long_id: "123456789012345678", "General" => "123456789012345678";
        a_long_id_that_excel_rounded: "1.2345678901234567E+17", "General" => "123456789012345660";
        beyond_every_id: "1E+300", "General" => "1E300";
        next_to_nothing: "0.000000000001", "General" => "1E-12";
        rounded_to_two_places_is_kept_whole: "3.14159", "0.00" => "3.14159";
        money_is_a_number: "1234.5", "#,##0.00 \"EUR\"" => "1234.5";
        percent: "0.034", "0.0%" => "3.4%";
        percent_of_a_float: "3.4000000000000002E-2", "0.0%" => "3.4%";
        percent_beyond_its_format: "0.0345", "0%" => "3.45%";
        a_whole_percent: "1", "0%" => "100%";
        a_tenth_of_a_percent: "0.001", "0.0%" => "0.1%";
        half: "0.5", "0%" => "50%";
        no_percent: "0", "0%" => "0%";
        a_negative_percent: "-0.25", "0%" => "-25%";
        leading_zeros: "42", "000000" => "000042";
        more_digits_than_zeros: "12345678", "000000" => "12345678";
        a_phone_number: "5550100123", "(000) 000-0000" => "(555) 010-0123";
        letters_before_zeros: "7", "\"ID-\"000" => "ID-007";
        a_fraction_in_zeros: "7.5", "000" => "7.5";
        a_date: "45356", "yyyy-mm-dd" => "2024-03-05";
        no_date: "-5", "yyyy-mm-dd" => "-5";
        no_number: "n/a", "0.0%" => "n/a";
        nothing: "", "0.0%" => "";
        infinity_is_a_word: "inf", "General" => "inf";
    }

    proptest! {
        #[test]
        fn every_number_reads_back_as_itself(number in prop::num::f64::NORMAL | prop::num::f64::ZERO) {
            let mut text = String::new();
            push_plain(&mut text, &format!("{number:?}"));
            prop_assert_eq!(text.parse::<f64>().expect("a number"), number);
        }

        #[test]
        fn every_decimal_is_written_as_its_shortest(whole in 0u64..1_000_000, fraction in 0u32..1_000_000) {
            let raw = format!("{whole}.{fraction:06}");
            let mut text = String::new();
            push_plain(&mut text, &raw);
            prop_assert_eq!(text, format!("{}", raw.parse::<f64>().expect("a number")));
        }

        #[test]
        fn no_format_and_no_number_breaks_anything(raw in ".{0,20}", code in ".{0,30}") {
            show(&raw, &code);
        }
    }
}
