"""The truth: everything the archive must not lose, in one store."""

from typing import Protocol

from soso.ports.answers import Answers
from soso.ports.bot_albums import BotAlbums
from soso.ports.bot_kept import BotKept
from soso.ports.changes import Changes
from soso.ports.chats import Chats
from soso.ports.clusters import Copies
from soso.ports.desk import Desk
from soso.ports.discovery import Discovery
from soso.ports.following import FollowedSources
from soso.ports.hosts import Hosts
from soso.ports.journal import Journal
from soso.ports.leases import Leases
from soso.ports.pictures_due import PicturesDue
from soso.ports.posts import Posts
from soso.ports.queries import Queries
from soso.ports.senders import Senders
from soso.ports.stories import Stories
from soso.ports.suggestions import Suggestions
from soso.ports.tallies import Tallies
from soso.ports.vectors import KeptVectors
from soso.ports.watches import Watches


class Store(
    Chats,
    Posts,
    Changes,
    Answers,
    Desk,
    Journal,
    KeptVectors,
    Queries,
    Suggestions,
    Copies,
    Stories,
    Watches,
    BotKept,
    BotAlbums,
    Hosts,
    PicturesDue,
    FollowedSources,
    Discovery,
    Senders,
    Tallies,
    Leases,
    Protocol,
):
    """All of them over one database, so that one transaction can hold rows of several.

    Safe to use from many threads and processes. Every method may raise Unavailable.
    """

    def size_bytes(self) -> int:
        """Return how much the database takes on disk."""
        ...

    def check(self) -> list[str]:
        """Return what is wrong with the database in words, empty when it is sound."""
        ...

    def close(self) -> None:
        """Let go of files and connections; calling it twice is no error."""
        ...
