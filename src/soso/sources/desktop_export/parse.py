"""A message of an export becomes a post, or the reason why it does not. Pure; raises nothing.

Knows the fields of messages and of chats. Must not know files, batches or albums.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Post, Service
from soso.model.value import Value
from soso.sources.desktop_export.formatting import join_formatted, read_formatted, read_text
from soso.sources.desktop_export.media import read_media
from soso.sources.desktop_export.parts import (
    read_buttons,
    read_extra_text,
    read_forward,
    read_game,
    read_location,
    read_poll,
    read_reactions,
    read_reply,
)
from soso.sources.desktop_export.peers import Numbering, read_chat_peer, read_peer
from soso.sources.desktop_export.rich import read_rich
from soso.sources.desktop_export.times import Moment, read_moment
from soso.sources.desktop_export.wire import MAX_ID, Raw, as_int, as_label, as_map, as_text

SkipReason: TypeAlias = str
"""Why a row is not in the archive, in words fit for a report."""

NOT_A_MESSAGE: Final = "not a message"
NO_ID: Final = "without a usable id"
NO_TIME: Final = "without a usable time"
UNSUPPORTED: Final = "not supported by the version that exported it"
CONTACT: Final = "contact card (never kept)"
EMPTY: Final = "nothing in it"
TOO_LONG: Final = "text of absurd length"

_MAX_TEXT_CHARS: Final = 1_000_000


class ChatType(Value):
    """What a `type` of an export says."""

    kind: ChatKind
    peer: PeerKind
    public: bool = False


_TYPES: Final[Mapping[str, ChatType]] = MappingProxyType(
    {
        "public_channel": ChatType(kind=ChatKind.CHANNEL, peer=PeerKind.CHANNEL, public=True),
        "private_channel": ChatType(kind=ChatKind.CHANNEL, peer=PeerKind.CHANNEL),
        "public_supergroup": ChatType(kind=ChatKind.GROUP, peer=PeerKind.CHANNEL, public=True),
        "private_supergroup": ChatType(kind=ChatKind.GROUP, peer=PeerKind.CHANNEL),
        "private_group": ChatType(kind=ChatKind.GROUP, peer=PeerKind.GROUP),
        "bot_chat": ChatType(kind=ChatKind.BOT, peer=PeerKind.USER),
        "personal_chat": ChatType(kind=ChatKind.PERSON, peer=PeerKind.USER),
        "saved_messages": ChatType(kind=ChatKind.PERSON, peer=PeerKind.USER),
        "replies": ChatType(kind=ChatKind.PERSON, peer=PeerKind.USER),
        "verification_codes": ChatType(kind=ChatKind.PERSON, peer=PeerKind.USER),
    }
)
SHARED_KINDS: Final = frozenset({ChatKind.CHANNEL, ChatKind.GROUP})


class Around(Value):
    """What a message does not say itself: the chat it stands in, and the exporter's clock."""

    peer: Peer | None = None
    kind: ChatKind | None = None
    title: str | None = None
    zone: tzinfo | None = None


def parse_chat(head: Raw, numbering: Numbering) -> ChatSighting:
    """Return what name, type and id tell of a chat. Unknown types are private and of no kind."""
    title = as_label(head.get("name"))
    known = _TYPES.get(as_text(head.get("type")))
    if known is None:
        return ChatSighting(kind=ChatKind.UNKNOWN, title=title, is_public=False)
    return ChatSighting(
        peer=read_chat_peer(head.get("id"), known.peer, numbering),
        kind=known.kind,
        title=title,
        is_public=known.public,
    )


def is_shared(sighting: ChatSighting) -> bool:
    """Whether a chat is a channel or a group, and not what somebody wrote to one person or bot."""
    return sighting.kind in SHARED_KINDS


def parse_message(raw: object, around: Around) -> Post | SkipReason:
    """Return a message as a post, or why it is left out."""
    if not isinstance(raw, dict):
        return NOT_A_MESSAGE
    post_id = as_int(raw.get("id"), low=-MAX_ID)
    if not post_id:
        return NO_ID
    kind = raw.get("type", "message")
    if kind == "unsupported":
        return UNSUPPORTED
    moment = read_moment(raw, "date", around.zone)
    if moment is None:
        return NO_TIME
    if kind == "message":
        return _parse_published(raw, post_id, moment, around)
    return _parse_service(raw, post_id, moment)


