"""Gathers the rows of one chat into batches: ids rising and each once, skips counted by reason.

Shared by the JSON and the HTML source. Knows nothing of files.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from soso.model.batch import Batch
from soso.model.chat import ChatSighting
from soso.model.post import Post
from soso.model.value import Value
from soso.sources.desktop_export.albums import Row

JOINED: Final = "joined into the post of their album"
PERSONAL: Final = "in a personal chat that was not asked for by name"
CUT_OFF: Final = "cut off by the end of the file"
REPEATED: Final = "the same id twice"
ZONE_UNKNOWN: Final = (
    "the export has local times without a zone, which were taken as UTC and marked uncertain; "
    "give the zone of the exporting computer with --zone"
)


class Place(Value):
    """A cursor: how far an input was read. chat: its number in the input; mark: as in Row.

    stamp: what the input looked like; a cursor of another file at the same path means nothing.
    """

    stamp: str
    chat: int = -1
    mark: int = -1

    def dump(self) -> str:
        """Return the cursor as a string."""
        return msgspec.json.encode(self).decode()


def load_place(cursor: str | None, stamp: str) -> Place:
    """Return the place that a cursor names, or the start if it belongs to another input."""
    if cursor is not None:
        try:
            place = msgspec.json.decode(cursor, type=Place)
        except (msgspec.DecodeError, UnicodeError):
            return Place(stamp=stamp)
        if place.stamp == stamp:
            return place
    return Place(stamp=stamp)


class Notes:
    """What has to be said beside the posts, handed over with the next batch."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        self._fresh: list[str] = []
        self._said: set[str] = set()

    def say(self, notice: str) -> None:
        """Say something, once in an import."""
        if notice not in self._said:
            self._said.add(notice)
            self._fresh.append(notice)

    def __bool__(self) -> bool:
        return bool(self.skipped or self._fresh)

    def take(self) -> tuple[dict[str, int], tuple[str, ...]]:
        """Return skips and notices, and forget them."""
        taken = dict(self.skipped), tuple(self._fresh)
        self.skipped.clear()
        self._fresh.clear()
        return taken


def say_unmet(asked: Mapping[str, str]) -> list[str]:
    """Return a notice for each personal chat that was asked for and is not in the export."""
    return [f"no personal chat is called {name}" for name in asked.values()]


class Gatherer:
    """Collects rows until there are enough for a batch.

    written_at: when the input was written, as far as one can tell; see take.
    """

    def __init__(self, chat: ChatSighting, notes: Notes, *, written_at: datetime) -> None:
        self.chat = chat
        self.mark = -1
        self._notes = notes
        self._written_at = written_at
        self._posts: dict[int, Post] = {}
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def add(self, row: Row) -> None:
        """Take in the next row."""
        self.mark = row.mark
        self._rows += 1 + row.joined
        if row.skip is not None:
            self._notes.skipped[row.skip] += 1
        if row.joined:
            self._notes.skipped[JOINED] += row.joined
        if row.post is not None:
            if row.post.id in self._posts:
                self._notes.skipped[REPEATED] += 1
            self._posts[row.post.id] = row.post
            if not row.post.at_certain and row.post.service is None:  # those of HTML have no time
                self._notes.say(ZONE_UNKNOWN)

    def take(self, *, cursor: str, read_bytes: int, partial: bool = False) -> Batch:
        """Return what was collected and start anew.

        observed_at is when the file was last written, but never before the newest time in the
        batch: archives and copies give files wrong dates, and no text is seen before it is there.
        """
        posts = tuple(self._posts[key] for key in sorted(self._posts))
        times = [self._written_at, *(post.at for post in posts)]
        times += [post.edited_at for post in posts if post.edited_at is not None]
        skipped, notices = self._notes.take()
        self._posts.clear()
        self._rows = 0
        return Batch(
            chat=self.chat,
            observed_at=max(times),
            posts=posts,
            skipped=skipped,
            notices=notices,
            cursor=cursor,
            read_bytes=read_bytes,
            partial=partial,
        )


def written_at(modified_s: float) -> datetime:
    """Return a file's time of change as UTC; absurd ones become the epoch."""
    try:
        return datetime.fromtimestamp(modified_s, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
