"""Files of made-up people, written once by `generate` before anything is timed."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from clock import Command, Failed, done


@dataclass(frozen=True)
class File:
    """A file to import; `accepted` holds the rows an import must create, for the databases' own tools."""

    path: Path
    accepted: Path
    rows: int
    people: int
    bad: int


class Inputs:
    """Makes each file when it is first asked for."""

    def __init__(self, generate: Path, folder: Path):
        self.generate, self.folder = generate, folder
        self.files: dict[tuple, File] = {}

    def advocates(self, rows: int, *options: str) -> File:
        """The mixed file: bad addresses, repeated people, line breaks; `options` are those of `generate`."""
        return self.file("advocates", rows, *options)

    def all_bad(self, rows: int) -> File:
        """A file of which every row fails."""
        return self.file("all-bad", rows)

    def in_latin_letters(self, rows: int) -> tuple[File, File]:
        """The mixed file with only letters Windows-1252 has, in UTF-8 and in that."""
        mixed = self.advocates(rows)
        files = []
        for encoding in ("utf-8", "cp1252"):
            path = mixed.path.with_suffix(f".{encoding}.csv")
            with mixed.path.open(encoding="utf-8", newline="") as source, path.open("wb") as target:
                while block := source.read(1 << 20):
                    target.write(block.encode("cp1252", "replace").decode("cp1252").encode(encoding))
            files.append(replace(mixed, path=path))
        return tuple(files)

    def file(self, kind: str, rows: int, *options: str) -> File:
        key = (kind, rows, *options)
        if key not in self.files:
            stem = self.folder / f"people-{len(self.files)}"
            path, accepted = stem.with_suffix(".csv"), stem.with_suffix(".accepted.csv")
            self.files[key] = self.write(path, accepted, kind, rows, options)
        return self.files[key]

    def write(self, path: Path, accepted: Path, kind: str, rows: int, options: tuple) -> File:
        words = [self.generate, kind, "--rows", rows, "--out", path, *options]
        if kind == "advocates":
            words += ["--accepted", accepted]
        # What it counts stands on standard error.
        said = done(Command(["sh", "-c", '"$@" 2>&1', "sh", *words]))
        counts = re.search(r"(\d+) rows: (\d+) people, (\d+) bad rows", said)
        if not counts:
            raise Failed(f"generate did not say what it wrote: {said}")
        return File(path, accepted, *map(int, counts.groups()))
