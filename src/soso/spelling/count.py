"""Counting: in how many posts each run of one, two or three characters stands, and each word.

Knows what of a folded text is counted; must not know how counts are kept or what they are for.
Memory is bounded: when a table is full, its rarest entries are forgotten, as in lossy counting, so
what is left may be counted a little too low but never too high.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final

from soso.model.value import Value
from soso.text.normalize import fold_chars_text
from soso.text.tables import HAN, HANGUL, HIRAGANA, KATAKANA

LONGEST_TEXT: Final = 600
"""Characters of a text that are counted; the rest of a long one says little that is new."""
SHORTEST_WORD: Final = 3
LONGEST_WORD: Final = 32

RUN: Final = re.compile(f"[{HAN}{HIRAGANA}{KATAKANA}{HANGUL}]+")
WORD: Final = re.compile(rf"[^\W\d_]{{{SHORTEST_WORD},{LONGEST_WORD}}}")
_SLICE: Final = 5_000
_LINK: Final = re.compile(r"\S*(?:://|t\.me/|www\.)\S*|@\w+")


class Limits(Value):
    """How many different entries are counted at once; about 100 bytes each."""

    pairs: int = 250_000
    triples: int = 500_000
    words: int = 100_000


class Counts(Value):
    """In how many texts each stands. texts: how many were read.

    chars, pairs, triples: runs of Han characters, kana and hangul, folded by character.
    words: of other scripts, folded, at least SHORTEST_WORD letters.
    """

    texts: int
    chars: Mapping[str, int]
    pairs: Mapping[str, int]
    triples: Mapping[str, int]
    words: Mapping[str, int]


class RunCounter:
    """Counts texts one by one; see Counts."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._texts = 0
        self._chars: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        self._triples: Counter[str] = Counter()
        self._words: Counter[str] = Counter()

    def add(self, texts: Iterable[str], weight: int = 1) -> None:
        """Count the texts of one post or chat; what stands in it twice counts once.

        weight: as how many posts it counts, for names that are to be known from one place.
        """
        chars: set[str] = set()
        pairs: set[str] = set()
        triples: set[str] = set()
        words: set[str] = set()
        for text in texts:
            folded = fold_chars_text(_LINK.sub(" ", text[:LONGEST_TEXT]))
            for run in RUN.findall(folded):
                chars.update(run)
                pairs.update(map(str.__add__, run, run[1:]))
                triples.update(run[n : n + 3] for n in range(len(run) - 2))
            words.update(WORD.findall(RUN.sub(" ", folded)))
        self._texts += 1
        for counter, found in (
            (self._chars, chars),
            (self._pairs, pairs),
            (self._triples, triples),
            (self._words, words),
        ):
            if weight == 1:
                counter.update(found)
            else:
                counter.update(dict.fromkeys(found, weight))
        self._prune()

    def counts(self) -> Counts:
        """Return what was counted so far; not a copy."""
        return Counts(
            texts=self._texts,
            chars=self._chars,
            pairs=self._pairs,
            triples=self._triples,
            words=self._words,
        )

    def _prune(self) -> None:
        if len(self._triples) > self._limits.triples:
            self._triples = forget_rare(self._triples, self._limits.triples // 2)
        if len(self._pairs) > self._limits.pairs:
            self._pairs = forget_rare(self._pairs, self._limits.pairs // 2)
        if len(self._words) > self._limits.words:
            self._words = forget_rare(self._words, self._limits.words // 2)


def forget_rare(
    counter: Mapping[str, int], most: int, breathe: Callable[[], None] = lambda: None
) -> Counter[str]:
    """Return the entries above the lowest count that leaves at most so many.

    breathe: called every few thousand entries, to let other threads work.
    """
    least = 1
    sizes: Counter[int] = Counter()
    values = iter(counter.values())
    while some := list(islice(values, _SLICE)):
        sizes.update(some)
        breathe()
    left = len(counter)
    while left > most:
        left -= sizes[least]
        least += 1
    kept: Counter[str] = Counter()
    entries = iter(counter.items())
    while few := list(islice(entries, _SLICE)):
        dict.update(kept, {entry: count for entry, count in few if count >= least})
        breathe()
    return kept
