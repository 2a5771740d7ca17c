"""Followed sources; see ports.following for what each method promises."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.errors import BadInput, NotFound
from soso.model.following import Followed, Route, SourceState
from soso.model.ids import ChatKey
from soso.stores.sql import numbers
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.live_tables import followed
from soso.stores.sql.rows import LARGEST, fits
from soso.stores.sql.tables import album_ids, posts, tombstones

JUMP: Final = timedelta(minutes=1)
"""Clocks of processes that share a store may differ by this; beyond it one has jumped."""

_t = followed.c


class SqlFollowed:
    """Fills ports.following.FollowedSources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_followed(self, row: Followed) -> Followed:
        """Add a source, or return the one that is here."""
        with self._database.writing() as conn:
            known = _find(conn, _t.route == row.route.value, _t.name == row.name)
            if known is not None:
                return known
            number = numbers.take(conn, numbers.FOLLOWED)
            added = _replaced(row, number=number)
            conn.execute(sa.insert(followed).values(number=number, **_columns(added)))
        return added

    def get_followed(self, number: int) -> Followed:
        """Return a source."""
        with self._database.reading() as conn:
            return _get(conn, number)

    def find_followed(self, route: Route, name: str) -> Followed | None:
        """Return the source with this name."""
        with self._database.reading() as conn:
            return _find(conn, _t.route == route.value, _t.name == name)

    def find_followed_of(self, chat: ChatKey) -> list[Followed]:
        """Return the sources of a chat."""
        return self._list(sa.select(_t.body).where(_t.chat == chat).order_by(_t.number))

    def list_followed(
        self,
        *,
        states: Collection[SourceState] = (),
        routes: Collection[Route] = (),
        after: int = 0,
        limit: int = 100,
    ) -> list[Followed]:
        """Return a page of sources."""
        query = sa.select(_t.body).where(_t.number > min(max(after, 0), LARGEST))
        if states:
            query = query.where(_t.state.in_([state.value for state in states]))
        if routes:
            query = query.where(_of_routes(routes))
        return self._list(query.order_by(_t.number).limit(max(limit, 0)))

    def count_followed(self) -> dict[tuple[Route, SourceState], int]:
        """Return how many there are of each route and state."""
        query = sa.select(_t.route, _t.state, sa.func.count()).group_by(_t.route, _t.state)
        with self._database.reading() as conn:
            rows = conn.execute(query).all()
        return {(Route(route), SourceState(state)): count for route, state, count in rows}

    def count_late(self, now: datetime) -> tuple[int, float]:
        """Return how many sources are due, and how late the latest is."""
        query = sa.select(sa.func.count(), sa.func.min(_t.next_visit_at))
        with self._database.reading() as conn:
            count, first = conn.execute(query.where(_t.next_visit_at <= now)).one()
        return count, (now - first).total_seconds() if count else 0.0

    def change_followed(self, number: int, change: Callable[[Followed], Followed]) -> Followed:
        """Change a row and end its lease."""
        with self._database.writing() as conn:
            changed = _replaced(change(_get(conn, number)), number=number)
            _write(conn, changed, owner=None, leased_until=None)
        return changed

    def remove_followed(self, number: int) -> None:
        """Forget a source."""
        if fits(number):
            with self._database.writing() as conn:
                conn.execute(sa.delete(followed).where(_t.number == number))

    def take_due(
        self,
        now: datetime,
        owner: str,
        *,
        lease_s: float,
        routes: Collection[Route],
        background: bool = False,
    ) -> Followed | None:
        """Lease the source that is due for longest."""
        due = _t.next_work_at if background else _t.next_visit_at
        query = (
            sa.select(_t.body)
            .where(
                _of_routes(routes),
                due.is_not(None),
                sa.or_(due <= now, _t.planned_at > now + JUMP),
                _is_free(now, lease_s),
            )
            .order_by(due, _t.number)
            .limit(1)
        )
        with self._database.reading() as conn:  # most often nothing is due: no need to write
            if conn.execute(query).first() is None:
                return None
        with self._database.writing() as conn:
            body = conn.execute(query).scalar_one_or_none()
            if body is None:
                return None
            return _lease(conn, decode(body, Followed), now, owner, lease_s)

    def take_followed(
        self, number: int, now: datetime, owner: str, *, lease_s: float
    ) -> Followed | None:
        """Lease a source whether it is due or not."""
        with self._database.writing() as conn:
            row = _get(conn, number)
            if _find(conn, _t.number == number, _is_free(now, lease_s)) is None:
                return None
            return _lease(conn, row, now, owner, lease_s)

    def free_leases(self, is_dead: Callable[[str], bool]) -> int:
        """End the leases of owners that are no more."""
        held = sa.select(_t.owner).where(_t.owner.is_not(None)).distinct()
        with self._database.writing() as conn:
            dead = [owner for owner in conn.execute(held).scalars() if is_dead(owner)]
            freed = 0
            for owner in dead:
                end = sa.update(followed).where(_t.owner == owner)
                freed += conn.execute(end.values(owner=None, leased_until=None)).rowcount
        return freed

    def keep_followed(self, row: Followed, owner: str, *, lease_until: datetime | None) -> bool:
        """Write a row under a lease."""
        holder = sa.select(_t.owner).where(_t.number == row.number)
        with self._database.writing() as conn:
            if conn.execute(holder).scalar_one_or_none() != owner:
                return False
            kept_by = owner if lease_until is not None else None
            _write(conn, row, owner=kept_by, leased_until=lease_until)
        return True

    def next_due_at(self, routes: Collection[Route]) -> datetime | None:
        """Return when the next source is due."""
        soonest = [
            sa.select(sa.func.min(due)).where(_of_routes(routes), _t.owner.is_(None))
            for due in (_t.next_visit_at, _t.next_work_at)
        ]
        with self._database.reading() as conn:
            times = [conn.execute(query).scalar_one() for query in soonest]
        return min((at for at in times if at is not None), default=None)

    def list_alive_ids(
        self, chat: ChatKey, *, low: int, high: int | None, limit: int
    ) -> list[tuple[int, datetime]]:
        """Return ids that are not known to be deleted, by falling id."""
        top = LARGEST if high is None else min(high, LARGEST)
        if not fits(low) or limit <= 0:
            return []
        found: dict[int, datetime] = {}
        with self._database.reading() as conn:
            for query in (_alive_posts(chat), _alive_items(chat)):
                number = query.selected_columns.post_id
                rows = query.where(number.between(low, top)).order_by(number.desc()).limit(limit)
                found |= {row.post_id: row.observed_at for row in conn.execute(rows)}
        return sorted(found.items(), reverse=True)[:limit]

    def _list(self, query: sa.Select[Any]) -> list[Followed]:
        with self._database.reading() as conn:
            return [decode(body, Followed) for body in conn.execute(query).scalars()]


