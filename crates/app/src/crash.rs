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

#[cfg(feature = "crash-points")]
static CLOCK: std::sync::OnceLock<String> = std::sync::OnceLock::new();

/// Lets a file say by how many seconds the clock is set forwards (or back), from now on and again at each look. Does
/// nothing in a release.
#[cfg_attr(not(feature = "crash-points"), expect(unused_variables, reason = "a release has no such clock"))]
pub fn set_clock(file: &str) {
    #[cfg(feature = "crash-points")]
    drop(CLOCK.set(file.to_owned()));
}

/// What the clock shows at `now` (UTC microseconds).
#[cfg(feature = "crash-points")]
pub fn clock(now: i64) -> i64 {
    let said = CLOCK.get().and_then(|file| std::fs::read_to_string(file).ok());
    let seconds: i64 = said.and_then(|said| said.trim().parse().ok()).unwrap_or_default();
    now + seconds * 1_000_000
}

/// What the clock shows at `now`: just that.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn clock(now: i64) -> i64 {
    now
}
