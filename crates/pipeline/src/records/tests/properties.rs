//! Records of any bytes: as the `csv` crate reads them, but for blank lines and unclosed quotes; and read from the
//! middle, or in blocks of any size, the same.

use proptest::prelude::*;

use super::*;

const DIALECTS: [Dialect; 8] = [
    Dialect { delimiter: b',', quoting: Quoting::Doubled },
    Dialect { delimiter: b';', quoting: Quoting::Backslash },
    Dialect { delimiter: b'\t', quoting: Quoting::None },
    Dialect { delimiter: b',', quoting: Quoting::Backslash },
    Dialect { delimiter: b'|', quoting: Quoting::Doubled },
    Dialect { delimiter: b',', quoting: Quoting::Padded },
    Dialect { delimiter: b'\t', quoting: Quoting::Padded },
    Dialect { delimiter: b'\0', quoting: Quoting::Doubled },
];

/// Pieces in which every rule of the reader is at home.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 24] = [
        b",",
        b",",
        b";",
        b"\t",
        b"|",
        b"\"",
        b"\"",
        b"\"\"",
        b"\\",
        b"\n",
        b"\n",
        b"\r",
        b"\r\n",
        b" ",
        b"a",
        b"bc",
        b"\0",
        b"\xC3\xA9",
        b"\xE3\x80\x80",
        b"\xE3\x80",
        b"\xEF\xBB\xBF",
        b"\xF0\x9F\x98\x80",
        b"\xFF",
        b"a rather long run of text, by which a record leaves one word of marks",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..120).prop_map(|pieces| pieces.concat())
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => soup(), 1 => prop::collection::vec(any::<u8>(), 0..400)]
}

/// What the `csv` crate makes of it, without the lines that are blank to us.
fn oracle(file: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(file);
    let records = reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
    records.filter(|cells| !cells.iter().all(|cell| record::is_blank(cell))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_well_formed_table_reads_as_written(
        table in prop::collection::vec((prop::collection::vec((".*", any::<bool>()), 1..8), 0..3_usize), 0..30),
    ) {
        let (mut file, mut rows) = (Vec::new(), Vec::new());
        for (cells, line_end) in &table {
            let mut written = Vec::new();
            for (text, quoted) in cells {
                let quoted = *quoted || text.contains(['"', ',', '\n', '\r']);
                written.push(if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() });
            }
            file.extend_from_slice(written.join(",").as_bytes());
            file.extend_from_slice(["\n", "\r\n", "\r"][*line_end].as_bytes());
            rows.push(cells.iter().map(|(text, _)| text.clone().into_bytes()).collect::<Vec<_>>());
        }
        prop_assume!(!file.starts_with("\u{FEFF}".as_bytes()));
        let (records, end, error) = read_all(&file, Dialect::default(), Position::START, LARGE);
        prop_assert_eq!(error, None);
        // Every line is one row, blank or not; but CR, LF of two lines, the second blank, are one line end.
        prop_assert!(end.row as usize <= rows.len() + 1);
        for (start, _, cells) in &records {
            let before = read_all(&file[..start.byte as usize], Dialect::default(), Position::START, LARGE);
            prop_assert_eq!(before.1.row, start.row);
            prop_assert!(rows.contains(&cells.iter().map(|cell| cell.0.clone()).collect::<Vec<_>>()));
        }
        prop_assert_eq!(texts(&records), oracle(&file, b','));
    }

    #[test]
    fn any_file_reads_as_the_csv_crate_reads_it(file in any_file(), delimiter in prop::sample::select(b",;\t|".to_vec())) {
        let dialect = Dialect { delimiter, quoting: Quoting::Doubled };
        let (records, _, error) = read_all(&file, dialect, Position::START, LARGE);
        let expected = oracle(&file, delimiter);
        match error {
            None => prop_assert_eq!(texts(&records), expected),
            // The csv crate takes what an unclosed quote swallowed for a record, if it is not blank.
            Some(_) => prop_assert!(expected.starts_with(&texts(&records)) && expected.len() <= records.len() + 1),
        }
    }

    #[test]
    fn blocks_of_any_size_give_the_same(
        file in any_file(), dialect in prop::sample::select(DIALECTS.to_vec()), block in prop_oneof![1..65_usize, 65..400_usize],
    ) {
        let large = read_all(&file, dialect, Position::START, LARGE);
        prop_assert_eq!(read_all(&file, dialect, Position::START, block), large);
    }

    #[test]
    fn positions_ascend_and_reading_resumes_at_each(
        file in any_file(), dialect in prop::sample::select(DIALECTS.to_vec()), block in 1..100_usize,
    ) {
        let (records, end, error) = read_all(&file, dialect, Position::START, LARGE);
        let mut behind = 0;
        for (i, (start, size, _)) in records.iter().enumerate() {
            prop_assert!(start.byte >= behind && *size > 0);
            prop_assert!(i == 0 || start.row > records[i - 1].0.row);
            behind = start.byte + size;
            let rest = (records[i..].to_vec(), end, error.clone());
            prop_assert_eq!(read_all(&file, dialect, *start, block), rest);
        }
        prop_assert!(behind <= file.len() as u64);
    }

    #[test]
    fn reading_resumes_where_position_says(file in any_file(), dialect in prop::sample::select(DIALECTS.to_vec())) {
        let whole = read_all(&file, dialect, Position::START, LARGE);
        let mut reader = RecordReader::new(&file[..], dialect, Position::START);
        let mut record = Record::default();
        for i in 0..whole.0.len() {
            let rest = (whole.0[i..].to_vec(), whole.1, whole.2.clone());
            prop_assert_eq!(read_all(&file, dialect, reader.position(), 7), rest);
            prop_assert!(reader.read(&mut record).unwrap());
        }
    }
}
