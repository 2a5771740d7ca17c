"""How the double fails when it is told to.

scripted: for the next so many requests; random: for a share of all, by a seed.
"""

import random
from collections.abc import Sequence
from typing import Final, NamedTuple


class Failure(NamedTuple):
    """status: 429 or a 5xx instead of the page; 0: the page itself, but slow or cut.

    retry_after: the header as it is sent, a number or a date. slow_s: before the answer begins.
    keep: the share of the answer that comes before the connection closes; None: all.
    """

    status: int = 0
    retry_after: str = ""
    slow_s: float = 0.0
    keep: float | None = None


RANDOM: Final = (
    Failure(status=500),
    Failure(status=502),
    Failure(status=503, retry_after="0"),
    Failure(status=429, retry_after="1"),
    Failure(keep=0.5),
    Failure(keep=0.9),
    Failure(keep=0.0),
    Failure(slow_s=0.5),
)


class Failures:
    """What fails next."""

    def __init__(self) -> None:
        self._scripted: list[tuple[str, Failure]] = []
        self._share = 0.0
        self._kinds: Sequence[Failure] = RANDOM
        self._chance = random.Random(0)

    def script(self, failure: Failure, *, count: int, path: str) -> None:
        """Fail so often for paths that begin so."""
        self._scripted += [(path, failure)] * count

    def spread(self, share: float, *, seed: int, kinds: Sequence[Failure] = RANDOM) -> None:
        """Fail for this share of the requests from now on."""
        self._share, self._kinds = share, kinds
        self._chance = random.Random(seed)

    def clear(self) -> None:
        """Fail no more."""
        self._scripted.clear()
        self._share = 0.0

    def take(self, path: str) -> Failure | None:
        """Return how the request is to fail."""
        for place, (start, failure) in enumerate(self._scripted):
            if path.startswith(start):
                del self._scripted[place]
                return failure
        if self._share and self._chance.random() < self._share:
            return self._chance.choice(self._kinds)
        return None
