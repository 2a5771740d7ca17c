"""What a clause means, said as plainly as possible.

Knows clauses and documents; must not know plans, locks or commits. The other engines are held to
this file by the contract suite. Scores here only add up weights; they are no ranking.
"""

from soso.engines.rules import name_clause
from soso.model.ids import DocId
from soso.model.value import Value
from soso.ports.engine import Explained
from soso.query.clauses import (
    AllOf,
    AnyOf,
    Boost,
    Clause,
    Docs,
    Everything,
    Not,
    OneOf,
    Phrase,
    Range,
    Term,
)
from soso.schema.document import Document
from soso.schema.fields import DOC


class Entry(Value):
    """A document as the index keeps it: texts holds terms and keywords by field."""

    doc: DocId
    texts: dict[str, tuple[str, ...]]
    numbers: dict[str, int]


def build_entry(document: Document) -> Entry:
    """Return a copy of a checked document that nobody else can change."""
    texts = {name: tuple(terms) for name, terms in document.terms.items()}
    texts |= {name: tuple(values) for name, values in document.keywords.items()}
    numbers = {**document.numbers, DOC: document.doc}
    return Entry(doc=document.doc, texts=texts, numbers=numbers)


def explain(clause: Clause, entry: Entry) -> Explained | None:
    """Return the tree of weights of what matched, or None if the document does not satisfy it."""
    match clause:
        case Everything():
            return Explained(what=name_clause(clause), value=1.0)
        case Term() | OneOf() | Phrase() | Range() | Docs():
            return Explained(what=name_clause(clause), value=1.0) if _holds(clause, entry) else None
        case AllOf():
            parts = [explain(part, entry) for part in clause.clauses]
            return _sum(clause, parts) if None not in parts else None
        case AnyOf():
            parts = [explain(part, entry) for part in clause.clauses]
            return _sum(clause, parts) if any(parts) else None
        case Not():
            return (
                Explained(what=name_clause(clause), value=0.0)
                if explain(clause.clause, entry) is None
                else None
            )
        case Boost():
            part = explain(clause.clause, entry)
            if part is None:
                return None
            value = part.value * clause.factor
            return Explained(what=name_clause(clause), value=value, parts=(part,))
        case _:
            return None


def matches(clause: Clause, entry: Entry) -> bool:
    """Whether a document satisfies a clause."""
    match clause:
        case AllOf():
            return all(matches(part, entry) for part in clause.clauses)
        case AnyOf():
            return any(matches(part, entry) for part in clause.clauses)
        case Not():
            return not matches(clause.clause, entry)
        case Boost():
            return matches(clause.clause, entry)
        case _:
            return _holds(clause, entry)


def _holds(clause: Clause, entry: Entry) -> bool:
    match clause:
        case Everything():
            return True
        case Term():
            return clause.term in entry.texts.get(clause.field, ())
        case OneOf():
            return not set(clause.terms).isdisjoint(entry.texts.get(clause.field, ()))
        case Phrase():
            return _has_run(clause.terms, entry.texts.get(clause.field, ()))
        case Docs():
            return entry.doc in clause.docs
        case Range():
            number = entry.numbers.get(clause.field)
            return (
                number is not None
                and (clause.low is None or clause.low <= number)
                and (clause.high is None or number <= clause.high)
            )
        case _:  # Nothing
            return False


def _has_run(terms: tuple[str, ...], text: tuple[str, ...]) -> bool:
    """Whether terms stand in text side by side, in order; no terms stand nowhere."""
    width = len(terms)
    starts = range(len(text) - width + 1)
    return width > 0 and any(text[start : start + width] == terms for start in starts)


def _sum(clause: Clause, parts: list[Explained | None]) -> Explained:
    found = tuple(part for part in parts if part is not None)
    return Explained(what=name_clause(clause), value=sum(p.value for p in found), parts=found)
