//! A mistake of ours that one row brings out (a panic) costs that row alone: it is caught at the row, in a check and in an
//! import alike. Tests name a cell that brings one out; without the feature `crash-points` no cell can.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// None if `work` panicked. What it was changing then is thrown away by the caller.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Where a row may be stumbled over: in the first pass, in its check, its plan, its writing.
pub const STAGES: [&str; 4] = ["scan", "check", "plan", "write"];

#[cfg(feature = "crash-points")]
static ARMED: std::sync::OnceLock<(String, String)> = std::sync::OnceLock::new();

/// Lets whoever reaches `cell` in `stage` panic. Does nothing in a release.
#[cfg_attr(not(feature = "crash-points"), expect(unused_variables, reason = "a release has no such places"))]
pub fn arm(stage: &str, cell: &str) {
    #[cfg(feature = "crash-points")]
    drop(ARMED.set((stage.to_owned(), cell.to_owned())));
}

/// Panics if this is the stage, and `holds` says that the cell is there.
#[cfg(feature = "crash-points")]
pub fn at(stage: &'static str, holds: impl FnOnce(&str) -> bool) {
    debug_assert!(STAGES.contains(&stage));
    if let Some((armed, cell)) = ARMED.get()
        && armed == stage
        && holds(cell)
    {
        panic!("stumbled over {cell}, as a test asked for");
    }
}

/// Panics in builds for tests only.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn at(_: &'static str, _: impl FnOnce(&str) -> bool) {}
