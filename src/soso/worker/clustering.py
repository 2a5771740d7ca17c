"""The loop that finds copies, after the index and never before it."""

import logging
import threading
from typing import Final

from soso.bootstrap import App
from soso.model.errors import Busy, SosoError

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 120.0


class ClusterWorker:
    """Puts posts into clusters in a thread of its own until it is stopped.

    While changes wait for the index it stops after the step at hand, half a second's work.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="cluster-worker")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.is_set():
            try:
                self._step()
                pause = PAUSE_S
            except Busy:
                pause = min(pause * 2, LONGEST_PAUSE_S)
                log.info("another process is looking for copies")
            except SosoError as error:
                pause = min(pause * 2, LONGEST_PAUSE_S)
                log.error("copies are not looked for now, tried again in %.0f s: %s", pause, error)
            self._stopped.wait(pause)

    def _step(self) -> None:
        if self._app.is_indexing():
            return
        report = self._app.cluster_changes(self._must_wait)
        if report.seen:
            log.info("looked for copies of %d posts, %d moved", report.seen, report.changed)

    def _must_wait(self) -> bool:
        return self._stopped.is_set() or self._app.is_indexing()
