"""Requests to Telegram and what their answers hold.

Knows Telethon's functions and types. Must not know connections, waiting or errors.
"""

from typing import Any, Final

from telethon.tl import functions, types

from soso.sources.mtproto.account import Difference, Door, Found, Page
from soso.sources.mtproto.wire import as_int, field, items_of, kind_of

LIMIT: Final = 100


def door_of(entity: Any) -> Door | None:
    """Return how a chat is reached; None for people, bots and chats that are closed to us."""
    number = as_int(field(entity, "id"), low=1)
    if number is None or kind_of(entity) not in ("Channel", "Chat"):
        return None
    access_hash = field(entity, "access_hash")
    return Door(
        number=number,
        access_hash=access_hash if isinstance(access_hash, int) else 0,
        is_group=kind_of(entity) == "Chat",
    )


def peer(door: Door) -> Any:
    """Return a chat as a request names it."""
    if door.is_group:
        return types.InputPeerChat(door.number)
    return types.InputPeerChannel(door.number, door.access_hash)


def channel(door: Door) -> Any:
    """Return a channel as the requests that are only for channels name it."""
    return types.InputChannel(door.number, door.access_hash)


def ask_history(door: Door, after: int | None, before: int | None) -> Any:
    """Return the request for the newest messages, those below before, or those above after."""
    return functions.messages.GetHistoryRequest(
        peer=peer(door),
        offset_id=(after or 0) + 1 if after is not None else before or 0,
        offset_date=None,
        add_offset=-LIMIT if after is not None else 0,
        limit=LIMIT,
        max_id=0,
        min_id=0,
        hash=0,
    )


def read_page(answer: Any, *, after: int | None = None, before: int | None = None) -> Page:
    """Return an answer's messages that are in the range, newest first."""
    found: dict[int, Any] = {}
    for raw in items_of(answer, "messages"):
        number = as_int(field(raw, "id"), low=1)
        if number is None or kind_of(raw) == "MessageEmpty":
            continue
        if (after is None or number > after) and (before is None or number < before):
            found[number] = raw
    return Page(
        messages=tuple(found[number] for number in sorted(found, reverse=True)),
        entities=_entities(answer),
        pts=as_int(field(answer, "pts"), low=1),
        is_last=not found,
    )


def ask_messages(door: Door, ids: tuple[int, ...]) -> Any:
    """Return the request for single messages."""
    wanted = [types.InputMessageID(number) for number in ids]
    if door.is_group:
        return functions.messages.GetMessagesRequest(id=wanted)
    return functions.channels.GetMessagesRequest(channel=channel(door), id=wanted)


def ask_changes(door: Door, pts: int) -> Any:
    """Return the request for what changed in a channel since pts."""
    return functions.updates.GetChannelDifferenceRequest(
        channel=channel(door),
        filter=types.ChannelMessagesFilterEmpty(),
        pts=max(pts, 1),
        limit=LIMIT,
        force=False,
    )


def read_difference(answer: Any, pts: int) -> Difference:
    """Return what an answer says has changed since pts."""
    final = field(answer, "final") is True
    if kind_of(answer) == "ChannelDifferenceTooLong":
        now = as_int(field(field(answer, "dialog"), "pts"), low=1)
        return Difference(pts=now or pts, too_long=True, final=final)
    messages = items_of(answer, "new_messages")
    deleted: list[int] = []
    for update in items_of(answer, "other_updates"):
        match kind_of(update):
            case "UpdateEditChannelMessage" | "UpdateNewChannelMessage":
                messages.append(field(update, "message"))
            case "UpdateDeleteChannelMessages":
                deleted += items_of(update, "messages")
    told = as_int(field(answer, "pts"), low=1) or pts
    return Difference(
        pts=told,
        messages=tuple(messages),
        deleted=tuple(deleted),
        entities=_entities(answer),
        final=final or told <= pts,
    )


def ask_full(door: Door) -> Any:
    """Return the request for a chat's description."""
    if door.is_group:
        return functions.messages.GetFullChatRequest(chat_id=door.number)
    return functions.channels.GetFullChannelRequest(channel=channel(door))


def read_full(answer: Any, door: Door) -> Found:
    """Return the chat that was asked for; its linked chat comes with it and is another."""
    chats = [raw for raw in items_of(answer, "chats") if field(raw, "id") == door.number]
    entity = chats[0] if chats else None
    return Found(entity=entity, door=door, full=field(answer, "full_chat"))


def ask_name(username: str) -> Any:
    """Return the request for who a username is; Telegram limits it hardest of all."""
    return functions.contacts.ResolveUsernameRequest(username=username)


def read_name(answer: Any) -> Any:
    """Return the chat or user that a username named."""
    raw = field(answer, "peer")
    names = {"PeerChannel": "channel_id", "PeerChat": "chat_id", "PeerUser": "user_id"}
    number = field(raw, names.get(kind_of(raw), ""))
    found = items_of(answer, "users" if kind_of(raw) == "PeerUser" else "chats")
    return next((one for one in found if field(one, "id") == number), None)


def ask_invitation(code: str) -> Any:
    """Return the request for what an invitation opens."""
    return functions.messages.CheckChatInviteRequest(hash=code)


def _entities(answer: Any) -> tuple[Any, ...]:
    return (*items_of(answer, "users"), *items_of(answer, "chats"))
