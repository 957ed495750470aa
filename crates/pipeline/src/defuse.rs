//! Keeps a cell from being run as a formula by the spreadsheet program that opens a file of ours.
//!
//! Invariant: `take_back(&defuse(cell)) == cell` for every cell.

use std::borrow::Cow;

/// The cell as it may be written to a file: one apostrophe more in front if, apostrophes aside, it begins like a
/// formula (`=`, `+`, `-`, `@`, tab, CR, LF, NUL, or a full-width sign). Numbers such as `-12.5` are no exception.
///
/// Apostrophes that are there already are counted among the text, so that [`take_back`] knows its own from theirs.
pub fn defuse(cell: &str) -> Cow<'_, str> {
    if !is_dangerous(cell) {
        return Cow::Borrowed(cell);
    }
    let mut defused = String::with_capacity(cell.len() + 1);
    defused.push('\'');
    defused.push_str(cell);
    Cow::Owned(defused)
}

/// The cell as it was before [`defuse`]: one apostrophe less if it begins with some and then like a formula.
pub fn take_back(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => cell,
    }
}

/// Whether, behind any apostrophes, it begins with a character that makes a formula.
fn is_dangerous(cell: &str) -> bool {
    // Nearly every cell is told by its first byte; 0xEF begins the full-width signs.
    let Some(b'\'' | b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | 0 | 0xEF) = cell.bytes().next() else {
        return false;
    };
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    macro_rules! defused {
        ($($name:ident: $cell:expr => $defused:expr;)*) => {$(
            #[test]
            fn $name() {
                assert_eq!(defuse($cell), $defused);
                assert_eq!(take_back($defused), $cell);
            }
        )*};
    }

    defused! {
        plain_text_stays: "Anna Lee" => "Anna Lee";
        an_empty_cell_stays: "" => "";
        text_that_is_not_ascii_stays: "Łukasz" => "Łukasz";
        another_full_width_character_stays: "Ａnna" => "Ａnna";
        a_sign_further_on_stays: "a=b" => "a=b";
        an_apostrophe_before_text_stays: "'t Hooft" => "'t Hooft";
        apostrophes_alone_stay: "''" => "''";
        a_formula_is_defused: "=1+1" => "'=1+1";
        a_call_is_defused: "=cmd|' /C calc'!A0" => "'=cmd|' /C calc'!A0";
        a_plus_is_defused: "+49 30 1234" => "'+49 30 1234";
        a_negative_number_is_defused: "-12.5" => "'-12.5";
        a_handle_is_defused: "@anna" => "'@anna";
        a_tab_is_defused: "\t=1" => "'\t=1";
        a_line_feed_is_defused: "\n=1" => "'\n=1";
        a_carriage_return_is_defused: "\r=1" => "'\r=1";
        a_nul_is_defused: "\0=1" => "'\0=1";
        a_full_width_equals_is_defused: "＝1" => "'＝1";
        a_full_width_plus_is_defused: "＋1" => "'＋1";
        a_full_width_minus_is_defused: "－1" => "'－1";
        a_full_width_at_is_defused: "＠SUM(1)" => "'＠SUM(1)";
        a_defused_cell_gets_one_more: "'=1" => "''=1";
        apostrophes_before_a_sign_get_one_more: "'''@a" => "''''@a";
    }

    #[test]
    fn a_harmless_cell_is_not_copied() {
        assert!(matches!(defuse("Anna"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn what_is_defused_is_taken_back(cell in "'{0,3}[=+\\-@\t\r\n\0＝＋－＠Aé]?.{0,8}") {
            let defused = defuse(&cell);
            prop_assert_eq!(take_back(&defused), &cell);
            prop_assert!(!defused.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']));
        }
    }
}
