"""Saved queries and what they matched; see ports.watches for what each method promises."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.alerts.due import SPACED
from soso.alerts.watch import Owner, Watch, WatchState
from soso.model.errors import NotFound, Refused
from soso.model.ids import PostKey
from soso.ports.watches import Match
from soso.stores.sql import numbers
from soso.stores.sql.alert_tables import deliveries, matches, watches
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import in_runs
from soso.stores.sql.tables import consumers

WAITS: Final = matches.c.delivery.is_(None)
_IS_ACTIVE: Final = watches.c.state == WatchState.ACTIVE.value


class SqlWatches:
    """Fills the part of ports.watches.Watches that is not delivering."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_watch(self, watch: Watch, *, most: int) -> Watch:
        """Keep a watch under a new number, unless its owner has enough."""
        with self._database.writing() as conn:
            if _count(conn, _of_owner(watch.owner)) >= most:
                raise Refused(f"there are {most} watches already; remove one first")
            number = numbers.take(conn, numbers.WATCHES)
            watch = msgspec.structs.replace(watch, number=number)
            conn.execute(sa.insert(watches).values(number=number, **_values_of(conn, watch)))
            return watch

    def get_watch(self, number: int) -> Watch:
        """Return a watch."""
        found = self.get_watches([number])
        if number not in found:
            raise NotFound("there is no such watch")
        return found[number]

    def get_watches(self, numbers: Collection[int]) -> dict[int, Watch]:
        """Return those that are there."""
        found: dict[int, Watch] = {}
        with self._database.reading() as conn:
            for run in in_runs(list(numbers)):
                query = sa.select(watches.c.body).where(watches.c.number.in_(run))
                for body in conn.execute(query).scalars():
                    watch = decode(body, Watch)
                    found[watch.number] = watch
        return found

    def find_watch_by_secret(self, secret: str) -> Watch | None:
        """Return the watch whose feed has this address."""
        query = sa.select(watches.c.body).where(watches.c.secret == secret)
        with self._database.reading() as conn:
            body = conn.execute(query).scalar_one_or_none()
            return None if body is None else decode(body, Watch)

    def list_watches(
        self, *, owner: Owner | None = None, limit: int = 100, offset: int = 0
    ) -> list[Watch]:
        """Return watches, newest first."""
        query = sa.select(watches.c.body).order_by(watches.c.number.desc())
        if owner is not None:
            query = query.where(_of_owner(owner))
        query = query.limit(max(limit, 0)).offset(max(offset, 0))
        with self._database.reading() as conn:
            return [decode(body, Watch) for body in conn.execute(query).scalars()]

    def count_watches(self, *, owner: Owner | None = None) -> int:
        """Return how many there are, of one owner or of all."""
        with self._database.reading() as conn:
            return _count(conn, sa.true() if owner is None else _of_owner(owner))

    def keep_watch(self, watch: Watch, *, due_at: datetime | None) -> None:
        """Replace a watch, and say when what waits is told."""
        with self._database.writing() as conn:
            if not replace_watch(conn, watch, due_at=due_at):
                raise NotFound("there is no such watch")

    def remove_watch(self, number: int) -> None:
        """Forget a watch and all that hangs on it."""
        with self._database.writing() as conn:
            if not conn.execute(sa.delete(watches).where(watches.c.number == number)).rowcount:
                raise NotFound("there is no such watch")
            conn.execute(sa.delete(matches).where(matches.c.watch == number))
            conn.execute(sa.delete(deliveries).where(deliveries.c.watch == number))

    def watch_turns(self) -> dict[int, int]:
        """Return for each active watch a number that every change of it raises."""
        query = sa.select(watches.c.number, watches.c.turn).where(_IS_ACTIVE)
        with self._database.reading() as conn:
            return {row.number: row.turn for row in conn.execute(query)}

    # Matching

    def put_matches(
        self, found: Sequence[Match], due: Mapping[int, datetime], *, done: tuple[str, int]
    ) -> int:
        """Keep what is new of the matches and acknowledge the change log."""
        consumer, seq = done
        with self._database.writing() as conn:
            place = sa.select(consumers.c.seq).where(consumers.c.name == consumer)
            if (conn.execute(place).scalar_one_or_none() or 0) >= seq:
                return 0
            new = _new_of(conn, found)
            put(conn, matches, new, replace=False)
            _let_be_due(conn, {row["watch"] for row in new}, due)
            put(conn, consumers, [{"name": consumer, "seq": seq}])
            return len(new)

    def list_matches(self, watch: int, *, limit: int = 50) -> list[Match]:
        """Return the newest matches of a watch."""
        query = (
            sa.select(matches.c.post, matches.c.found_at)
            .where(matches.c.watch == watch)
            .order_by(matches.c.found_at.desc(), matches.c.post.desc())
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            return [
                Match(watch=watch, post=PostKey(row.post), found_at=row.found_at)
                for row in conn.execute(query)
            ]

    def forget_matches(self, *, before: datetime) -> int:
        """Forget what is old, except what is on its way."""
        on_its_way = sa.select(deliveries.c.number).where(deliveries.c.due_at.is_not(None))
        ended = sa.and_(deliveries.c.made_at < before, deliveries.c.due_at.is_(None))
        settled = sa.or_(WAITS, matches.c.delivery.not_in(on_its_way))
        with self._database.writing() as conn:
            gone = conn.execute(sa.delete(matches).where(matches.c.found_at < before, settled))
            conn.execute(sa.delete(deliveries).where(ended))
            return gone.rowcount


def replace_watch(conn: Connection, watch: Watch, *, due_at: datetime | None) -> bool:
    """Write a watch over the old one; whether there was one. due_at: as in the port."""
    waits = sa.exists().where(matches.c.watch == watch.number, WAITS)
    if due_at is not None and not conn.execute(sa.select(waits)).scalar_one():
        due_at = None
    values = {**_values_of(conn, watch), "due_at": due_at}
    where = watches.c.number == watch.number
    return conn.execute(sa.update(watches).where(where).values(values)).rowcount > 0


def _values_of(conn: Connection, watch: Watch) -> dict[str, Any]:
    return {
        "door": watch.owner.door.value,
        "owner": watch.owner.id,
        "state": watch.state.value,
        "secret": watch.secret,
        "turn": numbers.take(conn, numbers.WATCH_TURNS),
        "body": encode(watch, "A watch"),
    }


def _of_owner(owner: Owner) -> sa.ColumnElement[bool]:
    return sa.and_(watches.c.door == owner.door.value, watches.c.owner == owner.id)


def _count(conn: Connection, where: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(watches).where(where)
    return int(conn.execute(query).scalar_one())


def _new_of(conn: Connection, found: Sequence[Match]) -> list[dict[str, Any]]:
    """Return the rows that are not there yet, of watches that are."""
    active = set(conn.execute(sa.select(watches.c.number).where(_IS_ACTIVE)).scalars())
    known: set[tuple[int, int]] = set()
    for run in in_runs(sorted({one.post for one in found})):
        query = sa.select(matches.c.post, matches.c.watch).where(matches.c.post.in_(run))
        known.update((row.post, row.watch) for row in conn.execute(query))
    rows: list[dict[str, Any]] = []
    for one in sorted(found, key=lambda one: (one.post, one.watch)):
        pair = (one.post, one.watch)
        if one.watch in active and pair not in known:
            known.add(pair)
            values = {"post": one.post, "watch": one.watch, "found_at": one.found_at}
            rows.append({**values, "delivery": None})
    return rows


def _let_be_due(conn: Connection, touched: set[int], due: Mapping[int, datetime]) -> None:
    wanted: list[dict[str, Any]] = []
    for run in in_runs(sorted(touched & due.keys())):
        query = sa.select(watches.c.number, watches.c.told_at)
        for row in conn.execute(query.where(watches.c.number.in_(run), watches.c.due_at.is_(None))):
            at = (
                due[row.number]
                if row.told_at is None
                else max(due[row.number], row.told_at + SPACED)
            )
            wanted.append({"of_watch": row.number, "at": at})
    if wanted:
        of_watch = watches.c.number == sa.bindparam("of_watch")
        statement = sa.update(watches).where(of_watch).values(due_at=sa.bindparam("at"))
        conn.execute(statement, wanted)
