"""A chat as a row of chats, with its names and pictures, and back."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.chat import Chat
from soso.model.errors import NotFound
from soso.model.identity import fold_name, give_up_name, last_seen
from soso.model.ids import ChatKey, Peer
from soso.stores.sql import numbers
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import blobs_of, clamp, fits
from soso.stores.sql.tables import chat_blobs, chat_names, chats


def load_chat(conn: Connection, key: ChatKey) -> Chat:
    """Return the chat as it is. Raises NotFound."""
    if fits(key):
        body = conn.execute(sa.select(chats.c.body).where(chats.c.key == key)).scalar_one_or_none()
        if body is not None:
            return decode(body, Chat)
    raise NotFound(f"There is no chat with the key {key}.")


def follow_chat(conn: Connection, key: ChatKey) -> Chat:
    """Return the chat, or the one it was merged into. Raises NotFound."""
    chat = load_chat(conn, key)
    return chat if chat.merged_into is None else load_chat(conn, chat.merged_into)


def find_by_peer(conn: Connection, peer: Peer) -> Chat | None:
    """Return the chat known by a peer."""
    if not fits(peer.id):
        return None
    query = sa.select(chats.c.body).where(
        chats.c.peer_kind == peer.kind.value, chats.c.peer_id == peer.id
    )
    body = conn.execute(query).scalar_one_or_none()
    return None if body is None else decode(body, Chat)


def find_by_name(conn: Connection, username: str) -> Chat | None:
    """Return the present holder of a name, or the latest who had it."""
    name = fold_name(username)
    latest = chat_names.c.last_seen_at.desc(), chats.c.key.desc()
    holds = sa.case((chats.c.username == name, 0), else_=1)
    query = (
        sa.select(chats.c.body)
        .join(chat_names, chat_names.c.chat == chats.c.key)
        .where(chat_names.c.name == name)
        .order_by(holds, *latest)
        .limit(1)
    )
    body = conn.execute(query).scalar_one_or_none()
    return None if body is None else decode(body, Chat)


def insert_chat(conn: Connection, chat: Chat) -> None:
    """Write a chat that is not there yet."""
    conn.execute(sa.insert(chats).values(**_values(chat), posts=0, last_at_s=None))
    _write_names(conn, chat)


def save_chat(conn: Connection, chat: Chat) -> None:
    """Write a chat that is there."""
    conn.execute(sa.update(chats).where(chats.c.key == chat.key).values(_values(chat)))
    _write_names(conn, chat)


def settle_name(conn: Connection, chat: Chat) -> Chat:
    """Let the one who was seen last under the chat's present name hold it; return the chat.

    Others give the name up, which is logged, or the chat does. Call it before chat is written.
    """
    name = chat.username
    if name is None:
        return chat
    query = sa.select(chats.c.body).where(
        chats.c.username == fold_name(name), chats.c.key != chat.key
    )
    for body in conn.execute(query).scalars().all():
        other = decode(body, Chat)
        mine, theirs = last_seen(chat, name), last_seen(other, name)
        # Seen under it at once: who came first holds it, whichever of the two is merged last.
        if mine is None or (theirs is not None and (theirs, -other.key) > (mine, -chat.key)):
            return give_up_name(chat, name)
        save_chat(conn, give_up_name(other, name))
        numbers.log_chat(conn, other.key, with_posts=True)
    return chat


def _values(chat: Chat) -> dict[str, Any]:
    return {
        "key": chat.key,
        "kind": chat.kind.value,
        "title": _column_text(chat.title),
        "peer_kind": None if chat.peer is None else chat.peer.kind.value,
        "peer_id": None if chat.peer is None else chat.peer.id,
        "username": None if chat.username is None else fold_name(chat.username),
        "visibility": chat.visibility.value,
        "members": clamp(chat.members),
        "merged_into": chat.merged_into,
        "body": encode(chat, f"Chat {chat.key}"),
    }


def _column_text(text: str) -> str:
    """PostgreSQL holds no NUL in a text."""
    return text.replace("\0", "")


def title_matches(title: str) -> sa.ColumnElement[bool]:
    """The condition that a chat has exactly this title."""
    return chats.c.title == _column_text(title)


def _write_names(conn: Connection, chat: Chat) -> None:
    """Write the names and blobs of a chat anew; there are few."""
    conn.execute(sa.delete(chat_names).where(chat_names.c.chat == chat.key))
    names = [
        {"name": fold_name(known.name), "chat": chat.key, "last_seen_at": known.last_seen_at}
        for known in chat.usernames
    ]
    put(conn, chat_names, names)
    conn.execute(sa.delete(chat_blobs).where(chat_blobs.c.chat == chat.key))
    blobs: Iterable[str] = sorted(blobs_of([chat.picture]))
    put(conn, chat_blobs, [{"chat": chat.key, "blob": blob} for blob in blobs], replace=False)
