"""Stories and tellings; see ports.stories for what each method promises."""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.chat import Visibility
from soso.model.errors import Busy, Unavailable
from soso.model.ids import ChatKey, PostKey
from soso.ports.stories import Measure, Part, StoryRow, Told
from soso.similarity.tellings import Telling, counts_of
from soso.stores.sql import numbers
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import in_runs
from soso.stores.sql.tables import chats, consumers, posts, stories, story_counts, tellings

_RUN: Final = 5_000
_t = tellings.c
_s = stories.c
_RANK: Final = (_t.at_s, _t.tie, _t.key)
_DUE: Final = sa.case((_t.due_s < _t.at_s, _t.due_s), else_=_t.at_s)
"""Due from its own time on, unless it was from before."""


class SqlStories:
    """Fills ports.stories.Stories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Writing

    def stories_turn(self) -> int:
        """Return a number that every writing raises."""
        with self._database.reading() as conn:
            return numbers.find_last(conn, numbers.STORIES_TURN)

    def put_tellings(
        self,
        turn: int,
        tellings: Sequence[Told],
        *,
        gone: Collection[PostKey] = (),
        lost: Collection[int] = (),
        done: tuple[str, int] | None = None,
    ) -> int:
        """Write tellings, unless the turn has passed."""
        with self._database.writing() as conn:
            _check_turn(conn, turn)
            put(conn, _TELLINGS, [_values_of(told) for told in tellings])
            for run in in_runs(list(gone)):
                conn.execute(empty_tellings(run))
            for run in in_runs(list(lost)):
                of_lost = sa.update(_TELLINGS).where(_t.story.in_(run))
                conn.execute(of_lost.values(due_s=_DUE))
            if done is not None:
                put(conn, consumers, [{"name": done[0], "seq": done[1]}])
            return turn + 1

    def put_stories(
        self,
        turn: int,
        *,
        placed: Mapping[PostKey, int | None],
        gone: Collection[PostKey],
        rows: Sequence[StoryRow],
        lost: Collection[int] = (),
        behind_s: int = 0,
        covered_s: int = -(2**62),
        due: Mapping[PostKey, int] = {},
    ) -> int:
        """Write where tellings are, unless the turn has passed."""
        now = [{"of": key, "story": story} for key, story in placed.items()]
        with self._database.writing() as conn:
            _check_turn(conn, turn)
            if now:
                there = sa.and_(_t.key == sa.bindparam("of"), _t.terms != b"")
                place = sa.update(tellings).where(there)
                conn.execute(place.values(story=sa.bindparam("story"), due_s=None), now)
            for run in in_runs(list(gone)):
                conn.execute(sa.delete(tellings).where(_t.key.in_(run)))
            for run in in_runs(list(lost)):
                left = sa.and_(_t.story.in_(run), _t.at_s >= behind_s, _t.due_s.is_(None))
                conn.execute(sa.update(tellings).where(left).values(due_s=_t.at_s))
            moved = sa.and_(_t.due_s <= covered_s, _t.at_s >= behind_s)
            conn.execute(sa.update(tellings).where(moved).values(due_s=_t.at_s))
            _put_rows(conn, rows)
            if due:
                still = sa.update(tellings).where(_t.key == sa.bindparam("of"))
                of = [{"of": key, "from_s": from_s} for key, from_s in due.items()]
                conn.execute(still.values(due_s=sa.bindparam("from_s")), of)
            return turn + 1

    def take_story_numbers(self, count: int) -> int:
        """Return the first of so many new numbers."""
        with self._database.writing() as conn:
            return numbers.take(conn, numbers.STORIES, count)

    def tell_all_anew(self, measure: Measure) -> None:
        """Keep another measure and make all due."""
        counts = measure.counts
        used = np.flatnonzero(counts.by_term)
        parts = (used.astype("<u4"), counts.by_term[used].astype("<f4"))
        packed = zlib.compress(b"".join(part.tobytes() for part in parts), 1)
        row = {"number": 1, "posts": counts.posts, "need": measure.need, "packed": packed}
        with self._database.writing() as conn:
            numbers.take(conn, numbers.STORIES_TURN)
            put(conn, story_counts, [row])
            conn.execute(sa.update(tellings).values(due_s=_t.at_s))

    def load_measure(self) -> Measure | None:
        """Return what stories were told by."""
        with self._database.reading() as conn:
            row = conn.execute(sa.select(story_counts)).one_or_none()
        if row is None:
            return None
        try:
            packed = zlib.decompress(row.packed)
            half = len(packed) // 2
            numbers = np.frombuffer(packed[:half], "<u4").astype(np.uint32)
            common = np.frombuffer(packed[half:], "<f4").astype(np.float32)
            return Measure(counts_of(row.posts, numbers, common), row.need)
        except (zlib.error, ValueError, IndexError) as error:
            raise Unavailable(f"A row of the archive is damaged: {error}") from error

    # What telling asks

    def first_due(self) -> int | None:
        """Return from when on is to be told anew."""
        query = sa.select(sa.func.min(_t.due_s)).where(_t.due_s.is_not(None))
        with self._database.reading() as conn:
            first: int | None = conn.execute(query).scalar_one_or_none()
        return first

    def find_told_of(self, numbers: Collection[int], before_s: int) -> set[int]:
        """Return the stories of which something was published before."""
        found: set[int] = set()
        with self._database.reading() as conn:
            for run in in_runs(list(numbers)):
                query = sa.select(_t.story).where(_t.story.in_(run), _t.at_s < before_s)
                found.update(conn.execute(query.distinct()).scalars())
        return found

    def find_told(self, keys: Collection[PostKey]) -> dict[PostKey, Told]:
        """Return the tellings of posts."""
        found: dict[PostKey, Told] = {}
        with self._database.reading() as conn:
            for run in in_runs(list(keys)):
                for row in conn.execute(sa.select(tellings).where(_t.key.in_(run))):
                    found[PostKey(row.key)] = _told_of(row)
        return found

    def list_told(
        self, *, from_s: int, after: tuple[int, int, int] | None = None, limit: int = 2000
    ) -> list[Told]:
        """Return tellings in order of their ranks."""
        query = sa.select(tellings).where(_t.at_s >= from_s).order_by(*_RANK).limit(limit)
        if after is not None:
            query = query.where(sa.tuple_(*_RANK) > sa.tuple_(*map(sa.literal, after)))
        with self._database.reading() as conn:
            return [_told_of(row) for row in conn.execute(query)]

    def iter_terms(self) -> Iterator[tuple[int, bytes]]:
        """Yield when posts were published and their terms."""
        after: tuple[int, int, int] | None = None
        while rows := self.list_told(from_s=-(2**62), after=after, limit=_RUN):
            yield from ((one.telling.at_s, one.telling.terms) for one in rows if one.telling.terms)
            after = rows[-1].telling.rank

    def count_tellings(self) -> int:
        """Return how many there are."""
        with self._database.reading() as conn:
            query = sa.select(sa.func.count()).select_from(tellings)
            return int(conn.execute(query).scalar_one())

    # Reading

    def find_story(self, number: int) -> StoryRow | None:
        """Return a story's row."""
        return next(iter(self._rows(sa.select(stories).where(_s.number == number))), None)

    def find_story_of(self, key: PostKey) -> int | None:
        """Return the number of the story of a post."""
        with self._database.reading() as conn:
            query = sa.select(_t.story).where(_t.key == key)
            found: int | None = conn.execute(query).scalar_one_or_none()
        return found

    def list_hot(self, *, limit: int, offset: int = 0) -> list[StoryRow]:
        """Return the warmest stories."""
        query = sa.select(stories).where(_s.chats > 1).order_by(_s.heat.desc(), _s.number.desc())
        return self._rows(query.limit(limit).offset(offset))

    def list_stories(self, *, after: int = 0, limit: int = 1000) -> list[StoryRow]:
        """Return stories by number."""
        query = sa.select(stories).where(_s.chats > 1, _s.number > after).order_by(_s.number)
        return self._rows(query.limit(limit))

    def list_parts(self, numbers: Collection[int]) -> list[Part]:
        """Return the shown posts of stories."""
        columns = (_t.story, _t.key, _t.chat, _t.at_s, _t.cluster, _t.terms, posts.c.sensitive)
        query = (
            sa.select(*columns)
            .join(posts, posts.c.key == _t.key)
            .join(chats, chats.c.key == posts.c.chat)
            .where(posts.c.shown, chats.c.visibility == Visibility.PUBLIC.value)
            .order_by(*_RANK)
        )
        found: list[Part] = []
        with self._database.reading() as conn:
            for run in in_runs(list(numbers)):
                for row in conn.execute(query.where(_t.story.in_(run))):
                    found.append(Part(*row))
        return found

    def _rows(self, query: sa.Select[Any]) -> list[StoryRow]:
        with self._database.reading() as conn:
            return [StoryRow(**row._mapping) for row in conn.execute(query)]


