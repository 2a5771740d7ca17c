"""What is to be delivered of saved queries; see ports.watches for what each method promises."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.alerts.delivery import Delivery, DeliveryState, in_doubt
from soso.alerts.watch import Door, Watch, WatchState
from soso.model.ids import PostKey
from soso.ports.watches import Waiting
from soso.stores.sql import numbers
from soso.stores.sql.alert_tables import deliveries, matches, watches
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.rows import in_runs
from soso.stores.sql.watches import WAITS, replace_watch

MOST_AT_ONCE: Final = 2_000
"""Posts in one delivery; what waits beyond them is the next."""

_DROPPED: Final = 0
_OPEN: Final = deliveries.c.due_at.is_not(None)
_ENDS: Final = (DeliveryState.PENDING, DeliveryState.SENDING)


class SqlDeliveries:
    """Fills the part of ports.watches.Watches that delivers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_due(self, *, now: datetime, doors: Collection[Door], limit: int) -> list[Waiting]:
        """Return what is to be told and not on its way."""
        busy = sa.exists().where(deliveries.c.watch == watches.c.number, _OPEN)
        query = (
            sa.select(watches.c.body)
            .where(
                watches.c.due_at <= now,
                watches.c.door.in_([door.value for door in doors]),
                watches.c.state == WatchState.ACTIVE.value,
                ~busy,
            )
            .order_by(watches.c.due_at, watches.c.number)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            return [_waiting(conn, decode(body, Watch)) for body in conn.execute(query).scalars()]

    def find_told_of_watch(self, watch: int, posts: Collection[PostKey]) -> set[PostKey]:
        """Return those that the watch has told, or is about to."""
        found: set[PostKey] = set()
        with self._database.reading() as conn:
            for run in in_runs(list(posts)):
                query = sa.select(matches.c.post).where(
                    matches.c.post.in_(run), matches.c.watch == watch, matches.c.delivery > 0
                )
                found.update(PostKey(post) for post in conn.execute(query).scalars())
        return found

    def last_told_at(self, watch: int) -> datetime | None:
        """Return when the newest delivery was made."""
        query = sa.select(watches.c.told_at).where(watches.c.number == watch)
        with self._database.reading() as conn:
            at: datetime | None = conn.execute(query).scalar_one_or_none()
            return at

    def open_delivery(
        self,
        watch: int,
        told: Sequence[PostKey],
        dropped: Sequence[PostKey],
        *,
        now: datetime,
        due_at: datetime,
    ) -> Delivery | None:
        """Make a delivery, if nobody was faster."""
        with self._database.writing() as conn:
            if _is_open(conn, watch) or not _do_wait(conn, watch, [*told, *dropped]):
                return None
            made = _insert(conn, watch, now) if told else None
            if made is not None:
                _settle(conn, watch, told, made.number)
            _settle(conn, watch, dropped, _DROPPED)
            waits = sa.exists().where(matches.c.watch == watch, WAITS)
            left = bool(conn.execute(sa.select(waits)).scalar_one())
            values = {"due_at": due_at if left else None} | ({"told_at": now} if told else {})
            conn.execute(sa.update(watches).where(watches.c.number == watch).values(**values))
            return made

    def take_deliveries(
        self, *, now: datetime, doors: Collection[Door], lease_s: float, limit: int
    ) -> list[Delivery]:
        """Return deliveries that are due, each to one caller."""
        query = (
            sa.select(deliveries.c.body, watches.c.door)
            .join(watches, watches.c.number == deliveries.c.watch)
            .where(deliveries.c.due_at <= now, watches.c.door.in_([door.value for door in doors]))
            .order_by(deliveries.c.due_at, deliveries.c.number)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            if conn.execute(query.limit(1)).first() is None:
                return []  # no turn of the one writer for nothing
        taken: list[Delivery] = []
        with self._database.writing() as conn:
            for row in conn.execute(query).all():
                delivery = decode(row.body, Delivery)
                if delivery.state is DeliveryState.SENDING:
                    delivery = in_doubt(delivery, Door(row.door), now=now)
                delivery = msgspec.structs.replace(delivery, state=DeliveryState.SENDING)
                _write(conn, delivery, due_at=now + timedelta(seconds=lease_s))
                taken.append(delivery)
        return taken

    def list_delivered(self, delivery: int) -> list[PostKey]:
        """Return the posts of a delivery."""
        query = sa.select(matches.c.post).where(matches.c.delivery == delivery)
        with self._database.reading() as conn:
            return [
                PostKey(post) for post in conn.execute(query.order_by(matches.c.post)).scalars()
            ]

    def keep_delivery(self, delivery: Delivery, *, stopped: Watch | None = None) -> None:
        """Keep what became of a delivery."""
        is_over = delivery.state not in _ENDS
        with self._database.writing() as conn:
            _write(conn, delivery, due_at=None if is_over else delivery.next_at)
            if stopped is not None:
                replace_watch(conn, stopped, due_at=None)

    def list_deliveries(self, watch: int, *, limit: int = 20) -> list[Delivery]:
        """Return the newest deliveries of a watch."""
        query = sa.select(deliveries.c.body).where(deliveries.c.watch == watch)
        query = query.order_by(deliveries.c.number.desc()).limit(max(limit, 0))
        with self._database.reading() as conn:
            return [decode(body, Delivery) for body in conn.execute(query).scalars()]


def _waiting(conn: Connection, watch: Watch) -> Waiting:
    query = (
        sa.select(matches.c.post, matches.c.found_at)
        .where(matches.c.watch == watch.number, WAITS)
        .order_by(matches.c.found_at, matches.c.post)
        .limit(MOST_AT_ONCE)
    )
    rows = conn.execute(query).all()
    return Waiting(
        watch=watch,
        posts=tuple(PostKey(row.post) for row in rows),
        oldest_at=rows[0].found_at if rows else None,
    )


def _is_open(conn: Connection, watch: int) -> bool:
    query = sa.select(sa.exists().where(deliveries.c.watch == watch, _OPEN))
    return bool(conn.execute(query).scalar_one())


def _do_wait(conn: Connection, watch: int, posts: Sequence[PostKey]) -> bool:
    """Whether the watch is there and all of these posts wait."""
    there = sa.select(sa.exists().where(watches.c.number == watch))
    if not conn.execute(there).scalar_one():
        return False
    waiting = 0
    for run in in_runs(posts):
        query = sa.select(sa.func.count()).where(
            matches.c.post.in_(run), matches.c.watch == watch, WAITS
        )
        waiting += conn.execute(query).scalar_one()
    return waiting == len(posts)


def _insert(conn: Connection, watch: int, now: datetime) -> Delivery:
    number = numbers.take(conn, numbers.DELIVERIES)
    made = Delivery(number=number, watch=watch, made_at=now, next_at=now)
    values: dict[str, Any] = {"number": number, "watch": watch, "made_at": now, "due_at": now}
    conn.execute(sa.insert(deliveries).values(**values, body=encode(made, "A delivery")))
    return made


def _settle(conn: Connection, watch: int, posts: Sequence[PostKey], delivery: int) -> None:
    for run in in_runs(posts):
        where = sa.and_(matches.c.post.in_(run), matches.c.watch == watch)
        conn.execute(sa.update(matches).where(where).values(delivery=delivery))


def _write(conn: Connection, delivery: Delivery, *, due_at: datetime | None) -> None:
    values = {"body": encode(delivery, "A delivery"), "due_at": due_at}
    where = deliveries.c.number == delivery.number
    conn.execute(sa.update(deliveries).where(where).values(values))
