"""Whether two texts are the same one, dressed differently.

Knows only letters; what a channel puts around a text is left out before (segments.py). Pure.
The numbers were chosen from the overlaps of labelled pairs; `python -m benchmarks.copies` measures
them (docs/guide/copies.md says on what).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

LONG: Final = 60
"""Texts of fewer letters are copies only when equal: in them one word more is another statement."""

GRAM: Final = 5
GRAM_OF_ALPHABETS: Final = 10
"""A run of so many letters rarely stands in two texts by chance; an alphabet's letter says less."""

OVERLAP: Final = 0.5
OVERLAP_OF_SHORT: Final = 0.65
SURE_LENGTH: Final = 200
"""The share of the shorter text's runs that a copy holds: falls from the one at LONG letters to the
other at SURE_LENGTH."""

NEARLY_ALL: Final = 0.8
HALF: Final = 0.35
"""Where less than NEARLY_ALL is shared, this much of the first half must be: two texts that have
only their end in common share an advertisement."""

SHORTEST_SHARE: Final = 0.4
"""A copy keeps at least this much of the length; or it is the other's beginning, as below. Two items
of a digest can't both be it then."""

BEGINNING: Final = 100
SHORTEST_BEGINNING: Final = 0.1
LEAD: Final = 60
"""A beginning has so many letters, this share of the whole, and stands at most LEAD letters in."""

CJK: Final = "\u2e7f"
"""Above it letters stand for syllables or words."""


class Print:
    """What a text is compared by. letters: folded, without white space and punctuation."""

    __slots__ = ("__dict__", "letters")

    def __init__(self, letters: str) -> None:
        self.letters = letters

    @cached_property
    def grams(self) -> frozenset[str]:
        """The runs of letters in it."""
        return frozenset(runs(self.letters, GRAM, GRAM_OF_ALPHABETS))


def print_of(chars: Sequence[str]) -> Print:
    """Return the print of folded characters without white space and punctuation."""
    return Print("".join(chars))


def runs(letters: str, cjk: int, alphabet: int) -> list[str]:
    """Return the run that begins at each letter: cjk letters long, or alphabet where it is none.

    Those that the end cuts to fewer than cjk letters are left out.
    """
    return [
        letters[place : place + (cjk if char > CJK else alphabet)]
        for place, char in enumerate(letters[: max(len(letters) - cjk + 1, 0)])
    ]


def is_copy(first: Print, second: Print) -> bool:
    """Whether one text is the other, perhaps cut, signed, with a headline or a changed fact.

    Symmetric. O(len of both).
    """
    return overlap(first, second) > 0


def overlap(first: Print, second: Print) -> float:
    """Return how much of the shorter text a copy holds, 0 < share <= 1; 0 for what is no copy."""
    if first.letters == second.letters:
        return 1.0
    short, long = sorted((first, second), key=lambda one: (len(one.letters), one.letters))
    length = len(short.letters)
    if length < LONG:
        return 0.0
    if length < SHORTEST_SHARE * len(long.letters):
        return _as_beginning(short, long)
    share = _share(short.grams, long.grams)
    if share < _least(length):
        return 0.0
    if share < NEARLY_ALL and not _starts_alike(short, long):
        return 0.0
    return share


def _least(length: int) -> float:
    rest = max(0.0, (SURE_LENGTH - length) / (SURE_LENGTH - LONG))
    return OVERLAP + (OVERLAP_OF_SHORT - OVERLAP) * rest


def _starts_alike(short: Print, long: Print) -> bool:
    half = runs(short.letters[: len(short.letters) // 2], GRAM, GRAM_OF_ALPHABETS)
    return _share(frozenset(half), long.grams) >= HALF


def _as_beginning(short: Print, long: Print) -> float:
    length = len(short.letters)
    if length < max(BEGINNING, SHORTEST_BEGINNING * len(long.letters)):
        return 0.0
    start = long.letters[: length + LEAD]
    share = _share(short.grams, frozenset(runs(start, GRAM, GRAM_OF_ALPHABETS)))
    return share if share >= NEARLY_ALL else 0.0


def _share(small: frozenset[str], large: frozenset[str]) -> float:
    return len(small & large) / len(small) if small else 0.0
