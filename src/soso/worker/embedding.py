"""The loop that makes vectors of what was indexed, on a core of its own if there is one."""

import logging
from typing import Final

from soso.bootstrap import App
from soso.model.errors import SosoError
from soso.worker.loop import ThreadLoop

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 300.0
TOLD_EVERY: Final = 5_000


class EmbedWorker(ThreadLoop):
    """Embeds in a thread of its own until it is stopped; searches go by words until it is ready."""

    name = "embed-worker"
    turn = "embed"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._done = 0
        self._told = ""

    def start(self) -> None:
        """Begin, unless the settings want words alone."""
        if self._app.meaning is not None:
            super().start()

    def _loop(self) -> None:
        pause = PAUSE_S
        try:
            self._app.load_meaning()  # what was embedded serves, whatever the next step meets
        except SosoError as error:
            self._tell("searches go by words", error)
        while not self._stopped.is_set():
            try:
                idle = self._step()
                pause = PAUSE_S if idle else 0.0
                self._told = ""
            except SosoError as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                self._tell("no vectors now, tried again and again", error)
            self._stopped.wait(pause)

    def _tell(self, what: str, error: SosoError) -> None:
        """Log an error, once while it lasts: a plugin that lacks may lack for months."""
        if str(error) != self._told:
            self._told = str(error)
            log.error("%s: %s", what, error)

    def _step(self) -> bool:
        if not self._has_turn():
            self._app.load_meaning()  # what another embedded
            return True
        report = self._app.embed_step()
        for text in report.failed:
            log.error("not embedded: %s", text)
        before, self._done = self._done, self._done + report.embedded
        if self._done // TOLD_EVERY > before // TOLD_EVERY:
            log.info("embedded %d documents", self._done)
        return report.is_idle
