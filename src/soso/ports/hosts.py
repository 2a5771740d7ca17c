"""The pace of hosts: when each may be asked again. It survives restarts; processes share it."""

from datetime import datetime
from typing import NamedTuple, Protocol

from soso.model.value import Value


class HostPace(Value):
    """How a host is doing. next_at: the first free turn. failures: in a row, since the last success.

    written_at: when the row was written, by the clock of then.
    """

    host: str
    next_at: datetime
    written_at: datetime
    backoff_until: datetime | None = None
    failures: int = 0
    reason: str | None = None  # of the last failure


class Turn(NamedTuple):
    """taken: a turn is ours, wait_s from now. Otherwise the host is backed off for wait_s."""

    taken: bool
    wait_s: float


class Hosts(Protocol):
    """One row a host. Called by fetchers from many threads and processes; may raise Unavailable.

    Clocks jump. A row says how long to wait as seen when it was written: when now lies before that
    (by more than a few seconds), the waits are counted from now, so that none grows longer.
    """

    def take_turn(self, host: str, *, now: datetime, every_s: float) -> Turn:
        """Take the host's next turn; the one after it comes every_s later, whoever takes it.

        Turns are given once, in order. While the host is backed off none is given.
        """
        ...

    def find_pace(self, host: str, *, now: datetime) -> HostPace | None:
        """Return how a host is doing, its times shifted after a jump of the clock; None if new."""
        ...

    def list_paces(self, *, now: datetime) -> list[HostPace]:
        """Return all hosts by name."""
        ...

    def back_off(
        self, host: str, *, now: datetime, for_s: float, failures: int, reason: str
    ) -> None:
        """Leave a host alone for so long, or longer if that was asked before.

        failures: in a row, this one included. A smaller number than the kept one changes no number,
        so that requests which failed together count once.
        """
        ...

    def forget_failures(self, host: str) -> None:
        """The host answered: no failures in a row. A back-off that runs is left."""
        ...
