"""What is run: each case is a few steps that take turns, round after round, every one on a fresh state.

A line of the table divides one step of a case by another one of the same case.
"""

import re
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import workbook as workbooks
from clock import Command, Failed, Run, done
from convoke import Convoke, counts
from inputs import File, Inputs
from server import Served
from sqlite import Sqlite

# Rounds where 5,000,000 people are involved, which take minutes each.
FEW_ROUNDS = 3
ROUNDS = 5

# People of the pool and of the files that meet it; far from everybody else's numbers.
POOL_START = 100_000_001


class Sizes:
    """Rows of the files, scaled."""

    def __init__(self, scale: float):
        self.scale = scale
        self.small, self.workbook, self.big, self.large = (
            max(round(rows * scale), 20) for rows in (50_000, 200_000, 1_000_000, 5_000_000))


@dataclass
class Step:
    """What to time, by its `timed`: `prepare` makes its state before, `check` sees after it whether it did its work."""

    name: str
    rows: int
    prepare: Callable[[], None]
    work: Callable[[], "Command | Served"]
    check: Callable[[str], None]
    # A step that takes minutes may be content with fewer rounds than the others.
    most_rounds: int | None = None


@dataclass
class Case:
    """Steps in their order."""

    steps: list[Step]
    folder: Path
    rounds: int = ROUNDS
    clear: Callable[[], None] = lambda: None


@dataclass
class Result:
    """What all rounds of a step took."""

    rows: int
    runs: list[Run] = field(default_factory=list)

    def seconds(self) -> list[float]:
        return [run.seconds for run in self.runs]

    def median(self) -> float:
        return statistics.median(self.seconds())

    def per_row(self) -> float:
        return self.median() / self.rows

    def megabytes(self) -> list[float]:
        return [run.megabytes for run in self.runs]

    def each(self) -> list[float]:
        return sorted(seconds for run in self.runs for seconds in run.each)


Results = dict[str, Result]


def rounds(case: Case, wanted: set[str], asked: int | None, results: Results) -> Iterator[str]:
    """Runs the wanted steps in turn and fills `results`; yields a sentence after each step."""
    many = asked or case.rounds
    for number in range(many):
        for step in (step for step in case.steps if step.name in wanted):
            if step.most_rounds is not None and number >= step.most_rounds:
                continue
            step.prepare()
            run = step.work().timed(case.folder)
            step.check(run.output)
            # Reports of thousands of issues would make Python's memory count in the next process.
            run = replace(run, output=run.output[-1000:])
            results.setdefault(step.name, Result(step.rows)).runs.append(run)
            yield f"round {number + 1} of {many}, {step.name}: {run.seconds:.3f} s, {run.megabytes:.0f} MB"


def small(database, inputs: Inputs, sizes: Sizes) -> Case:
    """New people, few."""
    file = inputs.advocates(sizes.small)
    return Case([import_new(database, file), load_new(database, file)], database.folder)


def big(database, inputs: Inputs, sizes: Sizes) -> Case:
    """New people, many: a check of the file, its import, the same again, and the load by the tool."""
    file = inputs.advocates(sizes.big)
    check = Step("check", file.rows, lambda: database.fresh("ours"), lambda: database.convoke.checks(file),
                 lambda output: expect_new(output, file))
    again = Step("again", file.rows, database.settle, lambda: database.convoke.imports(file), expect_unchanged)
    return Case([check, import_new(database, file), again, load_new(database, file)], database.folder)


def detection(database, inputs: Inputs, sizes: Sizes) -> Case:
    """The same new people thrice: as UTF-8 and as Windows-1252, told nothing, and as UTF-8, told everything."""
    utf8, latin = inputs.in_latin_letters(sizes.big)
    told = ("--encoding", "utf-8", "--delimiter", "comma", "--header-row", "1")
    steps = [import_new(database, utf8, "utf8"), import_new(database, latin, "1252"),
             import_new(database, utf8, "told", *told)]
    return Case(steps, database.folder)


def growth(database, inputs: Inputs, sizes: Sizes) -> Case:
    """New people, very many beside many."""
    files = {"big": inputs.advocates(sizes.big), "large": inputs.advocates(sizes.large)}
    steps = [import_new(database, file, name) for name, file in files.items()]
    return Case(steps, database.folder, FEW_ROUNDS)


def all_bad(database, inputs: Inputs, sizes: Sizes) -> Case:
    """Every row fails."""
    file = inputs.all_bad(sizes.big)
    return Case([import_new(database, file)], database.folder)


