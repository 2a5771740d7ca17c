"""What a feed tells of the chat its entries are of.

Knows the titles that producers give to feeds of channels. Must not know entries.
"""

import re
from typing import Final

from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer
from soso.sources.feed.body import read_body, read_rich, read_title
from soso.sources.feed.wire import RawFeed, absolute
from soso.sources.web_preview.values import parse_telegram_link

_MAX_DESCRIPTION_CHARS: Final = 2000
_TITLE: Final = re.compile(
    r"(?P<rsshub>.+?) - Telegram Channel|(?P<bridge>.+) \(@[A-Za-z0-9_]{4,32}\) - Telegram"
)


def owner_of(raw: RawFeed) -> str | None:
    """Return the username of the channel that a feed says it is of, None if it says none."""
    link = parse_telegram_link(raw.link)
    return link.username if link is not None else None


def channel_title(raw: RawFeed) -> str:
    """Return a channel's title as producers write it into the feed's."""
    match = _TITLE.fullmatch(raw.title)
    return (match["rsshub"] or match["bridge"]) if match else raw.title


def see_channel(username: str | None, peer: Peer | None, raw: RawFeed) -> ChatSighting:
    """Return what a feed tells of a channel: more if it is the feed of this one channel.

    Feeds that lead to a channel's page are made from its public preview, which only channels have.
    """
    if username is None or (owner_of(raw) or "").lower() != username.lower():
        return ChatSighting(username=username, peer=peer)
    title = channel_title(raw)
    is_search = raw.link is not None and "?" in raw.link  # its title is the search
    return ChatSighting(
        username=username,
        kind=ChatKind.CHANNEL,
        title=None if is_search else title or None,
        is_public=True,
        second_hand=True,
    )


def see_feed(raw: RawFeed, url: str) -> ChatSighting:
    """Return the chat that a feed is which carries no posts of Telegram; its address names it.

    One whose address holds a name and password is private until somebody decides.
    """
    has_password = "@" in url.partition("://")[2].partition("/")[0]
    host = (absolute(raw.link, url) or url).partition("://")[2].partition("/")[0]
    body = read_body(raw.description, url) if raw.description else None
    return ChatSighting(
        kind=ChatKind.CHANNEL,
        title=read_title(raw.title) or host.rpartition("@")[2],
        description=read_rich(body).text[:_MAX_DESCRIPTION_CHARS] or None,
        is_public=None if has_password else True,
        picture_source=raw.picture,
        alias=url,
    )
