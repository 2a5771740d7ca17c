"""The loop that tells stories, after the index and the copies and never before them."""

import logging
import time
from typing import Final

from soso.bootstrap import App
from soso.model.errors import Busy, SosoError
from soso.worker.loop import ThreadLoop

log = logging.getLogger(__name__)

PAUSE_S: Final = 2.0
LONGEST_PAUSE_S: Final = 120.0
VECTORS_S: Final = 300.0
"""How often vectors made since are looked at: each of them lets some days be told anew."""


class TellWorker(ThreadLoop):
    """Tells stories in a thread of its own until it is stopped.

    After each step others get as long as it took; while changes wait for the index it waits too.
    """

    name = "tell-worker"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._vectors_at = time.monotonic()

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.wait(pause):
            try:
                pause = self._step()
            except Busy:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                log.info("another process is telling stories")
            except SosoError as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                log.error("no stories are told now, tried again in %.0f s: %s", pause, error)

    def _step(self) -> float:
        """Do a step; return how long to wait until the next."""
        if self._app.is_indexing():
            return PAUSE_S
        begun = time.monotonic()
        due = begun - self._vectors_at >= VECTORS_S
        report = self._app.tell_stories(vectors=due)
        if not report.is_idle:
            return min(time.monotonic() - begun, PAUSE_S)
        if due:
            self._vectors_at = begun
        return PAUSE_S
