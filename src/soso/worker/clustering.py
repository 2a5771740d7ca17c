"""The loop that finds copies, after the index and never before it."""

import logging
from typing import Final

from soso.model.errors import Busy, SosoError
from soso.worker.loop import ThreadLoop

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 120.0


class ClusterWorker(ThreadLoop):
    """Puts posts into clusters in a thread of its own until it is stopped.

    While changes wait for the index it stops after the step at hand, half a second's work.
    """

    name = "cluster-worker"

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
