//! Cells of XLSX, each kind as a person sees it.

use convoke_pipeline::records::{Dialect, MAX_CELL_BYTES, Position, Record, RecordReader};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Url, Workbook, XlsxError};

use crate::made::{Xlsx, csv, read, refused};

/// A row of one cell in column A.
#[track_caller]
fn shows(cell: &str, text: &str) {
    assert_eq!(csv(&Xlsx::of(&format!("<row r=\"1\">{cell}</row>")).bytes()), format!("{text}\n"));
}

/// A workbook as a writer of others makes it, and its CSV text.
fn written(fill: impl Fn(&mut rust_xlsxwriter::Worksheet) -> Result<(), XlsxError>) -> String {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet()).expect("cells");
    csv(&workbook.save_to_buffer().expect("a workbook"))
}

fn format(code: &str) -> Format {
    Format::new().set_num_format(code)
}

#[test]
fn a_workbook_of_another_program_reads_as_it_shows() {
    let csv = written(|sheet| {
        let time = ExcelDateTime::parse_from_str("2024-03-05T14:30:00")?;
        sheet.write_row(0, 0, ["Name", "Email", "Joined", "Seen", "At", "Rate", "Followers", "VIP", "Zip", "Score"])?;
        sheet.write_row(1, 0, ["Anna, \"A\" Lee", "anna@example.com"])?;
        sheet.write_datetime_with_format(1, 2, &time, &format("dd/mm/yyyy"))?;
        sheet.write_datetime_with_format(1, 3, &time, &format("m/d/yy h:mm"))?;
        sheet.write_datetime_with_format(1, 4, &ExcelDateTime::from_hms(14, 30, 0)?, &format("h:mm AM/PM"))?;
        sheet.write_number_with_format(1, 5, 0.034, &format("0.0%"))?;
        sheet.write_number_with_format(1, 6, 12500, &format("#,##0"))?;
        sheet.write_boolean(1, 7, true)?;
        sheet.write_number_with_format(1, 8, 1067, &format("00000"))?;
        sheet.write_number(1, 9, 3.25)?;
        Ok(())
    });
    assert_eq!(
        csv,
        "Name,Email,Joined,Seen,At,Rate,Followers,VIP,Zip,Score\n\
         \"Anna, \"\"A\"\" Lee\",anna@example.com,2024-03-05,2024-03-05T14:30:00,14:30:00,3.4%,12500,TRUE,01067,3.25\n"
    );
}

#[test]
fn formulas_show_their_last_result_and_links_their_text() {
    let csv = written(|sheet| {
        sheet.write_formula(0, 0, Formula::new("=A2&\"x\"").set_result("Anna"))?;
        sheet.write_formula(0, 1, Formula::new("=1+1").set_result("2"))?;
        sheet.write_formula(0, 2, Formula::new("=NA()").set_result("#N/A"))?;
        sheet.write_url(0, 3, Url::new("https://example.com/anna").set_text("Anna's page"))?;
        Ok(())
    });
    assert_eq!(csv, "Anna,2,#N/A,Anna's page\n");
}

#[test]
fn rich_text_is_its_runs_together() {
    let csv = written(|sheet| {
        let (bold, plain) = (Format::new().set_bold(), Format::new());
        sheet.write_rich_string(0, 0, &[(&bold, "Anna "), (&plain, "Lee")])?;
        Ok(())
    });
    assert_eq!(csv, "Anna Lee\n");
}

#[test]
fn a_merged_cell_shows_in_its_first_cell() {
    let csv = written(|sheet| {
        sheet.merge_range(0, 0, 1, 2, "Anna", &Format::new())?;
        sheet.write_string(0, 3, "x")?;
        sheet.write_string(2, 0, "Ben")?;
        Ok(())
    });
    assert_eq!(csv, "Anna,,,x\n\nBen\n");
}

#[test]
fn hidden_rows_and_columns_and_filtered_lists_are_read_whole() {
    let csv = written(|sheet| {
        sheet.write_column(0, 0, ["Name", "Anna", "Ben", "Chloe"])?;
        sheet.write_column(0, 1, ["Email", "a@example.com", "b@example.com", "c@example.com"])?;
        sheet.autofilter(0, 0, 3, 1)?;
        sheet.set_row_hidden(2)?;
        sheet.set_column_hidden(1)?;
        Ok(())
    });
    assert_eq!(csv, "Name,Email\nAnna,a@example.com\nBen,b@example.com\nChloe,c@example.com\n");
}

