"""Cursors and reports of imports; see ports.journal for what each method promises."""

import sqlalchemy as sa

from soso.ports.journal import ImportReport
from soso.stores.sql import numbers
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.tables import cursors, reports


class SqlJournal:
    """Fills ports.journal.Journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_cursor(self, source: str) -> str | None:
        """Return where a pull of the source is to go on."""
        with self._database.reading() as conn:
            query = sa.select(cursors.c.cursor).where(cursors.c.source == source)
            cursor: str | None = conn.execute(query).scalar_one_or_none()
            return cursor

    def keep_cursor(self, source: str, cursor: str | None) -> None:
        """Keep the place of a source; None forgets it."""
        with self._database.writing() as conn:
            if cursor is None:
                conn.execute(sa.delete(cursors).where(cursors.c.source == source))
            else:
                put(conn, cursors, [{"source": source, "cursor": cursor}])

    def add_report(self, report: ImportReport) -> None:
        """Keep the report of an import."""
        with self._database.writing() as conn:
            number = numbers.take(conn, numbers.REPORTS)
            body = encode(report, "A report")
            conn.execute(sa.insert(reports).values(number=number, body=body))

    def list_reports(self, *, limit: int = 50) -> list[ImportReport]:
        """Return the last reports, newest first."""
        query = sa.select(reports.c.body).order_by(reports.c.number.desc())
        with self._database.reading() as conn:
            bodies = conn.execute(query.limit(max(limit, 0))).scalars()
            return [decode(body, ImportReport) for body in bodies]