def _alive_posts(chat: ChatKey) -> sa.Select[Any]:
    """Posts under their own id. Of the first message of an album a deletion is known by its
    tombstone alone: the post lives on while other messages of it do."""
    heads = sa.exists().where(album_ids.c.key == posts.c.key)
    died = sa.exists().where(
        tombstones.c.chat == posts.c.chat, tombstones.c.post_id == posts.c.post_id
    )
    return sa.select(posts.c.post_id, posts.c.observed_at).where(
        posts.c.chat == chat, posts.c.buried_at.is_(None), sa.not_(sa.and_(heads, died))
    )


def _alive_items(chat: ChatKey) -> sa.Select[Any]:
    """Other messages of albums."""
    died = sa.exists().where(
        tombstones.c.chat == album_ids.c.chat, tombstones.c.post_id == album_ids.c.post_id
    )
    return (
        sa.select(album_ids.c.post_id, posts.c.observed_at)
        .join(posts, posts.c.key == album_ids.c.key)
        .where(album_ids.c.chat == chat, posts.c.buried_at.is_(None), sa.not_(died))
    )


def _of_routes(routes: Collection[Route]) -> sa.ColumnElement[bool]:
    return _t.route.in_([route.value for route in routes])


def _is_free(now: datetime, lease_s: float) -> sa.ColumnElement[bool]:
    """Nobody has it, or the lease is over, or it is of a clock that was ahead."""
    too_long = now + timedelta(seconds=lease_s) + JUMP
    return sa.or_(_t.owner.is_(None), _t.leased_until <= now, _t.leased_until > too_long)


def _lease(conn: Connection, row: Followed, now: datetime, owner: str, lease_s: float) -> Followed:
    until = now + timedelta(seconds=lease_s)
    lease = sa.update(followed).where(_t.number == row.number)
    conn.execute(lease.values(owner=owner, leased_until=until))
    return row


def _find(conn: Connection, *where: sa.ColumnElement[bool]) -> Followed | None:
    body = conn.execute(sa.select(_t.body).where(*where)).scalar_one_or_none()
    return None if body is None else decode(body, Followed)


def _get(conn: Connection, number: int) -> Followed:
    found = _find(conn, _t.number == number) if fits(number) else None
    if found is None:
        raise NotFound(f"there is no source #{number}")
    return found


def _write(conn: Connection, row: Followed, **lease: Any) -> None:
    other = sa.select(_t.number).where(
        _t.route == row.route.value, _t.name == row.name, _t.number != row.number
    )
    if conn.execute(other).first() is not None:
        raise BadInput(f"{row.name} is followed by this route already")
    write = sa.update(followed).where(_t.number == row.number)
    conn.execute(write.values(**_columns(row), **lease))


def _columns(row: Followed) -> dict[str, Any]:
    return {
        "route": row.route.value,
        "name": row.name,
        "chat": row.chat,
        "state": row.state.value,
        "next_visit_at": row.next_visit_at,
        "next_work_at": row.next_work_at,
        "planned_at": row.planned_at,
        "body": encode(row, "A source"),
    }


def _replaced(row: Followed, *, number: int) -> Followed:
    return msgspec.structs.replace(row, number=number)
