"""How often one person or group may ask: moving windows in memory.

Knows counts and seconds. Must not know Telegram.
"""

from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Final

_MOST_KEYS: Final = 50_000


class Window:
    """At most so many hits of one key in so many seconds. For one thread: the loop's."""

    def __init__(self, amount: int, period_s: float) -> None:
        """amount: 0 for no limit."""
        self._amount = amount
        self._period_s = period_s
        self._hits: OrderedDict[int, deque[float]] = OrderedDict()
        self._warned: set[int] = set()
        self._fresh: dict[int, int] = {}

    def hit(self, key: int, now: float) -> bool:
        """Count a hit and return whether it may pass; a refused one is not counted."""
        if not self._amount:
            return True
        hits = self._hits.setdefault(key, deque())
        self._hits.move_to_end(key)
        while hits and hits[0] <= now - self._period_s:
            hits.popleft()
        if len(hits) >= self._amount:
            return False
        hits.append(now)
        self._fresh[key] = self._fresh.get(key, 0) + 1
        self._warned.discard(key)
        while len(self._hits) > _MOST_KEYS:
            self._warned.discard(self._hits.popitem(last=False)[0])
        return True

    def take_fresh(self) -> dict[str, int]:
        """Return how often each key was let in here since the last time."""
        fresh, self._fresh = self._fresh, {}
        return {str(key): count for key, count in fresh.items()}

    def note(self, counts: Mapping[str, int], now: float) -> None:
        """Count what other processes let in; of a key never more than fills the window."""
        for name, count in counts.items():
            hits = self._hits.setdefault(int(name), deque())
            self._hits.move_to_end(int(name))
            hits.extend([now] * min(count, self._amount))
            while len(hits) > self._amount:
                hits.popleft()

    def warn(self, key: int) -> bool:
        """Whether a refusal should be told: only the first of a row is."""
        if key in self._warned:
            return False
        self._warned.add(key)
        return True
