"""The lines of the table: which step is divided by which, what to reach, and how a line is judged."""

import statistics
from dataclasses import dataclass

from cases import Result, Results, Sizes

DATABASES = {"sqlite": "SQLite", "pg": "PostgreSQL"}
TOOLS = {"sqlite": "`sqlite3 .import`", "pg": "`psql \\copy`"}


@dataclass(frozen=True)
class Line:
    """`ours` and `other` name steps of the case, whose figures are divided; without another step, ours is what counts."""

    name: str
    case: str
    work: str
    beside: str
    ours: str
    other: str | None
    reach: float
    # Times as fast as the other, the more the better; otherwise our time as a part of its time, the less the better.
    is_times: bool = False
    is_per_row: bool = False
    # What of a step counts: "seconds", the peak "megabytes", or the "median" and the "p99" of single requests, in seconds.
    figure: str = "seconds"

    @property
    def needs_peers(self) -> bool:
        return self.case == "peers" or self.other == "openpyxl"

    def steps(self) -> set[str]:
        # What is done again must be done first.
        first = {"import"} if self.ours == "again" else set()
        return {self.ours} | ({self.other} if self.other else set()) | first

    def is_measured(self, results: Results) -> bool:
        return all(step in results for step in self.steps())

    def value(self, results: Results) -> float:
        """The ratio of the medians or of the memory; without another step megabytes or milliseconds."""
        ours = results[self.ours]
        if self.other is None:
            return self.alone(ours)
        other = results[self.other]
        if self.figure == "megabytes":
            return max(ours.megabytes()) / max(other.megabytes())
        if self.is_times:
            return other.median() / ours.median()
        return ours.per_row() / other.per_row() if self.is_per_row else ours.median() / other.median()

    def alone(self, ours: Result) -> float:
        if self.figure == "megabytes":
            return max(ours.megabytes())
        each = ours.each()
        return 1000 * (statistics.median(each) if self.figure == "median" else each[int(len(each) * 0.99)])

    @property
    def unit(self) -> str:
        """Of a value without another step."""
        return "MB" if self.figure == "megabytes" else "ms"

    def is_met(self, results: Results) -> bool:
        value = self.value(results)
        return value >= self.reach if self.is_times else value <= self.reach


def table(sizes: Sizes) -> list[Line]:
    """All lines, in the order in which they are shown."""
    small, big, large = (f"{rows:,}" for rows in (sizes.small, sizes.big, sizes.large))
    lines = []

    def per_database(name: str, case: str, work: str, beside: str, ours: str, other: str | None, *reach: float, **more):
        for key, reached in zip(DATABASES, reach * 2 if len(reach) == 1 else reach):
            text = beside.replace("TOOL", TOOLS[key])
            lines.append(Line(f"{key}-{name}", f"{key}-{case}", f"{work}, {DATABASES[key]}", text, ours, other, reached, **more))

    per_database("1m", "big", f"import {big} new", "TOOL of the accepted rows", "import", "raw", 1.0, 1.5)
    per_database("50k", "small", f"import {small} new", "TOOL of the accepted rows", "import", "raw", 1.3, 1.6)
    per_database("pool", "pool", f"{small} rows, half of them known and changed, into a pool of {large}",
                 "TOOL to a temporary table + `INSERT ... ON CONFLICT DO UPDATE`", "import", "raw", 1.25)
    per_database("again-pool", "pool", "the same file again, nothing changed (pool)", "its first import", "again", "import", 0.6)
    per_database("again-1m", "big", f"the same file again, nothing changed ({big})", "its first import", "again", "import", 0.6)
    per_database("check", "big", f"check of {big} rows", "import of them", "check", "import", 0.5)
    per_database("5m", "growth", f"cost per row at {large}", f"at {big}", "large", "big", 1.3, is_per_row=True)
    per_database("memory-1m", "big", f"peak memory at {big}", "", "import", None, 200, figure="megabytes")
    per_database("memory-5m", "growth", f"peak memory at {large}", "", "large", None, 300, figure="megabytes")
    per_database("memory-all-bad", "all-bad", f"peak memory at {big} rows that all fail", "", "import", None, 200, figure="megabytes")
    cli = "the command line"
    per_database("api", "api", f"import {small} new through the API, from the first byte to the answer", cli, "api", "import", 1.4)
    per_database("api-checked", "api", f"{small} new through the API: upload, check, confirm, import", f"{cli} without a check",
                 "api-checked", "import", 2.0)
    per_database("streams", "streams", f"import {big} new with 200 open progress streams", "with one", "watched", "import", 1.1)
    per_database("writes-median", "writes", f"another write of the API while {big} new are imported, median", "", "writes", None,
                 150, 37.5, figure="median")
    per_database("writes-p99", "writes", f"another write of the API while {big} new are imported, 99th percentile", "", "writes", None,
                 1000, 250, figure="p99")
    per_database("fairness", "fairness", f"import {small} new while another workspace has 50 imports waiting", "while nobody has",
                 "crowded", "alone", 2.0)
    per_database("memory-server", "memory", f"memory of a server after ten imports of {big}", "after its first small one", "ten", "first",
                 1.3, figure="megabytes")
    lines.append(Line("pg-workers", "pg-workers", f"eight imports of {2 * sizes.small:,} new, two processes, PostgreSQL", "one process",
                      "two", "one", 1.0))
    for name, encoding, reach in (("utf8", "UTF-8", 1.05), ("1252", "Windows-1252", 1.15)):
        lines.append(Line(f"detect-{name}", "sqlite-detection", f"import of {big} rows in {encoding}, detected, SQLite",
                          "the same rows in UTF-8, told how to read them", name, "told", reach))
    for peer, title, reach in (
        ("pandas", "a script with pandas and SQLAlchemy", 3),
        ("knex", "a script with csv-parse and knex", 4),
        ("activerecord", "a script with activerecord-import", 25),
        ("django", "django-import-export, without its dry run", 100),
    ):
        lines.append(Line(f"peer-{peer}", "peers", f"{small} rows, SQLite", title, "import", peer, reach, is_times=True))
    read = f"read a workbook of {sizes.workbook:,} rows and 12 columns"
    lines += [
        # 0.7 times as fast as a reader that writes nothing.
        Line("workbook-calamine", "workbook", read, "calamine's streaming reader alone, nothing written", "read", "calamine", 1.43),
        Line("workbook-openpyxl", "workbook", read, "openpyxl, read-only, nothing written", "read", "openpyxl", 8, is_times=True),
        Line("workbook-memory", "workbook", "peak memory of reading it", "", "read", None, 250, figure="megabytes"),
    ]
    return lines
