"""A running server and requests to it, by one connection kept open, as a program that imports every night would make them."""

import http.client
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from clock import Failed, Run, done, environment
from convoke import Convoke
from inputs import File

SCOPES = ("read", "import", "export", "organise")
# The name of the workspace that the first command makes.
WORKSPACE = "Workspace"
PAGE = os.sysconf("SC_PAGE_SIZE")


class Process:
    """A process of Convoke that stays, until `stop`; what it says on standard error is read, so that it never waits."""

    def __init__(self, convoke: Convoke, *words):
        words = [str(word) for word in convoke.command(*words).words]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())
        self.said = []

    def says(self, pattern: str) -> str:
        """The first group of the first line from here on in which this is found."""
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(pattern, line):
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return found[1]
        raise Failed(f"Convoke ended instead of serving: {''.join(self.said)[-500:]}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def megabytes(self) -> float:
        """What of it is in memory now."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def processor_seconds(self) -> float:
        times = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


class Server(Process):
    """`convoke serve` on a free port, with a token for each workspace."""

    def __init__(self, convoke: Convoke, workspaces: tuple = (WORKSPACE,), *options):
        # On SQLite the server is the only one that writes, so tokens are made before it starts.
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        self.tokens = {
            name: done(convoke.command("token", "create", "bench", "--workspace", name, *scopes)).strip()
            for name in workspaces
        }
        super().__init__(convoke, "serve", "--listen", "127.0.0.1:0", *options)
        self.address = self.says(r"listens on http://([0-9.:]+)")

    def client(self, workspace: str = WORKSPACE) -> "Client":
        return Client(self.address, self.tokens[workspace])


class Client:
    """One connection of a program with a token."""

    def __init__(self, address: str, token: str):
        self.address, self.token = address, token
        self.connection = http.client.HTTPConnection(address, timeout=600, blocksize=1 << 20)

    def request(self, method: str, path: str, body=None, **query) -> dict:
        headers = {"Authorization": f"Bearer {self.token}"}
        if isinstance(body, dict):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        self.connection.request(method, f"/api/v1/{path}?{urlencode(query)}", body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise Failed(f"{method} {path} was answered with {answer.status}: {said.decode(errors='replace')[:500]}")
        return json.loads(said)

    def upload(self, path: str, file: File, **query) -> dict:
        with file.path.open("rb") as body:
            return self.request("POST", path, body, **{"as": "advocates", "name": file.path.name}, **query)

    def follow(self, of: str, until: str) -> dict:
        """Reads the events of an import until it has this status."""
        connection = http.client.HTTPConnection(self.address, timeout=600)
        connection.request("GET", f"/api/v1/imports/{of}/events", headers={"Authorization": f"Bearer {self.token}"})
        answer = connection.getresponse()
        try:
            while line := answer.readline():
                if line.startswith(b"data:"):
                    event = json.loads(line[5:])
                    if event.get("status") == until:
                        return event
        finally:
            connection.close()
        raise Failed(f"the events of {of} ended before it was {until}")

    @contextmanager
    def watched(self, of: str, times: int):
        """So many event streams of an import are open, and read, while this holds."""
        request = f"GET /api/v1/imports/{of}/events HTTP/1.1\r\nHost: {self.address}\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        host, port = self.address.split(":")
        selector, streams = selectors.DefaultSelector(), []
        for _ in range(times):
            stream = socket.create_connection((host, int(port)))
            stream.sendall(request.encode())
            if not (said := stream.recv(1 << 16)).startswith(b"HTTP/1.1 200"):
                raise Failed(f"a stream of events was answered with {said[:200]}")
            selector.register(stream, selectors.EVENT_READ)
            streams.append(stream)
        ended = threading.Event()

        def read() -> None:
            while not ended.is_set():
                for ready, _ in selector.select(0.1):
                    if not ready.fileobj.recv(1 << 16):
                        selector.unregister(ready.fileobj)

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield
        finally:
            ended.set()
            reader.join()
            for stream in streams:
                stream.close()


@dataclass(frozen=True)
class Served:
    """What a running server is asked for: `do` returns what it answered last, and may tell what single requests took."""

    server: Server
    do: Callable[[], dict]
    each: list = field(default_factory=list)

    def timed(self, _folder: Path) -> Run:
        """With the processor time and the memory of the server, as it is when all is done."""
        os.sync()
        before = self.server.processor_seconds()
        start = time.monotonic()
        answer = self.do()
        seconds = time.monotonic() - start
        used = self.server.processor_seconds() - before
        return Run(seconds, used, self.server.megabytes(), json.dumps(answer), tuple(self.each))
