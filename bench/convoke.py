"""Convoke on one database: its command lines, and what its report must say for a measurement to count."""

import json
from pathlib import Path

from clock import Command, Failed, done
from inputs import File

# What Convoke allows without being asked.
ROWS, BYTES = 1_000_000, 512_000_000


class Convoke:
    """The program with the database and the folder of uploads it works on."""

    def __init__(self, program: Path, database: str, files: Path):
        self.program, self.database, self.files = program, database, files

    def make_workspace(self) -> None:
        """An empty workspace with the two custom fields of the generated files."""
        done(self.command("migrate"))
        for field in ("Interests", "Regions"):
            done(self.command("fields", "add", field, "--as", "advocate", "--multiple"))

    def imports(self, file: File, *options: str) -> Command:
        return self.reading("import", file, *options)

    def checks(self, file: File, *options: str) -> Command:
        return self.reading("check", file, *options)

    def reading(self, verb: str, file: File, *options: str) -> Command:
        limits = []
        if file.rows > ROWS:
            limits += ["--max-rows", file.rows]
        size = file.path.stat().st_size
        if size > BYTES:
            limits += ["--max-bytes", size]
        # Rows that fail belong to the files: exit code 1.
        return self.command(verb, file.path, "--as", "advocates", "--json", *limits, *options, codes=(0, 1))

    def command(self, *words, codes: tuple = (0,)) -> Command:
        return Command([self.program, *words, "--db", self.database, "--files", self.files], codes=codes)


def counts(output: str, **expected: int) -> dict:
    """The counts of an import's report; each one named must be as expected."""
    report = json.loads(output)
    found = report["counts"]
    wrong = {name: found[name] for name, count in expected.items() if found[name] != count}
    if report["status"] != "completed" or wrong:
        raise Failed(f"the import is {report['status']} with {wrong or found}, expected {expected}")
    return found
