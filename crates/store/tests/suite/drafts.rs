//! Drafts: a change is made of what was seen, or nothing of it is.

use convoke_people::record_type::RecordType;
use convoke_store::corrections::{list_corrections, put_correction};
use convoke_store::drafts::{Change, DraftChange, change_draft, touch_draft};
use convoke_store::imports::{ImportState, set_state};

use crate::databases::store_test;
use crate::fences::a_job;

store_test!(a_change_that_comes_too_late_leaves_the_corrections, |test| {
    let (workspace, id) = a_job(&test.store);
    test.store
        .write(|tx| {
            set_state(tx, workspace, id, ImportState::Draft, None)?;
            put_correction(tx, workspace, id, (2, Some(1), "anna@example.com"), "test")?;
            assert_eq!(touch_draft(tx, workspace, id)?, Change::Made);
            Ok(())
        })
        .expect("a draft");
    let change = DraftChange {
        record_type: RecordType::Advocate,
        draft: "{}",
        source: "{}",
        total: 3,
        forgets_corrections: true,
    };
    let corrections = || test.store.read(|r| list_corrections(r, workspace, id, (0, 9))).expect("read").len();
    let made = |seen| test.store.write(|tx| change_draft(tx, workspace, (id, seen), &change)).expect("written");
    // Somebody corrected a cell after it was read.
    assert_eq!((made(0), corrections()), (Change::TooLate, 1));
    assert_eq!((made(1), corrections()), (Change::Made, 0));
});
