"""Connections and transactions, and the errors they end with.

Knows how a database is opened and that errors leave as model.errors. Must not know any table.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, make_url

from soso.model.errors import BadInput, Busy, SosoError, Unavailable
from soso.stores.sql import dialect

_CONNECTIONS: Final = 64  # far above the threads that web and worker run

RESTORE: Final = (
    "restore the last backup, or take the last dump into a new folder with `soso import`"
)
"""What to do about a damaged file."""


class Database:
    """One database, used by many threads; every transaction is a `with` of reading or writing."""

    def __init__(self, url: str, *, durable: bool = True, wait_s: float = 30.0) -> None:
        """Open the database; nothing is read yet.

        durable: what was committed survives a power cut. wait_s: for another writer to end.
        Raises BadInput for an address that can't be one, Unavailable.
        """
        parsed = _parse(url)
        is_file = parsed.get_backend_name() == "sqlite"
        self._file = Path(parsed.database) if is_file and parsed.database else None
        with _translated(self._file):
            self.engine = _create(parsed, wait_s, is_file=is_file)
            dialect.prepare(self.engine, durable=durable)
            dialect.use_wal(self.engine)
        self._writer = self.engine.execution_options(**{dialect.MODE: dialect.WRITE})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the archive as it was when the first row was read."""
        with _translated(self._file), self.engine.begin() as conn:
            yield conn

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one connection that may write; committed at the end, undone by any error."""
        with _translated(self._file), self._writer.begin() as conn:
            yield conn

    @contextmanager
    def leasing(self) -> Iterator[Connection]:
        """Give a connection that may write rows which no number orders, beside the one that writes.

        In a file there is one writer, and no other.
        """
        engine = self._writer if dialect.is_sqlite(self.engine) else self.engine
        with _translated(self._file), engine.begin() as conn:
            yield conn

    def erase_traces(self) -> None:
        """Leave nothing of deleted rows on disk. Raises Busy when readers hold the old pages."""
        with _translated(self._file):
            erased = dialect.erase_traces(self.engine)
        if not erased:
            raise Busy(
                "The rows are erased, but a long read still holds the old log file; "
                "purge again when it has ended."
            )

    def size_bytes(self) -> int:
        """Return what the database takes on disk."""
        with _translated(self._file):
            return dialect.size_bytes(self.engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _create(url: URL, wait_s: float, *, is_file: bool) -> sa.Engine:
    try:
        return sa.create_engine(
            url,
            pool_size=8,
            max_overflow=_CONNECTIONS - 8,
            pool_timeout=wait_s,
            pool_pre_ping=not is_file,  # a server may have been started anew since
            connect_args={"timeout": wait_s} if is_file else {},
        )
    except ImportError as error:
        raise Unavailable("PostgreSQL needs: pip install 'soso[cluster]'") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError) as error:  # it may hold a password, and is not shown
        raise BadInput("This is no address of a database: postgresql://USER@HOST/NAME") from error
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput("The archive can be kept in SQLite or PostgreSQL, nothing else.")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise BadInput("An archive in SQLite needs a file.")
    return parsed


@contextmanager
def _translated(file: Path | None) -> Iterator[None]:
    """Turn what the database raises into errors that may leave the room."""
    try:
        yield
    except SosoError:
        raise
    except exc.SQLAlchemyError as error:
        raise Unavailable(f"The archive does not answer: {_reason(error, file)}") from error
    except (OverflowError, UnicodeError) as error:
        raise BadInput(f"The archive can't hold this: {error}") from error
    except OSError as error:
        raise Unavailable(f"The archive's file can't be read: {error}") from error


def _reason(error: exc.SQLAlchemyError, file: Path | None) -> str:
    original = getattr(error, "orig", None)
    said = str(original if original is not None else error).splitlines()[0]
    if file is None:
        return said
    if "unable to open" in said or "readonly" in said:
        return f"{_why_closed(file)} ({said})"
    if "malformed" in said:
        return f"{file}: {said}; {RESTORE}"
    return said


def _why_closed(file: Path) -> str:
    """Say what keeps a SQLite file from being opened; readers write too, beside it."""
    if not file.parent.is_dir():
        return f"the data folder {file.parent} is not there"
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return f"the data folder {file.parent} can't be written by this user"
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        return f"the file {file} can't be written by this user"
    return f"the file {file} can't be opened to be written"
