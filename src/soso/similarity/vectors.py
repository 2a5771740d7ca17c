"""Vectors kept small, and compared.

Knows how unit vectors become bytes and back, and the product of bytes; must not know what the
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

LARGEST: Final = 127
_ROWS_AT_ONCE: Final = 32_768
"""The product holds the interpreter's lock; between two runs of it, a millisecond, others get on."""

Packed = NDArray[np.int8]
"""Vectors as they are kept, shape (vectors, dimension)."""

Vectors = NDArray[np.float32]


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
    vectors: Vectors = wide * inverse_lengths(packed)[:, None]
    return vectors


def read_packed(rows: bytes, *, dimension: int) -> Packed:
    """Return the vectors whose bytes lie one behind the other. Raises BadInput for another size."""
    if dimension < 1 or len(rows) % dimension:
        raise BadInput(f"{len(rows)} bytes are not vectors of {dimension} numbers")
    return np.frombuffer(rows, np.int8).reshape(-1, dimension)


def products(asked: Packed, table: Packed) -> NDArray[np.float32]:
    """Return the dot products of one vector, shape (1, dimension), with every row of a table."""
    products = np.empty(len(table), np.float32)
    for start in range(0, len(table), _ROWS_AT_ONCE):
        part = table[start : start + _ROWS_AT_ONCE]
        found: Any = numkong.cdist(asked, part, "dot")
        products[start : start + len(part)] = np.asarray(found)[0]
    return products


def inverse_lengths(packed: Packed) -> NDArray[np.float32]:
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
