"""A plan answered from one view of the index.

Knows plans, orders and how to page exactly; must not know folders, locks or failures (ValueErrors
and panics leave as they are).

Full documents come first because they are asked for first: two searches, of the full and of the
rest, give exact tiers and exact scores. One search with a constant added to full documents takes
as long (p99 1.15 against 1.04 ms at 50,000 posts) and costs the scores their last digits.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any, Final

from tantivy import DocAddress, Order, Query, Schema, Searcher

from soso.engines.rules import SORT_FIELD, cut_facet
from soso.engines.tantivy.compile import compile_ranked, compile_unscored
from soso.model.ids import DocId
from soso.query.clauses import AllOf, Boost, Clause, Everything, Not, Nothing, OneOf, Range
from soso.query.plan_types import Found, Hit, Plan, Sort
from soso.schema.fields import AT, AUDIENCE, DOC

_SLACK: Final = 64
_MOST_TIED: Final = 20_000
"""How far into documents of the very same score the search looks for the highest ids."""

_FACET_FETCH: Final = 200
_FACET_SEGMENT: Final = 5_000
"""Facets are exact up to this many values; past it the smallest counts may be too low."""

Rows = list[tuple[float, DocAddress]]
"""Documents, each with what it was found by: its score or the number it is sorted by."""


class Search:
    """One plan over one searcher, so that every part of the answer is of the same commit."""

    def __init__(self, plan: Plan, searcher: Searcher, schema: Schema) -> None:
        self._plan = plan
        self._searcher = searcher
        self._schema = schema
        self._filters = tuple(filter_.clause for filter_ in plan.filters)
        self._limit = max(0, min(plan.limit, searcher.num_docs))
        self._falling = plan.sort is not Sort.OLDEST

    def answer(self) -> Found:
        """Return the answer; without plan.count, total may stop at the number of hits."""
        ranked = self._plan.sort is Sort.RELEVANCE
        hits, total, full = self._by_relevance() if ranked else self._by_number()
        tier = self._plan.full if full or self._plan.partial is None else self._plan.partial
        return Found(total=total, full=full, hits=tuple(hits), facets=self._facets(tier))

    # --- by relevance

    def _by_relevance(self) -> tuple[list[Hit], int, bool]:
        plan = self._plan
        rows, total = self._best(plan.full, plan.full, self._limit)
        hits = self._hits(rows, full=True)
        if plan.partial is None or (total > 0 and len(hits) == self._limit):
            return hits, total, True
        rest = AllOf(clauses=(plan.partial, Not(clause=plan.full)))
        rows, rest_total = self._best(rest, plan.partial, self._limit - len(hits))
        hits += self._hits(rows, full=False)
        return (hits, total, True) if total > 0 else (hits, rest_total, False)

    def _best(self, tier: Clause, known: Clause, limit: int) -> tuple[Rows, int]:
        """Return the best documents of a tier, ties by DOC falling, and how many it has.

        known: what all of the tier satisfy. Tantivy breaks ties by where a document lies, which
        changes with every upsert, so ties at the cut are fetched too, up to _MOST_TIED.
        """
        matched = AllOf(clauses=(tier, *self._filters))
        flat = _flat_score(self._plan.score, known)
        if flat is not None or limit == 0:
            rows, total = self._ordered(matched, DOC, limit, falling=True)
            return [(flat or 0.0, address) for _, address in rows], total
        query = compile_ranked(matched, self._plan.score, self._schema)
        asked = limit + _SLACK
        while True:
            rows, total = self._ask(query, asked)
            if len(rows) < asked or asked >= _MOST_TIED or rows[limit - 1][0] != rows[-1][0]:
                break
            asked *= 8
        scores, addresses = zip(*rows, strict=True) if rows else ((), ())
        docs = self._numbers(DOC, addresses)
        best = sorted(zip(scores, docs, range(len(rows)), strict=True), reverse=True)
        return [rows[place] for _, _, place in best[:limit]], total

    # --- by a number

    def _by_number(self) -> tuple[list[Hit], int, bool]:
        plan = self._plan
        tier, full, total = plan.full, True, 0
        if plan.count or plan.partial is not None:
            total = self._count(plan.full)
            if total == 0 and plan.partial is not None:
                tier, full, total = plan.partial, False, self._count(plan.partial)
        hits = self._hits(self._page(AllOf(clauses=(tier, *self._filters))), full=full)
        hits.sort(key=lambda hit: (hit.order, hit.doc), reverse=self._falling)
        return hits, max(total, len(hits)), full

    def _page(self, matched: Clause) -> Rows:
        """Return the rows of the page behind plan.after, in no order.

        Neither number need be unique, and Tantivy sorts by one field alone. So a page is up to
        three searches: what is left of the documents tied with the last row shown, by DOC; then
        those behind, by the number; and, if the cut falls among documents tied with each other,
        these by DOC. No row comes twice and none is left out, however many are tied.
        """
        after: tuple[int, int] | None = self._plan.after
        if not self._falling and (after is None or after[0] < 0):
            after = 0, -1  # documents without the number come first, as if they had 0
        if after is None:
            return self._behind(matched, self._limit)
        value, doc = after
        rows = self._tied(matched, value, self._limit, beyond=doc)
        behind = AllOf(clauses=(matched, self._beyond(value)))
        return rows + self._behind(behind, self._limit - len(rows))

    def _behind(self, matched: Clause, limit: int) -> Rows:
        if limit == 0:
            return []
        rows, _ = self._ordered(matched, self._field, limit + 1, falling=self._falling)
        if len(rows) <= limit:
            return rows
        edge = rows[limit][0]
        before = [row for row in rows if row[0] != edge]
        return before + self._tied(matched, int(edge), limit - len(before))

    def _tied(self, matched: Clause, value: int, limit: int, *, beyond: int | None = None) -> Rows:
        """Return the rows that have this number, by DOC, behind the document `beyond`."""
        if limit == 0:
            return []
        clauses = [matched, self._equal(value)]
        if beyond is not None and self._falling:
            clauses.append(Range(field=DOC, high=beyond - 1))
        elif beyond is not None:
            clauses.append(Range(field=DOC, low=beyond + 1))
        rows, _ = self._ordered(AllOf(clauses=tuple(clauses)), DOC, limit, falling=self._falling)
        return [(value, address) for _, address in rows]

    def _equal(self, value: int) -> Clause:
        if value == 0:  # or none at all
            return Not(clause=Range(field=self._field, low=1))
        return Range(field=self._field, low=value, high=value)

    def _beyond(self, value: int) -> Clause:
        if not self._falling:
            return Range(field=self._field, low=value + 1)
        return Not(clause=Range(field=self._field, low=value)) if value > 0 else Nothing()

    @property
    def _field(self) -> str:
        return SORT_FIELD[self._plan.sort]

    # --- what Tantivy is asked

    def _ordered(
        self, matched: Clause, field: str, limit: int, *, falling: bool
    ) -> tuple[Rows, int]:
        """Return the first rows by a field, a missing number as 0 and last, and how many match."""
        query = compile_unscored(matched, self._schema)
        order = Order.Desc if falling else Order.Asc
        rows, total = self._ask(query, max(limit, 1), order_by_field=field, order=order)
        return [(value or 0, address) for value, address in rows[:limit]], total

    def _count(self, tier: Clause) -> int:
        if isinstance(tier, Everything) and not self._filters:
            return self._searcher.num_docs
        matched = AllOf(clauses=(tier, *self._filters))
        return self._ask(compile_unscored(matched, self._schema), 1)[1]

    def _ask(self, query: Query, limit: int, **order: Any) -> tuple[Rows, int]:
        found: Any = self._searcher.search(query, limit=limit, **order)  # its stub lacks count
        return found.hits, found.count

    def _numbers(self, field: str, addresses: Sequence[DocAddress]) -> list[int]:
        values: list[Any] = self._searcher.fast_field_values(field, list(addresses))
        return [value or 0 for value in values]

    def _hits(self, rows: Rows, *, full: bool) -> list[Hit]:
        if not rows:
            return []
        values, addresses = zip(*rows, strict=True)
        scores = values if self._plan.sort is Sort.RELEVANCE else repeat(0.0)
        columns = [self._numbers(field, addresses) for field in (DOC, self._field, AT, AUDIENCE)]
        return [
            Hit(doc=DocId(doc), score=score, full=full, order=order, at_s=at_s, audience=audience)
            for score, doc, order, at_s, audience in zip(scores, *columns, strict=False)
        ]

    # --- facets

    def _facets(self, tier: Clause) -> dict[str, tuple[tuple[str, int], ...]]:
        """Count each facet under all filters but its own; those without their own at once."""
        wanted = self._plan.facets
        filtered = {filter_.field for filter_ in self._plan.filters}
        counts = self._aggregate(tier, [name for name in wanted if name not in filtered], None)
        for name in wanted:
            if name in filtered:
                counts |= self._aggregate(tier, [name], name)
        return {name: cut_facet(name, counts[name]) for name in wanted}

    def _aggregate(
        self, tier: Clause, names: list[str], without: str | None
    ) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        filters = (f.clause for f in self._plan.filters if f.field != without)
        query = compile_unscored(AllOf(clauses=(tier, *filters)), self._schema)
        terms = {"size": _FACET_FETCH, "segment_size": _FACET_SEGMENT}
        asked = {name: {"terms": {"field": name, **terms}} for name in names}
        found = self._searcher.aggregate(query, asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
            for name in names
        }


def _flat_score(score: Clause, known: Clause) -> float | None:
    """Return the score of every document that satisfies `known` if it is the same for all.

    Then the whole index may be tied, and DOC alone decides.
    """
    match score:
        case Everything():
            return 1.0
        case Nothing() | Not():
            return 0.0
        case Boost():
            flat = _flat_score(score.clause, known)
            return None if flat is None else flat * score.factor
        case OneOf() | Range() if score == known:
            return 1.0
        case AllOf() if score == known:
            flats = [_flat_score(part, part) for part in score.clauses]
            return None if None in flats else sum(flat or 0.0 for flat in flats)
        case _:
            return None
