"""Pictures of live posts that could not be fetched yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from soso.model.batch import Batch
from soso.model.ids import ChatKey
from soso.model.value import Value


class PictureDue(Value):
    """A post with a picture that is still to be fetched.

    tries: so far. reason: why the last one failed. due_at: when it is tried again; given_up: never.
    """

    chat: ChatKey
    post_id: int
    since: datetime
    due_at: datetime
    tries: int = 0
    reason: str = ""
    given_up: bool = False


class PicturesDue(Protocol):
    """One row a post. Called by flows/keep_media.py and flows/fetch_pictures.py."""

    def add_pictures_due(
        self, chat: ChatKey, missed: Mapping[int, str], *, now: datetime, due_at: datetime
    ) -> None:
        """Queue posts (id -> reason); those that wait or were given up are left as they are."""
        ...

    def take_pictures_due(
        self, now: datetime, *, hold_until: datetime, limit: int
    ) -> list[PictureDue]:
        """Return the rows that are due, longest due first, and let no other have them until then."""
        ...

    def keep_picture_due(self, row: PictureDue) -> None:
        """Write down a row after another try, over the one that is there."""
        ...

    def drop_pictures_due(self, chat: ChatKey, post_ids: list[int]) -> None:
        """Forget rows: their pictures are here, or their posts are gone."""
        ...

    def list_pictures_due(self, *, given_up: bool, limit: int = 50) -> list[PictureDue]:
        """Return rows, the longest missed first."""
        ...

    def count_pictures_due(self) -> tuple[int, int]:
        """Return how many wait and how many were given up."""
        ...


class PostAgain(Protocol):
    """A post by itself from a fresh page, where links to its pictures live again."""

    def pull_post(self, username: str, post_id: int, now: datetime) -> Batch | None:
        """Return the post, alone or as its album; None if no page shows it any more.

        Raises Unavailable.
        """
        ...
