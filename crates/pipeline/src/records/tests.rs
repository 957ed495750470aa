//! The rules of rows, cells, quotes and caps, one line or one test each; every file is read in blocks of several sizes.

mod properties;

use super::*;

/// A record as plain data: start, size, and of each cell the text, length in bytes and characters, and quotedness.
type Seen = (Position, u64, Vec<(Vec<u8>, u64, u64, bool)>);

fn seen(record: &Record) -> Seen {
    let cells = record.cells().map(|cell| (cell.bytes.to_vec(), cell.length_bytes, cell.length_chars(), cell.quoted));
    (record.start(), record.size_bytes(), cells.collect())
}

/// Everything a file gives: its records, where the reader stood at the end, and what stopped it.
fn read_all(file: &[u8], dialect: Dialect, start: Position, block: usize) -> (Vec<Seen>, Position, Option<String>) {
    let mut reader = RecordReader::with_block_size(&file[start.byte as usize..], dialect, start, block);
    let (mut record, mut records) = (Record::default(), Vec::new());
    let error = loop {
        match reader.read(&mut record) {
            Ok(true) => records.push(seen(&record)),
            Ok(false) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    assert!(!reader.read(&mut record).unwrap(), "a reader stays at its end");
    // Where an error leaves the reader is no promise.
    let end = if error.is_none() { reader.position() } else { Position::START };
    (records, end, error)
}

/// The text of every cell.
fn texts(records: &[Seen]) -> Vec<Vec<Vec<u8>>> {
    records.iter().map(|(_, _, cells)| cells.iter().map(|cell| cell.0.clone()).collect()).collect()
}

const LARGE: usize = 256 * 1024;

/// The rows and cells of a file, one line each: `2: a|b`.
fn rows(file: &[u8], dialect: Dialect) -> String {
    let (records, end, error) = read_all(file, dialect, Position::START, LARGE);
    for block in [1, 4, 7, 64] {
        assert_eq!(read_all(file, dialect, Position::START, block), (records.clone(), end, error.clone()));
    }
    let show = |(start, _, cells): &Seen| {
        let cells: Vec<_> = cells.iter().map(|cell| String::from_utf8_lossy(&cell.0).into_owned()).collect();
        format!("{}: {}", start.row, cells.join("|"))
    };
    let lines: Vec<_> = records.iter().map(show).chain(error.map(|error| format!("! {error}"))).collect();
    lines.join(" / ")
}

macro_rules! rows {
    ($quoting:ident: $($name:ident: $file:expr => $rows:expr;)*) => {$(
        #[test]
        fn $name() {
            let dialect = Dialect { delimiter: b',', quoting: Quoting::$quoting };
            assert_eq!(rows(($file).as_ref(), dialect), $rows);
        }
    )*};
}

rows! { Doubled:
    an_empty_file_has_no_record: "" => "";
    a_file_of_blank_lines_has_no_record: "\n\r\n\r \n" => "";
    the_header_is_row_1: "n,e\na,b\n" => "1: n|e / 2: a|b";
    the_last_line_needs_no_line_end: "n,e\na,b" => "1: n|e / 2: a|b";
    the_last_cell_may_be_empty: "n,e\na," => "1: n|e / 2: a|";
    the_first_cell_may_be_empty: ",b" => "1: |b";
    crlf_counts_once: "n\r\na\r\nb\r\n" => "1: n / 2: a / 3: b";
    a_lone_cr_ends_a_record: "n\ra\rb" => "1: n / 2: a / 3: b";
    lf_then_cr_are_two_line_ends: "n\n\ra" => "1: n / 3: a";
    line_ends_may_be_mixed: "n\r\na\nb\rc" => "1: n / 2: a / 3: b / 4: c";
    a_blank_line_moves_the_number: "n\n\n\na\n" => "1: n / 4: a";
    a_blank_line_on_top_moves_the_number: "\r\n\r\nn\r\na" => "3: n / 4: a";
    a_line_of_delimiters_is_blank: "n,e\n,,,\na,b" => "1: n|e / 3: a|b";
    a_line_of_white_space_is_blank: "n,e\n \t, \u{A0}\u{3000}\u{200B}\na,b" => "1: n|e / 3: a|b";
    a_line_of_quoted_blanks_is_blank: "n,e\n\"\",\" \"\na,b" => "1: n|e / 3: a|b";
    a_quoted_blank_with_line_breaks_is_one_blank_line: "n\n\"\n\n\"\na" => "1: n / 3: a";
    a_cell_with_line_breaks_is_one_row: "n,e\n\"a\n\r\n\rb\",c\nd,e" => "1: n|e / 2: a\n\r\n\rb|c / 3: d|e";
    doubled_quotes_are_one: "\"a\"\"b\",\"\"\"\",\"\"\"c\"\"\"\n" => "1: a\"b|\"|\"c\"";
    a_quote_within_plain_text_is_text: "a\"b,c\"\"d\"\n" => "1: a\"b|c\"\"d\"";
    a_quote_behind_a_blank_is_text: "a, \"b,c\"\n" => "1: a| \"b|c\"";
    text_behind_a_closing_quote_is_appended: "\"a\"b,\"c\" \"d\",\"e\"\nf" => "1: ab|c \"d\"|e / 2: f";
    a_quoted_cell_may_hold_delimiters: "\"a,b\",\",\"\n" => "1: a,b|,";
    a_backslash_is_text: "\"a\\\",b\\n\n" => "1: a\\|b\\n";
    nul_is_text: "a\0b,\0\n\0" => "1: a\0b|\0 / 2: \0";
    a_byte_order_mark_is_no_text: "\u{FEFF}n\na" => "1: n / 2: a";
    a_byte_order_mark_may_stand_before_a_quote: "\u{FEFF}\"n\",e\na" => "1: n|e / 2: a";
    a_file_of_one_byte_order_mark_is_empty: "\u{FEFF}" => "";
    half_a_byte_order_mark_is_text: b"\xEF\xBB" => "1: \u{FFFD}";
    a_later_byte_order_mark_is_text: "a\n\u{FEFF}b" => "1: a / 2: \u{FEFF}b";
    rows_may_be_ragged: "a,b,c\nd\ne,f" => "1: a|b|c / 2: d / 3: e|f";
    an_unclosed_quote_is_named: "n,e\n\n\"a\nb\n" => "1: n|e / ! the quote opened in row 3 (byte 5) is never closed";
    an_unclosed_quote_is_named_by_its_byte: "n,\"e\"\na,\"b\"\",\n" => "1: n|e / ! the quote opened in row 2 (byte 8) is never closed";
    a_quote_as_last_byte_is_unclosed: "n\n\"" => "1: n / ! the quote opened in row 2 (byte 2) is never closed";
    an_empty_quoted_cell_at_the_end_is_closed: "n,e\na,\"\"" => "1: n|e / 2: a|";
}

rows! { Padded:
    blanks_before_a_quote_belong_to_nobody: "\"n\", \"e,\nf\"\n  \"a\",\t \"b\"\" \",c" => "1: n|e,\nf / 2: a|b\" |c";
    blanks_behind_a_quote_are_no_text: "\"a\" , \"b\" \t\n \"c\" , \"d\" " => "1: a |b \t / 2: c |d ";
    blanks_before_other_text_stay: "a, b, 5\" pipe, c \"d\"" => "1: a| b| 5\" pipe| c \"d\"";
    a_line_of_blanks_before_quotes_is_blank: "a\n \" \", \"\"\n \nb" => "1: a / 4: b";
    an_unclosed_quote_behind_blanks_is_named_by_its_byte: "n\na,  \"b" => "1: n / ! the quote opened in row 2 (byte 6) is never closed";
    blanks_at_the_end_are_a_cell: "a,b\nc, " => "1: a|b / 2: c| ";
}

rows! { Backslash:
    an_escaped_quote_is_one: r#""a\"b","\\",c"# => r#"1: a"b|\|c"#;
    a_doubled_quote_is_one_too: r#""a""b\"""# => r#"1: a"b""#;
    an_escaped_line_end_loses_the_backslash: "\"a\\\nb\\\r\nc\"\nd" => "1: a\nb\r\nc / 2: d";
    a_backslash_before_other_text_is_text: r#""C:\new",C:\"new"# => r#"1: C:\new|C:\"new"#;
    an_escaped_backslash_does_not_escape: "\"a\\\\\",\"b\"\n" => "1: a\\|b";
    an_escape_as_last_byte_is_unclosed: r#""a\"# => "! the quote opened in row 1 (byte 0) is never closed";
}

rows! { None:
    quotes_are_text: "\"a,b\"\n\"\n" => "1: \"a|b\" / 2: \"";
}

#[test]
fn a_record_knows_of_text_behind_a_closing_quote() {
    let file = b"\"a\",\"b\"\r\n\"a\"b,c\n\"a\"\"b\",c\"d\"\n\"a\" ,b\n\"a\" b,c\n\"a\"";
    for block in [3, 7, LARGE] {
        let mut reader = RecordReader::with_block_size(&file[..], Dialect::default(), Position::START, block);
        let (mut record, mut seen) = (Record::default(), Vec::new());
        while reader.read(&mut record).unwrap() {
            seen.push(record.has_text_behind_quote());
        }
        assert_eq!(seen, [false, true, false, false, true, false]);
    }
}

#[test]
fn a_record_knows_its_place_and_size() {
    let file = "\u{FEFF}n,e\r\n\r\n\"a\r\nb\",c\r\nd";
    let (records, end, _) = read_all(file.as_bytes(), Dialect::default(), Position::START, LARGE);
    let places: Vec<_> = records.iter().map(|(start, size, _)| (start.byte, start.row, *size)).collect();
    assert_eq!(places, [(3, 1, 5), (10, 3, 10), (20, 4, 1)]);
    assert_eq!(end, Position { byte: 21, row: 5 });
}

#[test]
fn cells_say_whether_they_were_quoted() {
    let (records, ..) = read_all(b"a,\"b\",\"\", \"c\"", Dialect::default(), Position::START, LARGE);
    assert_eq!(records[0].2.iter().map(|cell| cell.3).collect::<Vec<_>>(), [false, true, true, false]);
}

#[test]
fn a_cell_at_the_cap_is_whole_and_one_beyond_is_cut_between_characters() {
    for (quote, last) in [("", "é"), ("\"", "é"), ("", "€"), ("\"", "😀")] {
        for surplus in 0..=last.len() {
            let fill = MAX_CELL_BYTES + surplus - last.len() - "ü".len();
            let text = format!("ü{}{last}", "x".repeat(fill));
            let kept = if surplus == 0 { text.len() } else { text.len() - last.len() };
            let file = format!("a,{quote}{text}{quote},b\n,,\nc,d,e\n");
            for block in [64, 100_000, LARGE] {
                let (records, ..) = read_all(file.as_bytes(), Dialect::default(), Position::START, block);
                let (bytes, length_bytes, length_chars, _) = &records[0].2[1];
                assert_eq!(bytes, &text.as_bytes()[..kept]);
                let chars = text.chars().count() as u64;
                assert_eq!((*length_bytes, *length_chars), (text.len() as u64, chars));
                assert_eq!(texts(&records)[0][2], b"b");
                // Nothing of it stays behind in the record's buffers.
                assert_eq!((records.len(), records[1].0.row), (2, 3));
                assert_eq!(records[1].2[1], (b"d".to_vec(), 1, 1, false));
            }
        }
    }
}

#[test]
fn cells_beyond_the_cap_of_a_record_are_measured() {
    let file = format!("{}\"last\"\"é\"\nnext\n", format!("{},", "x".repeat(50_000)).repeat(100));
    let (records, ..) = read_all(file.as_bytes(), Dialect::default(), Position::START, LARGE);
    let cells = &records[0].2;
    assert_eq!((cells.len(), records[0].1), (101, file.len() as u64 - 5));
    let whole = MAX_RECORD_BYTES.div_ceil(50_000);
    assert!(cells[..whole].iter().all(|cell| cell.0.len() == 50_000 && cell.1 == 50_000));
    assert!(cells[whole..100].iter().all(|cell| cell.0.is_empty() && cell.1 == 50_000 && cell.2 == 50_000));
    assert_eq!(cells[100], (vec![], 7, 6, true));
    assert_eq!(records[1].0.row, 2);
    assert_eq!(read_all(file.as_bytes(), Dialect::default(), Position::START, 1000).0, records);
}

#[test]
fn a_record_holds_16384_cells_and_no_more() {
    let fits = format!("h\n{}a\nz", ",".repeat(MAX_CELLS - 1));
    let (records, _, error) = read_all(fits.as_bytes(), Dialect::default(), Position::START, LARGE);
    assert_eq!((records[1].2.len(), texts(&records)[2].clone(), error), (MAX_CELLS, vec![b"z".to_vec()], None));
    for block in [64, LARGE] {
        let file = format!("h\n{}a\nz", ",".repeat(MAX_CELLS));
        let (_, _, error) = read_all(file.as_bytes(), Dialect::default(), Position::START, block);
        assert_eq!(error.as_deref(), Some("row 2 has more than 16384 cells"));
    }
}

#[test]
fn an_endless_line_of_blanks_is_blank_and_one_with_text_far_on_is_not() {
    let blanks = " ".repeat(3 * MAX_CELL_BYTES);
    assert_eq!(read_all(format!("{blanks}\na").as_bytes(), Dialect::default(), Position::START, LARGE).0.len(), 1);
    assert_eq!(read_all(format!("{blanks}x\na").as_bytes(), Dialect::default(), Position::START, LARGE).0.len(), 2);
    let file = format!("x{blanks}x\n \na");
    assert_eq!(read_all(file.as_bytes(), Dialect::default(), Position::START, LARGE).0.len(), 2);
}

#[test]
fn a_source_that_fails_or_stutters_is_told_apart_from_a_broken_file() {
    struct Moody(Vec<std::io::Result<&'static [u8]>>);
    impl std::io::Read for Moody {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let text = self.0.remove(0)?;
            buffer[..text.len()].copy_from_slice(text);
            Ok(text.len())
        }
    }
    let interrupted = std::io::Error::from(std::io::ErrorKind::Interrupted);
    let broken = std::io::Error::other("cable");
    let source = Moody(vec![Ok(b"a,"), Err(interrupted), Ok(b"b\n"), Err(broken)]);
    let mut reader = RecordReader::with_block_size(source, Dialect::default(), Position::START, 4);
    let mut record = Record::default();
    assert!(reader.read(&mut record).unwrap());
    assert!(matches!(reader.read(&mut record), Err(ReadError::Io(_))));
    assert!(!reader.read(&mut record).unwrap());
}
