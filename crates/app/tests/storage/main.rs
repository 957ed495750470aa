//! Uploads in a bucket of a real S3 server: what is stored, what is refused, and what is left behind by what breaks off.

mod janitor;
mod world;

use std::io::{self, Read};
use std::sync::Arc;

use convoke_app::outside::s3::BucketSettings;
use convoke_app::pipeline::results::Selection;
use convoke_app::store::Access;
use convoke_app::store::imports::ImportState;
use convoke_app::worker::{Step, Worker};
use convoke_app::{Files, Installation, Workspace, WorkspaceChoice};
use convoke_testbed::s3::KEY;

use world::{SMALL, World, large, settings, upload};

#[test]
fn an_import_from_a_bucket_runs_and_gives_its_files_back() {
    let world = World::new();
    let workspace = world.workspace();
    for list in [SMALL.to_owned(), large()] {
        let id = upload(&workspace, list.as_bytes()).expect("taken in");
        assert_eq!(world.server.open_uploads(), 0);
        let Step::Ran { outcome, .. } = world.step() else { panic!("nothing was run") };
        assert_eq!(outcome.expect("an end"), ImportState::Completed);
        let mut original = Vec::new();
        workspace.write_original(id, &mut original).expect("written");
        assert!(original == list.as_bytes(), "byte for byte");
        let mut errors = Vec::new();
        workspace.write_results(id, Selection::Failed, &mut errors).expect("written");
        assert_eq!(list == SMALL, String::from_utf8_lossy(&errors).contains("ben@@example.com"));
    }
    assert_eq!(world.leftovers(), (2, 0, 0), "two files, no note, no scratch file");
}

/// So many bytes of a list, then an error.
struct BreaksOff<'l>(&'l [u8]);

impl Read for BreaksOff<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("cut"));
        }
        self.0.read(buffer)
    }
}

#[test]
fn an_upload_that_the_client_cuts_leaves_no_file_and_no_open_upload() {
    let world = World::new();
    let workspace = world.workspace();
    let list = large();
    for bytes in [100, list.len() - 10] {
        let cut = upload(&workspace, BreaksOff(&list.as_bytes()[..bytes]));
        assert_eq!(cut.expect_err("cut").code(), "upload_interrupted");
        assert_eq!(world.leftovers(), (0, 0, 0));
    }
    assert!(workspace.imports(9).expect("the history").is_empty());
}

#[test]
fn a_wrong_secret_and_a_missing_bucket_are_told_as_that() {
    let world = World::new();
    let scratch = world.folder.path().join("scratch");
    let secret = BucketSettings { key: Some((KEY.0.to_owned(), "wrong".to_owned())), ..settings(&world.server) };
    let nowhere = BucketSettings { bucket: "nowhere".to_owned(), ..settings(&world.server) };
    // The server of the tests makes the bucket of a file that it takes; reading tells the truth.
    let open = |wrong: &BucketSettings| Files::bucket(wrong, &scratch).expect("nothing is asked yet");
    let error = open(&nowhere).probe().expect_err("no bucket");
    assert!(error.to_string().contains("no such file or bucket") && !error.may_pass(), "{error}");
    let files = open(&secret);
    assert!(files.probe().expect_err("refused").to_string().contains("the storage refuses the key"));
    let Installation { store, limits, .. } = &world.installation;
    let workspace = Workspace::open(Arc::clone(store), files, limits.clone(), &WorkspaceChoice::Only, Access::Write);
    let error = upload(&workspace.expect("a workspace"), SMALL.as_bytes()).expect_err("refused");
    assert!(error.to_string().contains("the storage refuses the key") && !error.may_pass(), "{error}");
    assert_eq!(error.code(), "files_unavailable");
    // What was taken in before the secret was changed waits, with the reason.
    let id = upload(&world.workspace(), SMALL.as_bytes()).expect("taken in");
    let files = open(&secret);
    let step = Worker::new(Installation { files, ..world.installation.clone() }).step(&mut ()).expect("a step");
    assert!(matches!(step, Step::Ran { outcome: Err(_), .. }));
    let import = world.workspace().find_import(id).expect("there");
    assert_eq!(import.state, ImportState::Paused);
    assert!(import.problem.expect("the reason").contains("the storage refuses the key"));
}

#[test]
fn a_server_that_refuses_for_a_while_only_delays_an_import() {
    let world = World::new();
    let workspace = world.workspace();
    let id = upload(&workspace, SMALL.as_bytes()).expect("taken in");
    world.server.refuse(true);
    let Step::Ran { outcome, .. } = world.step() else { panic!("nothing was run") };
    let error = outcome.expect_err("the file cannot be read");
    assert!(error.may_pass(), "{error}");
    assert_eq!(workspace.find_import(id).expect("there").state, ImportState::Pending);
    assert!(upload(&workspace, SMALL.as_bytes()).expect_err("nor stored").may_pass());
    world.server.refuse(false);
    let Step::Ran { outcome, .. } = world.step() else { panic!("nothing was run") };
    assert_eq!(outcome.expect("an end"), ImportState::Completed);
}

#[test]
fn a_server_killed_in_the_middle_of_an_upload_or_download_is_tried_again() {
    let mut world = World::new();
    let workspace = world.workspace();
    let list = large();
    // The upload is begun, noted, and its first part is there.
    world.server.stop_behind(3);
    let error = upload(&workspace, list.as_bytes()).expect_err("it is gone");
    assert!(error.may_pass(), "{error}");
    assert!(workspace.imports(9).expect("the history").is_empty());
    world.server.resume();
    let id = upload(&workspace, list.as_bytes()).expect("taken in");
    world.server.kill();
    let Step::Ran { outcome, .. } = world.step() else { panic!("nothing was run") };
    assert!(outcome.expect_err("the file cannot be read").may_pass());
    world.server.resume();
    let Step::Ran { import, outcome, .. } = world.step() else { panic!("nothing was run") };
    assert_eq!((import, outcome.expect("an end")), (id, ImportState::Completed));
}

#[test]
fn what_lies_under_a_name_is_never_written_over() {
    let world = World::new();
    let large = large();
    for (place, list) in [("1/a", SMALL), ("1/b", large.as_str())] {
        let files = &world.installation.files;
        files.put(place, list.as_bytes(), u64::MAX, |_| ()).expect("stored");
        let again = files.put(place, &b"Name,Email\n"[..], u64::MAX, |_| ());
        assert!(again.expect_err("it is there").to_string().contains("another file of this name"));
        let over = files.put(place, large.as_bytes(), u64::MAX, |_| ());
        assert!(over.expect_err("it is there").to_string().contains("another file of this name"));
        assert_eq!(world.server.open_uploads(), 0);
    }
}
