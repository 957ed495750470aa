//! The template of a record type as a workbook: header and example row, and notes on the columns on a second sheet.
//!
//! Invariant: every cell is text and every column is formatted as text, so that a spreadsheet program changes neither
//! leading zeros nor dates that are typed into it; the same settings give the same bytes.

use std::io::Write;

use convoke_people::custom::{CustomField, CustomKind};
use convoke_people::field::{Field, Shape};
use convoke_people::record_type::{RecordType, TemplateColumn};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::not_a_person::example;
use crate::results::ResultsError;
use crate::settings::Settings;

/// Width of a column in characters of the standard font.
const LEAST_WIDTH: usize = 14;
const MOST_WIDTH: usize = 42;

/// Columns with a width and format of their own: more custom fields than that are written without.
const MOST_COLUMNS: usize = 16_384;

impl From<XlsxError> for ResultsError {
    fn from(error: XlsxError) -> Self {
        Self::Flush(std::io::Error::other(error))
    }
}

/// A column of the template.
struct Column<'s> {
    header: &'s str,
    example: &'static str,
    note: String,
}

/// Writes the template of a record type as XLSX, with its current custom fields.
pub fn write_template_workbook(settings: &Settings, mut out: impl Write) -> Result<(), ResultsError> {
    let columns = columns(settings);
    let mut workbook = Workbook::new();
    // The library would take the clock.
    let day_one = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day_one));
    write_people(workbook.add_worksheet(), settings.record_type, &columns)?;
    write_notes(workbook.add_worksheet(), &columns)?;
    out.write_all(&workbook.save_to_buffer()?)?;
    out.flush()?;
    Ok(())
}

fn write_people(sheet: &mut Worksheet, of: RecordType, columns: &[Column<'_>]) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let header = Format::new().set_num_format("@").set_bold();
    let name: String =
        of.plural().chars().take(1).flat_map(char::to_uppercase).chain(of.plural().chars().skip(1)).collect();
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in (0u16..).zip(columns) {
        let longest = column.header.chars().count().max(column.example.chars().count());
        sheet.set_column_width(at, (longest + 2).clamp(LEAST_WIDTH, MOST_WIDTH) as f64)?;
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, column.header, &header)?;
        if !column.example.is_empty() {
            sheet.write_string_with_format(1, at, column.example, &text)?;
        }
    }
    Ok(())
}

fn write_notes(sheet: &mut Worksheet, columns: &[Column<'_>]) -> Result<(), XlsxError> {
    let header = Format::new().set_bold();
    sheet.set_name("Notes")?;
    sheet.set_column_width(0, 26)?;
    sheet.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, "Column", &header)?;
    sheet.write_string_with_format(0, 1, "What goes into it", &header)?;
    for (row, column) in (1u32..).zip(columns) {
        sheet.write_string(row, 0, column.header)?;
        sheet.write_string(row, 1, column.note.as_str())?;
    }
    Ok(())
}

fn columns(settings: &Settings) -> Vec<Column<'_>> {
    let of = settings.record_type;
    let standard = of.template().iter().map(|&column| Column {
        header: column.label(),
        example: example_of(of, column),
        note: note(of, column),
    });
    let customs = settings.custom_fields.iter().map(|field| Column {
        header: &field.name,
        example: "",
        note: note_of_custom(field),
    });
    standard.chain(customs).take(MOST_COLUMNS).collect()
}

fn example_of(of: RecordType, column: TemplateColumn) -> &'static str {
    let TemplateColumn::Field(field) = column else { return "" };
    example(of).cells.iter().find(|(known, _)| *known == field).map_or("", |(_, cell)| cell)
}

fn note(of: RecordType, column: TemplateColumn) -> String {
    let field = match column {
        TemplateColumn::Field(field) => field,
        TemplateColumn::Group => return "The name of a group that exists. Several groups: several rows.".to_owned(),
        TemplateColumn::Tags => return "Several tags: comma and space between them.".to_owned(),
    };
    let required = if of.is_starred(field) { "Required. " } else { "" };
    format!("{required}{}", note_of_field(field))
}

fn note_of_field(field: Field) -> String {
    match field.shape() {
        Shape::Email => "An address like anna@example.com.".to_owned(),
        Shape::Platform => "Instagram, TikTok, YouTube, X, Twitch, Facebook and others.".to_owned(),
        Shape::Handle => "@name, name or the address of the profile.".to_owned(),
        Shape::ProfileUrl => "The address of the profile, beginning with https://.".to_owned(),
        Shape::Count => "A whole number, also 12,500 or 12.5K.".to_owned(),
        Shape::Rate => "Percent, like 3.4 or 3.4%.".to_owned(),
        Shape::Text { max_chars } => format!("Text of up to {max_chars} characters."),
        Shape::Accounts => "Handles or addresses of profiles, a column for each platform.".to_owned(),
        Shape::CustomLike { multiple: true } => "Several values: comma and space between them.".to_owned(),
        Shape::CustomLike { multiple: false } => "Text of up to 255 characters.".to_owned(),
    }
}

fn note_of_custom(field: &CustomField) -> String {
    let several = if field.multiple { " Several values: comma and space between them." } else { "" };
    let form = match field.kind {
        CustomKind::Number => "A number, like 1234.5.".to_owned(),
        CustomKind::Date => "A date, like 2026-04-30.".to_owned(),
        CustomKind::YesNo => "yes or no.".to_owned(),
        CustomKind::Text => "Text of up to 255 characters.".to_owned(),
        CustomKind::SingleSelect | CustomKind::MultiSelect => format!("One of: {}.", field.options.join(", ")),
    };
    // A cell of Excel takes 32,767 characters.
    format!("{form}{several}").chars().take(32_000).collect()
}
