//! Files that Convoke gives back: the original byte for byte, results and errors that its own import takes, an export
//! that changes nobody.

use std::fs;
use std::path::{Path, PathBuf};

use convoke_app::directory::people::PeopleFilter;
use convoke_app::imports::ImportOptions;
use convoke_app::people::id::ImportId;
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::results::Selection;
use convoke_app::store::imports::{ImportKind, ImportState};
use convoke_testbed::is_quick;
use convoke_testbed::postgres::Postgres;

use crate::world::{Database, Told, World};

/// Formulas, quotes, line breaks, bad rows, repeats, a footer, an unknown group, cells to spare.
const FILE: &str = "Name,Email,Title,Group,Tags\r\n=1+1,ada@example.com,@boss,Lunch,\"vip, new\"\r\n\
    \"Bea \"\"B\"\" Made-Up\",bea@example.com,\"two\r\nlines\",,\r\nCy,broken,+1,,\r\n\
    Dee,dee@example.com,,Nowhere,\r\n-Ada,ADA@example.com,-5,Dinner,\r\n\r\nTotal: 5\r\n'quoted,eve@example.com,'=2,,\r\n";

struct Given {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Given {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("people.csv");
        fs::write(&path, bytes).expect("a file");
        Self { _folder: folder, path }
    }
}

fn on_both(test: impl Fn(&World)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let with_groups = |database: &Database<'_>| {
        let world = World::open(database, "files back");
        ["Lunch", "Dinner"].into_iter().for_each(|group| world.add_group(group));
        test(&world);
    };
    with_groups(&Database::Sqlite(folder.path()));
    if !is_quick() {
        let database = Postgres::shared().database();
        with_groups(&Database::Postgres(&database, folder.path()));
    }
}

fn options() -> ImportOptions {
    ImportOptions::new(RecordType::Advocate)
}

/// `created updated unchanged skipped failed`
fn counts(told: &Told) -> String {
    let Told::Done { counts, .. } = told else { panic!("the file was refused") };
    format!("{} {} {} {} {}", counts.created, counts.updated, counts.unchanged, counts.skipped, counts.failed)
}

fn run(world: &World, path: &Path) -> ImportId {
    let prepared = world.workspace.prepare(path, &options(), ImportKind::Import).expect("the file is taken");
    assert_eq!(world.workspace.run(&prepared, &mut ()).expect("it runs"), ImportState::Completed);
    prepared.id
}

fn results(world: &World, id: ImportId, selection: Selection) -> String {
    let mut file = Vec::new();
    world.workspace.write_results(id, selection, &mut file).expect("the file is written");
    String::from_utf8(file).expect("UTF-8")
}

#[test]
fn the_original_comes_back_byte_for_byte() {
    on_both(|world| {
        let file = [b"\xEF\xBB\xBF", FILE.as_bytes(), b"J\xF6rg,joerg@example.com,,,\n\n"].concat();
        let id = run(world, &Given::new(&file).path);
        let mut back = Vec::new();
        let upload = world.workspace.write_original(id, &mut back).expect("the original is there");
        assert!(back == file);
        assert_eq!((upload.name.as_str(), upload.size_bytes), ("people.csv", file.len() as u64));
    });
}

