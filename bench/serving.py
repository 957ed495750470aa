"""What is run on a server: an import as it is asked for over HTTP, alone and beside others who want something too."""

import itertools
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from cases import Case, Step, expect_new, import_new
from clock import Failed, done
from convoke import counts
from inputs import Inputs
from server import Client, Process, Served, Server

# Streams of progress that are open at once.
STREAMS = 200
# Imports that wait of one workspace when another one wants something, and how many programs bring them at once.
WAITING, PROGRAMS = 50, 8
# Files of the imports that several processes share, and workspaces they are for: as many as one may run at once each.
SHARED, SHARING = 8, ("Workspace", "North", "South", "East")
# Imports one after the other, and how long the server is only asked now and then before its memory is read, in seconds.
IN_A_ROW, REST = 10, 20


class Serving:
    """A server on a fresh database for each timed run, and other processes beside it."""

    def __init__(self, database):
        self.database = database
        self.running: list[Process] = []

    def fresh(self, *workspaces: str) -> None:
        self.stop()
        self.database.fresh("ours")
        for name in workspaces:
            for custom in ("Interests", "Regions"):
                done(self.database.convoke.command("fields", "add", custom, "--as", "advocate", "--multiple", "--workspace", name))
        self.server = Server(self.database.convoke, ("Workspace", *workspaces))
        self.running = [self.server]

    def with_worker(self) -> None:
        """Another process that takes imports."""
        worker = Process(self.database.convoke, "worker", "--listen", "127.0.0.1:0")
        self.running.append(worker)
        worker.says("(listens|answered)")

    def stop(self) -> None:
        while self.running:
            self.running.pop().stop()

    def step(self, name: str, rows: int, do, check, prepare=None, each=None) -> Step:
        return Step(name, rows, prepare or self.fresh, lambda: Served(self.server, do, each if each is not None else []), check)

    def alone(self, step: Step) -> Step:
        """A step of the command line, which on SQLite wants the database for itself."""
        def prepare() -> None:
            self.stop()
            step.prepare()
        return Step(step.name, step.rows, prepare, step.work, step.check)


def api(database, inputs: Inputs, sizes) -> Case:
    """New people, few: from the first byte of the upload to the answer that the import is completed."""
    file, serving = inputs.advocates(sizes.small), Serving(database)

    def checked() -> dict:
        client = serving.server.client()
        draft = client.upload("drafts", file)["import"]["import"]
        client.request("POST", f"imports/{draft}/check")
        plan = client.follow(draft, "ready")["plan"]
        client.request("POST", f"imports/{draft}/confirm", {"plan": plan})
        return client.follow(draft, "completed")

    steps = [
        serving.alone(import_new(database, file)),
        serving.step("api", file.rows, lambda: serving.server.client().upload("imports", file, wait=600),
                     lambda output: expect_new(output, file)),
        serving.step("api-checked", file.rows, checked, lambda output: expect_new(output, file)),
    ]
    return Case(steps, database.folder, clear=serving.stop)


def streams(database, inputs: Inputs, sizes) -> Case:
    """New people, many, with nobody and with many who watch how it goes."""
    file, serving = inputs.advocates(sizes.big), Serving(database)

    def unwatched() -> dict:
        client = serving.server.client()
        return client.follow(client.upload("imports", file)["import"], "completed")

    def watched() -> dict:
        client = serving.server.client()
        started = client.upload("imports", file)["import"]
        with client.watched(started, STREAMS):
            return client.follow(started, "completed")

    steps = [serving.step(name, file.rows, do, lambda output: expect_new(output, file))
             for name, do in (("import", unwatched), ("watched", watched))]
    return Case(steps, database.folder, clear=serving.stop)


