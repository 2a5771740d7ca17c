"""Which of a story's posts says best what all of them say. Pure."""

from collections import Counter
from collections.abc import Sequence
from math import log2
from typing import Final

import numpy as np

from soso.similarity.tellings import BITS, TITLE

_TERM: Final = (1 << BITS) - 1
_COUNT: Final = 255


def order_by_centrality(tellings: Sequence[bytes]) -> list[int]:
    """Return the places of tellings, the most central first; of equals the earlier place.

    tellings: packed terms (similarity/tellings.py). Central is the one whose title has most terms
    that others use too, each by how many do, and few that nobody else does.
    """
    titles, alls = zip(*map(_terms_of, tellings), strict=True) if tellings else ((), ())
    using = Counter(term for terms in alls for term in terms)
    scores = [
        sum(log2(using[term]) for term in title) / (len(title) + 4) ** 0.5 for title in titles
    ]
    return sorted(range(len(tellings)), key=lambda place: (-scores[place], place))


def _terms_of(packed: bytes) -> tuple[set[int], set[int]]:
    """Return the terms of a title and of all of a post."""
    numbers = np.frombuffer(packed, np.uint32)
    terms = (numbers & _TERM).tolist()
    counts = ((numbers >> BITS) & _COUNT).tolist()
    return {term for term, count in zip(terms, counts, strict=True) if count >= TITLE}, set(terms)
