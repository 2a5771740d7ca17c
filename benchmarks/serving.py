"""What the server costs: time to its first answer, requests a second, memory."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Final
from urllib.parse import quote

from benchmarks.figures import Figure
from benchmarks.load import CONNECTIONS, Load, answers, run_load
from benchmarks.probes import ROOT, MemoryWatch, anonymous_bytes, wait_until
from benchmarks.queries import bare, mixed
from benchmarks.stage import Stage, Told
from soso.model.value import Value

START_S: Final = 120.0
END_S: Final = 20.0
REQUESTS_A_CALL: Final = 5
MIB: Final = 2**20
PEER: Final = "FTS5, our words, bare JSON"
_ADDRESS: Final = re.compile(r"http://127\.0\.0\.1:\d+")


class Served(Value):
    """How one server did."""

    start_s: float
    load: Load
    peak_bytes: int
    now_bytes: int


def measure_serving(stage: Stage, *, told: Told) -> Iterator[Figure]:
    """Start `soso run` on the archive, and the peer on its table, each alone, and ask them."""
    queries = mixed(stage.queries)
    told("the server")
    command = ["-m", "soso", "run", "--data", str(stage.archive), "--port", "0"]
    ours = _serve(command, queries, stage)
    told("the peer's server")
    plain = [bare(query) for query in queries]
    theirs = _serve(["-m", "benchmarks.peer_server", str(stage.word_file)], plain, stage)
    at_once = f"HTTP search, {CONNECTIONS} connections"
    rows = (
        (f"{at_once}, rate", "requests/s", ours.load.rate, theirs.load.rate),
        (f"{at_once}, p50", "ms", ours.load.p50_ms, theirs.load.p50_ms),
        (f"{at_once}, p99", "ms", ours.load.p99_ms, theirs.load.p99_ms),
        ("start to the first answer", "s", ours.start_s, theirs.start_s),
        ("peak memory of the server", "MiB", ours.peak_bytes / MIB, theirs.peak_bytes / MIB),
        ("its memory afterwards", "MiB", ours.now_bytes / MIB, theirs.now_bytes / MIB),
    )
    for what, unit, one, other in rows:
        yield Figure(
            posts=stage.size,
            what=what,
            unit=unit,
            ours=one,
            peer=PEER,
            theirs=other,
            more_is_better=unit == "requests/s",
        )


def _serve(command: Sequence[str], queries: Sequence[str], stage: Stage) -> Served:
    started = perf_counter()
    with _running(command) as (server, address):
        first = f"/search?q={quote(queries[0])}"
        if not wait_until(lambda: answers(address, first), seconds=START_S):
            raise RuntimeError(f"{command[1]} does not answer")
        start_s = perf_counter() - started
        with MemoryWatch(server.pid) as watch:
            load = run_load(address, queries, requests=stage.calls * REQUESTS_A_CALL)
        if load.failed:
            raise RuntimeError(f"{command[1]}: {load.failed} of {load.answered} answers failed")
        return Served(
            start_s=start_s,
            load=load,
            peak_bytes=watch.peak_bytes,
            now_bytes=anonymous_bytes(server.pid),
        )


@contextmanager
def _running(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server, wait for the address it prints, and end it with the context."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "SOSO_RATE_LIMIT": "1000000/second", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            yield server, _address(server)
        finally:
            server.terminate()
            try:
                server.wait(END_S)
            except subprocess.TimeoutExpired:
                server.kill()


def _address(server: subprocess.Popen[str]) -> str:
    for line in server.stdout or ():
        found = _ADDRESS.search(line)
        if found is not None:
            return found[0]
    raise RuntimeError(f"the server ended with {server.wait()} before it served")
