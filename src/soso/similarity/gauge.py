"""How like one another posts must be to tell of one event, read off the archive itself. Pure.

Posts that are days apart rarely tell of one event, so what those have in common that are most alike
is what a subject has in common: much in an archive of one subject, little in one of many. Measured
on news of one subject (17,460 posts, and parts of 1,500 and 5,000) and on the sample archive, this
comes within 0.02 of the best fixed number of each (docs/guide/stories.md).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from soso.similarity.tellings import DAY_S, SCALE, Weights

APART_S: Final = 5 * DAY_S
SPAN_S: Final = 3 * DAY_S
"""A post is compared with those that were published so long before it, and so much longer."""

PLACES: Final = 24
PROBES: Final = 20
OTHERS: Final = 2_000
"""At so many places of the archive, so many posts are compared with so many others."""

SHARE: Final = 0.9
"""So many of a hundred posts are not as like any of the others as is needed."""

LEAST: Final = 0.14
MOST: Final = 0.34
FEWEST: Final = 50
USUAL: Final = 0.28
"""What is needed where fewer posts than FEWEST can be compared."""


def likest(probe: Weights, others: Iterable[Weights]) -> float:
    """Return the likeness of the one among others that is most like a telling; 0 without any."""
    best = 0
    for other in others:
        common = sum(weight * other[term] for term, weight in probe.items() if term in other)
        best = max(best, common)
    return best / (SCALE * SCALE)


def choose_need(found: Sequence[float]) -> float:
    """Return how like a story a telling must be, from what likest gave for many that are not."""
    if len(found) < FEWEST:
        return USUAL
    at_share = sorted(found)[int(len(found) * SHARE)]
    return min(max(round(at_share, 3), LEAST), MOST)
