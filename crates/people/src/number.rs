//! Numbers as people write them: thousands separators, decimal point or comma, `12.5K`, `3,4 %`.
//! Exact decimal text in and out, no floating point; what could be two numbers is none until somebody decides.

use crate::text;

/// The sign between whole and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    Point,
    Comma,
}

/// What one cell says about the decimal sign of its column; all false if it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DecimalEvidence {
    /// It is a number with a decimal point only: `1,234.5`, `3.4`, `12.5K`.
    pub point: bool,
    /// It is a number with a decimal comma only: `1.234,5`, `3,4`.
    pub comma: bool,
    /// It is a number with either, and not the same one: `1,234`.
    pub either: bool,
}

/// Most digits before the decimal sign, after it, and that count: what `i64` and a decimal column hold for sure.
const DIGITS: usize = 18;
/// Parts per million in one percent.
const PPM_PER_PERCENT: i64 = 10_000;
const PERCENT_DIGITS: usize = 4;
/// Rates above 1000 % are slips of the hand.
const HIGHEST_RATE_PPM: i64 = 1000 * PPM_PER_PERCENT;

/// What the cell says about the decimal sign of its column.
#[must_use]
pub fn decimal_evidence(text: &str) -> DecimalEvidence {
    match (parse_number(text, Decimal::Point), parse_number(text, Decimal::Comma)) {
        (Some(_), None) => DecimalEvidence { point: true, ..DecimalEvidence::default() },
        (None, Some(_)) => DecimalEvidence { comma: true, ..DecimalEvidence::default() },
        (Some(point), Some(comma)) => DecimalEvidence { either: point != comma, ..DecimalEvidence::default() },
        (None, None) => DecimalEvidence::default(),
    }
}

