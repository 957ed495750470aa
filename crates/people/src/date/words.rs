//! Dates whose month is a word: `3 Apr 2026`, `April 3rd, 2026`, `3. April 2026`, `1er avril 2026`, `3 de abril de 2026`.
//! Every word must be understood; one that is not makes the text no date.

use super::{Date, full_year};
use crate::text;

/// English, German, French and Spanish names and abbreviations, folded, January first.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "jaenner", "jän", "janvier", "janv", "enero", "ene"],
    &["february", "feb", "februar", "février", "fevrier", "févr", "fevr", "fév", "fev", "febrero"],
    &["march", "mar", "märz", "maerz", "mär", "mrz", "mars", "marzo"],
    &["april", "apr", "avril", "avr", "abril", "abr"],
    &["may", "mai", "mayo"],
    &["june", "jun", "juni", "juin", "junio"],
    &["july", "jul", "juli", "juillet", "juil", "julio"],
    &["august", "aug", "août", "aout", "agosto", "ago"],
    &["september", "sep", "sept", "septembre", "septiembre", "setiembre", "set"],
    &["october", "oct", "oktober", "okt", "octobre", "octubre"],
    &["november", "nov", "novembre", "noviembre"],
    &["december", "dec", "dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic"],
];

/// Words that stand in dates and say nothing: ordinals, articles, days of the week.
const FILLERS: &[&str] = &[
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "º",
    "of",
    "the",
    "de",
    "del",
    "el",
    "le",
    "der",
    "den",
    "am", //
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday", //
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thur",
    "thurs",
    "fri",
    "sat",
    "sun", //
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag", //
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so", //
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche", //
    "lunes",
    "martes",
    "miércoles",
    "miercoles",
    "jueves",
    "viernes",
    "sábado",
    "sabado",
    "domingo",
];

/// The date of a text with one month by name, a day, and a year of four digits, or of two behind the day.
pub(super) fn read(text: &str) -> Option<Date> {
    let folded = text::fold(text);
    let mut month = None;
    let mut numbers = [""; 2];
    let mut count = 0;
    for token in tokens(&folded) {
        if token.starts_with(|c: char| c.is_ascii_digit()) {
            *numbers.get_mut(count)? = token;
            count += 1;
        } else if let Some(index) = MONTHS.iter().position(|names| names.contains(&token)) {
            if month.replace(index as u8 + 1).is_some() {
                return None;
            }
        } else if !FILLERS.contains(&token) {
            return None;
        }
    }
    let (year, day) = if numbers[0].len() == 4 { (numbers[0], numbers[1]) } else { (numbers[1], numbers[0]) };
    if day.len() > 2 {
        return None;
    }
    Date::new(full_year(year)?, month?, day.parse().ok()?)
}

/// Runs of digits, runs of letters, and every other character that is no separator for itself.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ",.-/'’".contains(c));
        let first = rest.chars().next()?;
        let end = if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, behind) = rest.split_at(end);
        rest = behind;
        Some(token)
    })
}
