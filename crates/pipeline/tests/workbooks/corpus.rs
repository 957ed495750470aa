//! The workbooks of calamine's tests (`CONVOKE_CORPORA`, folder `xlsx-calamine`): every one reads as its name says, or is
//! refused for the reason its name says. Prints a table; without the folder it says so.

use std::collections::BTreeSet;
use std::fs;

use convoke_testbed::corpora;

use crate::made::read;

/// How a workbook is met.
enum Met {
    /// The sheet (blank: the default one) begins with these lines.
    Reads(&'static str, &'static str),
    /// It is refused by this code.
    Refused(&'static str),
}

use Met::{Reads, Refused};

const WORKBOOKS: &[(&str, Met)] = &[
    ("OOM_alloc2.xls", Refused("file_type")),
    ("any_sheets.ods", Reads("", "1,2\n3,4\n5,6\n\n\"This workbook contains 4 sheets: Visible,")),
    ("any_sheets.xlsb", Refused("file_type")),
    ("any_sheets.xlsx", Reads("", "1,2\n3,4\n5,6\n\n\"This workbook contains 4 sheets: Visible,")),
    ("column_row_ranges.xlsx", Reads("", "0,0,0\n")),
    ("date.xls", Refused("file_type")),
    ("date.xlsx", Reads("", "2021-01-01,15\n2021-01-02,16\n255:10:10,17\n")),
    ("date_1904.xlsx", Reads("", "2021-01-01,15\n2021-01-02,16\n255:10:10,17\n")),
    ("date_iso.xlsx", Reads("", "2021-01-01\n2021-01-01T10:10:10\n10:10:10\n")),
    ("date_quoted_format.xlsx", Reads("", "2021-01-01\n2021-01-01\n2021-01-01\n2021-01-01\n")),
    ("empty_s_attribute.xlsx", Reads("", "Name,Value\nJohn,1\n")),
    ("empty_shared_string.xlsx", Reads("", "abc\n")),
    ("empty_shared_string_value.xlsx", Reads("", "Name,City,Status\nAlice,,Active\n,Berlin\n")),
    ("empty_sheet.xlsx", Refused("file_empty")),
    ("encoded_entities.xlsx", Reads("", "&\n")),
    ("errors.xlsx", Reads("", "#DIV/0!\n#NAME?\n#VALUE!\n#NULL!\n#REF!\n#NUM!\n#N/A\n")),
    ("formula.issue.xlsx", Reads("", "23,,23\n")),
    ("has_x000D_.xlsx", Reads("", "\"ABC\r\nDEF\"\n")),
    ("has_x000D_inline.xlsx", Reads("", "\"ABC\r\nDEF\"\n")),
    ("header-row.xlsx", Reads("", "\n\n,,Note 1\n\n\n\n\n\nColumns,Column A,Column B,Column C\n")),
    ("hyperlinks.xlsx", Reads("", "calamine repo,mail link\nRust Programming Language\n")),
    ("inlineStr_cdata.xlsx", Reads("", "Hello CDATA,World\n12345,NormalText\n")),
    ("inlineStr_with_value.xlsx", Reads("", "NN,Hierarchy,,Outline Number,ID,Name,Type,Description\n1,+,,1.,RQ11610,")),
    ("inventory-table.xlsx", Reads("", "Item,Type,Quantity\n1,Apple,50\n")),
    // Its zip archive is damaged: CRC and length of a part are not those of its content.
    ("issue252.xlsx", Refused("workbook_damaged")),
    ("issue446.xlsx", Reads("", "\n\n\n\n,,,,,1,1,120000,0,10.2,1.05,")),
    ("issue644.xlsx", Reads("", "10,1.0413926851582251\n")),
    ("issue9.xlsx", Reads("", "test1\ntest2 other\ntest3 aaa\ntest4\n")),
    ("issue_391.xlsx", Reads("", "1\n2\n3\n4\n5\n6\n7\n")),
    ("issue_419.xlsx", Reads("", "Hello\n")),
    ("issues.xlsx", Reads("datatypes", "1\n1.5\nab\nFALSE\ntest\n2016-10-20\n")),
    ("merge_cells.xlsx", Reads("", "Row Merge,,Not Merged\nColumn Merge,Chunk Merged\n")),
    ("merged_range.xlsx", Reads("", "A1,B1,C1,,E1,F1,G1,H1\n\nA3,B3,C3,,E3,F3,G3,H3\n")),
    ("minimal_package.xlsx", Reads("", "ARREST BOOKINGS for 01/30/17\n")),
    ("no-header.xlsx", Reads("", "\n\na,0\nb,1\n")),
    ("nonstandard-xml-ns-prefix.xlsx", Reads("", "a,b\n1,3\n2,4\n")),
    ("number_rows_repeated.ods", Reads("", "A,B\nC,D\nC,D\n\n\nC,D\n\nC,D\n")),
    ("pass_protected.ods", Refused("workbook_locked")),
    ("pass_protected.xlsb", Refused("workbook_locked")),
    ("pass_protected.xlsx", Refused("workbook_locked")),
    ("picture.png", Refused("file_type")),
    ("readings.xlsx", Reads("", "Station,Celsius,Humidity,Pressure\nLondon,15,72,1013\n")),
    ("richtext-after-plain.xlsx", Reads("", "abcd,abcd,abcd,abcd\ntvalrval1rval2,rval1rval2,rval1rval2,rval1rval2\n")),
    ("richtext-namespaced.xlsx", Reads("", "\"inline string\nLine 2\nLine 3\",,,,,,,\"shared string\nLine 2\n")),
    // The phonetic guide is left out.
    ("rph.xlsx", Reads("", "課きく　毛こ\n")),
    ("strict_iso_paths.xlsx", Reads("", "Item,Thickness,Number Off Bends,")),
    ("string-ref.xlsx", Reads("", "col1\n-8086931554011838357\n")),
    ("table-multiple.xlsx", Reads("", "Item,Type,Quantity\n1,Apple,50\n")),
    ("table_with_absolute_paths.xlsx", Reads("", "Item,Name\n100,North\n")),
    ("temperature-fallible.xlsx", Reads("", "label,value,notes\ncelsius,22.2222,measured\n")),
    ("temperature.xlsx", Reads("", "label,value\ncelsius,22.2222\nfahrenheit,72\n")),
    ("too_small.xls", Refused("file_type")),
    // Nothing but a program.
    ("vba.xlsm", Refused("file_empty")),
    ("whitespace_trim.xlsx", Reads("", "trimmed value,value with tabs,\" \t\n\",clean text\n")),
];

#[test]
fn every_workbook_of_the_corpus_reads_as_its_name_says() {
    let Some(folder) = corpora::folder("xlsx-calamine") else { return };
    let mut unmet: Vec<&str> = Vec::new();
    for (name, expected) in WORKBOOKS {
        let workbook = fs::read(folder.join(name)).expect(name);
        let sheet = if let Reads(sheet, _) = expected { Some(*sheet).filter(|sheet| !sheet.is_empty()) } else { None };
        let found = read(&workbook, sheet);
        let is_met = match (expected, &found) {
            (Reads(_, lines), Ok((_, csv))) => csv.starts_with(lines),
            (Refused(code), Err(problem)) => problem.code.key() == *code && !problem.hint.is_empty(),
            _ => false,
        };
        eprintln!("{:7} {name}: {}", if is_met { "met" } else { "NOT MET" }, short(&found.map(|(_, csv)| csv)));
        unmet.extend((!is_met).then_some(*name));
    }
    corpora::report("xlsx-calamine", WORKBOOKS.len(), WORKBOOKS.len() - unmet.len(), &[]);
    assert!(unmet.is_empty(), "not met: {unmet:?}");
    let known: BTreeSet<_> = WORKBOOKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let there = fs::read_dir(&folder)
        .expect("the folder")
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned());
    let there: BTreeSet<_> = there.filter(|name| !name.ends_with(".md")).collect();
    assert_eq!(known, there);
}

fn short(found: &Result<String, convoke_pipeline::problem::Problem>) -> String {
    match found {
        Ok(csv) => format!("{:?}", csv.chars().take(60).collect::<String>()),
        Err(problem) => format!("{}: {}", problem.code.key(), problem.message),
    }
}
