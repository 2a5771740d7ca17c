"""What the rows of a dump are, once read."""

import re
from typing import Final

from soso.model.batch import Archived, Block, Tombstone
from soso.model.chat import ChatSighting
from soso.model.post import Post
from soso.model.value import Value

USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


class Row(Value):
    """The base of all rows. unknown: names of fields that were left out."""

    unknown: frozenset[str]


class ChatRow(Row):
    """What a row tells of a chat; provisional: x17, its name within the file."""

    sighting: ChatSighting
    provisional: str | None = None


class PostRow(Row):
    """A post, the chat it names, and what only a dump knows of it."""

    chat: ChatSighting
    post: Post
    provisional: str | None = None
    archived: Archived | None = None


class TombstoneRow(Row):
    """A post that is known to be deleted."""

    chat: ChatSighting
    tombstone: Tombstone
    provisional: str | None = None


class BlockRow(Row):
    """Something that must not come in."""

    block: Block


class DeskRow(Row):
    """A removal request or decision, which is no matter of a source; see desk.py."""
