//! Dates as people and spreadsheet programs write them; a time of day behind the date is accepted and dropped.
//! A [`Date`] is always a day of the calendar, and day and month are never told apart by guessing.

mod words;

use std::fmt;

use crate::text;

/// The order of day, month and year in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    Dmy,
    Mdy,
    Ymd,
}

/// A day of the Gregorian calendar, years 1 to 9999; shown as ISO 8601 (`2026-04-03`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

/// What one cell says about the order of day and month in its column; all false if it says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateEvidence {
    /// It is a date only with the day before the month: `25/12/2026`.
    pub dmy: bool,
    /// It is a date only with the month before the day: `12/25/2026`.
    pub mdy: bool,
    /// It is a date either way, and not the same one: `03/04/2026`.
    pub either: bool,
}

impl Date {
    /// The date, if the calendar has it.
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Date { year, month, day })
    }

    /// 1 to 9999.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The ways in which a text can be read as a date.
enum Reading {
    /// The form itself says which number is which.
    Certain(Date),
    /// Three numbers, the year (four digits or two) at the end or, with two digits, perhaps in front.
    Numbers { dmy: Option<Date>, mdy: Option<Date>, ymd: Option<Date> },
}

/// What the cell says about the order of day and month in its column.
///
/// Two digits at the end are taken for the year here; a column that starts with two-digit years needs to be told
/// ([`DateOrder::Ymd`]).
#[must_use]
pub fn date_evidence(text: &str) -> DateEvidence {
    let nothing = DateEvidence::default();
    match read(text) {
        Some(Reading::Numbers { dmy, mdy, .. }) => match (dmy, mdy) {
            (Some(_), None) => DateEvidence { dmy: true, ..nothing },
            (None, Some(_)) => DateEvidence { mdy: true, ..nothing },
            (dmy, mdy) => DateEvidence { either: dmy != mdy, ..nothing },
        },
        _ => nothing,
    }
}

/// The date, read in the order given where its form leaves that open.
///
/// Accepted: ISO 8601 (`2026-04-03`, `20260403`, with or without time), the year first with `/` or `.`, three
/// numbers with `/`, `.` or `-`, and months by name in English, German, French and Spanish (`3. April 2026`).
/// Two-digit years are 1969 to 2068, as in POSIX `strptime`. `None` if it is no date, contradicts the order, or
/// has two readings and no order is given.
#[must_use]
pub fn parse_date(text: &str, order: Option<DateOrder>) -> Option<Date> {
    match (read(text)?, order) {
        (Reading::Certain(date), _) => Some(date),
        (Reading::Numbers { dmy, .. }, Some(DateOrder::Dmy)) => dmy,
        (Reading::Numbers { mdy, .. }, Some(DateOrder::Mdy)) => mdy,
        (Reading::Numbers { ymd: Some(date), .. }, Some(DateOrder::Ymd)) => Some(date),
        (Reading::Numbers { dmy, mdy, ymd }, None | Some(DateOrder::Ymd)) => match (dmy, mdy) {
            (Some(a), Some(b)) => (a == b).then_some(a),
            (a, b) => a.or(b).or(ymd),
        },
    }
}

fn read(text: &str) -> Option<Reading> {
    let text = without_time(text::trim(text))?;
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return compact(text).map(Reading::Certain);
    };
    let mut parts = text.split(separator);
    let (Some(a), Some(b), Some(c), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return words::read(text).map(Reading::Certain);
    };
    if !matches!(separator, '/' | '.' | '-') || ![a, b, c].iter().all(|part| is_digits(part)) {
        return words::read(text).map(Reading::Certain);
    }
    numbers(a, b, c)
}

fn numbers(a: &str, b: &str, c: &str) -> Option<Reading> {
    let short = |part: &str| (1..=2).contains(&part.len());
    if a.len() == 4 && short(b) && short(c) {
        return date(a, b, c).map(Reading::Certain);
    }
    if !short(a) || !short(b) || !matches!(c.len(), 2 | 4) {
        return None;
    }
    let ymd = if a.len() == 2 && short(c) { date(a, b, c) } else { None };
    Some(Reading::Numbers { dmy: date(c, b, a), mdy: date(c, a, b), ymd })
}

fn is_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// The date of a year of four or two digits, a month and a day.
fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    Date::new(full_year(year)?, month.parse().ok()?, day.parse().ok()?)
}

fn full_year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match (digits.len(), year) {
        (4, _) => Some(year),
        (2, 0..=68) => Some(2000 + year),
        (2, _) => Some(1900 + year),
        _ => None,
    }
}

/// `20260403`; years of the last and this century only, because eight digits are more often something else.
fn compact(digits: &str) -> Option<Date> {
    let is_date = digits.len() == 8 && (digits.starts_with("19") || digits.starts_with("20"));
    if is_date { date(&digits[..4], &digits[4..6], &digits[6..]) } else { None }
}

/// The date before a time of day, or the whole text if there is no time; `None` if there is something else behind.
fn without_time(text: &str) -> Option<&str> {
    if let Some((date, time)) = text.split_once(['T', 't'])
        && date.len() == 8
        && is_digits(date)
    {
        let clock = time.trim_end_matches(['Z', 'z']);
        return (matches!(clock.len(), 4 | 6) && is_digits(clock)).then_some(date);
    }
    let Some(colon) = text.find(':') else {
        return Some(text);
    };
    let before = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    let date = before.strip_suffix(['T', 't']).filter(|date| date.ends_with(|c: char| c.is_ascii_digit()));
    let date = date.or_else(|| {
        let date = before.trim_end_matches(|c: char| c.is_whitespace() || c == ',');
        (date.len() < before.len()).then_some(date)
    })?;
    is_time(&text[before.len()..]).then_some(date)
}

/// `14:30`, `14:30:00.000`, `2:30 PM`, with or without `Z`, `UTC`, `+02:00`, `+0200`.
fn is_time(text: &str) -> bool {
    let clock_end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, rest) = text.split_at(clock_end);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    let mut units = clock.split(':');
    let mut unit = |limit: u8| {
        let unit = units.next()?;
        let fits = is_digits(unit) && unit.len() <= 2 && unit.parse::<u8>().is_ok_and(|unit| unit <= limit);
        Some(fits)
    };
    let fits = unit(24) == Some(true) && unit(59) == Some(true) && unit(60) != Some(false) && units.next().is_none();
    fits && is_digits(fraction) && is_half_of_day_or_zone(text::trim(rest))
}

fn is_half_of_day_or_zone(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    match text.strip_prefix(['+', '-']) {
        Some(offset) => {
            let digits = offset.replacen(':', "", 1);
            matches!(digits.len(), 2 | 4) && is_digits(&digits)
        }
        None => matches!(text.as_str(), "" | "z" | "utc" | "gmt" | "am" | "pm" | "a.m." | "p.m."),
    }
}

#[cfg(test)]
mod tests;
