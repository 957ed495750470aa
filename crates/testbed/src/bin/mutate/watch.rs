//! Watches over the input that is being tried: a panic, a hang and greed for memory leave it in a file and end the program.
//! Invariant: the input is stored before it is tried, so that nothing it does can hide it.

use std::alloc::System;
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cap::Cap;

use crate::hash_of;

/// Bytes an input may make the program hold, with its own seeds.
const MAX_HELD: usize = 300 << 20;

/// Bytes at which the program ends even if the watch had no time to look.
const LAST_RESORT: usize = 2 << 30;

/// How often the watch looks.
const GLANCE: Duration = Duration::from_millis(10);

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, LAST_RESORT);

/// The most bytes this program held at once.
pub(crate) fn peak_bytes() -> usize {
    MEMORY.max_allocated()
}

/// Stands beside the trying thread until it is dropped.
pub(crate) struct Watch {
    watched: Arc<Mutex<Watched>>,
    _until_dropped: Sender<()>,
}

struct Watched {
    target: &'static str,
    out: PathBuf,
    limit: Duration,
    input: Vec<u8>,
    since: Option<Instant>,
}

impl Watch {
    /// Begins to watch; an input may take `limit`.
    pub(crate) fn start(target: &'static str, out: PathBuf, limit: Duration) -> Self {
        let watched = Arc::new(Mutex::new(Watched { target, out, limit, input: vec![], since: None }));
        let (until_dropped, dropped) = mpsc::channel::<()>();
        let seen = Arc::clone(&watched);
        thread::spawn(move || {
            while dropped.recv_timeout(GLANCE) == Err(RecvTimeoutError::Timeout) {
                lock(&seen).look();
            }
        });
        let panicked = Arc::clone(&watched);
        std::panic::set_hook(Box::new(move |panic| lock(&panicked).report_panic(panic)));
        Self { watched, _until_dropped: until_dropped }
    }

    /// This input is tried from now on.
    pub(crate) fn begin(&self, input: &[u8]) {
        let mut watched = lock(&self.watched);
        watched.input.clear();
        watched.input.extend_from_slice(input);
        watched.since = Some(Instant::now());
    }

    /// It was tried; gives how long that took.
    pub(crate) fn end(&self) -> Duration {
        let mut watched = lock(&self.watched);
        watched.look();
        if peak_bytes() > MAX_HELD {
            watched.give_up(&format!("held {} MB", peak_bytes() >> 20));
        }
        watched.since.take().map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Watched {
    fn look(&self) {
        let Some(since) = self.since else { return };
        if since.elapsed() > self.limit {
            self.give_up(&format!("took longer than {} s", self.limit.as_secs()));
        }
        if MEMORY.allocated() > MAX_HELD {
            self.give_up(&format!("holds more than {} MB", MAX_HELD >> 20));
        }
    }

    fn report_panic(&self, panic: &PanicHookInfo<'_>) {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        let sentence = panic.payload_as_str().unwrap_or("without a sentence");
        self.give_up(&format!("panicked{place}: {sentence}"));
    }

    /// Leaves the input in a file and ends the program.
    fn give_up(&self, what: &str) -> ! {
        let path = self.out.join(format!("{}-{:016x}", self.target, hash_of(&self.input)));
        let kept = match std::fs::write(&path, &self.input) {
            Ok(()) => format!("try it again with --replay {}", path.display()),
            Err(error) => format!("and could not be written to {}: {error}", path.display()),
        };
        eprintln!("{}: an input of {} bytes {what}\n{kept}", self.target, self.input.len());
        std::process::exit(101)
    }
}

fn lock(watched: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}
