"""Leases; see ports.leases for what each method promises.

On PostgreSQL a lease locks its own row and not the archive, so it waits for no import; on SQLite it
stands in line with the other writers. The clock is the database's.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import now, put
from soso.stores.sql.lease_tables import leases
from soso.stores.sql.tables import EPOCH

KEPT: Final = timedelta(days=7)
"""How long a name that nobody takes any more is remembered."""

_LONGEST_S: Final = 10.0**9


class SqlLeases:
    """Fills ports.leases.Leases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_lease(self, name: str, owner: str, *, for_s: float) -> bool:
        """Take the name, or hold it on."""
        self._note((name,))
        with self._database.leasing() as conn:
            clock = now(conn)
            free = sa.or_(leases.c.owner.is_(None), leases.c.until <= clock)
            taken = (
                sa.update(leases)
                .where(leases.c.name == name, sa.or_(free, leases.c.owner == owner))
                .values(owner=owner, until=clock + _span(for_s))
            )
            return bool(conn.execute(taken).rowcount)

    def take_free_lease(self, names: Sequence[str], owner: str, *, for_s: float) -> str | None:
        """Take one that nobody holds."""
        if not names:
            return None
        self._note(names)
        with self._database.leasing() as conn:
            clock = now(conn)
            query = (
                sa.select(leases.c.name)
                .where(
                    leases.c.name.in_(names),
                    sa.or_(leases.c.owner.is_(None), leases.c.until <= clock),
                )
                .order_by(leases.c.until, leases.c.name)
                .limit(1)
                .with_for_update(skip_locked=True)  # SQLite knows no such thing, and needs none
            )
            name: str | None = conn.execute(query).scalar_one_or_none()
            if name is not None:
                taken = sa.update(leases).where(leases.c.name == name)
                conn.execute(taken.values(owner=owner, until=clock + _span(for_s)))
        return name

    def end_lease(self, name: str, owner: str) -> None:
        """Let go."""
        ours = sa.update(leases).where(leases.c.name == name, leases.c.owner == owner)
        with self._database.leasing() as conn:
            conn.execute(ours.values(owner=None, until=now(conn)))

    def list_leases(self) -> list[tuple[str, str, float]]:
        """Return all that are held."""
        with self._database.reading() as conn:
            clock = now(conn)
            query = (
                sa.select(leases)
                .where(leases.c.owner.is_not(None), leases.c.until > clock)
                .order_by(leases.c.name)
            )
            return [
                (row.name, row.owner, (row.until - clock).total_seconds())
                for row in conn.execute(query)
            ]

    def _note(self, names: Sequence[str]) -> None:
        """Make rows of names that are new, in one order everywhere, so that nobody deadlocks."""
        with self._database.reading() as conn:
            query = sa.select(leases.c.name).where(leases.c.name.in_(names))
            known = set(conn.execute(query).scalars())
        missing = sorted(set(names) - known)
        if not missing:
            return
        with self._database.leasing() as conn:
            conn.execute(sa.delete(leases).where(leases.c.until.between(_AGO, now(conn) - KEPT)))
            rows = [{"name": name, "owner": None, "until": EPOCH} for name in missing]
            put(conn, leases, rows, replace=False)


_AGO: Final = EPOCH + timedelta(microseconds=1)  # a row that was only noted stays


def _span(for_s: float) -> timedelta:
    return timedelta(seconds=min(max(for_s, 0.0), _LONGEST_S))
