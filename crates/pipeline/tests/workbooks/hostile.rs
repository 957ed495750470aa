//! Workbooks that are damaged, or made to harm: refused in words, in bounded time and memory, never in part.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::made::{Xlsx, archive, csv, ods_sheet, read, refused};

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn people() -> Xlsx {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c></row>";
    Xlsx::of(rows).strings("<si><t>Name</t></si><si><t>Anna</t></si>").formats(&["General", "yyyy"])
}

#[test]
fn a_workbook_that_was_cut_is_damaged() {
    let whole = people().bytes();
    assert_eq!(csv(&whole), "Name\nAnna\n");
    for length in [30, whole.len() / 3, whole.len() / 2, whole.len() - 30] {
        refused(&whole[..length], "workbook_damaged", "it cannot be unpacked");
    }
}

#[test]
fn a_part_that_is_missing_is_named() {
    refused(&people().with(SHEET, None), "workbook_damaged", "its part xl/worksheets/sheet1.xml is missing");
    refused(&people().with("xl/workbook.xml", None), "workbook_damaged", "its part xl/workbook.xml is missing");
    let lost = "nothing says where its sheet \"People\" is";
    refused(&people().with("xl/_rels/workbook.xml.rels", None), "workbook_damaged", lost);
    refused(&people().with("xl/sharedStrings.xml", None), "workbook_damaged", "shared text 0, which is not there");
    refused(
        &archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]),
        "workbook_damaged",
        "content.xml",
    );
}

#[test]
fn styles_that_are_missing_harm_nothing() {
    assert_eq!(csv(&people().with("xl/styles.xml", None)), "Name\nAnna\n");
}

#[test]
fn a_shared_string_that_is_not_there_is_damage() {
    for number in ["2", "-1", "x", "4294967296"] {
        let rows = format!("<row><c t=\"s\"><v>{number}</v></c></row>");
        let workbook = Xlsx::of(&rows).strings("<si><t>a</t></si><si><t>b</t></si>");
        refused(&workbook.bytes(), "workbook_damaged", &format!("the shared text {number}, which is not there"));
    }
}

#[test]
fn a_sheet_that_ends_too_early_is_damaged() {
    for xml in
        ["<worksheet><sheetData><row><c><v>1</v></c></row>", "<worksheet><sheetData><row><c><v>1", "<worksheet>", ""]
    {
        refused(&people().with(SHEET, Some(xml.as_bytes())), "workbook_damaged", "ends too early");
    }
    for part in ["xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels"] {
        refused(&people().with(part, Some(b"<a><b>")), "workbook_damaged", "ends too early");
    }
    refused(&ods_sheet("<table:table-row><table:table-cell>"), "workbook_damaged", "content.xml");
}

#[test]
fn markup_that_is_broken_is_damage() {
    for xml in [
        "<worksheet><sheetData><row></c></row>",
        "<worksheet><sheetData><row <",
        "<worksheet><sheetData>\u{0}<row r=\"x\"/>",
    ] {
        refused(&people().with(SHEET, Some(xml.as_bytes())), "workbook_damaged", "The workbook is damaged");
    }
    refused(&people().with(SHEET, Some(b"<worksheet><sheetData><row><c><v>\xFF")), "workbook_damaged", "sheet1.xml");
}

#[test]
fn rows_and_cells_out_of_order_are_damage() {
    let rows = "<row r=\"5\"><c><v>1</v></c></row><row r=\"4\"><c><v>2</v></c></row>";
    refused(&Xlsx::of(rows).bytes(), "workbook_damaged", "its row 4 comes behind row 5");
    let cells = "<row r=\"7\"><c r=\"B7\"><v>1</v></c><c r=\"A7\"><v>2</v></c></row>";
    refused(&Xlsx::of(cells).bytes(), "workbook_damaged", "the cells of its row 7 are not in order");
    let again = "<row r=\"7\"><c r=\"B7\"><v>1</v></c><c r=\"B7\"><v>2</v></c></row>";
    refused(&Xlsx::of(again).bytes(), "workbook_damaged", "the cells of its row 7 are not in order");
    refused(&Xlsx::of("<row r=\"0\"/>").bytes(), "workbook_damaged", "a row of the number 0");
    refused(&Xlsx::of("<row><c r=\"12\"/></row>").bytes(), "workbook_damaged", "a cell named 12");
}

#[test]
fn a_document_type_is_refused_in_every_part() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>\
                  <worksheet><sheetData><row><c t=\"str\"><v>&b;&f;</v></c></row></sheetData></worksheet>";
    for part in [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"] {
        refused(&people().with(part, Some(laughs.as_bytes())), "file_type", "declares a document type");
    }
    let ods: [(&str, &[u8]); 2] = [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"<!DOCTYPE x><office:document-content/>"),
    ];
    refused(&archive(&ods), "file_type", "content.xml declares a document type");
}

#[test]
fn an_entity_nobody_declared_stays_as_it_is_written() {
    let rows = "<row><c t=\"str\"><v>a&b;&#0;c</v></c></row>";
    assert_eq!(csv(&Xlsx::of(rows).bytes()), "a&b;&#0;c\n");
}