/// The number as plain decimal text: `-1234.5`, `0`; no leading plus or zeros, no zeros at the end of a fraction.
///
/// Accepted: a sign; thousands in groups of three behind the other one of point and comma, blanks of any width or
/// apostrophes; K, M or B at the end. `None` for everything else, and beyond 18 significant digits. Powers of ten
/// (`1.2E+05`) are refused: a spreadsheet has rounded there, and the number that was meant is gone.
#[must_use]
pub fn parse_number(text: &str, decimal: Decimal) -> Option<String> {
    let text = text::trim(text);
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (text, zeros) = split_magnitude(text);
    let sign = match decimal {
        Decimal::Point => '.',
        Decimal::Comma => ',',
    };
    let (whole, fraction) = match text.split_once(sign) {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    if !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut digits = ungroup(whole, decimal)?;
    let point = digits.len() + zeros;
    digits.push_str(fraction);
    let missing = point.saturating_sub(digits.len());
    digits.extend(std::iter::repeat_n('0', missing));
    canonical(negative, &digits[..point], &digits[point..])
}

/// The text before K, M or B, and the zeros that these stand for.
fn split_magnitude(text: &str) -> (&str, usize) {
    let zeros = match text.as_bytes().last() {
        Some(b'k' | b'K') => 3,
        Some(b'm' | b'M') => 6,
        Some(b'b' | b'B') => 9,
        _ => return (text, 0),
    };
    (text::trim(&text[..text.len() - 1]), zeros)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits of a whole number, perhaps in groups of three behind one separator that is not the decimal sign.
fn ungroup(whole: &str, decimal: Decimal) -> Option<String> {
    if is_digits(whole) {
        return Some(whole.to_owned());
    }
    let separator = whole.chars().find(|c| !c.is_ascii_digit())?;
    let separates = match separator {
        ',' => decimal == Decimal::Point,
        '.' => decimal == Decimal::Comma,
        '\'' | '’' => true,
        c => c.is_whitespace() && !matches!(c, '\n' | '\r' | '\t'),
    };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    // Nobody groups a number that starts with zero: `0.123` is a fraction for everybody.
    let starts_well = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let goes_on_well = groups.all(|group| group.len() == 3 && is_digits(group));
    (separates && starts_well && goes_on_well).then(|| whole.replace(separator, ""))
}

fn canonical(negative: bool, whole: &str, fraction: &str) -> Option<String> {
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let significant = match (whole, fraction) {
        ("", _) => fraction.trim_start_matches('0').len(),
        (_, "") => whole.trim_end_matches('0').len(),
        _ => whole.len() + fraction.len(),
    };
    if whole.len() > DIGITS || fraction.len() > DIGITS || significant > DIGITS {
        return None;
    }
    let sign = if negative && significant > 0 { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some([sign, whole, point, fraction].concat())
}

/// A number of followers: whole and not negative.
///
/// With `decimal` unknown, a separator before exactly three digits separates thousands (`12.500`), unless K, M or B
/// follows: then it is the decimal sign (`1.234M`). A fraction that does not vanish (`12.5`) makes `None`.
#[must_use]
pub fn parse_count(text: &str, decimal: Option<Decimal>) -> Option<i64> {
    let text = text::trim(text);
    let read = |decimal| {
        let number = parse_number(text, decimal)?;
        number.parse().ok().filter(|&count: &i64| count >= 0)
    };
    if let Some(decimal) = decimal {
        return read(decimal);
    }
    match (read(Decimal::Point), read(Decimal::Comma)) {
        // Of two readings the one with thousands is the larger.
        (Some(a), Some(b)) if split_magnitude(text).1 == 0 => Some(a.max(b)),
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A rate in percent, with or without `%`, as parts per million: `3.4` is 34,000. Rounded to the nearest.
///
/// A single point or comma is always the decimal sign: nobody has a rate of a thousand percent. Negative rates and
/// rates above 1000 % make `None`.
#[must_use]
pub fn parse_rate_ppm(text: &str, decimal: Option<Decimal>) -> Option<i64> {
    let text = text::trim(text);
    let text = text::trim(text.strip_suffix(['%', '％']).unwrap_or(text));
    if split_magnitude(text).1 > 0 {
        return None;
    }
    let mut signs = text.chars().filter(|c| matches!(c, '.' | ','));
    let percent = match (signs.next(), signs.next()) {
        (Some(','), None) => parse_number(text, Decimal::Comma),
        (_, None) => parse_number(text, Decimal::Point),
        _ => match decimal {
            Some(decimal) => parse_number(text, decimal),
            None => parse_number(text, Decimal::Point).or_else(|| parse_number(text, Decimal::Comma)),
        },
    }?;
    let (whole, fraction) = percent.split_once('.').unwrap_or((&percent, ""));
    let whole: i64 = whole.parse().ok()?;
    if percent.starts_with('-') || whole > HIGHEST_RATE_PPM {
        return None;
    }
    let digit = |i: usize| i64::from(fraction.as_bytes().get(i).map_or(0, |b| b - b'0'));
    let parts = (0..PERCENT_DIGITS).fold(0, |parts, i| parts * 10 + digit(i));
    let rounded_up = i64::from(digit(PERCENT_DIGITS) >= 5);
    Some(whole * PPM_PER_PERCENT + parts + rounded_up).filter(|&ppm| ppm <= HIGHEST_RATE_PPM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POINT: DecimalEvidence = DecimalEvidence { point: true, comma: false, either: false };
    const COMMA: DecimalEvidence = DecimalEvidence { point: false, comma: true, either: false };
    const EITHER: DecimalEvidence = DecimalEvidence { point: false, comma: false, either: true };
    const NOTHING: DecimalEvidence = DecimalEvidence { point: false, comma: false, either: false };

    cases! { decimal_evidence;
        thousands_and_fraction_show_the_point: "1,234.5" => POINT;
        a_short_fraction_shows_the_point: "3.4" => POINT;
        a_magnitude_shows_the_point: "12.5K" => POINT;
        two_commas_show_the_point: "1,234,567" => POINT;
        a_leading_zero_shows_the_point: "0.123" => POINT;
        thousands_and_fraction_show_the_comma: "1.234,5" => COMMA;
        a_short_fraction_shows_the_comma: "3,4" => COMMA;
        a_point_before_three_digits_may_be_either: "1.234" => EITHER;
        a_comma_before_three_digits_may_be_either: "1,234" => EITHER;
        whole_numbers_show_nothing: "1234" => NOTHING;
        blanks_between_thousands_show_nothing: "1 234" => NOTHING;
        words_show_nothing: "many" => NOTHING;
    }

    fn point(text: &str) -> Option<String> {
        parse_number(text, Decimal::Point)
    }

    fn comma(text: &str) -> Option<String> {
        parse_number(text, Decimal::Comma)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    cases! { point;
        a_whole_number: "1234" => some("1234");
        a_negative_number: "-1,234.50" => some("-1234.5");
        a_minus_sign_of_unicode: "−5" => some("-5");
        a_plus_sign: "+5" => some("5");
        leading_zeros: "007" => some("7");
        zero: "0.00" => some("0");
        minus_zero: "-0" => some("0");
        a_bare_fraction: ".5" => some("0.5");
        no_break_space: "12\u{A0}500" => some("12500");
        narrow_no_break_space: "12\u{202F}500" => some("12500");
        swiss_thousands: "1'234'567.8" => some("1234567.8");
        thousands_of_k: "12.5K" => some("12500");
        a_blank_before_m: "1.2 m" => some("1200000");
        billions: "1.25B" => some("1250000000");
        more_digits_than_the_magnitude_takes: "1.2345K" => some("1234.5");
        eighteen_digits: "123456789012345678" => some("123456789012345678");
        nineteen_digits: "1234567890123456789" => None;
        too_many_zeros: "1000000000000000B" => None;
        a_tiny_number: "0.000000000000000001" => some("0.000000000000000001");
        a_comma_in_the_wrong_place: "12,50" => None;
        a_comma_in_the_fraction: "1.234,5" => None;
        mixed_separators: "1,234'567" => None;
        two_points: "1.2.3" => None;
        a_point_at_the_end: "5." => None;
        a_point_alone: "." => None;
        a_sign_alone: "-" => None;
        a_magnitude_alone: "K" => None;
        nothing: "" => None;
        two_signs: "--5" => None;
        a_power_of_ten: "1.2E+05" => None;
        a_word: "NaN" => None;
        a_line_break_inside: "1\n234" => None;
        four_digits_before_a_comma: "1234,567" => None;
    }

    cases! { comma;
        a_fraction_behind_a_comma: "1.234,5" => some("1234.5");
        points_between_thousands: "1.234.567" => some("1234567");
        a_comma_and_k: "12,5k" => some("12500");
        a_point_as_decimal_sign: "3.4" => None;
    }

    cases! { parse_count;
        plain: "12500", None => Some(12500);
        comma_thousands: "12,500", None => Some(12500);
        point_thousands: "12.500", None => Some(12500);
        blank_thousands: "12 500", None => Some(12500);
        point_k: "12.5K", None => Some(12500);
        comma_k: "12,5k", None => Some(12500);
        point_m: "1.2M", None => Some(1_200_000);
        three_digits_before_m: "1.234M", None => Some(1_234_000);
        thousands_and_point: "1,234.00", None => Some(1234);
        thousands_and_comma: "1.234,00", None => Some(1234);
        round_thousands: "12.000", None => Some(12000);
        several_groups: "1.234.567", None => Some(1_234_567);
        the_zero_of_a_spreadsheet: "12.0", None => Some(12);
        known_comma: "12.500", Some(Decimal::Comma) => Some(12500);
        known_point_leaves_a_fraction: "12.500", Some(Decimal::Point) => None;
        a_fraction: "12.5", None => None;
        a_negative: "-5", None => None;
        no_number: "lots", None => None;
    }

    cases! { parse_rate_ppm;
        rate_with_point: "3.4", None => Some(34_000);
        rate_with_comma: "3,4", None => Some(34_000);
        rate_with_percent: "3.4%", None => Some(34_000);
        rate_with_blank_and_percent: "3.4\u{A0}%", None => Some(34_000);
        three_digits_are_a_fraction: "3.456", None => Some(34_560);
        a_single_comma_is_decimal_whatever_the_column: "3,456", Some(Decimal::Point) => Some(34_560);
        many_digits_are_rounded: "3.45678901", None => Some(34_568);
        a_thousand_percent: "1,000.0", None => Some(10_000_000);
        whole_rate: "5", None => Some(50_000);
        no_rate: "0", None => Some(0);
        above_a_thousand_percent: "1000.0001", None => None;
        negative_rate: "-1", None => None;
        magnitude: "3K", None => None;
        percent_alone: "%", None => None;
        huge: "999999999999999999", None => None;
    }

    proptest! {
        #[test]
        fn a_canonical_number_stays_as_it_is(text in "[-+]?[0-9]{0,12}[.,' ]?[0-9]{0,12}[.,]?[0-9]{0,4}[kMB]?") {
            for decimal in [Decimal::Point, Decimal::Comma] {
                if let Some(number) = parse_number(&text, decimal) {
                    prop_assert_eq!(point(&number), Some(number));
                }
            }
        }

        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = decimal_evidence(&text);
            let _ = (parse_count(&text, None), parse_rate_ppm(&text, None));
        }

        #[test]
        fn every_count_reads_back(count in 0..1_000_000_000_000_000_000_i64) {
            prop_assert_eq!(parse_count(&count.to_string(), None), Some(count));
        }
    }
}
