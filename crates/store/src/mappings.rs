//! Saved mappings: choices about columns, by name.

use convoke_people::id::{MappingId, WorkspaceId};
use convoke_people::record_type::RecordType;

use crate::db::{Query, Tx};
use crate::error::Result;
use crate::imports::record_type;
use crate::named::NamedPage;
use crate::value::Row;

/// A saved mapping; `choices` is the app's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedMapping {
    pub id: MappingId,
    pub name: String,
    pub record_type: RecordType,
    pub choices: String,
    /// Counts its edits.
    pub version: i64,
}

/// Saves a mapping under its name, over an earlier one of that name; `key` is the name in compared form.
pub fn save_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, mapping: &SavedMapping, key: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO mapping (workspace_id, id, name, name_key, record_type, choices) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (workspace_id, record_type, name_key) DO UPDATE SET name = excluded.name, choices = excluded.choices, \
         version = mapping.version + 1",
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

/// Adds a mapping, whose name must be new.
pub fn add_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, mapping: &SavedMapping, key: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO mapping (workspace_id, id, name, name_key, record_type, choices) VALUES ($1, $2, $3, $4, $5, $6)",
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

/// Changes name and choices of a mapping that is still at its version. False: it is not.
pub fn change_mapping(tx: &mut Tx<'_>, workspace: WorkspaceId, to: &SavedMapping, key: &str) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE mapping SET name = $3, name_key = $4, choices = $5, version = version + 1 \
         WHERE workspace_id = $1 AND id = $2 AND version = $6",
        &[workspace.0.into(), to.id.0.into(), (&to.name).into(), key.into(), (&to.choices).into(), to.version.into()],
    )?;
    Ok(changed == 1)
}

/// Removes a mapping that is still at `version`. False: it is not.
pub fn remove_mapping_of_id(tx: &mut Tx<'_>, workspace: WorkspaceId, id: MappingId, version: i64) -> Result<bool> {
    let sql = "DELETE FROM mapping WHERE workspace_id = $1 AND id = $2 AND version = $3";
    Ok(tx.execute(sql, &[workspace.0.into(), id.0.into(), version.into()])? == 1)
}

const SELECT: &str =
    "SELECT t.id, t.name, t.record_type, t.choices, t.version FROM mapping t WHERE t.workspace_id = $1";

/// The saved mappings by record type and name.
pub fn list_mappings(query: &mut impl Query, workspace: WorkspaceId) -> Result<Vec<SavedMapping>> {
    let sql = format!("{SELECT} ORDER BY t.record_type, t.name_key");
    query.query(&sql, &[workspace.0.into()])?.iter().map(mapping).collect()
}

/// A page of them by name.
pub fn page_of_mappings(
    query: &mut impl Query,
    workspace: WorkspaceId,
    of: Option<RecordType>,
    page: &NamedPage,
) -> Result<Vec<SavedMapping>> {
    // A number of ours, not of a user.
    let of = of.map(|of| format!(" AND t.record_type = {}", of.code())).unwrap_or_default();
    let sql = format!("{SELECT}{of}{}", NamedPage::END);
    query.query(&sql, &page.params(workspace))?.iter().map(mapping).collect()
}

pub fn find_mapping(query: &mut impl Query, workspace: WorkspaceId, id: MappingId) -> Result<Option<SavedMapping>> {
    let sql = format!("{SELECT} AND t.id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(mapping).transpose()
}

fn mapping(row: &Row) -> Result<SavedMapping> {
    Ok(SavedMapping {
        id: MappingId(row.int(0)?),
        name: row.text(1)?.to_owned(),
        record_type: record_type(row.int(2)?)?,
        choices: row.text(3)?.to_owned(),
        version: row.int(4)?,
    })
}
