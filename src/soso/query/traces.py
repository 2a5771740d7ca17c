"""What the doors are given of a post's copies: who was first, who followed, what they changed."""

from datetime import timedelta
from enum import StrEnum

from soso.model.post import Forward
from soso.model.value import Value
from soso.query.results import Card


class Change(StrEnum):
    """What became of a stretch."""

    EQUAL = "equal"
    ADDED = "added"
    REMOVED = "removed"


class Piece(Value):
    """A stretch of text: of the later one, or where it was removed, of the earlier."""

    change: Change
    text: str


class Copy(Value):
    """A post of a cluster.

    delay: after the origin; None for the origin itself and where one of the times is not sure.
    forwarded: it names where it came from. pieces: what it says otherwise than the origin; empty
    for the origin, for what is shown veiled, and where only so many were asked for.
    """

    card: Card
    is_origin: bool = False
    delay: timedelta | None = None
    forwarded: bool = False
    pieces: tuple[Piece, ...] = ()


class Trace(Value):
    """A post's copies in order of time, itself among them.

    cluster: names the cluster by its first post that may be shown: chat/id. chats: how many there
    are. outside: the origin that the first post names and that the archive may not show or does
    not have; then no copy is the origin.
    """

    cluster: str
    copies: tuple[Copy, ...]
    chats: int
    outside: Forward | None = None

    @property
    def others(self) -> int:
        """How many other channels have published it."""
        return max(self.chats - 1, 0)
