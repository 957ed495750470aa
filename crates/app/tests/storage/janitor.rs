//! What the janitor removes, and what it leaves alone, in a folder and in a bucket.

use std::fs;

use convoke_app::directory::pages::Seen;
use convoke_app::people::id::UploadId;
use convoke_app::pipeline::results::Selection;
use convoke_app::retention::Retention;
use convoke_app::store::imports::{ImportKind, ImportState};
use convoke_app::worker::Step;
use convoke_app::workspaces::WorkspaceChange;
use convoke_app::{Error, Workspace};
use sha2::{Digest, Sha256};

use crate::world::{SMALL, World, clock, large, upload, upload_as};

const DAY: i64 = 86_400_000_000;

fn both(test: impl Fn(World)) {
    test(World::in_a_folder());
    test(World::new());
}

fn run(world: &World) {
    let Step::Ran { outcome, .. } = world.step() else { panic!("nothing was run") };
    assert_eq!(outcome.expect("an end"), ImportState::Completed);
}

fn put(world: &World, key: &str) {
    world.installation.files.put(key, &b"lost"[..], u64::MAX, |_| ()).expect("stored");
}

#[test]
fn a_file_that_no_upload_names_goes_after_a_day_and_no_other_file() {
    both(|world| {
        let workspace = world.workspace();
        let id = upload(&workspace, SMALL.as_bytes()).expect("taken in");
        let lost = format!("1/{}", UploadId(77 << 32));
        for key in [lost.as_str(), "1/notes", "other/upl_0000004000000"] {
            put(&world, key);
        }
        let now = clock();
        assert_eq!(world.installation.sweep(now).expect("swept").orphans, 0, "too young");
        let swept = world.installation.sweep(now + 2 * DAY).expect("swept");
        assert_eq!(swept.orphans, 1, "{swept:?}");
        let digest = Sha256::digest(b"lost");
        assert!(world.installation.files.open(&lost, &digest).is_err());
        assert!(world.installation.files.open("1/notes", &digest).is_ok());
        run(&world);
        workspace.write_original(id, std::io::sink()).expect("still there");
    });
}

#[test]
fn a_database_without_uploads_is_not_believed_that_every_file_is_lost() {
    both(|world| {
        world.workspace();
        put(&world, &format!("1/{}", UploadId(77 << 32)));
        assert_eq!(world.installation.sweep(clock() + 2 * DAY).expect("swept").orphans, 0);
    });
}

fn keep(workspace: &Workspace, days: Option<u32>) {
    let change = WorkspaceChange { retention_days: Some(days), ..WorkspaceChange::default() };
    workspace.change_settings(&change, &Seen::Any).expect("changed");
}

#[test]
fn files_go_when_their_time_is_over_and_the_report_stays() {
    both(|world| {
        let workspace = world.workspace();
        let done = upload(&workspace, SMALL.as_bytes()).expect("taken in");
        run(&world);
        let waits = upload(&workspace, SMALL.as_bytes()).expect("taken in");
        workspace.pause(waits).expect("paused");
        let later = clock() + 8 * DAY;
        assert_eq!(world.installation.sweep(later).expect("swept"), Default::default(), "kept for ever by default");
        keep(&workspace, Some(7));
        assert_eq!(workspace.retention().expect("read"), Retention::Days(7));
        assert_eq!(world.installation.sweep(clock()).expect("swept").expired.files, 0, "not yet");
        assert_eq!(world.installation.sweep(later).expect("swept").expired.files, 1);
        for gone in [
            workspace.write_original(done, std::io::sink()).map(drop),
            workspace.write_results(done, Selection::All, std::io::sink()),
        ] {
            let gone = gone.expect_err("gone");
            assert!(matches!(gone, Error::Expired { .. }) && gone.code() == "file_expired", "{gone}");
            assert!(gone.to_string().contains("is gone since 20"), "{gone}");
        }
        assert_eq!(workspace.report(done).expect("the report").import.counts.processed(), 2);
        workspace.unpause(waits).expect("resumed");
        run(&world);
        keep(&workspace, None);
        assert_eq!(workspace.retention().expect("read"), Retention::Keep);
    });
}

#[test]
fn a_dry_run_goes_after_thirty_days_with_its_file() {
    both(|world| {
        let workspace = world.workspace();
        let checked = upload_as(&workspace, SMALL.as_bytes(), ImportKind::DryRun).expect("taken in");
        let imported = upload(&workspace, SMALL.as_bytes()).expect("taken in");
        assert_eq!(world.installation.sweep(clock() + 29 * DAY).expect("swept").expired.unconfirmed, 0);
        let swept = world.installation.sweep(clock() + 31 * DAY).expect("swept");
        assert_eq!((swept.expired.unconfirmed, swept.orphans), (1, 0), "{swept:?}");
        assert_eq!(workspace.find_import(checked).expect_err("forgotten").code(), "not_found");
        run(&world);
        workspace.write_original(imported, std::io::sink()).expect("still there");
    });
}

#[test]
fn an_upload_whose_process_died_is_given_up_after_a_day() {
    let world = World::in_a_folder();
    let folder = world.folder.path().join("files/1");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("upl_0000004000000.part"), "half").expect("written");
    assert_eq!(world.installation.sweep(clock()).expect("swept").cut_off, 0);
    assert_eq!(world.installation.sweep(clock() + 2 * DAY).expect("swept").cut_off, 1);
    assert_eq!(fs::read_dir(folder).expect("the folder").count(), 0);

    let mut world = World::new();
    // It is begun and noted, then the server is gone: nobody can abort it.
    world.server.stop_behind(3);
    upload(&world.workspace(), large().as_bytes()).expect_err("cut");
    world.server.resume();
    assert_eq!(world.server.open_uploads(), 1);
    assert_eq!(world.installation.sweep(clock()).expect("swept").cut_off, 0, "it may be under way");
    assert_eq!(world.installation.sweep(clock() + 2 * DAY).expect("swept").cut_off, 1);
    assert_eq!(world.leftovers(), (0, 0, 0));
}
