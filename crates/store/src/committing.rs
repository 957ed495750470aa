//! The effects of a chunk: people created and changed, memberships, tags, journal, report. Everything here happens in
//! the transaction of the chunk's checkpoint, or not at all.

use std::collections::{HashMap, HashSet};

use convoke_people::id::{Block, ImportId, WorkspaceId};
use convoke_pipeline::plan::{Change, ChunkPlan};
use convoke_pipeline::recipe::Recipe;
use convoke_pipeline::report::ChunkReport;
use convoke_pipeline::stumbling;
use serde_json::{Map, Value as Json};

use crate::db::{Conn, Query, Tx};
use crate::error::{Result, StoreError};
use crate::person_rows;
use crate::secondary_keys::GivenKeys;
use crate::value::Value;

/// What the chunks of one run have in common.
#[derive(Clone, Copy, Debug)]
pub struct RunOf<'r> {
    pub workspace: WorkspaceId,
    pub import: ImportId,
    pub recipe: &'r Recipe,
    /// Ids of new tags are made in it.
    pub process: Block,
}

impl RunOf<'_> {
    /// The block of the import's ids.
    pub fn block(&self) -> Block {
        Block::of(self.import.0)
    }
}

/// Pass of a stored chunk report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Check,
    Run,
}

impl Pass {
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Check => 1,
            Self::Run => 2,
        }
    }
}

/// Writes the effects and the report of a plan. [`StoreError::Stale`] and [`StoreError::Conflict`] mean that people
/// changed since they were looked up: roll back, look up, plan again.
pub fn commit_chunk(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan, report: &ChunkReport) -> Result<()> {
    commit_effects(tx, run, plan)?;
    let mut given = GivenKeys::default();
    given.add(run.recipe, plan);
    given.write(tx, run, plan.chunk.number)?;
    write_report(tx, run.workspace, run.import, Pass::Run, report)
}

/// The effects of a plan without its report and its [list of secondary keys](GivenKeys).
pub fn commit_effects(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<()> {
    let tags = tag_ids(tx, run, plan)?;
    person_rows::create(tx, run, plan)?;
    stumbling::at("write", |cell| plan.creates.iter().any(|c| plan.chunk.identity(c.row as usize) == Some(cell)));
    person_rows::update(tx, run, plan)?;
    join_groups(tx, run, plan)?;
    give_tags(tx, run, plan, &tags)?;
    journal(tx, run, plan, &tags)
}

/// Stores a chunk's report.
pub fn write_report(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    import: ImportId,
    pass: Pass,
    report: &ChunkReport,
) -> Result<()> {
    let (counts, issues) = (serde_json::to_string(&report.counts)?, serde_json::to_string(&report.issues)?);
    if pass == Pass::Check {
        // A check that was cut off is made again; a run never is.
        tx.execute(
            "DELETE FROM import_chunk WHERE workspace_id = $1 AND import_id = $2 AND pass = $3 AND chunk = $4",
            &[workspace.0.into(), import.0.into(), pass.code().into(), i64::from(report.chunk).into()],
        )?;
    }
    tx.execute(
        "INSERT INTO import_chunk (workspace_id, import_id, pass, chunk, first_row, last_row, counts, issues, plan_hash, \
         body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            workspace.0.into(),
            import.0.into(),
            pass.code().into(),
            i64::from(report.chunk).into(),
            i64::from(report.first_row).into(),
            i64::from(report.last_row).into(),
            Value::Text(&counts),
            Value::Text(&issues),
            Value::Bytes(&report.plan_hash.to_be_bytes()),
            Value::Bytes(&report.body),
        ],
    )?;
    Ok(())
}

