"""Clauses as Tantivy's queries.

Knows Tantivy's query language; must not know an index, a searcher or a plan's order. Total over
clauses that rules.check_clause lets through; works with any schema that has the clauses' fields.
"""

from collections.abc import Sequence

from tantivy import FieldType, Occur, Query, Schema

from soso.engines.rules import NUMBER_END, is_encodable
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


def compile_clause(clause: Clause, schema: Schema) -> Query:
    """Return the query that finds what satisfies the clause, scored as the clause says.

    Raises ValueError if the schema lacks a field or has it of another type, BadInput for a clause
    of an unknown class.
    """
    match clause:
        case Term():
            return _term(clause.field, clause.term, schema)
        case Boost():
            return Query.boost_query(compile_clause(clause.clause, schema), clause.factor)
        case OneOf():
            return _one_of(clause, schema)
        case Phrase():
            return _phrase(clause, schema)
        case Docs():
            return _docs(clause, schema)
        case Range():
            return _range(clause, schema)
        case AllOf():
            return _all_of(clause.clauses, schema)
        case AnyOf():
            return _any_of([compile_clause(part, schema) for part in clause.clauses])
        case Not():
            return _all_of((clause,), schema)
        case Everything():
            # A bare all_query beside others is dropped by Tantivy, and its score with it.
            return Query.const_score_query(Query.all_query(), 1.0)
        case Nothing():
            return Query.empty_query()
        case _:
            raise BadInput(f"Tantivy can't answer the clause {type(clause).__name__}")


def compile_unscored(clause: Clause, schema: Schema) -> Query:
    """Return the query that finds what satisfies the clause, each with score 0."""
    return Query.const_score_query(compile_clause(clause, schema), 0.0)


def compile_ranked(matched: Clause, score: Clause, schema: Schema) -> Query:
    """Return the query that finds what satisfies matched, scored by score alone, 0 without."""
    if isinstance(matched, AllOf) and score in matched.clauses:  # asked once, not twice
        rest = tuple(clause for clause in matched.clauses if clause != score)
        found = compile_clause(score, schema)
        if not rest:
            return found
        unscored = compile_unscored(AllOf(clauses=rest), schema)
        return Query.boolean_query([(Occur.Must, found), (Occur.Must, unscored)])
    return Query.boolean_query(
        [
            (Occur.Must, compile_unscored(matched, schema)),
            (Occur.Should, compile_clause(score, schema)),
        ]
    )


def _all_of(clauses: Sequence[Clause], schema: Schema) -> Query:
    must = [compile_clause(part, schema) for part in clauses if not isinstance(part, Not)]
    banned = [compile_clause(part.clause, schema) for part in clauses if isinstance(part, Not)]
    if not must:  # Tantivy finds nothing by exclusion alone
        must.append(Query.const_score_query(Query.all_query(), 0.0))
    if len(must) == 1 and not banned:
        return must[0]
    return Query.boolean_query(
        [(Occur.Must, part) for part in must] + [(Occur.MustNot, part) for part in banned]
    )


def _any_of(parts: Sequence[Query]) -> Query:
    if len(parts) == 1:
        return parts[0]
    return Query.boolean_query([(Occur.Should, part) for part in parts])  # of none: nothing


def _term(field: str, term: str, schema: Schema) -> Query:
    if not is_encodable(term):
        return Query.empty_query()
    return Query.term_query(schema, field, term)


def _one_of(clause: OneOf, schema: Schema) -> Query:
    terms = [term for term in dict.fromkeys(clause.terms) if is_encodable(term)]
    if len(terms) == 1:
        return Query.const_score_query(Query.term_query(schema, clause.field, terms[0]), 1.0)
    return Query.const_score_query(Query.term_set_query(schema, clause.field, terms), 1.0)


def _phrase(clause: Phrase, schema: Schema) -> Query:
    if not clause.terms or not all(map(is_encodable, clause.terms)):
        return Query.empty_query()
    if len(clause.terms) == 1:  # Tantivy panics on a phrase of one
        return Query.term_query(schema, clause.field, clause.terms[0])
    return Query.phrase_query(schema, clause.field, list(clause.terms))


def _docs(clause: Docs, schema: Schema) -> Query:
    return Query.const_score_query(Query.term_set_query(schema, DOC, list(clause.docs)), 1.0)


def _range(clause: Range, schema: Schema) -> Query:
    low = 0 if clause.low is None else max(clause.low, 0)
    high = NUMBER_END - 1 if clause.high is None else min(clause.high, NUMBER_END - 1)
    if low > high:
        return Query.empty_query()
    if low == high:  # looked up instead of compared with every document's number
        query = Query.term_query(schema, clause.field, low)
    else:
        query = Query.range_query(schema, clause.field, FieldType.Unsigned, low, high)
    return Query.const_score_query(query, 1.0)
