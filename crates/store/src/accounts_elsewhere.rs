//! Who has an account that a creator's row names beside its own: the identity index answers, for such rows only.

use convoke_people::id::WorkspaceId;
use convoke_pipeline::chunk::{CheckedChunk, Verdict};
use convoke_pipeline::known::Known;
use convoke_pipeline::recipe::Recipe;

use crate::db::Conn;
use crate::error::Result;

/// A lateral join like the look-up's own: no statistics can make it read another index.
pub const ALL_AT_ONCE: &str = "SELECT k.identity, p.name FROM unnest($3::text[]) k(identity) CROSS JOIN LATERAL \
    (SELECT name FROM person p WHERE p.workspace_id = $1 AND p.record_type = $2 AND p.identity = k.identity LIMIT 1) p";

/// Notes the people of these accounts. Differs because SQLite has no arrays.
pub(crate) fn accounts_elsewhere(
    conn: &mut Conn,
    workspace: WorkspaceId,
    recipe: &Recipe,
    chunk: &CheckedChunk,
    known: &mut Known,
) -> Result<()> {
    let sound = chunk.rows.iter().enumerate().filter(|(_, row)| row.verdict == Verdict::Sound);
    let accounts: Vec<&str> = sound.flat_map(|(place, _)| chunk.row_also_at(place)).collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let record_type = recipe.settings.record_type.code();
    match conn {
        Conn::Sqlite(sqlite) => {
            let sql = "SELECT name FROM person WHERE workspace_id = ?1 AND record_type = ?2 AND identity = ?3";
            let mut statement = sqlite.conn.prepare_cached(sql)?;
            for account in accounts {
                let mut rows = statement.query((workspace.0, record_type, account))?;
                if let Some(row) = rows.next()? {
                    known.push_account(account, row.get_ref(0)?.as_str_or_null().unwrap_or_default());
                }
            }
        }
        Conn::Postgres(postgres) => {
            for row in postgres.query_raw(ALL_AT_ONCE, &[&workspace.0, &(record_type as i16), &accounts])? {
                known.push_account(row.try_get(0)?, row.try_get(1)?);
            }
        }
    }
    Ok(())
}
