"""Whether two texts are the same one, dressed differently."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

SHORTEST: Final = 12
"""Texts of fewer characters are copies only when equal."""

OVERLAP: Final = 0.8
"""The share of the shorter text's pairs that a copy holds."""


def pairs_of(chars: Sequence[str]) -> frozenset[str]:
    """Return the pairs of neighbouring folded characters of a text."""
    return frozenset(first + second for first, second in pairwise(chars))


def is_copy(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one text is the other, perhaps cut, signed or with a headline.

    first, second: folded characters without white space and punctuation.
    """
    if min(len(first), len(second)) < SHORTEST:
        return list(first) == list(second)
    one, other = pairs_of(first), pairs_of(second)
    return len(one & other) >= OVERLAP * min(len(one), len(other))