/// Makes the tags that are missing, in the order of their names so that two imports cannot wait for each other, and
/// gives the ids of all that the plan names.
fn tag_ids(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<HashMap<Box<str>, i64>> {
    let mut ids = HashMap::new();
    let mut names: Vec<_> = plan.tag_names.iter().collect();
    names.sort();
    for (key, name) in names {
        let find = "SELECT id FROM tag WHERE workspace_id = $1 AND name_key = $2";
        let params = [run.workspace.0.into(), Value::Text(key)];
        let found = match tx.query_one(find, &params)? {
            Some(row) => row,
            None => {
                let id = run.process.id(crate::tags::next_in_process());
                tx.execute(
                    "INSERT INTO tag (workspace_id, id, name, name_key) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                    &[run.workspace.0.into(), id.into(), Value::Text(name), Value::Text(key)],
                )?;
                tx.query_one(find, &params)?.ok_or(StoreError::Stale)?
            }
        };
        ids.insert(key.clone(), found.int(0)?);
    }
    Ok(ids)
}

/// A group may have been removed since the import was begun; nobody can be put into it any more.
fn refuse_removed_groups(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<()> {
    if plan.groups.is_empty() {
        return Ok(());
    }
    let there = tx.query("SELECT id FROM grp WHERE workspace_id = $1", &[run.workspace.0.into()])?;
    let there = there.iter().map(|row| row.int(0)).collect::<Result<HashSet<_>>>()?;
    let Some(gone) = plan.groups.iter().find(|join| !there.contains(&join.group.0)) else { return Ok(()) };
    let name = run.recipe.settings.known_groups.iter().find(|group| group.id == gone.group).map(|group| &group.name);
    Err(StoreError::Gone(format!(
        "group {} was removed since the import was begun",
        name.map_or_else(|| gone.group.to_string(), Clone::clone)
    )))
}

fn join_groups(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan) -> Result<()> {
    refuse_removed_groups(tx, run, plan)?;
    let rows = plan
        .groups
        .iter()
        .map(|join| [join.group.0, join.person.0, join.state.code(), run.block().id(join.row), tx.now]);
    let rows: Vec<_> = rows.collect();
    insert_new(tx, run, "person_grp", &["grp_id", "person_id", "state", "origin", "since"], &rows)
}

fn give_tags(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan, tags: &HashMap<Box<str>, i64>) -> Result<()> {
    let rows =
        plan.tags.iter().filter_map(|give| Some([*tags.get(&give.key)?, give.person.0, run.block().id(give.row)]));
    let rows: Vec<_> = rows.collect();
    insert_new(tx, run, "person_tag", &["tag_id", "person_id", "origin"], &rows)
}

/// Inserts rows of numbers where they are missing. Differs because PostgreSQL takes them as arrays.
fn insert_new<const N: usize>(
    tx: &mut Tx<'_>,
    run: &RunOf<'_>,
    table: &str,
    columns: &[&str; N],
    rows: &[[i64; N]],
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let names = columns.join(", ");
    match &mut *tx.conn {
        Conn::Sqlite(conn) => {
            let places: String = (0..N).map(|at| format!(", ?{}", at + 2)).collect();
            let sql = format!("INSERT INTO {table} (workspace_id, {names}) VALUES (?1{places}) ON CONFLICT DO NOTHING");
            let mut statement = conn.conn.prepare_cached(&sql)?;
            statement.raw_bind_parameter(1, run.workspace.0)?;
            for row in rows {
                for (at, value) in row.iter().enumerate() {
                    statement.raw_bind_parameter(at + 2, value)?;
                }
                statement.raw_execute()?;
            }
        }
        Conn::Postgres(conn) => {
            let arrays: Vec<Vec<i64>> = (0..N).map(|at| rows.iter().map(|row| row[at]).collect()).collect();
            let parameters: Vec<_> = (0..N).map(|at| format!("${}::bigint[]", at + 2)).collect();
            let sql = format!(
                "INSERT INTO {table} (workspace_id, {names}) SELECT $1, * FROM unnest({}) ON CONFLICT DO NOTHING",
                parameters.join(", ")
            );
            let mut params: Vec<&(dyn postgres::types::ToSql + Sync)> = vec![&run.workspace.0];
            params.extend(arrays.iter().map(|array| array as &(dyn postgres::types::ToSql + Sync)));
            conn.execute_raw(&sql, &params)?;
        }
    }
    Ok(())
}

fn journal(tx: &mut Tx<'_>, run: &RunOf<'_>, plan: &ChunkPlan, tags: &HashMap<Box<str>, i64>) -> Result<()> {
    if plan.changes.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    let entry = |change: &Change| (run.block().id(change.row), change_json(change, tags));
    match &mut *tx.conn {
        Conn::Sqlite(conn) => {
            let sql = "INSERT INTO change (workspace_id, import_id, at, id, person_id, version, fields) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut statement = conn.conn.prepare_cached(sql)?;
            statement.raw_bind_parameter(1, run.workspace.0)?;
            statement.raw_bind_parameter(2, run.import.0)?;
            statement.raw_bind_parameter(3, now)?;
            for change in &plan.changes {
                let (id, fields) = entry(change);
                statement.raw_bind_parameter(4, id)?;
                statement.raw_bind_parameter(5, change.person.0)?;
                statement.raw_bind_parameter(6, change.version)?;
                statement.raw_bind_parameter(7, fields)?;
                statement.raw_execute()?;
            }
            Ok(())
        }
        Conn::Postgres(conn) => {
            conn.copy("change (workspace_id, import_id, at, id, person_id, version, fields)", |rows| {
                for change in &plan.changes {
                    let (id, fields) = entry(change);
                    rows.row(7)?;
                    rows.bigint(run.workspace.0);
                    rows.bigint(run.import.0);
                    rows.bigint(now);
                    rows.bigint(id);
                    rows.bigint(change.person.0);
                    rows.bigint(change.version);
                    rows.jsonb(Some(&fields));
                }
                Ok(())
            })
        }
    }
}

/// `{"title": ["old", "new"], "+groups": [id, ...], "+tags": [id, ...]}`; ids of tables as numbers.
fn change_json(change: &Change, tags: &HashMap<Box<str>, i64>) -> String {
    let mut json = Map::new();
    for field in &change.fields {
        let side = |value: &Option<Box<str>>| value.as_deref().map_or(Json::Null, Json::from);
        json.insert(field.field.to_string(), Json::from(vec![side(&field.old), side(&field.new)]));
    }
    if !change.groups.is_empty() {
        json.insert("+groups".to_owned(), change.groups.iter().map(|group| group.0).collect());
    }
    if !change.tags.is_empty() {
        json.insert("+tags".to_owned(), change.tags.iter().filter_map(|key| tags.get(key).copied()).collect());
    }
    Json::Object(json).to_string()
}
