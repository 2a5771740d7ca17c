"""Which chat a sighting is of, and what it adds to the chat.

Knows how the outside names of a chat (peer, usernames, title) change over time and when two exports
show the same chat. Must not know where chats are kept.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from soso.model.chat import Chat, ChatKind, ChatSighting, Username
from soso.model.errors import BadInput
from soso.model.ids import ChatKey
from soso.model.post import Post
from soso.model.sameness import same_text
from soso.model.visibility import first_visibility

_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER_HOUR_S: Final = 15 * 60
_WIDEST_SHIFT_S: Final = 26 * 3600  # from UTC-12 to UTC+14


def fold_name(name: str) -> str:
    """Return a username as it is compared: without @, without case."""
    return name.strip().removeprefix("@").casefold()


def new_chat(key: ChatKey, sighting: ChatSighting, at: datetime) -> Chat:
    """Return the chat that a first sighting, made at a time, tells of."""
    return merge_sighting(Chat(key=key, kind=ChatKind.UNKNOWN), sighting, at)


def merge_sighting(chat: Chat, sighting: ChatSighting, at: datetime) -> Chat:
    """Return the chat with what a source saw of it at a time.

    None and empty texts never erase. The newest sighting decides; an older one fills gaps. A
    username stays in the history with the times it was first and last seen; the one seen last is
    the present one. Visibility follows what the source says until it is fixed.
    Merging the same sighting twice changes nothing.
    Raises BadInput when the sighting is of another peer: a chat never changes who it is.
    """
    if chat.peer is not None and sighting.peer is not None and chat.peer != sighting.peer:
        raise BadInput(
            f"The source shows {sighting.peer.ref}, but the chat is {chat.peer.ref}; "
            "each is a chat of its own."
        )
    newer = (chat.seen_at is None or at >= chat.seen_at) and not sighting.second_hand
    usernames = _merge_usernames(chat.usernames, _seen_names(sighting, at))
    merged = msgspec.structs.replace(
        chat,
        **_facts(chat, sighting, newer=newer),
        username=_present_name(chat, sighting, at, usernames),
        usernames=usernames,
        sensitive=chat.sensitive or bool(sighting.sensitive),
        no_index=chat.no_index or bool(sighting.no_index),
        seen_at=at if newer else chat.seen_at,
    )
    return _with_visibility(merged, sighting)


def join_chats(target: Chat, source: Chat) -> Chat:
    """Return target with the names and facts of a chat that proves to be the same.

    The facts of the one seen last stand, the other fills gaps. A decision about visibility stands
    over none. Raises BadInput when both are known to Telegram as different chats.
    """
    sighting = ChatSighting(
        peer=source.peer,
        kind=source.kind,
        title=source.title,
        description=source.description,
        members=source.members,
        verified=source.verified or None,
        is_public=source.is_public,
        counters=source.counters,
        picture=source.picture,
        usernames=source.usernames,
        visibility=source.visibility if source.visibility_fixed else None,
        sensitive=source.sensitive,
        no_index=source.no_index,
    )
    at = source.seen_at or _NEVER
    if target.seen_at is not None and at == target.seen_at:
        at -= timedelta(microseconds=1)  # seen at once: what target knows stands
    joined = merge_sighting(target, sighting, at)
    held = [chat for chat in (target, source) if chat.username is not None]
    if not held:
        return joined
    present = max(held, key=lambda chat: last_seen(chat, chat.username or "") or _NEVER)
    return msgspec.structs.replace(joined, username=present.username)


def last_seen(chat: Chat, name: str) -> datetime | None:
    """Return when the chat was last seen under a name, None if it never was."""
    folded = fold_name(name)
    times = [known.last_seen_at for known in chat.usernames if fold_name(known.name) == folded]
    return max(times, default=None)


def give_up_name(chat: Chat, name: str) -> Chat:
    """Return the chat without a name that another holds now; its history keeps it."""
    if chat.username is None or fold_name(chat.username) != fold_name(name):
        return chat
    return msgspec.structs.replace(chat, username=None)


def agree(known: Mapping[int, Post], seen: Sequence[Post], *, enough: int = 20) -> bool:
    """Whether an export that names no chat shows the chat whose posts are known.

    known: posts by message id. At least enough of seen must agree with them in id, text and time.
    Times count to the second. Where one of the two is local time without a zone, all such pairs may
    differ by one shift of whole quarter hours. Messages with neither text nor media prove nothing,
    and certain times that contradict outweigh as many that agree.
    """
    agreeing, against = 0, 0
    shifted: Counter[int] = Counter()
    for post in {post.id: post for post in seen}.values():
        other = known.get(post.id)
        if other is None or not (post.text or post.media):
            continue
        shift_s = int(post.at.timestamp()) - int(other.at.timestamp())
        if post.at_certain and other.at_certain:
            against += shift_s != 0
            agreeing += shift_s == 0 and same_text(post.text, other.text)
        elif shift_s % _QUARTER_HOUR_S == 0 and abs(shift_s) <= _WIDEST_SHIFT_S:
            shifted[shift_s] += same_text(post.text, other.text)
    agreeing += max(shifted.values(), default=0)
    return agreeing >= enough and agreeing > against


def _facts(chat: Chat, sighting: ChatSighting, *, newer: bool) -> dict[str, Any]:
    """Return the fields that the newest sighting decides."""
    pairs: dict[str, tuple[Any, Any]] = {
        "title": (chat.title, sighting.title),
        "description": (chat.description, sighting.description),
        "members": (chat.members, sighting.members),
        "picture": (chat.picture, sighting.picture),
        "is_public": (chat.is_public, sighting.is_public),
    }
    facts = {name: _latest(old, new, newer=newer) for name, (old, new) in pairs.items()}
    kinds = [None if kind is ChatKind.UNKNOWN else kind for kind in (chat.kind, sighting.kind)]
    kind = _latest(kinds[0], kinds[1], newer=newer) or ChatKind.UNKNOWN
    verified = sighting.verified if newer and sighting.verified is not None else chat.verified
    first, then = (chat, sighting) if newer else (sighting, chat)
    return {
        **facts,
        "kind": kind,
        "peer": chat.peer or sighting.peer,
        "verified": verified,
        "counters": {**first.counters, **then.counters},
    }


def _latest(old: Any, new: Any, *, newer: bool) -> Any:
    if new is None or new == "":
        return old
    return new if newer or old is None or old == "" else old


def _with_visibility(chat: Chat, sighting: ChatSighting) -> Chat:
    """A dump brings its operator's decision, which a decision made here outranks."""
    if chat.visibility_fixed:
        return chat
    if sighting.visibility is not None:
        fixed = sighting.visibility_fixed is not False
        return msgspec.structs.replace(chat, visibility=sighting.visibility, visibility_fixed=fixed)
    says = ChatSighting(kind=chat.kind, is_public=chat.is_public)
    return msgspec.structs.replace(chat, visibility=first_visibility(says))


