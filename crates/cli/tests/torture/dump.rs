//! Everything an import leaves in the database, as text that is equal for equal results: times are left out, ids of the
//! import under torture are counted from its own block, tags go by name.

use convoke_app::store::{Access, Cell, Row, Value};

use crate::installation::Installation;

/// Table, columns and order.
const TABLES: &[(&str, &str)] = &[
    (
        "person",
        "SELECT id, record_type, identity, version, name, email, title, company, position, industry, product, \
         salesforce_id, external_contact_id, external_account_id, custom, kind, source FROM person \
         WHERE workspace_id = $1 ORDER BY identity",
    ),
    (
        "person_grp",
        "SELECT person_id, grp_id, state, origin FROM person_grp WHERE workspace_id = $1 ORDER BY person_id, grp_id",
    ),
    (
        "person_tag",
        "SELECT g.person_id, t.name, g.origin FROM person_tag g JOIN tag t ON t.workspace_id = g.workspace_id \
         AND t.id = g.tag_id WHERE g.workspace_id = $1 ORDER BY g.person_id, t.name",
    ),
    ("change", "SELECT id, person_id, import_id, version, fields FROM change WHERE workspace_id = $1 ORDER BY id"),
    (
        "import_chunk",
        "SELECT import_id, pass, chunk, first_row, last_row, counts, issues, plan_hash FROM import_chunk \
         WHERE workspace_id = $1 ORDER BY import_id, pass, chunk",
    ),
    ("secondary_keys", "SELECT id, record_type, length(body) FROM secondary_keys WHERE workspace_id = $1 ORDER BY id"),
    (
        "import",
        "SELECT id, kind, state, total, created, updated, unchanged, skipped, failed FROM import \
         WHERE workspace_id = $1 ORDER BY id",
    ),
    ("job", "SELECT import_id, state, next_chunk, chunks FROM job WHERE workspace_id = $1 ORDER BY import_id"),
];

/// The dump, a line a row.
pub(crate) fn dump(installation: &Installation<'_>) -> Vec<String> {
    let store = installation.store(Access::Read);
    let mut lines = Vec::new();
    store
        .read(|r| {
            let blocks = r.query("SELECT id FROM import WHERE workspace_id = $1 ORDER BY id", &[Value::Int(1)])?;
            let blocks: Vec<i64> = blocks.iter().filter_map(|row| row.int(0).ok()).map(|id| id >> 32).collect();
            let tags = r.query("SELECT id, name FROM tag WHERE workspace_id = $1", &[Value::Int(1)])?;
            let mut found = Vec::new();
            for (table, sql) in TABLES {
                for row in r.query(sql, &[Value::Int(1)])? {
                    found.push(format!("{table} {}", line(&row, &blocks, &tags)));
                }
            }
            Ok(found)
        })
        .expect("the database is read")
        .into_iter()
        .for_each(|line| lines.push(line));
    lines
}

fn line(row: &Row, blocks: &[i64], tags: &[Row]) -> String {
    let cells = row.0.iter().map(|cell| match cell {
        Cell::Null => "-".to_owned(),
        // An id of an import's block: the import's place and the row.
        Cell::Int(id) if *id > u32::MAX.into() => match blocks.iter().position(|block| *block == id >> 32) {
            Some(import) => format!("#{import}.{}", id & 0xFFFF_FFFF),
            None => id.to_string(),
        },
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => by_name(text, tags),
        Cell::Bytes(bytes) => format!("{bytes:02x?}"),
    });
    cells.collect::<Vec<_>>().join(" | ")
}

/// Ids of tags in a journal entry, replaced by their names.
fn by_name(text: &str, tags: &[Row]) -> String {
    if !text.contains("+tags") {
        return text.to_owned();
    }
    tags.iter().fold(text.to_owned(), |text, tag| match (tag.int(0), tag.text(1)) {
        (Ok(id), Ok(name)) => text.replace(&id.to_string(), name),
        _ => text,
    })
}

/// Fails with the first difference.
pub(crate) fn assert_same(found: &[String], wanted: &[String], when: &str) {
    for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert_eq!(found, wanted, "{when}: line {at} differs from the undisturbed run");
    }
    assert_eq!(found.len(), wanted.len(), "{when}: the number of rows differs");
}
