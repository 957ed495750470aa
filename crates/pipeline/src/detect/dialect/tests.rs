//! The traps of real files, one line each, and heads of any bytes.

use super::*;

fn guess(file: &str) -> DialectGuess {
    guess_dialect(file.as_bytes(), true, None)
}

fn shown(dialect: Dialect) -> String {
    let delimiter = if dialect.delimiter == b'\t' { "tab".to_owned() } else { char::from(dialect.delimiter).into() };
    format!("{delimiter} {:?}", dialect.quoting)
}

macro_rules! dialects {
    ($($name:ident: $file:expr => $dialect:literal;)*) => {$(
        #[test]
        fn $name() {
            assert_eq!(shown(guess($file).dialect), $dialect);
        }
    )*};
}

dialects! {
    an_empty_file_has_commas: "" => ", Doubled";
    a_plain_table_with_commas: "Name,Email\nAnna,anna@example.com\n" => ", Doubled";
    a_plain_table_with_semicolons: "Name;Email\nAnna;anna@example.com\n" => "; Doubled";
    a_plain_table_with_tabs: "Name\tEmail\nAnna\tanna@example.com\n" => "tab Doubled";
    a_plain_table_with_bars: "Name|Email\nAnna|anna@example.com\n" => "| Doubled";
    a_list_of_addresses_is_one_column: "anna@example.com\nben@example.com\n" => ", Doubled";
    a_list_of_handles_is_one_column: "handle\n@anna.cooks\nben_runs\n" => ", Doubled";
    a_list_with_a_semicolon_here_and_there: "Notes\nfine\ncalled; no answer\nnone\nask again\n" => ", Doubled";
    decimal_commas_in_a_table_with_semicolons: "Handle;Rate;City\nanna;3,4;Bonn\nben;2,9;Köln\ncy;10,0;Ulm\n" => "; Doubled";
    decimal_commas_in_two_columns: "Handle;Rate\nanna;3,4\nben;2,9\ncy;10,0\n" => "; Doubled";
    prices_with_commas: "Name;Fee;Rate\nAnna;1.250,00 €;3,4 %\nBen;350,00 €;2,9 %\n" => "; Doubled";
    commas_in_every_address: "Name;Address\nAnna;Weg 5, 10115 Berlin, Germany\nBen;Platz 1, 50667 Köln, Germany\n" => "; Doubled";
    quoted_addresses_with_commas: "Name,Address\nAnna,\"Weg 5, Berlin\"\nBen,\"Platz 1, Köln\"\n" => ", Doubled";
    tabs_with_a_comma_in_every_cell: "Name\tCity\nDoe, Anna\tBonn, DE\nPoe, Ben\tUlm, DE\n" => "tab Doubled";
    bars_in_values: "Name,Email,Tags\nAnna,anna@example.com,a|b|c\nBen,ben@example.com,d|e|f\n" => ", Doubled";
    quoted_messages_of_a_short_list: "Name,Email,row,messages\nAnna,,2,\"blank, [Fill in, or leave out, the row]\",more\nBen,b@@,3,\"invalid, blank\"\nCy,c@@,4,\"wrong; corrected, was \"\"c@\"\"\"\n" => ", Doubled";
    semicolons_in_values: "Name,Email,Tags\nAnna,anna@example.com,a;b\nBen,ben@example.com,d;e\n" => ", Doubled";
    semicolons_and_blanks_in_values: "Name,Tags\nAnna,a; b; c\nBen,d; e; f\n" => ", Doubled";
    everything_quoted: "\"Name\";\"Note\"\n\"Anna\";\"a,b\"\n\"Ben\";\"c,d\"\n" => "; Doubled";
    json_in_quoted_cells: "id,data\n1,\"{\"\"a\"\":1,\"\"b\"\":2}\"\n2,\"{\"\"a\"\":3,\"\"b\"\":4}\"\n" => ", Doubled";
    json_in_cells_between_tabs: "id\tdata\tn\n1\t{\"a\":1,\"b\":2}\tx\n2\t{\"a\":3,\"b\":4}\ty\n" => "tab Doubled";
    lists_in_cells_that_begin_with_brackets: "id;list\n1;[\"a\",\"b\"]\n2;[\"c\",\"d\"]\n" => "; Doubled";
    apostrophes_are_text: "Name,Town\nO'Neil,'s-Hertogenbosch\nD'Arc,L'Aquila\n" => ", Doubled";
    inches_are_text: "Item,Size\nScreen,5\"\nTablet,10\"\n" => ", Doubled";
    nicknames_in_quotes_without_any_quoting: "Name,Email\n\"Ace\" Miller,ace@example.com\n\"Bo\" Diaz,bo@example.com\nCy,cy@example.com\n" => ", None";
    a_single_quote_that_is_never_closed_is_an_error: "Name,Email\n\"Ace Miller,ace@example.com\nBo,bo@example.com\nCy,cy@example.com\n" => ", Doubled";
    one_of_many_quotes_that_is_never_closed_is_an_error: "Name,Email\n\"Ace\",a@example.com\n\"Bo,b@example.com\nCy,c@example.com\nDee,d@example.com\n" => ", Doubled";
    quotes_escaped_by_a_backslash: "\"Anna \\\"Ace\\\" Lee\",\"a@example.com\"\n\"Ben, \\\"Bo\\\"\",\"b@example.com\"\n" => ", Backslash";
    backslashes_that_end_a_cell: "\"C:\\new\\\",\"a\"\n\"D:\\\",\"b\"\n\"E:\\\",\"c\"\n" => ", Doubled";
    line_breaks_in_quoted_cells: "Name;Note\nAnna;\"one,\ntwo,\nthree\"\nBen;\"four,\nfive\"\n" => "; Doubled";
    title_lines_above: "Contacts of spring, all regions\nExported 2026-03-31\n\nName;Email;City\nAnna;a@example.com;Bonn\nBen;b@example.com;Ulm\n" => "; Doubled";
    footers_below: "Name;Email;City\nAnna;a@example.com;Bonn\nBen;b@example.com;Ulm\nTotal, all: 2\nPage 1, of 1\n" => "; Doubled";
    excel_names_the_delimiter: "sep=|\nName|Rate;x\nAnna|3;4\n" => "| Doubled";
    a_table_with_blanks_behind_the_commas: "id, name, city\n1, Anna, Bonn\n2, Ben, Ulm\n" => ", Doubled";
    ragged_rows: "Name;Email;City\nAnna\nBen;b@example.com;\nCy;c@example.com;Ulm;\nDee;d@example.com;Bonn\n" => "; Doubled";
    blanks_before_quotes_belong_to_nobody: "\"Name\", \"Email\"\n\"Anna\", \"anna@example.com\"\n\"Lee, Bo\", \"bo@example.com\"\n" => ", Padded";
    blanks_before_a_quoted_address: "Name; City; Email\nAnna; \"Bonn; Berlin\"; a@example.com\nBen; Ulm; b@example.com\n" => "; Padded";
    a_single_word_in_quotes_behind_a_blank_is_text: "Name,Note\nAnna, \"hi\"\nBen,none\n" => ", Doubled";
    nicknames_behind_blanks_are_text: "Name, Email\nAnna, a@example.com\nMiller, \"Ace\" Bob\nDiaz, \"Bo\" Cy\n" => ", Doubled";
    inches_behind_blanks_are_text: "Item, Size\nScreen, 5\" wide\nTablet, abc \"def\"\n" => ", Doubled";
    a_quote_behind_a_blank_that_is_never_closed_is_text: "Name,Note\nAnna, \"hi\nBen,none\n" => ", Doubled";
    a_blank_before_a_quote_in_a_quoted_cell_is_text: "Name,Note\nAnna,\"he said, \"\"hi\"\", and left\"\n" => ", Doubled";
    a_header_alone: "Name;Email;City" => "; Doubled";
}

