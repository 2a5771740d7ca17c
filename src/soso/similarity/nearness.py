"""How near posts lie in meaning, beside how near any two posts lie.

Knows vectors. Must not know what made them, nor posts. Pure.

A model crowds all texts into a narrow cone, so a plain cosine of two strangers is 0.85 and that of
twins 0.95. Two things put that right: the mean of many posts is taken off before comparing, and what
is near to everything (a short exclamation, a list of links) counts for less near to one.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from soso.similarity.vectors import Vectors, unpack_vectors

CROWD: Final = 10
"""How many of its nearest among the candidates say how crowded the place of a post is."""

Key = TypeVar("Key")


class Nearness(NamedTuple):
    """meaning: 1 for the same text, about 0 for strangers. crowd: the same to those around it."""

    meaning: float
    crowd: float


def mean_of(rows: Sequence[NDArray[np.int8]]) -> Vectors:
    """Return the mean of documents, of each first that of its passages. rows: at least one."""
    mean: Vectors = _directions(rows).mean(axis=0)
    return mean


def compare(
    subject: NDArray[np.int8], others: Mapping[Key, NDArray[np.int8]], *, mean: Vectors
) -> dict[Key, Nearness]:
    """Return how near others are to a subject. Each is given as its passages, packed, one or more.

    mean: of many posts, see mean_of. O(len(others)²), a millisecond for 200.
    """
    if not others:
        return {}
    every = _unit(_directions([subject, *others.values()]) - mean)
    among = every[1:] @ every[1:].T
    np.fill_diagonal(among, -1)
    count = min(CROWD, len(others) - 1)
    crowd = np.zeros(len(others), np.float32)
    if count:
        crowd = np.partition(among, -count, axis=1)[:, -count:].mean(axis=1)
    near = every[1:] @ every[0]
    return {
        key: Nearness(one, around)
        for key, one, around in zip(others, near.tolist(), crowd.tolist(), strict=True)
    }


def _directions(rows: Sequence[NDArray[np.int8]]) -> Vectors:
    """Of each document the mean of its passages, of unit length."""
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    return _unit(np.add.reduceat(unpack_vectors(np.concatenate(rows)), starts, axis=0))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
