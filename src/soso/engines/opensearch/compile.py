"""Clauses as OpenSearch's query language.

Knows that language; must not know a connection, an index or a plan's order. Total over clauses that
rules.check_clause lets through.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from soso.engines.opensearch.mapping import MOST_TERMS
from soso.engines.rules import MAX_TERM_BYTES, NUMBER_END, is_encodable
from soso.model.errors import BadInput
from soso.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Docs,
    Everything,
    Not,
    Nothing,
    OneOf,
    Phrase,
    Range,
    Term,
)
from soso.schema.fields import DOC

Query = dict[str, Any]

_MOST_BOOST: Final = 1e30
"""Boosts are single floats there; a larger one would be infinite, and refused."""

_BRANCHES: Final = (AllOf, AnyOf, Boost, Not)
_SPACE: Final = re.compile(r"\s")
_NOTHING: Final[Query] = {"match_none": {}}


def compile_clause(clause: Clause) -> Query:
    """Return the query that finds what satisfies the clause, scored as the clause says.

    Raises BadInput for a clause of an unknown class.
    """
    match clause:
        case Term():
            return _term(clause.field, clause.term)
        case Boost():
            factor = min(clause.factor, _MOST_BOOST)
            return {"bool": {"must": [compile_clause(clause.clause)], "boost": factor}}
        case OneOf():
            return _any_value(clause.field, [t for t in clause.terms if _can_stand(t)])
        case Phrase():
            return _phrase(clause)
        case Docs():
            return _any_value(DOC, clause.docs)
        case Range():
            return _range(clause)
        case AllOf():
            return _all_of(clause.clauses)
        case AnyOf():
            return _any_of([compile_clause(part) for part in clause.clauses])
        case Not():
            return _all_of((clause,))
        case Everything():
            return {"match_all": {}}
        case Nothing():
            return _NOTHING
        case _:
            raise BadInput(f"OpenSearch can't answer the clause {type(clause).__name__}")


def compile_unscored(clauses: Iterable[Clause]) -> Query:
    """Return the query that finds what satisfies every clause, each with score 0."""
    kept, banned = _sift(clauses)
    query: Query = {"filter": kept or [{"match_all": {}}]}
    return {"bool": query | ({"must_not": banned} if banned else {})}


def compile_ranked(clauses: Iterable[Clause], score: Clause) -> Query:
    """Return the query that finds what satisfies every clause, scored by score alone, 0 without."""
    query = compile_unscored(clauses)
    query["bool"] |= {"should": [compile_clause(score)], "minimum_should_match": 0}
    return query


def _sift(clauses: Iterable[Clause]) -> tuple[list[Query], list[Query]]:
    """Return the queries that must match and those that must not."""
    kept: list[Query] = []
    banned: list[Query] = []
    for part in clauses:
        if not isinstance(part, Not):
            kept.append(compile_clause(part))
        elif isinstance(part.clause, _BRANCHES):
            kept.append(_lacking(part.clause))
        else:
            banned.append(compile_clause(part.clause))
    return kept, banned


def _lacking(clause: Clause) -> Query:
    """Return the query that finds what does not satisfy the clause, each with score 0.

    Negation is pushed down to single clauses, since Lucene takes twice as long for each level of
    exclusions in exclusions: 1.7 s at 20 levels, 26 s at 24.
    """
    match clause:
        case Not():
            return compile_unscored([clause.clause])
        case Boost():
            return _lacking(clause.clause)
        case AllOf():
            return {"bool": {"filter": [_any_of([_lacking(part) for part in clause.clauses])]}}
        case AnyOf():
            return compile_unscored([Not(clause=part) for part in clause.clauses])
        case _:
            return {"bool": {"filter": [{"match_all": {}}], "must_not": [compile_clause(clause)]}}


def _all_of(clauses: Sequence[Clause]) -> Query:
    must, banned = _sift(clauses)
    if not must:  # exclusion alone, or nothing asked: everything, and no score
        must_not = {"must_not": banned} if banned else {}
        return {"bool": {"filter": [{"match_all": {}}]} | must_not}
    if len(must) == 1 and not banned:
        return must[0]
    return {"bool": {"must": must} | ({"must_not": banned} if banned else {})}


def _any_of(parts: Sequence[Query]) -> Query:
    if not parts:
        return _NOTHING
    if len(parts) == 1:
        return parts[0]
    return {"bool": {"should": list(parts), "minimum_should_match": 1}}


def _can_stand(term: str) -> bool:
    """Whether some document may have the term; what can't be one is not sent."""
    return is_encodable(term) and len(term.encode()) <= MAX_TERM_BYTES


def _stays_whole(term: str) -> bool:
    return bool(term) and _can_stand(term) and _SPACE.search(term) is None


def _term(field: str, term: str) -> Query:
    if not _can_stand(term):
        return _NOTHING
    return {"term": {field: {"value": term}}}


def _any_value(field: str, values: Sequence[str] | Sequence[int]) -> Query:
    distinct = list(dict.fromkeys(values))
    chunks = [distinct[k : k + MOST_TERMS] for k in range(0, len(distinct), MOST_TERMS)]
    return _flat(_any_of([{"terms": {field: chunk}} for chunk in chunks]))


def _phrase(clause: Phrase) -> Query:
    if len(clause.terms) == 1:
        return _term(clause.field, clause.terms[0])
    # Sent as one text, so a term that would be split there matched what it must not.
    if not clause.terms or not all(map(_stays_whole, clause.terms)):
        return _NOTHING
    said = {"query": " ".join(clause.terms), "analyzer": "whitespace"}
    return {"match_phrase": {clause.field: said}}


def _range(clause: Range) -> Query:
    low = 0 if clause.low is None else max(clause.low, 0)
    high = NUMBER_END - 1 if clause.high is None else min(clause.high, NUMBER_END - 1)
    if low > high:
        return _NOTHING
    return _flat({"range": {clause.field: {"gte": low, "lte": high}}})


def _flat(query: Query) -> Query:
    return {"constant_score": {"filter": query}}
