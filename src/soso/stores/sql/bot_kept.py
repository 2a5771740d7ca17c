"""What the bot keeps; see ports.bot_kept for what each method promises."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.errors import NotFound
from soso.model.identity import fold_name
from soso.ports.bot_kept import (
    BotChat,
    Broadcast,
    BroadcastState,
    Submission,
    SubmissionState,
)
from soso.stores.sql import numbers
from soso.stores.sql.bot_tables import bot_broadcasts, bot_chats, bot_queries, bot_submissions
from soso.stores.sql.codec import decode, encode
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import fits

_OPEN = SubmissionState.OPEN.value


class SqlBotKept:
    """Fills ports.bot_kept.BotKept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Chats

    def find_bot_chat(self, number: int) -> BotChat | None:
        """Return what is kept of a chat."""
        query = sa.select(bot_chats.c.body).where(bot_chats.c.number == number)
        with self._database.reading() as conn:
            body = conn.execute(query).scalar_one_or_none() if fits(number) else None
            return None if body is None else decode(body, BotChat)

    def keep_bot_chat(self, chat: BotChat) -> None:
        """Keep a chat."""
        body = encode(chat, "A chat of the bot")
        row = {"number": chat.number, "reachable": chat.reachable, "body": body}
        with self._database.writing() as conn:
            put(conn, bot_chats, [row])

    def list_bot_people(self, *, after: int = 0, limit: int = 100) -> list[BotChat]:
        """Return people that can be written to."""
        query = (
            sa.select(bot_chats.c.body)
            .where(bot_chats.c.number > max(after, 0), bot_chats.c.reachable)
            .order_by(bot_chats.c.number)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            return [decode(body, BotChat) for body in conn.execute(query).scalars()]

    def count_bot_people(self) -> int:
        """Return how many people can be written to."""
        where = sa.and_(bot_chats.c.number > 0, bot_chats.c.reachable)
        with self._database.reading() as conn:
            query = sa.select(sa.func.count()).select_from(bot_chats).where(where)
            return int(conn.execute(query).scalar_one())

    # Queries

    def keep_bot_query(self, token: str, text: str, *, now: datetime) -> None:
        """Keep a query under a token."""
        with self._database.writing() as conn:
            put(conn, bot_queries, [{"token": token, "text": text, "kept_at": now}])

    def find_bot_query(self, token: str) -> str | None:
        """Return the query under a token."""
        query = sa.select(bot_queries.c.text).where(bot_queries.c.token == token)
        with self._database.reading() as conn:
            text: str | None = conn.execute(query).scalar_one_or_none()
            return text

    def forget_bot_queries(self, *, before: datetime) -> int:
        """Forget queries that nobody asked for a long time."""
        gone = sa.delete(bot_queries).where(bot_queries.c.kept_at < before)
        with self._database.writing() as conn:
            return conn.execute(gone).rowcount

    # Submissions

    def add_submission(self, submission: Submission) -> int:
        """Keep a submission, unless the same is open."""
        name = fold_name(submission.name)
        same = sa.select(bot_submissions.c.number).where(
            bot_submissions.c.name == name,
            bot_submissions.c.chat == submission.chat,
            bot_submissions.c.state == _OPEN,
        )
        with self._database.writing() as conn:
            if (found := conn.execute(same).scalars().first()) is not None:
                return int(found)
            number = numbers.take(conn, numbers.BOT_SUBMISSIONS)
            row = _submission_row(msgspec.structs.replace(submission, number=number))
            conn.execute(sa.insert(bot_submissions).values(row))
            return number

    def get_submission(self, number: int) -> Submission:
        """Return a submission. Raises NotFound."""
        query = sa.select(bot_submissions.c.body).where(bot_submissions.c.number == number)
        with self._database.reading() as conn:
            body = conn.execute(query).scalar_one_or_none() if fits(number) else None
        if body is None:
            raise NotFound(f"There is no submission {number}.")
        return decode(body, Submission)

    def list_submissions(
        self, *, state: SubmissionState | None = None, limit: int = 100, offset: int = 0
    ) -> list[Submission]:
        """Return a page of submissions, newest first."""
        query = sa.select(bot_submissions.c.body).order_by(bot_submissions.c.number.desc())
        if state is not None:
            query = query.where(bot_submissions.c.state == state.value)
        query = query.limit(max(limit, 0)).offset(max(offset, 0))
        with self._database.reading() as conn:
            return [decode(body, Submission) for body in conn.execute(query).scalars()]

    def close_submissions(
        self, number: int, state: SubmissionState, *, at: datetime, note: str
    ) -> Sequence[Submission]:
        """Close an open submission and all open ones of its name."""
        name = fold_name(self.get_submission(number).name)
        with self._database.writing() as conn:
            same = sa.select(bot_submissions.c.body).where(
                bot_submissions.c.name == name, bot_submissions.c.state == _OPEN
            )
            found = [
                decode(body, Submission)
                for body in conn.execute(same.order_by(bot_submissions.c.number)).scalars()
            ]
            if number not in {one.number for one in found}:
                return ()
            closed = [
                msgspec.structs.replace(one, state=state, decided_at=at, note=note) for one in found
            ]
            for one in closed:
                where = bot_submissions.c.number == one.number
                conn.execute(sa.update(bot_submissions).where(where).values(_submission_row(one)))
            return closed

    def list_untold_submissions(self, *, limit: int = 100) -> list[Submission]:
        """Return what was decided and not told yet."""
        query = (
            sa.select(bot_submissions.c.body)
            .where(bot_submissions.c.state != _OPEN, sa.not_(bot_submissions.c.told))
            .order_by(bot_submissions.c.number)
            .limit(max(limit, 0))
        )
        with self._database.reading() as conn:
            return [decode(body, Submission) for body in conn.execute(query).scalars()]

    def mark_submission_told(self, number: int) -> None:
        """Note that the submitter has heard it. Raises NotFound."""
        told = msgspec.structs.replace(self.get_submission(number), told=True)
        where = bot_submissions.c.number == number
        with self._database.writing() as conn:
            conn.execute(sa.update(bot_submissions).where(where).values(_submission_row(told)))

    # Broadcasts

    def add_broadcast(self, broadcast: Broadcast) -> int:
        """Keep a broadcast under a new number."""
        with self._database.writing() as conn:
            number = numbers.take(conn, numbers.BOT_BROADCASTS)
            row = _broadcast_row(msgspec.structs.replace(broadcast, number=number))
            conn.execute(sa.insert(bot_broadcasts).values(row))
            return number

    def get_broadcast(self, number: int) -> Broadcast:
        """Return a broadcast. Raises NotFound."""
        with self._database.reading() as conn:
            return _load_broadcast(conn, number)

    def list_broadcasts(self, *, state: BroadcastState) -> list[Broadcast]:
        """Return the broadcasts in a state, newest first."""
        query = sa.select(bot_broadcasts.c.body).where(bot_broadcasts.c.state == state.value)
        with self._database.reading() as conn:
            bodies = conn.execute(query.order_by(bot_broadcasts.c.number.desc())).scalars()
            return [decode(body, Broadcast) for body in bodies]

    def move_broadcast(
        self, number: int, state: BroadcastState, *, when: Sequence[BroadcastState]
    ) -> bool:
        """Change the state of a broadcast that is in one of some states."""
        with self._database.writing() as conn:
            found = _load_broadcast(conn, number)
            if found.state not in when:
                return False
            _keep_broadcast(conn, msgspec.structs.replace(found, state=state))
            return True

    def advance_broadcast(
        self, number: int, *, after: int, sent: int, failed: int, before: int | None = None
    ) -> bool:
        """Note how far a broadcast has come."""
        with self._database.writing() as conn:
            found = _load_broadcast(conn, number)
            is_ours = before is None or found.after == before
            moved = msgspec.structs.replace(
                found,
                after=after if is_ours else found.after,
                sent=found.sent + sent,
                failed=found.failed + failed,
            )
            _keep_broadcast(conn, moved)
        return is_ours


def _submission_row(one: Submission) -> dict[str, object]:
    return {
        "number": one.number,
        "state": one.state.value,
        "name": fold_name(one.name),
        "chat": one.chat,
        "told": one.told,
        "body": encode(one, "A submission"),
    }


def _broadcast_row(one: Broadcast) -> dict[str, object]:
    return {
        "number": one.number,
        "state": one.state.value,
        "body": encode(one, "A broadcast"),
    }


def _load_broadcast(conn: Connection, number: int) -> Broadcast:
    query = sa.select(bot_broadcasts.c.body).where(bot_broadcasts.c.number == number)
    body = conn.execute(query).scalar_one_or_none() if fits(number) else None
    if body is None:
        raise NotFound(f"There is no broadcast {number}.")
    return decode(body, Broadcast)


def _keep_broadcast(conn: Connection, one: Broadcast) -> None:
    where = bot_broadcasts.c.number == one.number
    conn.execute(sa.update(bot_broadcasts).where(where).values(_broadcast_row(one)))