/// A workbook whose part `name` begins with `before` and goes on with so many MB of `filler`.
fn bomb(name: &str, before: &str, filler: &str, megabytes: usize) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (known, content) in people().parts() {
        zip.start_file(known.clone(), options).expect("a part");
        if known == name {
            let block = filler.repeat((1 << 20) / filler.len());
            zip.write_all(before.as_bytes()).expect("written");
            (0..megabytes).for_each(|_| zip.write_all(block.as_bytes()).expect("written"));
        } else {
            zip.write_all(&content).expect("written");
        }
    }
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn bombs_are_stopped_wherever_they_are() {
    let row = format!("<row><c t=\"str\"><v>{}</v></c></row>", "a".repeat(1000));
    let unpacks = "unpack to more than 64 MB";
    refused(&bomb(SHEET, "<worksheet><sheetData>", &row, 80), "workbook_too_large", unpacks);
    refused(
        &bomb("xl/sharedStrings.xml", "<sst>", &format!("<si><t>{}</t></si>", "a".repeat(1000)), 80),
        "workbook_too_large",
        unpacks,
    );
    let nothing = format!("<!--{}-->", "a".repeat(1000));
    for part in ["xl/styles.xml", "xl/workbook.xml", "_rels/.rels"] {
        refused(&bomb(part, "<a>", &nothing, 80), "workbook_too_large", unpacks);
    }
}

#[test]
fn what_no_workbook_needs_is_stopped_early() {
    let piece = "a piece of text of more than 4 MB";
    refused(&bomb(SHEET, "<worksheet><sheetData><row><c t=\"str\"><v>", "text", 8), "workbook_too_large", piece);
    refused(&bomb(SHEET, "<worksheet ", "a", 8), "workbook_too_large", piece);
    let styles = bomb("xl/styles.xml", "<styleSheet><cellXfs>", "<xf numFmtId=\"0\"/>", 4);
    refused(&styles, "workbook_too_large", "more cell styles");
    let sheets = "<sheet name=\"a\" r:id=\"rId1\"/>";
    let mut workbook = bomb("xl/workbook.xml", "<workbook><sheets>", sheets, 1);
    assert!(read(&workbook, None).is_err());
    workbook.truncate(100);
    assert!(read(&workbook, None).is_err());
}

#[test]
fn cells_that_all_refer_to_one_long_text_are_stopped() {
    let strings = format!("<si><t>{}</t></si>", "long ".repeat(6_000));
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(100);
    let rows = format!("<row>{cells}</row>").repeat(500);
    refused(&Xlsx::of(&rows).strings(&strings).bytes(), "workbook_too_large", "more than 1 GB of text");
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(16_000));
    refused(
        &Xlsx::of(&row).strings(&strings).bytes(),
        "workbook_too_large",
        "A row of the sheet holds more than 16 MB",
    );
}

#[test]
fn an_archive_of_very_many_parts_is_not_listed() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for number in 0..60_000 {
        zip.start_file(format!("{number:0>200}"), options).expect("a part");
    }
    let workbook = zip.finish().expect("an archive").into_inner();
    refused(&workbook, "workbook_too_large", "more parts than any workbook needs");
}

#[test]
fn sparse_sheets_are_no_bombs() {
    // A million formatted, blank rows with one person at the end.
    let mut rows = String::new();
    for row in 1..=1_000_000 {
        rows += &format!(
            "<row r=\"{row}\" spans=\"1:3\" s=\"1\" customFormat=\"1\" ht=\"15\"><c r=\"A{row}\" s=\"1\"/></row>"
        );
    }
    rows += "<row r=\"1000001\"><c r=\"A1000001\"><v>1</v></c></row>";
    assert_eq!(csv(&Xlsx::of(&rows).bytes()).len(), 1_000_002);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_workbook_with_bytes_changed_is_read_or_refused(
        is_ods in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut workbook = if is_ods {
            ods_sheet("<table:table-row><table:table-cell><text:p>Anna</text:p></table:table-cell></table:table-row>")
        } else {
            people().bytes()
        };
        for (at, byte) in changes {
            *at.get_mut(&mut workbook) = byte;
        }
        drop(read(&workbook, None));
    }

    #[test]
    fn a_part_with_bytes_changed_is_read_or_refused(
        part in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"<>/\"'&;= !?[]-_x0r9sAZ\xFF\0"[..])), 1..8),
    ) {
        let mut parts = people().parts();
        let (_, content) = part.get_mut(&mut parts);
        for (at, byte) in changes {
            *at.get_mut(content) = byte;
        }
        drop(read(&crate::made::zipped(&parts), None));
    }

    #[test]
    fn ods_content_with_bytes_changed_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&b"<>/\"'&;= :09"[..])), 1..8),
    ) {
        let mut content = b"<a><table:table table:name=\"P\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell \
            office:value-type=\"date\" office:date-value=\"2024-03-05\" table:number-columns-repeated=\"3\"><text:p>x<text:s \
            text:c=\"9\"/></text:p></table:table-cell></table:table-row></table:table></a>".to_vec();
        for (at, byte) in changes {
            *at.get_mut(&mut content) = byte;
        }
        let workbook = archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)]);
        drop(read(&workbook, None));
    }
}
