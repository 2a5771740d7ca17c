"""The port nearest over blocks of bytes in memory, scanned whole: exact, with any filter.

Knows rows, blocks and threads; what a packed vector is, similarity.vectors knows. Must not know the
store. A graph of approximate neighbours is hardly quicker below half a million passages, and can't
be filtered (docs/adr/0007-embedders.md); 300,000 of 384 numbers are 120 MB and take 10 ms a core.
"""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from soso.engines.by_document import by_document
from soso.model.errors import BadInput
from soso.model.ids import DocId
from soso.ports.embedder import Vectors
from soso.ports.nearest import Nearby
from soso.ports.vectors import DocVectors
from soso.similarity.vectors import Packed, inverse_lengths, pack_vectors, products, read_packed

BLOCK: Final = 16_384
"""Rows that are made room for at once, and that one product takes, in half a millisecond: it holds
the interpreter's lock."""

_RECENT: Final = 20_000
"""Rows that stand in a dictionary until they are sorted in among the others."""

_SAMPLE: Final = 16_384
"""About so many passages tell mean and spread; all of 300,000 would take as long as a tenth of the
scan, and change the third digit."""

_GONE: Final = -2.0
"""Below every cosine."""

Rows = NDArray[np.int64]
Cosines = NDArray[np.float32]


class _Block:
    """Room for BLOCK rows. inverse: one over the length of the bytes, 0 once the row is gone."""

    def __init__(self, dimension: int) -> None:
        self.packed: Packed = np.empty((BLOCK, dimension), np.int8)
        self.inverse: Cosines = np.zeros(BLOCK, np.float32)
        self.docs: Rows = np.zeros(BLOCK, np.int64)
        self.places: NDArray[np.int16] = np.zeros(BLOCK, np.int16)


class _View(NamedTuple):
    """What one query looks at, while rows are added behind it."""

    blocks: tuple[_Block, ...]
    rows: int
    generation: int


