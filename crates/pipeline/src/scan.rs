//! One pass over the file before anything else: it counts the records, notes where chunks start, finds the identities
//! that occur more than once, and decides how the numbers and dates of each column are written.

use std::io::Read;

use convoke_people::custom::CustomKind;
use convoke_people::date::{DateOrder, date_evidence};
use convoke_people::number::{Decimal, decimal_evidence};
use convoke_people::text;

use crate::chunk::{CHUNK_BYTES, CHUNK_RECORDS, ChunkStart};
use crate::closing_lines::ClosingLines;
use crate::identity::{IdentityColumns, cell_text};
use crate::issue::quote;
use crate::mapping::column_letters;
use crate::not_a_person::is_footer_or_header;
use crate::problem::{Problem, ProblemCode};
use crate::recipe::{Form, Recipe, Role};
use crate::records::{ReadError, Record, RecordReader};
use crate::repeats::{Repeats, SeenIdentities};
use crate::secondary_keys::{KeyHashes, SeenKeys};
use crate::stumbling::{self, caught};

/// What the pass found.
#[derive(Debug)]
pub struct Scan {
    pub records: u64,
    pub chunks: Vec<ChunkStart>,
    pub repeats: Repeats,
    pub keys: KeyHashes,
    /// One entry a column.
    pub forms: Vec<Form>,
    /// Row from which on, to the end of the file, lines stand that are nobody.
    pub closing_row: Option<u32>,
    /// Rows over which the pass stumbled by a mistake of ours, in order: they fail.
    pub stumbled_rows: Vec<u32>,
}

/// Why a scan ended early.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("{}", .0.message)]
    Refused(Problem),
    #[error("cannot read the stored file: {0}")]
    Io(#[from] std::io::Error),
}

impl From<ReadError> for ScanError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Io(error),
            ReadError::QuoteUnclosed { row, .. } => Self::Refused(Problem::new(
                ProblemCode::QuoteUnclosed,
                format!("A quote opened in row {row} is never closed"),
                "Close the quote, or write a quote inside a quoted cell twice (\"\").",
            )),
            ReadError::TooManyCells { row } => Self::Refused(Problem::new(
                ProblemCode::TooManyColumns,
                format!("Row {row} has more than {} cells", crate::records::MAX_CELLS),
                "Is the delimiter right? Remove the surplus columns.",
            )),
        }
    }
}

/// Limits of one import, set by the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub rows: u64,
    pub bytes: u64,
}

/// Scans the records below the header. `reader` stands at the first of them.
pub fn scan<R: Read>(mut reader: RecordReader<R>, recipe: &Recipe, limits: Limits) -> Result<Scan, ScanError> {
    let identity = IdentityColumns::of(recipe);
    let mut pass = Pass::new(recipe);
    let mut record = Record::default();
    let mut key = String::new();
    while reader.read(&mut record)? {
        pass.count(&record);
        pass.blank_columns(&record)?;
        match caught(|| pass.note(&record, &identity, &mut key)) {
            Some(noted) => noted?,
            None => pass.stumbled_rows.push(record.start().row),
        }
    }
    if pass.records == 0 {
        return Err(ScanError::Refused(Problem::new(
            ProblemCode::NoRows,
            "The file has a header and no rows below it",
            "Add people below the header, one a row.",
        )));
    }
    if pass.records > limits.rows {
        let plural = recipe.settings.record_type.plural();
        return Err(ScanError::Refused(Problem::new(
            ProblemCode::TooManyRows,
            format!("The file has {} rows; the limit for {plural} is {}", pass.records, limits.rows),
            "Nothing was imported. The operator can raise the limit (--max-rows).",
        )));
    }
    let forms = pass.forms()?;
    Ok(Scan {
        records: pass.records,
        chunks: pass.chunks,
        repeats: pass.seen.repeats(pass.others),
        keys: pass.keys.into_hashes(),
        closing_row: pass.closing.from(),
        stumbled_rows: pass.stumbled_rows,
        forms,
    })
}

