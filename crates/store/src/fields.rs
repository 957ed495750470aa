//! Custom fields: defined per record type before an import uses them.

use convoke_people::custom::{CustomField, CustomKind};
use convoke_people::id::{FieldId, WorkspaceId};
use convoke_people::record_type::RecordType;

use crate::db::{Query, Tx};
use crate::error::{Result, StoreError};
use crate::imports::record_type;
use crate::named::NamedPage;
use crate::value::{Row, Value};

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

const SELECT: &str = "SELECT t.id, t.record_type, t.name, t.type, t.multiple, t.shown, t.options, t.version \
                      FROM field t WHERE t.workspace_id = $1";

/// A custom field and how often it was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredField {
    pub field: CustomField,
    pub version: i64,
}

/// The custom fields of a workspace, or of one record type, in the order they were made.
pub fn list_fields(query: &mut impl Query, workspace: WorkspaceId, of: Option<RecordType>) -> Result<Vec<CustomField>> {
    let rows = query.query(&format!("{SELECT} ORDER BY t.id"), &[workspace.0.into()])?;
    let fields: Vec<_> = rows.iter().map(stored).collect::<Result<_>>()?;
    let fields = fields.into_iter().map(|stored| stored.field);
    Ok(fields.filter(|field| of.is_none_or(|of| field.record_type == of)).collect())
}

/// A page of them by name.
pub fn page_of_fields(
    query: &mut impl Query,
    workspace: WorkspaceId,
    of: Option<RecordType>,
    page: &NamedPage,
) -> Result<Vec<StoredField>> {
    // A number of ours, not of a user.
    let of = of.map(|of| format!(" AND t.record_type = {}", of.code())).unwrap_or_default();
    let sql = format!("{SELECT}{of}{}", NamedPage::END);
    query.query(&sql, &page.params(workspace))?.iter().map(stored).collect()
}

pub fn find_field(query: &mut impl Query, workspace: WorkspaceId, id: FieldId) -> Result<Option<StoredField>> {
    let sql = format!("{SELECT} AND t.id = $2");
    query.query_one(&sql, &[workspace.0.into(), id.0.into()])?.as_ref().map(stored).transpose()
}

fn stored(row: &Row) -> Result<StoredField> {
    let kind = CustomKind::from_code(row.int(3)?);
    let field = CustomField {
        id: FieldId(row.int(0)?),
        record_type: record_type(row.int(1)?)?,
        name: row.text(2)?.to_owned(),
        kind: kind.ok_or_else(|| StoreError::Corrupt("a custom field has no known type".to_owned()))?,
        multiple: row.int(4)? == 1,
        shown: row.int(5)? == 1,
        options: serde_json::from_str(row.text(6)?)?,
    };
    Ok(StoredField { field, version: row.int(7)? })
}

/// Changes name, whether it is shown, and options of a field that is still at `version`. False: it is not.
pub fn change_field(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    to: &CustomField,
    key: &str,
    version: i64,
) -> Result<bool> {
    let options = serde_json::to_string(&to.options)?;
    let changed = tx.execute(
        "UPDATE field SET name = $3, name_key = $4, shown = $5, options = $6, version = version + 1 \
         WHERE workspace_id = $1 AND id = $2 AND version = $7",
        &[
            workspace.0.into(),
            to.id.0.into(),
            (&to.name).into(),
            key.into(),
            i64::from(to.shown).into(),
            Value::Text(&options),
            version.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Removes the definition of a field that is still at `version`. False: it is not.
pub fn remove_field(tx: &mut Tx<'_>, workspace: WorkspaceId, id: FieldId, version: i64) -> Result<bool> {
    let sql = "DELETE FROM field WHERE workspace_id = $1 AND id = $2 AND version = $3";
    Ok(tx.execute(sql, &[workspace.0.into(), id.0.into(), version.into()])? == 1)
}
