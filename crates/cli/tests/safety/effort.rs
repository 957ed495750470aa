//! How much is tried: a short seeded round in `make test`, the long ones where `CONVOKE_TORTURE_ROUNDS` says so (300 is
//! all of them, 60 a fifth). What is drawn depends on a number alone, so a round that failed can be had again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// `CONVOKE_TORTURE_ROUNDS` of `make torture`.
const ALL: u64 = 300;

#[expect(clippy::disallowed_methods, reason = "the number of rounds is the caller's")]
fn asked() -> Option<u64> {
    std::env::var("CONVOKE_TORTURE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok())
}

pub(crate) fn is_long() -> bool {
    asked().is_some()
}

/// So many in `make test`, so many in `make torture`, a part of these where fewer rounds are asked for.
pub(crate) fn rounds(short: u64, long: u64) -> u64 {
    asked().map_or(short, |rounds| (long * rounds / ALL).max(short))
}

/// Long rounds measure and load the machine: one at a time.
pub(crate) fn turn() -> Option<MutexGuard<'static, ()>> {
    static TURN: Mutex<()> = Mutex::new(());
    is_long().then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner))
}

#[expect(clippy::disallowed_methods, reason = "moments are what these tests vary")]
pub(crate) fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Asks again and again until something is there; None if it is not in time.
pub(crate) fn within<T>(longest: Duration, mut found: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        let found = found();
        if found.is_some() || began.elapsed() >= longest {
            return found;
        }
        wait(Duration::from_millis(10));
    }
}

/// The same for what must come.
#[track_caller]
pub(crate) fn until<T>(what: &str, longest: Duration, found: impl FnMut() -> Option<T>) -> T {
    within(longest, found).unwrap_or_else(|| panic!("{what}: not within {longest:?}"))
}

/// Now, in milliseconds of UTC.
pub(crate) fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "what the database notes is compared with what clients saw")]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}

/// Numbers that depend on a seed alone (SplitMix64).
#[derive(Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5EED)
    }

    /// Below `most`.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (x ^ (x >> 31)) % most.max(1)
    }

    pub(crate) fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len() as u64) as usize]
    }
}
