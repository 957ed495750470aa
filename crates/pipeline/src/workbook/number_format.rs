//! A cell's number format -> how its number is shown. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
//!
//! Only what changes the meaning for a reader is told apart: days, times, percent and leading zeros. Thousands
//! separators, colours, currencies and rounding are left out, so that no digit of a value is lost.

/// How a number is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// As a number.
    #[default]
    Plain,
    Day,
    DayAndTime,
    Time,
    /// Hours, which may be more than 24.
    Elapsed,
    Percent,
    /// With leading zeros: each `None` is a digit.
    Digits(Box<[Option<char>]>),
}

/// Places of a format with leading zeros; longer ones are shown plainly.
const MAX_PLACES: usize = 64;

/// How the built-in formats are shown; 27 to 36 and 50 to 58 are the dates of East Asian versions.
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Day,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shown::Time,
        22 => Shown::DayAndTime,
        46 => Shown::Elapsed,
        _ => Shown::Plain,
    }
}

/// How a format code is shown: by its first section, the one for positive numbers.
pub(super) fn shown_by(code: &str) -> Shown {
    let first = code.split(';').next().unwrap_or_default();
    if first.to_ascii_lowercase().contains("general") {
        return Shown::Plain;
    }
    let mut marks = Marks::default();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '"' => marks.literals(letters.by_ref().take_while(|&letter| letter != '"')),
            '\\' | '!' => marks.literals(letters.next()),
            // A blank as wide as the next character; the next character until the cell is full.
            '_' | '*' => drop(letters.next()),
            '[' => {
                let inside: String = letters.by_ref().take_while(|&letter| letter != ']').collect();
                marks.bracket(&inside);
            }
            _ => marks.letter(letter, letters.peek().copied()),
        }
    }
    marks.shown()
}

/// What stands in a format code.
#[derive(Debug, Default)]
struct Marks {
    days: bool,
    hours: bool,
    /// `m`: a month, or minutes beside hours or seconds.
    months_or_minutes: bool,
    elapsed: bool,
    percent: bool,
    /// Fractions, exponents, `#` and the like: no format of leading zeros.
    other: bool,
    places: Vec<Option<char>>,
}

impl Marks {
    fn literals(&mut self, text: impl IntoIterator<Item = char>) {
        for letter in text {
            self.place(Some(letter));
        }
    }

    fn place(&mut self, place: Option<char>) {
        match self.places.len() < MAX_PLACES {
            true => self.places.push(place),
            false => self.other = true,
        }
    }

    /// `[h]`, `[mm]`, `[ss]` count on; colours, conditions and currencies say nothing here.
    fn bracket(&mut self, inside: &str) {
        let lower = inside.to_ascii_lowercase();
        let unit = lower.chars().next();
        if unit.is_some_and(|unit| "hms".contains(unit)) && lower.chars().all(|letter| Some(letter) == unit) {
            self.elapsed = true;
        } else if lower.starts_with(['<', '>', '=']) {
            self.other = true;
        }
    }

    fn letter(&mut self, letter: char, next: Option<char>) {
        match letter.to_ascii_lowercase() {
            // The digits of 1E+06 and the era of Japanese years.
            'e' if matches!(next, Some('+' | '-')) => self.other = true,
            'y' | 'd' | 'e' => self.days = true,
            'h' | 's' => self.hours = true,
            'm' => self.months_or_minutes = true,
            '%' => self.percent = true,
            '0' => self.place(None),
            ' ' | '-' | '(' | ')' | '+' => self.place(Some(letter)),
            '#' | '?' | '.' | ',' | '/' | '@' => self.other = true,
            _ => {}
        }
    }

    fn shown(self) -> Shown {
        let zeros = self.places.iter().filter(|place| place.is_none()).count();
        if self.elapsed {
            Shown::Elapsed
        } else if self.days || (self.months_or_minutes && !self.hours) {
            if self.hours { Shown::DayAndTime } else { Shown::Day }
        } else if self.hours {
            Shown::Time
        } else if self.percent {
            Shown::Percent
        } else if zeros > 1 && !self.other {
            Shown::Digits(self.places.into())
        } else {
            Shown::Plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! shown {
        ($($name:ident: $code:literal => $shown:pat,)*) => {
            $(#[test] fn $name() {
                let shown = shown_by($code);
                assert!(matches!(shown, $shown), "{} is shown as {shown:?}", $code);
            })*
        };
    }

    shown! {
        general_is_plain: "General" => Shown::Plain,
        general_in_colour: "[Red]General" => Shown::Plain,
        two_decimals: "0.00" => Shown::Plain,
        thousands: "#,##0.00" => Shown::Plain,
        accounting: "_-* #,##0.00\\ \"EUR\"_-;\\-* #,##0.00\\ \"EUR\"_-" => Shown::Plain,
        dollars: "[$$-409]#,##0.00" => Shown::Plain,
        scientific: "0.00E+00" => Shown::Plain,
        a_fraction: "# ?/?" => Shown::Plain,
        text: "@" => Shown::Plain,
        one_digit: "0" => Shown::Plain,
        days_in_quotes_are_a_unit: "0 \"days\"" => Shown::Plain,
        iso: "yyyy-mm-dd" => Shown::Day,
        german: "dd/mm/yyyy;@" => Shown::Day,
        long: "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy" => Shown::Day,
        month_alone: "mmm" => Shown::Day,
        day_and_month: "d-mmm" => Shown::Day,
        year_and_dot: "d.m.yyyy" => Shown::Day,
        japanese_era: "[$-411]ge.m.d" => Shown::Day,
        with_time: "m/d/yy h:mm" => Shown::DayAndTime,
        with_am: "[$-409]m/d/yy\\ h:mm\\ AM/PM;@" => Shown::DayAndTime,
        with_literal_t: "yyyy\\-mm\\-dd\"T\"hh:mm:ss" => Shown::DayAndTime,
        time: "h:mm" => Shown::Time,
        time_with_am: "hh:mm:ss AM/PM" => Shown::Time,
        minutes_and_seconds: "mm:ss" => Shown::Time,
        hours_that_count_on: "[h]:mm:ss" => Shown::Elapsed,
        minutes_that_count_on: "[mm]:ss" => Shown::Elapsed,
        percent: "0%" => Shown::Percent,
        percent_with_decimals: "0.00%" => Shown::Percent,
        percent_negative_in_red: "0.0%;[Red]-0.0%" => Shown::Percent,
        leading_zeros: "000000" => Shown::Digits(_),
        a_phone_number: "(000) 000-0000" => Shown::Digits(_),
        leading_zeros_behind_letters: "\"ID-\"0000" => Shown::Digits(_),
        zeros_and_decimals_are_a_number: "00.00" => Shown::Plain,
        nothing: "" => Shown::Plain,
        an_open_quote: "\"yyyy" => Shown::Plain,
        an_open_bracket: "[h" => Shown::Elapsed,
    }
}
