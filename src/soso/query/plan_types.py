"""A plan: all that an engine needs to answer."""

from enum import StrEnum

from soso.model.ids import DocId
from soso.model.value import Value
from soso.query.clauses import Clause, Everything


class Sort(StrEnum):
    """The order of results."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    VIEWS = "views"


class Mode(StrEnum):
    """What a query is answered by; without words to compare, and in other sorts, words alone."""

    WORDS = "words"
    MEANING = "meaning"
    BOTH = "both"


class Filter(Value):
    """A condition that gives no score; field names the facet whose counts leave it out."""

    field: str
    clause: Clause


class Plan(Value):
    """What to find, in which order, how many, and what to count.

    full: documents that have all that was asked for. They come first and are what is counted.
    partial: a superset that has some of it; None when everything is required anyway.
    demanded: what must hold of every document, found by its words or by its meaning; part of full
      and of partial already.
    score: what gives documents their BM25 score (need not match all of partial).
    filters: conditions on both. Every facet in facets is counted under all filters but its own.
    after: only with NEWEST, OLDEST and VIEWS: the sort value and document of the last row shown;
      rows strictly behind it come next.
    """

    full: Clause
    partial: Clause | None = None
    score: Clause = Everything()
    demanded: Clause = Everything()
    filters: tuple[Filter, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    after: tuple[int, DocId] | None = None
    facets: tuple[str, ...] = ()
    count: bool = True


class Hit(Value):
    """A document that an engine found.

    score: the engine's, comparable only within one answer. full: whether it has all that was asked.
    order: the value it was sorted by (Sort.NEWEST, OLDEST: fields.ORDER; VIEWS: fields.AUDIENCE).
    at_s, audience: fields.AT and fields.AUDIENCE of the document, for ranking.
    """

    doc: DocId
    score: float = 0.0
    full: bool = True
    order: int = 0
    at_s: int = 0
    audience: int = 0


class Found(Value):
    """An engine's answer.

    total: how many documents satisfy full; if none do, how many satisfy partial, and full is
      False.
    facets: per field its values with counts, of the same documents as total, largest first.
    """

    total: int
    full: bool
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
