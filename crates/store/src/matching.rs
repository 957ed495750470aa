//! Finding the people that the rows of a chunk name, by identity, with the values the import may compare.

use std::collections::HashMap;
use std::sync::Arc;

use convoke_people::field::Field;
use convoke_people::id::{GroupId, PersonId, WorkspaceId};
use convoke_people::person::Kind;
use convoke_pipeline::chunk::{CheckedChunk, Span, Verdict};
use convoke_pipeline::known::{Known, KnownPerson};
use convoke_pipeline::recipe::Recipe;

use crate::accounts_elsewhere::accounts_elsewhere;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::secondary_keys::{KeyIndex, add_holders};
use crate::store::Store;
use crate::value::{Cell, Value};

/// The column of a standard field.
pub(crate) fn column(field: Field) -> &'static str {
    match field {
        Field::EngagementRate => "engagement_ppm",
        other => other.key(),
    }
}

/// Columns in front of the fields: id, version, kind, invited, joined, archived, custom.
const FACTS: &str = "p.id, p.version, p.kind, p.invited_at IS NOT NULL, p.joined_at IS NOT NULL, \
                     p.archived_at IS NOT NULL";
const FACT_COLUMNS: usize = 7;

/// Looks people up on a connection of its own: ahead of the writer on PostgreSQL, beside it for a check.
pub struct LookUp {
    conn: Conn,
    workspace: WorkspaceId,
    keys: Arc<KeyIndex>,
}

impl LookUp {
    pub fn new(store: &Store, workspace: WorkspaceId, name: &str, keys: &Arc<KeyIndex>) -> Result<Self> {
        Ok(Self { conn: store.look_up_connection(name)?, workspace, keys: Arc::clone(keys) })
    }

    pub fn people(&mut self, recipe: &Recipe, chunk: &CheckedChunk) -> Result<Known> {
        let place = (self.workspace, &*self.keys);
        if let Conn::Postgres(_) = self.conn {
            return look_up(&mut self.conn, place, recipe, chunk);
        }
        // SQLite: beginning a transaction for each row costs more than its look-up.
        self.conn.batch("BEGIN")?;
        let known = look_up(&mut self.conn, place, recipe, chunk);
        self.conn.batch("COMMIT")?;
        known
    }
}

/// Looks people up inside the transaction that will write.
pub fn look_up_in(
    tx: &mut Tx<'_>,
    place: (WorkspaceId, &KeyIndex),
    recipe: &Recipe,
    chunk: &CheckedChunk,
) -> Result<Known> {
    look_up(tx.conn, place, recipe, chunk)
}

fn look_up(
    conn: &mut Conn,
    (workspace, keys): (WorkspaceId, &KeyIndex),
    recipe: &Recipe,
    chunk: &CheckedChunk,
) -> Result<Known> {
    let mut known = match conn {
        Conn::Sqlite(_) => one_by_one(conn, workspace, recipe, chunk)?,
        Conn::Postgres(_) => all_at_once(conn, workspace, recipe, chunk)?,
    };
    accounts_elsewhere(conn, workspace, recipe, chunk, &mut known)?;
    if !known.people().is_empty() {
        memberships(conn, workspace, recipe, &mut known)?;
    }
    add_holders(conn, (workspace, keys), recipe, chunk, &mut known)?;
    Ok(known)
}

/// Rows that are about somebody, with the identity.
pub(crate) fn sound_rows(chunk: &CheckedChunk) -> impl Iterator<Item = (usize, &str)> {
    chunk
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.verdict == Verdict::Sound)
        .filter_map(|(place, row)| Some((place, chunk.text(row.identity)?)))
}

/// Custom values, if the import could change some, and the standard fields it maps.
fn fields(recipe: &Recipe) -> String {
    let custom = if recipe.layout.customs.is_empty() { "CAST(NULL AS TEXT)" } else { "p.custom" };
    let fields: String = recipe.layout.fields.iter().map(|field| format!(", p.{}", column(*field))).collect();
    format!(", {custom}{fields}")
}

/// Differs because a prepared look-up of one row in process costs less than any way to pass a set to SQLite.
fn one_by_one(conn: &mut Conn, workspace: WorkspaceId, recipe: &Recipe, chunk: &CheckedChunk) -> Result<Known> {
    let Conn::Sqlite(sqlite) = conn else { unreachable!("dispatched on the connection") };
    let count = recipe.layout.fields.len();
    let mut known = Known::nobody(chunk.rows.len(), count);
    let sql = format!(
        "SELECT {FACTS}{} FROM person p WHERE p.workspace_id = ?1 AND p.record_type = ?2 AND p.identity = ?3",
        fields(recipe)
    );
    let mut statement = sqlite.conn.prepare_cached(&sql)?;
    statement.raw_bind_parameter(1, workspace.0)?;
    statement.raw_bind_parameter(2, recipe.settings.record_type.code())?;
    for (place, identity) in sound_rows(chunk) {
        statement.raw_bind_parameter(3, identity)?;
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else { continue };
        known.push(
            place,
            KnownPerson {
                id: PersonId(row.get(0)?),
                version: row.get(1)?,
                kind: row.get::<_, Option<i64>>(2)?.and_then(Kind::from_code),
                invited: row.get(3)?,
                joined: row.get(4)?,
                archived: row.get(5)?,
                custom: Span::NONE,
                groups: Vec::new(),
                tags: Vec::new(),
            },
        );
        known.push_custom(row.get_ref(6)?.as_str_or_null().unwrap_or_default());
        for (at, field) in recipe.layout.fields.iter().enumerate() {
            let cell = row.get_ref(FACT_COLUMNS + at)?;
            if field.is_number() {
                let number = cell.as_i64_or_null().unwrap_or_default().map(|n| n.to_string());
                known.push_value(number.as_deref());
            } else {
                known.push_value(cell.as_str_or_null().unwrap_or_default());
            }
        }
    }
    Ok(known)
}

