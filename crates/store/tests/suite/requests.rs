//! Pause, resume and cancel as requests: what waits is moved at once, what runs is asked, and of two that come together one is
//! first.

use convoke_store::imports::{ImportState, find_import};
use convoke_store::jobs::{Claim, GroupError, JobKind, Wanted, hold, interrupted, leave};
use convoke_store::requests::{Asked, request, rest};
use convoke_store::{Dialect, StoreError};

use crate::databases::store_test;
use crate::fences::{a_job, expire, job};

fn paused(state: ImportState) -> Option<ImportState> {
    (state == ImportState::Pending).then_some(ImportState::Paused)
}

fn pending(state: ImportState) -> Option<ImportState> {
    (state == ImportState::Paused).then_some(ImportState::Pending)
}

store_test!(what_waits_is_moved_with_its_import, |test| {
    let (workspace, id) = a_job(&test.store);
    let asked =
        test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Pause, paused)).expect("asked");
    assert_eq!(asked, Some(Asked::Moved(ImportState::Paused)));
    let import = test.store.read(|r| find_import(r, workspace, id)).expect("read").expect("there");
    assert_eq!((import.state, job(&test.store, workspace, id).state), (ImportState::Paused, ImportState::Paused));
    let again =
        test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Pause, paused)).expect("asked");
    assert_eq!(again, Some(Asked::Impossible(ImportState::Paused)));
});

store_test!(what_is_asked_twice_changes_nothing_the_second_time, |test| {
    let (workspace, id) = a_job(&test.store);
    let ended = |_| Some(ImportState::Cancelled);
    let import = || test.store.read(|r| find_import(r, workspace, id)).expect("read").expect("there");
    let cancel =
        || test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Cancel, ended)).expect("asked");
    assert_eq!(cancel(), Some(Asked::Moved(ImportState::Cancelled)));
    let first = import();
    assert_eq!(cancel(), Some(Asked::Moved(ImportState::Cancelled)));
    assert_eq!(import(), first);
});

store_test!(a_claim_of_what_was_seen_before_a_pause_claims_nothing, |test| {
    let (workspace, id) = a_job(&test.store);
    let seen = job(&test.store, workspace, id);
    test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Pause, paused)).expect("asked");
    assert_eq!(test.store.claim(workspace, &seen, "one").expect("asked"), None);
    test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Run, pending)).expect("asked");
    assert!(test.store.claim(workspace, &seen, "one").expect("asked").is_some(), "it waits again, as it was seen");
});

store_test!(what_was_seen_behind_a_pause_or_a_cancellation_is_never_claimed, |test| {
    let (workspace, id) = a_job(&test.store);
    for (wanted, rests) in [(Wanted::Pause, ImportState::Paused), (Wanted::Cancel, ImportState::Cancelled)] {
        let idle = |_| Some(rests);
        test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), wanted, idle)).expect("asked");
        let seen = job(&test.store, workspace, id);
        assert_eq!(seen.state, rests);
        assert_eq!(test.store.claim(workspace, &seen, "late").expect("asked"), None);
        let import = test.store.read(|r| find_import(r, workspace, id)).expect("read").expect("there");
        assert_eq!(import.state, rests);
    }
});

store_test!(what_was_asked_of_a_run_outlives_whoever_ran_it, |test| {
    let (workspace, id) = a_job(&test.store);
    test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    let asked =
        test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Cancel, paused)).expect("asked");
    assert_eq!(asked, Some(Asked::Noted));
    // Killed here.
    expire(&test.store, workspace, id);
    let next = test.store.claim(workspace, &job(&test.store, workspace, id), "two").expect("claimed").expect("free");
    let wanted: Result<Wanted, GroupError> =
        test.store.run_session(&next).expect("a session").group(|tx| hold(tx, &next, 0));
    assert_eq!(wanted.expect("held"), Wanted::Cancel);
});

