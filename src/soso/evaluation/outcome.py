"""What came of measuring a set."""

from soso.evaluation.measures import Interval
from soso.model.value import Value


class Answers(Value):
    """What a way of searching answered: query -> documents, best first; and how long it took."""

    rankings: dict[str, list[str]]
    took_ms: tuple[float, ...]


class Line(Value):
    """How one way of searching did on a set.

    measures: with their confidence. p50_ms, p99_ms: of its queries.
    ahead: how far Soso is ahead of it, query by query; empty for Soso itself.
    """

    name: str
    measures: dict[str, Interval]
    p50_ms: float
    p99_ms: float
    ahead: dict[str, Interval] = {}


class Placed(Value):
    """A document in a ranking. grade: None if nobody judged it for this query."""

    document: str
    title: str
    grade: int | None


class Pair(Value):
    """A query that two configurations answered: nDCG@10 and the first documents of each."""

    query: str
    text: str
    ours: float
    theirs: float
    our_first: tuple[Placed, ...]
    their_first: tuple[Placed, ...]


class Comparison(Value):
    """One configuration held against another, by nDCG@10 of each query.

    line: the other one; line.ahead is the mean difference. worst: where it is most ahead of ours;
    best: where ours is. Ties are in neither.
    """

    line: Line
    wins: int
    losses: int
    ties: int
    worst: tuple[Pair, ...]
    best: tuple[Pair, ...]


class Outcome(Value):
    """What came of a set. related: related posts were asked for instead of searching.

    documents: 0 where the archive was there already. judged: which share of what was found has been
    judged; judgements of few documents say little about a ranking that finds others.
    """

    name: str
    related: bool
    documents: int
    queries: int
    soso: Line
    baselines: tuple[Line, ...] = ()
    comparison: Comparison | None = None
    judged: float = 1.0
