//! The worker inside the server: a thread that runs what waits, woken by whoever makes work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use convoke_app::Installation;
use convoke_app::imports::{Progress, Watch, Wish};
use convoke_app::worker::{Step, Worker};

use crate::log;

/// How often it looks for work that nobody told it of: of other processes, and of those that died.
const INTERVAL: Duration = Duration::from_secs(1);

/// Tells the worker that there is something to do.
#[derive(Clone)]
pub(crate) struct Work(SyncSender<()>);

impl Work {
    pub(crate) fn wake(&self) {
        // Full: it will look anyway.
        let _ = self.0.try_send(());
    }
}

/// The worker's thread.
pub(crate) struct Working {
    ends: Arc<AtomicBool>,
    work: Work,
    thread: JoinHandle<()>,
}

pub(crate) fn begin(installation: Installation) -> Working {
    let (to_worker, woken) = sync_channel(1);
    let ends = Arc::new(AtomicBool::new(false));
    let thread = {
        let ends = Arc::clone(&ends);
        std::thread::spawn(move || run(Worker::new(installation), &woken, &ends))
    };
    Working { ends, work: Work(to_worker), thread }
}

impl Working {
    pub(crate) fn work(&self) -> Work {
        self.work.clone()
    }

    /// Ends the group that is being committed, and hands the rest back: the next worker goes on with it.
    pub(crate) fn end(self) {
        self.ends.store(true, Ordering::Relaxed);
        self.work.wake();
        let _ = self.thread.join();
    }
}

fn run(mut worker: Worker, woken: &Receiver<()>, ends: &AtomicBool) {
    while !ends.load(Ordering::Relaxed) {
        // A mistake of ours in one import must not end all others: it is tried again when its lease has run out.
        let step = catch_unwind(AssertUnwindSafe(|| worker.step(&mut UntilTheEnd(ends))));
        let Ok(step) = step else {
            log::say("an import ended by a mistake of the program; the message stands above");
            continue;
        };
        let is_idle = match step {
            Ok(Step::Ran { import, outcome: Ok(state), .. }) => {
                log::say(&format!("{import} is {}", state.key()));
                false
            }
            Ok(Step::Ran { import, outcome: Err(error), .. }) => {
                log::fault(&import.to_string(), &error);
                // Tried again, but not at once.
                error.may_pass()
            }
            Ok(Step::Idle) => true,
            Err(error) => {
                log::fault("the worker cannot look for work", &error);
                true
            }
        };
        if is_idle && woken.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

struct UntilTheEnd<'a>(&'a AtomicBool);

impl Watch for UntilTheEnd<'_> {
    /// Told by the database to whoever asks.
    fn progress(&mut self, _: Progress) {}

    fn wish(&mut self) -> Wish {
        if self.0.load(Ordering::Relaxed) { Wish::HandBack } else { Wish::GoOn }
    }
}
