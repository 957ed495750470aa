//! Rows that the database itself refuses, for a reason no check can know: only the guilty row fails, its neighbours
//! stand, whatever chunk it is in.

use std::io::BufWriter;

use convoke_app::imports::ImportOptions;
use convoke_app::people::custom::{CustomField, CustomKind};
use convoke_app::people::id::FieldId;
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::issue::IssueCode;
use convoke_app::pipeline::plan::Outcome;
use convoke_app::store::imports::{ImportKind, ImportState};
use convoke_app::store::{Access, Address, Store};
use convoke_app::{Files, Limits, Workspace, WorkspaceChoice};
use convoke_testbed::people::Advocates;
use convoke_testbed::postgres::Postgres;

fn clock() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "leases are about real time")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as i64)
}

fn workspace(address: &Address, files: &std::path::Path) -> Workspace {
    let store = Store::open(address, Access::Write, clock).expect("a database");
    let workspace = Workspace::open(store, Files::new(files), Limits::default(), &WorkspaceChoice::Only, Access::Write);
    let workspace = workspace.expect("a workspace");
    for name in ["Interests", "Regions"] {
        let field = CustomField {
            id: FieldId(0),
            record_type: RecordType::Advocate,
            name: name.to_owned(),
            kind: CustomKind::Text,
            multiple: true,
            shown: false,
            options: Vec::new(),
        };
        workspace.add_field(field).expect("a custom field");
    }
    workspace
}

/// Imports into a group that is removed before the run begins.
fn import_into_a_removed_group(address: &Address) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("people.csv");
    std::fs::write(&path, "Name,Email\nAnna Lee,anna@example.com\n").expect("a file");
    let workspace = workspace(address, &folder.path().join("files"));
    workspace.add_group("Launch", None, None).expect("a group");
    let options = ImportOptions { groups: vec!["launch".to_owned()], ..ImportOptions::new(RecordType::Advocate) };
    let prepared = workspace.prepare(&path, &options, ImportKind::Import).expect("the file is accepted");
    workspace.remove_group("Launch").expect("removed");
    let refused = workspace.run(&prepared, &mut ()).expect_err("the group is gone");
    assert!(refused.to_string().contains("group Launch was removed"), "{refused}");
    let import = workspace.find_import(prepared.id).expect("the import");
    assert_eq!(import.state, ImportState::Paused);
    assert_eq!(import.counts.processed(), 0);
    assert!(import.problem.is_some_and(|problem| problem.contains("Launch")));
}

#[test]
fn sqlite_an_import_into_a_removed_group_pauses_and_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    import_into_a_removed_group(&Address::Sqlite(folder.path().join("convoke.db")));
}

#[test]
fn postgres_an_import_into_a_removed_group_pauses_and_says_so() {
    if !convoke_testbed::is_quick() {
        import_into_a_removed_group(&Address::Postgres(Postgres::shared().database().url()));
    }
}

/// Imports 25,000 rows, of which the database refuses the person of the given row, and says what became of them.
fn import_with_a_poisoned_row(address: &Address, row: u32, poison: impl Fn(&Workspace, &str)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("people.csv");
    let people = Advocates { clean: true, ..Advocates::new(25_000) };
    let written = people.write(&mut BufWriter::new(std::fs::File::create(&path).expect("a file"))).expect("written");
    let text = std::fs::read_to_string(&path).expect("the file");
    let guilty = text.lines().nth(row as usize - 1).and_then(|line| line.split(',').nth(1)).expect("an address");
    let workspace = workspace(address, &folder.path().join("files"));
    poison(&workspace, guilty);
    let prepared = workspace.prepare(&path, &ImportOptions::new(RecordType::Advocate), ImportKind::Import);
    let prepared = prepared.expect("the file is accepted");
    let state = workspace.run(&prepared, &mut ()).expect("the import ends");
    assert_eq!(state, ImportState::Completed);
    let report = workspace.report(prepared.id).expect("a report");
    assert_eq!(report.import.counts.failed, 1);
    assert_eq!(report.import.counts.created, written.rows - 1);
    assert_eq!(report.import.not_processed(), 0);
    let rows = workspace.report_rows(prepared.id).expect("rows");
    let failed: Vec<_> = rows.iter().filter(|row| row.outcome == Outcome::Failed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].row, row);
    assert_eq!(failed[0].issues[0].code, IssueCode::RowRefused);
}

fn on_sqlite(row: u32) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = Address::Sqlite(folder.path().join("convoke.db"));
    import_with_a_poisoned_row(&address, row, |workspace, guilty| {
        let sql = format!(
            "CREATE TRIGGER poison BEFORE INSERT ON person WHEN NEW.identity = '{guilty}' \
             BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
        );
        workspace.store.write(|tx| tx.execute(&sql, &[])).expect("a trigger");
    });
}

fn on_postgres(row: u32) {
    if convoke_testbed::is_quick() {
        return;
    }
    let database = Postgres::shared().database();
    import_with_a_poisoned_row(&Address::Postgres(database.url()), row, |_, guilty| {
        database.psql(&format!(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$; \
             CREATE TRIGGER poison BEFORE INSERT ON person FOR EACH ROW WHEN (NEW.identity = '{guilty}') \
             EXECUTE FUNCTION poison()"
        ));
    });
}

#[test]
fn sqlite_a_refused_row_in_the_first_chunk_fails_alone() {
    on_sqlite(7);
}

#[test]
fn sqlite_a_refused_row_in_a_later_chunk_fails_alone() {
    on_sqlite(15_000);
}

#[test]
fn postgres_a_refused_row_in_the_first_chunk_fails_alone() {
    on_postgres(7);
}

#[test]
fn postgres_a_refused_row_in_a_later_chunk_fails_alone() {
    on_postgres(15_000);
}

#[test]
fn an_upload_that_cannot_be_recorded_does_not_stay_behind() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, files) = (folder.path().join("people.csv"), folder.path().join("files"));
    std::fs::write(&path, "Name,Email\nAnna Lee,anna@example.com\n").expect("a file");
    let workspace = workspace(&Address::Sqlite(folder.path().join("convoke.db")), &files);
    let poison = "CREATE TRIGGER poison BEFORE INSERT ON import BEGIN SELECT RAISE(ABORT, 'poisoned'); END";
    workspace.store.write(|tx| tx.execute(poison, &[])).expect("a trigger");
    let refused = workspace.prepare(&path, &ImportOptions::new(RecordType::Advocate), ImportKind::Import).err();
    assert!(refused.is_some(), "the import was recorded");
    let kept = std::fs::read_dir(files.join("1")).expect("the workspace's folder").count();
    assert_eq!(kept, 0, "the copied upload stays behind");
}