#[test]
fn a_clear_table_is_certain_and_an_unclear_one_is_not() {
    let clear = guess("Name;Email;City\nAnna;a@example.com;Bonn\nBen;b@example.com;Ulm\n");
    assert!(clear.certainty >= 90, "{clear:?}");
    let list = guess("anna@example.com\nben@example.com\n");
    assert!(list.certainty >= 90, "{list:?}");
    let unclear = guess("a,b;c\nd,e;f\n");
    assert!(unclear.certainty < 75 && unclear.runner_up.is_some(), "{unclear:?}");
}

#[test]
fn a_line_for_excel_is_no_row() {
    for (file, byte) in
        [("sep=;\r\na;b\r\n", 7), ("\u{FEFF}SEP=;\na;b\n", 9), ("\"sep=;\"\na;b", 8), ("sep=;;;\na;b", 8)]
    {
        let found = guess(file);
        assert_eq!((found.start, found.dialect.delimiter, found.certainty), (Position { byte, row: 1 }, b';', 100));
    }
    assert_eq!(guess("sep=x\na,b").start, Position::START);
    assert_eq!(guess("separator,b\nc,d").start, Position::START);
    assert_eq!(guess("sep=;").start.byte, 5);
}

#[test]
fn a_delimiter_that_is_given_stays() {
    let found = guess_dialect(b"a;b\nc;d\n", true, Some(b','));
    assert_eq!((found.dialect.delimiter, found.certainty), (b',', 100));
}

#[test]
fn line_ends_are_told_apart() {
    for (file, expected) in [
        ("a,b\nc,d\n", LineEnds::Lf),
        ("a,b", LineEnds::Lf),
        ("a,b\r\n\"c\nd\",e\r\n", LineEnds::CrLf),
        ("a,b\rc,d\r", LineEnds::Cr),
        ("a,b\r\nc,d\n", LineEnds::Mixed),
    ] {
        assert_eq!(guess(file).line_ends, expected, "{file:?}");
    }
}

#[test]
fn a_head_may_end_within_a_quoted_cell() {
    let row = "Anna;\"Weg 5, 10115 Berlin; second floor\";a@example.com\n";
    let file = format!("Name;Address;Email\n{}", row.repeat(8));
    for end in 60..file.len() {
        let found = guess_dialect(&file.as_bytes()[..end], false, None);
        assert_eq!(shown(found.dialect), "; Doubled", "cut at {end}");
    }
}

#[test]
fn heads_without_lines_or_text_are_guessed_too() {
    for byte in [b'a', b',', b'"', 0, 0xFF, b'\n', b'\t', b'\\'] {
        let found = guess_dialect(&vec![byte; 300_000], false, None);
        assert!(DELIMITERS.contains(&found.dialect.delimiter));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_have_a_dialect(bytes in proptest::collection::vec(proptest::sample::select(b",;\t|\"\\\r\n a1@.\xE9\0".to_vec()), 0..200)) {
        for is_whole in [true, false] {
            let found = guess_dialect(&bytes, is_whole, None);
            proptest::prop_assert!((50..=100).contains(&found.certainty));
        }
    }
}
