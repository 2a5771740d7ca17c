"""The terms that tell a post apart from others, and the plan that finds posts with the same."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from soso.model.value import Value
from soso.query.clauses import AnyOf, Boost, Clause, Term
from soso.query.plan_types import Filter, Plan
from soso.schema import fields

MOST_TERMS: Final = 60
SINGLE_WEIGHT: Final = 0.5
"""A word of one Han character is a name's part or a particle more often than a subject."""

TITLE_WEIGHT: Final = 1.5
SMALL_NUMBER: Final = 3  # digits: 23 and 150 stand anywhere, 1984 and 4090 may name something
SMALL_NUMBER_WEIGHT: Final = 0.4
_HAN: Final = "\u2e7f"
COMMONEST_SHARE: Final = 0.2  # a term in more of the archive than this says nothing


class TellingTerm(Value):
    """A term with how much it tells: saturated frequency times inverse document frequency."""

    field: str
    term: str
    weight: float
    boost: float  # the part that BM25 does not know: frequency and place in this post

    def weighed(self, factor: float) -> "TellingTerm":
        """The term, counting for so much more or less."""
        return msgspec.structs.replace(self, weight=self.weight * factor, boost=self.boost * factor)


def telling_terms(
    words: Sequence[str],
    title: Sequence[str],
    doc_freqs: Callable[[str, Sequence[str]], Sequence[int]],
    *,
    documents: int,
    field: str = fields.WORDS,
    most: int = MOST_TERMS,
) -> list[TellingTerm]:
    """Return the most telling terms of a post, the most telling first.

    words, title: its analyzed terms. doc_freqs: how many documents have each, this one included;
    terms that only this post has find nothing and are left out, as are very common ones; small
    numbers and single characters count for less.
    """
    counts = Counter(words)
    terms = list(counts)
    in_title = set(title)
    found: list[TellingTerm] = []
    for term, frequency in zip(terms, doc_freqs(field, terms), strict=True):
        if frequency < 2 or frequency > max(documents * COMMONEST_SHARE, 10):
            continue
        rarity = math.log1p((documents - frequency + 0.5) / (frequency + 0.5))
        count = counts[term]
        boost = count * 2.2 / (count + 1.2) * (TITLE_WEIGHT if term in in_title else 1.0)
        if term.isdecimal() and len(term) <= SMALL_NUMBER:
            boost *= SMALL_NUMBER_WEIGHT
        elif len(term) == 1 and term > _HAN:
            boost *= SINGLE_WEIGHT
        found.append(TellingTerm(field=field, term=term, weight=boost * rarity, boost=boost))
    found.sort(key=lambda term: (-term.weight, term.term))
    return found[:most]


def alike_plan(
    terms: Sequence[TellingTerm], *, filters: Sequence[Filter], limit: int
) -> Plan | None:
    """Return the plan that finds what shares the terms, None when there are none."""
    if not terms:
        return None
    clauses: list[Clause] = [
        Boost(clause=Term(field=term.field, term=term.term), factor=term.boost) for term in terms
    ]
    anything = AnyOf(clauses=tuple(clauses))
    return Plan(full=anything, score=anything, filters=tuple(filters), limit=limit, count=False)
