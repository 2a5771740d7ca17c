"""How often one client may ask: moving windows in memory.

Knows the notation "120/minute" and counts. Must not know addresses, paths or status codes.

The notation is that of the library limits; its counting in memory is not used: it walks over all
keys again and again while requests come in (170 µs a hit at 2,000 addresses with a thread each
time, 2 µs here), and it never forgets how many addresses it has seen at most.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Final

import limits

from soso.model.errors import BadInput

_MOST_CLIENTS: Final = 100_000  # beyond it those that asked longest ago are forgotten


class Window:
    """At most so many hits by one client in so many seconds, whenever the window begins."""

    def __init__(
        self, amount: int, period_s: float, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """amount: positive. now: rising seconds."""
        self._amount = amount
        self._period_s = period_s
        self._now = now
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._fresh: dict[str, int] | None = None
        self._lock = threading.Lock()

    def hit(self, client: str) -> float:
        """Count a hit and return 0; or return after how many seconds the client may ask again.

        A refused hit is not counted, so that who waits as told gets an answer.
        """
        now = self._now()
        with self._lock:
            self._forget(now)
            hits = self._hits.setdefault(client, deque())
            while hits and hits[0] <= now - self._period_s:
                hits.popleft()
            if len(hits) >= self._amount:
                return hits[0] + self._period_s - now
            hits.append(now)
            self._hits.move_to_end(client)
            if self._fresh is not None:
                self._fresh[client] = self._fresh.get(client, 0) + 1
            return 0.0

    def share(self) -> None:
        """From now on keep what take_fresh() returns; to be called by who will ask for it."""
        self._fresh = {}

    def take_fresh(self) -> dict[str, int]:
        """Return how often each client was let in here since the last time."""
        with self._lock:
            fresh, self._fresh = self._fresh or {}, {}
        return fresh

    def note(self, counts: Mapping[str, int]) -> None:
        """Count what other processes let in; of a client never more than fills the window."""
        now = self._now()
        with self._lock:
            for client, count in counts.items():
                hits = self._hits.setdefault(client, deque())
                hits.extend([now] * min(max(count, 0), self._amount))
                while len(hits) > self._amount:
                    hits.popleft()
                self._hits.move_to_end(client)

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._hits)

    def _forget(self, now: float) -> None:
        """Drop clients whose last hit has left the window; each is dropped once."""
        while self._hits:
            oldest, hits = next(iter(self._hits.items()))
            if hits and hits[-1] > now - self._period_s and len(self._hits) <= _MOST_CLIENTS:
                return
            del self._hits[oldest]


def parse_window(notation: str, *, now: Callable[[], float] = time.monotonic) -> Window:
    """Return the window that "120/minute" or "5 per 10 seconds" asks for. Raises BadInput."""
    try:
        item = limits.parse(notation)
    except ValueError as error:
        raise BadInput(f"{notation!r} is not a rate; write one such as 120/minute") from error
    if item.amount < 1:
        raise BadInput(f"{notation!r} lets nobody in; the number must be at least 1")
    return Window(item.amount, item.get_expiry(), now=now)
