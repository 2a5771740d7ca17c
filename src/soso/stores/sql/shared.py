"""One after another, and by one clock: what tables that processes share in a hurry need.

Knows locks and clocks of databases. Must not know what is shared.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import is_sqlite


@contextmanager
def in_turn(database: Database, lock: int) -> Iterator[tuple[Connection, float]]:
    """Give a connection that writes alone among those with the same lock, and the time."""
    with database.leasing() as conn:  # an import must not hold up what lasts a moment
        if not is_sqlite(conn.engine):  # there whoever writes is alone anyway
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        yield conn, now_of(conn)


def now_of(conn: Connection) -> float:
    """Return the seconds since 1970: the server's, or of the one machine that has the file."""
    if is_sqlite(conn.engine):
        return time.time()
    seconds = sa.func.extract("epoch", sa.func.clock_timestamp())
    return float(conn.execute(sa.select(sa.cast(seconds, sa.Double))).scalar_one())
