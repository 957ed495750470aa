//! Cells of ODS, and what is repeated in it.

use crate::made::{csv, ods_sheet, read, refused};

#[track_caller]
fn shows(cells: &str, text: &str) {
    assert_eq!(csv(&ods_sheet(&format!("<table:table-row>{cells}</table:table-row>"))), format!("{text}\n"));
}

#[track_caller]
fn cell_shows(attributes: &str, content: &str, text: &str) {
    shows(&format!("<table:table-cell {attributes}>{content}</table:table-cell>"), text);
}

#[test]
fn formulas_without_a_value_are_counted() {
    let of_value = "office:value-type=\"string\" office:string-value=\"\"";
    let rows = format!(
        "<table:table-row><table:table-cell table:formula=\"of:=[.B1]\"/><table:table-cell table:formula=\"of:=[.A1]\" \
         {of_value}/><table:table-cell {}><text:p>Anna</text:p></table:table-cell></table:table-row>",
        "office:value-type=\"string\""
    );
    let (info, table) = read(&ods_sheet(&rows), None).expect("read");
    assert_eq!((info.blank_formulas, table.as_str()), (1, ",,Anna\n"));
}

#[test]
fn values_show_as_they_are_stored() {
    cell_shows("office:value-type=\"float\" office:value=\"12500\"", "<text:p>12.500</text:p>", "12500");
    cell_shows("office:value-type=\"float\" office:value=\"123456789012345678\"", "", "123456789012345678");
    cell_shows("office:value-type=\"currency\" office:value=\"3.5\"", "<text:p>3,50 €</text:p>", "3.5");
    cell_shows("office:value-type=\"percentage\" office:value=\"0.034\"", "<text:p>3 %</text:p>", "3.4%");
    cell_shows("office:value-type=\"date\" office:date-value=\"2024-03-05\"", "<text:p>5.3.24</text:p>", "2024-03-05");
    cell_shows("office:value-type=\"date\" office:date-value=\"2024-03-05T14:30:00\"", "", "2024-03-05T14:30:00");
    cell_shows("office:value-type=\"time\" office:time-value=\"PT14H30M00S\"", "", "14:30:00");
    cell_shows("office:value-type=\"boolean\" office:boolean-value=\"true\"", "<text:p>WAHR</text:p>", "TRUE");
    cell_shows("office:value-type=\"string\" office:string-value=\"of a formula\"", "", "of a formula");
    cell_shows("office:value-type=\"float\" office:value=\"0\"", "<text:p>#N/A</text:p>", "#N/A");
    cell_shows("office:value-type=\"float\" office:value=\"42\"", "<text:p>000042</text:p>", "000042");
}

#[test]
fn text_is_its_paragraphs() {
    let text = "office:value-type=\"string\"";
    cell_shows(text, "<text:p>Anna <text:span>Lee</text:span></text:p>", "Anna Lee");
    cell_shows(text, "<text:p>one</text:p><text:p/><text:p>two</text:p>", "\"one\n\ntwo\"");
    cell_shows(text, "<text:p>a<text:s text:c=\"3\"/>b<text:tab/>c<text:line-break/>d</text:p>", "\"a   b\tc\nd\"");
    cell_shows(text, "<text:p>\n  laid   out\n</text:p>", "laid out ");
    cell_shows(text, "<text:p><text:a xlink:href=\"https://example.com\">A &amp; B</text:a></text:p>", "A & B");
    cell_shows(text, "\n <text:p>00123</text:p>\n ", "00123");
}

#[test]
fn comments_shapes_and_phonetic_guides_are_no_text() {
    let text = "office:value-type=\"string\"";
    cell_shows(text, "<office:annotation><text:p>a comment</text:p></office:annotation><text:p>Anna</text:p>", "Anna");
    cell_shows(
        text,
        "<draw:frame><draw:text-box><text:p>a shape</text:p></draw:text-box></draw:frame><text:p>A</text:p>",
        "A",
    );
    let ruby =
        "<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>";
    cell_shows(text, &format!("<text:p>{ruby}</text:p>"), "東京");
}

#[test]
fn what_a_merged_cell_covers_is_blank() {
    shows(
        "<table:table-cell table:number-columns-spanned=\"2\"><text:p>a</text:p></table:table-cell>\
         <table:covered-table-cell><text:p>old</text:p></table:covered-table-cell>\
         <table:table-cell><text:p>b</text:p></table:table-cell>",
        "a,,b",
    );
}

#[test]
fn repeated_cells_and_rows_are_written_as_often() {
    let x = "<table:table-cell table:number-columns-repeated=\"3\"><text:p>x</text:p></table:table-cell>";
    let rows = format!(
        "<table:table-header-rows><table:table-row><table:table-cell><text:p>h</text:p></table:table-cell>\
         </table:table-row></table:table-header-rows><table:table-row table:number-rows-repeated=\"2\">{x}</table:table-row>\
         <table:table-row-group><table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
         </table:table-row-group><table:table-row>{x}</table:table-row>"
    );
    let (info, csv) = read(&ods_sheet(&rows), None).expect("read");
    assert_eq!(csv, "h\nx,x,x\nx,x,x\n\n\n\nx,x,x\n");
    assert_eq!((info.rows, info.columns), (7, 3));
}

#[test]
fn millions_of_repeated_blanks_cost_nothing() {
    let blank = "<table:table-row table:number-rows-repeated=\"4000000000\"><table:table-cell \
                 table:number-columns-repeated=\"4000000000\"/></table:table-row>";
    let x = "<table:table-cell><text:p>x</text:p></table:table-cell>";
    let rows = format!("<table:table-row>{x}</table:table-row>{}", blank.repeat(3));
    assert_eq!(csv(&ods_sheet(&rows)), "x\n");
}

#[test]
fn a_million_blank_rows_before_the_data_are_a_million_blank_lines() {
    let rows = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row>\
                <table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    let (info, csv) = read(&ods_sheet(rows), None).expect("read");
    assert_eq!((info.rows, csv.len()), (1_000_001, 1_000_002));
}

#[test]
fn millions_of_repeated_values_are_refused() {
    let cell = |columns: u64| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{columns}\"><text:p>some text</text:p></table:table-cell>"
        )
    };
    let row = |rows: u64, columns: u64| {
        ods_sheet(&format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\">{}</table:table-row>",
            cell(columns)
        ))
    };
    refused(&row(1_000_000, 1_000), "workbook_too_large", "more than 1 GB of text");
    refused(&row(2_000_000, 1), "workbook_too_large", "more than 1048576 rows");
    refused(&row(1, 20_000), "workbook_too_large", "more than 16384 columns");
    refused(&row(4_294_967_295, 4_294_967_295), "workbook_too_large", "more than 16384 columns");
    refused(&row(99_999_999_999, 1), "workbook_damaged", "number-rows-repeated is no number");
}

#[test]
fn deleted_rows_that_a_workbook_remembers_are_not_read() {
    let history = "<table:tracked-changes><table:deletion><table:table table:name=\"Deleted\"><table:table-row>\
                   <table:table-cell><text:p>gone</text:p></table:table-cell></table:table-row></table:table>\
                   </table:deletion></table:tracked-changes>";
    let sheet = "<table:table table:name=\"People\"><table:table-row><table:table-cell><text:p>here</text:p>\
                 </table:table-cell></table:table-row></table:table>";
    let (info, csv) = read(&crate::made::ods(&format!("{history}{sheet}")), None).expect("read");
    assert_eq!((info.sheets, csv.as_str()), (vec!["People".to_owned()], "here\n"));
}
