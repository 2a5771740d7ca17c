"""The clusters of copies; see ports.clusters for what each method promises."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from soso.model.chat import Visibility
from soso.model.errors import Busy, Unavailable
from soso.model.ids import ChatKey, DocId, PostKey, doc_key, is_chat_doc, post_doc
from soso.ports.clusters import Dressing
from soso.similarity.boilerplate import Sampled
from soso.similarity.clusters import Row, Settled, Sighting, Tie
from soso.stores.sql import numbers
from soso.stores.sql.connect import Database
from soso.stores.sql.dialect import put
from soso.stores.sql.rows import in_runs
from soso.stores.sql.stories import move_tellings
from soso.stores.sql.tables import chats, consumers, copies, copy_features, dressings, posts

_SAMPLE: Final = msgspec.msgpack.Decoder(list[Sampled])
_MARKS: Final = msgspec.msgpack.Decoder(frozenset[int])
_STANDS: Final = sa.and_(copies.c.text.is_not(None), copies.c.tied < Tie.TEXT.value)


class SqlCopies:
    """Fills ports.clusters.Copies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Writing

    def copies_turn(self) -> int:
        """Return a number that every put_copies raises."""
        with self._database.reading() as conn:
            return numbers.find_last(conn, numbers.COPIES)

    def put_copies(
        self,
        turn: int,
        settled: Settled,
        *,
        dressings: Sequence[tuple[Dressing, Sequence[Sampled] | None]] = (),
        done: tuple[str, int] | None = None,
    ) -> int:
        """Write a change in one transaction, unless the turn has passed."""
        with self._database.writing() as conn:
            if numbers.find_last(conn, numbers.COPIES) != turn:
                raise Busy("Another process is looking for copies.")
            numbers.take(conn, numbers.COPIES)
            _write(conn, settled)
            move_tellings(conn, settled.moved)
            for dressing, sample in dressings:
                _write_dressing(conn, dressing, sample)
            if done is not None:
                put(conn, consumers, [{"name": done[0], "seq": done[1]}])
            return turn + 1

    def drop_copies(self) -> None:
        """Forget all clusters and dressings."""
        with self._database.writing() as conn:
            numbers.take(conn, numbers.COPIES)
            for table in (copy_features, copies, dressings):
                conn.execute(sa.delete(table))

    # What settling asks

    def find_rows(self, keys: Collection[PostKey]) -> dict[PostKey, Row]:
        """Return the rows of posts."""
        return {row.seen.key: row for row in self._rows(copies.c.key, keys)}

    def find_by_text(self, texts: Collection[int]) -> dict[int, Row]:
        """Return the rows that stand for texts."""
        rows = self._rows(copies.c.text, texts, _STANDS)
        return {row.seen.text: row for row in rows if row.seen.text is not None}

    def find_by_features(self, features: Collection[int]) -> dict[int, set[PostKey]]:
        """Return who has the features."""
        found: dict[int, set[PostKey]] = {}
        with self._database.reading() as conn:
            for run in in_runs(list(features)):
                query = sa.select(copy_features).where(copy_features.c.feature.in_(run))
                for feature, key in conn.execute(query):
                    found.setdefault(feature, set()).add(PostKey(key))
        return found

    def find_by_origin(self, origins: Collection[int]) -> dict[int, list[Row]]:
        """Return the forwards of origins."""
        found: dict[int, list[Row]] = {}
        for row in self._rows(copies.c.origin, origins):
            if row.seen.origin is not None:
                found.setdefault(row.seen.origin, []).append(row)
        return found

    def find_members(self, heads: Collection[PostKey]) -> Iterable[Row]:
        """Return the rows of clusters without their heads."""
        return list(self._rows(copies.c.head, heads, copies.c.senior.is_not(None)))

    def _rows(
        self, column: sa.Column[Any], values: Collection[int], *where: sa.ColumnElement[bool]
    ) -> Iterator[Row]:
        with self._database.reading() as conn:
            for run in in_runs(list(values)):
                query = sa.select(copies).where(column.in_(run), *where)
                yield from map(_row_of, conn.execute(query))

    # Dressings

    def find_dressings(self, chats: Collection[ChatKey]) -> dict[ChatKey, Dressing]:
        """Return what is learnt of chats."""
        columns = [column for column in dressings.c if column is not dressings.c.sample]
        found: dict[ChatKey, Dressing] = {}
        with self._database.reading() as conn:
            for run in in_runs(list(chats)):
                for row in conn.execute(sa.select(*columns).where(dressings.c.chat.in_(run))):
                    key = ChatKey(row.chat)
                    found[key] = Dressing(
                        chat=key,
                        identity=row.identity,
                        marks=_unpack(_MARKS, row.marks),
                        bound=row.bound,
                        stale=row.stale,
                    )
        return found

    def find_sample(self, chat: ChatKey) -> list[Sampled]:
        """Return what a chat's dressing was learnt from."""
        query = sa.select(dressings.c.sample).where(dressings.c.chat == chat)
        with self._database.reading() as conn:
            packed = conn.execute(query).scalar_one_or_none()
        return [] if packed is None else _unpack(_SAMPLE, packed)

    def list_stale_chats(self) -> list[ChatKey]:
        """Return the chats whose posts must be seen anew."""
        query = sa.select(dressings.c.chat).where(dressings.c.stale).order_by(dressings.c.chat)
        with self._database.reading() as conn:
            return [ChatKey(chat) for chat in conn.execute(query).scalars()]

    # Reading

    def clusters_of(self, docs: Sequence[DocId]) -> dict[DocId, DocId]:
        """Return the heads of posts, as documents."""
        keys = [doc_key(doc) for doc in docs if not is_chat_doc(doc)]
        found: dict[DocId, DocId] = {}
        with self._database.reading() as conn:
            for run in in_runs(keys):
                query = sa.select(copies.c.key, copies.c.head).where(copies.c.key.in_(run))
                for key, head in conn.execute(query):
                    found[post_doc(PostKey(key))] = post_doc(PostKey(head))
        return found

    def cluster_sizes(self, heads: Collection[DocId]) -> dict[DocId, tuple[int, int]]:
        """Return how many posts of how many chats readers are shown."""
        chat_of: dict[int, int] = {}  # of each member that is shown
        head_of: dict[int, int] = {}
        with self._database.reading() as conn:
            for run in in_runs([doc_key(doc) for doc in heads]):
                query = sa.select(copies.c.key, copies.c.head).where(
                    copies.c.head.in_(run), copies.c.senior.is_not(None)
                )
                head_of |= {row.key: row.head for row in conn.execute(query)}
            head_of |= {head: head for head in head_of.values()}
            for run in in_runs(list(head_of)):
                shown = sa.select(posts.c.key, posts.c.chat).where(posts.c.key.in_(run))
                chat_of |= {row.key: row.chat for row in conn.execute(shown.where(posts.c.shown))}
            open_: set[int] = set()
            for run in in_runs(list(set(chat_of.values()))):
                public = chats.c.visibility == Visibility.PUBLIC.value
                listed = sa.select(chats.c.key).where(chats.c.key.in_(run), public)
                open_.update(conn.execute(listed).scalars())
        found: dict[DocId, list[int]] = {}
        for key, chat in chat_of.items():
            if chat in open_:
                found.setdefault(post_doc(PostKey(head_of[key])), []).append(chat)
        return {head: (len(of), len(set(of))) for head, of in found.items()}

    def list_cluster(self, key: PostKey) -> list[PostKey]:
        """Return all posts of a post's cluster by time."""
        mine = self.find_rows([key]).get(key)
        if mine is None:
            return [key]
        rows = [*self.find_rows([mine.head]).values(), *self.find_members([mine.head])]
        found = [row.seen.key for row in sorted(rows, key=lambda row: row.seen.rank)]
        return found or [key]

    def count_copies(self) -> tuple[int, int]:
        """Return how many posts are in clusters of two and more, and how many such clusters."""
        query = sa.select(sa.func.count(), sa.func.count(copies.c.head.distinct())).where(
            copies.c.senior.is_not(None)
        )
        with self._database.reading() as conn:
            members, heads = conn.execute(query).one()
        return members + heads, heads


