"""Erases posts and chats for good: their rows and whatever in other tables tells of them.

What remains in the files until they are rewritten: dialect.erase_traces.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import ChatKey, DocId, PostKey, chat_doc, doc_key, is_chat_doc, post_doc
from soso.stores.sql import numbers
from soso.stores.sql.flush import drop_rows, recount
from soso.stores.sql.rows import AT_ONCE, in_runs
from soso.stores.sql.stories import empty_tellings
from soso.stores.sql.tables import (
    changes,
    chat_blobs,
    chat_names,
    chats,
    post_blobs,
    posts,
    tombstones,
    vectors,
)


def purge_posts(conn: Connection, keys: Sequence[PostKey]) -> list[str]:
    """Erase posts; return the blobs that nothing uses any more."""
    blobs: set[str] = set()
    shown: dict[ChatKey, int] = {}
    there: list[PostKey] = []
    for run in in_runs(keys):
        query = sa.select(posts.c.key, posts.c.chat, posts.c.shown).where(posts.c.key.in_(run))
        for row in conn.execute(query):
            there.append(row.key)
            shown[row.chat] = shown.get(row.chat, 0) + row.shown
        used = sa.select(post_blobs.c.blob).where(post_blobs.c.key.in_(run))
        blobs.update(conn.execute(used).scalars())
    drop_rows(conn, there)
    for chat, count in shown.items():
        recount(conn, chat, -count)
    _forget(conn, [post_doc(key) for key in there])
    return unused_blobs(conn, sorted(blobs))


def list_docs(conn: Connection, chat: ChatKey) -> list[DocId]:
    """Return the documents that purge_chat erases."""
    family = sa.select(chats.c.key).where(sa.or_(chats.c.key == chat, chats.c.merged_into == chat))
    keys = conn.execute(family).scalars().all()
    theirs = conn.execute(sa.select(posts.c.key).where(posts.c.chat.in_(keys))).scalars()
    return [*map(chat_doc, keys), *(post_doc(key) for key in theirs)]


def purge_chat(conn: Connection, chat: ChatKey) -> list[str]:
    """Erase a chat, those merged into it, and their posts; return the blobs that nothing uses."""
    family = [
        chat,
        *conn.execute(sa.select(chats.c.key).where(chats.c.merged_into == chat)).scalars(),
    ]
    blobs: set[str] = set()
    for one in reversed(family):
        keys = conn.execute(sa.select(posts.c.key).where(posts.c.chat == one)).scalars().all()
        blobs.update(purge_posts(conn, keys))
        used = sa.select(chat_blobs.c.blob).where(chat_blobs.c.chat == one)
        blobs.update(conn.execute(used).scalars())
        for table in (chat_blobs, chat_names, tombstones):
            conn.execute(sa.delete(table).where(table.c.chat == one))
        if conn.execute(sa.delete(chats).where(chats.c.key == one)).rowcount:
            _forget(conn, [chat_doc(one)])
    return unused_blobs(conn, sorted(blobs))


def unused_blobs(conn: Connection, blobs: Sequence[str]) -> list[str]:
    """Return those of the blobs that no post or chat names, in the order given."""
    used: set[str] = set()
    for start in range(0, len(blobs), AT_ONCE):
        run = blobs[start : start + AT_ONCE]
        for table in (post_blobs, chat_blobs):
            used.update(
                conn.execute(sa.select(table.c.blob).where(table.c.blob.in_(run))).scalars()
            )
    return [blob for blob in dict.fromkeys(blobs) if blob not in used]


def _forget(conn: Connection, docs: Iterable[DocId]) -> None:
    """Put one change row in place of all those of a document: whoever reads them must forget it."""
    docs = list(docs)
    for run in in_runs(docs):
        conn.execute(sa.delete(changes).where(changes.c.doc.in_(run)))
        conn.execute(sa.delete(vectors).where(vectors.c.doc.in_(run)))
        # The row stays, empty, until the story it was in is told without it.
        keys = [doc_key(DocId(doc)) for doc in run if not is_chat_doc(DocId(doc))]
        conn.execute(empty_tellings(keys))
    numbers.log_changes(conn, docs)
