//! How many connections of a process are in use, and the wait for one where there are only so many. Invariant: a place that
//! was taken is given back, also by a panic.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Result, StoreError};

/// Whoever finds none free waits so long.
const PLACE_TIME: Duration = Duration::from_secs(5);

/// Counts the connections in use.
#[derive(Default)]
pub(crate) struct Places {
    taken: Mutex<usize>,
    freed: Condvar,
}

impl Places {
    pub(crate) fn taken(&self) -> usize {
        *self.lock()
    }

    /// A count that a panic left is right: it is changed in one step.
    fn lock(&self) -> MutexGuard<'_, usize> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for one of `most` places.
    pub(crate) fn take(&self, most: usize) -> Result<Place<'_>> {
        let taken = self.freed.wait_timeout_while(self.lock(), PLACE_TIME, |taken| *taken >= most);
        let (mut taken, waited) = taken.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(StoreError::Busy("every connection of this process is in use".to_owned()));
        }
        *taken += 1;
        Ok(Place(self))
    }
}

/// Taken until this is dropped.
pub(crate) struct Place<'p>(&'p Places);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.lock() -= 1;
        self.0.freed.notify_one();
    }
}
