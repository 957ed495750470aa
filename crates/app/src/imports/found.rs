//! What detection found in a whole text: how it is read, its headers, and some of its cells. A draft keeps it, so that its
//! page is shown without reading the file again.

use convoke_people::text as words;
use convoke_pipeline::records::{Dialect, Record, RecordReader};
use convoke_pipeline::scan::ScanError;
use convoke_pipeline::source::{Hints, Source, find_layout, read_header};
use serde::{Deserialize, Serialize};

use super::source_info::{Format, SourceInfo};
use super::text::Text;
use crate::error::{Error, Result};
use crate::files::Stored;

/// Values of a column that suggestions are made from, and of a file as wide as lists of people never are.
const SAMPLES: usize = 20;
const FEW_SAMPLES: usize = 3;
const WIDE_COLUMNS: usize = 200;
/// Characters kept of a sample.
const SAMPLE_CHARS: usize = 200;

/// What detection found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) source: SourceInfo,
    /// The sheets of a workbook.
    pub(crate) sheets: Vec<String>,
    /// Rows below the header that are not blank.
    pub(crate) records: u64,
    pub(crate) headers: Vec<String>,
    /// The first values of each column that differ.
    pub(crate) samples: Vec<Vec<String>>,
}

impl Found {
    /// Reads the whole text once. `knows` tells headers that mean something.
    pub(crate) fn look(
        stored: &Stored,
        text: &Text,
        format: Format,
        (hints, fixed): (&Hints, Option<Dialect>),
        knows: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let broken = |source| Error::Files { doing: "read", path: "the stored original".to_owned(), source };
        let head = text.head().map_err(broken)?;
        let layout = find_layout(head.head(), hints, fixed, &knows);
        let source = read_header(text.from(layout.start.byte), &layout)?;
        let (records, samples) = sample(text, &source)?;
        let sheets = match &format {
            Format::Workbook { sheet, .. } => sheet.sheets.clone(),
            Format::Csv { .. } => Vec::new(),
        };
        let text_bytes = if format.is_stored_text() { None } else { Some(text.size_bytes().map_err(broken)?) };
        let info = SourceInfo::of(stored, text_bytes, &format, &source).with(Vec::new(), hints);
        Ok(Self { source: info, sheets, records, headers: source.headers, samples })
    }
}

/// The number of records, and the first values of each column that differ.
fn sample(text: &Text, source: &Source) -> Result<(u64, Vec<Vec<String>>)> {
    let most = if source.headers.len() > WIDE_COLUMNS { FEW_SAMPLES } else { SAMPLES };
    let mut reader = RecordReader::new(text.from(source.body.byte), source.dialect, source.body);
    let mut samples = vec![Vec::new(); source.headers.len()];
    let mut record = Record::default();
    let mut records = 0;
    while reader.read(&mut record).map_err(ScanError::from)? {
        records += 1;
        for (values, cell) in samples.iter_mut().zip(record.cells()) {
            if values.len() == most {
                continue;
            }
            let value = words::trim(&String::from_utf8_lossy(cell.bytes)).chars().take(SAMPLE_CHARS).collect();
            if !String::is_empty(&value) && !values.contains(&value) {
                values.push(value);
            }
        }
    }
    Ok((records, samples))
}
