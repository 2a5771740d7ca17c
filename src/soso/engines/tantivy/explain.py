"""Why a document has its score, told along our own clauses.

Knows the clauses and Tantivy's explanations of single terms and phrases; must not know plans.
Tantivy's explanation of a whole query names fields by number and lists every constant in between.
"""

import msgspec
from tantivy import DocAddress, Schema, Searcher

from soso.engines.rules import name_clause
from soso.engines.tantivy.compile import compile_clause, compile_unscored
from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.engine import Explained
from soso.query.clauses import AllOf, AnyOf, Boost, Clause, Range
from soso.schema.fields import DOC


class _Native(Value):
    """What Tantivy's to_json gives."""

    value: float
    description: str
    details: list["_Native"] = []


class Explainer:
    """Explains scores of one document. All raise ValueError as Tantivy does."""

    def __init__(self, searcher: Searcher, schema: Schema, doc: DocId) -> None:
        self._searcher = searcher
        self._schema = schema
        self._itself = Range(field=DOC, low=doc, high=doc)

    def explain(self, clause: Clause) -> Explained | None:
        """Return the tree of what the document gets from a clause, None if it does not match."""
        address = self.find(clause)
        if address is None:
            return None
        match clause:
            case AllOf() | AnyOf():
                parts = tuple(p for p in map(self.explain, clause.clauses) if p is not None)
                value = sum(part.value for part in parts)
            case Boost():
                parts = tuple(p for p in [self.explain(clause.clause)] if p is not None)
                value = sum(part.value for part in parts) * clause.factor
            case _:
                query = compile_clause(clause, self._schema)
                explanation = query.explain(self._searcher, address).to_json()
                native = msgspec.json.decode(explanation, type=_Native)
                parts = tuple(map(_build_tree, native.details))
                value = native.value
        return Explained(what=name_clause(clause), value=value, parts=parts)

    def find(self, clause: Clause) -> DocAddress | None:
        """Return where the document lies if it satisfies the clause.

        By a search: Tantivy's explain seeks backwards, and finds what an exclusion rules out.
        """
        query = compile_unscored(AllOf(clauses=(self._itself, clause)), self._schema)
        hits = self._searcher.search(query, limit=1).hits
        return hits[0][1] if hits else None


def _build_tree(native: _Native) -> Explained:
    parts = tuple(map(_build_tree, native.details))
    return Explained(what=native.description, value=native.value, parts=parts)
