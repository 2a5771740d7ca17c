"""Names of chats that posts speak of, for the operator to follow or to leave."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from soso.model.ids import ChatKey, PostKey
from soso.model.value import Value


class Meeting(Value):
    """A post of a chat speaks of a name: a mention, a link, a forward. name: folded, without @."""

    name: str
    chat: ChatKey
    post: PostKey
    at: datetime


class Met(Value):
    """A name with how often it was met: in so many chats, so many posts, last at."""

    name: str
    chats: int
    posts: int
    last_at: datetime


class Discovery(Protocol):
    """Counts by name and chat; a post counts once, also when it is seen again after an edit."""

    def note_met(self, rows: Sequence[Meeting]) -> None:
        """Add meetings. Doing it again changes nothing."""
        ...

    def list_met(self, *, without: Collection[str] = (), limit: int = 50) -> list[Met]:
        """Return the names that most chats speak of, then most posts; without ignored ones."""
        ...

    def list_met_in(self, name: str) -> list[ChatKey]:
        """Return the chats that speak of a name."""
        ...

    def ignore_met(self, name: str, *, ignored: bool = True) -> None:
        """Propose a name no more, or again."""
        ...
