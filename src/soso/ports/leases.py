"""Who does what, where several processes could: one holder a name, for a time."""

from collections.abc import Sequence
from typing import Protocol


class Leases(Protocol):
    """One row a name. Taken by workers in many processes and machines; may raise Unavailable.

    Time is that of the database, so that machines whose clocks differ agree. A holder that dies is
    followed by another once its lease has run out; who takes longer than that must ask again before
    what it did is told as done.
    """

    def take_lease(self, name: str, owner: str, *, for_s: float) -> bool:
        """Take the name, or hold it for so long from now; False while another has it."""
        ...

    def take_free_lease(self, names: Sequence[str], owner: str, *, for_s: float) -> str | None:
        """Take one that nobody holds, the one left alone for longest first; None if there is none.

        Two that ask at once get different names, and neither waits for the other.
        """
        ...

    def end_lease(self, name: str, owner: str) -> None:
        """Let go; nothing happens if it is another's."""
        ...

    def list_leases(self) -> list[tuple[str, str, float]]:
        """Return name, owner and seconds left of all that are held, by name."""
        ...
