"""A whole archive from a SQLite file into PostgreSQL, and the check that it is all there.

Knows rows, not what they mean: both sides are read in the order of their keys and what differs is
written, so that a copy that was cut off, or made while the archive was in use, is brought up to date
by another one. Kept answers and counts of the last minutes are left behind.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.errors import BadInput
from soso.model.value import Value
from soso.stores.sql import dialect, numbers
from soso.stores.sql.connect import Database
from soso.stores.sql.migrate import migrate
from soso.stores.sql.suggestions import open_suggestions
from soso.stores.sql.tables import ARCHIVE, SUGGESTIONS, Moment, chats, settings

RUN: Final = 10_000
"""How many rows are written in one transaction."""

MARK: Final = "migrated/changes"
"""The target's setting that holds how far its change log had come when all was copied, or "copying"."""

_COPYING: Final = "copying"
_READ_AT_ONCE: Final = 2_000

Told = Callable[[str, int, int], None]
"""Told what is done, of which table, how many rows and of how many."""

Row = tuple[Any, ...]


class Transferred(Value):
    """rows: how many the source has, by table. written, removed: in the target.

    differing: rows that were not the same when all was read again, by table; none if all is well.
    behind: changes of the archive that came after the copy had begun.
    """

    rows: dict[str, int]
    written: int
    removed: int
    differing: dict[str, int]
    behind: int


def transfer(archive: str, suggestions: str, target: str, *, told: Told) -> Transferred:
    """Make the target what the archive was when this began, and check it.

    archive, suggestions: addresses of SQLite files. target: of PostgreSQL.
    Raises BadInput for addresses of anything else and for a target that holds something else or was
    used since, Unavailable.
    """
    if not archive.startswith("sqlite"):
        raise BadInput("An archive is copied from SQLite to PostgreSQL, not the other way.")
    if not target.startswith("postgres"):
        raise BadInput("Name the database to copy into: --to postgresql://USER@HOST/NAME")
    source, store = Database(archive), Database(target)
    try:
        migrate(source)
        migrate(store)
        offers = open_suggestions(suggestions, beside=archive, wait_s=30.0)
        try:
            open_suggestions(None, beside=target, wait_s=30.0).close()
            return _Transfer(store, told).run(source, offers)
        finally:
            offers.close()
    finally:
        source.close()
        store.close()


class _Transfer:
    def __init__(self, store: Database, told: Told) -> None:
        self._store = store
        self._told = told
        self.written = self.removed = 0

    def run(self, source: Database, offers: Database) -> Transferred:
        with source.reading() as conn, offers.reading() as beside:
            place = numbers.find_last(conn, numbers.CHANGES)
            parts = [(conn, table) for table in ARCHIVE.sorted_tables]
            parts += [(beside, table) for table in SUGGESTIONS.sorted_tables]
            rows = {table.name: _count(side, table) for side, table in parts}
            self._begin()
            for side, table in reversed(parts):
                self._remove(side, table)
            for side, table in parts:
                if table is chats:  # some were merged into one that comes later
                    self._write(side, table, rows[table.name], without="merged_into")
                self._write(side, table, rows[table.name])
            differing = {
                table.name: self._check(side, table, rows[table.name]) for side, table in parts
            }
        self._set_mark(_COPYING if any(differing.values()) else str(place))
        with source.reading() as conn:
            behind = numbers.find_last(conn, numbers.CHANGES) - place
        return Transferred(
            rows=rows,
            written=self.written,
            removed=self.removed,
            differing={name: count for name, count in differing.items() if count},
            behind=behind,
        )

    def _begin(self) -> None:
        """Refuse a target that is somebody's archive; note that ours is not whole."""
        with self._store.reading() as conn:
            mark = conn.execute(
                sa.select(settings.c.value).where(settings.c.name == MARK)
            ).scalar_one_or_none()
            last = numbers.find_last(conn, numbers.CHANGES)
            is_empty = not _count(conn, chats)
        if mark is None and not is_empty:
            raise BadInput("The database holds another archive; name an empty one.")
        if mark not in (None, _COPYING, str(last)):
            raise BadInput(
                "The database was used since it was copied: copying again would take back what came"
                " since. Name an empty one."
            )
        self._set_mark(_COPYING)

    def _set_mark(self, value: str) -> None:
        with self._store.writing() as conn:
            dialect.put(conn, settings, [{"name": MARK, "value": value}])

    def _remove(self, side: Connection, table: sa.Table) -> None:
        """Take out rows whose key the source does not have."""
        keys = list(table.primary_key.columns)
        places = {f"k{number}": column for number, column in enumerate(keys)}
        wanted = [column == sa.bindparam(name) for name, column in places.items()]
        with self._store.reading() as conn:
            if _is_empty(conn, table):
                return
            pairs = _compare(_read(side, table, keys), _read(conn, table, keys), keys)
            gone = (theirs for ours, theirs in pairs if ours is None and theirs is not None)
            for run in _in_runs(gone):
                with self._store.writing() as writer:
                    rows = [dict(zip(places, key, strict=True)) for key in run]
                    writer.execute(sa.delete(table).where(*wanted), rows)
                self.removed += len(run)

    def _write(
        self, side: Connection, table: sa.Table, total: int, *, without: str | None = None
    ) -> None:
        """Write rows that are not there or are not the same.

        without: a column left empty; then only rows that are not there.
        """
        columns = list(table.columns)
        with self._store.reading() as conn:
            is_empty = _is_empty(conn, table)
            pairs = _compare(
                _read(side, table, columns, without=without), _read(conn, table, columns), columns
            )
            rows = (
                ours
                for ours, there in pairs
                if ours is not None and (without is None or there is None)
            )
            for run in _in_runs(self._telling(rows, table.name, total)):
                with self._store.writing() as writer:
                    _copy(writer, table, run, into_empty=is_empty)
                self.written += len(run)
        self._told(table.name, total, total)

    def _check(self, side: Connection, table: sa.Table, total: int) -> int:
        """Return how many rows are not the same on both sides."""
        columns = list(table.columns)
        with self._store.reading() as conn:
            ours = self._telling(_read(side, table, columns), f"checking {table.name}", total)
            return sum(1 for _ in _compare(ours, _read(conn, table, columns), columns))

    def _telling(self, rows: Iterator[Row], name: str, total: int) -> Iterator[Row]:
        for done, row in enumerate(rows):
            if done % _READ_AT_ONCE == 0:
                self._told(name, min(done, total), total)
            yield row