def pool(database, inputs: Inputs, sizes: Sizes) -> Case:
    """Rows that meet a pool: every second one somebody of it, with another title, spread over all of it."""
    # The pool has every second number, and an odd stride alternates between those and the others.
    stride = (2 * sizes.large // sizes.small - 1) | 1
    people = inputs.advocates(sizes.large, "--clean", "--start", str(POOL_START), "--stride", "2")
    file = inputs.advocates(sizes.small, "--changed", "--start", str(POOL_START), "--stride", str(stride))
    database.make_pool(people)
    policy = ("--policy", "title=overwrite")
    created = 0

    def expect_half(output: str) -> None:
        nonlocal created
        found = counts(output, total=file.rows, failed=file.bad, skipped=0)
        created = found["created"]
        known = file.people - created
        # Repeated people are updated once more.
        if abs(known / file.people - 0.5) > 0.05 or found["updated"] < known:
            raise Failed(f"half of {file.people} people should be known, the import says {found}")

    def expect_merged(_output: str) -> None:
        found = database.people() - people.people
        if created and found != created:
            raise Failed(f"{found} people were added beside an import that added {created}")

    steps = [
        Step("import", file.rows, lambda: database.fresh("ours-pool"),
             lambda: database.convoke.imports(file, *policy), expect_half),
        # Without the policy: a person in two rows would get the title of one and of the other for ever.
        Step("again", file.rows, database.settle, lambda: database.convoke.imports(file), expect_unchanged),
        Step("raw", file.rows, lambda: database.fresh("raw-pool"), lambda: database.merge(file), expect_merged),
    ]
    return Case(steps, database.folder, FEW_ROUNDS, database.drop_pool)


OF_A_DATABASE = {"small": small, "big": big, "detection": detection, "growth": growth, "all-bad": all_bad, "pool": pool}


def import_new(database, file: File, name: str = "import", *options: str) -> Step:
    return Step(name, file.rows, lambda: database.fresh("ours"), lambda: database.convoke.imports(file, *options),
                lambda output: expect_new(output, file))


def load_new(database, file: File) -> Step:
    def expect_people(_output: str) -> None:
        if database.people() != file.people:
            raise Failed(f"{database.people()} people were loaded instead of {file.people}")

    return Step("raw", file.rows, lambda: database.fresh("raw"), lambda: database.load(file), expect_people)


def expect_new(output: str, file: File) -> None:
    counts(output, total=file.rows, created=file.people, updated=0, failed=file.bad)


def expect_unchanged(output: str) -> None:
    counts(output, created=0, updated=0)


def peers(inputs: Inputs, sizes: Sizes, program: Path, scripts: Path, folder: Path) -> Case:
    """The scripts people write for the job, on SQLite; the import of django-import-export without its dry run."""
    folder = folder / "peers"
    folder.mkdir()
    ours = Sqlite(program, folder)
    file = inputs.advocates(sizes.small)
    database = folder / "peer.db"
    report = folder / "peer-report.csv"
    python = scripts / "venv" / "bin" / "python"
    words = {
        "pandas": [python, scripts / "pandas_peer.py", file.path, "--url", f"sqlite:///{database}", "--report", report],
        "knex": ["node", scripts / "knex_peer.mjs", file.path, f"sqlite:{database}", "500", report],
        "activerecord": ["ruby", scripts / "activerecord_peer.rb", file.path, f"sqlite:{database}", "1000", report],
        "django": [python, scripts / "django_peer.py", file.path, "--db", f"sqlite:{database}", "--no-dry"],
    }

    def clear() -> None:
        for path in folder.glob("peer.db*"):
            path.unlink()

    def expect_people(output: str) -> None:
        found = re.search(r"\b(?:in_db|created)=(\d+)", output)
        if not found or int(found[1]) != file.people:
            raise Failed(f"the script should make {file.people} people, it says: {output.strip()[-300:]}")

    steps = [import_new(ours, file)]
    for name, command in words.items():
        most = 1 if name == "django" else None
        steps.append(Step(name, file.rows, clear, lambda command=command: Command(command), expect_people, most))
    return Case(steps, folder)


def workbook(sizes: Sizes, programs: Path, scripts: Path, folder: Path) -> Case:
    """A workbook read whole: by the process that an import starts, and by the readers of others, which write nothing."""
    folder = folder / "workbook"
    folder.mkdir()
    path, table = folder / "people.xlsx", folder / "stdout"
    done(Command([sys.executable, "-B", workbooks.__file__, path, sizes.workbook]))
    rows = sizes.workbook + 1
    peer = ("import sys, openpyxl; rows = openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True); "
            "print(sum(len(row) for row in rows))")
    words = {
        "read": [programs / "convoke", "read-workbook", path],
        "calamine": [programs / "bare-calamine", path],
        "openpyxl": [scripts / "venv" / "bin" / "python", "-c", peer, path],
    }

    def expect_rows(output: str) -> None:
        if output.count("\n") != rows:
            raise Failed(f"the table should have {rows} lines, it has {output.count(chr(10))}")

    def expect_cells(output: str) -> None:
        if output.strip() != str(rows * len(workbooks.HEADERS)):
            raise Failed(f"the reader should find {rows * len(workbooks.HEADERS)} cells, it says {output.strip()[-300:]}")

    return Case([
        Step(name, sizes.workbook, lambda: table.unlink(missing_ok=True), lambda name=name: Command(words[name]),
             expect_rows if name == "read" else expect_cells)
        for name in words
    ], folder)
