"""Vectors kept small, and the nearest of many found.

Knows how unit vectors become bytes and back, and how an exact scan goes; must not know what the
vectors are of, or where they lie. Pure.

A vector is kept as one signed byte a number, its largest at 127. Its scale is not kept: the vector
had unit length, so the length of the bytes is the scale, and a cosine of two vectors of bytes is
their product over both lengths. Measured over 12,000 real posts and 400 queries by
multilingual-e5-small: cosine to the vector as it came 0.99998, and of the true first ten 98% are
found (docs/adr/0007-embedders.md).
"""

from typing import Any, Final

import numkong
import numpy as np
from numpy.typing import NDArray

from soso.model.errors import BadInput
from soso.model.value import Value

LARGEST: Final = 127
_ROWS_AT_ONCE: Final = 32_768
"""The product holds the interpreter's lock; between two runs of it, a millisecond, others get on."""

Packed = NDArray[np.int8]
"""Vectors as they are kept, shape (vectors, dimension)."""

Vectors = NDArray[np.float32]


class Near(Value):
    """The nearest rows of a table, best first, and their cosines."""

    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]


def pack_vectors(vectors: Vectors) -> Packed:
    """Return vectors, shape (n, dimension), in one byte a number; .tobytes() of a row keeps it.

    A row of zeros, or with a number that is none, has no direction: BadInput.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True) if vectors.size else np.ones((0, 1))
    if not (np.isfinite(largest) & (largest > 0)).all():
        raise BadInput("a vector without a direction can't be kept")
    packed: Packed = np.rint(vectors * (LARGEST / largest)).astype(np.int8)
    return packed


def unpack_vectors(packed: Packed) -> Vectors:
    """Return kept vectors as float32 rows of unit length."""
    wide = packed.astype(np.float32)
    vectors: Vectors = wide * _inverse_lengths(packed)[:, None]
    return vectors


def read_packed(rows: bytes, *, dimension: int) -> Packed:
    """Return the vectors whose bytes lie one behind the other. Raises BadInput for another size."""
    if dimension < 1 or len(rows) % dimension:
        raise BadInput(f"{len(rows)} bytes are not vectors of {dimension} numbers")
    return np.frombuffer(rows, np.int8).reshape(-1, dimension)


class VectorTable:
    """Many vectors, scanned whole: exact, no graph to build, any filter. May be read by threads.

    300,000 vectors of 384 numbers are 115 MB and take about 10 ms on one core.
    """

    def __init__(self, packed: Packed) -> None:
        """Use the rows as they are, without a copy if they lie behind each other."""
        self._packed = np.ascontiguousarray(packed)
        self._inverse_lengths = _inverse_lengths(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def cosines(
        self, query: Vectors, *, rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine of a query, shape (dimension,), to every row, or to those given.

        Raises BadInput for a query of another dimension or without a direction.
        """
        if query.shape != self._packed.shape[1:]:
            raise BadInput(
                f"a query of {query.size} numbers does not fit {self._packed.shape[1]} a vector"
            )
        asked = pack_vectors(query[None, :].astype(np.float32))
        table, inverse = self._packed, self._inverse_lengths
        if rows is not None:
            table, inverse = table[rows], inverse[rows]
        cosines = _products(asked, table)
        cosines *= inverse
        cosines *= _inverse_lengths(asked)
        return cosines

    def nearest(
        self, query: Vectors, count: int, *, allowed: NDArray[np.bool_] | None = None
    ) -> Near:
        """Return at most count rows, by falling cosine, ties by rising row.

        allowed: one truth a row; only true rows are looked at. Raises BadInput as cosines does.
        """
        if allowed is None:
            return _best(self.cosines(query), np.arange(len(self)), count)
        if allowed.shape != (len(self),):
            raise BadInput(f"{allowed.size} truths for {len(self)} vectors")
        rows = np.flatnonzero(allowed)
        if len(rows) * 2 < len(self):  # above half, picking rows out costs more than scanning all
            return _best(self.cosines(query, rows=rows), rows, count)
        return _best(self.cosines(query)[rows], rows, count)


def _best(cosines: NDArray[np.float32], rows: NDArray[np.int64], count: int) -> Near:
    count = max(0, min(count, len(cosines)))
    if count < len(cosines):
        # All that tie with the last one come along, so that ties end by row.
        least = np.partition(cosines, -count)[-count] if count else 2
        kept = np.flatnonzero(cosines >= least)
        cosines, rows = cosines[kept], rows[kept]
    order = np.lexsort((rows, -cosines))[:count]
    return Near(rows=rows[order], cosines=cosines[order])


def _products(asked: Packed, table: Packed) -> NDArray[np.float32]:
    products = np.empty(len(table), np.float32)
    for start in range(0, len(table), _ROWS_AT_ONCE):
        part = table[start : start + _ROWS_AT_ONCE]
        found: Any = numkong.cdist(asked, part, "dot")
        products[start : start + len(part)] = np.asarray(found)[0]
    return products


def _inverse_lengths(packed: Packed) -> NDArray[np.float32]:
    """Return 1 / length of each row; 0 for a row of zeros, whose cosine is then 0."""
    squares = np.empty(len(packed), np.float32)
    for start in range(0, len(packed), _ROWS_AT_ONCE):
        part = packed[start : start + _ROWS_AT_ONCE].astype(np.float32)
        squares[start : start + len(part)] = np.einsum("ij,ij->i", part, part)
    lengths = np.sqrt(squares)
    inverse: NDArray[np.float32] = np.divide(
        1, lengths, out=np.zeros_like(lengths), where=lengths > 0
    )
    return inverse
