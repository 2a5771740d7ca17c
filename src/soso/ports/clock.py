"""The time, as an argument."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; bootstrap fills it with the machine's clock, tests with one they set."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        ...
