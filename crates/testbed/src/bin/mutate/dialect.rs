//! Delimited text: every guess comes to an end, and a record is the same whether it is read from the top or from its start.
//! Invariant: all records are read; some, chosen by the input, are read again.

use std::path::Path;

use convoke_pipeline::detect::dialect::guess_dialect;
use convoke_pipeline::detect::header_row::guess_header_row;
use convoke_pipeline::records::{Dialect, MAX_CELLS, Position, Quoting, ReadError, Record, RecordReader};
use convoke_pipeline::source::first_filled_line;
use convoke_pipeline::synonyms::is_known_header;
use fastrand::Rng;

use crate::corpus;
use crate::{Target, hash_of};

pub(crate) struct Dialects;

/// Records of an input that are read again from their start.
const READ_AGAIN: usize = 4;

const SEEDS: &[&str] = &[
    "Name,Email\nAnna,anna@example.com\n\"Lee, Bo\",bo@example.org\n",
    "sep=;\nName;Email;Revenue\nAnna;anna@example.com;1.234,50\n",
    "Name\tEmail\r\n\"a\r\nb\"\tc\r\n\r\n",
    "Name|Notes\nAnna|\"says \"\"hi\"\"\"\nBo|C:\\new\n",
    "\"a\\\"b\",\"c\\\\\"\n\"d\",e\"f\n",
    "Export of 2026-01-31\n\nEmail,First name\nanna@example.com,Anna\n,,,\nTotal,1\n",
    "\u{FEFF}a\rb\rc",
    "\"never closed,\na,b\n",
    "",
];

impl Target for Dialects {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let mut seeds = corpus::built_in(SEEDS);
        seeds.extend(corpus::tables(corpora));
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "sep=,",
            "sep=|",
            "\n\"",
            "\"\n",
            "\",\"",
            "\"\",",
            "\\\n",
            "\\\\",
            ",,,,,,",
            "Email",
            "Name",
            "a@example.com",
            "2026-01-31",
            "1,5",
        ]
    }

    fn try_input(&self, input: &[u8], rng: &mut Rng) -> u64 {
        let is_whole = rng.u8(..4) > 0;
        let guess = guess_dialect(input, is_whole, None);
        let header = guess_header_row(input, is_whole, guess.dialect, &is_known_header);
        let (line, _) = first_filled_line(input, Position::START);
        assert!(line.byte <= input.len() as u64, "a line behind the end of the text");
        let (records, ending) = judge_records(input, guess.dialect, guess.start, rng);
        let other = Dialect {
            delimiter: *b",;\t| a".get(rng.usize(..6)).unwrap_or(&b','),
            quoting: [Quoting::Doubled, Quoting::Padded, Quoting::Backslash, Quoting::None][rng.usize(..4)],
        };
        judge_records(input, other, Position::START, rng);
        let header = header.map(|header| (header.row.min(3), header.certainty / 34));
        let Dialect { delimiter, quoting } = guess.dialect;
        let looks = (delimiter, quoting as u8, guess.certainty / 34, guess.line_ends as u8);
        hash_of((looks, header, records.checked_ilog2(), ending))
    }
}

/// Reads all records; gives their number and how the text ended.
fn judge_records(text: &[u8], dialect: Dialect, start: Position, rng: &mut Rng) -> (usize, u8) {
    let mut reader = RecordReader::new(&text[start.byte as usize..], dialect, start);
    let mut record = Record::default();
    let mut chosen: Vec<(Position, u64)> = vec![];
    let (mut count, mut previous) = (0, None);
    let ending = loop {
        match reader.read(&mut record) {
            Ok(true) => {}
            Ok(false) => break 0,
            Err(ReadError::QuoteUnclosed { .. }) => break 1,
            Err(ReadError::TooManyCells { .. }) => break 2,
            Err(ReadError::Io(error)) => panic!("a slice can be read: {error}"),
        }
        let at = record.start();
        let ascends = previous.is_none_or(|before: Position| at.byte > before.byte && at.row > before.row);
        assert!(ascends, "{at:?} follows {previous:?}");
        assert!(at.byte + record.size_bytes() <= text.len() as u64, "{at:?} ends behind the text");
        assert!((1..=MAX_CELLS).contains(&record.len()), "{at:?} has {} cells", record.len());
        previous = Some(at);
        count += 1;
        // Each record has the same chance, without a second pass over them.
        if chosen.len() < READ_AGAIN {
            chosen.push((at, hash_of_record(&record)));
        } else if let place @ 0..READ_AGAIN = rng.usize(..count) {
            chosen[place] = (at, hash_of_record(&record));
        }
    };
    for (at, hash) in chosen {
        let mut again = RecordReader::new(&text[at.byte as usize..], dialect, at);
        assert!(again.read(&mut record).unwrap_or(false), "the record at {at:?} is gone when read from there");
        assert_eq!((record.start(), hash_of_record(&record)), (at, hash), "another record when read from its start");
    }
    (count, ending)
}

fn hash_of_record(record: &Record) -> u64 {
    let cells = record.cells().map(|cell| (cell.bytes, cell.length_bytes, cell.length_chars(), cell.quoted));
    hash_of((cells.collect::<Vec<_>>(), record.size_bytes(), record.has_text_behind_quote()))
}
