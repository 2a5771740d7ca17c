"""What is measured on one archive: importing, indexing, searching, and what lies on the disk.

Knows the steps and the programs that take them. Each is a process of its own, as where it is run:
importers, `soso worker`, `soso web`. Where the archive is kept, its settings say.
"""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter, sleep
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec
import sqlalchemy as sa

from benchmarks.probes import ROOT
from benchmarks.scale_children import Imported
from benchmarks.scale_parts import Meter, Parts, Use, name_bottleneck
from soso.bootstrap import App
from soso.evaluation.measures import percentile
from soso.model.value import Value

START_S: Final = 120.0
LONGEST_S: Final = 300.0
END_S: Final = 30.0
LOOK_EVERY_S: Final = 0.1
CLIENTS: Final = 16
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")

IMPORTER: Final = "importer"
WORKER: Final = "worker"
WEB: Final = "web"


class Kept(Value):
    """Where an archive is kept. settings: SOSO_*; servers: their processes, by part."""

    name: str
    nodes: int
    settings: Mapping[str, str]
    servers: Parts


class Step(Value):
    """What one step came to. done: posts or searches; what was used is told for a thousand."""

    posts: int
    kept: str
    nodes: int
    replicas: int
    step: str
    processes: int
    done: int
    use: Use
    bottleneck: str
    p50_ms: float = 0.0
    p99_ms: float = 0.0

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.use.seconds

    def cpu_of(self, part: str) -> float:
        """Return the processor time of a part for a thousand posts or searches."""
        return self.use.cpu_s.get(part, 0.0) / self.done * 1000


