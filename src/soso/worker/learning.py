"""The loop that learns the vocabulary of corrections when the archive has moved on.

The index comes first: learning waits while it has something to do, and after each batch of posts
others get as long to work as it took. Searches come first too: learning is seconds of Python, so it
sleeps after every other millisecond. Without that, the p99 of searches beside it was four times as
long: every return into the interpreter waited its 5 ms.
"""

import logging
import time
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError
from soso.worker.loop import ThreadLoop, log_failure

log = logging.getLogger(__name__)

FIRST_PAUSE_S: Final = 5.0
PAUSE_S: Final = 60.0
LONGEST_REST_S: Final = 1.0


SLICE_S: Final = 0.001
PAUSE_OF_SLICE_S: Final = 0.002


class Slices:
    """Parts the work of a thread into slices, and lets others have the interpreter in between."""

    def __init__(self) -> None:
        self._from = time.perf_counter()

    def breathe(self) -> None:
        """Sleep a little if the slice is over."""
        if time.perf_counter() - self._from >= SLICE_S:
            time.sleep(PAUSE_OF_SLICE_S)
            self._from = time.perf_counter()


class LearnWorker(ThreadLoop):
    """Works in a thread of its own until it is stopped; a failure is logged and tried again."""

    name = "learn-worker"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.turn = app.learning_turn
        self._worked_from = time.monotonic()

    def _loop(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stopped.wait(pause):
            pause = PAUSE_S
            try:
                self._turn()
            except SosoError as error:
                log_failure(log, error, "learning the archive's words", pause)

    def _turn(self) -> None:
        if not self._rest() or not self._app.is_spelling_due():
            return
        self._worked_from = time.monotonic()
        report = self._app.learn_spelling(self._rest, Slices().breathe)
        if report.bytes:
            log.info("learned the words of %d posts: %d bytes", report.posts, report.bytes)

    def _rest(self) -> bool:
        """Wait as long as the last batch took, and while the index is behind.

        False: it is stopped, or another learns for this folder.
        """
        worked_s = time.monotonic() - self._worked_from
        stopped = self._stopped.wait(min(worked_s, LONGEST_REST_S))
        while not stopped and self._app.is_indexing():
            stopped = self._stopped.wait(LONGEST_REST_S)
        self._worked_from = time.monotonic()
        return not stopped and self._has_turn()