def _parse_published(raw: Raw, post_id: int, moment: Moment, around: Around) -> Post | SkipReason:
    text, entities = read_text(raw)
    media = read_media(raw)
    buttons = read_buttons(raw["inline_bot_buttons"]) if "inline_bot_buttons" in raw else ()
    location = read_location(raw) if "location_information" in raw else None
    poll = read_poll(raw) if "poll" in raw or "todo_list" in raw else None
    game = read_game(raw) if "game_link" in raw else None
    if "rich_message" in raw:
        rich = read_rich(raw["rich_message"])
        text, entities = join_formatted(((text, entities), (rich.text, rich.entities)))
        media, buttons = media + rich.media, buttons + rich.buttons
        location = location or rich.location
    if extra := read_extra_text(raw):
        text, entities = join_formatted(((text, entities), (extra, ())))
    if not (text.strip() or media or poll or location or game or buttons):
        return _parse_wordless(raw, post_id, moment)
    if len(text) > _MAX_TEXT_CHARS:
        return TOO_LONG
    edited_at = _read_edit(raw, moment, around.zone)
    author, author_peer = _read_author(raw, around)
    return Post(
        id=post_id,
        at=moment.at,
        at_certain=moment.certain,
        edited=edited_at is not None,
        edited_at=edited_at,
        text=text,
        entities=entities,
        author=author,
        author_peer=author_peer,
        via_bot=_read_bot(raw),
        reactions=read_reactions(raw["reactions"]) if "reactions" in raw else (),
        forward=read_forward(raw),
        reply=read_reply(raw, around.peer) if "reply_to_message_id" in raw else None,
        media=media,
        poll=poll,
        location=location,
        previews=(game,) if game is not None else (),
        buttons=buttons,
    )


def _parse_wordless(raw: Raw, post_id: int, moment: Moment) -> Post | SkipReason:
    """Giveaways are kept as something that happened; contacts and empty messages are not kept."""
    for action in ("giveaway_information", "giveaway_results"):
        if isinstance(raw.get(action), dict):
            return Post(
                id=post_id,
                at=moment.at,
                at_certain=moment.certain,
                text=as_label(as_map(raw[action]).get("additional_prize")) or "",
                service=Service(action=action, raw=_dump({action: raw[action]})),
            )
    is_contact = "contact_information" in raw or "contact_vcard" in raw
    return CONTACT if is_contact else EMPTY


# Fields of service messages that a Post has in places of their own.
_ELSEWHERE: Final = frozenset(
    {"id", "type", "date", "date_unixtime", "actor", "actor_id", "action", "text", "text_entities"}
    | {"edited", "edited_unixtime", "contact_information", "contact_vcard"}
)


def _parse_service(raw: Raw, post_id: int, moment: Moment) -> Post:
    """Return what happened; unknown actions, and types of messages yet unknown, are kept raw."""
    kind = as_text(raw.get("type"))
    action = as_label(raw.get("action")) or ("custom" if kind == "service" else as_label(kind))
    text, entities = read_formatted(raw.get("text"))
    for key in ("title", "new_title", "information_text"):
        text = text or (as_label(raw.get(key)) or "")
    own = {key: value for key, value in raw.items() if key not in _ELSEWHERE}
    return Post(
        id=post_id,
        at=moment.at,
        at_certain=moment.certain,
        text=text,
        entities=entities,
        author=as_label(raw.get("actor")),
        author_peer=read_peer(raw.get("actor_id")),
        service=Service(action=action or "unknown", raw=_dump(own) if own else None),
    )


def parse_picture(raw: object) -> str | None:
    """Return the path of the chat's new picture if that is what a service message is about."""
    if not isinstance(raw, dict) or raw.get("action") != "edit_group_photo":
        return None
    return next((medium.source for medium in read_media(raw)), None)


def _dump(value: Raw) -> str | None:
    try:
        return msgspec.json.encode(value).decode()
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def _read_edit(raw: Raw, moment: Moment, zone: tzinfo | None) -> datetime | None:
    """Before 2.1.9 every message had an `edited`, 1970 for most: one before the post is none."""
    if "edited" not in raw and "edited_unixtime" not in raw:
        return None
    edit = read_moment(raw, "edited", zone)
    return edit.at if edit is not None and edit.at >= moment.at else None


def _read_author(raw: Raw, around: Around) -> tuple[str | None, Peer | None]:
    """Return the sender. A channel that posts in its own name is no author: the signature is."""
    name = as_label(raw.get("from"))
    signature = as_label(raw.get("author"))
    peer = read_peer(raw.get("from_id"))
    if around.kind is ChatKind.CHANNEL:
        own = peer == around.peer if peer and around.peer else name in (None, around.title)
        return (signature, None) if own else (signature or name, peer)
    return name or signature, peer


def _read_bot(raw: Raw) -> str | None:
    name = as_label(raw.get("via_bot"))
    return name.removeprefix("@") or None if name is not None else None
