//! Jobs: one owner at a time, and an owner that was replaced changes nothing any more.

use convoke_people::id::{ImportId, WorkspaceId};
use convoke_people::record_type::RecordType;
use convoke_pipeline::plan::Counts;
use convoke_store::imports::{Import, ImportKind, ImportState, OnDrift, add_import};
use convoke_store::jobs::{
    Begins, Claim, GroupError, Job, JobKind, LEASE_MICROS, NewJob, Wanted, add_job, advance, hold, job_of, leave,
};
use convoke_store::requests::rest;
use convoke_store::{Store, StoreError, workspaces};

use crate::databases::store_test;

pub(crate) fn a_job(store: &Store) -> (WorkspaceId, ImportId) {
    let id = ImportId(store.draw_block().expect("a block").id(0));
    let workspace = store.write(|tx| workspaces::add_workspace(tx, "Acme", "acme")).expect("a workspace");
    let import = Import {
        id,
        kind: ImportKind::Import,
        state: ImportState::Pending,
        record_type: RecordType::Advocate,
        upload: None,
        file_name: "people.csv".to_owned(),
        source: "{}".to_owned(),
        mapping: "{}".to_owned(),
        settings: "{}".to_owned(),
        total: 3,
        counts: Counts::default(),
        created_by: "test".to_owned(),
        created_at: 0,
        started_at: None,
        ended_at: None,
        problem: None,
        parent: None,
        revision: 0,
        plan_digest: None,
        on_drift: OnDrift::Name,
        drifted: 0,
    };
    store
        .write(|tx| {
            add_import(tx, workspace, &import)?;
            add_job(tx, workspace, NewJob { kind: JobKind::Run, import: id, chunks: 3, begins: Begins::AnyWorker })
        })
        .expect("a job");
    (workspace, id)
}

pub(crate) fn job(store: &Store, workspace: WorkspaceId, id: ImportId) -> Job {
    store.read(|r| job_of(r, workspace, id, JobKind::Run)).expect("read").expect("a job")
}

/// Lets the lease of a job run out without waiting for it.
pub(crate) fn expire(store: &Store, workspace: WorkspaceId, id: ImportId) {
    let sql = "UPDATE job SET lease_until = 1 WHERE workspace_id = $1 AND id = $2";
    store.write(|tx| tx.execute(sql, &[workspace.0.into(), id.0.into()])).expect("expired");
}

fn step(store: &Store, claim: &Claim, from: u32) -> Result<(), GroupError> {
    store.run_session(claim).expect("a session").group(|tx| {
        hold(tx, claim, from)?;
        advance(tx, claim, from, from + 1)
    })
}

store_test!(a_claim_raises_the_fence_and_starts_the_import, |test| {
    let (workspace, id) = a_job(&test.store);
    let seen = job(&test.store, workspace, id);
    let claim = test.store.claim(workspace, &seen, "one").expect("claimed").expect("free");
    assert_eq!((claim.fence, claim.next_chunk), (seen.fence + 1, 0));
    let held = job(&test.store, workspace, id);
    assert_eq!(held.state, ImportState::Running);
    assert!(held.lease_until > crate::databases::clock() - LEASE_MICROS);
});

store_test!(what_was_seen_before_another_claim_claims_nothing, |test| {
    let (workspace, id) = a_job(&test.store);
    let seen = job(&test.store, workspace, id);
    test.store.claim(workspace, &seen, "one").expect("claimed").expect("free");
    expire(&test.store, workspace, id);
    assert_eq!(test.store.claim(workspace, &seen, "two").expect("asked"), None);
});

store_test!(the_checkpoint_moves_once_for_each_fence_and_place, |test| {
    let (workspace, id) = a_job(&test.store);
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    step(&test.store, &claim, 0).expect("the first step");
    let again = step(&test.store, &claim, 0);
    assert!(matches!(again, Err(GroupError::RolledBack(StoreError::Fenced))), "{again:?}");
    step(&test.store, &claim, 1).expect("the second step");
    assert_eq!(job(&test.store, workspace, id).next_chunk, 2);
});

