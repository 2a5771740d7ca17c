"""Looks for what is wrong with the archive: the file, the rows, and what rows say of each other."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.chat import Chat
from soso.model.errors import Unavailable
from soso.model.post import StoredPost
from soso.stores.sql import dialect
from soso.stores.sql.codec import decode
from soso.stores.sql.connect import RESTORE, Database
from soso.stores.sql.rows import select_posts, stored_of, values_of
from soso.stores.sql.tables import (
    album_ids,
    changes,
    chats,
    consumers,
    numbers,
    posts,
    revisions,
)

_RUN: Final = 1000
_MOST: Final = 100  # findings; a broken disk would give one a row


def check(database: Database) -> list[str]:
    """Return what is wrong in words, at most 100 findings; empty when the archive is sound."""
    findings: list[str] = []
    for look in (_damage, _chats, _numbers, _counts, _posts):
        try:
            findings += islice(look(database), _MOST)
        except Unavailable as error:  # a file so broken that it can't be read
            findings.append(str(error))
    return findings[:_MOST]


def _damage(database: Database) -> Iterator[str]:
    with database.reading() as conn:
        damage = dialect.damage(conn)
    if damage:
        yield f"the database is damaged: {RESTORE}"
    yield from damage


def _chats(database: Database) -> Iterator[str]:
    """A chat's columns must follow from its body, and one that was merged must be empty."""
    with database.reading() as conn:
        yield from _chat_rows(conn)


def _chat_rows(conn: Connection) -> Iterator[str]:
    for row in conn.execute(sa.select(chats.c.key, chats.c.body, chats.c.merged_into)):
        try:
            chat = decode(row.body, Chat)
        except Unavailable as error:
            yield f"chat {row.key}: {error}"
            continue
        if chat.key != row.key or chat.merged_into != row.merged_into:
            yield f"chat {row.key}: its columns and its body differ"
    orphaned = sa.select(chats.c.key).where(
        chats.c.merged_into.is_not(None),
        sa.exists().where(posts.c.chat == chats.c.key),
    )
    for key in conn.execute(orphaned).scalars():
        yield f"chat {key} was merged into another but still has posts"


def _numbers(database: Database) -> Iterator[str]:
    """No row may have a number that is still to be given."""
    with database.reading() as conn:
        yield from _number_rows(conn)


def _number_rows(conn: Connection) -> Iterator[str]:
    last: dict[str, int] = {row.name: row.last for row in conn.execute(sa.select(numbers))}
    columns: dict[str, sa.Column[Any]] = {
        "chats": chats.c.key,
        "posts": posts.c.key,
        "revisions": revisions.c.number,
        "changes": changes.c.seq,
    }
    for name, column in columns.items():
        highest = conn.execute(sa.select(sa.func.max(column))).scalar_one()
        if highest is not None and highest > last.get(name, 0):
            yield f"{name} are numbered up to {highest}, but only {last.get(name, 0)} were given"
    for row in conn.execute(sa.select(consumers)):
        if row.seq > last.get("changes", 0):
            yield f"the consumer {row.name} acknowledged changes that were never written"


def _counts(database: Database) -> Iterator[str]:
    """What is counted in one table must stand in the other."""
    with database.reading() as conn:
        yield from _count_rows(conn)


def _count_rows(conn: Connection) -> Iterator[str]:
    shown = sa.func.coalesce(sa.func.sum(sa.case((posts.c.shown == sa.true(), 1), else_=0)), 0)
    newest = sa.func.max(sa.case((posts.c.shown == sa.true(), posts.c.at_s)))
    query = (
        sa.select(chats.c.key, chats.c.posts, shown, chats.c.last_at_s, newest)
        .join(posts, posts.c.chat == chats.c.key, isouter=True)
        .group_by(chats.c.key, chats.c.posts, chats.c.last_at_s)
    )
    for key, counted, there, last, real in conn.execute(query):
        if counted != there or last != real:
            yield f"chat {key}: {counted} posts are counted, {there} are there"
    held = sa.select(sa.func.count()).where(revisions.c.key == posts.c.key).scalar_subquery()
    for key in conn.execute(sa.select(posts.c.key).where(posts.c.revisions != held)).scalars():
        yield f"post {key}: its revisions are not all there"


def _posts(database: Database) -> Iterator[str]:
    """The columns of a post must follow from its body, and its album ids lead to it."""
    last = 0
    while True:
        query = select_posts().where(posts.c.key > last).order_by(posts.c.key).limit(_RUN)
        with database.reading() as conn:
            rows = conn.execute(query).all()
            if not rows:
                return
            yield from _post_run(conn, rows)
        last = rows[-1].key


def _post_run(conn: Connection, rows: Sequence[Any]) -> Iterator[str]:
    keys = (rows[0].key, rows[-1].key)
    places = (
        posts.c.key,
        posts.c.chat,
        posts.c.post_id,
        posts.c.at_s,
        posts.c.shown,
        posts.c.kinds,
    )
    found = conn.execute(sa.select(*places).where(posts.c.key.between(*keys)))
    columns = {row.key: row._mapping for row in found}
    ids: dict[int, set[int]] = {}
    query = sa.select(album_ids.c.key, album_ids.c.post_id).where(album_ids.c.key.between(*keys))
    for key, post_id in conn.execute(query):
        ids.setdefault(key, set()).add(post_id)
    for row in rows:
        try:
            stored = stored_of(row)
        except Unavailable as error:
            yield f"post {row.key}: {error}"
            continue
        yield from _one_post(stored, columns[row.key], ids.get(row.key, set()))


def _one_post(stored: StoredPost, columns: Any, ids: set[int]) -> Iterator[str]:
    values = values_of(stored)
    if any(values[name] != columns[name] for name in columns):
        yield f"post {stored.key}: its columns and its body differ"
    if ids != set(stored.post.album) - {stored.post.id}:
        yield f"post {stored.key}: not all ids of its album lead to it"