def _read(
    conn: Connection, table: sa.Table, columns: Sequence[Any], *, without: str | None = None
) -> Iterator[Row]:
    """Yield rows in the order of their keys, the same on both sides; values as they are kept."""
    by_bytes = conn.engine.dialect.name == "postgresql"
    order = [
        sa.collate(column, "C") if by_bytes and isinstance(column.type, sa.Text) else column
        for column in table.primary_key.columns
    ]
    query = sa.select(*map(_as_kept, columns)).select_from(table).order_by(*order)
    if table is settings:
        query = query.where(settings.c.name != MARK)
    place = [column.name for column in columns].index(without) if without is not None else None
    with conn.execute(query, execution_options={"yield_per": _READ_AT_ONCE}) as result:
        for found in result:
            row = tuple(_fitting(value) for value in found)
            yield row if place is None else (*row[:place], None, *row[place + 1 :])


def _as_kept(column: Any) -> Any:
    is_moment = isinstance(column.type, Moment)
    return sa.type_coerce(column, sa.BigInteger).label(column.name) if is_moment else column


def _fitting(value: Any) -> Any:
    """PostgreSQL keeps no text with a zero character; foreign titles may have one."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def _compare(
    ours: Iterator[Row], theirs: Iterator[Row], columns: Sequence[Any]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the rows that are not the same, None on the side that has none of that key."""
    places = [number for number, column in enumerate(columns) if column.primary_key]
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        key = None if one is None else [one[place] for place in places]
        their_key = None if other is None else [other[place] for place in places]
        if their_key is None or (key is not None and key < their_key):
            yield one, None
            one = next(ours, None)
        elif key is None or their_key < key:
            yield None, other
            other = next(theirs, None)
        else:
            if one != other:
                yield one, other
            one, other = next(ours, None), next(theirs, None)


def _in_runs(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while run := list(islice(rows, RUN)):
        yield run


def _copy(conn: Connection, table: sa.Table, rows: Sequence[Row], *, into_empty: bool) -> None:
    """Write rows by COPY; through a table beside it where some may have to be replaced."""
    quote = conn.dialect.identifier_preparer.quote
    columns = [column.name for column in table.columns]
    name, names = quote(table.name), [quote(one) for one in columns]
    if not into_empty:
        conn.exec_driver_sql(f"CREATE TEMP TABLE incoming (LIKE {name}) ON COMMIT DROP")
    dialect.copy(conn, table.name if into_empty else "incoming", columns, rows)
    if into_empty:
        return
    keys = [quote(column.name) for column in table.primary_key.columns]
    values = ", ".join(f"{one} = excluded.{one}" for one in names if one not in keys)
    conn.exec_driver_sql(
        f"INSERT INTO {name} ({', '.join(names)}) SELECT {', '.join(names)} FROM incoming "
        f"ON CONFLICT ({', '.join(keys)}) DO " + (f"UPDATE SET {values}" if values else "NOTHING")
    )


def _is_empty(conn: Connection, table: sa.Table) -> bool:
    return conn.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None


def _count(conn: Connection, table: sa.Table) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