store_test!(an_old_owner_changes_nothing, |test| {
    let (workspace, id) = a_job(&test.store);
    let old = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    step(&test.store, &old, 0).expect("while it held the job");
    expire(&test.store, workspace, id);
    let new = test.store.claim(workspace, &job(&test.store, workspace, id), "two").expect("claimed").expect("free");
    assert_eq!(new.next_chunk, 1);
    let late = step(&test.store, &old, 1);
    assert!(matches!(late, Err(GroupError::RolledBack(StoreError::Fenced))), "{late:?}");
    let left = test.store.write(|tx| leave(tx, &old, ImportState::Completed));
    assert!(matches!(left, Err(StoreError::Fenced)));
    step(&test.store, &new, 1).expect("the new owner goes on");
});

store_test!(an_import_that_lacks_a_chunk_cannot_be_completed, |test| {
    let (workspace, id) = a_job(&test.store);
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    for chunk in 0..2 {
        step(&test.store, &claim, chunk).expect("a step");
    }
    let complete = || test.store.write(|tx| leave(tx, &claim, ImportState::Completed));
    assert!(matches!(complete(), Err(StoreError::Fenced)));
    step(&test.store, &claim, 2).expect("the last step");
    complete().expect("every chunk is there");
});

store_test!(what_was_completed_is_not_handed_back_by_whoever_did_not_hear_of_it, |test| {
    let (workspace, id) = a_job(&test.store);
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    for chunk in 0..3 {
        step(&test.store, &claim, chunk).expect("a step");
    }
    test.store.write(|tx| leave(tx, &claim, ImportState::Completed)).expect("every chunk is there");
    // The answer was lost with the connection.
    for state in [ImportState::Pending, ImportState::Paused] {
        let again = test.store.write(|tx| rest(tx, &claim, state));
        assert!(matches!(again, Err(StoreError::Fenced)), "{again:?}");
        let left = test.store.write(|tx| leave(tx, &claim, state));
        assert!(matches!(left, Err(StoreError::Fenced)), "{left:?}");
    }
    assert_eq!(job(&test.store, workspace, id).state, ImportState::Completed);
});

store_test!(a_request_is_seen_by_the_next_group, |test| {
    let (workspace, id) = a_job(&test.store);
    let claim = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    let sql = "UPDATE job SET wanted = $1 WHERE workspace_id = $2 AND id = $3";
    let pause = [Wanted::Pause.code().into(), workspace.0.into(), id.0.into()];
    test.store.write(|tx| tx.execute(sql, &pause)).expect("asked");
    let wanted = test.store.run_session(&claim).expect("a session").group(|tx| hold(tx, &claim, 0)).expect("held");
    assert_eq!(wanted, Wanted::Pause);
});

#[test]
fn a_held_lease_is_not_taken_on_postgres() {
    if convoke_testbed::is_quick() {
        return;
    }
    let test = crate::databases::on_postgres();
    let (workspace, id) = a_job(&test.store);
    test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    let seen = job(&test.store, workspace, id);
    assert_eq!(test.store.claim(workspace, &seen, "two").expect("asked"), None);
}

#[test]
fn an_owner_frozen_inside_copy_loses_its_session_to_the_next_claim() {
    if convoke_testbed::is_quick() {
        return;
    }
    let test = crate::databases::on_postgres();
    let (workspace, id) = a_job(&test.store);
    let old = test.store.claim(workspace, &job(&test.store, workspace, id), "one").expect("claimed").expect("free");
    let convoke_store::Address::Postgres(url) = &test.address else { panic!("a PostgreSQL test") };
    // The old owner holds the job's row and stands in the middle of a COPY, as a stopped process would.
    let mut config: postgres::Config = url.parse().expect("an address");
    config.application_name(&old.session());
    expire(&test.store, workspace, id);
    let mut frozen = config.connect(postgres::NoTls).expect("a connection");
    frozen
        .batch_execute(&format!("BEGIN; UPDATE job SET lease_until = lease_until WHERE id = {}", old.job.0))
        .expect("the row is held");
    let copy = frozen.copy_in("COPY person FROM STDIN BINARY").expect("inside COPY");
    let new = std::thread::scope(|scope| {
        let store = &test.store;
        let taken = scope.spawn(move || store.claim(workspace, &job(store, workspace, id), "two"));
        taken.join().expect("no panic").expect("claimed").expect("the lease ran out")
    });
    assert_eq!(new.fence, old.fence + 1);
    assert!(copy.finish().is_err(), "the frozen session is gone");
    step(&test.store, &new, 0).expect("the new owner works");
}
