"""Kept vectors; see ports.vectors for what each method promises."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.ports.vectors import DocVectors
from soso.stores.sql import numbers
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import in_runs
from soso.stores.sql.tables import chats, models, posts, vectors

_RUN: Final = 20_000
"""Rows that one statement drops, so that other writers get their turn in between."""


class SqlVectors:
    """Fills ports.vectors.KeptVectors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_vectors(self, model: str, rows: Sequence[DocVectors]) -> None:
        """Write rows; a document that was purged while they were made gets an empty one."""
        if not rows:
            return
        with self._database.writing() as conn:
            there = _find_there(conn, [row.doc for row in rows])
            number = _find_number(conn, model)
            if number is None:
                number = numbers.take(conn, numbers.MODELS)
                conn.execute(sa.insert(models), [{"number": number, "name": model}])
            first = numbers.take(conn, numbers.VECTORS, len(rows))
            put(
                conn,
                vectors,
                [
                    {
                        "model": number,
                        "doc": row.doc,
                        "seq": first + place,
                        "mark": row.mark if row.doc in there else b"",
                        "packed": row.packed if row.doc in there else b"",
                    }
                    for place, row in enumerate(rows)
                ],
            )

    def find_marks(self, model: str, docs: Sequence[DocId]) -> dict[DocId, bytes]:
        """Return the marks of those documents that have a row."""
        found: dict[DocId, bytes] = {}
        with self._database.reading() as conn:
            number = _find_number(conn, model)
            if number is None:
                return found
            for run in in_runs(docs):
                query = sa.select(vectors.c.doc, vectors.c.mark).where(
                    vectors.c.model == number, vectors.c.doc.in_(run)
                )
                found.update({DocId(row.doc): row.mark for row in conn.execute(query)})
        return found

    def find_vectors(self, model: str, docs: Sequence[DocId]) -> dict[DocId, bytes]:
        """Return the packed vectors of those documents that have any."""
        found: dict[DocId, bytes] = {}
        of_model = sa.select(models.c.number).where(models.c.name == model).scalar_subquery()
        with self._database.reading() as conn:
            for run in in_runs(docs):
                query = sa.select(vectors.c.doc, vectors.c.packed).where(
                    vectors.c.model == of_model, vectors.c.doc.in_(run)
                )
                found.update({DocId(row.doc): row.packed for row in conn.execute(query)})
        return {doc: packed for doc, packed in found.items() if packed}

    def list_vectors(self, model: str, *, after: int = 0, limit: int = 1000) -> list[DocVectors]:
        """Return the rows written behind a seq."""
        with self._database.reading() as conn:
            number = _find_number(conn, model)
            if number is None:
                return []
            query = (
                sa.select(vectors.c.doc, vectors.c.packed, vectors.c.seq)
                .where(vectors.c.model == number, vectors.c.seq > after)
                .order_by(vectors.c.seq)
                .limit(max(limit, 0))
            )
            return [
                DocVectors(doc=DocId(row.doc), mark=b"", packed=row.packed, seq=row.seq)
                for row in conn.execute(query)
            ]

    def list_unembedded(self, model: str, *, after: DocId | None = None, limit: int) -> list[DocId]:
        """Return documents that have no row."""
        with self._database.reading() as conn:
            number = _find_number(conn, model) or 0
            found: list[DocId] = []
            if after is None or is_chat_doc(after):
                query = _without_row(chats.c.key, 1, number, after, limit)
                found = [chat_doc(ChatKey(key)) for key in conn.execute(query).scalars()]
                after = None
            if len(found) < limit:
                query = _without_row(posts.c.key, 0, number, after, limit - len(found))
                found += [post_doc(PostKey(key)) for key in conn.execute(query).scalars()]
        return found

    def count_vectors(self, model: str) -> int:
        """Return how many documents have a row."""
        with self._database.reading() as conn:
            number = _find_number(conn, model)
            of_model = sa.select(sa.func.count()).where(vectors.c.model == number)
            return int(conn.execute(of_model).scalar_one()) if number is not None else 0

    def list_models(self) -> list[str]:
        """Return the models that have rows."""
        with self._database.reading() as conn:
            query = sa.select(models.c.name).order_by(models.c.number)
            return list(conn.execute(query).scalars())

    def drop_model(self, model: str) -> None:
        """Forget all rows of a model, a run at a time; its name last."""
        while True:
            with self._database.writing() as conn:
                number = _find_number(conn, model)
                if number is None:
                    return
                some = sa.select(vectors.c.doc).where(vectors.c.model == number).limit(_RUN)
                gone = sa.delete(vectors).where(
                    vectors.c.model == number, vectors.c.doc.in_(some.scalar_subquery())
                )
                if conn.execute(gone).rowcount == 0:
                    conn.execute(sa.delete(models).where(models.c.number == number))
                    return


def _find_number(conn: Connection, model: str) -> int | None:
    query = sa.select(models.c.number).where(models.c.name == model)
    number: int | None = conn.execute(query).scalar_one_or_none()
    return number


def _find_there(conn: Connection, docs: Sequence[DocId]) -> set[DocId]:
    """Return those of some documents whose post or chat the archive has."""
    found: set[DocId] = set()
    for run in in_runs([doc_key(doc) for doc in docs if is_chat_doc(doc)]):
        query = sa.select(chats.c.key).where(chats.c.key.in_(run))
        found.update(chat_doc(ChatKey(key)) for key in conn.execute(query).scalars())
    for run in in_runs([doc_key(doc) for doc in docs if not is_chat_doc(doc)]):
        query = sa.select(posts.c.key).where(posts.c.key.in_(run))
        found.update(post_doc(PostKey(key)) for key in conn.execute(query).scalars())
    return found


def _without_row(
    key: sa.Column[int], kind: int, model: int, after: DocId | None, limit: int
) -> sa.Select[Any]:
    """Keys whose document (model.ids: even for a post, odd for a chat) has no row of the model."""
    row = sa.select(vectors.c.doc).where(vectors.c.model == model, vectors.c.doc == key * 2 + kind)
    query = sa.select(key).where(~row.exists()).order_by(key.desc()).limit(limit)
    return query if after is None else query.where(key < doc_key(after))
