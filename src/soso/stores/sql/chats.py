"""The chats of the archive; see ports.chats for what each method promises."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.chat import Chat, ChatKind, ChatSighting, Visibility
from soso.model.errors import BadInput
from soso.model.identity import join_chats, merge_sighting, new_chat
from soso.model.ids import ChatKey, Peer
from soso.ports.chats import ChatRow
from soso.stores.sql import numbers
from soso.stores.sql.apply import Rules
from soso.stores.sql.chat_rows import (
    find_by_name,
    find_by_peer,
    follow_chat,
    insert_chat,
    load_chat,
    save_chat,
    settle_name,
    title_matches,
)
from soso.stores.sql.codec import decode
from soso.stores.sql.connect import Database
from soso.stores.sql.joining import move_posts
from soso.stores.sql.rows import fits, in_runs
from soso.stores.sql.tables import chats

_MOST_OF_A_TITLE: Final = 20
_UNMERGED: Final = chats.c.merged_into.is_(None)
_LISTED: Final = chats.c.visibility == Visibility.PUBLIC.value
_ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "posts": (chats.c.posts.desc(), chats.c.key),
    "recent": (sa.func.coalesce(chats.c.last_at_s, -(2**62)).desc(), chats.c.key),
    "members": (sa.func.coalesce(chats.c.members, -1).desc(), chats.c.key),
    "title": (chats.c.title, chats.c.key),
}


class SqlChats:
    """Fills ports.chats.Chats."""

    def __init__(self, database: Database, rules: Rules) -> None:
        self._database = database
        self._rules = rules

    def get_chat(self, key: ChatKey) -> Chat:
        """Return the chat as it is. Raises NotFound."""
        with self._database.reading() as conn:
            return load_chat(conn, key)

    def get_chats(self, keys: Sequence[ChatKey]) -> dict[ChatKey, Chat]:
        """Return those of the chats that exist."""
        found: dict[ChatKey, Chat] = {}
        with self._database.reading() as conn:
            for run in in_runs(keys):
                query = sa.select(chats.c.key, chats.c.body).where(chats.c.key.in_(run))
                found |= {row.key: decode(row.body, Chat) for row in conn.execute(query)}
        return found

    def find_chat_by_peer(self, peer: Peer) -> Chat | None:
        """Return the chat known by this peer."""
        with self._database.reading() as conn:
            return find_by_peer(conn, peer)

    def find_chat_by_username(self, username: str) -> Chat | None:
        """Return the present holder of a name, or the latest who had it."""
        with self._database.reading() as conn:
            return find_by_name(conn, username)

    def find_chats_by_title(self, title: str) -> list[Chat]:
        """Return the unmerged chats with exactly this title, at most 20."""
        query = (
            sa.select(chats.c.body)
            .where(title_matches(title), _UNMERGED)
            .order_by(chats.c.key)
            .limit(_MOST_OF_A_TITLE)
        )
        with self._database.reading() as conn:
            return [decode(body, Chat) for body in conn.execute(query).scalars()]

    def list_chats(
        self,
        *,
        listed: bool = True,
        kind: ChatKind | None = None,
        order: str = "posts",
        limit: int = 50,
        offset: int = 0,
    ) -> list[ChatRow]:
        """Return a page of unmerged chats. Raises BadInput for an order it does not know."""
        if order not in _ORDERS:
            raise BadInput(f"Chats can be ordered by {', '.join(_ORDERS)}, not by {order!r}.")
        query = sa.select(chats.c.body, chats.c.posts, chats.c.last_at_s).where(_UNMERGED)
        if listed:
            query = query.where(_LISTED)
        if kind is not None:
            query = query.where(chats.c.kind == kind.value)
        query = query.order_by(*_ORDERS[order]).limit(max(limit, 0)).offset(max(offset, 0))
        with self._database.reading() as conn:
            return [_row(row) for row in conn.execute(query)]

    def count_chats(self, *, listed: bool = True) -> dict[ChatKind, int]:
        """Return how many unmerged chats there are of each kind that there is."""
        query = sa.select(chats.c.kind, sa.func.count()).where(_UNMERGED).group_by(chats.c.kind)
        if listed:
            query = query.where(_LISTED)
        with self._database.reading() as conn:
            return {ChatKind(kind): count for kind, count in conn.execute(query)}

    def add_chat(self, sighting: ChatSighting, at: datetime) -> Chat:
        """Make a chat of what was seen; if its peer is known already, update that chat."""
        with self._database.writing() as conn:
            known = None if sighting.peer is None else find_by_peer(conn, sighting.peer)
            if known is not None:
                return _update(conn, known, sighting, at)
            _check(conn, sighting, None)
            key = ChatKey(numbers.take(conn, numbers.CHATS))
            chat = settle_name(conn, new_chat(key, sighting, at))
            insert_chat(conn, chat)
            numbers.log_chat(conn, key, with_posts=False)
            return chat

    def update_chat(self, key: ChatKey, sighting: ChatSighting, at: datetime) -> Chat:
        """Merge what was seen into the chat, or into the one it was merged into.

        Raises BadInput when the sighting is of another chat that is known already.
        """
        with self._database.writing() as conn:
            return _update(conn, follow_chat(conn, key), sighting, at)

    def set_chat(
        self,
        key: ChatKey,
        *,
        visibility: Visibility | None = None,
        sensitive: bool | None = None,
        no_index: bool | None = None,
    ) -> Chat:
        """Carry out an operator's decision; sightings do not change a visibility set here."""
        given = {"visibility": visibility, "sensitive": sensitive, "no_index": no_index}
        decided: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
        if visibility is not None:
            decided["visibility_fixed"] = True
        with self._database.writing() as conn:
            before = load_chat(conn, key)
            chat = msgspec.structs.replace(before, **decided)
            if chat != before:
                save_chat(conn, chat)
                numbers.log_chat(conn, key, with_posts=True)
            return chat

    def merge_chats(self, source: ChatKey, target: ChatKey, at: datetime) -> int:
        """Join source into target.

        Raises BadInput for one and the same, for a chat that was merged before, and for two that
        Telegram knows as different chats.
        """
        if source == target:
            raise BadInput("A chat can't be merged into itself.")
        with self._database.writing() as conn:
            gone, kept = load_chat(conn, source), load_chat(conn, target)
            if gone.merged_into is not None or kept.merged_into is not None:
                raise BadInput("One of the chats was merged into another before.")
            joined = join_chats(kept, gone)
            moved = move_posts(conn, source, target, at=at, rules=self._rules)
            _redirect(conn, gone, target)
            save_chat(conn, settle_name(conn, joined))
            numbers.log_chat(conn, source, with_posts=False)
            numbers.log_chat(conn, target, with_posts=_shows_in_posts(kept, joined))
            return moved


