"""The loop beside the index: writes down what was asked, and brings the suggestions up to the store.

The index comes first: while it has something to do, such as a large import, suggestions get a step
now and then; and after each step others get as long to write as it took.
"""

import logging
import time
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError
from soso.worker.loop import ThreadLoop, log_failure

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
FLUSH_S: Final = 5.0
"""Counts of searches that a crash may lose."""

POPULAR_S: Final = 60.0
POPULAR_SHARE: Final = 50
"""A long query log is read so seldom that reading it takes no more than this part of the time."""

YIELDED_S: Final = 15.0
"""How long a busy index may keep suggestions waiting for a step."""


class SuggestWorker(ThreadLoop):
    """Works in a thread of its own until it is stopped; a failure is logged and tried again."""

    name = "suggest-worker"
    turn = "suggest"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._flushed_at = self._stepped_at = time.monotonic()
        self._popular_at = self._flushed_at + POPULAR_S  # a reader may have it read before

    def stop(self) -> None:
        """End after the step at hand, and write the counts that wait."""
        super().stop()
        try:
            self._app.flush_searches()
        except SosoError:
            log.exception("the last counts of searches could not be written")

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.wait(pause):
            try:
                pause = self._turn()
            except SosoError as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                log_failure(log, error, "offering suggestions", pause)

    def _turn(self) -> float:
        """Do what is due; return how long to wait until the next turn."""
        now = time.monotonic()
        if now - self._flushed_at >= FLUSH_S:
            self._flushed_at = now
            self._app.flush_searches()
        if now >= self._popular_at:
            self._app.load_popular()
            took_s = time.monotonic() - now
            self._popular_at = now + max(POPULAR_S, took_s * POPULAR_SHARE)
        if not self._has_turn():
            return PAUSE_S
        busy = self._app.is_indexing()
        if busy and now - self._stepped_at < YIELDED_S:
            return PAUSE_S
        self._stepped_at = time.monotonic()
        done = self._app.offer_step()
        took_s = time.monotonic() - self._stepped_at
        return took_s if done and not busy else PAUSE_S
