"""What of a post tells which event it is about: its terms, and how much each of them says.

Knows numbers of terms and how often they are used. Must not know text, stories or the store. Pure.
The numbers stand in the store and are the same on every machine; VERSION says which they are.
"""

from array import array
from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from soso.model.ids import ChatKey, PostKey

VERSION: Final = 1
"""Raised when the same post gives other terms than before: all tellings are made anew then."""

BITS: Final = 22
"""Terms are known by so many bits of a checksum. Two of them rarely meet: a post has 60 of 4 million."""

SCALE: Final = 4_096
"""Weights are whole numbers, a telling's length SCALE: sums can then be taken back exactly."""

TITLE: Final = 4
LEAD: Final = 2
REST: Final = 1
"""What a term counts for by where it stands, in halves."""

MOST_TERMS: Final = 96
FEWEST_TERMS: Final = 5
"""A post with fewer different terms says too little to know its event by: it stays alone."""

SMALL_NUMBER: Final = 0.4
"""23 and 150 stand anywhere; 1984 and 4090 may name something."""

DAYS_SHARE: Final = 0.75
"""How much the number of days on which a term stands counts beside that of posts."""

DAY_S: Final = 86_400

_MASK: Final = (1 << BITS) - 1
_FIRST_DAY: Final = -(2**31) + 1
_LAST_DAY: Final = 2**31 - 1
_SMALL: Final = 1 << 31
_MOST: Final = 255

Weights = dict[int, int]
"""A telling as a vector: number of a term -> weight."""


class Telling(NamedTuple):
    """A post as stories are found by.

    at_s: seconds since 1970; tie orders what was published at once, whatever the order it came in.
    cluster: the same number for copies. terms: see pack_terms; empty for one that can't be told.
    vector: one packed vector of its meaning, or empty.
    """

    key: PostKey
    chat: ChatKey
    at_s: int
    tie: int
    cluster: int
    terms: bytes
    vector: bytes = b""

    @property
    def rank(self) -> tuple[int, int, int]:
        """Earlier ones come first."""
        return self.at_s, self.tie, self.key


class Counts(NamedTuple):
    """How many posts there are, and how common each term is: see count_terms."""

    posts: int
    by_term: NDArray[np.float32]


def pack_terms(parts: Iterable[tuple[Sequence[str], int]]) -> bytes:
    """Return the terms of a post as bytes: those that count most, at most MOST_TERMS.

    parts: words and what each of them counts for (TITLE, LEAD, REST). Of each term 32 bits: whether
    it is a small number, how much it counts in halves, its number.
    """
    counted: dict[int, int] = {}
    small: set[int] = set()
    for words, halves in parts:
        for word in words:
            term = crc32(word.encode("utf-8", "surrogatepass")) & _MASK
            counted[term] = counted.get(term, 0) + halves
            if len(word) <= 3 and word.isdecimal():
                small.add(term)
    kept = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:MOST_TERMS]
    return array(
        "I", [(term in small) * _SMALL | min(count, _MOST) << BITS | term for term, count in kept]
    ).tobytes()


def count_terms(tellings: Iterable[tuple[int, bytes]]) -> Counts:
    """Return how common each term is. 48 MB while it counts, whatever the number of posts.

    tellings: when each was published, in seconds since 1970 and rising order, and its terms. Common
    is what stands in many posts, and more so on many days: a name that stood in a hundred posts of
    two days tells more than a word that stood in ten of ten days.
    """
    posts = np.zeros(_MASK + 1, np.int32)
    days = np.zeros(_MASK + 1, np.int32)
    last = np.zeros(_MASK + 1, np.int32)
    total = 0
    for at_s, terms in tellings:
        total += 1
        numbers = np.frombuffer(terms, np.uint32) & _MASK
        posts[numbers] += 1  # each stands in it once
        day = min(max(at_s // DAY_S, _FIRST_DAY), _LAST_DAY)
        days[numbers] += (last[numbers] != day) | (days[numbers] == 0)
        last[numbers] = day
    used = np.flatnonzero(posts)
    common = posts[used] ** (1 - DAYS_SHARE) * days[used] ** DAYS_SHARE
    return counts_of(total, used.astype(np.uint32), common.astype(np.float32))


def counts_of(posts: int, numbers: NDArray[np.uint32], common: NDArray[np.float32]) -> Counts:
    """Return counts from the terms that are used and how common each is."""
    by_term = np.zeros(_MASK + 1, np.float32)
    by_term[numbers & _MASK] = common
    return Counts(posts, by_term)


def weigh(terms: bytes, counts: Counts) -> Weights:
    """Return the weights of a telling, the largest first; empty for one with too few terms."""
    packed = np.frombuffer(terms, np.uint32)
    if len(packed) < FEWEST_TERMS:
        return {}
    numbers = packed & _MASK
    halves = (packed >> BITS) & _MOST
    found = counts.by_term[numbers]
    small = packed >= _SMALL
    raw: list[tuple[float, int]] = []
    rows: Any = zip(numbers.tolist(), halves.tolist(), found.tolist(), small.tolist(), strict=True)
    for term, half, posts, is_small in rows:
        often = 1 + log(half / 2) if half > 1 else 0.5
        weight = often * log((counts.posts + 2) / (posts + 1))
        raw.append((weight * SMALL_NUMBER if is_small else weight, term))
    length = sqrt(sum(weight * weight for weight, _ in raw))
    if length <= 0:
        return {}
    raw.sort(key=lambda item: (-item[0], item[1]))
    return {term: whole for weight, term in raw if (whole := round(weight * SCALE / length)) > 0}