def _seen_names(sighting: ChatSighting, at: datetime) -> tuple[Username, ...]:
    """The names a sighting tells of; a dump dates its own, any other source sees one, now."""
    dated = tuple(known for known in sighting.usernames if _is_name(known.name))
    name = _name_of(sighting)
    if name is None or any(fold_name(known.name) == fold_name(name) for known in dated):
        return dated
    return (*dated, Username(name=name, first_seen_at=at, last_seen_at=at))


def _name_of(sighting: ChatSighting) -> str | None:
    name = (sighting.username or "").strip().removeprefix("@")
    return name if _is_name(name) else None


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _merge_usernames(
    known: tuple[Username, ...], seen: tuple[Username, ...]
) -> tuple[Username, ...]:
    """Unite two histories: one entry a name, spelt as it was seen last, oldest first."""
    by_name: dict[str, Username] = {}
    for entry in (*known, *seen):
        folded = fold_name(entry.name)
        other = by_name.get(folded)
        if other is None:
            by_name[folded] = entry
            continue
        last = entry if entry.last_seen_at > other.last_seen_at else other
        by_name[folded] = Username(
            name=last.name,
            first_seen_at=min(entry.first_seen_at, other.first_seen_at),
            last_seen_at=last.last_seen_at,
        )
    return tuple(sorted(by_name.values(), key=lambda e: (e.first_seen_at, fold_name(e.name))))


def _present_name(
    chat: Chat, sighting: ChatSighting, at: datetime, usernames: tuple[Username, ...]
) -> str | None:
    """The name the sighting shows, unless the chat was seen under another, or lost it, since."""
    name = _name_of(sighting)
    if name is None:
        return chat.username
    dates = {fold_name(entry.name): entry.last_seen_at for entry in usernames}
    folded = fold_name(name)
    shown_at = dates[folded] if sighting.usernames else at
    others = [last for other, last in dates.items() if other != folded]
    if any(last > shown_at for last in others):
        return chat.username
    before = last_seen(chat, name)
    return chat.username if before is not None and shown_at <= before else name
