"""How good a ranking is: nDCG@10, MRR@10, Recall@10, and how sure that number is.

Knows ir-measures; must not know where rankings come from. The measures are those of trec_eval by
way of ir-measures (Apache-2.0, released in 2025, kept by the makers of PyTerrier): 60 kB and the
bindings pytrec-eval-terrier, 300 kB, with wheels. They ask for numpy and scipy, of which only numpy
is imported. ranx computes the same, and brings numba, pandas, seaborn and fastparquet.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Final

from soso.model.errors import BadInput
from soso.model.value import Value

DEPTH: Final = 10
NAMES: Final = ("ndcg@10", "mrr@10", "recall@10")
_OURS: Final = {"nDCG@10": "ndcg@10", "RR@10": "mrr@10", "R@10": "recall@10"}
NEEDED: Final = {"ir_measures": "ir-measures>=0.4.3,<0.5", "numpy": "numpy>=2"}
"""Modules that measuring imports, and what to install for them."""
RESAMPLES: Final = 2_000
SEED: Final = 0

Scores = Mapping[str, Sequence[float]]
"""Measure -> its value for each query, in the order the queries were given."""


class Interval(Value):
    """A mean over queries, and where it lies with 95% confidence."""

    mean: float
    low: float
    high: float


def check_measures() -> None:
    """Raise BadInput, with the command that mends it, if a package for measuring is missing.

    Asked before anything is imported: a set may take minutes until there is something to measure.
    """
    missing = [package for name, package in NEEDED.items() if find_spec(name) is None]
    if missing:
        packages = " ".join(f"'{package}'" for package in missing)
        raise BadInput(f"measuring needs more packages: {sys.executable} -m pip install {packages}")


def measure(
    grades: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, list[float]]:
    """Return each measure's value for every query of rankings, in their order.

    rankings: query -> documents, best first; only the first DEPTH count. An empty one scores 0.
    grades: 0 is not relevant; nDCG takes the grade itself as gain, as trec_eval does.
    Raises BadInput when a package is missing.
    """
    check_measures()
    import ir_measures  # 35 ms and 20 MB, which only this command should pay for

    run = {
        query: {doc: float(DEPTH - place) for place, doc in enumerate(docs[:DEPTH])}
        for query, docs in rankings.items()
    }
    judged = {query: dict(grades[query]) for query in rankings}
    asked = [ir_measures.parse_measure(name) for name in _OURS]
    places = {query: place for place, query in enumerate(rankings)}
    values = {name: [0.0] * len(places) for name in NAMES}
    for metric in ir_measures.iter_calc(asked, judged, run):
        values[_OURS[str(metric.measure)]][places[metric.query_id]] = metric.value
    return values


def interval(values: Sequence[float], *, seed: int = SEED) -> Interval:
    """Return the mean with its bootstrap interval over queries; the same values give the same one.

    values: one a query, at least one.
    """
    import numpy

    array = numpy.asarray(values, dtype=numpy.float64)
    drawn = numpy.random.default_rng(seed)
    means = numpy.empty(RESAMPLES)
    for place in range(RESAMPLES):  # one at a time: 2,000 x 7,000 indexes at once are 112 MB
        means[place] = array[drawn.integers(0, array.size, array.size)].mean()
    low, high = numpy.percentile(means, (2.5, 97.5))
    return Interval(mean=float(array.mean()), low=float(low), high=float(high))


def difference(ours: Sequence[float], theirs: Sequence[float], *, seed: int = SEED) -> Interval:
    """Return how much better ours is, query by query: above 0 with low above 0 is a win for sure.

    Both sequences are over the same queries in the same order.
    """
    pairs = zip(ours, theirs, strict=True)
    return interval([one - other for one, other in pairs], seed=seed)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that the given share of values does not exceed (nearest rank); 0 of none."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else 0.0
