//! The worker: takes what waits, workspace by workspace, and leaves alone what was paused.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use convoke_app::imports::Texts;
use convoke_app::imports::{ImportOptions, Progress, Received, Watch, Wish};
use convoke_app::people::id::{ImportId, WorkspaceId};
use convoke_app::people::record_type::RecordType;
use convoke_app::store::imports::{ImportKind, ImportState};
use convoke_app::store::{Access, Address, Store};
use convoke_app::workbooks::{WorkbookLimits, WorkbookReader};
use convoke_app::worker::{Step, Team, Worker};
use convoke_app::{Files, Installation, Limits, Workspace, WorkspaceChoice};

#[expect(clippy::disallowed_methods, reason = "tests have no one above who passes the time")]
fn clock() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

struct World {
    _folder: tempfile::TempDir,
    installation: Installation,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::Sqlite(folder.path().join("convoke.db"));
        let store = Store::open(&address, Access::Write, clock).expect("a database");
        let installation = Installation {
            texts: Texts::default(),
            store: Arc::new(store),
            files: Files::new(folder.path().join("files")),
            limits: Limits::default(),
            workbooks: WorkbookReader { program: "none".into(), limits: WorkbookLimits::default() },
        };
        Self { _folder: folder, installation }
    }

    fn workspace(&self, name: &str) -> Workspace {
        let World { installation, .. } = self;
        let choice = WorkspaceChoice::Named(name.to_owned());
        let (files, limits) = (installation.files.clone(), installation.limits.clone());
        Workspace::open(Arc::clone(&installation.store), files, limits, &choice, Access::Write).expect("a workspace")
    }

    /// What the worker runs until nothing waits.
    fn drain(&self) -> Vec<(WorkspaceId, ImportId, ImportState)> {
        let mut worker = Worker::new(self.installation.clone());
        let mut ran = Vec::new();
        while let Step::Ran { workspace, import, outcome } = worker.step(&mut ()).expect("a step") {
            ran.push((workspace, import, outcome.expect("an end")));
        }
        ran
    }
}

fn upload(workspace: &Workspace, list: &str) -> ImportId {
    let options = ImportOptions::new(RecordType::Advocate);
    match workspace.upload("list.csv", list.as_bytes(), &options, ImportKind::Import).expect("taken in") {
        Received::Accepted(prepared) => prepared.id,
        Received::Refused(_, problem) => panic!("{problem:?}"),
    }
}

#[test]
fn workspaces_take_turns_whoever_has_more_waiting() {
    let world = World::new();
    let (busy, other) = (world.workspace("Busy"), world.workspace("Other"));
    let list = "Name,Email\nAnna Lee,anna@example.com\n";
    let waiting: Vec<_> = (0..3).map(|_| upload(&busy, list)).collect();
    let alone = upload(&other, list);
    let ran = world.drain();
    let order: Vec<_> = ran.iter().map(|(_, import, _)| *import).collect();
    assert_eq!(order, [waiting[0], alone, waiting[1], waiting[2]]);
    assert!(ran.iter().all(|(_, _, state)| *state == ImportState::Completed), "{ran:?}");
}

#[test]
fn what_was_paused_waits_until_it_is_resumed_and_what_was_cancelled_never_runs() {
    let world = World::new();
    let workspace = world.workspace("Only");
    let list = "Name,Email\nBen Ito,ben@example.com\n";
    let (paused, cancelled) = (upload(&workspace, list), upload(&workspace, list));
    assert_eq!(workspace.pause(paused).expect("asked").state, ImportState::Paused);
    assert_eq!(workspace.pause(paused).expect("twice is once").state, ImportState::Paused);
    assert_eq!(workspace.cancel(cancelled).expect("asked").state, ImportState::Cancelled);
    assert!(world.drain().is_empty());
    assert_eq!(workspace.unpause(paused).expect("asked").state, ImportState::Pending);
    let ran: Vec<_> = world.drain().into_iter().map(|(_, import, state)| (import, state)).collect();
    assert_eq!(ran, [(paused, ImportState::Completed)]);
    for late in [workspace.pause(paused), workspace.cancel(paused), workspace.unpause(cancelled)] {
        assert_eq!(late.expect_err("it has ended").code(), "conflict");
    }
}

/// So many bytes, then an error.
struct BreaksOff(usize);

impl std::io::Read for BreaksOff {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let some = buffer.len().min(self.0);
        buffer[..some].fill(b'a');
        self.0 -= some;
        if some == 0 { Err(std::io::Error::other("cut")) } else { Ok(some) }
    }
}

#[test]
fn an_upload_that_breaks_off_is_told_as_that_and_leaves_nothing() {
    let world = World::new();
    let workspace = world.workspace("Only");
    // Within what tells how a file is read, and far behind it.
    for bytes in [10, 4 << 20] {
        let options = ImportOptions::new(RecordType::Advocate);
        let cut = workspace.upload("cut.csv", BreaksOff(bytes), &options, ImportKind::Import).map(drop);
        assert_eq!(cut.expect_err("cut").code(), "upload_interrupted");
    }
    assert!(workspace.imports(9).expect("the history").is_empty());
    let folder = workspace.files.root().expect("a folder").join("1");
    let left = std::fs::read_dir(folder).map_or(0, |entries| entries.count());
    assert_eq!(left, 0);
}

