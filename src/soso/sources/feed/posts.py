"""An entry becomes a post: one of Telegram, or one of a feed of its own.

Knows which of an entry's words say what. Must not know feeds' formats or chats.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from soso.model.post import Entity, EntityKind, LinkPreview, Post, Service
from soso.model.sameness import plain
from soso.model.value import Value
from soso.sources.feed.body import (
    enclosed_media,
    read_body,
    read_media,
    read_rich,
    read_title,
    without_repeats,
)
from soso.sources.feed.identity import PostName
from soso.sources.feed.telegram import Wrapping
from soso.sources.feed.wire import Entry
from soso.sources.web_preview.richtext import RichText

_MAX_TEXT_CHARS: Final = 200_000
_FRESH: Final = timedelta(minutes=10)

# RSSHub's tags of what a post holds, in front of its title.
_TAGS: Final = re.compile(
    r"(?:\s*(?:\[[A-Z][A-Za-z ]{2,20}\]|↩️|🔁|🔧|🤖|🎬|🖼️?|📊|🎙️?|🎵|📄|📍|📱|🚫))+\s*"
)
_SERVICE: Final = ("🔧", "[Service]")
_CONTACT: Final = ("📱", "[Contact]")

EMPTY: Final = "an entry with nothing in it"
CONTACT: Final = "contact card (never kept)"


class Moment(Value):
    """When a post was published, whether that is certain, and when it was edited."""

    at: datetime
    certain: bool = True
    edited_at: datetime | None = None


def read_moments(entries: Sequence[Entry], observed_at: datetime) -> list[Moment]:
    """Return the times of entries. One without a time, or from the future, is of now.

    Many feeds write when they were made as the time of change of each entry: that tells no edit.
    """
    changed = {entry.updated_at for entry in entries if entry.updated_at is not None}
    told = len(changed) > 1 or all(time < observed_at - _FRESH for time in changed)
    return [_moment(entry, observed_at, tells_edits=told) for entry in entries]


def _moment(entry: Entry, observed_at: datetime, *, tells_edits: bool) -> Moment:
    if entry.at is None or entry.at > observed_at:
        return Moment(at=observed_at, certain=False)
    edited_at = entry.updated_at if tells_edits and entry.at_certain else None
    if edited_at is not None and not entry.at < edited_at <= observed_at:
        edited_at = None
    return Moment(at=entry.at, certain=entry.at_certain, edited_at=edited_at)


def telegram_post(entry: Entry, name: PostName, moment: Moment) -> Post | str:
    """Return an entry as the post of Telegram that it is, or why it is left out."""
    wrapping = Wrapping(read_body(entry.html, entry.base) if entry.html else None, entry.base)
    rich = wrapping.rich if entry.html else RichText(entry.text.strip())
    media = without_repeats([*wrapping.files, *wrapping.media, *enclosed_media(entry.enclosures)])
    title = read_title(entry.title)
    tags = match[0] if (match := _TAGS.match(title)) else ""
    if any(tag in tags for tag in _CONTACT):
        return CONTACT
    if not (rich.text or media or wrapping.poll):
        rich = RichText(title[len(tags) :])
        if not rich.text:
            return EMPTY
    return Post(
        id=name.post_id,
        **_told(entry, moment, rich),
        via_bot=wrapping.via_bot,
        forward=wrapping.forward,
        reply=wrapping.reply,
        media=media,
        poll=wrapping.poll,
        previews=wrapping.previews,
        service=Service(action="other") if tags.startswith(_SERVICE) else None,
    )


def own_post(entry: Entry, own_id: int, moment: Moment) -> Post | str:
    """Return an entry of a feed of its own: its title, linked to its page, and its body under it.

    A title that only repeats how the body begins is left out. An empty entry gives the reason.
    """
    body = read_body(entry.html, entry.base) if entry.html else None
    rich = read_rich(body) if body is not None else RichText(entry.text.strip())
    title = read_title(entry.title)
    media = without_repeats([*read_media(body, entry.base), *enclosed_media(entry.enclosures)])
    if title and plain(rich.text).startswith(plain(title).rstrip(".… ")):
        title = ""
    if not (title or rich.text or media):
        return EMPTY
    is_linked = title or entry.link is None
    return Post(
        id=own_id,
        **_told(entry, moment, _under(title, entry.link, rich)),
        media=media,
        previews=() if is_linked else (LinkPreview(url=entry.link or ""),),
    )


def _told(entry: Entry, moment: Moment, rich: RichText) -> dict[str, Any]:
    """Return the fields that both kinds of posts have from their entry."""
    return {
        "at": moment.at,
        "at_certain": moment.certain,
        "edited": moment.edited_at is not None,
        "edited_at": moment.edited_at,
        "text": rich.text[:_MAX_TEXT_CHARS],
        "entities": _within(rich.entities),
        "author": entry.author,
        "views": entry.views,
        "second_hand": True,
    }


def _under(title: str, link: str | None, body: RichText) -> RichText:
    if not title:
        return body
    marks = [Entity(kind=EntityKind.HEADING, start=0, end=len(title))]
    if link is not None:
        marks.append(Entity(kind=EntityKind.TEXT_LINK, start=0, end=len(title), url=link))
    if not body.text:
        return RichText(title, tuple(marks))
    start = len(title) + 2
    moved = (
        msgspec.structs.replace(mark, start=mark.start + start, end=mark.end + start)
        for mark in body.entities
    )
    return RichText(f"{title}\n\n{body.text}", (*marks, *moved))


def _within(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    return tuple(mark for mark in entities if mark.end <= _MAX_TEXT_CHARS)
