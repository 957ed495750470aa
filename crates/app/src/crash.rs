//! Named places at which a test may let the process die, as if the power went, or panic, as by a mistake of ours. Without
//! the feature `crash-points` nothing of this is compiled in.

/// Every place, in the order an import passes them.
pub const POINTS: &[&str] = &[
    "upload_copied",
    "import_recorded",
    "claimed",
    "group_held",
    "chunk_planned",
    "chunk_written",
    "before_commit",
    "after_commit",
    "before_finish",
    "after_finish",
];

/// Those that a server passes beside the import itself: the effect of a request is committed, its answer is not sent.
pub const SERVER_POINTS: &[&str] = &["request_begun", "before_answer"];
/// Every place of a check, in their order.
pub const CHECK_POINTS: &[&str] = &["check_claimed", "check_stored", "checked"];

/// Between the commit of a confirmation and its answer.
pub const CONFIRM_POINTS: &[&str] = &["confirmed"];

/// What happens at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Death,
    Panic,
    /// At this pass and at each one from there.
    Panics,
}

#[cfg(feature = "crash-points")]
static ARMED: std::sync::Mutex<Option<(What, String, u32)>> = std::sync::Mutex::new(None);

/// Lets it happen when the process passes `point` for the `pass`th time, counted from 1. Does nothing in a release.
#[cfg_attr(not(feature = "crash-points"), expect(unused_variables, reason = "a release has no such places"))]
pub fn arm(what: What, point: &str, pass: u32) {
    #[cfg(feature = "crash-points")]
    {
        *ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((what, point.to_owned(), pass));
    }
}

/// A place where it may happen.
#[cfg(feature = "crash-points")]
pub fn at(point: &'static str) {
    debug_assert!([POINTS, SERVER_POINTS, CHECK_POINTS, CONFIRM_POINTS].concat().contains(&point));
    match due(point) {
        None => {}
        Some(What::Death) => std::process::abort(),
        Some(What::Panic | What::Panics) => panic!("a test asked for it at {point}"),
    }
}

#[cfg(feature = "crash-points")]
fn due(point: &str) -> Option<What> {
    let mut armed = ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let (what, wanted, pass) = armed.as_mut()?;
    if wanted != point {
        return None;
    }
    let is_lasting = *what == What::Panics && *pass == 1;
    let is_due = *pass == 1;
    if !is_lasting {
        *pass = pass.saturating_sub(1);
    }
    is_due.then_some(*what)
}

/// A place where nothing happens.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn at(_: &'static str) {}
