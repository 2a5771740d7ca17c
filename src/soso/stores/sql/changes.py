"""The change log; see ports.changes for what each method promises."""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.batch import Change
from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, post_doc
from soso.ports.changes import Share
from soso.stores.sql import numbers
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.tables import changes, chats, consumers, posts

_RUN: Final = 1000


class SqlChanges:
    """Fills ports.changes.Changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(
        self,
        consumer: str,
        *,
        after: int | None = None,
        limit: int = 1000,
        share: Share | None = None,
    ) -> list[Change]:
        """Return the oldest changes not acknowledged.

        A new consumer is noted first, so that no change it has not seen is trimmed.
        """
        with self._database.reading() as conn:
            place = _find_place(conn, consumer)
        if place is None:
            with self._database.writing() as conn:
                put(conn, consumers, [{"name": consumer, "seq": 0}], replace=False)
        query = (
            sa.select(changes.c.seq, changes.c.doc)
            .where(changes.c.seq > ((place or 0) if after is None else after), _lies_in(share))
            .order_by(changes.c.seq)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            return [Change(seq=row.seq, doc=DocId(row.doc)) for row in conn.execute(query)]

    def ack(self, consumer: str, seq: int) -> None:
        """Say that all up to seq is done; changes that are not written yet can't be."""
        with self._database.writing() as conn:
            seq = min(seq, numbers.find_last(conn, numbers.CHANGES))
            if seq > (_find_place(conn, consumer) or 0):
                put(conn, consumers, [{"name": consumer, "seq": seq}])

    def reset(self, consumer: str, seq: int) -> None:
        """Set a consumer's place."""
        with self._database.writing() as conn:
            seq = max(0, min(seq, numbers.find_last(conn, numbers.CHANGES)))
            put(conn, consumers, [{"name": consumer, "seq": seq}])

    def drop_consumer(self, consumer: str) -> None:
        """Forget a consumer."""
        with self._database.writing() as conn:
            conn.execute(sa.delete(consumers).where(consumers.c.name == consumer))

    def last_seq(self) -> int:
        """Return the newest change's seq, trimmed or not; 0 when there never was one."""
        with self._database.reading() as conn:
            return numbers.find_last(conn, numbers.CHANGES)

    def lag(self, consumer: str, *, share: Share | None = None) -> int:
        """Return how many changes wait for the consumer."""
        with self._database.reading() as conn:
            place = _find_place(conn, consumer) or 0
            query = sa.select(sa.func.count()).where(changes.c.seq > place, _lies_in(share))
            return int(conn.execute(query).scalar_one())

    def iter_docs(self, *, after: int = 0, until: int | None = None) -> Iterator[Sequence[DocId]]:
        """Yield the documents of all chats, then of all posts, in runs."""
        for run in self._iter_keys(chats.c.key, after, until):
            yield [chat_doc(ChatKey(key)) for key in run]
        for run in self._iter_keys(posts.c.key, after, until):
            yield [post_doc(PostKey(key)) for key in run]

    def last_key(self) -> int:
        """Return the highest key of a chat or a post."""
        with self._database.reading() as conn:
            keys = [
                conn.execute(sa.select(sa.func.max(one.c.key))).scalar_one()
                for one in (chats, posts)
            ]
        return max((key for key in keys if key is not None), default=0)

    def _iter_keys(
        self, column: sa.Column[int], after: int, until: int | None
    ) -> Iterator[Sequence[int]]:
        last = after
        while True:
            query = sa.select(column).where(column > last).order_by(column).limit(_RUN)
            if until is not None:
                query = query.where(column <= until)
            with self._database.reading() as conn:
                run = conn.execute(query).scalars().all()
            if not run:
                return
            yield run
            last = run[-1]

    def trim_changes(self) -> int:
        """Forget rows that every consumer has acknowledged; without consumers none."""
        with self._database.writing() as conn:
            done = conn.execute(sa.select(sa.func.min(consumers.c.seq))).scalar_one()
            if done is None:
                return 0
            return conn.execute(sa.delete(changes).where(changes.c.seq <= done)).rowcount


def _lies_in(share: Share | None) -> sa.ColumnElement[bool]:
    """Whether a change is one of a share's; the lowest bit only tells chats from posts."""
    if share is None:
        return sa.true()
    return (changes.c.doc // 2) % share.of == share.number


def _find_place(conn: Connection, consumer: str) -> int | None:
    query = sa.select(consumers.c.seq).where(consumers.c.name == consumer)
    place: int | None = conn.execute(query).scalar_one_or_none()
    return place
