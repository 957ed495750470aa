//! Workbooks made part by part, so that they can hold what no spreadsheet program writes.

use std::io::{Cursor, Write};

use convoke_pipeline::problem::Problem;
use convoke_pipeline::workbook::{SheetInfo, WorkbookError, write_csv};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip archive of these parts.
pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a part");
        zip.write_all(content).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

/// An XLSX workbook that is made by its parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Xlsx {
    /// Name, state and XML of each sheet.
    sheets: Vec<(String, String, String)>,
    strings: Option<String>,
    styles: Option<String>,
    properties: String,
}

impl Xlsx {
    /// With one visible sheet of these rows.
    pub(crate) fn of(rows: &str) -> Self {
        Self::default().sheet("People", "visible", rows)
    }

    pub(crate) fn sheet(mut self, name: &str, state: &str, rows: &str) -> Self {
        let xml = format!("<worksheet xmlns=\"{SPREADSHEET}\"><sheetData>{rows}</sheetData></worksheet>");
        self.sheets.push((name.to_owned(), state.to_owned(), xml));
        self
    }

    /// With string items (`<si>...</si>`).
    pub(crate) fn strings(mut self, items: &str) -> Self {
        self.strings = Some(format!("<sst xmlns=\"{SPREADSHEET}\">{items}</sst>"));
        self
    }

    /// With number formats, styles 0, 1, 2 ... in this order.
    pub(crate) fn formats(mut self, codes: &[&str]) -> Self {
        let escape = |code: &str| code.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        let formats: String = (164..)
            .zip(codes)
            .map(|(id, code)| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", escape(code)))
            .collect();
        let styles: String = (164..).zip(codes).map(|(id, _)| format!("<xf numFmtId=\"{id}\"/>")).collect();
        self.styles = Some(format!(
            "<styleSheet xmlns=\"{SPREADSHEET}\"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId=\"14\"/>\
             </cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>"
        ));
        self
    }

    /// With attributes of the workbook.
    pub(crate) fn properties(mut self, attributes: &str) -> Self {
        self.properties = format!("<workbookPr {attributes}/>");
        self
    }

    /// The parts, so that a test can spoil them.
    pub(crate) fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let mut sheets = String::new();
        let mut related = String::new();
        let mut parts = Vec::new();
        for (number, (name, state, xml)) in (1..).zip(&self.sheets) {
            sheets += &format!("<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"rId{number}\"/>");
            related += &relationship(&format!("rId{number}"), "worksheet", &format!("worksheets/sheet{number}.xml"));
            parts.push((format!("xl/worksheets/sheet{number}.xml"), xml.clone()));
        }
        for (kind, content) in [("sharedStrings", &self.strings), ("styles", &self.styles)] {
            let Some(content) = content else { continue };
            related += &relationship(kind, kind, &format!("{kind}.xml"));
            parts.push((format!("xl/{kind}.xml"), content.clone()));
        }
        let workbook = format!(
            "<workbook xmlns=\"{SPREADSHEET}\" xmlns:r=\"{RELATIONSHIPS}\">{}<sheets>{sheets}</sheets></workbook>",
            self.properties
        );
        let types = "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/\
                     vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
        parts.push(("xl/workbook.xml".to_owned(), workbook));
        parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{related}</Relationships>")));
        let root = relationship("rId1", "officeDocument", "xl/workbook.xml");
        parts.push(("_rels/.rels".to_owned(), format!("<Relationships>{root}</Relationships>")));
        parts.push(("[Content_Types].xml".to_owned(), types.to_owned()));
        parts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        zipped(&self.parts())
    }

    /// With this part instead of its own, or without it.
    pub(crate) fn with(&self, name: &str, content: Option<&[u8]>) -> Vec<u8> {
        let mut parts = self.parts();
        let at = parts.iter().position(|(known, _)| known == name).expect("a part of this name");
        match content {
            Some(content) => parts[at].1 = content.to_vec(),
            None => drop(parts.remove(at)),
        }
        zipped(&parts)
    }
}

pub(crate) fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<_> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    archive(&parts)
}

fn relationship(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"{target}\"/>")
}

/// An ODS workbook of this content behind `office:spreadsheet`.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name=\"shown\"/>\
         <style:style style:name=\"hidden\"><style:table-properties table:display=\"false\"/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

/// A visible sheet of ODS.
pub(crate) fn ods_sheet(rows: &str) -> Vec<u8> {
    ods(&format!("<table:table table:name=\"People\" table:style-name=\"shown\">{rows}</table:table>"))
}

/// What was read, and the CSV text.
pub(crate) fn read(workbook: &[u8], sheet: Option<&str>) -> Result<(SheetInfo, String), Problem> {
    let mut csv = Vec::new();
    match write_csv(Cursor::new(workbook), sheet, &mut csv) {
        Ok(info) => Ok((info, String::from_utf8(csv).expect("UTF-8"))),
        Err(WorkbookError::Refused(problem)) => Err(problem),
        Err(WorkbookError::Write(error)) => panic!("a vector takes everything: {error}"),
    }
}

/// The CSV text of a sound workbook.
#[track_caller]
pub(crate) fn csv(workbook: &[u8]) -> String {
    match read(workbook, None) {
        Ok((_, csv)) => csv,
        Err(problem) => panic!("{problem:?}"),
    }
}

/// The workbook is refused by this code, in a sentence that holds these words, and with a hint.
#[track_caller]
pub(crate) fn refused(workbook: &[u8], code: &str, words: &str) {
    match read(workbook, None) {
        Ok((info, csv)) => panic!("{info:?} was read: {:?}", csv.chars().take(200).collect::<String>()),
        Err(problem) => {
            assert_eq!(problem.code.key(), code, "{problem:?}");
            assert!(problem.message.contains(words), "{words:?} is not in {problem:?}");
            assert!(!problem.hint.is_empty(), "{problem:?}");
        }
    }
}
