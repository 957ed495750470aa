//! The rows of `person` that a chunk writes: created people in bulk, changed ones by the version that was seen.

use convoke_people::field::Field;
use convoke_people::person::{Source, Stage};
use convoke_people::record_type::RecordType;
use convoke_pipeline::plan::{ChunkPlan, Create};

use crate::committing::RunOf;
use crate::db::postgres::{CopyRows, PgConn};
use crate::db::sqlite::SqliteConn;
use crate::db::{Conn, Tx};
use crate::error::{Result, StoreError};
use crate::matching::column;

/// Columns of a created person that are the same for all of an import, and their values.
fn constants(run: &RunOf<'_>, now: i64) -> [(&'static str, Option<i64>); 7] {
    let settings = &run.recipe.settings;
    let stage = (settings.record_type == RecordType::Prospect).then(|| Stage::New.code());
    [
        ("workspace_id", Some(run.workspace.0)),
        ("record_type", Some(settings.record_type.code())),
        ("kind", settings.kind.map(|kind| kind.code())),
        ("stage", stage),
        ("source", Some(Source::CsvImport.code())),
        ("created_at", Some(now)),
        ("updated_at", Some(now)),
    ]
}

const BIGINT_CONSTANTS: [&str; 3] = ["workspace_id", "created_at", "updated_at"];

