"""The query log; see ports.queries for what each method promises."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.ports.queries import QueryCount, QueryRow
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import add_up
from soso.stores.sql.rows import AT_ONCE
from soso.stores.sql.tables import query_counts

_SUMS: Final = ("asked", "missed", "partial", "clicked")
_BITS: Final = ("hours",)

_t = query_counts.c
_ASKED: Final = sa.func.sum(_t.asked)
_ORDERS: Final[dict[str, tuple[Any, Any]]] = {
    "asked": (_ASKED, _ASKED > 0),
    "missed": (sa.func.sum(_t.missed), sa.func.sum(_t.missed) > 0),
    "partial": (sa.func.sum(_t.partial), sa.func.sum(_t.partial) > 0),
    "unclicked": (
        _ASKED - sa.func.sum(_t.missed),
        sa.and_(sa.func.sum(_t.clicked) == 0, sa.func.sum(_t.missed) < _ASKED),
    ),
}


class SqlQueries:
    """Fills ports.queries.Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_queries(self, counts: Sequence[QueryCount]) -> None:
        """Add to what is counted."""
        if not counts:
            return
        rows = [
            {
                "key": one.key,
                "day": one.day.toordinal(),
                "text": one.text,
                "asked": one.asked,
                "missed": one.missed,
                "partial": one.partial,
                "clicked": one.clicked,
                "hours": one.hours,
            }
            for one in counts
        ]
        with self._database.writing() as conn:
            add_up(conn, query_counts, rows, sums=_SUMS, bits=_BITS)

    def list_queries(
        self, *, since: date, order: str = "asked", limit: int = 100
    ) -> list[QueryRow]:
        """Return the queries asked since a day that have most of something."""
        most, has_it = _ORDERS[order]
        query = (
            sa.select(_t.key, *(sa.func.sum(_t[name]).label(name) for name in _SUMS))
            .where(_t.day >= since.toordinal())
            .group_by(_t.key)
            .having(has_it)
            .order_by(most.desc(), _t.key)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            sums = conn.execute(query).all()
            days = _load_days(conn, [row.key for row in sums], since)
        return [_row_of(row, days[row.key]) for row in sums]

    def fold_queries(self, *, before: date, least: int) -> int:
        """Join the days before a day into one row a month; rarely asked ones are forgotten."""
        # Folded rows have no hours; a row that was only clicked on has none either, and goes.
        old = sa.and_(_t.day < before.toordinal(), sa.or_(_t.hours != 0, _t.asked == 0))
        with self._database.writing() as conn:
            rows = conn.execute(sa.select(query_counts).where(old).order_by(_t.day)).all()
            if not rows:
                return 0
            months = _by_month(rows)
            kept = [row for row in months.values() if row["asked"] >= least]
            conn.execute(sa.delete(query_counts).where(old))
            add_up(conn, query_counts, kept, sums=_SUMS, bits=_BITS)
            return len(rows) - len(kept)

    def forget_queries(self, *, before: date | None = None) -> int:
        """Forget rows of days before a day, or all."""
        gone = sa.delete(query_counts)
        if before is not None:
            gone = gone.where(_t.day < before.toordinal())
        with self._database.writing() as conn:
            return conn.execute(gone).rowcount


def _load_days(conn: Connection, keys: Sequence[str], since: date) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for start in range(0, len(keys), AT_ONCE):
        query = (
            sa.select(_t.key, _t.day, _t.text, _t.hours)
            .where(_t.key.in_(keys[start : start + AT_ONCE]), _t.day >= since.toordinal())
            .order_by(_t.day)
        )
        for row in conn.execute(query):
            found[row.key].append(row)
    return found


def _row_of(sums: Any, days: Sequence[Any]) -> QueryRow:
    return QueryRow(
        key=sums.key,
        text=days[-1].text,
        **{name: int(getattr(sums, name)) for name in _SUMS},
        days=len(days),
        hours=sum(int(day.hours).bit_count() for day in days),
        last=date.fromordinal(days[-1].day),
    )


def _by_month(rows: Sequence[Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return one row for each query and month, dated the first of the month."""
    months: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        first = date.fromordinal(row.day).replace(day=1).toordinal()
        month = months.setdefault(
            (row.key, first),
            {"key": row.key, "day": first, "text": row.text, **dict.fromkeys(_SUMS, 0), "hours": 0},
        )
        month["text"] = row.text
        for name in _SUMS:
            month[name] += getattr(row, name)
    return months