class ExactTable:
    """Fills ports.nearest.Nearest. dimension: how many numbers a vector has."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._lock = Lock()
        self._blocks: list[_Block] = []
        self._count = 0  # rows, gone ones among them
        self._gone = 0
        self._generation = 0  # rises when rows get other numbers
        self._sorted_docs: Rows = np.empty(0, np.int64)
        self._sorted_rows: Rows = np.empty(0, np.int64)
        self._recent: dict[DocId, list[int]] = {}
        self._recent_count = 0

    def __len__(self) -> int:
        return self._count - self._gone

    def apply(self, rows: Sequence[DocVectors]) -> None:
        """Take in rows."""
        latest = {row.doc: row for row in rows}
        packed = {
            doc: read_packed(row.packed, dimension=self._dimension) for doc, row in latest.items()
        }
        with self._lock:
            for doc, vectors in packed.items():
                self._drop(doc)
                self._add(doc, vectors)
            if self._recent_count > _RECENT:
                self._sort()
            if self._gone > max(BLOCK, self._count // 4):
                self._close_up()

    def find(self, query: Vectors, *, limit: int, among: Sequence[DocId] | None = None) -> Nearby:
        """Return the nearest documents."""
        if query.shape != (self._dimension,):
            raise BadInput(f"a query of {query.size} numbers does not fit {self._dimension}")
        asked = pack_vectors(query[None, :].astype(np.float32))
        with self._lock:
            view = self._view()
            rows = self._rows_of(among) if among is not None else None
        if rows is not None:
            return Nearby(found=by_document(*_looked_up(view, asked, rows), limit))
        cosines = _scanned(view, asked)
        held = cosines[cosines > _GONE]
        if not len(held) or limit < 1:
            return Nearby(found=())
        some = held[:: len(held) // _SAMPLE + 1]
        docs = _top(view, cosines, limit)
        with self._lock:
            rows = self._rows_of(docs) if view.generation == self._generation else None
        if rows is None:  # they have other numbers now
            return self.find(query, limit=limit)
        rows = rows[rows < view.rows]
        rows = rows[cosines[rows] > _GONE]
        named = _named(view, rows)
        return Nearby(
            found=by_document(named[0], cosines[rows], named[1], limit),
            mean=float(some.mean()),
            spread=float(some.std()),
        )

    def _view(self) -> _View:
        return _View(tuple(self._blocks), self._count, self._generation)

    def _add(self, doc: DocId, vectors: Packed) -> None:
        inverse = inverse_lengths(vectors)
        for place in range(len(vectors)):
            block, row = divmod(self._count, BLOCK)
            if block == len(self._blocks):
                self._blocks.append(_Block(self._dimension))
            into = self._blocks[block]
            into.packed[row] = vectors[place]
            into.docs[row] = doc
            into.places[row] = place
            into.inverse[row] = inverse[place]
            self._recent.setdefault(doc, []).append(self._count)
            self._recent_count += 1
            self._count += 1

    def _drop(self, doc: DocId) -> None:
        for row in self._rows_of((doc,)):
            block, place = divmod(int(row), BLOCK)
            if self._blocks[block].inverse[place]:
                self._blocks[block].inverse[place] = 0
                self._gone += 1
        self._recent.pop(doc, None)

    def _rows_of(self, docs: Iterable[DocId]) -> Rows:
        """Return the rows of documents, gone ones perhaps among them."""
        wanted = np.unique(np.fromiter(docs, np.int64))
        first = np.searchsorted(self._sorted_docs, wanted, "left")
        last = np.searchsorted(self._sorted_docs, wanted, "right")
        runs = [self._sorted_rows[a:b] for a, b in zip(first, last, strict=True) if a < b]
        late = [row for doc in wanted.tolist() for row in self._recent.get(DocId(doc), ())]
        return np.concatenate([*runs, np.array(late, np.int64)])

    def _sort(self) -> None:
        docs = np.concatenate([np.empty(0, np.int64), *(block.docs for block in self._blocks)])
        docs = docs[: self._count]
        order = np.argsort(docs, kind="stable").astype(np.int64)
        self._sorted_docs, self._sorted_rows = docs[order], order
        self._recent, self._recent_count = {}, 0

    def _close_up(self) -> None:
        """Move what is left into new blocks; a query at work keeps the old ones."""
        old = self._view()
        self._generation += 1
        self._blocks, self._count, self._gone = [], 0, 0
        for start in range(0, old.rows, BLOCK):
            block = old.blocks[start // BLOCK]
            kept = np.flatnonzero(block.inverse[: old.rows - start])
            self._take(block, kept)
        self._sort()

    def _take(self, block: _Block, kept: Rows) -> None:
        while len(kept):
            place, row = divmod(self._count, BLOCK)
            if place == len(self._blocks):
                self._blocks.append(_Block(self._dimension))
            part, kept = kept[: BLOCK - row], kept[BLOCK - row :]
            into, end = self._blocks[place], row + len(part)
            into.packed[row:end] = block.packed[part]
            into.inverse[row:end] = block.inverse[part]
            into.docs[row:end] = block.docs[part]
            into.places[row:end] = block.places[part]
            self._count += len(part)


def _scanned(view: _View, asked: Packed) -> Cosines:
    """Return a cosine for every row, _GONE where the row is gone."""
    cosines = np.empty(view.rows, np.float32)
    scale = float(inverse_lengths(asked)[0])
    for start in range(0, view.rows, BLOCK):
        block = view.blocks[start // BLOCK]
        size = min(BLOCK, view.rows - start)
        inverse = block.inverse[:size]
        part = products(asked, block.packed[:size])
        part *= inverse
        part *= scale
        part[inverse == 0] = _GONE
        cosines[start : start + size] = part
    return cosines


def _top(view: _View, cosines: Cosines, limit: int) -> list[DocId]:
    """Return the documents of the best rows: limit of them and those that tie, or all there are."""
    count = min(limit * 3, len(cosines))
    while True:
        least = max(float(np.partition(cosines, -count)[-count]), np.nextafter(_GONE, 0))
        docs, _ = _named(view, np.flatnonzero(cosines >= least))
        found = np.unique(docs)
        if count == len(cosines) or len(found) >= limit:
            return [DocId(doc) for doc in found.tolist()]
        count = min(count * 4, len(cosines))


def _looked_up(view: _View, asked: Packed, rows: Rows) -> tuple[Rows, Cosines, NDArray[np.int16]]:
    """Return documents, cosines and places of rows that are not gone."""
    rows = np.sort(rows[rows < view.rows])
    blocks, inside = np.divmod(rows, BLOCK)
    parts = [(view.blocks[block], inside[blocks == block]) for block in np.unique(blocks)]
    if not parts:
        return rows, np.empty(0, np.float32), np.empty(0, np.int16)
    packed = np.concatenate([block.packed[places] for block, places in parts])
    inverse = np.concatenate([block.inverse[places] for block, places in parts])
    cosines = products(asked, packed) * inverse * inverse_lengths(asked)[0]
    docs, places = _named(view, rows)
    held = inverse > 0
    return docs[held], cosines[held], places[held]


def _named(view: _View, rows: Rows) -> tuple[Rows, NDArray[np.int16]]:
    docs, places = np.empty(len(rows), np.int64), np.empty(len(rows), np.int16)
    blocks, inside = np.divmod(rows, BLOCK)
    for block in np.unique(blocks):
        here = blocks == block
        docs[here] = view.blocks[block].docs[inside[here]]
        places[here] = view.blocks[block].places[inside[here]]
    return docs, places
