"""Pictures that are still to be fetched; see ports.pictures_due for what each method promises."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from soso.model.ids import ChatKey
from soso.ports.pictures_due import PictureDue
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.live_tables import pictures_due
from soso.stores.sql.rows import in_runs

_t = pictures_due.c


class SqlPicturesDue:
    """Fills ports.pictures_due.PicturesDue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_pictures_due(
        self, chat: ChatKey, missed: Mapping[int, str], *, now: datetime, due_at: datetime
    ) -> None:
        """Queue posts; those that are there are left."""
        rows = [
            msgspec.structs.asdict(
                PictureDue(chat=chat, post_id=number, since=now, due_at=due_at, reason=reason)
            )
            for number, reason in missed.items()
        ]
        if rows:
            with self._database.writing() as conn:
                put(conn, pictures_due, rows, replace=False)

    def take_pictures_due(
        self, now: datetime, *, hold_until: datetime, limit: int
    ) -> list[PictureDue]:
        """Return the rows that are due, and hold them."""
        due = sa.and_(_t.due_at <= now, sa.not_(_t.given_up))
        query = sa.select(pictures_due).where(due).order_by(_t.due_at).limit(max(limit, 0))
        with self._database.reading() as conn:
            if conn.execute(sa.select(_t.chat).where(due).limit(1)).one_or_none() is None:
                return []  # most often, and then nobody waits for the write lock
        with self._database.writing() as conn:
            found = [_due_of(row) for row in conn.execute(query)]
            put(
                conn,
                pictures_due,
                [msgspec.structs.asdict(row) | {"due_at": hold_until} for row in found],
            )
        return found

    def keep_picture_due(self, row: PictureDue) -> None:
        """Write down a row."""
        with self._database.writing() as conn:
            put(conn, pictures_due, [msgspec.structs.asdict(row)])

    def drop_pictures_due(self, chat: ChatKey, post_ids: list[int]) -> None:
        """Forget rows."""
        with self._database.writing() as conn:
            for run in in_runs(post_ids):
                gone = sa.delete(pictures_due).where(_t.chat == chat, _t.post_id.in_(run))
                conn.execute(gone)

    def list_pictures_due(self, *, given_up: bool, limit: int = 50) -> list[PictureDue]:
        """Return rows, the longest missed first."""
        which = _t.given_up if given_up else sa.not_(_t.given_up)
        order = (_t.since, _t.chat, _t.post_id)
        query = sa.select(pictures_due).where(which).order_by(*order).limit(max(limit, 0))
        with self._database.reading() as conn:
            return [_due_of(row) for row in conn.execute(query)]

    def count_pictures_due(self) -> tuple[int, int]:
        """Return how many wait and how many were given up."""
        query = sa.select(_t.given_up, sa.func.count()).group_by(_t.given_up)
        with self._database.reading() as conn:
            counts = {bool(given_up): int(count) for given_up, count in conn.execute(query)}
        return counts.get(False, 0), counts.get(True, 0)


def _due_of(row: Any) -> PictureDue:
    return PictureDue(**row._mapping)
