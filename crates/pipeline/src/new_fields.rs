//! What type a custom field has that is made of a column: what most of its cells are, because in lists of people some are
//! always wrong. Numbers that are names of something (phones, postal codes, IDs) stay text, which loses no zero.

use convoke_people::custom::CustomKind;
use convoke_people::date::{date_evidence, parse_date};
use convoke_people::number::{Decimal, parse_number};
use convoke_people::text;
use convoke_people::yes_no::parse_yes_no;

use crate::likeness::every_word;

/// So many cells in a hundred are of the type.
const MOST: usize = 80;
/// One number or date may be chance.
const FEWEST: usize = 2;
/// Digits in a row that are no quantity any more.
const LONG_NUMBER: usize = 12;
/// Digits behind a plus that call somebody.
const PHONE_DIGITS: usize = 7;

/// A column with one of these words names something by its numbers.
const NAMED_BY_NUMBERS: &[&str] = &[
    "id",
    "ids",
    "phone",
    "telephone",
    "tel",
    "telefon",
    "telefono",
    "telephon",
    "mobile",
    "mobil",
    "handy",
    "fax",
    "zip",
    "plz",
    "postal",
    "postcode",
    "postleitzahl",
    "iban",
    "vat",
    "kundennummer",
    "nr",
];

/// The type for cells that differ and are not blank; none if there are no cells.
pub(crate) fn kind_of_cells(header: &str, cells: &[&str]) -> Option<CustomKind> {
    if cells.is_empty() {
        return None;
    }
    let own = text::key(header);
    // The header that comes again below is no value of the column.
    let cells: Vec<_> = cells.iter().copied().filter(|cell| text::key(cell) != own).collect();
    let most = |is: fn(&str) -> bool, fewest: usize| {
        let like = cells.iter().filter(|cell| is(cell)).count();
        like >= fewest && like * 100 >= cells.len() * MOST
    };
    let kind = if most(is_date, FEWEST) {
        CustomKind::Date
    } else if most(is_number, FEWEST) && !is_name_of_something(header, &cells) {
        CustomKind::Number
    } else if most(is_answer, 1) && cells.iter().any(|cell| is_answer(cell) && !is_number(cell)) {
        // Cells differ: where everybody says yes there is one.
        CustomKind::YesNo
    } else {
        CustomKind::Text
    };
    Some(kind)
}

fn is_date(cell: &str) -> bool {
    let evidence = date_evidence(cell);
    evidence.mdy || evidence.dmy || evidence.either || parse_date(cell, None).is_some()
}

fn is_number(cell: &str) -> bool {
    [Decimal::Point, Decimal::Comma].iter().any(|form| parse_number(cell, *form).is_some())
}

fn is_answer(cell: &str) -> bool {
    parse_yes_no(cell).is_some()
}

fn is_name_of_something(header: &str, cells: &[&str]) -> bool {
    every_word(header).iter().any(|word| NAMED_BY_NUMBERS.contains(&word.as_str()))
        || cells.iter().any(|cell| names_something(cell))
}

fn names_something(cell: &str) -> bool {
    let digits = || cell.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = cell.bytes().all(|byte| byte.is_ascii_digit());
    match cell.as_bytes() {
        [b'0', next, ..] => next.is_ascii_digit(),
        [b'+', ..] => digits() >= PHONE_DIGITS,
        _ => is_plain && cell.len() >= LONG_NUMBER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! kinds {
        ($($name:ident: $header:literal, $cells:expr => $kind:ident;)*) => {$(
            #[test]
            fn $name() {
                assert_eq!(kind_of_cells($header, &$cells), Some(CustomKind::$kind));
            }
        )*};
    }

    kinds! {
        four_of_five_are_enough: "Seats", ["1", "2", "3", "4", "many"] => Number;
        three_of_four_are_not: "Seats", ["1", "2", "3", "many"] => Text;
        every_way_to_write_a_number_counts: "Score", ["72", "12,5", "1.250,75", "2.5K", "hoch"] => Number;
        every_way_to_write_a_date_counts:
            "Since", ["2026-01-12", "15.01.2026", "4.3.2026", "5. März 2026", "14/03/2019", "30.02.2026"] => Date;
        every_way_to_answer_counts: "Newsletter", ["Yes", "No", "TRUE", "ja", "sí", "y", "0", "1", "maybe"] => YesNo;
        the_header_that_comes_again_does_not_count: "Called", ["yes", "ja", "nein", "no", "Called", "CALLED "] => YesNo;
        one_number_may_be_chance: "Seats", ["72"] => Text;
        one_date_may_be_chance: "Since", ["2026-01-12"] => Text;
        where_everybody_says_yes: "Newsletter", ["yes"] => YesNo;
        a_single_one_is_no_answer: "Priority", ["1"] => Text;
        ones_and_zeros_are_numbers: "Flag", ["0", "1"] => Number;
        a_leading_zero_is_kept: "Area", ["10115", "80331", "20095", "50667", "01067"] => Text;
        a_fraction_below_one_has_none: "Share", ["0.5", "0,25", "0"] => Number;
        phones_are_no_numbers: "Hotline", ["+4930123456", "+4930123457"] => Text;
        a_plus_before_few_digits_is_a_sign: "Change", ["+5", "-3", "+12.5"] => Number;
        long_numbers_are_names: "Reference", ["100000000001", "100000000002"] => Text;
        ids_are_no_numbers: "Customer ID", ["1001", "1002"] => Text;
        telephones_are_no_numbers: "Telefon 2", ["5550101", "5550102"] => Text;
        only_the_header_again: "Seats", ["Seats"] => Text;
    }

    #[test]
    fn a_column_without_values_has_no_type() {
        assert_eq!(kind_of_cells("Seats", &[]), None);
    }
}
