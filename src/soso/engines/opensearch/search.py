"""A plan's answer.

Knows plans, and which searches answer them; must not know builds or connections' failures. At most
two rounds: what has all that was asked for with all the counts, then the rest if the page wants it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from soso.engines.opensearch.compile import Query, compile_ranked, compile_unscored
from soso.engines.opensearch.mapping import MOST_HITS
from soso.engines.rules import NUMBER_END, SORT_FIELD, cut_facet, facet_size
from soso.model.ids import DocId
from soso.query.clauses import Clause, Not
from soso.query.plan_types import Found, Hit, Plan, Sort
from soso.schema.fields import AT, AUDIENCE, DOC

_FACET_FETCH: Final = 5_000
"""How many values each shard counts; with more in one shard, small counts may be too small."""

Answer = dict[str, Any]
Facets = dict[str, tuple[tuple[str, int], ...]]


Ask = Callable[[Sequence[Query]], list[Answer]]
"""Answers several searches at once."""


class Search:
    """One plan, checked already."""

    def __init__(self, plan: Plan, ask: Ask) -> None:
        self._plan = plan
        self._ask = ask
        self._limit = max(0, min(plan.limit, MOST_HITS))
        self._field = SORT_FIELD[plan.sort]
        self._filters = tuple(filter_.clause for filter_ in plan.filters)

    def answer(self) -> Found:
        """Answer the plan; without plan.count, total may stop at the number of hits."""
        plan = self._plan
        first, *counts = self._ask([self._page(plan.full, self._limit), *self._counts(plan.full)])
        hits, total = self._hits(first, full=True), _total(first)
        if total > 0 or plan.partial is None:
            more = self._limit - len(hits)
            if plan.sort is Sort.RELEVANCE and plan.partial is not None and more:
                hits += self._rest(plan.partial, more)
            return self._found(total, hits, self._facets([first, *counts]), full=True)
        first, *counts = self._ask(
            [self._page(plan.partial, self._limit), *self._counts(plan.partial)]
        )
        hits = self._hits(first, full=False)
        return self._found(_total(first), hits, self._facets([first, *counts]), full=False)

    def _found(self, total: int, hits: list[Hit], facets: Facets, *, full: bool) -> Found:
        return Found(
            total=max(total, sum(hit.full is full for hit in hits)),
            full=full,
            hits=tuple(hits),
            facets=facets,
        )

    def _rest(self, partial: Clause, limit: int) -> list[Hit]:
        """Return the best of those that have some of it and not all."""
        body = self._body((partial, Not(clause=self._plan.full), *self._filters), limit)
        (found,) = self._ask([body | {"track_total_hits": False}])
        return self._hits(found, full=False)

    def _page(self, tier: Clause, limit: int) -> Query:
        """Return the search for the hits, which also counts the facets that no filter is on."""
        body = self._body((tier, *self._filters), limit)
        filtered = {filter_.field for filter_ in self._plan.filters}
        return body | _aggregations([f for f in self._plan.facets if f not in filtered])

    def _counts(self, tier: Clause) -> list[Query]:
        """Return a search for each facet that is counted without a filter of its own."""
        bodies = []
        for name in self._filtered_facets():
            others = (f.clause for f in self._plan.filters if f.field != name)
            query = compile_unscored((tier, *others))
            bodies.append({"size": 0, "query": query} | _aggregations([name]))
        return bodies

    def _filtered_facets(self) -> list[str]:
        filtered = {filter_.field for filter_ in self._plan.filters}
        return [name for name in dict.fromkeys(self._plan.facets) if name in filtered]

    def _body(self, clauses: tuple[Clause, ...], limit: int) -> Query:
        plan = self._plan
        ranked = plan.sort is Sort.RELEVANCE
        body: Query = {
            "query": compile_ranked(clauses, plan.score) if ranked else compile_unscored(clauses),
            "size": limit,
            "sort": self._sort(),
            "track_total_hits": plan.count or plan.partial is not None,
            "docvalue_fields": list({DOC, self._field, AT, AUDIENCE}),
        }
        if plan.after is not None:
            body["search_after"] = [_within(number) for number in plan.after]
        return body

    def _sort(self) -> list[dict[str, Any]]:
        if self._plan.sort is Sort.RELEVANCE:
            return [{"_score": {"order": "desc"}}, {DOC: {"order": "desc"}}]
        order = "asc" if self._plan.sort is Sort.OLDEST else "desc"
        # A missing number counts as 0, here as in every engine.
        return [{self._field: {"order": order, "missing": 0}}, {DOC: {"order": order}}]

    def _hits(self, found: Answer, *, full: bool) -> list[Hit]:
        ranked = self._plan.sort is Sort.RELEVANCE
        hits = []
        for row in found["hits"]["hits"]:
            numbers = {name: values[0] for name, values in row.get("fields", {}).items()}
            hits.append(
                Hit(
                    doc=DocId(numbers[DOC]),
                    score=float(row["sort"][0]) if ranked else 0.0,
                    full=full,
                    order=numbers.get(self._field, 0),
                    at_s=numbers.get(AT, 0),
                    audience=numbers.get(AUDIENCE, 0),
                )
            )
        return hits

    def _facets(self, answers: Sequence[Answer]) -> Facets:
        counted: dict[str, dict[str, int]] = {}
        for answer in answers:
            for name, found in answer.get("aggregations", {}).items():
                counted[name] = {b["key"]: b["doc_count"] for b in found["buckets"]}
        return {name: cut_facet(name, counted[name]) for name in self._plan.facets}


def _aggregations(names: Sequence[str]) -> Query:
    if not names:
        return {}
    return {
        "aggs": {
            name: {"terms": {"field": name, "size": facet_size(name), "shard_size": _FACET_FETCH}}
            for name in names
        }
    }


def _total(found: Answer) -> int:
    total = found["hits"].get("total")
    return len(found["hits"]["hits"]) if total is None else int(total["value"])


def _within(number: int) -> int:
    return max(-1, min(number, NUMBER_END - 1))
