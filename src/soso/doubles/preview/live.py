"""Life in the double: posts keep arriving, some are edited, a few deleted.

For a first look at a running Soso without Telegram. Deterministic but for when things happen.
"""

import random
import threading
from collections.abc import Callable
from typing import Final

from soso.doubles.preview.double import PreviewDouble
from soso.doubles.preview.server import Started, start_preview_double

CHANNELS: Final = (
    *("chengdu_books", "nanjing_birds", "hangzhou_maps", "xian_nightbus"),
    *("taipei_bridges", "wuhan_market", "opensource_daily", "shenzhen_signs"),
)
_EDITS: Final = 0.2
_DELETIONS: Final = 0.08
_YOUNG: Final = 15


def start_live_double(*, posts: int = 60, every_s: float = 6.0, port: int = 0) -> Started:
    """Start a double with a few channels of so many ids, and let about every every_s one post come.

    Raises OSError for a port that is taken.
    """
    double = PreviewDouble(seed=7)
    for place, name in enumerate(CHANNELS):
        double.add_channel(name, posts=posts, members=900 * (place + 1), gap_s=1200 * (place + 1))
    double.add_channel("quiet_archive", posts=20, closed=True)
    double.add_card("readers_club", kind="group")
    started = start_preview_double(double, port=port)
    arrivals = Arrivals(double, every_s=every_s)
    arrivals.start()

    def stop() -> None:
        arrivals.stop()
        started.stop()

    return started._replace(stop=stop)


class Arrivals:
    """Lets posts come in a thread of its own. told: is given a line about each thing."""

    def __init__(
        self,
        double: PreviewDouble,
        *,
        every_s: float,
        seed: int = 7,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self._double = double
        self._every_s = every_s
        self._chance = random.Random(seed)
        self._told = told or (lambda line: None)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="arrivals", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopped.set()
        self._thread.join()

    def happen(self) -> str:
        """Let one thing happen, and say what."""
        name = self._chance.choice(CHANNELS)
        with self._double.lock:
            chat = self._double.find(name)
            young = [] if chat is None else chat.ids[-_YOUNG:]
            dice = self._chance.random()
            if len(young) > 2 and dice < _DELETIONS:
                gone = [one.id for one in chat.album_of(young[1])] if chat is not None else []
                self._double.delete(name, gone)
                return f"{name}: {gone[0]} deleted"
            if young and dice < _DELETIONS + _EDITS:
                self._double.edit(name, young[-1])
                return f"{name}: {young[-1]} edited"
            return f"{name}: {self._double.post(name)[0]} posted"

    def _loop(self) -> None:
        while not self._stopped.wait(self._every_s * (0.5 + self._chance.random())):
            self._told(self.happen())