def empty_tellings(keys: Sequence[int]) -> sa.Update:
    """Return the statement that leaves of tellings only that they must be taken out of stories."""
    return sa.update(tellings).where(_t.key.in_(keys)).values(terms=b"", vector=b"", due_s=_DUE)


def move_tellings(conn: Connection, moved: Sequence[tuple[PostKey, PostKey]]) -> None:
    """Give the tellings of posts the heads they have now; those that had another one become due."""
    if not moved:
        return
    differs = sa.and_(_t.key == sa.bindparam("of"), _t.cluster != sa.bindparam("head"))
    rows = [{"of": key, "head": head} for key, head in moved]
    update = sa.update(tellings).where(differs)
    found = conn.execute(update.values(cluster=sa.bindparam("head"), due_s=_DUE), rows)
    if found.rowcount:
        numbers.take(conn, numbers.STORIES_TURN)


_TELLINGS: Final = tellings


def _put_rows(conn: Connection, rows: Sequence[StoryRow]) -> None:
    left = [row.number for row in rows if not row.posts]
    still: set[int | None] = set()
    for run in in_runs(left):
        query = sa.select(_t.story).where(_t.story.in_(run)).distinct()
        still.update(conn.execute(query).scalars())
    kept = [row for row in rows if row.posts or row.number not in still]
    put(conn, stories, [_values_of_row(row) for row in kept])
    for row in kept:
        if row.moved_to is not None:  # an address that led here leads on
            before = _s.moved_to == row.number
            conn.execute(sa.update(stories).where(before).values(moved_to=row.moved_to))


def _check_turn(conn: Connection, turn: int) -> None:
    if numbers.find_last(conn, numbers.STORIES_TURN) != turn:
        raise Busy("Another process is telling stories.")
    numbers.take(conn, numbers.STORIES_TURN)


def _values_of(told: Told) -> dict[str, Any]:
    return {**told.telling._asdict(), "story": told.story, "due_s": told.due_s}


def _told_of(row: Any) -> Told:
    telling = Telling(
        key=PostKey(row.key),
        chat=ChatKey(row.chat),
        at_s=row.at_s,
        tie=row.tie,
        cluster=row.cluster,
        terms=row.terms,
        vector=row.vector,
    )
    return Told(telling, row.story, row.due_s)


def _values_of_row(row: StoryRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "first_s": row.first_s,
        "last_s": row.last_s,
        "posts": row.posts,
        "chats": row.chats,
        "heat": row.heat,
        "moved_to": row.moved_to,
    }
