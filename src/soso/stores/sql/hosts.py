"""The pace of hosts; see ports.hosts for what each method promises.

It stands beside the archive, with what may be lost: a turn must not wait for the write lock of an
import, and a power cut takes back no more than the last turns.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.ports.hosts import HostPace, Turn
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.live_tables import hosts

JUMP: Final = timedelta(seconds=5)
"""Threads read the clock before they stand in line to write: by less than this it may go back."""


class SqlHosts:
    """Fills ports.hosts.Hosts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_turn(self, host: str, *, now: datetime, every_s: float) -> Turn:
        """Take the host's next turn."""
        with self._database.writing() as conn:
            pace = _find(conn, host, now)
            if pace.backoff_until is not None and pace.backoff_until > now:
                return Turn(False, (pace.backoff_until - now).total_seconds())
            turn = max(now, pace.next_at)
            _put(conn, pace, now, next_at=turn + timedelta(seconds=every_s))
        return Turn(True, (turn - now).total_seconds())

    def find_pace(self, host: str, *, now: datetime) -> HostPace | None:
        """Return how a host is doing."""
        with self._database.reading() as conn:
            row = conn.execute(sa.select(hosts).where(hosts.c.host == host)).one_or_none()
        return None if row is None else _shift(_pace_of(row), now)

    def list_paces(self, *, now: datetime) -> list[HostPace]:
        """Return all hosts by name."""
        with self._database.reading() as conn:
            rows = conn.execute(sa.select(hosts).order_by(hosts.c.host)).all()
        return [_shift(_pace_of(row), now) for row in rows]

    def back_off(
        self, host: str, *, now: datetime, for_s: float, failures: int, reason: str
    ) -> None:
        """Leave a host alone for so long."""
        until = now + timedelta(seconds=for_s)
        with self._database.writing() as conn:
            pace = _find(conn, host, now)
            _put(
                conn,
                pace,
                now,
                backoff_until=max(until, pace.backoff_until or until),
                failures=max(failures, pace.failures),
                reason=reason,
            )

    def forget_failures(self, host: str) -> None:
        """The host answered."""
        well = sa.update(hosts).where(hosts.c.host == host).values(failures=0, reason=None)
        with self._database.writing() as conn:
            conn.execute(well)


def _find(conn: Connection, host: str, now: datetime) -> HostPace:
    row = conn.execute(sa.select(hosts).where(hosts.c.host == host)).one_or_none()
    new = HostPace(host=host, next_at=now, written_at=now)
    return new if row is None else _shift(_pace_of(row), now)


def _put(conn: Connection, pace: HostPace, now: datetime, **changed: Any) -> None:
    columns = ("host", "next_at", "backoff_until", "failures", "reason")
    row = {name: getattr(pace, name) for name in columns}
    # Of threads whose clock readings came in another order than their turns, the latest stays.
    put(conn, hosts, [row | changed | {"written_at": max(now, pace.written_at)}])


def _shift(pace: HostPace, now: datetime) -> HostPace:
    """Return the row with its waits counted from now, if the clock went back since."""
    jumped = pace.written_at - now
    if jumped <= JUMP:
        return pace
    until = pace.backoff_until
    return HostPace(
        host=pace.host,
        next_at=pace.next_at - jumped,
        written_at=now,
        backoff_until=None if until is None else until - jumped,
        failures=pace.failures,
        reason=pace.reason,
    )


def _pace_of(row: Any) -> HostPace:
    return HostPace(
        host=row.host,
        next_at=row.next_at,
        written_at=row.written_at,
        backoff_until=row.backoff_until,
        failures=row.failures,
        reason=row.reason,
    )
