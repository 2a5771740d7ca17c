"""Limits that hold over all web processes of an archive, nearly: what each counted is told to the
others once a second, so a client that divides its requests gets a second's more, not several times
as much.

Knows windows and the store. Must not know requests.
"""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from soso.model.errors import SosoError
from soso.ports.tallies import Tallies
from soso.web.limits import Window, parse_window

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
_FAILED_S: Final = 15.0
_LAST_S: Final = 5.0


class Windows:
    """All windows of a web process that hold over the others, by name."""

    def __init__(self) -> None:
        self._me = uuid.uuid4().hex
        self._windows: dict[str, Window] = {}
        self._places: dict[str, int] = {}

    def open(self, name: str, notation: str) -> Window:
        """Return a window that is told what others count under its name. Raises BadInput."""
        window = self._windows[name] = parse_window(notation)
        window.share()
        return window

    def swap(self, tallies: Tallies) -> None:
        """Tell and hear. Raises Unavailable, Busy; what could not be told is forgotten."""
        for name, window in self._windows.items():
            self._places[name], told = tallies.swap_tallies(
                f"web {name}", self._me, window.take_fresh(), after=self._places.get(name, -1)
            )
            for counts in told:
                window.note(counts)


@contextmanager
def sharing(windows: Windows, tallies: Tallies) -> Iterator[None]:
    """Swap once a second, in a thread that no request waits for, as long as the context lasts."""
    stopped = threading.Event()

    def run() -> None:
        pause_s = EVERY_S
        while not stopped.wait(pause_s):
            try:
                windows.swap(tallies)
                pause_s = EVERY_S
            except SosoError as error:
                log.warning("each process counts requests for itself now: %s", error)
                pause_s = _FAILED_S

    thread = threading.Thread(target=run, name="shared-limits", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(_LAST_S)