def _row(row: Any) -> ChatRow:
    last = None if row.last_at_s is None else datetime.fromtimestamp(row.last_at_s, UTC)
    return ChatRow(chat=decode(row.body, Chat), posts=row.posts, last_post_at=last)


def _update(conn: Connection, before: Chat, sighting: ChatSighting, at: datetime) -> Chat:
    _check(conn, sighting, before)
    chat = settle_name(conn, merge_sighting(before, sighting, at))
    if chat != before:
        save_chat(conn, chat)
    if _outside(chat) != _outside(before):
        numbers.log_chat(conn, chat.key, with_posts=_shows_in_posts(before, chat))
    return chat


def _check(conn: Connection, sighting: ChatSighting, chat: Chat | None) -> None:
    """Raise BadInput for a peer that is none or that another chat has."""
    if sighting.peer is None:
        return
    if not fits(sighting.peer.id):
        raise BadInput(f"{sighting.peer.id} is no id of a chat.")
    holder = find_by_peer(conn, sighting.peer)
    if holder is not None and chat is not None and holder.key != chat.key:
        raise BadInput(
            f"{sighting.peer.ref} is known as another chat, {holder.title!r}; "
            f"join the two with: soso merge {chat.ref} {holder.ref}"
        )


def _outside(chat: Chat) -> Chat:
    """Return the chat without the dates of its sightings, which nobody is shown."""
    names = tuple(
        msgspec.structs.replace(known, last_seen_at=known.first_seen_at) for known in chat.usernames
    )
    return msgspec.structs.replace(chat, seen_at=None, usernames=names)


def _shows_in_posts(before: Chat, after: Chat) -> bool:
    """Whether something changed that documents of the chat's posts hold."""
    names = ("title", "username", "sensitive", "visibility", "kind")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _redirect(conn: Connection, gone: Chat, target: ChatKey) -> None:
    """Leave of a chat only where it went: its peer and names are the target's now."""
    aliases = conn.execute(sa.select(chats.c.body).where(chats.c.merged_into == gone.key)).scalars()
    for chat in [gone, *(decode(body, Chat) for body in aliases.all())]:
        moved = msgspec.structs.replace(
            chat, merged_into=target, peer=None, username=None, usernames=(), picture=None
        )
        save_chat(conn, moved)
