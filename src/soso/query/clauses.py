"""What a document must satisfy, said without any engine's language.

Compiled by engines/<x>/compile.py. Terms are analyzed already; fields are those of
schema/fields.py.
"""

from soso.model.ids import DocId
from soso.model.value import Value


class Clause(Value):
    """The base of all clauses."""


class Everything(Clause):
    """Every document, score 1."""


class Nothing(Clause):
    """No document."""


class Term(Clause):
    """Documents with the term in the field; scored by BM25 of that field."""

    field: str
    term: str


class OneOf(Clause):
    """Documents with any of the terms in a keyword field; every score is 1."""

    field: str
    terms: tuple[str, ...]


class Phrase(Clause):
    """Documents with the terms next to each other, in order; one term is a Term."""

    field: str
    terms: tuple[str, ...]


class Range(Clause):
    """Documents whose number lies in [low, high]; an open side is None. Every score is 1."""

    field: str
    low: int | None = None
    high: int | None = None


class Docs(Clause):
    """These documents and no others; every score is 1. Empty: no document."""

    docs: tuple[DocId, ...]


class AllOf(Clause):
    """Documents that satisfy every clause; scores are added. Empty: every document."""

    clauses: tuple[Clause, ...]


class AnyOf(Clause):
    """Documents that satisfy at least one clause; scores are added. Empty: no document."""

    clauses: tuple[Clause, ...]


class Not(Clause):
    """Documents that do not satisfy the clause; every score is 0."""

    clause: Clause


class Boost(Clause):
    """The same documents, the score multiplied."""

    clause: Clause
    factor: float
