"""Suggestions; see ports.suggestions for what each method promises.

Four tables. suggestion_docs: what each document offers, so that a change takes back what it offered
before. suggestions: an entry with its keys, how many documents offer it, and the weightiest of
them. suggestion_keys: the keys in order, for finding beginnings. suggestion_heads: the best of
beginnings that too many keys share (suggestion_heads.py).

On SQLite they stand in a file of their own, which can be deleted: they are written in large pieces,
sorted, so that a page of the file is written once for many rows, and no import waits for that.
Their commits do not wait for the disk.

A step reads what it needs of all its documents at once and writes only what differs: a post whose
views have risen a little costs reads alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.ids import DocId
from soso.ports.suggestions import Offered, Suggested
from soso.ranking.suggesting import join_weights
from soso.stores.sql import suggestion_heads as heads
from soso.stores.sql.answers import url_beside
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import in_runs
from soso.stores.sql.tables import (
    SUGGESTIONS,
    suggestion_docs,
    suggestion_keys,
    suggestion_marks,
    suggestions,
)

_KIND: Final = {"chat": b"c", "tag": b"t", "post": b"p", "file": b"f"}
_WALK: Final = "walk"
_d = suggestion_docs.c
_s = suggestions.c


class SqlSuggestions:
    """Fills ports.suggestions.Suggestions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_walk(self) -> str | None:
        """Return the name of the last walk over the archive that came to its end."""
        query = sa.select(suggestion_marks.c.value).where(suggestion_marks.c.name == _WALK)
        with self._database.reading() as conn:
            value: str | None = conn.execute(query).scalar_one_or_none()
            return value

    def keep_walk(self, name: str) -> None:
        """Note that a walk came to its end."""
        with self._database.writing() as conn:
            put(conn, suggestion_marks, [{"name": _WALK, "value": name}])

    def erase_offers(self, docs: Sequence[DocId]) -> None:
        """Take back all that documents offered and leave no trace of it on disk."""
        with self._database.writing() as conn:
            gone = replace_offers(conn, dict.fromkeys(docs, ()))
        if gone:
            self._database.erase_traces()

    def put_offers(self, offers: Mapping[DocId, Sequence[Offered]]) -> None:
        """Replace what documents offered."""
        if offers:
            with self._database.writing() as conn:
                replace_offers(conn, offers)

    def find_suggested(
        self, asked: Sequence[tuple[str, str]], *, limit: int = 20
    ) -> list[list[Suggested]]:
        """Return for each kind and beginning the weightiest entries, in one round trip or two."""
        typed = [
            _KIND[kind] + text for kind, one in asked if (text := one.encode("utf-8", "ignore"))
        ]
        with self._database.reading() as conn:
            found = heads.read_best(conn, list(dict.fromkeys(typed)), limit)
        return [
            [
                Suggested(entry=row.entry, weight=row.weight, doc=DocId(row.doc))
                for row in found.get(_KIND[kind] + one.encode("utf-8", "ignore"), ())
            ]
            for kind, one in asked
        ]

    def count_suggestions(self) -> int:
        """Return how many entries there are."""
        with self._database.reading() as conn:
            return int(
                conn.execute(sa.select(sa.func.count()).select_from(suggestions)).scalar_one()
            )


def replace_offers(conn: Connection, offers: Mapping[DocId, Sequence[Offered]]) -> int:
    """Replace what documents offered; return how many offers were taken back."""
    before = _load_offered(conn, offers)
    after: dict[tuple[int, int], int] = {
        (doc, one.entry): one.weight for doc, row in offers.items() for one in row
    }
    gone = [pair for pair in before if pair not in after]
    new = {pair: weight for pair, weight in after.items() if before.get(pair) != weight}
    _write_offered(conn, gone, new)
    turns: dict[int, _Turn] = {}
    for doc, entry in gone:
        turns.setdefault(entry, _Turn()).lose(doc)
    for (doc, entry), weight in new.items():
        turns.setdefault(entry, _Turn()).gain(doc, weight, is_new=(doc, entry) not in before)
    keys = {one.entry: _pack(one) for row in offers.values() for one in row}
    _write_entries(conn, turns, keys)
    return len(gone)


def open_suggestions(url: str | None, *, beside: str, wait_s: float) -> Database:
    """Return the database for suggestions, with its tables.

    url: None: archive-suggestions.db beside an archive.db, the archive's own database elsewhere.
    Raises BadInput, Unavailable.
    """
    database = Database(url or url_beside(beside, "suggestions"), durable=False, wait_s=wait_s)
    with database.reading() as conn:
        made = sa.inspect(conn).has_table(suggestion_marks.name)
    if not made:
        with database.writing() as conn:
            SUGGESTIONS.create_all(conn)
    return database


