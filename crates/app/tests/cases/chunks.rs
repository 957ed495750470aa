//! Files of several chunks: what an earlier chunk did to a person must be known to a later one, in the check as in
//! the run. Ten thousand records make a chunk, so these files are made here.

use std::fs;
use std::path::Path;

use convoke_app::imports::ImportOptions;
use convoke_app::people::record_type::{OnMatch, RecordType};
use convoke_app::pipeline::issue::{Issue, IssueCode};
use convoke_app::pipeline::problem::ProblemCode;
use convoke_testbed::is_quick;
use convoke_testbed::people::{Advocates, Creators, Prospects};
use convoke_testbed::postgres::Postgres;

use crate::case;
use crate::files;
use crate::world::{Database, Told, World};

/// Rows behind which a repeat meets its first row in another chunk, whatever repeats do.
const ROWS: u64 = 25_500;

fn on_both(test: impl Fn(&Database<'_>)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    test(&Database::Sqlite(folder.path()));
    if !is_quick() {
        let database = Postgres::shared().database();
        test(&Database::Postgres(&database, folder.path()));
    }
}

fn counts(told: &Told) -> [u64; 5] {
    let Told::Done { counts, .. } = told else { panic!("the file was refused") };
    [counts.created, counts.updated, counts.unchanged, counts.skipped, counts.failed]
}

/// A file in `folder`, and what was written to it.
fn written<T>(folder: &Path, write: impl FnOnce(&mut fs::File) -> std::io::Result<T>) -> (std::path::PathBuf, T) {
    let path = folder.join("people.csv");
    let mut file = fs::File::create(&path).expect("a file");
    let told = write(&mut file).expect("the people are written");
    (path, told)
}

#[test]
fn advocates_of_several_chunks_are_checked_as_they_are_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, written) = written(folder.path(), |file| Advocates::new(ROWS).write(file));
    on_both(|database| {
        let world = World::open(database, "advocates");
        for name in ["Interests", "Regions"] {
            let field = case::CustomField {
                name: name.to_owned(),
                kind: "text".to_owned(),
                multiple: true,
                options: Vec::new(),
                of: None,
            };
            world.add_field(RecordType::Advocate, &field);
        }
        let options = ImportOptions { tags: vec!["batch".to_owned()], ..ImportOptions::new(RecordType::Advocate) };
        let [created, updated, unchanged, skipped, failed] = counts(&world.import(&path, &options));
        assert_eq!((created, updated + unchanged), (written.accepted, written.repeats));
        assert_eq!((skipped, failed), (0, written.bad));
        let [created, _, _, _, failed] = counts(&world.import(&path, &options));
        assert_eq!((created, failed), (0, written.bad), "a second time nobody is made");
    });
}

#[test]
fn groups_of_prospects_add_up_over_chunks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let groups = ["Lunch", "Dinner", "Supper"];
    let (path, written) = written(folder.path(), |file| Prospects::new(ROWS, &groups).write(file));
    on_both(|database| {
        let world = World::open(database, "prospects");
        groups.iter().for_each(|group| world.add_group(group));
        let options = ImportOptions::new(RecordType::Prospect);
        let [created, updated, unchanged, skipped, failed] = counts(&world.import(&path, &options));
        assert_eq!((created, updated + skipped), (written.accepted, written.repeats));
        assert_eq!((unchanged, failed), (0, written.bad));
        // Every first row of a person adds nothing now, and so does every other.
        let [created, updated, unchanged, skipped, _] = counts(&world.import(&path, &options));
        assert_eq!((created, updated, unchanged, skipped), (0, 0, written.accepted, written.repeats));
    });
}

#[test]
fn creators_of_several_chunks_are_skipped_or_merged_as_asked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, written) = written(folder.path(), |file| Creators::new(ROWS).write(file));
    on_both(|database| {
        let world = World::open(database, "creators");
        let options = ImportOptions { tag_duplicates: true, ..ImportOptions::new(RecordType::Creator) };
        let told = world.import(&path, &options);
        assert_eq!(counts(&told), [written.accepted, 0, 0, written.repeats, written.bad]);
        let merge = ImportOptions { on_match: Some(OnMatch::Merge), ..options };
        let [created, updated, unchanged, skipped, failed] = counts(&world.import(&path, &merge));
        assert_eq!((created, skipped, failed), (0, 0, written.bad));
        assert_eq!(updated + unchanged, written.accepted + written.repeats);
    });
}

