//! The workers inside a process: threads that run what waits, woken by whoever makes work, and the janitor beside them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use convoke_app::Installation;
use convoke_app::imports::{Progress, Watch, Wish};
use convoke_app::worker::{Step, Team, Worker};

use crate::log;

/// How often workers look for work that nobody told them of: of other processes, and of those that died.
const INTERVAL: Duration = Duration::from_secs(1);
/// The janitor's rounds.
const ROUND: Duration = Duration::from_secs(3600);
/// A worker that has not begun to commit yet has nothing to hand back; it is not waited for longer than this.
const END_TIME: Duration = Duration::from_secs(5);

/// How imports are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workers {
    /// Threads of this process.
    pub threads: usize,
    /// Imports of one workspace that run at once, in all processes.
    pub per_workspace: usize,
}

/// Tells the workers that there is something to do.
#[derive(Clone, Default)]
pub(crate) struct Work(Arc<Bell>);

#[derive(Default)]
struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
    ends: AtomicBool,
}

impl Work {
    pub(crate) fn wake(&self) {
        *self.0.rings.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.rung.notify_all();
    }

    /// Asks the workers to end.
    pub(crate) fn end(&self) {
        self.0.ends.store(true, Ordering::Relaxed);
        self.wake();
    }

    fn ends(&self) -> bool {
        self.0.ends.load(Ordering::Relaxed)
    }

    /// Waits until somebody rings who has not rung at `heard`, but not longer than `longest`.
    fn wait(&self, heard: u64, longest: Duration) {
        let rings = self.0.rings.lock().unwrap_or_else(PoisonError::into_inner);
        // What was rung since was for somebody who did not sleep.
        drop(self.0.rung.wait_timeout_while(rings, longest, |rings| *rings == heard));
    }

    fn rings(&self) -> u64 {
        *self.0.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The threads.
pub(crate) struct Working {
    work: Work,
    /// Closed when the last worker has ended.
    ended: Receiver<()>,
}

pub(crate) fn begin(installation: &Installation, workers: Workers) -> Working {
    let work = Work::default();
    let (alive, ended) = channel();
    let team = Team::new(installation.clone(), workers.per_workspace);
    let checker = std::iter::once_with(|| team.checker());
    for worker in (0..workers.threads).map(|_| team.worker()).chain(checker) {
        let (work, alive) = (work.clone(), alive.clone());
        std::thread::spawn(move || run(worker, &work, alive));
    }
    let (installation, of_janitor) = (installation.clone(), work.clone());
    // Not waited for: whatever it is at can be broken off.
    std::thread::spawn(move || tidy(&installation, &of_janitor));
    Working { work, ended }
}

impl Working {
    pub(crate) fn work(&self) -> Work {
        self.work.clone()
    }

    /// Waits until the groups that are being committed have ended, and the rest was handed back: the next worker goes on
    /// with it.
    pub(crate) fn end(self) {
        self.work.end();
        let _ = self.ended.recv_timeout(END_TIME);
    }
}

fn run(mut worker: Worker, work: &Work, _alive: Sender<()>) {
    while !work.ends() {
        let heard = work.rings();
        // What the allocator keeps for a thread it gives back when the thread ends, and a mistake of ours in one import must not
        // end all others: it is tried again when its lease has run out.
        let step = std::thread::scope(|steps| steps.spawn(|| worker.step(&mut UntilTheEnd(work))).join());
        let Ok(step) = step else {
            tracing::error!("an import ended by a mistake of the program; the message stands above");
            work.wait(heard, INTERVAL);
            continue;
        };
        let is_idle = match step {
            Ok(Step::Ran { import, workspace, outcome: Ok(state) }) => {
                tracing::info!(import = %import, workspace = workspace.0, state = state.key(), "import");
                // What waits of its workspace may have its turn now.
                work.wake();
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
        if is_idle {
            work.wait(heard, INTERVAL);
        }
    }
}

fn tidy(installation: &Installation, work: &Work) {
    let mut next = std::time::Instant::now();
    while !work.ends() {
        if next <= std::time::Instant::now() {
            next += ROUND;
            match catch_unwind(AssertUnwindSafe(|| installation.sweep(installation.store.now()))) {
                Ok(Ok(swept)) if swept == Default::default() => {}
                Ok(Ok(swept)) => tracing::info!(
                    orphans = swept.orphans,
                    cut_off = swept.cut_off,
                    expired = swept.expired.files,
                    unconfirmed = swept.expired.unconfirmed,
                    "janitor"
                ),
                Ok(Err(error)) => log::fault("the janitor could not end its round", &error),
                Err(_) => tracing::error!("the janitor met a mistake of the program; the message stands above"),
            }
        }
        work.wait(work.rings(), ROUND);
    }
}

struct UntilTheEnd<'a>(&'a Work);

impl Watch for UntilTheEnd<'_> {
    /// Told by the database to whoever asks.
    fn progress(&mut self, _: Progress) {}

    fn wish(&mut self) -> Wish {
        if self.0.ends() { Wish::HandBack } else { Wish::GoOn }
    }
}
