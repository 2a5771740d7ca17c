"""Why a document has its score, told along our own clauses.

Knows the clauses and OpenSearch's explanations of single ones; must not know connections. All
single clauses are asked about at once, and the tree is put together here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from soso.engines.opensearch.compile import compile_clause
from soso.engines.opensearch.search import Ask
from soso.engines.rules import name_clause
from soso.model.ids import DocId
from soso.ports.engine import Explained
from soso.query.clauses import AllOf, AnyOf, Boost, Clause, Not
from soso.query.plan_types import Plan

_AT_ONCE: Final = 200


def explain_plan(plan: Plan, doc: DocId, ask: Ask) -> Explained | None:
    """Return why the document scores as it does, None if it does not match the plan."""
    filters = tuple(filter_.clause for filter_ in plan.filters)
    tiers = {"full match": plan.full}
    if plan.partial is not None:
        tiers["partial match"] = plan.partial
    leaves = dict.fromkeys(_leaves((plan.score, *tiers.values(), *filters)))
    known = _ask_all(list(leaves), doc, ask)
    for what, tier in tiers.items():
        if _explain(AllOf(clauses=(tier, *filters)), known) is None:
            continue
        part = _explain(plan.score, known)
        parts = () if part is None else (part,)
        return Explained(what=what, value=sum(p.value for p in parts), parts=parts)
    return None


def _leaves(clauses: Iterable[Clause]) -> Iterator[Clause]:
    rest = list(clauses)
    while rest:
        clause = rest.pop()
        match clause:
            case AllOf() | AnyOf():
                rest.extend(clause.clauses)
            case Not() | Boost():
                rest.append(clause.clause)
            case _:
                yield clause


def _ask_all(leaves: list[Clause], doc: DocId, ask: Ask) -> dict[Clause, Explained | None]:
    known: dict[Clause, Explained | None] = {}
    itself = {"ids": {"values": [str(doc)]}}
    for start in range(0, len(leaves), _AT_ONCE):
        asked = leaves[start : start + _AT_ONCE]
        bodies = [
            {
                "size": 1,
                "explain": True,
                "query": {"bool": {"filter": [itself], "must": [compile_clause(leaf)]}},
            }
            for leaf in asked
        ]
        for leaf, found in zip(asked, ask(bodies), strict=True):
            rows = found["hits"]["hits"]
            known[leaf] = _native(leaf, rows[0]) if rows else None
    return known


def _native(leaf: Clause, row: Mapping[str, Any]) -> Explained:
    tree = _build_tree(row["_explanation"])
    return Explained(what=name_clause(leaf), value=float(row["_score"]), parts=(tree,))


def _build_tree(native: Mapping[str, Any]) -> Explained:
    parts = tuple(map(_build_tree, native.get("details", ())))
    return Explained(what=str(native["description"]), value=float(native["value"]), parts=parts)


def _explain(clause: Clause, known: Mapping[Clause, Explained | None]) -> Explained | None:
    match clause:
        case AllOf() | AnyOf():
            every = [_explain(part, known) for part in clause.clauses]
            parts = tuple(part for part in every if part is not None)
            lacking = len(parts) < len(every) if isinstance(clause, AllOf) else not parts
            if lacking:
                return None
            value = sum(part.value for part in parts)
            return Explained(what=name_clause(clause), value=value, parts=parts)
        case Not():
            if _explain(clause.clause, known) is not None:
                return None
            return Explained(what=name_clause(clause), value=0.0)
        case Boost():
            part = _explain(clause.clause, known)
            if part is None:
                return None
            value = part.value * clause.factor
            return Explained(what=name_clause(clause), value=value, parts=(part,))
        case _:
            return known[clause]
