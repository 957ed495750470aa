//! The template as a workbook.

use convoke_people::custom::{CustomField, CustomKind};
use convoke_people::id::FieldId;
use convoke_people::record_type::RecordType;
use convoke_pipeline::results::write_template;
use convoke_pipeline::settings::Settings;
use convoke_pipeline::workbook::template::write_template_workbook;

use crate::made::read;

fn settings(of: RecordType) -> Settings {
    let mut settings = Settings::new(of);
    settings.custom_fields.push(CustomField {
        id: FieldId(1),
        record_type: of,
        name: "Tier, 2026".to_owned(),
        kind: CustomKind::SingleSelect,
        multiple: false,
        shown: false,
        options: vec!["Gold".to_owned(), "Silver".to_owned()],
    });
    settings
}

fn workbook(of: RecordType) -> Vec<u8> {
    let mut workbook = Vec::new();
    write_template_workbook(&settings(of), &mut workbook).expect("a template");
    workbook
}

#[test]
fn it_holds_what_the_csv_template_holds() {
    for of in RecordType::ALL {
        let mut csv = Vec::new();
        write_template(&settings(of), &mut csv).expect("a template");
        let lines = String::from_utf8(csv).expect("text").replace("\r\n", "\n");
        let (info, read) = read(&workbook(of), None).expect("read");
        let trimmed: String = lines.lines().map(|line| format!("{}\n", line.trim_end_matches(','))).collect();
        assert_eq!(read, trimmed);
        assert_eq!(info.sheets.len(), 2);
        assert_eq!(info.sheets[0].to_lowercase(), of.plural());
    }
}

#[test]
fn its_second_sheet_says_what_goes_into_the_columns() {
    let (info, notes) = read(&workbook(RecordType::Advocate), Some("Notes")).expect("read");
    assert_eq!(info.columns, 2);
    assert!(notes.starts_with("Column,What goes into it\nName,Required. Text of up to 255 characters.\n"), "{notes}");
    assert!(notes.ends_with("\"Tier, 2026\",\"One of: Gold, Silver.\"\n"), "{notes}");
}

#[test]
fn it_is_the_same_every_time() {
    assert_eq!(workbook(RecordType::Creator), workbook(RecordType::Creator));
}
