//! XLSX: which sheets there are, what their cells refer to, and the one that is read.
//!
//! Invariant: parts are found by the package's relationships, not by customary names; a part that is missing is named.

mod package;
mod sheet;
mod strings;
mod styles;
mod texts;

use std::io::{Read, Seek, Write};

use super::archive::Archive;
use super::table::Table;
use super::{SheetInfo, WorkbookError, damaged};
use package::Package;
use sheet::write_sheet;
use strings::SharedStrings;
use styles::Styles;

/// Writes the sheet asked for, or the first visible one that holds anything. The file stands at byte 0.
pub(super) fn write_csv<R: Read + Seek, W: Write>(
    file: R,
    asked: Option<&str>,
    out: W,
) -> Result<SheetInfo, WorkbookError> {
    let mut archive = Archive::open(file)?;
    let package = Package::read(&mut archive)?;
    let wanted = package.sheets.wanted(asked)?;
    let styles = match &package.styles {
        Some(name) => Styles::read(archive.part(name)?)?,
        None => Styles::default(),
    };
    let strings = match &package.strings {
        Some(name) => SharedStrings::read(archive.part(name)?)?,
        None => SharedStrings::default(),
    };
    let mut table = Table::new(out);
    for at in wanted {
        let name = &package.parts[at];
        let part = archive.part(name)?.ok_or_else(|| damaged(format_args!("its part {name} is missing")))?;
        let cells = sheet::Cells { strings: &strings, styles: &styles, epoch: package.epoch };
        let blank_formulas = write_sheet(part, name, &cells, &mut table)?;
        if table.rows() > 0 {
            table.finish()?;
            return Ok(SheetInfo { blank_formulas, ..package.sheets.info(at, table.rows(), table.columns()) });
        }
    }
    Err(package.sheets.nothing_found(asked).into())
}
