"""What a preview page turns out to be."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from soso.model.chat import ChatSighting
from soso.model.post import Post
from soso.model.value import Value


class PageKind(StrEnum):
    """What a page shows. Telegram answers 200 to every name, so this comes from the content."""

    HISTORY = "history"  # t.me/s/NAME: a channel with a run of its posts
    POST = "post"  # t.me/NAME/ID?embed=1: one post by itself
    CHANNEL = "channel"  # t.me/NAME, a card without posts, as are the next five
    GROUP = "group"
    BOT = "bot"
    USER = "user"
    INVITE = "invite"  # t.me/+HASH: a private chat
    FREE = "free"  # nobody has this name, or nothing can be told of it
    MISSING = "missing"  # an embed that says its post is not there


class PreviewPage(Value):
    """A page as it was rendered.

    chat: what the page tells of the chat; None for FREE and MISSING. posts: rising ids, each once.
    rendered_at: when Telegram made the page, by its own clock, or else when it was fetched.
    before, after: the ids to ask for older and newer posts, None if the page has no such link.
    has_preview: a card that links to t.me/s/NAME.
    skipped: reason -> how many blocks. notices: what else a report should say.
    cut: the page ends before its end.
    """

    kind: PageKind
    rendered_at: datetime
    chat: ChatSighting | None = None
    posts: tuple[Post, ...] = ()
    before: int | None = None
    after: int | None = None
    has_preview: bool = False
    skipped: Mapping[str, int] = {}
    notices: tuple[str, ...] = ()
    cut: bool = False
