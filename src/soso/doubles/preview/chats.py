"""What the double keeps: chats, and the messages of channels as they were and are.

Knows ids, albums, edits and deletions. Must not know HTML or HTTP.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

PAGE: Final = 20
"""How many message ids a page shows, albums counting each item."""


class Shape(StrEnum):
    """What a message holds beside its text."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    BIG_VIDEO = "big_video"
    GIF = "gif"
    VOICE = "voice"
    FILE = "file"
    POLL = "poll"
    LINK = "link"
    SERVICE = "service"


@dataclass(slots=True)
class Message:
    """A message of a channel. texts: all its versions, the last one now shown.

    at_s: Unix seconds. album: the first id of its album. look: which of its shape's variants.
    """

    id: int
    at_s: int
    texts: list[str]
    shape: Shape = Shape.TEXT
    album: int | None = None
    look: int = 0
    views: int = 1
    author: str = ""
    forward: tuple[str, str, int] | None = None  # title, name, id
    reply_to: int | None = None

    @property
    def text(self) -> str:
        """The text now."""
        return self.texts[-1]

    @property
    def is_edited(self) -> bool:
        """Whether the page says "edited"."""
        return len(self.texts) > 1


@dataclass(slots=True)
class Chat:
    """A name and what is behind it. kind: channel, group, bot or user; invite: its name is a hash.

    version: rises with every change that a page can show.
    """

    name: str
    number: int
    title: str
    kind: str = "channel"
    description: str = ""
    members: int = 0
    verified: bool = False
    is_closed: bool = False
    has_cursor: bool = True
    version: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    deleted: dict[int, Message] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    shapes: Counter[Shape] = field(default_factory=Counter)
    last_id: int = 0

    def add(self, message: Message) -> None:
        """Add a message; ids rise."""
        self.messages[message.id] = message
        self.ids.append(message.id)
        self.shapes[message.shape] += 1
        self.last_id = max(self.last_id, message.id)
        self.version += 1

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete messages; ids are never used again."""
        for number in numbers:
            message = self.messages.pop(number, None)
            if message is not None:
                self.deleted[number] = message
                self.shapes[message.shape] -= 1
                del self.ids[bisect_left(self.ids, number)]
        self.version += 1

    def album_of(self, number: int) -> list[Message]:
        """Return the messages that are shown as one with this one, in order."""
        message = self.messages[number]
        if message.album is None:
            return [message]
        near = self.ids[bisect_left(self.ids, message.album) : bisect_right(self.ids, number + 10)]
        return [m for i in near if (m := self.messages[i]).album == message.album]

    def cut_page(self, *, before: int | None, after: int | None) -> list[int]:
        """Return the ids of a page, oldest first; an album is never cut."""
        ids = self.ids
        if after is not None:
            start = bisect_right(ids, after)
            end = min(start + PAGE, len(ids))
        else:
            end = len(ids) if before is None else bisect_left(ids, before)
            start = max(end - PAGE, 0)
        while 0 < start < end and self._are_together(start - 1, start):
            start -= 1
        while start < end < len(ids) and self._are_together(end - 1, end):
            end += 1
        return ids[start:end]

    def find(self, sought: str, *, before: int | None) -> list[int]:
        """Return the ids of the newest messages whose text holds something, oldest first."""
        end = len(self.ids) if before is None else bisect_left(self.ids, before)
        word = sought.casefold()
        found = (i for i in reversed(self.ids[:end]) if word in self.messages[i].text.casefold())
        return [number for number, _ in zip(found, range(PAGE), strict=False)][::-1]

    def blocks(self, ids: Sequence[int]) -> list[list[Message]]:
        """Return the messages of a page as they are shown: albums as one."""
        blocks: list[list[Message]] = []
        for number in ids:
            message = self.messages[number]
            last = blocks[-1][-1] if blocks else None
            if last is not None and message.album is not None and last.album == message.album:
                blocks[-1].append(message)
            else:
                blocks.append([message])
        return blocks

    def _are_together(self, one: int, other: int) -> bool:
        album = self.messages[self.ids[one]].album
        return album is not None and album == self.messages[self.ids[other]].album
