"""Numbers for new rows and the change log: rising in the order of commits, never used twice."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import ChatKey, DocId, chat_doc
from soso.stores.sql.dialect import insert
from soso.stores.sql.tables import changes, numbers, posts

CHATS: Final = "chats"
POSTS: Final = "posts"
REVISIONS: Final = "revisions"
CHANGES: Final = "changes"
REQUESTS: Final = "requests"
DECISIONS: Final = "decisions"
REPORTS: Final = "reports"
MODELS: Final = "models"
VECTORS: Final = "vectors"
COPIES: Final = "copies"
STORIES: Final = "stories"
STORIES_TURN: Final = "stories-turn"
FOLLOWED: Final = "followed"
WATCHES: Final = "watches"
WATCH_TURNS: Final = "watches-turn"
DELIVERIES: Final = "deliveries"
BOT_SUBMISSIONS: Final = "bot-submissions"
BOT_BROADCASTS: Final = "bot-broadcasts"


def take(conn: Connection, name: str, count: int = 1) -> int:
    """Take so many numbers and return the first. Only in a transaction that writes."""
    last = find_last(conn, name)
    conn.execute(sa.update(numbers).where(numbers.c.name == name).values(last=last + count))
    return last + 1


def find_last(conn: Connection, name: str) -> int:
    """Return the last number taken, 0 if none was."""
    query = sa.select(numbers.c.last).where(numbers.c.name == name)
    return int(conn.execute(query).scalar_one())


def log_changes(conn: Connection, docs: Iterable[DocId]) -> None:
    """Write the change rows of documents."""
    once = list(dict.fromkeys(docs))
    if once:
        first = take(conn, CHANGES, len(once))
        rows = [{"seq": first + place, "doc": doc} for place, doc in enumerate(once)]
        insert(conn, changes, rows)


def log_chat(conn: Connection, chat: ChatKey, *, with_posts: bool) -> None:
    """Write the change row of a chat and, if wanted, those of all its posts in one statement."""
    log_changes(conn, [chat_doc(chat)])
    if not with_posts:
        return
    of_chat = posts.c.chat == chat
    count = conn.execute(sa.select(sa.func.count()).where(of_chat)).scalar_one()
    if not count:
        return
    first = take(conn, CHANGES, count)
    place: sa.ColumnElement[Any] = sa.func.row_number().over(order_by=posts.c.key)
    doc = posts.c.key * 2  # model.ids.post_doc, said in SQL
    rows = sa.select(place + (first - 1), doc).where(of_chat)
    conn.execute(sa.insert(changes).from_select(["seq", "doc"], rows))
