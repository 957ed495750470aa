//! Workbooks: what is read of one is a table that the record reader reads to its end, and every other is refused.
//! Invariant: of a table more than [`KEPT_BYTES`] only its beginning is kept; it is judged by what was said about it.

use std::io::{Cursor, Write};
use std::path::Path;

use convoke_pipeline::records::{Position, Record, RecordReader};
use convoke_pipeline::source::WORKBOOK_DIALECT;
use convoke_pipeline::workbook::{SheetInfo, WorkbookError, is_container, kind_of, write_csv};
use fastrand::Rng;
use zip::CompressionMethod;

use crate::parts::{pack, unpack};
use crate::{MAX_INPUT, Target, corpus, hash_of, mutation};

pub(crate) struct Workbooks;

const KEPT_BYTES: usize = 16 << 20;

const XLSX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="0"/><sheets><sheet name="People" sheetId="1" r:id="s1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="y" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/styles.xml",
        r##"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm"/><numFmt numFmtId="165" formatCode="[Red]#,##0.00 &quot;EUR&quot;;-0%"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"##,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2"><si><t>Name</t></si><si><r><t xml:space="preserve">E </t></r><r><t>mail_x000D_&amp;</t></r></si></sst>"#,
    ),
    (
        "xl/worksheets/sheet1.xml",
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C3"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>Anna "A", Lee</t></is></c><c r="B3" s="1"><v>45000.5</v></c><c r="C3" s="2"><f>1+1</f><v>1234.5</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2026-01-31</v></c></row></sheetData></worksheet>"#,
    ),
];

const ODS: &[(&str, &str)] = &[
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
    (
        "content.xml",
        r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="People"><table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="20"><table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31.1.<text:s text:c="3"/>26</text:p><text:p>b</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#,
    ),
];

impl Target for Workbooks {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let made = [XLSX, ODS].into_iter().filter_map(|parts| {
            let parts: Vec<_> =
                parts.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect();
            pack(&parts, CompressionMethod::Deflated).ok()
        });
        let mut seeds: Vec<_> = made.collect();
        let endings = [".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".png"];
        seeds.extend(corpus::files(corpora, "xlsx-calamine", &endings));
        seeds.extend(corpus::files(corpora, "frictionless", &endings));
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "<row r=\"1048576\">",
            "<row r=\"1048577\">",
            "<row>",
            "</row>",
            "<c r=\"XFD1\">",
            "<c r=\"XFE1\" t=\"s\"><v>0</v></c>",
            "<c><v>1</v></c>",
            "<v>",
            "</v>",
            "<v>1e308</v>",
            "<v>-1</v>",
            "<v>2958466</v>",
            " t=\"s\"",
            " t=\"str\"",
            " t=\"d\"",
            " s=\"1\"",
            "<is><t>",
            "<t>",
            "</t>",
            "_x0000_",
            "_xD800_",
            "_x005F_",
            "&#0;",
            "&#x10FFFF;",
            "&amp;",
            "&nix;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?",
            "<a ",
            "yyyy",
            "[$-409]",
            "[h]:mm:ss",
            "0.00E+00",
            "#,##0",
            "\"\\",
            ";;;@",
            "General",
            "# ?/?",
            "AM/PM",
            " date1904=\"1\"",
            " state=\"hidden\"",
            " table:number-rows-repeated=\"1048576\"",
            " table:number-columns-repeated=\"16384\"",
            " table:number-rows-repeated=\"4294967295\"",
            "<text:s text:c=\"4294967295\"/>",
            "<table:table-row>",
            "<text:p>",
            "</text:p>",
        ]
    }

    fn limit_seconds(&self) -> u64 {
        10
    }

    /// Half of the time a part is changed and the workbook packed again; else the archive itself is changed.
    fn mutate(&self, input: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
        let inside = if rng.u8(..4) > 0 { self.mutate_inside(input, other, rng) } else { None };
        inside.unwrap_or_else(|| mutation::mutate(input, other, &[], rng))
    }

    fn try_input(&self, input: &[u8], rng: &mut Rng) -> u64 {
        let head = &input[..input.len().min(4096)];
        let kind = kind_of(head, &mut Cursor::new(input)).map_err(|problem| problem.message);
        let sheet = [None, None, None, Some("2"), Some("people"), Some("")][rng.usize(..6)];
        let mut table = Table::default();
        let read = write_csv(Cursor::new(input), sheet, &mut table);
        let outcome = match read {
            Ok(info) => hash_of(judge_table(&info, &table)),
            Err(WorkbookError::Refused(problem)) => {
                assert!(!problem.message.is_empty() && !problem.hint.is_empty(), "a refusal without words");
                // Names and numbers of the file are no other behaviour.
                let words: String = problem.message.chars().filter(char::is_ascii_alphabetic).take(50).collect();
                hash_of((problem.code.key(), words))
            }
            Err(WorkbookError::Write(error)) => panic!("the table can be written: {error}"),
        };
        hash_of((kind.is_ok(), is_container(head), outcome))
    }
}

impl Workbooks {
    fn mutate_inside(&self, input: &[u8], other: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
        let mut parts = unpack(input).ok().filter(|parts| !parts.is_empty())?;
        let others = unpack(other).unwrap_or_default();
        for _ in 0..rng.usize(1..4) {
            let place = rng.usize(..parts.len());
            let name = &parts[place].0;
            let lent = others.iter().find(|(other, _)| other == name).map_or(&[][..], |(_, content)| content);
            parts[place].1 = mutation::mutate(&parts[place].1, lent, self.words(), rng);
        }
        if rng.u8(..32) == 0 {
            parts.remove(rng.usize(..parts.len()));
        }
        let packed = pack(&parts, CompressionMethod::Deflated).ok()?;
        (packed.len() <= MAX_INPUT).then_some(packed)
    }
}

/// The beginning of a table, and how much there was of it.
#[derive(Default)]
struct Table {
    kept: Vec<u8>,
    written: usize,
}

impl Write for Table {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = KEPT_BYTES - self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.written += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Gives what is coarse of a table: sizes and sheets.
fn judge_table(info: &SheetInfo, table: &Table) -> (Option<u32>, Option<u32>, usize, Option<u32>) {
    assert!(info.rows <= 1_048_576 && info.columns <= 16_384, "{} rows, {} columns", info.rows, info.columns);
    assert!(info.sheets.contains(&info.sheet), "the sheet that was read is none of the sheets");
    if table.kept.len() == table.written {
        let mut reader = RecordReader::new(&*table.kept, WORKBOOK_DIALECT, Position::START);
        let mut record = Record::default();
        while reader.read(&mut record).expect("the table of a workbook can be read") {
            let row = record.start().row;
            assert!(row <= info.rows, "row {row} of {}", info.rows);
            assert!(record.len() <= info.columns as usize, "{} cells of {} in row {row}", record.len(), info.columns);
            assert!(record.as_text().are_text(), "row {row} is no UTF-8");
        }
    }
    (info.rows.checked_ilog2(), info.columns.checked_ilog2(), info.sheets.len().min(4), table.written.checked_ilog2())
}
