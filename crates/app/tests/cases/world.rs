//! A workspace in one of the two databases, and what is true of every import into it: the check writes nothing about
//! people and foretells the run, and the run's journal leads back to where it began.

use std::collections::BTreeMap;
use std::path::Path;

use convoke_app::directory::people::PeopleFilter;
use convoke_app::imports::{ImportOptions, Prepared};
use convoke_app::people::custom::{CustomField, CustomKind};
use convoke_app::people::id::{Block, FieldId, ImportId, PersonId};
use convoke_app::people::person::Kind;
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::issue::Issue;
use convoke_app::pipeline::plan::{Counts, Outcome};
use convoke_app::pipeline::problem::{Problem, ProblemCode};
use convoke_app::pipeline::report::ReportRow;
use convoke_app::store::committing::Pass;
use convoke_app::store::imports::{ImportKind, ImportState, chunk_summaries};
use convoke_app::store::{Access, Address, Store, Value};
use convoke_app::{Error, Files, Limits, Workspace, WorkspaceChoice};
use convoke_testbed::postgres;
use serde_json::Value as Json;

use crate::case;
use crate::elsewhere::is_told_of_others_keys;
use crate::render;
use crate::tables::{Journal, Tables};

/// A database and the folder of its uploads.
pub(crate) enum Database<'d> {
    /// In this folder.
    Sqlite(&'d Path),
    Postgres(&'d postgres::Database<'d>, &'d Path),
}

impl Database<'_> {
    fn open(&self) -> (Store, Files) {
        // Each with files of its own: both give the same names, and nothing is written over.
        let (address, files) = match self {
            Self::Sqlite(folder) => (Address::Sqlite(folder.join("convoke.db")), folder.join("files")),
            Self::Postgres(database, folder) => (Address::parse(&database.url()), folder.join(database.name())),
        };
        let store = Store::open(&address, Access::Write, noon).expect("the database opens");
        (store, Files::new(files))
    }
}

/// 2026-01-01 12:00 UTC: tests have no other time.
fn noon() -> i64 {
    1_767_268_800_000_000
}

pub(crate) struct World {
    pub(crate) workspace: Workspace,
}

/// What an import did, as far as a user is told.
pub(crate) enum Told {
    Done {
        counts: Counts,
        rows: Vec<ReportRow>,
        id: ImportId,
    },
    /// The whole file.
    Refused(Problem),
    /// The request.
    Usage {
        message: String,
        hint: String,
    },
}

impl Told {
    pub(crate) fn created(&self) -> u64 {
        match self {
            Self::Done { counts, .. } => counts.created,
            _ => 0,
        }
    }

    /// As `expected.json` has it.
    pub(crate) fn to_json(&self, world: &World) -> Json {
        match self {
            Self::Done { counts, rows, id } => {
                let names = world.names();
                let rows: Vec<_> = rows.iter().map(|row| render::row(row, *id, &names)).collect();
                serde_json::json!({"counts": counts, "rows": rows})
            }
            Self::Refused(problem) => serde_json::json!({"refused": problem}),
            Self::Usage { message, hint } => serde_json::json!({"usage": message, "hint": hint}),
        }
    }

    fn of_error(error: Error) -> Self {
        match error {
            Error::Refused(problem) => Self::Refused(problem),
            Error::Usage { message, hint } => Self::Usage { message, hint },
            error => panic!("neither file nor request is wrong: {error}"),
        }
    }
}

impl World {
    /// A workspace of this name, which is new unless it was opened before.
    pub(crate) fn open(database: &Database<'_>, name: &str) -> Self {
        let (store, files) = database.open();
        let choice = WorkspaceChoice::Named(name.to_owned());
        let workspace = Workspace::open(store, files, Limits::default(), &choice, Access::Write);
        Self { workspace: workspace.expect("the workspace opens") }
    }

    pub(crate) fn add_group(&self, name: &str) {
        self.workspace.add_group(name, None, None).expect("a group can be made");
    }