#[test]
fn text_that_looks_like_a_number_stays_text() {
    let csv = written(|sheet| {
        sheet.write_row(0, 0, ["00123", "1E5", "2024-03-05", "+49 170", "TRUE", "003000000000001"])?;
        Ok(())
    });
    assert_eq!(csv, "00123,1E5,2024-03-05,+49 170,TRUE,003000000000001\n");
}

#[test]
fn shared_strings_in_their_forms() {
    let items = "<si><t>plain</t></si><si><t/></si><si/><si><t xml:space=\"preserve\"> kept </t></si><si><t> cut \n</t></si>\
                 <si><r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r></si>\
                 <si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh><phoneticPr fontId=\"1\"/></si>\
                 <si><t>A &amp; B &lt;c&gt; &#233;&#x1F600;</t></si><si><t>a_x000D_\nb</t></si><si><t>_x005F_x000D_</t></si>\
                 <si><t><![CDATA[<raw> & ]]></t></si>";
    let cells: String = (0..11).map(|number| format!("<c t=\"s\"><v>{number}</v></c>")).collect();
    let workbook = Xlsx::of(&format!("<row>{cells}</row>")).strings(items).bytes();
    assert_eq!(csv(&workbook), "plain,,, kept ,cut,rich,東京,A & B <c> é😀,\"a\r\nb\",_x000D_,<raw> &\n");
}

#[test]
fn inline_strings_in_their_forms() {
    shows("<c t=\"inlineStr\"><is><t>plain</t></is></c>", "plain");
    shows("<c t=\"inlineStr\"><is><r><t>ri</t></r><r><t>ch</t></r></is></c>", "rich");
    shows("<c t=\"inlineStr\"><v>7</v><is><t>text</t></is></c>", "text");
    shows("<c><is><t>without a type</t></is></c>", "without a type");
    shows("<c t=\"inlineStr\"><is><t xml:space=\"preserve\"> a_x000D_b </t></is></c>", "\" a\rb \"");
    shows("<c t=\"str\"><f>B1</f><v>of a formula</v></c>", "of a formula");
}

#[test]
fn values_in_their_forms() {
    shows("<c t=\"b\"><v>1</v></c>", "TRUE");
    shows("<c t=\"b\"><v>0</v></c>", "FALSE");
    shows("<c t=\"e\"><v>#DIV/0!</v></c>", "#DIV/0!");
    shows("<c t=\"d\"><v>2024-03-05T00:00:00Z</v></c>", "2024-03-05");
    shows("<c t=\"d\"><v>2024-03-05T14:30:00.000</v></c>", "2024-03-05T14:30:00");
    shows("<c t=\"n\"><v>1.2345678901234567E+17</v></c>", "123456789012345660");
    shows("<c><v>123456789012345678</v></c>", "123456789012345678");
    shows("<c><f>1/3</f><v>0.3333333333333333</v></c>", "0.3333333333333333");
    shows("<c s=\"99\"><v>5</v></c>", "5");
    shows("<c s=\"\"><v> 5 </v></c>", "5");
    shows("<c><extLst><ext><v>no</v></ext></extLst><v>5</v></c>", "5");
    shows("<x:c xmlns:x=\"x\" r=\"A1\"><x:v>5</x:v></x:c>", "5");
}

#[test]
fn numbers_by_their_formats() {
    let codes = ["General", "yyyy-mm-dd", "0.00%", "000000", "[h]:mm:ss", "m/d/yy h:mm", "\"EUR\" #,##0.00", "@"];
    let cells = "<c s=\"0\"><v>45356</v></c><c s=\"1\"><v>45356</v></c><c s=\"2\"><v>3.4000000000000002E-2</v></c>\
                 <c s=\"3\"><v>42</v></c><c s=\"4\"><v>1.25</v></c><c s=\"5\"><v>45356.604166666664</v></c>\
                 <c s=\"6\"><v>1234.5</v></c><c s=\"7\"><v>42</v></c>";
    let workbook = Xlsx::of(&format!("<row>{cells}</row>")).formats(&codes);
    assert_eq!(csv(&workbook.bytes()), "45356,2024-03-05,3.4%,000042,30:00:00,2024-03-05T14:30:00,1234.5,42\n");
    let of_a_mac = workbook.properties("date1904=\"1\"");
    assert_eq!(csv(&of_a_mac.bytes()), "45356,2028-03-06,3.4%,000042,30:00:00,2028-03-06T14:30:00,1234.5,42\n");
}

