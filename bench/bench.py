"""Measures Convoke beside the databases' own tools and prints a Markdown table. Run it by `scripts/bench`.

Both sides of a ratio are measured in turn in one run, each time on a fresh database; nothing is asserted by time.
"""

import argparse
import fnmatch
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import cases
import lines
import machine
import report
import serving
from clock import Failed
from inputs import Inputs
from postgres import Postgres
from sqlite import Sqlite

# What files, templates and copies take together at full scale.
BYTES_NEEDED = 25e9

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    options = parse()
    sizes = cases.Sizes(options.scale)
    table = lines.table(sizes)
    if options.list:
        print("\n".join(line.name for line in table))
        return 0
    wanted = [line for line in table if any(fnmatch.fnmatchcase(line.name, name) for name in options.only)]
    if not wanted:
        sys.exit("No line has such a name; --list prints them all.")
    peers = os.environ.get("CONVOKE_PEERS", "")
    notes = []
    if not peers and any(line.needs_peers for line in wanted):
        wanted = [line for line in wanted if not line.needs_peers]
        notes.append("The peer scripts were not measured: CONVOKE_PEERS does not name their folder (see bench/peers-setup).")

    # A clean end by `kill` as by Ctrl-C: the cluster stops and the folder goes away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="convoke-bench-", dir=options.work)).resolve()
    # PostgreSQL may run as another user, who must be able to pass.
    folder.chmod(0o755)
    if shutil.disk_usage(folder).free < BYTES_NEEDED * sizes.scale:
        say(f"{folder} may be too small: a full run needs up to {BYTES_NEEDED * sizes.scale / 1e9:.0f} GB.")
    try:
        run = Measurement(options, sizes, wanted, notes, Path(peers).resolve(), folder)
        run.all()
        print(run.markdown())
        return 1 if run.has_failed else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Convoke beside bare databases.")
    parser.add_argument("--only", type=lambda text: text.split(","), default=["*"], metavar="NAME,...",
                        help="these lines; * stands for anything, as in 'sqlite-*'")
    parser.add_argument("--list", action="store_true", help="print the lines' names")
    parser.add_argument("--rounds", type=int, metavar="N", help="default: 5; 3 where 5,000,000 people are involved")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F", help="rows times F, 0.01 for a smoke run")
    parser.add_argument("--work", metavar="DIR", help="where the files and databases lie (default: the temporary folder)")
    parser.add_argument("--out", metavar="FILE", help="write the Markdown there too")
    parser.add_argument("--programs", type=Path, default=PROJECT / "target" / "release", metavar="DIR",
                        help="where convoke, generate, pg and bare-calamine are (default: target/release)")
    options = parser.parse_args()
    if options.scale <= 0 or (options.rounds is not None and options.rounds < 1):
        parser.error("--scale and --rounds must be above zero")
    if options.work:
        os.makedirs(options.work, exist_ok=True)
    if options.out:
        options.out = os.path.abspath(options.out)
    for name in ("bare-calamine", "convoke", "generate", "pg"):
        if not (options.programs / name).exists():
            parser.error(f"there is no {name} in {options.programs}; scripts/bench builds it")
    return options


class Measurement:
    """One run: the wanted lines, case by case, and what came of them."""

    def __init__(self, options, sizes, wanted, notes, peers: Path, folder: Path):
        self.options, self.sizes, self.wanted, self.notes = options, sizes, wanted, notes
        self.folder, self.peers = folder, peers
        self.programs = options.programs.resolve()
        self.inputs = Inputs(self.programs / "generate", folder)
        self.results: dict[str, cases.Results] = {}
        self.has_failed = False
        self.facts = machine.facts(folder, self.programs / "convoke", PROJECT)
        if any(line.needs_peers for line in wanted):
            self.facts |= machine.peers(peers)

    def all(self) -> None:
        program = self.programs / "convoke"
        self.database("sqlite", lambda: nullcontext(Sqlite(program, self.folder)))
        if self.is_wanted("peers"):
            self.case("peers", lambda: cases.peers(self.inputs, self.sizes, program, self.peers, self.folder))
        if self.is_wanted("workbook"):
            self.case("workbook", lambda: cases.workbook(self.sizes, self.programs, self.peers, self.folder))
        self.database("pg", lambda: Postgres(self.programs, self.folder))

    def database(self, key: str, opening: Callable[[], AbstractContextManager]) -> None:
        """Every wanted case of one database, which is opened only if there are any."""
        wanted = {name: case for name, case in (cases.OF_A_DATABASE | serving.OF_A_DATABASE).items() if self.is_wanted(f"{key}-{name}")}
        if not wanted:
            return
        try:
            with opening() as database:
                self.facts |= database.facts()
                for name, case in wanted.items():
                    self.case(f"{key}-{name}", lambda case=case: case(database, self.inputs, self.sizes))
        except Failed as failure:
            self.complain(key, failure)

    def case(self, name: str, prepare: Callable[[], cases.Case]) -> None:
        """One case; if it fails, the others go on."""
        steps = {step for line in self.wanted if line.case == name for step in line.steps()}
        say(f"{name}: preparing")
        case = None
        try:
            case = prepare()
            results = self.results[name] = {}
            for done in cases.rounds(case, steps, self.options.rounds, results):
                say(f"{name}: {done}")
        except (Failed, OSError) as failure:
            self.complain(name, failure)
        finally:
            if case:
                case.clear()
        if self.options.out:
            Path(self.options.out).write_text(self.markdown() + "\n")

    def complain(self, name: str, failure: Exception) -> None:
        self.has_failed = True
        self.notes.append(f"**{name} could not be measured to its end:** {failure}")
        say(self.notes[-1])

    def is_wanted(self, case: str) -> bool:
        return any(line.case == case for line in self.wanted)

    def markdown(self) -> str:
        return report.markdown(self.facts, self.wanted, self.results, self.sizes, self.notes)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