    pub(crate) fn add_field(&self, of: RecordType, field: &case::CustomField) {
        let made = self.workspace.add_field(CustomField {
            id: FieldId(0),
            record_type: of,
            name: field.name.clone(),
            kind: CustomKind::parse(&field.kind).expect("a type of custom fields"),
            multiple: field.multiple,
            shown: false,
            options: field.options.clone(),
        });
        made.expect("a custom field can be made");
    }

    /// Writes what no file can: `invited`, `joined`, `archived`, `nominee`.
    pub(crate) fn set_fact(&self, of: RecordType, identity: &str, fact: &str) {
        assert_eq!(self.write_fact(of, identity, fact), 1, "there is no {identity}");
    }

    /// The same for whoever has this identity, if anybody.
    pub(crate) fn set_fact_of_anybody(&self, identity: &str, fact: &str) {
        let types = RecordType::ALL.into_iter().filter(|of| fact != "nominee" || *of == RecordType::Advocate);
        for of in types {
            self.write_fact(of, identity, fact);
        }
    }

    fn write_fact(&self, of: RecordType, identity: &str, fact: &str) -> u64 {
        let (column, value) = match fact {
            "invited" => ("invited_at", noon()),
            "joined" => ("joined_at", noon()),
            "archived" => ("archived_at", noon()),
            "nominee" => ("kind", Kind::Nominee.code()),
            _ => panic!("{fact} is no fact of a person"),
        };
        let key = "workspace_id = $2 AND record_type = $3 AND identity = $4";
        let sql = format!("UPDATE person SET {column} = $1 WHERE {key}");
        let params = [value.into(), self.workspace.id.0.into(), of.code().into(), Value::Text(identity)];
        self.workspace.store.write(|tx| tx.execute(&sql, &params)).expect("a fact can be set")
    }

    pub(crate) fn limit(&mut self, of: RecordType, rows: Option<u64>, bytes: Option<u64>) {
        let limits = &mut self.workspace.limits;
        limits.rows.extend(rows.map(|rows| (of.key(), rows)));
        limits.bytes = bytes.unwrap_or(limits.bytes);
    }

    /// Checks the file, imports it, and holds both to their promises.
    pub(crate) fn import(&self, file: &Path, options: &ImportOptions) -> Told {
        let before = Tables::read(&self.workspace);
        let checked = match self.workspace.prepare(file, options, ImportKind::DryRun) {
            Ok(prepared) => prepared,
            Err(error) => return self.refused(error, file, options, &before),
        };
        let counts = self.workspace.check(&checked, &mut ()).expect("the check ends");
        assert_eq!(Tables::read(&self.workspace), before, "the check wrote about people");

        let run = self.workspace.prepare(file, options, ImportKind::Import).expect("what was checked can be run");
        match self.workspace.run(&run, &mut ()) {
            Ok(state) => assert_eq!(state, ImportState::Completed),
            Err(Error::Refused(problem)) => return self.stopped(problem, &run, &before),
            Err(error) => panic!("the run does not end: {error}"),
        }

        let rows = self.workspace.report_rows(checked.id).expect("the report of the check");
        self.is_as_foretold(&checked, &run, &rows, counts);
        let journal = Journal::of(&self.workspace, run.id);
        journal.is_as_told(&rows);
        let mut undone = Tables::read(&self.workspace);
        let ran = self.workspace.report_rows(run.id).expect("the report of the run");
        is_told_of_others_keys(options.record_type, &rows, &ran, &undone);
        undone.take_back(&journal, run.id);
        assert_eq!(undone, before, "the journal does not lead back");
        Told::Done { counts, rows, id: checked.id }
    }

