"""Whether a change is worth offering: what speaks for it besides its chance.

Knows a vocabulary and the dictionary; must not know how changes are found (han.py).

The chance alone is a poor judge of queries about things the archive has never heard of: there, any
common word beats any name. So a change is weighed by itself: how much better it is, whether the runs
it makes are said in the archive and whether it makes a word, whether it breaks one, and whether the
archive knows the rest of the query.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import rjieba

from soso.spelling.vocabulary import Vocabulary
from soso.spelling.weights import Judgement

MOST_GAIN: Final = 40.0
HOLDS: Final = 1.0
"""From which bond on a pair is no chance; in a large archive every pair stands somewhere."""
TWIN: Final = 6.0
"""What a slip costs at most between characters alike in sound and shape."""
NO_TRIPLES: Final = 0.6
NO_REST: Final = 0.6
"""What is assumed of a run too short to show it."""


class Change(NamedTuple):
    """typed[start:end] becomes meant[start:end + meant's length - typed's length]; gain in nats."""

    typed: str
    meant: str
    start: int
    end: int
    gain: float
    cost: float

    @property
    def twice(self) -> bool:
        """Whether a character typed twice is left out once."""
        here = self.typed[self.start : self.end]
        beside = self.typed[self.start - 1 : self.start] + self.typed[self.end : self.end + 1]
        return self.until == self.start and len(here) == 1 and here in beside

    @property
    def until(self) -> int:
        """Where the change ends in meant."""
        return self.end + len(self.meant) - len(self.typed)


class Signs(NamedTuple):
    """What is seen of a change.

    gain: nats, at most MOST_GAIN. bond: the loosest of the pairs it makes (Vocabulary.bond).
    triples: which part of the triples it makes is said. known: which part of the rest of the query
    holds together in the archive. makes_word, breaks_word: whether what is meant is in dictionary
    words, and what was typed. uneven: whether there are more or fewer characters than before.
    cost: of the slip, a character.
    """

    gain: float
    bond: float
    triples: float
    known: float
    makes_word: float
    breaks_word: float
    uneven: float
    cost: float


def find_signs(change: Change, vocabulary: Vocabulary, *, least: int = 1) -> Signs:
    """Return what is seen of a change. least: posts from which something is said. Raises nothing."""
    meant = tuple(map(vocabulary.number, change.meant))
    start, until = change.start, change.until
    first, last = max(0, start - 1), min(len(meant) - 1, until)
    bonds = [vocabulary.bond(*meant[n : n + 2]) for n in range(first, last)]
    triples = [
        vocabulary.triple(*meant[n : n + 3]) >= least
        for n in range(max(0, start - 2), min(len(meant) - 2, until))
    ]
    cost = change.cost / max(1, change.end - change.start)
    around = words_of(change.meant)[start:until] or words_of(change.meant)[first : until + 1]
    return Signs(
        gain=min(change.gain, MOST_GAIN),
        bond=min(bonds, default=0.0),
        triples=sum(triples) / len(triples) if triples else NO_TRIPLES,
        known=_known(change, vocabulary),
        makes_word=float(all(around)),
        breaks_word=_breaks_word(change, cost),
        uneven=float(len(change.typed) != len(change.meant) and not change.twice),
        cost=cost,
    )


def weigh(signs: Signs, judgement: Judgement) -> float:
    """Return what speaks for a change; above 0 it is worth offering."""
    return (
        judgement.gain * signs.gain
        + judgement.bond * signs.bond
        + judgement.triples * signs.triples
        + judgement.known * signs.known
        + judgement.makes_word * signs.makes_word
        + judgement.breaks_word * signs.breaks_word
        + judgement.uneven * signs.uneven
        + judgement.cost * signs.cost
        - judgement.enough
    )


def _breaks_word(change: Change, cost: float) -> float:
    """Dictionaries have common misspellings, of same sound and alike shape (慧星), too."""
    if not any(words_of(change.typed)[change.start : change.end]):
        return 0.0
    return 0.15 if cost < TWIN else 1.0


def _known(change: Change, vocabulary: Vocabulary) -> float:
    """Return which part of the query beside the change the archive knows, 0 to 1."""
    typed = tuple(map(vocabulary.number, change.typed))
    places = [n for n in range(len(typed) - 1) if not change.start - 1 <= n < change.end]
    if not places:
        return NO_REST
    return sum(vocabulary.bond(*typed[n : n + 2]) > HOLDS for n in places) / len(places)


@lru_cache(maxsize=256)
def words_of(run: str) -> tuple[bool, ...]:
    """Return for each character whether it is part of a dictionary word of several characters."""
    found: list[bool] = []
    for word in rjieba.cut(run, False):
        found += [len(word) > 1] * len(word)
    return tuple(found)
