"""A chat: a channel, a group or a bot, with the names it has had."""

from datetime import datetime
from enum import StrEnum

from soso.model.ids import ChatKey, Peer, provisional_ref
from soso.model.media import Picture
from soso.model.value import Value


class ChatKind(StrEnum):
    """What a reader would call it."""

    CHANNEL = "channel"
    GROUP = "group"
    BOT = "bot"
    PERSON = "person"  # a personal chat or saved messages; never public by itself
    UNKNOWN = "unknown"


class Visibility(StrEnum):
    """Who may see a chat and its posts; model/visibility.py decides."""

    PUBLIC = "public"  # pages, search, feeds, sitemap
    UNLISTED = (
        "unlisted"  # pages for those who have the address; in no list, search, feed or sitemap
    )
    PRIVATE = "private"  # nowhere but on the operator's command line


class Username(Value):
    """A public name and when it was seen; compared without regard to case."""

    name: str
    first_seen_at: datetime
    last_seen_at: datetime


class ChatSighting(Value):
    """What one source tells of a chat; None where it says nothing.

    is_public: whether the source says that anyone may read the chat; None if it can't tell.
    usernames, visibility, visibility_fixed, sensitive, no_index: only our own dump carries these.
    picture_source: where the source has the chat's picture.
    alias: what the source itself calls a chat of which it knows neither peer nor username; it tells
      two chats of one title in one source apart and means nothing elsewhere.
    second_hand: told by somebody else (a feed about the chat); it only fills gaps.
    """

    peer: Peer | None = None
    kind: ChatKind | None = None
    title: str | None = None
    username: str | None = None
    description: str | None = None
    members: int | None = None
    verified: bool | None = None
    is_public: bool | None = None
    counters: dict[str, int] = {}
    picture_source: str | None = None
    picture: Picture | None = None
    usernames: tuple[Username, ...] = ()
    visibility: Visibility | None = None
    visibility_fixed: bool | None = None
    sensitive: bool | None = None
    no_index: bool | None = None
    alias: str | None = None
    second_hand: bool = False


class Chat(Value):
    """A chat in the archive.

    username: the one it has now; usernames: all it has had.
    is_public: what the source said last; visibility follows it until visibility_fixed says that
      the operator has decided.
    seen_at: when the newest sighting in it was made.
    no_index: its owner does not want it in other people's search engines (robots), ours stays.
    merged_into: this key was joined with another chat, which holds its posts now.
    """

    key: ChatKey
    kind: ChatKind
    peer: Peer | None = None
    title: str = ""
    username: str | None = None
    usernames: tuple[Username, ...] = ()
    description: str = ""
    members: int | None = None
    verified: bool = False
    counters: dict[str, int] = {}
    picture: Picture | None = None
    is_public: bool | None = None
    seen_at: datetime | None = None
    visibility: Visibility = Visibility.PRIVATE
    visibility_fixed: bool = False
    sensitive: bool = False
    no_index: bool = False
    merged_into: ChatKey | None = None

    @property
    def ref(self) -> str:
        """The chat in addresses and answers: its peer, or x<key> while that is not known."""
        return self.peer.ref if self.peer is not None else provisional_ref(self.key)
