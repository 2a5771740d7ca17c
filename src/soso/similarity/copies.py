"""Whether two texts are the same one, dressed differently."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

SHORTEST: Final = 12
"""Texts of fewer characters are copies only when equal."""

SHORT: Final = 60
OVERLAP: Final = 0.8
OVERLAP_OF_SHORT: Final = 0.9
"""The share of the shorter text's pairs that a copy holds; more of it where that one is short."""


class Print(NamedTuple):
    """What a text is compared by, made once for each."""

    letters: str
    pairs: frozenset[tuple[str, str]]


def print_of(chars: Sequence[str]) -> Print:
    """Return the print of folded characters without white space and punctuation."""
    return Print("".join(chars), frozenset(pairwise(chars)))


def is_copy(first: Print, second: Print) -> bool:
    """Whether one text is the other, perhaps cut, signed or with a headline."""
    length = min(len(first.letters), len(second.letters))
    if length < SHORTEST:
        return first.letters == second.letters
    least = min(len(first.pairs), len(second.pairs))
    overlap = OVERLAP_OF_SHORT if length < SHORT else OVERLAP
    return len(first.pairs & second.pairs) >= overlap * least
