"""The lines of the table: which step is divided by which, what to reach, and how a line is judged."""

from dataclasses import dataclass

from cases import Results, Sizes

DATABASES = {"sqlite": "SQLite", "pg": "PostgreSQL"}
TOOLS = {"sqlite": "`sqlite3 .import`", "pg": "`psql \\copy`"}


@dataclass(frozen=True)
class Line:
    """`ours` and `other` name steps of the case; without another step, the peak memory is what counts."""

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
        """The ratio of the medians, or megabytes."""
        ours = results[self.ours]
        if self.other is None:
            return max(ours.megabytes())
        other = results[self.other]
        if self.is_times:
            return other.median() / ours.median()
        return ours.per_row() / other.per_row() if self.is_per_row else ours.median() / other.median()

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
    per_database("memory-1m", "big", f"peak memory at {big}", "", "import", None, 200)
    per_database("memory-5m", "growth", f"peak memory at {large}", "", "large", None, 300)
    per_database("memory-all-bad", "all-bad", f"peak memory at {big} rows that all fail", "", "import", None, 200)
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
        Line("workbook-memory", "workbook", "peak memory of reading it", "", "read", None, 250),
    ]
    return lines
