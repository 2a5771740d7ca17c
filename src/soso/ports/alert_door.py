"""Where alerts go out: a chat of the bot, a webhook."""

from typing import Protocol

from soso.alerts.delivery import Outcome
from soso.alerts.digest import Digest


class AlertDoor(Protocol):
    """Sends digests one at a time; called from several threads at once, from worker threads."""

    def send(self, digest: Digest) -> Outcome:
        """Send a digest and say how that ended; see alerts/delivery.End.

        Returns within two minutes, and raises nothing: whatever goes wrong is an Outcome. LATER
        only where it is certain that the other side does not have it.
        """
        ...
