//! Saved mappings: choices about columns, by name.

use convoke_people::id::{MappingId, WorkspaceId};
use convoke_people::record_type::RecordType;

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::imports::record_type;

/// A saved mapping; `choices` is the app's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMapping {
    pub id: MappingId,
    pub name: String,
    pub record_type: RecordType,
    pub choices: String,
}

/// Saves a mapping under its name, over an earlier one of that name; `key` is the name in compared form.
pub fn save_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, mapping: &SavedMapping, key: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO mapping (workspace_id, id, name, name_key, record_type, choices) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (workspace_id, record_type, name_key) DO UPDATE SET name = excluded.name, choices = excluded.choices",
        &[
            workspace.0.into(),
            mapping.id.0.into(),
            (&mapping.name).into(),
            key.into(),
            mapping.record_type.code().into(),
            (&mapping.choices).into(),
        ],
    )?;
    Ok(())
}

/// Removes a mapping. False: there is none of that name.
pub fn remove_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, of: RecordType, key: &str) -> Result<bool> {
    let sql = "DELETE FROM mapping WHERE workspace_id = $1 AND record_type = $2 AND name_key = $3";
    Ok(tx.execute(sql, &[workspace.0.into(), of.code().into(), key.into()])? > 0)
}

/// The saved mappings by record type and name.
pub fn list_mappings(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<SavedMapping>> {
    let rows = query.query(
        "SELECT id, name, record_type, choices FROM mapping WHERE workspace_id = $1 ORDER BY record_type, name_key",
        &[workspace.0.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(SavedMapping {
                id: MappingId(row.int(0)?),
                name: row.text(1)?.to_owned(),
                record_type: record_type(row.int(2)?)?,
                choices: row.text(3)?.to_owned(),
            })
        })
        .collect()
}
