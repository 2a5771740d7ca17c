"""Parts of a message beside its text and files: forwards, replies, polls, reactions and the like.

Knows their TL types. Names of people and chats come with the answer a message stood in.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from soso.model.ids import Peer
from soso.model.post import (
    Button,
    Forward,
    LinkPreview,
    Location,
    Poll,
    PollAnswer,
    Reaction,
    Reply,
)
from soso.model.value import Value
from soso.sources.mtproto.rich import read_button
from soso.sources.mtproto.wire import (
    MAX_POST_ID,
    as_int,
    as_label,
    as_text,
    as_time,
    field,
    items_of,
    kind_of,
    read_peer,
)

_PAID: Final = "⭐"
_CUSTOM: Final = "❔"  # a custom emoji's picture is not to be had without another request


class Known(Value):
    """Someone an answer names beside its messages."""

    name: str | None = None
    username: str | None = None


Names = Mapping[Peer, Known]
"""Who the messages of one answer may speak of."""


def read_forward(message: Any, names: Names) -> Forward | None:
    """Return where a message was forwarded from, as far as its author lets it be seen."""
    raw = field(message, "fwd_from")
    if raw is None:
        return None
    peer = read_peer(field(raw, "from_id"))
    known = names.get(peer, Known()) if peer is not None else Known()
    return Forward(
        name=as_label(field(raw, "from_name")) or known.name,
        peer=peer,
        username=known.username,
        post_id=as_int(field(raw, "channel_post"), low=1, high=MAX_POST_ID),
        author=as_label(field(raw, "post_author")),
        at=as_time(field(raw, "date")),
    )


def read_reply(message: Any, here: Peer | None, names: Names) -> tuple[Reply | None, int | None]:
    """Return what a message answers, and the topic of a forum it stands in.

    In a forum the head names the topic: alone for a post of the topic, beside an answer's target.
    """
    raw = field(message, "reply_to")
    if kind_of(raw) != "MessageReplyHeader":
        return None, None
    target = as_int(field(raw, "reply_to_msg_id"), low=1, high=MAX_POST_ID)
    top = as_int(field(raw, "reply_to_top_id"), low=1, high=MAX_POST_ID)
    topic = (top or target) if field(raw, "forum_topic") is True else None
    if target is None or (topic is not None and top is None):
        return None, topic
    peer = read_peer(field(raw, "reply_to_peer_id"))
    peer = None if peer == here else peer
    known = names.get(peer, Known()) if peer is not None else Known()
    quote = as_label(field(raw, "quote_text"))
    return Reply(post_id=target, peer=peer, username=known.username, text=quote), topic


def read_reactions(message: Any) -> tuple[Reaction, ...]:
    """Return how many reacted with which sign; custom ones are counted together."""
    counts: dict[str, int] = {}
    for raw in items_of(field(message, "reactions"), "results"):
        reaction = field(raw, "reaction")
        sign = as_label(field(reaction, "emoticon"))
        if sign is None:
            sign = _PAID if kind_of(reaction) == "ReactionPaid" else _CUSTOM
        counts[sign] = counts.get(sign, 0) + (as_int(field(raw, "count")) or 0)
    return tuple(Reaction(emoji=sign, count=count) for sign, count in counts.items() if count)


def read_poll(media: Any) -> Poll | None:
    """Return a poll, or a to-do list, which has no votes."""
    if kind_of(media) == "MessageMediaToDo":
        todo = field(media, "todo")
        answers = [PollAnswer(text=as_text(field(r, "title"))) for r in items_of(todo, "list")]
        return Poll(question=as_text(field(todo, "title")), answers=tuple(answers))
    if kind_of(media) != "MessageMediaPoll":
        return None
    poll, results = field(media, "poll"), field(media, "results")
    voters = {
        field(raw, "option"): as_int(field(raw, "voters")) for raw in items_of(results, "results")
    }
    return Poll(
        question=as_text(field(poll, "question")),
        answers=tuple(
            PollAnswer(text=as_text(field(raw, "text")), voters=voters.get(field(raw, "option")))
            for raw in items_of(poll, "answers")
        ),
        total_voters=as_int(field(results, "total_voters")),
        closed=field(poll, "closed") is True,
    )


def read_location(media: Any) -> Location | None:
    """Return a point, a live one where it was last, or a venue."""
    geo = field(media, "geo")
    latitude, longitude = field(geo, "lat"), field(geo, "long")
    if not (_is_number(latitude, 90) and _is_number(longitude, 180)):
        return None
    return Location(
        latitude=float(latitude),
        longitude=float(longitude),
        title=as_label(field(media, "title")),
        address=as_label(field(media, "address")),
    )


def read_previews(media: Any) -> tuple[LinkPreview, ...]:
    """Return what Telegram shows of a page that is linked to."""
    raw = field(media, "webpage")
    url = as_text(field(raw, "url")) if kind_of(raw) == "WebPage" else ""
    if not url.lower().startswith(("https://", "http://", "tg://")) or len(url) > 8192:
        return ()
    preview = LinkPreview(
        url=url,
        site=as_label(field(raw, "site_name")),
        title=as_label(field(raw, "title")),
        description=as_text(field(raw, "description"))[:4000] or None,
    )
    return (preview,) if preview.title or preview.description else ()


def read_buttons(message: Any) -> tuple[Button, ...]:
    """Return the buttons under a message that open an address."""
    rows = items_of(field(message, "reply_markup"), "rows")
    found = (read_button(raw) for row in rows for raw in items_of(row, "buttons"))
    return tuple(button for button in found if button is not None)


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and abs(value) <= most
