//! `bare-calamine FILE`: reads every cell of a workbook's first sheet with calamine's cell-streaming reader and throws it
//! away. What `convoke read-workbook` is measured beside; prints the number of cells.

use std::io::{self, Write};
use std::process::ExitCode;

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        let _ = writeln!(io::stderr(), "usage: bare-calamine FILE");
        return ExitCode::from(2);
    };
    match cells(path.as_ref()) {
        Ok(count) => {
            let _ = writeln!(io::stdout(), "{count}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

/// How many cells hold anything.
fn cells(path: &std::path::Path) -> Result<u64, XlsxError> {
    let mut workbook: Xlsx<_> = open_workbook(path)?;
    let sheet = workbook.sheet_names().first().cloned().unwrap_or_default();
    let mut reader = workbook.worksheet_cells_reader(&sheet)?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell()? {
        count += u64::from(!matches!(cell.get_value(), DataRef::Empty));
    }
    Ok(count)
}
