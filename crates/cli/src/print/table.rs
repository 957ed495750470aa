//! Tables for people.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent, presets};

use super::plain;

/// Headings of columns that hold numbers.
const NUMBERS: &[&str] = &["Rows", "Created", "Updated", "Failed", "Pending", "Active", "People", "Followers"];

/// Starts a table with these headings.
pub(crate) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_style(TableComponent::HeaderLines, '─').set_style(TableComponent::MiddleHeaderIntersections, '─');
    table.set_header(headings);
    for column in table.column_iter_mut() {
        // Columns touch the left margin; numbers end below each other.
        column.set_padding((0, 2));
        // An id is there to be copied.
        if headings.get(column.index).is_some_and(|heading| *heading == "Import") {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if headings.get(column.index).is_some_and(|heading| NUMBERS.contains(heading)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// Adds a row of cells as they came from files or the database.
pub(crate) fn add<I: IntoIterator<Item = String>>(table: &mut Table, cells: I) {
    table.add_row(cells.into_iter().map(|cell| plain(&cell)));
}

/// The table as text, without blanks at the ends of lines.
pub(crate) fn text(table: &Table) -> String {
    format!("{}\n", table.trim_fmt())
}
