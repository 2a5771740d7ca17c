"""Counts that processes tell each other; see ports.tallies for what each method promises."""

from collections.abc import Mapping
from typing import Final

import msgspec
import sqlalchemy as sa

from soso.stores.sql.connect import Database
from soso.stores.sql.shared import in_turn
from soso.stores.sql.shared_tables import tallies

_LOCK: Final = 7_002
_KEPT_S: Final = 30.0


class SqlTallies:
    """Fills ports.tallies.Tallies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def swap_tallies(
        self, name: str, me: str, hits: Mapping[str, int], *, after: int
    ) -> tuple[int, list[Mapping[str, int]]]:
        """Tell what was counted, and hear what others did."""
        if hits:
            self._tell(name, me, hits)
        newest = sa.select(sa.func.coalesce(sa.func.max(tallies.c.number), 0))
        query = sa.select(tallies.c.number, tallies.c.owner, tallies.c.hits)
        told = query.where(tallies.c.number > after, tallies.c.name == name)
        with self._database.reading() as conn:
            if after < 0:
                return int(conn.execute(newest).scalar_one()), []
            rows = conn.execute(told.order_by(tallies.c.number)).all()
        place = rows[-1].number if rows else after
        others = [
            msgspec.json.decode(row.hits, type=dict[str, int]) for row in rows if row.owner != me
        ]
        return place, list(others)

    def _tell(self, name: str, me: str, hits: Mapping[str, int]) -> None:
        with in_turn(self._database, _LOCK) as (conn, now):
            # The newest row stays, so that numbers never begin anew.
            last = conn.execute(sa.select(sa.func.max(tallies.c.number))).scalar_one() or 0
            old = sa.or_(tallies.c.at <= now - _KEPT_S, tallies.c.at > now + _KEPT_S)
            conn.execute(sa.delete(tallies).where(old, tallies.c.number < last))
            row = {"number": last + 1, "name": name, "owner": me, "at": now}
            conn.execute(sa.insert(tallies), [{**row, "hits": msgspec.json.encode(hits)}])
