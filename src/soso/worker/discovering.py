"""The loop that notes which chats posts speak of, and follows some where the settings say so."""

import logging
from typing import Final

from soso.model.errors import SosoError
from soso.worker.loop import ThreadLoop, log_failure

log = logging.getLogger(__name__)

PAUSE_S: Final = 30.0
"""Nobody waits for a proposal; at once only while there is much to look at."""

LONGEST_PAUSE_S: Final = 600.0


class DiscoverWorker(ThreadLoop):
    """Looks in a thread of its own until it is stopped; a failure is logged and tried again."""

    name = "discover-worker"
    turn = "discover"

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.is_set():
            try:
                pause = self._step() if self._has_turn() else PAUSE_S
            except SosoError as error:
                pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE_S)
                log_failure(log, error, "looking for chats", pause)
            self._stopped.wait(pause)

    def _step(self) -> float:
        """Look at what is new; return how long to wait until the next step."""
        if self._app.discover_changes() > 0:
            return 0.0
        followed = self._app.follow_found()
        if followed:
            log.info("%d chats that posts speak of are followed now", followed)
        return PAUSE_S
