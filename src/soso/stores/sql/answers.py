"""Kept answers; see ports.answers for what each method promises.

On SQLite they stand in a file of their own: a reader who asks for a page would otherwise wait for
the write lock of an import. Their commits do not wait for the disk; a power cut may take the last
of them back, and breaks nothing.
"""

from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from soso.model.errors import BadInput
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.tables import SCRATCH, answers

_MOST_BYTES: Final = 64 * 1024


class SqlAnswers:
    """Fills ports.answers.Answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_answer(self, token: str, content: bytes, *, expires_at: datetime) -> None:
        """Keep content under a token. Raises BadInput for more than 64 KiB."""
        if len(content) > _MOST_BYTES:
            raise BadInput("An answer of more than 64 KiB can't be kept.")
        row = {"token": token, "content": content, "expires_at": expires_at}
        with self._database.writing() as conn:
            put(conn, answers, [row])

    def find_answer(self, token: str, *, now: datetime) -> bytes | None:
        """Return what is kept, unless it has expired."""
        query = sa.select(answers.c.content).where(
            answers.c.token == token, answers.c.expires_at > now
        )
        with self._database.reading() as conn:
            content: bytes | None = conn.execute(query).scalar_one_or_none()
            return content

    def drop_expired(self, *, now: datetime) -> int:
        """Forget what has expired; return how many."""
        with self._database.writing() as conn:
            return conn.execute(sa.delete(answers).where(answers.c.expires_at <= now)).rowcount


def open_scratch(url: str | None, *, beside: str, wait_s: float) -> Database:
    """Return the database for answers and the pace of hosts, with its tables.

    url: None: archive-scratch.db beside an archive.db, the archive's own database elsewhere.
    Raises BadInput, Unavailable.
    """
    database = Database(url or url_beside(beside, "scratch"), durable=False, wait_s=wait_s)
    with database.reading() as conn:
        made = SCRATCH.tables.keys() <= set(sa.inspect(conn).get_table_names())
    if not made:
        with database.writing() as conn:
            SCRATCH.create_all(conn)
    return database


def url_beside(url: str, name: str) -> str:
    """Return archive-name.db beside an archive.db; the same database where there are no files."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return url
    file = Path(parsed.database)
    beside = file.with_name(f"{file.stem}-{name}{file.suffix}")
    return parsed.set(database=str(beside)).render_as_string(hide_password=False)
