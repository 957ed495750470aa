//! Files Convoke gives back: all rows with their fate, the failed ones to mend and import again, and templates.
//! Every cell is defused so that no spreadsheet program runs it, in a way our own import takes back.

use std::io::{Read, Write};
use std::ops::Range;

use convoke_people::record_type::TemplateColumn;

use crate::defuse::{defuse, take_back};
use crate::issue::{Issue, Severity, quote};
use crate::mapping::{RESULT_COLUMNS, column_letters, own_columns};
use crate::not_a_person::example;
use crate::plan::Outcome;
use crate::records::{ReadError, Record, RecordReader};
use crate::report::ReportRow;
use crate::settings::Settings;

/// Which rows a file gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    All,
    Failed,
    NotProcessed,
}

impl Selection {
    fn takes(self, outcome: Outcome) -> bool {
        match self {
            Self::All => true,
            Self::Failed => outcome == Outcome::Failed,
            Self::NotProcessed => outcome == Outcome::NotProcessed,
        }
    }
}

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("cannot write the file: {0}")]
    Write(#[from] csv::Error),
    #[error("cannot write the file: {0}")]
    Flush(#[from] std::io::Error),
}

/// What the CSV writer reports.
pub type CsvError = csv::Error;

/// A writer of RFC 4180 files in UTF-8.
pub fn csv_writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out)
}

/// Writes the rows of a file with their fate behind the original cells. `fates` are the stored rows in order; records
/// without one were not processed.
pub fn write_results<R: Read, W: Write>(
    mut reader: RecordReader<R>,
    headers: &[String],
    fates: impl Iterator<Item = ReportRow>,
    selection: Selection,
    out: W,
) -> Result<(), ResultsError> {
    let mut writer = csv_writer(out);
    let width = headers.len() - own_columns(headers);
    for header in &headers[..width] {
        writer.write_field(defuse(header).as_bytes())?;
    }
    writer.write_record(RESULT_COLUMNS)?;
    let mut fates = fates.peekable();
    let mut record = Record::default();
    while reader.read(&mut record)? {
        let row = record.start().row;
        let fate = fates.next_if(|fate| fate.row == row);
        if !selection.takes(fate.as_ref().map_or(Outcome::NotProcessed, |fate| fate.outcome)) {
            continue;
        }
        write_cells(&mut writer, &record, 0..width)?;
        write_fate(&mut writer, &record, headers, fate.as_ref())?;
        // Values beyond the last header stand behind everything else: imported again they are beyond it again.
        let surplus = headers.len()..record.len().max(headers.len());
        let filled = surplus.clone().rev().find(|&column| !record.cell(column).bytes.is_empty());
        write_cells(&mut writer, &record, surplus.start..filled.map_or(surplus.start, |last| last + 1))?;
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()?;
    Ok(())
}

fn write_cells<W: Write>(writer: &mut csv::Writer<W>, record: &Record, columns: Range<usize>) -> csv::Result<()> {
    for column in columns {
        let Some(cell) = record.get(column) else {
            writer.write_field(b"")?;
            continue;
        };
        match std::str::from_utf8(cell.bytes) {
            Ok(text) if cell.is_cut() => {
                let note = format!("{text}... ({} characters: see the original file)", cell.length_chars());
                writer.write_field(defuse(&note).as_bytes())?;
            }
            // A cell that came defused is not defused once more: it is read the same way again.
            Ok(text) => writer.write_field(defuse(take_back(text)).as_bytes())?,
            // Kept byte for byte, so that nothing is lost before the encoding is mended.
            Err(_) => writer.write_field(cell.bytes)?,
        }
    }
    Ok(())
}

fn write_fate<W: Write>(
    writer: &mut csv::Writer<W>,
    record: &Record,
    headers: &[String],
    fate: Option<&ReportRow>,
) -> csv::Result<()> {
    let person = fate.and_then(|f| f.person).map(|p| p.to_string()).unwrap_or_default();
    let outcome = fate.map_or(Outcome::NotProcessed, |f| f.outcome);
    let messages: Vec<_> = fate.map(messages).into_iter().chain(corrections(record, headers)).collect();
    let messages = messages.iter().filter(|told| !told.is_empty()).map(String::as_str).collect::<Vec<_>>().join("; ");
    for cell in [&record.start().row.to_string(), outcome.key(), &person, "", &defuse(&messages)] {
        writer.write_field(cell)?;
    }
    Ok(())
}

/// What the cells held before they were corrected.
fn corrections(record: &Record, headers: &[String]) -> impl Iterator<Item = String> {
    record.corrected().iter().map(|(column, there)| {
        let header = headers.get(*column).map_or_else(|| column_letters(*column), |header| header.clone());
        if there.is_empty() {
            format!("{header}: filled in, the file has nothing there")
        } else {
            format!("{header}: corrected, the file has \"{}\"", quote(there))
        }
    })
}

/// The messages of a row in one cell, each that asks for something with what to do: whoever mends the file has nothing else at hand.
pub fn messages(row: &ReportRow) -> String {
    row.issues.iter().map(message).collect::<Vec<_>>().join("; ")
}

fn message(issue: &Issue) -> String {
    let (sentence, hint) = (issue.message(), issue.hint());
    let told = match &issue.column {
        Some(column) if !issue.code.sentence().contains("{field}") => format!("{column}: {sentence}"),
        _ => sentence,
    };
    // A notice asks for nothing. Hints have round brackets of their own.
    let is_to_mend = issue.code.severity() != Severity::Notice && !hint.is_empty();
    if is_to_mend { format!("{told} [{hint}]") } else { told }
}

/// Writes the template of a record type: its header with the current custom fields, and the example row.
pub fn write_template<W: Write>(settings: &Settings, out: W) -> Result<(), ResultsError> {
    let mut writer = csv_writer(out);
    let columns = settings.record_type.template();
    let example = example(settings.record_type);
    for column in columns {
        writer.write_field(column.label())?;
    }
    let customs = settings.custom_fields.iter();
    writer.write_record(customs.clone().map(|field| defuse(&field.name).into_owned()))?;
    for column in columns {
        let cell = match column {
            TemplateColumn::Field(field) => {
                example.cells.iter().find(|(known, _)| known == field).map_or("", |(_, cell)| cell)
            }
            _ => "",
        };
        writer.write_field(cell)?;
    }
    writer.write_record(customs.map(|_| ""))?;
    writer.flush()?;
    Ok(())
}
