"""An update of the Bot API as a batch of one post.

Pure: JSON and a time in, values out. Knows which updates tell of posts and which fields of a message
are events. An item of an album is told as a post of its own; which album it belongs to says
album_of(), and flows/take_update.py puts them together.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from soso.model.batch import Batch
from soso.model.chat import ChatKind, ChatSighting
from soso.model.post import Post, Service
from soso.model.value import Value
from soso.sources.bot_updates.entities import read_entities
from soso.sources.bot_updates.media import name_file, read_media, read_photo
from soso.sources.bot_updates.parts import (
    read_buttons,
    read_forward,
    read_location,
    read_poll,
    read_previews,
    read_reply,
)
from soso.sources.bot_updates.rich import read_rich
from soso.sources.bot_updates.wire import (
    MAX_TEXT_CHARS,
    Raw,
    as_int,
    as_kind,
    as_label,
    as_list,
    as_map,
    as_peer,
    as_text,
    as_time,
    as_username,
)

_POSTS: Final = ("channel_post", "edited_channel_post")
_INSIDE: Final = frozenset({"administrator", "creator"})
_MOST_RAW_CHARS: Final = 4096
_MAX_MESSAGE: Final = 2**31 - 1
_MAX_FILES: Final = 500

# The Bot API's field -> the name that Telegram's own exports give the same event.
_EVENTS: Final = {
    "new_chat_title": "edit_group_title",
    "new_chat_photo": "edit_group_photo",
    "delete_chat_photo": "delete_group_photo",
    "pinned_message": "pin_message",
    "channel_chat_created": "create_channel",
    "group_chat_created": "create_group",
    "supergroup_chat_created": "create_group",
    "migrate_to_chat_id": "migrate_to_supergroup",
    "migrate_from_chat_id": "migrate_from_group",
    "video_chat_started": "group_call",
    "video_chat_ended": "group_call",
    "video_chat_scheduled": "group_call_scheduled",
    "video_chat_participants_invited": "invite_to_group_call",
    "message_auto_delete_timer_changed": "set_messages_ttl",
    "chat_background_set": "set_chat_theme",
    "giveaway_created": "giveaway_launch",
    "giveaway_completed": "giveaway_results",
    "boost_added": "boost_apply",
    "forum_topic_created": "topic_created",
    "forum_topic_edited": "topic_edit",
    "direct_message_price_changed": "direct_message_price_changed",
    "paid_message_price_changed": "paid_message_price_changed",
    "suggested_post_approved": "suggested_post_approved",
    "suggested_post_declined": "suggested_post_declined",
    "suggested_post_paid": "suggested_post_paid",
    "suggested_post_refunded": "suggested_post_refunded",
}


class Membership(Value):
    """What the bot became in a chat. by: the number of who did it, None if that is not told.

    posts_arrive: whether the chat's posts reach the bot from now on.
    """

    chat: ChatSighting
    status: str
    posts_arrive: bool
    by: int | None = None


def parse_update(raw: Mapping[str, object], *, observed_at: datetime) -> Batch | None:
    """Return what an update tells of a channel, as a batch of one post; None if it tells of none.

    observed_at: when it came. What can't be used is counted in skipped.  Raises nothing.
    """
    message = _message(raw)
    if message is None:
        return None
    chat = as_map(message.get("chat"))
    if as_kind(chat) is not ChatKind.CHANNEL or as_peer(chat) is None:
        return None
    sighting = _sight(chat, message)
    post = _read_post(message)
    if isinstance(post, str):
        return Batch(chat=sighting, observed_at=observed_at, skipped={post: 1})
    return Batch(chat=sighting, observed_at=observed_at, posts=(post,))


def album_of(raw: Mapping[str, object]) -> str | None:
    """Return the name of the album that a new post is an item of, None if it is none.

    An edit has none: the store knows by then which post the item belongs to.
    """
    return as_label(as_map(raw.get("channel_post")).get("media_group_id"))


def parse_membership(raw: Mapping[str, object]) -> Membership | None:
    """Return what the bot became in a channel or group, None if the update is of something else."""
    told = as_map(raw.get("my_chat_member"))
    chat = as_map(told.get("chat"))
    kind = as_kind(chat)
    status = as_label(as_map(told.get("new_chat_member")).get("status"))
    if status is None or as_peer(chat) is None or kind in (ChatKind.PERSON, ChatKind.UNKNOWN):
        return None
    return Membership(
        chat=_sight(chat, {}),
        status=status,
        posts_arrive=kind is ChatKind.CHANNEL and status in _INSIDE,
        by=as_int(as_map(told.get("from")).get("id"), low=1),
    )


def list_files(raw: Mapping[str, object]) -> dict[str, str]:
    """Return the ids by which an update's files are fetched, by the names that posts keep."""
    found: dict[str, str] = {}
    left: list[object] = [raw.get(kind) for kind in _POSTS]
    while left and len(found) < _MAX_FILES:
        value = left.pop()
        if isinstance(value, list):
            left.extend(value)
        elif isinstance(value, Mapping):
            name, number = name_file(value), as_label(value.get("file_id"))
            if name is not None and number is not None:
                found[name] = number
            left.extend(value.values())
    return found


