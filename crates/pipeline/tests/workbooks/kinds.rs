//! What is no workbook that can be read, each in its own words.

use std::io::{Cursor, Seek};

use convoke_pipeline::workbook::{WorkbookKind, kind_of};

use crate::made::{Xlsx, archive, ods_sheet, refused};

fn kind(file: &[u8]) -> Option<WorkbookKind> {
    let mut cursor = Cursor::new(file);
    let kind = kind_of(&file[..file.len().min(4096)], &mut cursor).expect("not refused");
    assert_eq!(cursor.stream_position().expect("a position"), 0);
    kind
}

/// A compound file with streams of these names.
fn compound(names: &[&str]) -> Vec<u8> {
    let mut file = vec![0; 1024];
    file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    for name in names {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        file.extend(entry);
    }
    file
}

#[test]
fn workbooks_are_told_by_their_content() {
    assert_eq!(kind(&Xlsx::of("").bytes()), Some(WorkbookKind::Xlsx));
    assert_eq!(kind(&ods_sheet("")), Some(WorkbookKind::Ods));
    let macros = b"<Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/>";
    assert_eq!(kind(&archive(&[("[Content_Types].xml", macros)])), Some(WorkbookKind::Xlsx));
}

#[test]
fn text_is_no_container() {
    for text in ["", "Name,Email\nAnna,anna@example.com\n", "PK,Name\n"] {
        assert_eq!(kind(text.as_bytes()), None);
    }
    refused(b"Name,Email\n", "file_type", "The file is not a workbook");
}

#[test]
fn old_and_locked_workbooks_are_told_apart() {
    refused(&compound(&["Root Entry", "Workbook"]), "file_type", "old Excel workbook (.xls)");
    refused(&compound(&["Root Entry", "Book"]), "file_type", "old Excel workbook (.xls)");
    refused(&compound(&["EncryptionInfo", "EncryptedPackage"]), "workbook_locked", "protected by a password");
    refused(&compound(&["WordDocument"]), "file_type", "old Word document (.doc)");
    refused(&compound(&[]), "file_type", "old Office or Windows file");
}

#[test]
fn a_locked_ods_is_told_as_such() {
    let manifest = b"<manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/>";
    let parts: [(&str, &[u8]); 3] = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", b"\x8F\x01\x99"),
    ];
    refused(&archive(&parts), "workbook_locked", "protected by a password");
}

#[test]
fn other_documents_are_named() {
    let office =
        |kind: &str| archive(&[("[Content_Types].xml", format!("<Override ContentType=\"{kind}\"/>").as_bytes())]);
    refused(&office("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "file_type", "(.xlsb)");
    refused(
        &office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
        "file_type",
        "Word",
    );
    refused(&office("application/vnd.openxmlformats-officedocument.presentationml.x+xml"), "file_type", "PowerPoint");
    refused(&office("application/xml"), "file_type", "but not a workbook");
    refused(&archive(&[("mimetype", b"application/vnd.oasis.opendocument.text")]), "file_type", "(.odt)");
    refused(&archive(&[("mimetype", b"application/epub+zip")]), "file_type", "not a workbook");
    refused(&archive(&[("Index/Document.iwa", b"x"), ("preview.jpg", b"x")]), "file_type", "Numbers");
    refused(&archive(&[("Index.zip", b"x")]), "file_type", "Numbers");
}

#[test]
fn archives_are_to_be_unpacked() {
    refused(&archive(&[("people.csv", b"Name,Email\n")]), "file_type", "zip archive");
    refused(&archive(&[]), "file_type", "empty zip archive");
    refused(&[0x1F, 0x8B, 8, 0], "file_type", "gzip archive");
    refused(b"7z\xBC\xAF\x27\x1C", "file_type", "7-Zip archive");
}

#[test]
fn pictures_and_papers_are_named_whatever_their_name_is() {
    refused(b"\x89PNG\r\n\x1A\n", "file_type", "a picture");
    refused(&[0xFF, 0xD8, 0xFF, 0xE0], "file_type", "a picture");
    refused(b"%PDF-1.7", "file_type", "a PDF document");
}
