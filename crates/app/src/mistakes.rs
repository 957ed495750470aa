//! A mistake of the program (a panic) ends what it happened in and nothing else: it is caught, and becomes an error with an
//! id that stands in the log as well. What a panic says may hold cells, so only its place is kept.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use convoke_people::id::ImportId;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// How often what met a mistake is tried again before somebody must look at it.
pub(crate) const TRIES: u32 = 3;

thread_local! {
    /// Where this thread panicked last.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Notes where the threads of this process panic from now on, and has each place told.
pub fn watch(tell: impl Fn(&str) + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        tell(&place);
        PLACE.with_borrow_mut(|last| *last = place);
    }));
}

/// Does `work`; a panic in it is an error of this import.
pub(crate) fn caught<T>(import: ImportId, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(mistake(import)))
}

/// As [`caught`], and again a few times before it is an error.
pub(crate) fn tried<T>(import: ImportId, mut work: impl FnMut() -> Result<T>) -> Result<T> {
    let mut tries = 1;
    loop {
        match caught(import, &mut work) {
            Err(Error::Mistake { .. }) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// Ids need no chance: a process has one import of this number, and counts its mistakes.
fn mistake(import: ImportId) -> Error {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let place = PLACE.take();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let digest = Sha256::digest(format!("{} {} {count} {place}", import.0, std::process::id()));
    let id = digest.iter().take(5).fold("mis_".to_owned(), |id, byte| format!("{id}{byte:02x}"));
    Error::Mistake { id, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_with_an_id_and_is_tried_again_first() {
        let mut tries = 0;
        let outcome: Result<()> = tried(ImportId(7), || {
            tries += 1;
            panic!("cells of a row");
        });
        let Err(error) = outcome else { panic!("{outcome:?}") };
        assert_eq!((tries, error.code()), (TRIES, "mistake"));
        assert!(error.to_string().contains("mis_") && !error.to_string().contains("cells"), "{error}");
        let once = tried(ImportId(7), || {
            tries += 1;
            if tries == TRIES + 1 { panic!("once") } else { Ok(tries) }
        });
        assert_eq!(once.expect("done"), TRIES + 2);
    }
}
