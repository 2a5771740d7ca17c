"""Messages of an account become posts. Pure; raises nothing.

Knows the TL types of messages and chats. Must not know the library, requests or the store.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from soso.model.batch import Batch, Tombstone
from soso.model.chat import ChatKind, ChatSighting
from soso.model.ids import Peer, PeerKind
from soso.model.post import Entity, Post, Service
from soso.sources.mtproto.albums import join_albums
from soso.sources.mtproto.formatting import read_formatted
from soso.sources.mtproto.media import read_media
from soso.sources.mtproto.parts import (
    Known,
    Names,
    read_buttons,
    read_forward,
    read_location,
    read_poll,
    read_previews,
    read_reactions,
    read_reply,
)
from soso.sources.mtproto.rich import Rich, read_rich
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

SkipReason: TypeAlias = str
"""Why a message is not in the archive, in words fit for a report."""

NO_ID: Final = "without a usable id"
NO_TIME: Final = "without a usable time"
CONTACT: Final = "contact card (never kept)"
EMPTY: Final = "nothing in it"
UNSUPPORTED: Final = "of a kind that this version does not know"
JOINED: Final = "joined into the post of their album"

_EMPTY_KINDS: Final = frozenset({"MessageEmpty", "NoneType"})
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Actions by the names that exports give them, which are older; others by Telegram's own.
_ACTIONS: Final = {
    "ChatCreate": "create_group",
    "ChannelCreate": "create_channel",
    "ChatEditTitle": "edit_group_title",
    "ChatEditPhoto": "edit_group_photo",
    "ChatDeletePhoto": "delete_group_photo",
    "ChatAddUser": "invite_members",
    "ChatDeleteUser": "remove_members",
    "ChatJoinedByLink": "join_group_by_link",
    "ChatMigrateTo": "migrate_to_supergroup",
    "ChannelMigrateFrom": "migrate_from_group",
    "TopicCreate": "topic_created",
}


def parse_chat(raw: Any, full: Any = None) -> ChatSighting | None:
    """Return what a Channel, Chat or User tells of itself; None for what is forbidden or empty.

    full: its ChannelFull or ChatFull, for the description and the number of members.
    """
    number = as_int(field(raw, "id"), low=1)
    match kind_of(raw):
        case "Channel" | "ChannelForbidden":
            kind = ChatKind.GROUP if field(raw, "megagroup") is True else ChatKind.CHANNEL
            peer_kind = PeerKind.CHANNEL
        case "Chat" | "ChatForbidden":
            kind, peer_kind = ChatKind.GROUP, PeerKind.GROUP
        case "User":
            kind = ChatKind.BOT if field(raw, "bot") is True else ChatKind.PERSON
            peer_kind = PeerKind.USER
        case _:
            return None
    if number is None:
        return None
    username = _username(raw)
    members = as_int(field(full, "participants_count")) or as_int(field(raw, "participants_count"))
    return ChatSighting(
        peer=Peer(kind=peer_kind, id=number),
        kind=kind,
        title=as_label(field(raw, "title")) or _person(raw),
        username=username,
        description=as_text(field(full, "about"))[:4000] or None,
        members=members,
        verified=True if field(raw, "verified") is True else None,
        is_public=username is not None and kind is not ChatKind.PERSON,
    )


def read_names(*lists: Iterable[Any]) -> Names:
    """Return who the users and chats are that came with an answer."""
    names: dict[Peer, Known] = {}
    for raw in (raw for entities in lists for raw in entities):
        seen = parse_chat(raw)
        if seen is not None and seen.peer is not None:
            names[seen.peer] = Known(name=seen.title, username=seen.username)
    return names


def parse_messages(
    messages: Sequence[Any],
    chat: ChatSighting,
    names: Names,
    *,
    observed_at: datetime,
    deleted: Iterable[int] = (),
) -> Batch:
    """Return messages of one chat, in any order, as a batch: each id once, albums as one post."""
    skipped: Counter[str] = Counter()
    posts: dict[int, tuple[Post, int | None]] = {}
    for message in messages:
        if kind_of(message) in _EMPTY_KINDS:
            continue
        post = parse_message(message, chat, names)
        if isinstance(post, str):
            skipped[post] += 1
        else:
            posts[post.id] = post, as_int(field(message, "grouped_id"), low=-(2**63), high=2**63)
    joined, lost = join_albums([posts[post_id] for post_id in sorted(posts)])
    if lost:
        skipped[JOINED] = lost
    dead = sorted({n for raw in deleted if (n := as_int(raw, low=1, high=MAX_POST_ID)) is not None})
    return Batch(
        chat=chat,
        observed_at=observed_at,
        posts=joined,
        tombstones=tuple(Tombstone(post_id=number, at=observed_at) for number in dead),
        skipped=dict(skipped),
    )


def parse_message(message: Any, chat: ChatSighting, names: Names) -> Post | SkipReason:
    """Return a message as a post, or why it is left out."""
    number = as_int(field(message, "id"), low=1, high=MAX_POST_ID)
    at = as_time(field(message, "date"))
    if number is None:
        return NO_ID
    if at is None:
        return NO_TIME
    author, author_peer = _author(message, chat, names)
    if kind_of(message) == "MessageService":
        return _parse_service(message, number, at, (author, author_peer))
    media = field(message, "media")
    if kind_of(media) == "MessageMediaContact":
        return CONTACT
    text, entities = read_formatted(field(message, "message"), items_of(message, "entities"))
    files, buttons = read_media(message, _channel(chat)), read_buttons(message)
    if kind_of(game := field(media, "game")) == "Game":
        told = (text, as_label(field(game, "title")), as_label(field(game, "description")))
        text = "\n".join(part for part in told if part)
    if (raw := field(message, "rich_message")) is not None:
        rich = read_rich(raw)
        text, entities = _append((text, entities), rich)
        files, buttons = (*files, *rich.media), (*buttons, *rich.buttons)
    post = Post(id=number, at=at, text=text, entities=entities, author=author)
    reply, topic_id = read_reply(message, chat.peer, names)
    edited_at = as_time(field(message, "edit_date"))
    # A reaction moves edit_date too; Telegram says then that the edit is not to be shown.
    is_edited = edited_at is not None and field(message, "edit_hide") is not True
    post = msgspec.structs.replace(
        post,
        edited=is_edited,
        edited_at=edited_at if is_edited else None,
        author_peer=author_peer,
        via_bot=_bot(message, names),
        views=as_int(field(message, "views")),
        forwards=as_int(field(message, "forwards")),
        replies=as_int(field(field(message, "replies"), "replies")),
        reactions=read_reactions(message),
        forward=read_forward(message, names),
        reply=reply,
        topic_id=topic_id,
        media=files,
        poll=read_poll(media),
        location=read_location(media),
        previews=read_previews(media),
        buttons=buttons,
        service=_giveaway(media),
    )
    holds = (post.text.strip(), files, post.poll, post.location, post.previews, buttons)
    return post if any(holds) or post.service is not None else _why_empty(media)


def _parse_service(
    message: Any, number: int, at: datetime, author: tuple[str | None, Peer | None]
) -> Post:
    action = field(message, "action")
    own = kind_of(action).removeprefix("MessageAction")
    name = _ACTIONS.get(own) or _CAMEL.sub("_", own).lower()
    words = as_label(field(action, "title")) or as_label(field(action, "message")) or ""
    pinned = as_int(field(field(message, "reply_to"), "reply_to_msg_id"), low=1, high=MAX_POST_ID)
    facts = {"title": words or None, "message_id": pinned if own == "PinMessage" else None}
    facts |= {"duration": as_int(field(action, "duration"))}
    told = {key: value for key, value in facts.items() if value is not None}
    return Post(
        id=number,
        at=at,
        text=words,
        author=author[0],
        author_peer=author[1],
        service=Service(action=name, raw=msgspec.json.encode(told).decode() if told else None),
    )


def _author(message: Any, chat: ChatSighting, names: Names) -> tuple[str | None, Peer | None]:
    """Return the sender. A channel that posts in its own name is no author: the signature is."""
    signature = as_label(field(message, "post_author"))
    peer = read_peer(field(message, "from_id"))
    if peer is None or peer == chat.peer:
        return signature, None if chat.kind is ChatKind.CHANNEL else peer
    return names.get(peer, Known()).name or signature, peer


def _append(first: tuple[str, tuple[Entity, ...]], rich: Rich) -> tuple[str, tuple[Entity, ...]]:
    text, entities = first
    if not text or not rich.text:
        return text or rich.text, entities or rich.entities
    start = len(text) + 1
    moved = (
        msgspec.structs.replace(mark, start=mark.start + start, end=mark.end + start)
        for mark in rich.entities
    )
    return f"{text}\n{rich.text}", (*entities, *moved)


def _bot(message: Any, names: Names) -> str | None:
    number = as_int(field(message, "via_bot_id"), low=1)
    peer = Peer(kind=PeerKind.USER, id=number) if number is not None else None
    return names.get(peer, Known()).username if peer is not None else None


def _giveaway(media: Any) -> Service | None:
    names = {
        "MessageMediaGiveaway": "giveaway_information",
        "MessageMediaGiveawayResults": "giveaway_results",
    }
    action = names.get(kind_of(media))
    return Service(action=action) if action is not None else None


def _why_empty(media: Any) -> SkipReason:
    return EMPTY if kind_of(media) in ("NoneType", "MessageMediaEmpty") else UNSUPPORTED


def _channel(chat: ChatSighting) -> int | None:
    is_channel = chat.peer is not None and chat.peer.kind is PeerKind.CHANNEL
    return chat.peer.id if chat.peer is not None and is_channel else None


def _username(raw: Any) -> str | None:
    """Return the active username; those bought as collectibles stand in a list."""
    own = as_label(field(raw, "username"))
    active = [one for one in items_of(raw, "usernames") if field(one, "active") is True]
    return own or next((as_label(field(one, "username")) for one in active), None)


def _person(raw: Any) -> str | None:
    names = (as_label(field(raw, "first_name")), as_label(field(raw, "last_name")))
    return " ".join(name for name in names if name) or None
