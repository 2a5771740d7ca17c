"""The loop that fetches pictures of live posts which could not be fetched at once."""

import logging
from typing import Final

from soso.model.errors import SosoError
from soso.worker.loop import ThreadLoop

log = logging.getLogger(__name__)

PAUSE_S: Final = 20.0
LONGEST_PAUSE_S: Final = 300.0
AT_ONCE: Final = 4
"""Few, as each may wait for its turn: a stop comes after the step at hand."""


class PictureWorker(ThreadLoop):
    """Fetches in a thread of its own until it is stopped."""

    name = "picture-worker"

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.wait(pause):
            try:
                report = self._app.fetch_due_pictures(limit=AT_ONCE)
            except SosoError as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                log.error("pictures are not fetched now, tried again in %.0f s: %s", pause, error)
                continue
            if report.given_up:
                log.warning("pictures of %d posts were given up", report.given_up)
            pause = 0.1 if report.done else PAUSE_S
