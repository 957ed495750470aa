//! Migrations: once, verified, refused when they are of another Convoke.

use convoke_store::{Access, Store, StoreError};

use crate::databases::{clock, store_test};

store_test!(opening_twice_applies_no_migration_again, |test| {
    let count = |store: &Store| {
        let rows = store.read(|r| r.query("SELECT count(*) FROM migration", &[])).expect("rows");
        rows[0].int(0).expect("a number")
    };
    let before = count(&test.store);
    assert!(before > 0);
    let again = Store::open(&test.address, Access::Read, clock).expect("open again");
    assert_eq!(count(&again), before);
});

store_test!(an_altered_migration_is_refused, |test| {
    test.store
        .write(|tx| tx.execute("UPDATE migration SET checksum = $1", &[convoke_store::Value::Bytes(b"other")]))
        .expect("written");
    let refused = Store::open(&test.address, Access::Read, clock).err();
    assert!(matches!(refused, Some(StoreError::Schema(_))), "{refused:?}");
});

store_test!(a_database_of_a_newer_convoke_is_refused, |test| {
    test.store
        .write(|tx| {
            tx.execute(
                "INSERT INTO migration (number, name, checksum, applied_at) VALUES (9999, 'later', $1, 0)",
                &[convoke_store::Value::Bytes(b"x")],
            )
        })
        .expect("written");
    let refused = Store::open(&test.address, Access::Read, clock).err();
    let Some(StoreError::Schema(message)) = refused else { panic!("{refused:?}") };
    assert!(message.contains("newer"), "{message}");
});

store_test!(blocks_of_ids_are_never_drawn_twice, |test| {
    let store: &Store = &test.store;
    let blocks: Vec<_> = (0..20).map(|_| store.draw_block().expect("a block").0).collect();
    let mut sorted = blocks.clone();
    sorted.dedup();
    assert_eq!(blocks, sorted);
    assert!(blocks.is_sorted());
});

store_test!(a_transaction_that_fails_changes_nothing, |test| {
    let outcome = test.store.write(|tx| {
        tx.execute("UPDATE installation SET next_block = 1000 WHERE one = 1", &[])?;
        Err::<(), _>(StoreError::Stale)
    });
    assert!(matches!(outcome, Err(StoreError::Stale)));
    assert!(test.store.draw_block().expect("a block").0 < 1000);
});

#[test]
fn a_second_process_on_one_sqlite_file_is_told_so() {
    let test = crate::databases::on_sqlite();
    let Err(StoreError::Locked(message)) = Store::open(&test.address, Access::Write, clock) else {
        panic!("a second writer was let in");
    };
    assert!(message.contains("another Convoke process"), "{message}");
    assert!(Store::open(&test.address, Access::Read, clock).is_ok(), "a reader may look on");
}
