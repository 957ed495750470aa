//! A server gives freed memory back to the system at once: after ten imports of a million rows it then holds 35 MB instead
//! of 56, and an import takes no longer (docs/performance.md). The allocator reads that from the environment before `main`
//! runs, so a server that was not told becomes itself once more, told: the same process with the same arguments.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;

const PURGE_DELAY: &str = "MIMALLOC_PURGE_DELAY";

#[expect(
    clippy::disallowed_methods,
    reason = "the allocator reads the environment, and nothing else of the product does"
)]
pub(crate) fn give_back_at_once() {
    if env::var_os(PURGE_DELAY).is_some() {
        return;
    }
    let mut arguments = env::args_os();
    if let (Ok(program), Some(name)) = (env::current_exe(), arguments.next()) {
        // It comes back only if the program cannot be started again: then it goes on as it is.
        let _ = Command::new(program).arg0(name).args(arguments).env(PURGE_DELAY, "0").exec();
    }
}
