"""What is asked of an account: the small interface between what is read and who reads it.

client.py fills it with Telethon; tests fill it with lists. Messages, chats and users are TL objects
as they came. Must not know posts.
"""

from typing import Any, Protocol

from soso.model.value import Value


class Door(Value):
    """How an account reaches a chat: found once by its name, then kept, for asking by name is what
    Telegram punishes first. access_hash: of this account and no other."""

    number: int
    access_hash: int = 0
    is_group: bool = False  # a basic group, which has neither an access hash nor changes of its own


class Found(Value):
    """A chat. door: None for people and bots. entity: its Channel, Chat or User; full: the rest."""

    entity: Any
    door: Door | None = None
    full: Any = None


class Page(Value):
    """A run of messages, newest first. entities: the users and chats they speak of.

    pts: where the channel's changes stood; None if it is not told. is_last: nothing lies beyond.
    """

    messages: tuple[Any, ...] = ()
    entities: tuple[Any, ...] = ()
    pts: int | None = None
    is_last: bool = False


class Difference(Value):
    """What changed in a channel since a pts.

    messages: new and edited ones; deleted: ids. final: there is no more. too_long: Telegram does
    not tell it all; what was missed is to be read as history, and pts is where to go on.
    """

    pts: int
    messages: tuple[Any, ...] = ()
    deleted: tuple[int, ...] = ()
    entities: tuple[Any, ...] = ()
    final: bool = True
    too_long: bool = False


class Account(Protocol):
    """A signed-in account, asked from any thread.

    Every method raises Unavailable (no network, or a flood wait: retry_after_s), Refused (not
    signed in, banned from the chat, or not a member), NotFound (there is no such chat).
    """

    def resolve(self, name: str) -> Found:
        """Return who a username, +HASH of an invitation the account accepted, or number is."""
        ...

    def describe(self, door: Door) -> Found:
        """Return a chat with its description and number of members."""
        ...

    def history(self, door: Door, *, after: int | None = None, before: int | None = None) -> Page:
        """Return up to 100 messages: the newest, those right below before, or right above after."""
        ...

    def around(self, door: Door, ids: tuple[int, ...]) -> Page:
        """Return the messages with these ids that are there."""
        ...

    def changes(self, door: Door, pts: int) -> Difference:
        """Return what changed in a channel since pts."""
        ...

    def download(self, door: Door, message: int, *, thumb: bool, max_bytes: int) -> bytes | None:
        """Return the picture of a message, None if it has none or it is too large."""
        ...

    def wait_s(self) -> float:
        """Return how long until Telegram may be asked again; 0 for now."""
        ...
