"""What every engine refuses, and how every engine cuts and orders.

Knows the clauses, the plan and the schema; must not know any engine, nor do I/O. The contract suite
holds the engines to the same answers; this file is where that sameness is written once.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from soso.model.errors import BadInput
from soso.model.ids import DocId
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
from soso.query.plan_types import Plan, Sort
from soso.schema.document import Document
from soso.schema.fields import AUDIENCE, BY_NAME, CHAT, DOC, ORDER, FieldType, Indexing

NUMBER_END: Final = 2**63
"""Numbers lie in [0, NUMBER_END): what is unsigned in one engine is signed in the next."""

MAX_TERM_BYTES: Final = 255
"""Longer terms are dropped silently by some engines (Tantivy past 64 KiB) and cut by others."""

MAX_DEPTH: Final = 100
"""Of clauses inside clauses. Tantivy crashes the process at 3,000 levels and does not at 1,000."""

_OTHER_SPACE: Final = re.compile(r"[^\S ]")
_LONG_TERM: Final = re.compile(rf"[^ ]{{{MAX_TERM_BYTES // 4 + 1}}}")
"""In joined terms: a term that may be too long, as a code point takes at most four bytes."""

FACET_VALUES: Final = 40
CHAT_VALUES: Final = 20

SORT_FIELD: Final[Mapping[Sort, str]] = {
    Sort.RELEVANCE: ORDER,
    Sort.NEWEST: ORDER,
    Sort.OLDEST: ORDER,
    Sort.VIEWS: AUDIENCE,
}
"""The field whose value is Hit.order; a document without it counts as having 0."""


def facet_size(field: str) -> int:
    """Return how many values of a facet an answer holds."""
    return CHAT_VALUES if field == CHAT else FACET_VALUES


def cut_facet(field: str, counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return the values with the largest counts, largest first, ties by value."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ranked[: facet_size(field)])


def is_encodable(text: str) -> bool:
    """Whether a text has no half of a surrogate pair; no indexed term has one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_doc(doc: object) -> DocId:
    """Return a document's id. Raises BadInput unless it is an int in [0, NUMBER_END)."""
    if type(doc) is not int or not 0 <= doc < NUMBER_END:
        raise BadInput(f"document {doc!r}: its id is not a whole number in [0, 2**63)")
    return DocId(doc)


def check_document(document: Document) -> dict[str, str]:
    """Refuse a document that some engine would index wrongly or not at all.

    Returns its terms by field, joined by the ASCII space, which the check needs anyway; fields
    without terms are left out. Raises BadInput, whose text names the document, the field and what
    is wrong: unknown fields, values of another type, terms that are empty or hold white space,
    terms and keywords over MAX_TERM_BYTES or with lone surrogates, numbers outside [0, NUMBER_END).
    """
    doc = check_doc(document.doc)
    for fields in (document.terms, document.keywords, document.numbers):
        if not isinstance(fields, Mapping):
            raise BadInput(f"document {doc}: {type(fields).__name__} instead of fields")
    joined = {}
    for name, terms in document.terms.items():
        text = _join(doc, name, FieldType.TERMS, terms)
        if terms:
            joined[name] = text
            _refuse(doc, name, _terms_fault(text, terms))
    for name, keywords in document.keywords.items():
        text = _join(doc, name, FieldType.KEYWORD, keywords)
        _refuse(doc, name, _text_fault(text, keywords, measure=len(text) * 4 > MAX_TERM_BYTES))
    for name, number in document.numbers.items():
        _refuse(doc, name, _field_fault(name, FieldType.NUMBER) or _number_fault(number))
    if document.numbers.get(DOC, doc) != doc:
        _refuse(doc, DOC, "differs from the document's id")
    return joined


def check_plan(plan: Plan) -> None:
    """Refuse a plan that no engine can answer.

    Raises BadInput for unknown fields, fields of the wrong type (a phrase needs positions), clauses
    nested deeper than MAX_DEPTH, factors that are negative or not finite, facets that are not
    counted, and `after` together with relevance.
    """
    for clause in (plan.full, plan.score, *(filter_.clause for filter_ in plan.filters)):
        check_clause(clause)
    if plan.partial is not None:
        check_clause(plan.partial)
    for name in plan.facets:
        if name not in BY_NAME or not BY_NAME[name].facet:
            raise BadInput(f"the field {name!r} is not a facet")
    if plan.after is not None and plan.sort is Sort.RELEVANCE:
        raise BadInput("pages by relevance do not continue by key")


