"""Joins one chat into another: all posts of the source go through the sheet of the target."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.batch import Tombstone
from soso.model.ids import ChatKey
from soso.model.post import StoredPost
from soso.model.versions import ids_of
from soso.stores.sql.apply import Rules, keep_deaths, load_deaths
from soso.stores.sql.flush import flush
from soso.stores.sql.rows import fetch_by_ids, select_posts, stored_of
from soso.stores.sql.sheet import Sheet
from soso.stores.sql.tables import posts, tombstones

_RUN: Final = 500


def move_posts(
    conn: Connection, source: ChatKey, target: ChatKey, *, at: datetime, rules: Rules
) -> int:
    """Move or merge every post of source into target; return how many there were."""
    _move_deaths(conn, source, target, at=at, rules=rules)
    moved = 0
    while run := _first_posts(conn, source):
        ids = {id_ for row in run for id_ in ids_of(row.post)}
        sheet = _sheet(conn, target, ids, at=at, rules=rules)
        for row in run:
            sheet.adopt(row)
        flush(conn, sheet)
        moved += len(run)
    return moved


def _first_posts(conn: Connection, chat: ChatKey) -> list[StoredPost]:
    query = select_posts().where(posts.c.chat == chat).order_by(posts.c.post_id).limit(_RUN)
    return [stored_of(row) for row in conn.execute(query)]


def _sheet(conn: Connection, chat: ChatKey, ids: set[int], *, at: datetime, rules: Rules) -> Sheet:
    return Sheet(
        chat,
        fetch_by_ids(conn, chat, ids),
        deaths=load_deaths(conn, chat, ids),
        at=at,
        is_sensitive=rules.is_sensitive,
    )


def _move_deaths(
    conn: Connection, source: ChatKey, target: ChatKey, *, at: datetime, rules: Rules
) -> None:
    """Let the deletions told of source bury posts of target too."""
    query = sa.select(tombstones.c.post_id, tombstones.c.at).where(tombstones.c.chat == source)
    told = [Tombstone(post_id=row.post_id, at=row.at) for row in conn.execute(query)]
    for start in range(0, len(told), _RUN):
        run = told[start : start + _RUN]
        sheet = _sheet(conn, target, {one.post_id for one in run}, at=at, rules=rules)
        for tombstone in run:
            sheet.bury(tombstone)
        flush(conn, sheet)
    keep_deaths(conn, target, told)
    conn.execute(sa.delete(tombstones).where(tombstones.c.chat == source))