def writes(database, inputs: Inputs, sizes) -> Case:
    """Groups made one after the other, each as soon as the one before is there, while an import of many new people runs."""
    file, serving, each = inputs.advocates(sizes.big), Serving(database), []

    def write(client: Client, ended: threading.Event, failures: list) -> None:
        try:
            for number in itertools.count():
                if ended.is_set():
                    return
                start = time.monotonic()
                client.request("POST", "groups", {"name": f"Group {number}"})
                each.append(time.monotonic() - start)
                # A busy team, and below what a token may ask for in a second.
                time.sleep(0.025)
        except Failed as failure:
            failures.append(failure)

    def beside() -> dict:
        each.clear()
        client, ended, failures = serving.server.client(), threading.Event(), []
        started = client.upload("imports", file)["import"]
        writer = threading.Thread(target=write, args=(serving.server.client(), ended, failures))
        writer.start()
        try:
            found = client.follow(started, "completed")
        finally:
            ended.set()
            writer.join()
        if failures:
            raise failures[0]
        return found

    step = serving.step("writes", file.rows, beside, lambda output: expect_new(output, file), each=each)
    return Case([step], database.folder, clear=serving.stop)


def fairness(database, inputs: Inputs, sizes) -> Case:
    """New people, few, for a workspace alone, and beside one that has many imports of the same kind waiting."""
    file, serving = inputs.advocates(sizes.small), Serving(database)

    def one() -> dict:
        return serving.server.client("Other").upload("imports", file, wait=600)

    def waiting() -> int:
        return len(serving.server.client().request("GET", "imports", status="pending", limit=100)["items"])

    def bring(_number: int) -> None:
        serving.server.client().upload("imports", file)

    def crowd() -> None:
        serving.fresh("Other")
        with ThreadPoolExecutor(PROGRAMS) as programs:
            # Faster than they are imported, or else never so many wait.
            while (missing := WAITING - waiting()) > 0:
                list(programs.map(bring, range(missing + PROGRAMS)))

    check = lambda output: expect_new(output, file)
    steps = [serving.step("alone", file.rows, one, check, lambda: serving.fresh("Other")),
             serving.step("crowded", file.rows, one, check, crowd)]
    return Case(steps, database.folder, clear=serving.stop)


def workers(database, inputs: Inputs, sizes) -> Case:
    """Eight imports of several workspaces, taken by one process and by two."""
    serving = Serving(database)
    files = [inputs.advocates(2 * sizes.small, "--start", str(1 + number * 10_000_000)) for number in range(SHARED)]
    rows = sum(file.rows for file in files)

    def all_of_them() -> dict:
        clients = [serving.server.client(workspace) for workspace in SHARING]
        asked = [(client, file, client.upload("imports", file)["import"])
                 for client, file in zip(itertools.cycle(clients), files)]
        for client, file, started in asked:
            counts(json.dumps(client.follow(started, "completed")), created=file.people, failed=file.bad)
        return {}

    def two() -> None:
        serving.fresh(*SHARING[1:])
        serving.with_worker()

    steps = [serving.step("one", rows, all_of_them, lambda _: None, lambda: serving.fresh(*SHARING[1:])),
             serving.step("two", rows, all_of_them, lambda _: None, two)]
    return Case(steps, database.folder, clear=serving.stop)


def memory(database, inputs: Inputs, sizes) -> Case:
    """What a server holds after a first small import, and after ten large ones."""
    serving = Serving(database)
    small = inputs.advocates(sizes.small // 50 or 20, "--start", "900000001")
    files = [inputs.advocates(sizes.big, "--start", str(1 + number * 10_000_000)) for number in range(IN_A_ROW)]

    def rest() -> None:
        client, until = serving.server.client(), time.monotonic() + REST
        while time.monotonic() < until:
            client.request("GET", "imports")
            time.sleep(0.2)

    def first() -> dict:
        found = serving.server.client().upload("imports", small, wait=600)
        rest()
        return found

    def ten() -> dict:
        for file in files:
            found = serving.server.client().upload("imports", file, wait=600)
            counts(json.dumps(found), created=file.people, failed=file.bad)
        rest()
        return found

    steps = [serving.step("first", small.rows, first, lambda output: expect_new(output, small)),
             serving.step("ten", sum(file.rows for file in files), ten, lambda _: None, prepare=lambda: None)]
    return Case(steps, database.folder, 1, serving.stop)


OF_A_DATABASE = {"api": api, "streams": streams, "writes": writes, "fairness": fairness, "workers": workers, "memory": memory}