class Bench:
    """One archive while it is measured."""

    def __init__(self, app: App, kept: Kept, *, posts: int) -> None:
        self._app = app
        self._kept = kept
        self._posts = posts
        self._env = {**os.environ, **kept.settings, "PYTHONUNBUFFERED": "1"}
        self._running: dict[str, list[int]] = {}
        """Of our own parts, those that run now."""

    def import_all(self, files: Sequence[Path], *, step: str = "import") -> Step:
        """Import files, each by a process of its own, all at once."""
        with ExitStack() as stack:
            children = [
                stack.enter_context(self._start(["-m", "benchmarks.scale_children", str(file)], n))
                for n, file in enumerate(files)
            ]
            for child in children:
                _read_until(child, "ready")
            with Meter(self._parts()) as meter:
                for child in children:
                    assert child.stdin is not None
                    child.stdin.write("\n")
                    child.stdin.flush()
                done = [
                    msgspec.json.decode(_read_until(child, '{"posts"'), type=Imported)
                    for child in children
                ]
        cpu = {IMPORTER: sum(one.cpu_s for one in done)}
        took = max(one.until for one in done) - min(one.since for one in done)
        use = msgspec.structs.replace(meter.use(cpu), seconds=took)
        return self._step(step, len(files), sum(one.posts for one in done), use, IMPORTER)

    @contextmanager
    def workers(self, count: int) -> Iterator[None]:
        """Run so many workers that only index, as long as the context lasts."""
        command = ["-m", "soso", "worker", "--only", "index"]
        with ExitStack() as stack:
            started = [stack.enter_context(self._start(command, n)) for n in range(count)]
            for one in started:
                _read_until(one, "running")
            self._running[WORKER] = [one.pid for one in started]
            try:
                yield
            finally:
                for one in started:
                    one.send_signal(signal.SIGCONT)
                del self._running[WORKER]

    def halt_workers(self) -> None:
        """Let the workers stand still, none of them within a write that would hold up an import."""
        for _ in range(100):
            self._signal_workers(signal.SIGSTOP)
            if self._may_write():
                return
            self._signal_workers(signal.SIGCONT)
            sleep(LOOK_EVERY_S)
        raise RuntimeError("the workers never rest")

    def index_all(self, count: int) -> Step:
        """Let the workers go on, and wait until every post so far imported can be found."""
        before = self._documents()
        with Meter(self._parts()) as meter:
            self._signal_workers(signal.SIGCONT)
            self.wait_indexed(count)
        done = self._documents() - before
        if self._app.index_lag():
            raise RuntimeError("documents are all there, and changes wait")
        return self._step("index", len(self._running[WORKER]), done, meter.use(), WORKER)

    def wait_indexed(self, count: int) -> None:
        """Wait until the index has so many documents besides those of chats."""
        chats = sum(self._app.store.count_chats().values())
        end = perf_counter() + LONGEST_S
        while self._documents() < count + chats:
            if perf_counter() > end:
                raise RuntimeError(f"{self._documents()} of {count + chats} are indexed")
            sleep(LOOK_EVERY_S)

    def search(
        self, queries: Sequence[str], *, webs: int, seconds: float, file: Path | None
    ) -> Step:
        """Ask `soso web` processes from CLIENTS connections; file: what is imported meanwhile."""
        with ExitStack() as stack:
            command = ["-m", "soso", "web", "--port", "0"]
            started = [stack.enter_context(self._start(command, n)) for n in range(webs)]
            told = [_ADDRESS.search(_read_until(one, "http://127.0.0.1")) for one in started]
            addresses = [found[0] for found in told if found is not None]
            self._running[WEB] = [one.pid for one in started]
            importing: threading.Thread | None = None
            try:
                _ask(addresses, queries[:CLIENTS], seconds=seconds)  # dictionaries are loaded
                if file is not None:
                    importing = threading.Thread(target=self.import_all, args=([file],))
                    importing.start()
                with Meter(self._parts()) as meter:
                    took, failed = _ask(addresses, queries, seconds=seconds)
            finally:
                if importing is not None:
                    importing.join()
                del self._running[WEB]
        if failed:
            raise RuntimeError(f"{failed} of {len(took)} searches failed")
        step = "search" if file is None else "search beside an import"
        found = self._step(step, webs, len(took), meter.use(), WEB)
        return msgspec.structs.replace(
            found, p50_ms=percentile(took, 0.5), p99_ms=percentile(took, 0.99)
        )

    def _documents(self) -> int:
        return self._app.engine.status().documents

    def _parts(self) -> Parts:
        return {**self._kept.servers, **self._running}

    def _step(self, step: str, processes: int, done: int, use: Use, part: str) -> Step:
        return Step(
            posts=self._posts,
            kept=self._kept.name,
            nodes=self._kept.nodes,
            replicas=int(self._kept.settings.get("SOSO_OPENSEARCH_REPLICAS", "0")),
            step=step,
            processes=processes,
            done=done,
            use=use,
            bottleneck=name_bottleneck(use, {part: processes}),
        )

    def _signal_workers(self, number: signal.Signals) -> None:
        for pid in self._running[WORKER]:
            os.kill(pid, number)

    def _may_write(self) -> bool:
        """Whether nobody holds the one lock of those who write."""
        engine = sa.create_engine(self._app.settings.database_url, connect_args=self._no_wait())
        try:
            with engine.connect() as conn:
                if engine.dialect.name == "sqlite":
                    conn.exec_driver_sql("BEGIN IMMEDIATE")
                    return True
                held = conn.exec_driver_sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND state <> 'idle'"
                )
                return int(held.scalar_one()) == 0
        except sa.exc.OperationalError:
            return False
        finally:
            engine.dispose()

    def _no_wait(self) -> dict[str, float]:
        return {"timeout": 0.0} if self._app.settings.database_url.startswith("sqlite") else {}

    @contextmanager
    def _start(self, command: Sequence[str], number: int) -> Iterator[subprocess.Popen[str]]:
        """Start a program of ours with the settings; it is ended with the context."""
        own = Path(self._kept.settings["SOSO_DATA"])
        is_file = self._app.settings.database_url.startswith("sqlite")
        data = own if is_file else own.with_name(f"{own.name}-{number}")
        more = [str(data)] if command[1] == "benchmarks.scale_children" else []
        with subprocess.Popen(
            [sys.executable, *command, *more],
            cwd=ROOT,
            env={**self._env, "SOSO_DATA": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as child:
            try:
                yield child
            finally:
                child.terminate()
                try:
                    child.wait(END_S)
                except subprocess.TimeoutExpired:
                    child.kill()


def _read_until(child: subprocess.Popen[str], told: str) -> str:
    for line in child.stdout or ():
        if told in line:
            return line
    raise RuntimeError(f"{child.args!r} ended with {child.wait()}")


def _ask(
    addresses: Sequence[str], queries: Sequence[str], *, seconds: float
) -> tuple[list[float], int]:
    """Ask for pages of results for so long; return how many ms each took, and how many failed."""
    took: list[float] = []
    failed: list[int] = []
    end = perf_counter() + seconds

    def read(number: int) -> None:
        parts = urlsplit(addresses[number % len(addresses)])
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=END_S)
        for place in range(number, 10**9, CLIENTS):
            if perf_counter() > end or (len(queries) <= CLIENTS and place >= len(queries)):
                break
            started = perf_counter()
            connection.request("GET", f"/search?q={quote(queries[place % len(queries)])}")
            answer = connection.getresponse()
            answer.read()
            took.append((perf_counter() - started) * 1000)
            if answer.status != 200:
                failed.append(answer.status)
        connection.close()

    readers = [threading.Thread(target=read, args=(number,)) for number in range(CLIENTS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return took, len(failed)
