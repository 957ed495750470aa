//! Custom fields: defined per record type before an import uses them.

use convoke_people::custom::{CustomField, CustomKind};
use convoke_people::id::{FieldId, WorkspaceId};
use convoke_people::record_type::RecordType;

use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};
use crate::imports::record_type;
use crate::value::Value;

/// Adds a custom field; `key` is its name in compared form.
pub fn add_field(tx: &mut Tx<'_>, workspace: WorkspaceId, field: &CustomField, key: &str) -> Result<()> {
    let options = serde_json::to_string(&field.options)?;
    tx.execute(
        "INSERT INTO field (workspace_id, id, record_type, name, name_key, type, multiple, shown, options) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            workspace.0.into(),
            field.id.0.into(),
            field.record_type.code().into(),
            (&field.name).into(),
            key.into(),
            field.kind.code().into(),
            i64::from(field.multiple).into(),
            i64::from(field.shown).into(),
            Value::Text(&options),
        ],
    )?;
    Ok(())
}

/// The custom fields of a workspace, or of one record type, in the order they were made.
pub fn list_fields(query: &mut impl Query, workspace: WorkspaceId, of: Option<RecordType>) -> Result<Vec<CustomField>> {
    let rows = query.query(
        "SELECT id, record_type, name, type, multiple, shown, options FROM field WHERE workspace_id = $1 ORDER BY id",
        &[workspace.0.into()],
    )?;
    let mut fields = Vec::new();
    for row in &rows {
        let kind = CustomKind::from_code(row.int(3)?);
        fields.push(CustomField {
            id: FieldId(row.int(0)?),
            record_type: record_type(row.int(1)?)?,
            name: row.text(2)?.to_owned(),
            kind: kind.ok_or_else(|| StoreError::Corrupt("a custom field has no known type".to_owned()))?,
            multiple: row.int(4)? == 1,
            shown: row.int(5)? == 1,
            options: serde_json::from_str(row.text(6)?)?,
        });
    }
    fields.retain(|field| of.is_none_or(|of| field.record_type == of));
    Ok(fields)
}
