"""The loops of alerts: one matches what is new, one tells it.

They are apart so that a slow receiver holds up no matching.
"""

import logging
import time
import traceback
from collections.abc import Mapping
from typing import Final

from soso.alerts.watch import Door
from soso.bootstrap import App
from soso.model.errors import SosoError
from soso.ports.alert_door import AlertDoor
from soso.worker.loop import ThreadLoop

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
LONGEST_DOOR_PAUSE_S: Final = 300.0
HOUSEKEEPING_S: Final = 3_600.0


class AlertWorker(ThreadLoop):
    """Matches and delivers in two threads until it is stopped; failures are tried again."""

    name = "alert-worker"

    def __init__(self, app: App, doors: Mapping[Door, AlertDoor] | None = None) -> None:
        """doors: those that this process can tell through; None: webhooks."""
        super().__init__(app)
        self._deliverer = Deliverer(app, doors)

    def start(self) -> None:
        """Begin."""
        super().start()
        self._deliverer.start()

    def stop(self) -> None:
        """End after the steps at hand."""
        self._stopped.set()
        self._deliverer.stop()
        super().stop()

    def _loop(self) -> None:
        pause = PAUSE_S
        cleaned_at = time.monotonic() - HOUSEKEEPING_S
        while not self._stopped.wait(pause):
            begun = time.monotonic()
            try:
                report = self._app.alert_changes()
                if begun - cleaned_at >= HOUSEKEEPING_S:
                    cleaned_at = begun
                    self._app.forget_old_matches()
            except Exception as error:  # noqa: BLE001 - what fails once must not end the loop
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                _log_failure("alerts failed, and are tried again in %.0f s", pause, error)
                continue
            if report.matches:
                log.info("%d new matches in %d posts", report.matches, report.posts)
            # A long import: others get as long to work as a step took.
            pause = min(time.monotonic() - begun, PAUSE_S) if report.changes else PAUSE_S


class Deliverer(ThreadLoop):
    """Tells what is due in a thread of its own; also run by the bot, with its own door.

    A stop waits for doors, which take two minutes at most.
    """

    name = "deliver-worker"

    def __init__(self, app: App, doors: Mapping[Door, AlertDoor] | None = None) -> None:
        super().__init__(app)
        self._doors = doors
        self._closed_until: dict[Door, float] = {}
        self._pauses_s: dict[Door, float] = {}

    def _loop(self) -> None:
        pause = PAUSE_S
        while not self._stopped.wait(pause):
            try:
                is_idle = self._step()
                pause = PAUSE_S if is_idle else 0.0
            except Exception as error:  # noqa: BLE001 - what fails once must not end the loop
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                _log_failure("alerts are not delivered now, tried again in %.0f s", pause, error)

    def _step(self) -> bool:
        """Deliver through the doors that are not down; whether there was nothing to do."""
        now = time.monotonic()
        doors = self._app.alert_doors if self._doors is None else self._doors
        open_ = {door: one for door, one in doors.items() if self._closed_until.get(door, 0) <= now}
        if not open_:
            return True
        report = self._app.deliver_due(open_)
        for door in open_:
            if door.value in report.paused_s:
                self._close(door, report.paused_s[door.value])
            elif report.sent:
                self._pauses_s.pop(door, None)
        return report.is_idle or not report.sent

    def _close(self, door: Door, asked_s: float) -> None:
        """Leave a door alone for as long as it asked for, and twice as long each time."""
        pause_s = min(max(self._pauses_s.get(door, PAUSE_S) * 2, asked_s), LONGEST_DOOR_PAUSE_S)
        pause_s = max(pause_s, asked_s)
        self._pauses_s[door] = pause_s
        self._closed_until[door] = time.monotonic() + pause_s
        log.warning("nothing goes out to %s for %.0f s", door.value, pause_s)


def _log_failure(what: str, pause_s: float, error: Exception) -> None:
    """Log an error of ours in full; of another only where it arose: its text may hold secrets."""
    if isinstance(error, SosoError):
        log.error(what, pause_s, exc_info=error)
        return
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
    log.error(f"{what}: %s at %s", pause_s, type(error).__name__, place)
