"""The part of App about work that one of several workers does at a time.

Mixed into bootstrap.App. An archive in a file is worked on by one machine, whose workers see by the
archive itself that they are not alone; turns are for those on a server.
"""

import logging
import os
import secrets
import socket
import time
from functools import cached_property
from typing import Final

from soso.model.errors import SosoError
from soso.wiring import Adapters

log = logging.getLogger(__name__)

TURN_S: Final = 120.0
"""How long nobody does the work of a worker that died."""


class TurnsApp(Adapters):
    """Turns. Methods may be called from many threads, one a name."""

    @cached_property
    def owner(self) -> str:
        """What this process is called in leases; no other is called so."""
        return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"

    @cached_property
    def _turns(self) -> dict[str, float]:
        """When each turn was last asked for, by the monotonic clock."""
        return {}

    def hold_turn(self, name: str) -> bool:
        """Take a turn or hold it on; whether it is ours. Raises Unavailable."""
        if self.settings.database_url.startswith("sqlite"):
            return True
        now = time.monotonic()
        if now - self._turns.get(name, -TURN_S) < TURN_S / 4:
            return True
        is_ours = self.store.take_lease(f"turn/{name}", self.owner, for_s=TURN_S)
        if is_ours:
            self._turns[name] = now
        else:
            self._turns.pop(name, None)
        return is_ours

    def end_turn(self, name: str) -> None:
        """Let another have it at once; a failure only means that it runs out by itself."""
        if self._turns.pop(name, None) is None:
            return
        try:
            self.store.end_lease(f"turn/{name}", self.owner)
        except SosoError as error:
            log.warning("the turn %s ends by itself: %s", name, error)