/// The look-up of PostgreSQL: a lateral join, so that no statistics can make it read another index.
pub fn look_up_sql(recipe: &Recipe) -> String {
    let fields = fields(recipe);
    format!(
        "SELECT k.n, p.* FROM unnest($3::text[]) WITH ORDINALITY k(identity, n) CROSS JOIN LATERAL (SELECT {FACTS}{fields} \
         FROM person p WHERE p.workspace_id = $1 AND p.record_type = $2 AND p.identity = k.identity LIMIT 1) p"
    )
}

fn all_at_once(conn: &mut Conn, workspace: WorkspaceId, recipe: &Recipe, chunk: &CheckedChunk) -> Result<Known> {
    let Conn::Postgres(postgres) = conn else { unreachable!("dispatched on the connection") };
    let mut known = Known::nobody(chunk.rows.len(), recipe.layout.fields.len());
    let (places, identities): (Vec<usize>, Vec<&str>) = sound_rows(chunk).unzip();
    if identities.is_empty() {
        return Ok(known);
    }
    let record_type = recipe.settings.record_type.code() as i16;
    let rows = postgres.query_raw(&look_up_sql(recipe), &[&workspace.0, &record_type, &identities])?;
    for row in rows {
        let place = places[row.try_get::<_, i64>(0)? as usize - 1];
        known.push(
            place,
            KnownPerson {
                id: PersonId(row.try_get(1)?),
                version: row.try_get(2)?,
                kind: row.try_get::<_, Option<i16>>(3)?.and_then(|kind| Kind::from_code(kind.into())),
                invited: row.try_get(4)?,
                joined: row.try_get(5)?,
                archived: row.try_get(6)?,
                custom: Span::NONE,
                groups: Vec::new(),
                tags: Vec::new(),
            },
        );
        known.push_custom(text(&row.try_get(FACT_COLUMNS)?));
        for (at, field) in recipe.layout.fields.iter().enumerate() {
            let column = FACT_COLUMNS + 1 + at;
            if field.is_number() {
                let Cell::Int(number) = row.try_get(column)? else {
                    known.push_value(None);
                    continue;
                };
                known.push_value(Some(&number.to_string()));
            } else {
                known.push_value(row.try_get(column)?);
            }
        }
    }
    Ok(known)
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// The groups and tags people have, where the import could add some.
fn memberships(conn: &mut Conn, workspace: WorkspaceId, recipe: &Recipe, known: &mut Known) -> Result<()> {
    const GROUPS: &str = "SELECT person_id, grp_id FROM person_grp WHERE workspace_id = $1 AND person_id";
    const TAGS: &str = "SELECT g.person_id, t.name_key FROM person_tag g JOIN tag t \
                        ON t.workspace_id = g.workspace_id AND t.id = g.tag_id WHERE g.workspace_id = $1 AND g.person_id";
    let places: HashMap<i64, Vec<usize>> =
        known.people().iter().enumerate().fold(HashMap::new(), |mut map, (at, p)| {
            map.entry(p.id.0).or_insert_with(Vec::new).push(at);
            map
        });
    let ids: Vec<_> = places.keys().copied().collect();
    if recipe.touches_groups() {
        for row in of_people(conn, GROUPS, workspace, &ids)? {
            for &at in places.get(&row.int(0)?).into_iter().flatten() {
                known.person_mut(at).groups.push(GroupId(row.int(1)?));
            }
        }
    }
    if recipe.touches_tags() {
        for row in of_people(conn, TAGS, workspace, &ids)? {
            for &at in places.get(&row.int(0)?).into_iter().flatten() {
                known.person_mut(at).tags.push(row.text(1)?.into());
            }
        }
    }
    Ok(())
}

/// Differs because SQLite has no arrays.
pub(crate) fn of_people(
    conn: &mut Conn,
    sql: &str,
    workspace: WorkspaceId,
    people: &[i64],
) -> Result<Vec<crate::value::Row>> {
    match conn {
        Conn::Sqlite(sqlite) => {
            let sql = format!("{sql} = $2");
            let mut found = Vec::new();
            for &person in people {
                found.extend(sqlite.query(&sql, &[workspace.0.into(), Value::Int(person)])?);
            }
            Ok(found)
        }
        Conn::Postgres(postgres) => {
            let rows = postgres.query_raw(&format!("{sql} = ANY($2)"), &[&workspace.0, &people])?;
            rows.iter().map(crate::db::postgres::to_row).collect()
        }
    }
}
