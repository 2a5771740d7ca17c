"""Rows in: one line as a chat, a post, a tombstone or a block.

Pure, and lenient where people write rows by hand: times may be Unix seconds or lack a zone, chats
may be named by @username. What can't be used raises BadInput with the reason; fields that nobody
knows are left out and named.
"""

from functools import lru_cache
from typing import Any, Final

import msgspec

from soso.model.batch import Archived, Block, Tombstone
from soso.model.chat import ChatKind, ChatSighting
from soso.model.errors import BadInput
from soso.model.ids import parse_peer, parse_provisional
from soso.model.post import Location, Post
from soso.sources.json_lines.cleaner import Cleaner, check_peer, decode_object
from soso.sources.json_lines.rows import (
    USERNAME,
    BlockRow,
    ChatRow,
    DeskRow,
    PostRow,
    Row,
    TombstoneRow,
)

_POST: Final = frozenset(Post.__struct_fields__)
_ARCHIVED: Final = frozenset(Archived.__struct_fields__)
_CHAT: Final = frozenset(ChatSighting.__struct_fields__) - {"peer", "alias", "second_hand"}
_COUNTS: Final = frozenset(
    {"views", "forwards", "replies", "bytes", "duration_s", "width", "height"}
    | {"voters", "percent", "total_voters"}
)
_OPEN: Final = frozenset({ChatKind.CHANNEL, ChatKind.GROUP, ChatKind.BOT})


def decode_row(line: bytes) -> Row:
    """Return what a line says. Raises BadInput with the reason, which names no line number."""
    row = decode_object(line)
    kind = row.pop("type", None)
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise BadInput("no type" if kind is None else "a type of row that is not known")
    lost = _drop_absurd(row) if kind == "post" else set()
    cleaned = Cleaner(row)
    cleaned.nested |= lost
    return read(cleaned)


def _drop_absurd(row: dict[str, Any]) -> set[str]:
    """Take out of a post what can't be so, and return its names for the report."""
    lost = set()
    if row.get("location") is not None and not _is_on_earth(row["location"]):
        del row["location"]
        lost.add("location (not on Earth)")
    poll = row.get("poll")
    answers = poll.get("answers") if isinstance(poll, dict) else None
    for part in (row, poll, *_listed(row.get("media")), *_listed(answers)):
        for name in _COUNTS & set(part) if isinstance(part, dict) else ():
            if isinstance(part[name], int) and part[name] < 0:
                del part[name]
                lost.add(f"{name} (below zero)")
    return lost


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_on_earth(value: Any) -> bool:
    try:
        place = msgspec.convert(value, Location)
    except (msgspec.ValidationError, OverflowError, ValueError):
        return False
    return abs(place.latitude) <= 90 and abs(place.longitude) <= 180


def _read_chat(row: Cleaner) -> ChatRow:
    ref = row.get("chat")
    base = parse_chat(ref) if ref is not None else ChatSighting()
    given = row.row.get("username")
    if isinstance(given, str):
        row.row["username"] = _username(given)
    sighting = row.take(ChatSighting, _CHAT, peer=base.peer)
    if sighting.username is None and base.username is not None:
        sighting = msgspec.structs.replace(sighting, username=base.username)
    provisional = ref if isinstance(ref, str) and parse_provisional(ref) is not None else None
    if sighting.peer is None and sighting.username is None and not sighting.title:
        raise BadInput("a chat without id, username and title")
    if sighting.is_public is None and sighting.visibility is None:
        is_open = sighting.kind in _OPEN and sighting.username is not None
        sighting = msgspec.structs.replace(sighting, is_public=True if is_open else None)
    if provisional is not None:
        sighting = msgspec.structs.replace(sighting, alias=provisional)
    return ChatRow(sighting=sighting, provisional=provisional, unknown=row.unknown)


def _read_post(row: Cleaner) -> PostRow:
    chat = row.get("chat")
    certain = "at" not in row.guessed
    if not certain:
        row.row["at_certain"] = False
    post = row.take(Post, _POST)
    _check_id(post.id)
    fits = [entity for entity in post.entities if 0 <= entity.start < entity.end <= len(post.text)]
    lost = {"entities (outside the text)"} if len(fits) < len(post.entities) else set()
    fits.sort(key=lambda entity: entity.start)
    post = msgspec.structs.replace(post, entities=tuple(fits))
    return PostRow(
        chat=parse_chat(chat),
        provisional=_provisional(chat),
        post=post,
        archived=_archived(row),
        unknown=row.unknown | lost,
    )


def _archived(row: Cleaner) -> Archived | None:
    """Return what a dump knows beside the post; None for rows that say nothing of the kind."""
    said = _ARCHIVED & set(row.row)
    row.used |= _ARCHIVED
    if not said:
        return None
    if "first_seen_at" in said:
        return row.take(Archived, _ARCHIVED)
    seen = row.row.get("observed_at") or row.row["at"]
    return row.take(Archived, _ARCHIVED, first_seen_at=seen)


def _read_tombstone(row: Cleaner) -> TombstoneRow:
    chat = row.get("chat")
    row.row["post_id"] = row.get("id")
    tombstone = row.take(Tombstone, frozenset({"post_id", "at"}))
    _check_id(tombstone.post_id)
    return TombstoneRow(
        chat=parse_chat(chat),
        provisional=_provisional(chat),
        tombstone=tombstone,
        unknown=row.unknown,
    )


def _read_block(row: Cleaner) -> BlockRow:
    block = row.take(Block, frozenset(Block.__struct_fields__))
    if block.chat is None and block.author is None and not block.word:
        raise BadInput("a block that names nothing")
    return BlockRow(block=block, unknown=row.unknown)


def _read_desk(row: Cleaner) -> DeskRow:
    return DeskRow(unknown=frozenset())


def parse_chat(value: Any) -> ChatSighting:
    """Return the chat that a row's "chat" means: an id, u77, g42, x17 or @name. Raises BadInput.

    x17 names a chat of this file that has neither id nor username; its row has its title.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadInput("no chat" if value is None else "a chat that is neither an id nor a @name")
    return _parse_ref(value)


@lru_cache(maxsize=256)  # a dump has long runs of one chat
def _parse_ref(text: str) -> ChatSighting:
    if text.startswith("@"):
        return ChatSighting(username=_username(text))
    if text.startswith("-100"):  # as bots write the ids of channels and supergroups
        text = text.removeprefix("-100").lstrip("0")
    if parse_provisional(text) is not None:
        return ChatSighting()
    peer = parse_peer(text)
    if peer is None:
        raise BadInput("a chat that is neither an id nor a @name")
    return ChatSighting(peer=check_peer(peer))


def _provisional(value: Any) -> str | None:
    return value if isinstance(value, str) and parse_provisional(value) is not None else None


def _username(text: str) -> str:
    name = text.removeprefix("@")
    if USERNAME.fullmatch(name) is None:
        raise BadInput("a username that can't be one")
    return name


def _check_id(post_id: int) -> None:
    if post_id == 0:
        raise BadInput("a post's id that can't be one")


_READERS: Final = {
    "chat": _read_chat,
    "post": _read_post,
    "tombstone": _read_tombstone,
    "block": _read_block,
    "request": _read_desk,
    "decision": _read_desk,
}
