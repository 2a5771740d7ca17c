"""The loop that brings the index up to the store."""

import logging
from typing import Final

from soso.model.errors import Busy, SosoError
from soso.worker.loop import ThreadLoop, log_failure

log = logging.getLogger(__name__)

PAUSE_S: Final = 0.5
"""Found within two seconds of import: half a second until it is seen, the rest to index it."""

LONGEST_PAUSE_S: Final = 60.0
HOUSEKEEPING_S: Final = 600.0


class IndexWorker(ThreadLoop):
    """Indexes in a thread of its own until it is stopped; a failure is logged and tried again."""

    name = "index-worker"

    def _loop(self) -> None:
        pause = PAUSE_S
        waited = HOUSEKEEPING_S  # at the start, too
        while not self._stopped.is_set():
            try:
                self._step()
                if waited >= HOUSEKEEPING_S:
                    self._app.housekeep()
                    waited = 0.0
                pause = PAUSE_S
            except Busy:
                log.info("another process is indexing")
                pause = min(pause * 2, LONGEST_PAUSE_S)
            except SosoError as error:
                pause = min(pause * 2, LONGEST_PAUSE_S)
                log_failure(log, error, "indexing", pause)
            self._stopped.wait(pause)
            waited += pause

    def _step(self) -> None:
        report = self._app.index_changes()
        if report.indexed or report.removed:
            log.info("indexed %d documents, removed %d", report.indexed, report.removed)
        for text in report.failed:
            log.error("not indexed: %s", text)