/// Those of `columns` that hold a value below the header. `reader` stands at the first record; where it breaks off,
/// the scan will say so.
pub fn filled_columns<R: Read>(mut reader: RecordReader<R>, mut columns: Vec<usize>) -> Vec<usize> {
    let mut filled = Vec::new();
    let mut record = Record::default();
    while !columns.is_empty() && reader.read(&mut record).unwrap_or(false) {
        columns.retain(|&column| {
            is_blank(&record, column) || {
                filled.push(column);
                false
            }
        });
    }
    filled
}

fn is_blank(record: &Record, column: usize) -> bool {
    record.get(column).is_none_or(|cell| {
        cell.bytes.is_empty() || std::str::from_utf8(cell.bytes).is_ok_and(|c| text::trim(c).is_empty())
    })
}

struct Pass<'a> {
    recipe: &'a Recipe,
    records: u64,
    chunks: Vec<ChunkStart>,
    chunk_bytes: u64,
    seen: SeenIdentities,
    /// Hashes of accounts beside the one a record is about.
    others: Vec<u64>,
    keys: SeenKeys,
    must_be_blank: Vec<usize>,
    closing: ClosingLines,
    /// Refuses the file unless the record it is about turns out to be one of its closing lines.
    held: Option<Problem>,
    evidence: Vec<Evidence>,
    stumbled_rows: Vec<u32>,
}

/// What the cells of a number or date column say, with the first cell that can be read two ways.
struct Evidence {
    column: usize,
    is_date: bool,
    /// Only a decimal point reads; or only month first.
    first: bool,
    /// Only a decimal comma reads; or only day first.
    second: bool,
    either: Option<(u32, String)>,
}

impl<'a> Pass<'a> {
    fn new(recipe: &'a Recipe) -> Self {
        let columns = recipe.mapping.columns.iter().enumerate();
        let evidence = recipe.roles.iter().enumerate().filter_map(|(column, role)| {
            let Role::Custom { custom, .. } = role else { return None };
            let is_date = match recipe.custom(*custom).kind {
                CustomKind::Number => false,
                CustomKind::Date => true,
                _ => return None,
            };
            Some(Evidence { column, is_date, first: false, second: false, either: None })
        });
        Self {
            recipe,
            records: 0,
            chunks: Vec::new(),
            chunk_bytes: 0,
            seen: SeenIdentities::default(),
            others: Vec::new(),
            keys: SeenKeys::default(),
            must_be_blank: columns.filter(|(_, c)| c.must_be_blank).map(|(i, _)| i).collect(),
            closing: ClosingLines::new(recipe),
            held: None,
            evidence: evidence.collect(),
            stumbled_rows: Vec::new(),
        }
    }

    fn count(&mut self, record: &Record) {
        self.records += 1;
        match self.chunks.last_mut() {
            Some(chunk) if chunk.records < CHUNK_RECORDS && self.chunk_bytes < CHUNK_BYTES => chunk.records += 1,
            _ => {
                self.chunks.push(ChunkStart { position: record.start(), records: 1 });
                self.chunk_bytes = 0;
            }
        }
        self.chunk_bytes += record.size_bytes();
    }

    /// What a record says of its identity and of how things are written.
    fn note(&mut self, record: &Record, identity: &IdentityColumns, key: &mut String) -> Result<(), ScanError> {
        stumbling::at("scan", |cell| record.cells().any(|found| found.bytes == cell.as_bytes()));
        self.gather_evidence(record);
        let hash = identity.hash(record, key);
        self.closing.note(record, hash.is_some() || record.is_brought_back());
        self.platform_column(identity, record)?;
        if let Some(hash) = hash {
            self.seen.push(hash, record.start().row);
            self.secondary_keys(record, hash);
            identity.note_others(record, key, &mut self.others);
        }
        Ok(())
    }

    fn blank_columns(&self, record: &Record) -> Result<(), ScanError> {
        for &column in &self.must_be_blank {
            if !is_blank(record, column) {
                return Err(ScanError::Refused(self.recipe.mapping.invalid_header(&[column], &self.recipe.settings)));
            }
        }
        Ok(())
    }

