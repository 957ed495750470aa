//! Named places at which a test may let the process die, as if the power went. Without the feature `crash-points`
//! nothing of this is compiled in.

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
pub const SERVER_POINTS: &[&str] = &["before_answer"];
/// Every place of a check, in their order.
pub const CHECK_POINTS: &[&str] = &["check_claimed", "check_stored", "checked"];

/// Between the commit of a confirmation and its answer.
pub const CONFIRM_POINTS: &[&str] = &["confirmed"];

#[cfg(feature = "crash-points")]
static ARMED: std::sync::Mutex<Option<(String, u32)>> = std::sync::Mutex::new(None);

/// Lets the process die when it passes `point` for the `pass`th time, counted from 1. Does nothing in a release.
#[cfg_attr(not(feature = "crash-points"), expect(unused_variables, reason = "a release has no such places"))]
pub fn arm(point: &str, pass: u32) {
    #[cfg(feature = "crash-points")]
    {
        *ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((point.to_owned(), pass));
    }
}

/// A place to die at.
#[cfg(feature = "crash-points")]
pub fn at(point: &'static str) {
    debug_assert!([POINTS, SERVER_POINTS, CHECK_POINTS, CONFIRM_POINTS].concat().contains(&point));
    let mut armed = ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((wanted, pass)) = armed.as_mut()
        && wanted == point
    {
        *pass = pass.saturating_sub(1);
        if *pass == 0 {
            std::process::abort();
        }
    }
}

/// A place to die at.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn at(_: &'static str) {}