def _load_offered(conn: Connection, docs: Iterable[DocId]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for run in in_runs(list(docs)):
        query = sa.select(_d.doc, _d.entry, _d.weight).where(_d.doc.in_(run))
        found |= {(row.doc, row.entry): row.weight for row in conn.execute(query)}
    return found


def _write_offered(
    conn: Connection, gone: Sequence[tuple[int, int]], new: Mapping[tuple[int, int], int]
) -> None:
    if gone:
        row = (_d.doc == sa.bindparam("d"), _d.entry == sa.bindparam("e"))
        pairs = [{"d": doc, "e": entry} for doc, entry in gone]
        conn.execute(sa.delete(suggestion_docs).where(*row), pairs)
    rows = [{"doc": doc, "entry": entry, "weight": new[doc, entry]} for doc, entry in sorted(new)]
    put(conn, suggestion_docs, rows)


class _Turn:
    """What happens to an entry in a step. top: the best of what is new, its weight and document."""

    __slots__ = ("lost", "more", "top")

    def __init__(self) -> None:
        self.more = 0
        self.top: tuple[int, int] | None = None
        self.lost: set[int] = set()  # documents whose weight in the entry counts no more

    def lose(self, doc: int) -> None:
        """A document offers it no longer."""
        self.more -= 1
        self.lost.add(doc)

    def gain(self, doc: int, weight: int, *, is_new: bool) -> None:
        """A document offers it, or offers it with another weight."""
        self.more += is_new
        self.top = max(self.top or (0, 0), (weight, doc))
        self.lost.add(doc)


def _write_entries(
    conn: Connection, turns: Mapping[int, _Turn], keys: Mapping[int, tuple[bytes, ...]]
) -> None:
    """Bring entries up to what documents offer now."""
    old = _load_entries(conn, turns)
    moved: list[heads.Moved] = []
    rows: list[dict[str, Any]] = []
    for entry, turn in turns.items():
        was = old.get(entry)
        count = (was.count if was is not None else 0) + turn.more
        packed = _unpack(was.keys) if was is not None else keys[entry]
        before = was.weight if was is not None else None
        if count <= 0:
            moved.append(heads.Moved(entry, packed, before, None))
            continue
        top, doc = _best(conn, entry, turn, was, count)
        weight = join_weights(top, count)
        row = {"entry": entry, "keys": b"\0".join(packed), "best": top}
        row |= {"weight": weight, "doc": doc, "count": count}
        if was is None or any(getattr(was, name) != value for name, value in row.items()):
            rows.append(row)
        if weight != before:
            moved.append(heads.Moved(entry, packed, before, weight))
    put(conn, suggestions, sorted(rows, key=lambda row: row["entry"]))
    _write_keys(conn, moved)
    heads.move(conn, moved)


def _best(conn: Connection, entry: int, turn: _Turn, was: Any, count: int) -> tuple[int, int]:
    """Return the weight and the document of an entry's weightiest offer.

    It is looked up only where the one that was is gone or weighs less now.
    """
    if was is not None and was.doc not in turn.lost:
        kept = (was.best, was.doc)
        return kept if turn.top is None else max(kept, turn.top)
    if turn.top is not None and (was is None or count == 1 or turn.top[0] >= was.best):
        return turn.top
    query = (
        sa.select(_d.weight, _d.doc)
        .where(_d.entry == entry)
        .order_by(_d.weight.desc(), _d.doc.desc())
        .limit(1)
    )
    weight, doc = conn.execute(query).one()
    return weight, doc


def _write_keys(conn: Connection, moved: Collection[heads.Moved]) -> None:
    come = [(key, one.entry) for one in moved if one.before is None for key in one.keys]
    rows = [{"key": key, "entry": entry} for key, entry in sorted(come)]
    put(conn, suggestion_keys, rows, replace=False)
    gone = [one for one in moved if one.after is None and one.before is not None]
    if gone:
        conn.execute(
            sa.delete(suggestions).where(_s.entry == sa.bindparam("e")),
            [{"e": one.entry} for one in gone],
        )
        pair = (
            suggestion_keys.c.key == sa.bindparam("k"),
            suggestion_keys.c.entry == sa.bindparam("e"),
        )
        keys = [{"k": key, "e": one.entry} for one in gone for key in one.keys]
        if keys:
            conn.execute(sa.delete(suggestion_keys).where(*pair), keys)


def _load_entries(conn: Connection, entries: Iterable[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for run in in_runs(list(entries)):
        rows = conn.execute(sa.select(suggestions).where(_s.entry.in_(run)))
        found |= {row.entry: row for row in rows}
    return found


def _pack(one: Offered) -> tuple[bytes, ...]:
    kind = _KIND[one.kind]
    keys = (key.replace("\0", "").encode("utf-8", "ignore") for key in one.keys)
    return tuple(dict.fromkeys(kind + key for key in keys if key))


def _unpack(packed: bytes) -> tuple[bytes, ...]:
    return tuple(bytes(packed).split(b"\0")) if packed else ()
