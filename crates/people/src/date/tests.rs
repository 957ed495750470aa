//! Dates, a line a case.

use super::*;
use proptest::prelude::*;

const DMY: Option<DateOrder> = Some(DateOrder::Dmy);
const MDY: Option<DateOrder> = Some(DateOrder::Mdy);
const YMD: Option<DateOrder> = Some(DateOrder::Ymd);

fn shown(text: &str, order: Option<DateOrder>) -> String {
    parse_date(text, order).map_or_else(String::new, |date| date.to_string())
}

cases! { shown;
    iso: "2026-04-03", None => "2026-04-03";
    iso_whatever_the_order: "2026-04-03", DMY => "2026-04-03";
    iso_with_time: "2026-04-03T10:20:30Z", None => "2026-04-03";
    iso_with_fraction_and_offset: "2026-04-03T10:20:30.123+02:00", None => "2026-04-03";
    iso_with_blank_and_time: "2026-04-03 10:20", None => "2026-04-03";
    iso_with_utc: "2026-04-03 10:20:30 UTC", None => "2026-04-03";
    iso_without_separators: "20260403", None => "2026-04-03";
    iso_without_separators_with_time: "20260403T102030Z", None => "2026-04-03";
    year_first_with_slashes: "2026/4/3", None => "2026-04-03";
    year_first_with_points: "2026.04.03", None => "2026-04-03";
    day_first_told: "03/04/2026", DMY => "2026-04-03";
    month_first_told: "03/04/2026", MDY => "2026-03-04";
    day_first_with_points: "3.4.2026", DMY => "2026-04-03";
    day_first_with_hyphens: "3-4-2026", DMY => "2026-04-03";
    day_first_with_time: "03/04/2026 14:30", DMY => "2026-04-03";
    month_first_with_half_of_day: "4/3/2026, 2:30:00 PM", MDY => "2026-04-03";
    ambiguous_is_not_guessed: "03/04/2026", None => "";
    ambiguous_is_not_guessed_from_year_first: "03/04/2026", YMD => "";
    only_day_first_reads: "25/12/2026", None => "2026-12-25";
    only_month_first_reads: "12/25/2026", None => "2026-12-25";
    same_either_way: "04/04/2026", None => "2026-04-04";
    contradicts_day_first: "12/25/2026", DMY => "";
    contradicts_month_first: "25/12/2026", MDY => "";
    two_digit_year_of_this_century: "25/12/68", DMY => "2068-12-25";
    two_digit_year_of_the_last_century: "25/12/69", DMY => "1969-12-25";
    two_digit_year_first_told: "26/04/03", YMD => "2026-04-03";
    two_digit_year_first_that_reads_no_other_way: "99/12/31", None => "1999-12-31";
    english_month: "3 April 2026", None => "2026-04-03";
    english_abbreviation: "3 Apr 2026", None => "2026-04-03";
    american_month: "April 3, 2026", None => "2026-04-03";
    american_ordinal: "April 3rd, 2026", None => "2026-04-03";
    weekday: "Friday, April 3, 2026", None => "2026-04-03";
    excel_month: "3-Apr-26", None => "2026-04-03";
    month_with_time: "3 Apr 2026 14:30", None => "2026-04-03";
    year_then_month: "2026-Apr-03", None => "2026-04-03";
    german_month: "3. April 2026", None => "2026-04-03";
    german_umlaut: "3. März 2026", None => "2026-03-03";
    german_december: "24. Dez. 2026", None => "2026-12-24";
    french_month: "1er août 2026", None => "2026-08-01";
    french_february: "14 févr. 2026", None => "2026-02-14";
    spanish_month: "3 de enero de 2026", None => "2026-01-03";
    month_in_capitals: "03 AVR 2026", None => "2026-04-03";
    apostrophe_year: "3 Apr '26", None => "2026-04-03";
    leap_day: "2024-02-29", None => "2024-02-29";
    leap_day_of_2000: "2000-02-29", None => "2000-02-29";
    no_leap_day: "2026-02-29", None => "";
    no_leap_day_of_1900: "1900-02-29", None => "";
    no_thirty_first: "31/04/2026", None => "";
    no_month_13: "2026-13-01", None => "";
    no_day_0: "2026-01-00", None => "";
    no_year_0: "0000-01-01", None => "";
    three_digit_year: "1/2/202", DMY => "";
    one_digit_year: "1/2/3", DMY => "";
    mixed_separators: "01/02-2026", DMY => "";
    two_months: "3 April May 2026", None => "";
    three_numbers_and_a_month: "3 April 2026 7", None => "";
    a_month_without_day: "April 2026", None => "";
    an_unknown_word: "3 April 2026 maybe", None => "";
    a_word_behind: "2026-04-03 maybe", None => "";
    a_broken_time: "2026-04-03 25:00", None => "";
    a_time_alone: "10:20", None => "";
    eight_digits_that_are_no_date: "30123456", None => "";
    a_number: "46115", None => "";
    nothing: "", None => "";
    today: "today", None => "";
}

const NOTHING: DateEvidence = DateEvidence { dmy: false, mdy: false, either: false };

cases! { date_evidence;
    shows_day_first: "25/12/2026" => DateEvidence { dmy: true, ..NOTHING };
    shows_month_first: "12/25/2026 10:00" => DateEvidence { mdy: true, ..NOTHING };
    may_be_either: "03/04/2026" => DateEvidence { either: true, ..NOTHING };
    same_date_shows_nothing: "04.04.2026" => NOTHING;
    iso_shows_nothing: "2026-04-03" => NOTHING;
    a_month_by_name_shows_nothing: "3 Apr 2026" => NOTHING;
    no_date_shows_nothing: "31/31/2026" => NOTHING;
}

proptest! {
    #[test]
    fn any_text_is_judged(text in any::<String>()) {
        let _ = (date_evidence(&text), parse_date(&text, None));
    }

    #[test]
    fn anything_like_a_date_is_judged(text in "[0-9TZ:/. ,+-]{0,20}[a-zé]{0,4}[0-9: ]{0,6}") {
        let _ = (date_evidence(&text), parse_date(&text, None));
    }

    #[test]
    fn every_date_reads_back(year in 1..=9999_i16, month in 1..=12_u8, day in 1..=31_u8) {
        if let Some(date) = Date::new(year, month, day) {
            prop_assert_eq!(parse_date(&date.to_string(), None), Some(date));
            let german = format!("{day}.{month}.{year:04}");
            prop_assert_eq!(parse_date(&german, DMY), Some(date));
        }
    }
}
