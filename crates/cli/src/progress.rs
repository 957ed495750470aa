//! The bar of an import on a terminal, and the wish to stop: Ctrl-C or SIGTERM pause the import at its next checkpoint,
//! a second one ends the process, which loses nothing either.

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use convoke_app::imports::{Progress, Watch, Wish};
use indicatif::{ProgressBar, ProgressStyle};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::{output, print};

/// One text, drawn at once and cut at the edge: bar and numbers always belong together.
const LINE: &str = "{wide_msg}";

/// What a process ends with when it is told twice to stop: 128 and SIGINT.
const STOPPED_TWICE: i32 = 130;

/// Watches an import for the person at the terminal.
pub(crate) struct Bar {
    bar: ProgressBar,
    /// The check of a stop rule comes first and runs over the same rows.
    is_check: bool,
    /// When this pass began, and with how many rows done: an earlier process's speed is none of this one.
    begun: (Instant, u64),
    last: u64,
    stop: Arc<AtomicBool>,
}

/// A sign of life while a file is read, before its rows are known.
pub(crate) fn reading(name: &str, is_quiet: bool) -> ProgressBar {
    if is_quiet || !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(format!("Reading {}", print::plain(name)));
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

impl Bar {
    /// A bar on a terminal; nothing where nobody looks. `done` rows were done before this process.
    pub(crate) fn new(is_check: bool, done: u64, is_quiet: bool) -> Self {
        let is_shown = !is_quiet && stderr().is_terminal();
        let bar = if is_shown { ProgressBar::no_length() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(LINE) {
            bar.set_style(style);
        }
        Self { bar, is_check, begun: (Instant::now(), done), last: done, stop: Arc::default() }
    }

    /// From here on a request to stop pauses the import instead of ending the process.
    pub(crate) fn pause_on_signals(&self) {
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first signal finds the flag unset, the second finds it set.
            let twice = flag::register_conditional_shutdown(signal, STOPPED_TWICE, Arc::clone(&self.stop));
            if twice.and_then(|_| flag::register(signal, Arc::clone(&self.stop))).is_err() {
                output::say("Ctrl-C cannot be caught here: it ends the import, which can be resumed");
            }
        }
    }

    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Bar {
    fn progress(&mut self, progress: Progress) {
        if self.is_check && progress.done < self.last {
            self.is_check = false;
            self.begun = (Instant::now(), progress.done);
        }
        self.last = progress.done;
        if self.bar.is_hidden() {
            return;
        }
        let done = progress.done.saturating_sub(self.begun.1);
        let verb = if self.is_check { "Checking" } else { "Importing" };
        self.bar.set_message(format!("{verb:<9} {}", print::report::progress(progress, done, self.begun.0.elapsed())));
    }

    fn wish(&mut self) -> Wish {
        if self.stop.load(Ordering::Relaxed) { Wish::Pause } else { Wish::GoOn }
    }
}
