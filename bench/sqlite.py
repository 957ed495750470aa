"""SQLite: fresh files copied from templates, and loads by its own tool `sqlite3`."""

import shutil
from pathlib import Path

from clock import Command, Failed, done
from convoke import Convoke, counts
from inputs import File
from table import COLUMNS, UPDATE

# One transaction either way; WAL is kept in the file, the others are settings of a connection.
SETTINGS = "PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"


class Sqlite:
    """One database file that is made anew, from a template, before each timed run."""

    title = "SQLite"

    def __init__(self, program: Path, folder: Path):
        self.folder = folder / "sqlite"
        self.folder.mkdir()
        self.database = self.folder / "run.db"
        self.convoke = Convoke(program, f"sqlite:{self.database}", self.folder / "files")
        self.clear()
        self.convoke.make_workspace()
        self.keep("ours")
        self.clear()
        self.sql(f"PRAGMA journal_mode=WAL; {self.table()} CREATE UNIQUE INDEX people_email ON people(lower(email));")
        self.keep("raw")

    def facts(self) -> dict:
        return {"SQLite (sqlite3)": self.sql("SELECT sqlite_version();")}

    def fresh(self, template: str) -> None:
        """The state before a timed run."""
        self.clear()
        shutil.copyfile(self.template(template), self.database)

    def settle(self) -> None:
        """Between two timed runs on one state; a file has nothing left to do."""

    def make_pool(self, people: File) -> None:
        """Templates with these people in them, made by Convoke and by the tool."""
        self.fresh("ours")
        counts(done(self.convoke.imports(people)), created=people.people)
        self.keep("ours-pool")
        self.clear()
        self.sql(f"PRAGMA journal_mode=WAL; {self.table()}")
        done(self.load(people))
        self.sql("CREATE UNIQUE INDEX people_email ON people(email);")
        self.keep("raw-pool")

    def drop_pool(self) -> None:
        for template in ("ours-pool", "raw-pool"):
            self.template(template).unlink(missing_ok=True)
        self.clear()

    def load(self, file: File) -> Command:
        """The accepted rows, as fast as the tool can."""
        return self.script("load", f'{SETTINGS}\n.import --csv --skip 1 "{file.accepted}" people\n')

    def merge(self, file: File) -> Command:
        """The accepted rows by a temporary table; who is known is updated."""
        columns = ", ".join(COLUMNS)
        staged = ", ".join(f"{column} TEXT" for column in COLUMNS)
        return self.script("merge", f"""{SETTINGS}
CREATE TEMP TABLE staged(id INTEGER, {staged});
.import --csv --schema temp --skip 1 "{file.accepted}" staged
INSERT INTO people({columns}) SELECT {columns} FROM staged WHERE true ON CONFLICT(email) DO UPDATE SET {UPDATE};
""")

    def people(self) -> int:
        """How many there are after a load."""
        return int(self.sql("SELECT count(*) FROM people;"))

    def table(self) -> str:
        columns = ", ".join(f"{column} TEXT" for column in COLUMNS)
        return f"CREATE TABLE people(id INTEGER PRIMARY KEY, {columns});"

    def script(self, name: str, text: str) -> Command:
        path = self.folder / f"{name}.sql"
        path.write_text(text)
        return Command(["sqlite3", "-bail", self.database], stdin=str(path))

    def sql(self, text: str) -> str:
        return done(Command(["sqlite3", "-bail", self.database, text])).strip()

    def keep(self, template: str) -> None:
        """The database as it is becomes a template."""
        self.sql("PRAGMA wal_checkpoint(TRUNCATE);")
        if Path(f"{self.database}-wal").exists():
            raise Failed(f"{self.database} was left with a write-ahead log")
        self.database.rename(self.template(template))

    def template(self, name: str) -> Path:
        return self.folder / f"{name}.template.db"

    def clear(self) -> None:
        for path in self.folder.glob("run.db*"):
            path.unlink()
        shutil.rmtree(self.folder / "files", ignore_errors=True)
