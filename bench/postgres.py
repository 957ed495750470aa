"""PostgreSQL: a cluster of our own with fsync on, databases made from templates, loads by its own tool `psql`."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from clock import Command, Failed, done
from convoke import Convoke, counts
from inputs import File
from table import COLUMNS, UPDATE

# With min_wal_size the files of the log are used again, as on a server that has worked for a while, instead of being
# made and zeroed while the clock runs.
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "min_wal_size": "4GB", "work_mem": "64MB"}

# A text column is never NULL: an empty cell is an empty text, as in SQLite.
CSV = r"csv header null '\N'"


class Postgres:
    """A cluster that lives as long as the `with` block, and the database `run`, made anew before each timed run."""

    title = "PostgreSQL"

    def __init__(self, programs: Path, folder: Path):
        self.programs, self.folder = programs, folder / "postgres"

    def __enter__(self) -> "Postgres":
        self.folder.mkdir()
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        # `cat` keeps the cluster up until we close its input.
        words = [self.programs / "pg", "--durable", *settings, "--", "sh", "-c", 'echo "$PGHOST"; exec cat']
        # The cluster's files lie where everything else does.
        self.cluster = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"TMPDIR": str(self.folder.parent)})
        self.host = self.cluster.stdout.readline().strip()
        if not self.host:
            self.cluster.wait()
            raise Failed("PostgreSQL did not start")
        try:
            self.make_templates()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.cluster.stdin.close()
        self.cluster.wait()

    def make_templates(self) -> None:
        self.create("ours")
        self.convoke_on("ours").make_workspace()
        self.create("raw")
        self.sql("raw", self.table())
        self.sql("raw", "CREATE UNIQUE INDEX people_email ON people (lower(email))")

    def facts(self) -> dict:
        settings = ", ".join(f"{name} = {value}" for name, value in SETTINGS.items())
        return {"PostgreSQL": f"{self.sql('postgres', 'SHOW server_version')} ({settings}, the rest as it comes)"}

    @property
    def convoke(self) -> Convoke:
        return self.convoke_on("run")

    def convoke_on(self, database: str) -> Convoke:
        address = f"postgres://postgres@/{database}?host={quote(self.host)}"
        return Convoke(self.programs / "convoke", address, self.folder / "files")

    def fresh(self, template: str) -> None:
        """The state before a timed run: nothing left to write, the pool in memory."""
        shutil.rmtree(self.folder / "files", ignore_errors=True)
        self.create("run", template)
        if template.endswith("-pool"):
            table = "person" if template == "ours-pool" else "people"
            relations = f"SELECT '{table}'::regclass UNION ALL SELECT indexrelid FROM pg_index WHERE indrelid = '{table}'::regclass"
            self.sql("run", f"SELECT sum(pg_prewarm(relation::regclass)) FROM ({relations}) AS of(relation)")
        self.settle()

    def settle(self) -> None:
        self.sql("postgres", "CHECKPOINT")

    def make_pool(self, people: File) -> None:
        """Templates with these people in them, made by Convoke and by the tool."""
        self.create("ours-pool", "ours")
        counts(done(self.convoke_on("ours-pool").imports(people)), created=people.people)
        self.create("raw-pool")
        self.sql("raw-pool", self.table())
        done(self.psql("raw-pool", self.copy("people", people)))
        self.sql("raw-pool", "CREATE UNIQUE INDEX people_email ON people (email)")
        self.sql("raw-pool", f"SELECT setval('people_id_seq', {people.people})")
        for database in ("ours-pool", "raw-pool"):
            self.sql(database, "CREATE EXTENSION pg_prewarm")
            self.sql(database, "VACUUM (ANALYZE)")
        self.settle()

    def drop_pool(self) -> None:
        for database in ("run", "ours-pool", "raw-pool"):
            self.drop(database)

    def load(self, file: File) -> Command:
        """The accepted rows, as fast as the tool can."""
        return self.psql("run", self.copy("people", file))

    def merge(self, file: File) -> Command:
        """The accepted rows by a temporary table; who is known is updated."""
        columns = ", ".join(COLUMNS)
        staged = ", ".join(f"{column} text" for column in COLUMNS)
        return self.psql(
            "run",
            f"CREATE TEMP TABLE staged(id bigint, {staged})",
            self.copy("staged", file),
            f"INSERT INTO people({columns}) SELECT {columns} FROM staged ON CONFLICT (email) DO UPDATE SET {UPDATE}",
        )

    def people(self) -> int:
        """How many there are after a load."""
        return int(self.sql("run", "SELECT count(*) FROM people"))

    def table(self) -> str:
        columns = ", ".join(f"{column} text" for column in COLUMNS)
        return f"CREATE TABLE people(id bigserial PRIMARY KEY, {columns})"

    def copy(self, table: str, file: File) -> str:
        return rf"\copy {table} from '{file.accepted}' {CSV}"

    def create(self, database: str, template: str = "template0") -> None:
        self.drop(database)
        self.sql("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    def drop(self, database: str) -> None:
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def sql(self, database: str, text: str) -> str:
        return done(self.psql(database, text)).strip()

    def psql(self, database: str, *texts: str) -> Command:
        words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", "5432", "-U", "postgres", "-d", database]
        return Command([*words, *(word for text in texts for word in ("-c", text))])