def _write(conn: Connection, settled: Settled) -> None:
    if settled.dropped:
        where = sa.and_(
            copy_features.c.feature == sa.bindparam("of_feature"),
            copy_features.c.key == sa.bindparam("of_key"),
        )
        dropped = [{"of_feature": feature, "of_key": key} for feature, key in settled.dropped]
        conn.execute(sa.delete(copy_features).where(where), dropped)
    for run in in_runs(settled.gone):
        conn.execute(sa.delete(copies).where(copies.c.key.in_(run)))
    put(conn, copies, [_values_of(row) for row in settled.rows])
    # In the order of the table, so that each of its pages is written once.
    added = [{"feature": feature, "key": key} for feature, key in sorted(settled.added)]
    put(conn, copy_features, added, replace=False)


def _write_dressing(conn: Connection, dressing: Dressing, sample: Sequence[Sampled] | None) -> None:
    values: dict[str, Any] = {
        "identity": dressing.identity,
        "bound": dressing.bound,
        "marks": msgspec.msgpack.encode(sorted(dressing.marks)),
        "stale": dressing.stale,
    }
    if sample is not None:
        packed = msgspec.msgpack.encode(list(sample))
        put(conn, dressings, [{"chat": dressing.chat, **values, "sample": packed}])
    else:
        where = dressings.c.chat == dressing.chat
        conn.execute(sa.update(dressings).where(where).values(values))


def _values_of(row: Row) -> dict[str, Any]:
    seen = row.seen
    return {
        "key": seen.key,
        "chat": seen.chat,
        "at_us": seen.at,
        "tie": seen.tie,
        "text": seen.text,
        "features": array("q", seen.features).tobytes() if seen.features else None,
        "origin": seen.origin,
        "source": seen.source,
        "tied": row.tied.value,
        "senior": row.senior,
        "head": row.head,
    }


def _row_of(row: Any) -> Row:
    key, chat, at, tie, text, features, origin, source, tied, senior, head = row
    packed = array("q", features) if features else ()
    seen = Sighting(key, chat, at, tie, text, tuple(packed), origin, source)
    return Row(seen, Tie(tied), senior, head)


def _unpack(decoder: msgspec.msgpack.Decoder[Any], packed: bytes) -> Any:
    try:
        return decoder.decode(packed)
    except msgspec.MsgspecError as error:
        raise Unavailable(f"A row of the archive is damaged: {error}") from error
