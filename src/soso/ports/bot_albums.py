"""Which messages make one album: a bot hears of them one by one."""

from datetime import datetime
from typing import Protocol


class BotAlbums(Protocol):
    """Remembers items of albums for as long as others may follow. Called by flows/take_update.py."""

    def note_album_item(
        self, chat: str, album: str, post_id: int, *, now: datetime
    ) -> tuple[int, ...]:
        """Remember an item and return all that are known of its album, itself too, rising.

        chat: the ref. Noting an item again changes nothing.
        """
        ...

    def forget_albums(self, *, before: datetime) -> int:
        """Forget items noted before a time; return how many."""
        ...
