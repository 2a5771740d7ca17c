"""The smaller parts of a message: polls, places, reactions, buttons, forwards, replies. Pure.

Contacts and their vcards are not among them: they are never read.
"""

import json
from typing import Final

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
from soso.sources.desktop_export.formatting import read_plain
from soso.sources.desktop_export.peers import read_peer
from soso.sources.desktop_export.wire import (
    MAX_ID,
    MAX_URL_CHARS,
    Raw,
    as_flag,
    as_int,
    as_label,
    as_list,
    as_map,
    as_number,
    as_text,
)

PAID_REACTION: Final = "⭐"
CUSTOM_REACTION: Final = "🧩"
"""Stands for all custom emoji: an export has a file of each, and no sign that could be written."""

_ADDRESSES: Final = ("http://", "https://", "tg://", "ton://")


def read_poll(raw: Raw) -> Poll | None:
    """Return the poll or to-do list of a message."""
    poll = as_map(raw.get("poll"))
    if poll:
        answers = (as_map(answer) for answer in as_list(poll.get("answers")))
        return Poll(
            question=read_plain(poll.get("question")),
            answers=tuple(
                PollAnswer(text=read_plain(answer.get("text")), voters=as_int(answer.get("voters")))
                for answer in answers
            ),
            total_voters=as_int(poll.get("total_voters")),
            closed=as_flag(poll.get("closed")),
        )
    todo = as_map(raw.get("todo_list"))
    if todo:
        items = (as_map(item) for item in as_list(todo.get("answers")))
        return Poll(
            question=read_plain(todo.get("title")),
            answers=tuple(PollAnswer(text=read_plain(item.get("text"))) for item in items),
        )
    return None


def read_location(raw: Raw) -> Location | None:
    """Return the place of a message; a venue without coordinates is none (see read_extra_text)."""
    point = as_map(raw.get("location_information"))
    latitude = as_number(point.get("latitude"), low=-90, high=90)
    longitude = as_number(point.get("longitude"), low=-180, high=180)
    if latitude is None or longitude is None:
        return None
    return Location(
        latitude=latitude,
        longitude=longitude,
        title=as_label(raw.get("place_name")),
        address=as_label(raw.get("address")),
    )


def read_game(raw: Raw) -> LinkPreview | None:
    """Return a game as the page it opens."""
    link = as_label(raw.get("game_link"))
    if link is None or not link.startswith(_ADDRESSES):
        return None
    return LinkPreview(
        url=link,
        title=as_label(raw.get("game_title")),
        description=as_label(raw.get("game_description")),
    )


_WORDY: Final = frozenset(
    {"place_name", "address", "game_title", "game_description", "invoice_information"}
)


def read_extra_text(raw: Raw) -> str:
    """Return words that no other field of a post holds: of venues, games, invoices."""
    if _WORDY.isdisjoint(raw):
        return ""
    lines: list[object] = []
    if read_location(raw) is None:
        lines += [raw.get("place_name"), raw.get("address")]
    if read_game(raw) is None:
        lines += [raw.get("game_title"), raw.get("game_description")]
    invoice = _invoice(raw.get("invoice_information"))
    lines += [invoice.get("title"), invoice.get("description")]
    return "\n".join(line.strip() for line in lines if isinstance(line, str) and line.strip())


def _invoice(value: object) -> Raw:
    """Some releases write the invoice as a string that holds JSON."""
    if not isinstance(value, str):
        return as_map(value)
    try:
        return as_map(json.loads(value))
    except (ValueError, RecursionError):
        return {}


def read_reactions(value: object) -> tuple[Reaction, ...]:
    """Return how often each sign was given, in the order of the export."""
    counts: dict[str, int] = {}
    for item in as_list(value):
        reaction = as_map(item)
        count = as_int(reaction.get("count"), low=1)
        sign = _sign(reaction)
        if count is not None and sign is not None:
            counts[sign] = counts.get(sign, 0) + count
    return tuple(Reaction(emoji=sign, count=count) for sign, count in counts.items())


def _sign(reaction: Raw) -> str | None:
    kind = reaction.get("type")
    if kind == "paid":
        return PAID_REACTION
    if kind == "custom_emoji":
        return CUSTOM_REACTION
    sign = as_label(reaction.get("emoji"))
    return sign if sign is not None and len(sign) <= 32 else None


def read_buttons(value: object) -> tuple[Button, ...]:
    """Return the buttons that open an address; the others work only inside Telegram."""
    read = (read_button(item) for row in as_list(value) for item in as_list(row))
    return tuple(button for button in read if button is not None)


def read_button(item: object) -> Button | None:
    """Return a button if it opens an address."""
    button = as_map(item)
    url = as_text(button.get("data") or button.get("url")).strip()
    text = as_label(button.get("text"))
    if text is None or not url.startswith(_ADDRESSES) or len(url) > MAX_URL_CHARS:
        return None
    return Button(text=text, url=url)


def read_forward(raw: Raw) -> Forward | None:
    """Return where a message was forwarded from; the name is None if it is hidden or deleted."""
    if "forwarded_from" not in raw and "forwarded_from_id" not in raw and "saved_from" not in raw:
        return None
    return Forward(
        name=as_label(raw.get("forwarded_from")) or as_label(raw.get("saved_from")),
        peer=read_peer(raw.get("forwarded_from_id")),
    )


def read_reply(raw: Raw, own: Peer | None) -> Reply | None:
    """Return what a message answers; own: the chat it stands in."""
    post_id = as_int(raw.get("reply_to_message_id"), low=-MAX_ID)
    if not post_id:
        return None
    peer = read_peer(raw.get("reply_to_peer_id"))
    return Reply(post_id=post_id, peer=peer if peer != own else None)
