"""Heads: the weightiest entries of beginnings that very many keys share.

Who types one letter asks for the best of perhaps a hundred thousand keys. A beginning that more
than CROWD keys have gets a head, its weightiest KEPT entries, kept in order; of all others the few
keys are read and sorted when they are asked for.

A head is the exact top of its beginning: an entry is let in only if it weighs no less than the
last one, and a head that has lost too many is read anew from the keys. Whether a beginning has
become crowded is looked up for one new key in SAMPLED, which a crowd of CROWD new keys can't miss
but with a chance of about 10 to the minus 7; a reader is bounded in any case.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.stores.sql.dialect import put
from soso.stores.sql.rows import AT_ONCE
from soso.stores.sql.tables import suggestion_heads, suggestion_keys, suggestions

CROWD: Final = 256
KEPT: Final = 96
FEWEST: Final = 48
SAMPLED: Final = 16

_h = suggestion_heads.c
_SLACK: Final = 32
_ENTRY_BITS: Final = 52  # schema/offers.py
_ENTRY: Final = (1 << _ENTRY_BITS) - 1
_ENTRY_COLUMNS: Final = (suggestions.c.entry, suggestions.c.weight, suggestions.c.doc)


class Moved:
    """An entry whose weight changed. before, after: its weight; None: it was or is not there."""

    __slots__ = ("after", "before", "entry", "keys")

    def __init__(
        self, entry: int, keys: Sequence[bytes], before: int | None, after: int | None
    ) -> None:
        self.entry = entry
        self.keys = keys
        self.before = before
        self.after = after


def rank_of(weight: int, entry: int) -> int:
    """Return a number that orders entries by weight and, of equal ones, by entry."""
    return weight << _ENTRY_BITS | entry


def move(conn: Connection, moved: Collection[Moved]) -> None:
    """Bring the heads up to entries that came, went or changed; keys and entries are written."""
    beginnings = {one.entry: _beginnings(one.keys) for one in moved}
    known = _load_heads(conn, {text for found in beginnings.values() for text in found})
    gone: list[tuple[bytes, int]] = []
    come: list[tuple[bytes, int]] = []
    for one in moved:
        heads = [text for text in beginnings[one.entry] if text in known]
        if one.before is not None:
            gone += ((text, rank_of(one.before, one.entry)) for text in heads)
        if one.after is not None:
            rank = rank_of(one.after, one.entry)
            come += ((text, rank) for text in heads if rank > known[text])
    if gone:
        row = (_h.beginning == sa.bindparam("b"), _h.rank == sa.bindparam("r"))
        conn.execute(
            sa.delete(suggestion_heads).where(*row), [{"b": text, "r": rank} for text, rank in gone]
        )
    _put(conn, come)
    _keep_bounds(conn, {text for text, _ in (*gone, *come)})
    for one in moved:
        if one.before is None and one.entry % SAMPLED == 0:
            _look_for_crowds(conn, one.keys, known)


def read_best(conn: Connection, beginnings: Sequence[bytes], limit: int) -> dict[bytes, list[Any]]:
    """Return the weightiest entries of each beginning: of its head, or among its few keys."""
    found = _read_each(conn, _of_head, beginnings, limit)
    rest = [beginning for beginning in beginnings if beginning not in found]
    return found | _read_each(conn, _of_keys, rest, limit)


def _read_each(
    conn: Connection,
    query_of: Callable[[int], sa.Select[Any]],
    beginnings: Sequence[bytes],
    limit: int,
) -> dict[bytes, list[Any]]:
    found: dict[bytes, list[Any]] = {}
    if not beginnings or limit <= 0:
        return found
    values: dict[str, Any] = {"most": limit}
    for place, beginning in enumerate(beginnings):
        values |= {f"b{place}": beginning, f"e{place}": beginning + b"\xff"}
    for row in conn.execute(_joined(query_of, len(beginnings)), values):
        found.setdefault(beginnings[row.place], []).append(row)
    return found


@cache
def _joined(query_of: Callable[[int], sa.Select[Any]], count: int) -> sa.CompoundSelect[Any]:
    """One statement for so many beginnings; building it costs more than running it."""
    parts = [sa.select(query_of(place).subquery()) for place in range(count)]
    return sa.union_all(*parts)


def _of_head(place: int) -> sa.Select[Any]:
    return (
        sa.select(sa.literal_column(str(place)).label("place"), *_ENTRY_COLUMNS)
        .join(suggestion_heads, _h.rank.op("&")(_ENTRY) == suggestions.c.entry)
        .where(_h.beginning == sa.bindparam(f"b{place}", type_=sa.LargeBinary))
        .order_by(_h.rank.desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def _of_keys(place: int) -> sa.Select[Any]:
    """The best among the first keys with a beginning: all of them, unless it is crowded since a
    moment ago."""
    first = sa.bindparam(f"b{place}", type_=sa.LargeBinary)
    end = sa.bindparam(f"e{place}", type_=sa.LargeBinary)
    some = (
        sa.select(suggestion_keys.c.entry)
        .where(suggestion_keys.c.key >= first, suggestion_keys.c.key < end)
        .limit(4 * CROWD)
        .subquery()
    )
    return (
        sa.select(sa.literal_column(str(place)).label("place"), *_ENTRY_COLUMNS)
        .where(suggestions.c.entry.in_(sa.select(some.c.entry)))
        .order_by(suggestions.c.weight.desc(), suggestions.c.entry.desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def _range(beginning: bytes) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The keys with a beginning: no UTF-8 has the byte 255."""
    return suggestion_keys.c.key >= beginning, suggestion_keys.c.key < beginning + b"\xff"