def check_clause(clause: Clause) -> None:
    """Refuse a clause by the rules of check_plan. A loop, so that depth can't end the check."""
    rest: list[tuple[Clause, int]] = [(clause, 1)]
    while rest:
        inner, depth = rest.pop()
        if depth > MAX_DEPTH:
            raise BadInput(f"the query is nested deeper than {MAX_DEPTH} levels")
        match inner:
            case AllOf() | AnyOf():
                rest.extend((part, depth + 1) for part in inner.clauses)
            case Not():
                rest.append((inner.clause, depth + 1))
            case Boost():
                if not math.isfinite(inner.factor) or inner.factor < 0:
                    raise BadInput(f"a clause can't be weighted by {inner.factor}")
                rest.append((inner.clause, depth + 1))
            case _:
                _check_leaf(inner)


def name_clause(clause: Clause) -> str:
    """Return what a clause is called in explanations, without what lies in it."""
    match clause:
        case Term():
            return f"{clause.field}:{clause.term}"
        case OneOf() | Phrase():
            return f"{clause.field}:{' '.join(clause.terms)}"
        case Docs():
            return f"one of {len(clause.docs)} documents"
        case Range():
            return f"{clause.field} in [{clause.low}, {clause.high}]"
        case Boost():
            return f"times {clause.factor:g}"
        case AllOf():
            return "all of"
        case AnyOf():
            return "any of"
        case _:
            return type(clause).__name__.lower()


def _check_leaf(clause: Clause) -> None:
    match clause:
        case Everything() | Nothing():
            return
        case Docs():
            for doc in clause.docs:
                check_doc(doc)
            return
        case Term() | OneOf():
            fits = _is_text(clause.field)
        case Phrase():
            fits = _is_text(clause.field) and (
                len(clause.terms) < 2 or BY_NAME[clause.field].indexing is Indexing.POSITIONS
            )
        case Range():
            fits = clause.field in BY_NAME and BY_NAME[clause.field].type is FieldType.NUMBER
        case _:
            raise BadInput(f"no engine knows the clause {type(clause).__name__}")
    if not fits:
        raise BadInput(f"the field {clause.field!r} can't answer a {type(clause).__name__}")


def _is_text(name: str) -> bool:
    return name in BY_NAME and BY_NAME[name].type is not FieldType.NUMBER


def _refuse(doc: DocId, field: str, fault: str | None) -> None:
    if fault is not None:
        raise BadInput(f"document {doc}: field {field!r} {fault}")


def _field_fault(name: str, kind: FieldType) -> str | None:
    if name not in BY_NAME:
        return "is not in the schema"
    return None if BY_NAME[name].type is kind else f"does not hold {kind.value}"


def _join(doc: DocId, name: str, kind: FieldType, values: Sequence[str]) -> str:
    _refuse(doc, name, _field_fault(name, kind))
    if isinstance(values, (str, bytes)):
        _refuse(doc, name, "is one string instead of a sequence of them")
    try:
        return " ".join(values)
    except TypeError:
        raise BadInput(f"document {doc}: field {name!r} holds what is not a string") from None


def _terms_fault(joined: str, terms: Sequence[str]) -> str | None:
    # Over the joined text, since looking at each of 200 terms takes three times as long.
    if joined.count(" ") != len(terms) - 1 or _OTHER_SPACE.search(joined):
        return "holds a term with white space in it"
    if "  " in f" {joined} ":
        return "holds an empty term"
    return _text_fault(joined, terms, measure=_LONG_TERM.search(joined) is not None)


def _text_fault(joined: str, values: Sequence[str], *, measure: bool) -> str | None:
    if not is_encodable(joined):
        return "holds half of a surrogate pair"
    if measure and any(len(v.encode()) > MAX_TERM_BYTES for v in values):
        return f"holds a value of more than {MAX_TERM_BYTES} bytes"
    return None


def _number_fault(number: object) -> str | None:
    if type(number) is not int:
        return f"holds {type(number).__name__} instead of a whole number"
    return None if 0 <= number < NUMBER_END else "holds a number outside [0, 2**63)"