    /// A row without identity takes no effect.
    fn secondary_keys(&mut self, record: &Record, identity_hash: u64) {
        let recipe = self.recipe;
        let keys = recipe.secondary_keys.iter().filter_map(|key| key.of_record(record, recipe.key_seed));
        keys.for_each(|hash| self.keys.note(hash, identity_hash));
    }

    /// A column for the platform is required as soon as one row has nothing else to say it.
    fn platform_column(&mut self, identity: &IdentityColumns, record: &Record) -> Result<(), ScanError> {
        let may_be_closing = self.closing.from().is_some();
        if !may_be_closing && let Some(problem) = self.held.take() {
            return Err(ScanError::Refused(problem));
        }
        if identity.platform.is_some() || !identity.lacks_platform(record) || is_footer_or_header(record, self.recipe) {
            return Ok(());
        }
        let row = record.start().row;
        let handle = cell_text(record, identity.handle).unwrap_or_default();
        let problem = Problem::new(
            ProblemCode::HeaderMissing,
            format!("Missing header - Platform. Row {row} names {} without its platform", quote(handle)),
            "Add a column Platform, or write the addresses of the profiles, as in instagram.com/example.creator.",
        );
        if may_be_closing {
            self.held.get_or_insert(problem);
            return Ok(());
        }
        Err(ScanError::Refused(problem))
    }

    fn gather_evidence(&mut self, record: &Record) {
        for evidence in &mut self.evidence {
            let Some(cell) = cell_text(record, Some(evidence.column)) else { continue };
            let (first, second, either) = if evidence.is_date {
                let found = date_evidence(cell);
                (found.mdy, found.dmy, found.either)
            } else {
                let found = decimal_evidence(cell);
                (found.point, found.comma, found.either)
            };
            evidence.first |= first;
            evidence.second |= second;
            if either && evidence.either.is_none() {
                evidence.either = Some((record.start().row, cell.to_owned()));
            }
        }
    }

    fn forms(&self) -> Result<Vec<Form>, ScanError> {
        let settings = &self.recipe.settings;
        let both = Form { decimal: settings.decimal, dates: settings.dates };
        let mut forms = vec![both; self.recipe.mapping.columns.len()];
        for evidence in &self.evidence {
            let form = &mut forms[evidence.column];
            let is_chosen = if evidence.is_date { form.dates.is_some() } else { form.decimal.is_some() };
            if is_chosen {
                continue;
            }
            match (evidence.first, evidence.second) {
                (first, second) if first == second => {
                    if !evidence.is_date && settings.decimal_if_open.is_some() {
                        form.decimal = evidence.either.as_ref().and(settings.decimal_if_open);
                    } else if evidence.either.is_some() {
                        return Err(ScanError::Refused(self.ambiguous(evidence)));
                    }
                    // Nothing reads two ways: each cell is read the one way it can be.
                }
                (first, _) if evidence.is_date => {
                    form.dates = Some(if first { DateOrder::Mdy } else { DateOrder::Dmy });
                }
                (first, _) => form.decimal = Some(if first { Decimal::Point } else { Decimal::Comma }),
            }
        }
        Ok(forms)
    }

    fn ambiguous(&self, evidence: &Evidence) -> Problem {
        let header = self.recipe.header(evidence.column);
        let letters = column_letters(evidence.column);
        let (row, cell) = evidence.either.clone().unwrap_or_default();
        if evidence.is_date {
            Problem::new(
                ProblemCode::DatesAmbiguous,
                format!("\"{cell}\" in row {row}, column {letters} ({header}), may be day first or month first"),
                "Say which with --dates dmy or --dates mdy.",
            )
        } else {
            Problem::new(
                ProblemCode::DecimalAmbiguous,
                format!("\"{cell}\" in row {row}, column {letters} ({header}), may have a decimal point or comma"),
                "Say which with --decimal point or --decimal comma.",
            )
        }
    }
}