#[test]
fn built_in_formats_need_no_code() {
    let styles = |ids: &[u32]| -> String { ids.iter().map(|id| format!("<xf numFmtId=\"{id}\"/>")).collect() };
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", styles(&[0, 14, 22, 20, 10, 46]));
    let cells: String =
        (0..6).map(|style| format!("<c s=\"{style}\"><v>{}</v></c>", if style == 4 { 0.5 } else { 1.5 })).collect();
    let workbook = Xlsx::of(&format!("<row>{cells}</row>")).formats(&[]);
    let workbook = workbook.with("xl/styles.xml", Some(styles.as_bytes()));
    assert_eq!(csv(&workbook), "1.5,1900-01-01,1900-01-01T12:00:00,12:00:00,50%,36:00:00\n");
}

#[test]
fn rows_keep_their_numbers_and_blank_ends_are_left_out() {
    let rows = "<row r=\"3\"><c r=\"B3\"><v>1</v></c><c r=\"D3\" s=\"1\"/><c r=\"E3\" t=\"str\"><v></v></c></row><row r=\"4\"/>\
                <row r=\"6\"><c r=\"A6\"><v>2</v></c></row><row r=\"9\"><c r=\"A9\" s=\"1\"/></row>";
    let (info, csv) = read(&Xlsx::of(rows).bytes(), None).expect("read");
    assert_eq!(csv, "\n\n,1\n\n\n2\n");
    assert_eq!((info.rows, info.columns), (6, 2));
}

#[test]
fn rows_and_cells_without_a_number_follow_each_other() {
    let rows = "<row><c><v>1</v></c><c r=\"D1\"><v>2</v></c><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>";
    assert_eq!(csv(&Xlsx::of(rows).bytes()), "1,,,2,3\n\n4\n");
}

#[test]
fn a_million_blank_rows_before_the_data_are_a_million_blank_lines() {
    let workbook = Xlsx::of("<row r=\"1000001\"><c r=\"A1000001\"><v>1</v></c></row>").bytes();
    let (info, csv) = read(&workbook, None).expect("read");
    assert_eq!((info.rows, csv.len()), (1_000_001, 1_000_002));
    assert!(csv.ends_with("\n\n1\n"));
}

#[test]
fn the_widest_sheet_is_read_and_one_wider_is_not() {
    let row = |column: &str| format!("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"{column}1\"><v>2</v></c></row>");
    let (info, csv) = read(&Xlsx::of(&row("XFD")).bytes(), None).expect("read");
    assert_eq!((info.columns, csv), (16_384, format!("1{}2\n", ",".repeat(16_383))));
    refused(&Xlsx::of(&row("XFE")).bytes(), "workbook_too_large", "more than 16384 columns");
    let below = "<row r=\"1048577\"><c><v>1</v></c></row>";
    refused(&Xlsx::of(below).bytes(), "workbook_too_large", "more than 1048576 rows");
}

#[test]
fn a_cell_that_is_too_long_is_still_seen_to_be() {
    let cell = format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", "é".repeat(500_000));
    let csv = csv(&Xlsx::of(&format!("<row>{cell}{cell}<c><v>1</v></c></row>")).bytes());
    let mut reader = RecordReader::new(csv.as_bytes(), Dialect::default(), Position::START);
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    assert_eq!(record.len(), 3);
    assert!(record.cell(1).is_cut() && record.cell(1).length_bytes as usize > MAX_CELL_BYTES);
    assert_eq!(record.cell(2).bytes, b"1");
}

#[test]
fn the_csv_text_reads_back_as_the_cells() {
    let texts = ["a,b", "say \"hi\"", "two\nlines", "cr\rlf", " spaces ", "tab\there", "'=1+1", "ä😀", "\"", "x\"\"y"];
    let csv = written(|sheet| {
        sheet.write_row(0, 0, texts)?;
        sheet.write_row(2, 0, ["below"])?;
        Ok(())
    });
    let mut reader = RecordReader::new(csv.as_bytes(), Dialect::default(), Position::START);
    let mut record = Record::default();
    assert!(reader.read(&mut record).expect("a record"));
    let read: Vec<_> = record.cells().map(|cell| String::from_utf8_lossy(cell.bytes).into_owned()).collect();
    assert_eq!(read, texts);
    assert!(reader.read(&mut record).expect("a record"));
    assert_eq!(record.start().row, 3);
}