#[test]
fn an_import_that_was_accepted_runs_even_if_the_limits_shrink_meanwhile() {
    let world = World::new();
    let workspace = world.workspace("Only");
    upload(&workspace, "Name,Email\nAnna Lee,anna@example.com\nBen Ito,ben@example.com\n");
    let limits = Limits { rows: [("advocate", 1)].into(), ..Limits::default() };
    let mut worker = Worker::new(Installation { limits, ..world.installation.clone() });
    let Step::Ran { outcome, .. } = worker.step(&mut ()).expect("a step") else { panic!("nothing was run") };
    assert_eq!(outcome.expect("an end"), ImportState::Completed);
}

#[test]
fn an_import_whose_file_is_gone_is_set_aside_with_the_reason() {
    let world = World::new();
    let workspace = world.workspace("Only");
    let import = upload(&workspace, "Name,Email\nCleo May,cleo@example.com\n");
    std::fs::remove_dir_all(workspace.files.root().expect("a folder")).expect("the files go");
    let mut worker = Worker::new(world.installation.clone());
    let Step::Ran { outcome, .. } = worker.step(&mut ()).expect("a step") else { panic!("nothing was run") };
    assert_eq!(outcome.expect_err("it cannot be read").code(), "files_unavailable");
    let import = workspace.find_import(import).expect("there");
    assert_eq!(import.state, ImportState::Paused);
    assert!(import.problem.is_some_and(|problem| problem.contains("cannot open")));
    assert!(matches!(worker.step(&mut ()).expect("a step"), Step::Idle));
}

/// Tells that an import has begun, and holds it until it may do what is wished then.
struct Held {
    began: Sender<()>,
    goes_on: Receiver<()>,
    then: Wish,
}

impl Watch for Held {
    fn progress(&mut self, _: Progress) {}

    fn wish(&mut self) -> Wish {
        let _ = self.began.send(());
        // Closed: nobody holds it any more.
        let _ = self.goes_on.recv();
        self.then
    }
}

/// What a second worker of a team does while the first is at the only, or the first, import.
fn beside_a_held_one(world: &World, per_workspace: usize, second: impl FnOnce(Worker)) {
    assert_eq!(held(world, per_workspace, Wish::GoOn, second), ImportState::Completed);
}

/// How an import ends that was held meanwhile.
fn held(world: &World, per_workspace: usize, then: Wish, second: impl FnOnce(Worker)) -> ImportState {
    let team = Team::new(world.installation.clone(), per_workspace);
    let (began, has_begun) = channel();
    let (go_on, goes_on) = channel();
    std::thread::scope(|scope| {
        let mut first = team.worker();
        let running = scope.spawn(move || first.step(&mut Held { began, goes_on, then }).expect("a step"));
        has_begun.recv().expect("it begins");
        second(team.worker());
        drop(go_on);
        let Step::Ran { outcome, .. } = running.join().expect("no panic") else { panic!("nothing was run") };
        outcome.expect("an end")
    })
}

#[test]
fn a_cancellation_that_was_asked_for_is_final_however_the_run_stops() {
    let world = World::new();
    let workspace = world.workspace("Only");
    for then in [Wish::GoOn, Wish::Pause, Wish::HandBack] {
        let import = upload(&workspace, "Name,Email\nAnna Lee,anna@example.com\n");
        let ended = held(&world, 9, then, |_| {
            assert_eq!(workspace.cancel(import).expect("asked").state, ImportState::Running);
            for late in [workspace.pause(import), workspace.unpause(import)] {
                assert_eq!(late.expect_err("it is being cancelled").code(), "cancelling");
            }
            assert_eq!(workspace.cancel(import).expect("twice is once").state, ImportState::Running);
        });
        assert_eq!((ended, workspace.find_import(import).expect("there").state), (ended, ended));
        assert_eq!(ended, ImportState::Cancelled, "{then:?}");
    }
    assert!(world.drain().is_empty());
}

#[test]
fn two_workers_of_a_process_never_take_the_same_import() {
    let world = World::new();
    upload(&world.workspace("Only"), "Name,Email\nAnna Lee,anna@example.com\n");
    beside_a_held_one(&world, 9, |mut second| {
        assert!(matches!(second.step(&mut ()).expect("a step"), Step::Idle));
    });
}

#[test]
fn a_workspace_that_has_its_share_leaves_the_other_workers_to_others() {
    let world = World::new();
    let (busy, other) = (world.workspace("Busy"), world.workspace("Other"));
    let list = "Name,Email\nAnna Lee,anna@example.com\n";
    let waiting = [upload(&busy, list), upload(&busy, list)];
    beside_a_held_one(&world, 1, |mut second| {
        assert!(matches!(second.step(&mut ()).expect("a step"), Step::Idle), "its share is one");
        let alone = upload(&other, list);
        let Step::Ran { import, .. } = second.step(&mut ()).expect("a step") else { panic!("nothing was run") };
        assert_eq!(import, alone);
    });
    let Step::Ran { import, .. } = Worker::new(world.installation.clone()).step(&mut ()).expect("a step") else {
        panic!("nothing was run")
    };
    assert_eq!(import, waiting[1]);
}