    /// The stop rule is judged before any row takes effect. Its hint names the import.
    fn stopped(&self, mut problem: Problem, run: &Prepared, before: &Tables) -> Told {
        assert_eq!(problem.code, ProblemCode::StopRule);
        assert_eq!(Tables::read(&self.workspace), *before, "a stopped import changed something");
        let import = self.workspace.find_import(run.id).expect("the import is recorded");
        assert_eq!((import.state, import.counts), (ImportState::Refused, Counts::default()));
        problem.hint = problem.hint.replace(&run.id.to_string(), "imp_...");
        Told::Refused(problem)
    }

    /// A refusal comes from check and run alike, and nothing happened.
    fn refused(&self, error: Error, file: &Path, options: &ImportOptions, before: &Tables) -> Told {
        let run = self.workspace.prepare(file, options, ImportKind::Import).err().expect("the run is refused too");
        assert_eq!(run.to_string(), error.to_string());
        assert_eq!(Tables::read(&self.workspace), *before, "a refused file changed something");
        Told::of_error(error)
    }

    /// The check foretold the run: counts, every row, and the hash of every chunk's plan.
    fn is_as_foretold(&self, checked: &Prepared, run: &Prepared, rows: &[ReportRow], counts: Counts) {
        let workspace = &self.workspace;
        for (prepared, what) in [(checked, "check"), (run, "run")] {
            let import = workspace.find_import(prepared.id).expect("the import is recorded");
            assert_eq!((import.state, import.counts), (ImportState::Completed, counts), "{what}");
            assert_eq!(import.total, counts.processed(), "{what}: every row has an outcome");
        }
        let ran = workspace.report_rows(run.id).expect("the report of the run");
        assert_eq!(fates(&ran, run.id), fates(rows, checked.id), "the check did not foretell the run");
        let hashes = |id, pass| {
            let chunks = workspace.store.read(|r| chunk_summaries(r, workspace.id, id, pass)).expect("the chunks");
            chunks
                .into_iter()
                .map(|chunk| (chunk.chunk, chunk.counts, chunk.issues, chunk.plan_hash))
                .collect::<Vec<_>>()
        };
        assert_eq!(hashes(run.id, Pass::Run), hashes(checked.id, Pass::Check), "the plans differ");
    }

    /// Ids as they are told, and the names behind them.
    fn names(&self) -> BTreeMap<String, String> {
        let fields = self.workspace.fields(None).expect("the custom fields");
        let groups = self.workspace.groups().expect("the groups");
        let fields = fields.into_iter().map(|field| (field.id.to_string(), field.name));
        fields.chain(groups.into_iter().map(|group| (group.id.to_string(), group.name))).collect()
    }

    /// Everybody, by record type and identity.
    pub(crate) fn people(&self) -> Vec<Json> {
        let fields = self.workspace.fields(None).expect("the custom fields");
        let mut people = Vec::new();
        for of in RecordType::ALL {
            let mut some = BTreeMap::new();
            let take = |person: &convoke_app::store::people::Person| {
                some.insert(person.identity.clone(), render::person(person, &fields));
                Ok(())
            };
            self.workspace.each_person(of, &PeopleFilter::default(), take).expect("the people can be read");
            people.extend(some.into_values());
        }
        people
    }

    /// The names of all tags.
    pub(crate) fn tags(&self) -> Vec<String> {
        self.workspace.tags().expect("the tags").iter().map(|tag| render::short(&tag.name)).collect()
    }
}

/// Row, outcome, issues; a known person by its id, one that the import makes by the row that makes it.
type Fate<'r> = (u32, Outcome, Option<(bool, i64)>, &'r [Issue]);

/// What two imports of the same file can be compared by.
fn fates(rows: &[ReportRow], id: ImportId) -> Vec<Fate<'_>> {
    let person = |person: PersonId| match Block::of(person.0) == Block::of(id.0) {
        true => (true, person.0 & 0xFFFF_FFFF),
        false => (false, person.0),
    };
    rows.iter().map(|row| (row.row, row.outcome, row.person.map(person), row.issues.as_slice())).collect()
}