def _beginnings(keys: Iterable[bytes]) -> set[bytes]:
    """All beginnings of keys, cut between characters; the first byte is the kind."""
    found: set[bytes] = set()
    for key in keys:
        for end in range(2, len(key) + 1):
            if end == len(key) or key[end] & 0xC0 != 0x80:
                found.add(key[:end])
    return found


def _load_heads(conn: Connection, beginnings: Collection[bytes]) -> dict[bytes, int]:
    """Return those of the beginnings that have a head, with the rank of its last entry."""
    known: dict[bytes, int] = {}
    wanted = list(beginnings)
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            sa.select(_h.beginning, sa.func.min(_h.rank))
            .where(_h.beginning.in_(wanted[start : start + AT_ONCE]))
            .group_by(_h.beginning)
        )
        known |= {bytes(text): rank for text, rank in conn.execute(query)}
    return known


def _keep_bounds(conn: Connection, touched: Collection[bytes]) -> None:
    """Cut heads that have grown too long, and read anew those that have lost too many."""
    wanted = list(touched)
    for start in range(0, len(wanted), AT_ONCE):
        run = wanted[start : start + AT_ONCE]
        query = sa.select(_h.beginning, sa.func.count()).where(_h.beginning.in_(run))
        sizes = {bytes(text): size for text, size in conn.execute(query.group_by(_h.beginning))}
        for text in run:
            size = sizes.get(text, 0)
            if size < FEWEST:
                _write_head(conn, text)
            elif size > KEPT + _SLACK:
                _cut(conn, text)


def _cut(conn: Connection, beginning: bytes) -> None:
    """Leave the weightiest KEPT."""
    last = sa.select(_h.rank).where(_h.beginning == beginning).order_by(_h.rank.desc())
    rank = conn.execute(last.offset(KEPT - 1).limit(1)).scalar_one()
    conn.execute(sa.delete(suggestion_heads).where(_h.beginning == beginning, _h.rank < rank))


def _write_head(conn: Connection, beginning: bytes) -> None:
    """Read a head anew; a beginning that is no longer crowded has none."""
    conn.execute(sa.delete(suggestion_heads).where(_h.beginning == beginning))
    if not _is_crowded(conn, beginning, CROWD // 2):
        return
    query = (
        sa.select(suggestions.c.weight, suggestions.c.entry)
        .distinct()
        .join(suggestion_keys, suggestion_keys.c.entry == suggestions.c.entry)
        .where(*_range(beginning))
        .order_by(suggestions.c.weight.desc(), suggestions.c.entry.desc())
        .limit(KEPT)
    )
    _put(conn, [(beginning, rank_of(*row)) for row in conn.execute(query)])


def _put(conn: Connection, rows: Iterable[tuple[bytes, int]]) -> None:
    ranked = [{"beginning": text, "rank": rank} for text, rank in rows]
    put(conn, suggestion_heads, ranked, replace=False)


def _look_for_crowds(conn: Connection, keys: Iterable[bytes], known: dict[bytes, int]) -> None:
    """Give heads to beginnings of a new key that have become crowded, the short ones first."""
    for key in keys:
        for beginning in sorted(_beginnings([key]), key=len):
            if beginning in known:
                continue
            if not _is_crowded(conn, beginning, CROWD):
                break  # longer ones have fewer keys
            _write_head(conn, beginning)
            known[beginning] = 0


def _is_crowded(conn: Connection, beginning: bytes, crowd: int) -> bool:
    query = sa.select(suggestion_keys.c.entry).where(*_range(beginning)).offset(crowd).limit(1)
    return conn.execute(query).first() is not None