def _message(raw: Mapping[str, object]) -> Raw | None:
    for kind in _POSTS:
        if isinstance(raw.get(kind), Mapping):
            return as_map(raw[kind])
    return None


def _sight(chat: Raw, message: Raw) -> ChatSighting:
    username = as_username(chat)
    photo = read_photo(message.get("new_chat_photo"), None)
    return ChatSighting(
        peer=as_peer(chat),
        kind=as_kind(chat),
        title=as_label(chat.get("title")),
        username=username,
        is_public=username is not None,
        picture_source=photo.source if photo is not None else None,
    )


def _read_post(message: Raw) -> Post | str:
    number = as_int(message.get("message_id"), low=1, high=_MAX_MESSAGE)
    at = as_time(message.get("date"))
    if number is None:
        return "a post without a usable id"
    if at is None:
        # Telegram says date 0 of messages it no longer shows us.
        return "a post without a usable date"
    service = _read_service(message)
    if service is not None:
        return Post(id=number, at=at, service=service)
    edited_at = as_time(message.get("edit_date"))
    item = number if message.get("media_group_id") is not None else None
    post = Post(
        id=number,
        at=at,
        edited=edited_at is not None,
        edited_at=edited_at,
        author=as_label(message.get("author_signature")),
        via_bot=as_username(as_map(message.get("via_bot"))),
        forward=read_forward(message),
        reply=read_reply(message),
        topic_id=_read_topic(message),
        media=read_media(message, item),
        poll=read_poll(message),
        location=read_location(message),
        previews=read_previews(message),
        buttons=read_buttons(message),
    )
    return _with_words(post, message)


def _with_words(post: Post, message: Raw) -> Post:
    rich = as_map(message.get("rich_message"))
    if rich:
        told = read_rich(rich)
        return msgspec.structs.replace(
            post,
            text=told.text,
            entities=told.entities,
            media=post.media + told.media,
            buttons=post.buttons + told.buttons,
            location=post.location or told.location,
        )
    name = "text" if isinstance(message.get("text"), str) else "caption"
    marks = "entities" if name == "text" else "caption_entities"
    text = as_text(message.get(name))[:MAX_TEXT_CHARS]
    return msgspec.structs.replace(
        post, text=text, entities=read_entities(text, as_list(message.get(marks)))
    )


def _read_topic(message: Raw) -> int | None:
    if message.get("is_topic_message") is not True:
        return None
    return as_int(message.get("message_thread_id"), low=1, high=_MAX_MESSAGE)


def _read_service(message: Raw) -> Service | None:
    for field, action in _EVENTS.items():
        if message.get(field) is not None and message.get(field) is not False:
            return Service(action=action, raw=_dump(field, message[field]))
    return None


def _dump(field: str, value: object) -> str | None:
    """Return an event's own fields as JSON, of a pinned message its id alone."""
    if field == "pinned_message":
        number = as_int(as_map(value).get("message_id"), low=1)
        return json.dumps({"message_id": number})
    if field in ("new_chat_photo", "channel_chat_created", "delete_chat_photo"):
        return None
    name = "title" if field == "new_chat_title" else field
    try:
        told = json.dumps({name: value}, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError):
        return None
    return told if len(told) <= _MOST_RAW_CHARS else None
