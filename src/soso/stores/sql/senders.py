"""Who sends for the bot, and the turns they share; see ports.senders for what each promises."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.ports.hosts import Turn
from soso.ports.senders import Met, Sent
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.shared import in_turn, now_of
from soso.stores.sql.shared_tables import bot_senders, bot_sent

_LOCK: Final = 7_001
_MINUTE_S: Final = 61.0
_SOON_S: Final = 0.1
_AHEAD_S: Final = 120.0
"""Further ahead nothing is written: such a row was, before the clock was set back."""


class SqlSenders:
    """Fills ports.senders.Senders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def meet_senders(self, me: str, *, for_s: float, sent: Sequence[Sent] = ()) -> Met:
        """Be one of the senders, and see who else is."""
        with in_turn(self._database, _LOCK) as (conn, now):
            gone = sa.or_(bot_senders.c.until <= now, bot_senders.c.until > now + _AHEAD_S)
            conn.execute(sa.delete(bot_senders).where(gone))
            _note(conn, sent, now)
            found = {row.name: row.joined for row in conn.execute(sa.select(bot_senders))}
            was_known = me in found
            joined = found.setdefault(me, max((now, *found.values())))
            put(conn, bot_senders, [{"name": me, "joined": joined, "until": now + for_s}])
        first = min(found, key=lambda name: (found[name], name))
        return Met(len(found) - 1, first == me, was_known)

    def leave_senders(self, me: str, *, sent: Sequence[Sent] = ()) -> None:
        """Be none any more."""
        with in_turn(self._database, _LOCK) as (conn, now):
            _note(conn, sent, now)
            conn.execute(sa.delete(bot_senders).where(bot_senders.c.name == me))

    def take_sending_turn(
        self, chat: str, *, chat_every_s: float, chat_most: int, most: int, within_s: float
    ) -> Turn:
        """Take the next turn of all senders."""
        with in_turn(self._database, _LOCK) as (conn, now):
            turn = max(
                now,
                _nth_last(conn, 1) + within_s / most,
                _nth_last(conn, most) + within_s,
            )
            due = _nth_last(conn, 1, chat) + chat_every_s
            if chat_most:
                due = max(due, _nth_last(conn, chat_most, chat) + _MINUTE_S)
            if due > turn + _SOON_S:
                return Turn(False, due - now)
            turn = max(turn, due)
            _note(conn, [Sent(chat, now - turn)], now)
        return Turn(True, turn - now)

    def list_sent(self) -> list[Sent]:
        """Return what was sent in the last minute."""
        with self._database.reading() as conn:
            now = now_of(conn)
            query = sa.select(bot_sent).where(
                bot_sent.c.at > now - _MINUTE_S, bot_sent.c.at < now + _AHEAD_S
            )
            rows = conn.execute(query.order_by(bot_sent.c.at)).all()
        return [Sent(row.chat, now - row.at) for row in rows]


def _note(conn: Connection, sent: Sequence[Sent], now: float) -> None:
    """Write what was sent, and forget what counts no more."""
    if not sent:
        return
    old = sa.or_(bot_sent.c.at <= now - _MINUTE_S, bot_sent.c.at > now + _AHEAD_S)
    conn.execute(sa.delete(bot_sent).where(old))
    rows = [{"chat": one.chat, "at": now - one.ago_s} for one in sent]
    conn.execute(sa.insert(bot_sent), rows)


def _nth_last(conn: Connection, number: int, chat: str | None = None) -> float:
    """Return when the message so many before the next was sent; 0 for long ago."""
    query = sa.select(bot_sent.c.at).order_by(bot_sent.c.at.desc()).limit(1).offset(number - 1)
    if chat is not None:
        query = query.where(bot_sent.c.chat == chat)
    found: float | None = conn.execute(query).scalar_one_or_none()
    return found or 0.0