store_test!(what_was_asked_of_a_run_outlives_its_handing_back_and_can_be_withdrawn, |test| {
    let (workspace, id) = a_job(&test.store);
    let stays = |state| (state == ImportState::Pending).then_some(state);
    let ask = |wanted| test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), wanted, stays)).expect("asked");
    for (last, wanted) in [(Wanted::Pause, Wanted::Pause), (Wanted::Run, Wanted::Run)] {
        let claim =
            test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
        assert_eq!(ask(Wanted::Pause), Some(Asked::Noted));
        test.store.write(|tx| leave(tx, &claim, ImportState::Pending)).expect("handed back");
        if last == Wanted::Run {
            assert_eq!(ask(last), Some(Asked::Moved(ImportState::Pending)));
        }
        let next =
            test.store.claim(workspace, &job(&test.store, workspace, id), "two").expect("claimed").expect("free");
        let held = test.store.run_session(&next).expect("a session").group(|tx| hold(tx, &next, 0));
        assert_eq!(held.expect("held"), wanted);
        test.store.write(|tx| leave(tx, &next, ImportState::Pending)).expect("handed back");
    }
});

store_test!(a_cancellation_that_was_asked_for_is_final, |test| {
    let (workspace, id) = a_job(&test.store);
    let moves = |state| (state != ImportState::Cancelled).then_some(ImportState::Paused);
    let ask = |wanted| test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), wanted, moves)).expect("asked");
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    // On PostgreSQL whose session is gone is moved at once.
    let session = test.store.run_session(&claim).expect("a session");
    assert_eq!([ask(Wanted::Pause), ask(Wanted::Cancel)], [Some(Asked::Noted); 2]);
    for later in [Wanted::Pause, Wanted::Run] {
        assert_eq!(ask(later), Some(Asked::Cancelling));
        assert_eq!(job(&test.store, workspace, id).wanted, Wanted::Cancel);
    }
    drop(session);
    // Whoever runs it would stop for now, of its own.
    let state = test.store.write(|tx| rest(tx, &claim, ImportState::Paused)).expect("stopped");
    assert_eq!((state, job(&test.store, workspace, id).state), (ImportState::Cancelled, ImportState::Cancelled));
    assert_eq!(ask(Wanted::Run), Some(Asked::Impossible(ImportState::Cancelled)));
    let late = test.store.write(|tx| rest(tx, &Claim { fence: claim.fence - 1, ..claim }, ImportState::Paused));
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
});

store_test!(what_died_is_moved_at_once_and_cannot_come_back, |test| {
    let (workspace, id) = a_job(&test.store);
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    if test.store.dialect() == Dialect::Sqlite {
        // Whoever is alone there begins by saying so.
        let left = || test.store.read(|r| interrupted(r, workspace, test.store.now())).expect("read").len();
        assert_eq!(left(), 0, "its lease runs");
        test.store.forget_the_dead(workspace).expect("forgotten");
        return assert_eq!(left(), 1);
    }
    let stops = |state| matches!(state, ImportState::Running | ImportState::Pending).then_some(ImportState::Paused);
    let pause =
        || test.store.write(|tx| request(tx, workspace, (id, JobKind::Run), Wanted::Pause, stops)).expect("asked");
    let mut session = test.store.run_session(&claim).expect("a session");
    assert_eq!(pause(), Some(Asked::Noted), "its connection is there");
    assert_eq!(session.group(|tx| hold(tx, &claim, 0)).expect("held"), Wanted::Pause);
    drop(session);
    let moved = (0..1_000).map(|_| pause()).find(|asked| *asked != Some(Asked::Noted));
    assert_eq!(moved, Some(Some(Asked::Moved(ImportState::Paused))));
    let late = test.store.write(|tx| leave(tx, &claim, ImportState::Completed));
    assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
});

store_test!(a_request_for_what_is_not_there_finds_nothing, |test| {
    let (workspace, id) = a_job(&test.store);
    let foreign = convoke_people::id::WorkspaceId(workspace.0 + 1);
    assert_eq!(
        test.store.write(|tx| request(tx, foreign, (id, JobKind::Run), Wanted::Cancel, paused)).expect("asked"),
        None
    );
});
