"""What came of measuring a set."""

from soso.evaluation.measures import Interval
from soso.model.value import Value


class Line(Value):
    """How one way of searching did on a set.

    measures: with their confidence. took: p50 and p99 of its queries in milliseconds.
    ahead: how far Soso is ahead of it, query by query; empty for Soso itself.
    """

    name: str
    measures: dict[str, Interval]
    p50_ms: float
    p99_ms: float
    ahead: dict[str, Interval] = {}


class Outcome(Value):
    """What came of a set; related: related posts were asked for instead of searching."""

    name: str
    related: bool
    documents: int
    queries: int
    soso: Line
    baselines: tuple[Line, ...] = ()
