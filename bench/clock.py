"""Runs commands: `Command.timed` with wall time, processor time and peak memory of that one process, `done` without.

The process is started by posix_spawn and waited for by wait4, so that little of Python's own is in its figures.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A command that did not do what it was started for."""


@dataclass(frozen=True)
class Run:
    """What one process took, from its start to its exit, and what it printed."""

    seconds: float
    processor_seconds: float
    megabytes: float
    output: str
    # What single requests took, where these are what is measured.
    each: tuple = ()


@dataclass(frozen=True)
class Command:
    """What to start; `codes` are the exit codes that mean success."""

    words: list
    stdin: str = os.devnull
    codes: tuple = (0,)

    def timed(self, folder: Path) -> Run:
        """Runs it with its output in files of `folder`; everything written before is on the disk first."""
        words = [str(word) for word in self.words]
        out, err = folder / "stdout", folder / "stderr"
        write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, self.stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, out, write, 0o644),
            (os.POSIX_SPAWN_OPEN, 2, err, write, 0o644),
        ]
        os.sync()
        start = time.monotonic()
        process = os.posix_spawnp(words[0], words, environment(), file_actions=actions)
        try:
            _, status, used = os.wait4(process, 0)
        except BaseException:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            raise
        seconds = time.monotonic() - start
        if os.waitstatus_to_exitcode(status) not in self.codes:
            raise Failed(complaint(words, os.waitstatus_to_exitcode(status), err.read_text(errors="replace")))
        # Linux counts ru_maxrss in KiB.
        return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, out.read_text(errors="replace"))


def done(command: Command) -> str:
    """Runs the command outside the timed parts and returns its output."""
    words = [str(word) for word in command.words]
    with open(command.stdin, "rb") as stdin:
        ended = subprocess.run(words, stdin=stdin, env=environment(), capture_output=True, text=True, errors="replace")
    if ended.returncode not in command.codes:
        raise Failed(complaint(words, ended.returncode, ended.stderr))
    return ended.stdout


def environment() -> dict:
    """Ours, without settings of Convoke and PostgreSQL that somebody may have made for other purposes."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CONVOKE_", "PG"))}


def complaint(words: list, code: int, said: str) -> str:
    return f"`{' '.join(words)[:300]}` ended with {code}: {said.strip()[-500:]}"
