"""Facts about the machine and the programs, without which a ratio cannot be judged."""

import json
import os
import statistics
import subprocess
import time
from pathlib import Path


def facts(folder: Path, convoke: Path, project: Path) -> dict:
    """The machine, the disk under `folder`, and the programs both sides are made of."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.1f} GiB",
        "system": f"{operating_system()}, Linux {os.uname().release}",
        "file system": f"{file_system(folder)}; fdatasync of 8 KiB: {fdatasync(folder) * 1e6:.0f} µs",
        "load at the start": f"{os.getloadavg()[0]:.2f}",
        "Convoke": f"{said(convoke, '--version')}, commit {commit(project)}",
        "rustc": said("rustc", "--version"),
        "Python": said("python3", "--version"),
    }


def peers(folder: Path) -> dict:
    """Versions of what the peer scripts import."""
    packages = ("pandas", "SQLAlchemy", "Django", "django-import-export", "openpyxl")
    python = f"import importlib.metadata as m; print(', '.join(f'{{p}} {{m.version(p)}}' for p in {packages}))"
    ruby = "require 'activerecord-import'; puts %w[activerecord activerecord-import].map { |g| \"#{g} #{Gem.loaded_specs[g]&.version}\" }.join(', ')"
    return {
        "peers, Python": said(folder / "venv" / "bin" / "python", "-c", python),
        "peers, Node": ", ".join([f"node {said('node', '--version')}", *(
            f"{name} {npm_version(folder, name)}" for name in ("csv-parse", "knex", "better-sqlite3"))]),
        "peers, Ruby": f"{said('ruby', '--version')}; {said('ruby', '-e', ruby)}",
    }


def npm_version(folder: Path, name: str) -> str:
    try:
        return json.loads((folder / "node_modules" / name / "package.json").read_text())["version"]
    except OSError:
        return "?"


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return os.uname().machine


def operating_system() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return "unknown system"


def file_system(folder: Path) -> str:
    """The type of the innermost mount around the folder."""
    mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines()]
    around = [mount for mount in mounts if folder.is_relative_to(mount[0])]
    return max(around, key=lambda mount: len(mount[0]), default=["", "unknown"])[1]


def fdatasync(folder: Path) -> float:
    """Seconds until 8 KiB are on the disk, median of 100: what a commit costs at least."""
    path = folder / "sync"
    took = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(100):
            file.seek(0)
            file.write(os.urandom(8192))
            start = time.monotonic()
            os.fdatasync(file.fileno())
            took.append(time.monotonic() - start)
    path.unlink()
    return statistics.median(took)


def commit(project: Path) -> str:
    name = said("git", "-C", project, "rev-parse", "--short", "HEAD")
    return f"{name} with changes" if said("git", "-C", project, "status", "--porcelain", "--", "crates") else name


def said(*words) -> str:
    """The first line a program prints; empty if there is no such program."""
    try:
        ended = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    except OSError:
        return ""
    return next(iter(ended.stdout.splitlines()), "")