#[test]
fn fifty_thousand_creators_pass_and_one_more_refuses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("people.csv");
    let file = |rows: usize| "Platform,Handle\n".to_owned() + &"Instagram,made.up\n".repeat(rows);
    on_both(|database| {
        let world = World::open(database, "limits");
        let options = ImportOptions::new(RecordType::Creator);
        fs::write(&path, file(50_001)).expect("a file");
        let Told::Refused(problem) = world.import(&path, &options) else { panic!("the file was taken") };
        assert_eq!(problem.code, ProblemCode::TooManyRows);
        assert_eq!(problem.message, "The file has 50001 rows; the limit for creators is 50000");
        fs::write(&path, file(50_000)).expect("a file");
        assert_eq!(counts(&world.import(&path, &options)), [1, 0, 0, 49_999, 0]);
    });
    assert_eq!(RecordType::Prospect.default_row_limit(), 1_000_000);
    assert_eq!(RecordType::Advocate.default_row_limit(), 1_000_000);
}

/// One person in three chunks, among people who come once: only a group changes, then a tag, then nothing.
#[test]
fn a_group_or_tag_of_an_earlier_chunk_is_there_in_a_later_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let row = |at: usize| -> Vec<String> {
        let cells = match at {
            5 => ["Ada", "ada@example.com", "Lunch", ""],
            11_000 | 15_000 | 27_000 => ["Ada", "ada@example.com", "lunch", "late"],
            22_000 => ["Ada", "ADA@example.com", "Dinner", "LATE"],
            _ => return vec![format!("No. {at}"), format!("p{at}@example.com"), String::new(), String::new()],
        };
        cells.map(str::to_owned).to_vec()
    };
    let header = ["Name", "Email", "Group", "Tags"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(header).chain((2..=29_000).map(row)).collect();
    let path = folder.path().join("people.csv");
    fs::write(&path, files::csv(&rows)).expect("the people are written");
    on_both(|database| {
        for name in ["empty", "ada is there"] {
            let world = World::open(database, name);
            ["Lunch", "Dinner"].into_iter().for_each(|group| world.add_group(group));
            let options = ImportOptions::new(RecordType::Prospect);
            if name != "empty" {
                let known = folder.path().join("known.csv");
                fs::write(&known, "Name,Email\nAda,ada@example.com\n").expect("a file");
                world.import(&known, &options);
            }
            // Row 11,000 adds a tag, 22,000 a group; 15,000 and 27,000 nothing.
            let first = u64::from(name == "empty");
            assert_eq!(counts(&world.import(&path, &options)), [28_994 + first, 3 - first, 0, 2, 0]);
        }
    });
}

/// Keys that go from one person to another in the same chunk, in the next, and three chunks later; and one that goes back.
#[test]
fn a_key_of_an_earlier_chunk_is_somebody_elses_in_a_later_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let row = |at: usize| -> Vec<String> {
        let cells = match at {
            // Known: holds 003A, loses it.
            5 => ["Ada", "ada@example.com", "003N"],
            // Made here; row 10,500 makes nobody new of her.
            6 => ["Bea", "bea@example.com", "003B"],
            10_500 => ["Bea", "BEA@example.com", "003B"],
            // Warned of: Bea has it.
            9_000 | 15_000 => return vec![format!("No. {at}"), format!("p{at}@example.com"), "003B".to_owned()],
            // Free since row 5, then taken by row 11,000.
            11_000 | 22_000 => return vec![format!("No. {at}"), format!("p{at}@example.com"), "003A".to_owned()],
            // Row 11,000 lets it go.
            28_000 => ["No. 11000", "p11000@example.com", "003Z"],
            28_500 => ["No. 22000", "p22000@example.com", "003Y"],
            28_900 => ["Eve", "eve@example.com", "003A"],
            _ => return vec![format!("No. {at}"), format!("p{at}@example.com"), format!("id-{at}")],
        };
        cells.map(str::to_owned).to_vec()
    };
    let header = ["Name", "Email", "Salesforce ID"].map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(header).chain((2..=29_000).map(row)).collect();
    let path = folder.path().join("people.csv");
    fs::write(&path, files::csv(&rows)).expect("the people are written");
    on_both(|database| {
        let world = World::open(database, "keys");
        let known = folder.path().join("known.csv");
        fs::write(&known, "Name,Email,Salesforce ID\nAda,ada@example.com,003A\n").expect("a file");
        let options = ImportOptions::new(RecordType::Advocate);
        world.import(&known, &options);
        let Told::Done { rows, .. } = world.import(&path, &options) else { panic!("the file was refused") };
        let elsewhere = |issue: &&Issue| issue.code == IssueCode::ExternalIdElsewhere;
        let warned = rows.iter().filter_map(|row| Some((row.row, row.issues.iter().find(elsewhere)?.detail.clone()?)));
        let bea = "Bea, bea@example.com (row 6 of this file)";
        let wanted = [
            (9_000, bea),
            (10_500, "No. 9000, p9000@example.com (row 9000 of this file)"),
            (15_000, bea),
            (22_000, "No. 11000, p11000@example.com (row 11000 of this file)"),
        ];
        assert_eq!(warned.collect::<Vec<_>>(), wanted.map(|(row, detail)| (row, detail.into())));
    });
}
