"""Sixteen readers at once: a client for pages of this machine, bounded in number and time."""

import http.client
import threading
from collections.abc import Sequence
from time import perf_counter
from typing import Final
from urllib.parse import quote, urlsplit

from soso.evaluation.measures import percentile
from soso.model.value import Value

CONNECTIONS: Final = 16
LONGEST_S: Final = 20.0
TIMEOUT_S: Final = 30.0


class Load(Value):
    """How a server did; failed: answers other than 200."""

    rate: float
    p50_ms: float
    p99_ms: float
    answered: int
    failed: int


def run_load(address: str, queries: Sequence[str], *, requests: int) -> Load:
    """Ask /search?q= over CONNECTIONS kept connections, at most so many times and LONGEST_S."""
    took: list[float] = []
    failed: list[int] = []
    places = iter(range(requests))  # its next() is atomic, so threads share it without a lock
    end = perf_counter() + LONGEST_S

    def read() -> None:
        connection = _connect(address)
        for place in places:
            if perf_counter() > end:
                break
            started = perf_counter()
            status = _get(connection, f"/search?q={quote(queries[place % len(queries)])}")
            took.append((perf_counter() - started) * 1000)
            if status != 200:
                failed.append(status)
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(CONNECTIONS)]
    started = perf_counter()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return Load(
        rate=len(took) / (perf_counter() - started),
        p50_ms=percentile(took, 0.5),
        p99_ms=percentile(took, 0.99),
        answered=len(took),
        failed=len(failed),
    )


def answers(address: str, path: str) -> bool:
    """Whether a server answers 200."""
    connection = _connect(address)
    try:
        return _get(connection, path) == 200
    except OSError:
        return False
    finally:
        connection.close()


def _connect(address: str) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError(f"{address} is not on this machine")
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT_S)


def _get(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status
