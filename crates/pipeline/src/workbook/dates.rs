//! Days and times as spreadsheets store them -> ISO 8601 text. A day is a number, a time its fraction.

use std::fmt::Write as _;

use super::number_format::Shown;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The last day that spreadsheets show, 9999-12-31, as their number.
const LAST_DAY: i64 = 2_958_465;

/// How days are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Epoch {
    /// 1 is 1900-01-01, and 60 is a 29 February 1900 that never was: kept from Lotus 1-2-3.
    #[default]
    From1900,
    /// 0 is 1904-01-01: workbooks of old Macs.
    From1904,
}

/// The number as a day, a time or both, to the second. `None` if a spreadsheet shows no date for it.
pub(super) fn date_text(number: f64, shown: &Shown, epoch: Epoch) -> Option<String> {
    if !number.is_finite() || number < 0.0 || number >= (LAST_DAY + 1) as f64 {
        return None;
    }
    // Fractions of a day are never exact: 14:30 is stored as 0.604166666666667.
    let seconds = (number * SECONDS_OF_A_DAY as f64).round() as i64;
    let (day, time) = (seconds / SECONDS_OF_A_DAY, seconds % SECONDS_OF_A_DAY);
    match shown {
        Shown::Day => day_text((number.floor() as i64).max(0), epoch),
        Shown::DayAndTime if day == 0 && epoch == Epoch::From1900 => Some(time_text(time)),
        Shown::DayAndTime if time == 0 => day_text(day, epoch),
        Shown::DayAndTime => Some(format!("{}T{}", day_text(day, epoch)?, time_text(time))),
        Shown::Time => Some(time_text(time)),
        Shown::Elapsed => Some(time_text(seconds)),
        Shown::Plain | Shown::Percent | Shown::Digits(_) => None,
    }
}

fn day_text(day: i64, epoch: Epoch) -> Option<String> {
    // Days since 1970-01-01.
    let days = match epoch {
        Epoch::From1900 => match day {
            0 => return None,
            60 => return Some("1900-02-29".to_owned()),
            1..60 => day - 25_568,
            _ => day - 25_569,
        },
        Epoch::From1904 => day - 24_107,
    };
    let (year, month, day) = civil(days);
    (year <= 9999).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Hours may be more than 24.
pub(super) fn time_text(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Year, month and day of a day counted from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// An ISO date as it stands in a file, without what it does not need: midnight, fractions of a second, the zone Z.
pub(super) fn tidy_iso(text: &str) -> String {
    let text = text.trim();
    let Some((day, time)) = text.split_once('T') else { return text.to_owned() };
    let time = time.strip_suffix('Z').unwrap_or(time);
    let time = match time.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => time,
    };
    match time {
        "00:00:00" | "00:00" => day.to_owned(),
        _ => format!("{day}T{time}"),
    }
}

/// A duration of ODS (`PT14H30M05.5S`) as a time.
pub(super) fn duration_text(text: &str) -> Option<String> {
    let mut seconds = 0i64;
    let mut number = String::new();
    for letter in text.trim().strip_prefix("PT")?.chars() {
        let unit = match letter {
            '0'..='9' | '.' | ',' if number.len() < 12 => {
                let _ = number.write_char(if letter == ',' { '.' } else { letter });
                continue;
            }
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => return None,
        };
        seconds += (number.parse::<f64>().ok()? * unit).floor() as i64;
        number.clear();
    }
    number.is_empty().then(|| time_text(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_1900(number: f64, shown: Shown) -> Option<String> {
        date_text(number, &shown, Epoch::From1900)
    }

    macro_rules! cases {
        ($($name:ident: $found:expr => $text:expr;)*) => {
            $(#[test] fn $name() { assert_eq!($found.as_deref(), $text); })*
        };
    }

    cases! {
        a_day: of_1900(45_356.0, Shown::Day) => Some("2024-03-05");
        a_day_and_a_time: of_1900(45_356.604_166_666_7, Shown::DayAndTime) => Some("2024-03-05T14:30:00");
        a_day_without_its_time: of_1900(45_356.604, Shown::Day) => Some("2024-03-05");
        midnight_is_the_day: of_1900(45_356.0, Shown::DayAndTime) => Some("2024-03-05");
        a_breath_before_midnight: of_1900(45_355.999_999_9, Shown::DayAndTime) => Some("2024-03-05");
        a_breath_before_midnight_is_the_day_before: of_1900(45_355.999_999_9, Shown::Day) => Some("2024-03-04");
        a_time: of_1900(0.604_166_666_666_667, Shown::Time) => Some("14:30:00");
        a_time_of_a_day: of_1900(45_356.75, Shown::Time) => Some("18:00:00");
        a_time_where_a_day_was_expected: of_1900(0.5, Shown::DayAndTime) => Some("12:00:00");
        hours_beyond_a_day: of_1900(1.25, Shown::Elapsed) => Some("30:00:00");
        the_first_day: of_1900(1.0, Shown::Day) => Some("1900-01-01");
        the_day_before_the_leap_day_that_never_was: of_1900(59.0, Shown::Day) => Some("1900-02-28");
        the_leap_day_that_never_was: of_1900(60.0, Shown::Day) => Some("1900-02-29");
        the_day_behind_it: of_1900(61.0, Shown::Day) => Some("1900-03-01");
        the_last_day: of_1900(2_958_465.0, Shown::Day) => Some("9999-12-31");
        beyond_the_last_day: of_1900(2_958_466.0, Shown::Day) => None;
        day_nought: of_1900(0.0, Shown::Day) => None;
        before_the_calendar: of_1900(-1.0, Shown::Day) => None;
        no_number: of_1900(f64::NAN, Shown::Day) => None;
        of_a_mac: date_text(0.0, &Shown::Day, Epoch::From1904) => Some("1904-01-01");
        of_a_mac_today: date_text(43_894.0, &Shown::Day, Epoch::From1904) => Some("2024-03-05");
        a_duration: duration_text("PT14H30M05.5S") => Some("14:30:05");
        a_long_duration: duration_text("PT30H") => Some("30:00:00");
        no_duration: duration_text("14:30") => None;
        a_duration_cut_short: duration_text("PT14H30") => None;
        an_iso_midnight: Some(tidy_iso("2021-01-01T00:00:00.000Z")) => Some("2021-01-01");
        an_iso_time: Some(tidy_iso(" 2021-01-01T10:05:00 ")) => Some("2021-01-01T10:05:00");
        an_iso_time_in_a_zone: Some(tidy_iso("2021-01-01T10:05:00+02:00")) => Some("2021-01-01T10:05:00+02:00");
    }
}