#[test]
fn results_show_every_row_and_no_formula() {
    on_both(|world| {
        let id = run(world, &Given::new(FILE.as_bytes()).path);
        let people: Vec<_> = world.workspace.report_rows(id).expect("the rows").iter().map(|row| row.person).collect();
        let person = |at: usize| people[at].expect("a person").to_string();
        let (ada, bea, eve) = (person(0), person(1), person(6));
        let expected = format!(
            "Name,Email,Title,Group,Tags,row,outcome,person id,matched account,messages\r\n\
             '=1+1,ada@example.com,'@boss,Lunch,\"vip, new\",2,created,{ada},,\r\n\
             \"Bea \"\"B\"\" Made-Up\",bea@example.com,\"two\r\nlines\",,,3,created,{bea},,\r\n\
             Cy,broken,'+1,,,4,failed,,,Email: Email is invalid [Correct the address (there is no @).]\r\n\
             Dee,dee@example.com,,Nowhere,,5,failed,,,\"Group: Group Nowhere does not exist [Create the group first, or correct its \
             name; an import creates no groups.]\"\r\n\
             '-Ada,ADA@example.com,'-5,Dinner,,6,updated,{ada},,Duplicate of row 2\r\n\
             Total: 5,,,,,8,skipped,,,Not a contact\r\n\
             'quoted,eve@example.com,'=2,,,9,created,{eve},,\r\n"
        );
        assert_eq!(results(world, id, Selection::All), expected);
        assert_eq!(results(world, id, Selection::NotProcessed).lines().count(), 1);
    });
}

#[test]
fn results_imported_again_change_nobody() {
    on_both(|world| {
        let first = Given::new(FILE.as_bytes());
        let id = run(world, &first.path);
        let before = world.people();
        let again = Given::new(results(world, id, Selection::All).as_bytes());
        // Row 2 is unchanged, and so is its repeat: fill leaves what the first import wrote.
        assert_eq!(counts(&world.import(&again.path, &options())), "0 0 4 1 2");
        assert_eq!(world.people(), before);
        let id = run(world, &again.path);
        let third = Given::new(results(world, id, Selection::All).as_bytes());
        assert_eq!(counts(&world.import(&third.path, &options())), "0 0 4 1 2");
        assert_eq!(world.people(), before);
    });
}

#[test]
fn the_errors_corrected_are_imported() {
    on_both(|world| {
        let id = run(world, &Given::new(FILE.as_bytes()).path);
        let errors = results(world, id, Selection::Failed);
        assert_eq!(errors.lines().count(), 3, "{errors}");
        let corrected = errors.replace("broken", "cy@example.com").replace(",Nowhere,", ",Lunch,");
        let corrected = Given::new(corrected.as_bytes());
        assert_eq!(counts(&world.import(&corrected.path, &options())), "2 0 0 0 0");
        let told = world.people().iter().map(ToString::to_string).collect::<String>();
        assert!(
            told.contains(r#""identity":"cy@example.com","name":"Cy","email":"cy@example.com","title":"+1""#),
            "{told}"
        );
    });
}

#[test]
fn an_export_imported_again_changes_nobody() {
    on_both(|world| {
        run(world, &Given::new(FILE.as_bytes()).path);
        let before = world.people();
        let mut export = Vec::new();
        world
            .workspace
            .export_csv(RecordType::Advocate, &PeopleFilter::default(), &mut export)
            .expect("the export is written");
        let told = world.import(&Given::new(&export).path, &options());
        // Somebody in two groups takes two rows.
        assert_eq!(counts(&told), "0 0 4 0 0");
        assert_eq!(world.people(), before);
    });
}

#[test]
fn the_same_content_is_recognised() {
    on_both(|world| {
        let file = Given::new(FILE.as_bytes());
        let dry = world.workspace.prepare(&file.path, &options(), ImportKind::DryRun).expect("the file is taken");
        assert_eq!(dry.same_as, None);
        let first = run(world, &file.path);
        let second = world.workspace.prepare(&file.path, &options(), ImportKind::Import).expect("the file is taken");
        assert_eq!(second.same_as, Some(first));
    });
}

#[test]
fn templates_are_imported_as_they_are_and_make_nobody() {
    on_both(|world| {
        for of in RecordType::ALL {
            let mut template = Vec::new();
            world.workspace.write_template(of, &mut template).expect("the template is written");
            let told = world.import(&Given::new(&template).path, &ImportOptions::new(of));
            assert_eq!(counts(&told), "0 0 0 1 0", "{}", of.key());
        }
    });
}