/// Writes created people.
pub(crate) fn create(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<()> {
    if plan.creates.is_empty() {
        return Ok(());
    }
    let constants = constants(run, tx.now);
    let fields = &run.recipe.layout.fields;
    let mut columns: Vec<_> = constants.iter().map(|(name, _)| *name).collect();
    columns.extend(["id", "identity", "version", "custom"]);
    columns.extend(fields.iter().map(|field| column(*field)));
    match &mut *tx.conn {
        Conn::Sqlite(conn) => {
            let places: Vec<_> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
            let others = columns[1..].join(",");
            let sql = format!("INSERT INTO person (workspace_id,{others}) VALUES ({})", places.join(","));
            let mut statement = conn.conn.prepare_cached(&sql)?;
            // Bindings stay from row to row: what is the same for all is bound once.
            for (at, (_, value)) in constants.iter().enumerate() {
                statement.raw_bind_parameter(at + 1, value)?;
            }
            for person in &plan.creates {
                let mut at = constants.len();
                let mut next = || {
                    at += 1;
                    at
                };
                statement.raw_bind_parameter(next(), person.id.0)?;
                statement.raw_bind_parameter(next(), plan.chunk.identity(person.row as usize))?;
                statement.raw_bind_parameter(next(), version(person))?;
                statement.raw_bind_parameter(next(), custom(plan, person))?;
                for (slot, field) in fields.iter().enumerate() {
                    let value = created_value(plan, person, slot);
                    if field.is_number() {
                        statement.raw_bind_parameter(next(), number(value))?;
                    } else {
                        statement.raw_bind_parameter(next(), value)?;
                    }
                }
                statement.raw_execute()?;
            }
            Ok(())
        }
        Conn::Postgres(conn) => conn.copy(&format!("person ({})", columns.join(",")), |rows| {
            for person in &plan.creates {
                rows.row(columns.len() as i16)?;
                for (name, value) in &constants {
                    match value {
                        None => rows.null(),
                        Some(value) if BIGINT_CONSTANTS.contains(name) => rows.bigint(*value),
                        Some(value) => rows.smallint(*value as i16),
                    }
                }
                rows.bigint(person.id.0);
                rows.text(plan.chunk.identity(person.row as usize));
                rows.bigint(version(person));
                rows.text(custom(plan, person));
                for (slot, field) in fields.iter().enumerate() {
                    copy_field(rows, *field, created_value(plan, person, slot));
                }
            }
            Ok(())
        }),
    }
}

fn copy_field(rows: &mut CopyRows<'_>, field: Field, value: Option<&str>) {
    match (field, number(value)) {
        (Field::Platform, Some(code)) => rows.smallint(code as i16),
        (Field::Followers | Field::EngagementRate, Some(count)) => rows.bigint(count),
        (field, _) if field.is_number() => rows.null(),
        _ => rows.text(value),
    }
}

fn number(value: Option<&str>) -> Option<i64> {
    value.and_then(|digits| digits.parse().ok())
}

fn version(person: &Create) -> i64 {
    person.folded.as_ref().map_or(1, |state| state.version)
}

fn custom<'p>(plan: &'p ChunkPlan, person: &'p Create) -> Option<&'p str> {
    match &person.folded {
        Some(state) => state.custom.as_deref(),
        None => plan.chunk.text(plan.chunk.rows[person.row as usize].custom),
    }
}

fn created_value<'p>(plan: &'p ChunkPlan, person: &'p Create, slot: usize) -> Option<&'p str> {
    match &person.folded {
        Some(state) => state.values[slot].as_deref(),
        None => plan.chunk.value(person.row as usize, slot),
    }
}

/// The columns that differ for somebody in a chunk.
struct Changed {
    /// Places of standard fields in the layout.
    slots: Vec<usize>,
    custom: bool,
    kind: bool,
}

impl Changed {
    fn of(run: &RunOf<'_>, plan: &ChunkPlan) -> Self {
        let mask = plan.updates.iter().fold(0, |mask, update| mask | update.changed_fields);
        Self {
            slots: (0..run.recipe.layout.fields.len()).filter(|slot| mask & (1 << slot) != 0).collect(),
            custom: plan.updates.iter().any(|update| update.custom_changed),
            kind: plan.updates.iter().any(|update| update.kind_changed),
        }
    }
}

/// Writes changed people. Only columns that differ for somebody in this chunk are written, never a key.
pub(crate) fn update(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<()> {
    if plan.updates.is_empty() {
        return Ok(());
    }
    let changed = Changed::of(run, plan);
    let now = tx.now;
    let written = match &mut *tx.conn {
        Conn::Sqlite(conn) => update_one_by_one(conn, now, run, plan, &changed)?,
        Conn::Postgres(conn) => update_all_at_once(conn, now, run, plan, &changed)?,
    };
    if written == plan.updates.len() as u64 { Ok(()) } else { Err(StoreError::Stale) }
}

fn update_one_by_one(
    conn: &mut SqliteConn,
    now: i64,
    run: &RunOf<'_>,
    plan: &ChunkPlan,
    changed: &Changed,
) -> Result<u64> {
    let fields = &run.recipe.layout.fields;
    let mut columns: Vec<_> = changed.slots.iter().map(|slot| column(fields[*slot])).collect();
    columns.extend(changed.custom.then_some("custom"));
    columns.extend(changed.kind.then_some("kind"));
    let sets: Vec<_> = columns.iter().enumerate().map(|(at, name)| format!("{name} = ?{}", at + 6)).collect();
    let comma = if sets.is_empty() { "" } else { ", " };
    let sql = format!(
        "UPDATE person SET version = ?4, updated_at = ?5{comma}{} WHERE id = ?1 AND workspace_id = ?2 AND version = ?3",
        sets.join(", ")
    );
    let mut statement = conn.conn.prepare_cached(&sql)?;
    statement.raw_bind_parameter(2, run.workspace.0)?;
    statement.raw_bind_parameter(5, now)?;
    let mut written = 0;
    for update in &plan.updates {
        let state = &update.state;
        statement.raw_bind_parameter(1, state.id.0)?;
        statement.raw_bind_parameter(3, update.seen_version)?;
        statement.raw_bind_parameter(4, state.version)?;
        let mut at = 6;
        for &slot in &changed.slots {
            let value = state.values[slot].as_deref();
            if fields[slot].is_number() {
                statement.raw_bind_parameter(at, number(value))?;
            } else {
                statement.raw_bind_parameter(at, value)?;
            }
            at += 1;
        }
        if changed.custom {
            statement.raw_bind_parameter(at, state.custom.as_deref())?;
            at += 1;
        }
        if changed.kind {
            statement.raw_bind_parameter(at, state.kind.map(|kind| kind.code()))?;
        }
        written += statement.raw_execute()? as u64;
    }
    Ok(written)
}

/// Differs because one statement over arrays spares a round trip a person.
fn update_all_at_once(
    conn: &mut PgConn,
    now: i64,
    run: &RunOf<'_>,
    plan: &ChunkPlan,
    changed: &Changed,
) -> Result<u64> {
    let fields = &run.recipe.layout.fields;
    let people = || plan.updates.iter().map(|u| &u.state);
    let ids: Vec<i64> = people().map(|state| state.id.0).collect();
    let seen: Vec<i64> = plan.updates.iter().map(|u| u.seen_version).collect();
    let versions: Vec<i64> = people().map(|state| state.version).collect();
    let mut sets = Vec::new();
    let mut arrays: Vec<Vec<Option<&str>>> = Vec::new();
    for &slot in &changed.slots {
        let cast = match fields[slot] {
            field if !field.is_number() => "",
            Field::Platform => "::smallint",
            _ => "::bigint",
        };
        sets.push((column(fields[slot]), cast));
        arrays.push(people().map(|state| state.values[slot].as_deref()).collect());
    }
    if changed.custom {
        sets.push(("custom", ""));
        arrays.push(people().map(|state| state.custom.as_deref()).collect());
    }
    let kinds: Vec<Option<String>> = people().map(|state| state.kind.map(|kind| kind.code().to_string())).collect();
    if changed.kind {
        sets.push(("kind", "::smallint"));
        arrays.push(kinds.iter().map(Option::as_deref).collect());
    }
    let assignments: String =
        sets.iter().enumerate().map(|(at, (name, cast))| format!(", {name} = n.c{at}{cast}")).collect();
    let parameters: String = (0..sets.len()).map(|at| format!(", ${}::text[]", at + 6)).collect();
    let names: String = (0..sets.len()).map(|at| format!(", c{at}")).collect();
    let sql = format!(
        "UPDATE person p SET version = n.version, updated_at = $2{assignments} FROM unnest($3::bigint[], $4::bigint[], \
         $5::bigint[]{parameters}) n(id, seen, version{names}) WHERE p.id = n.id AND p.workspace_id = $1 AND p.version = n.seen"
    );
    let mut params: Vec<&(dyn postgres::types::ToSql + Sync)> = vec![&run.workspace.0, &now, &ids, &seen, &versions];
    params.extend(arrays.iter().map(|array| array as &(dyn postgres::types::ToSql + Sync)));
    conn.execute_raw(&sql, &params)
}
