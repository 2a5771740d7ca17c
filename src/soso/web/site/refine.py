"""The links beside results: the same query with one more filter, or one fewer.

Knows which filters a facet's value stands for; how they are written is query/unparse.py.
"""

import re
from typing import Final

from soso.model.value import Value
from soso.query.ast import After, Before, Choice, Node, Query
from soso.query.parse import parse
from soso.query.results import FacetValue
from soso.query.unparse import unparse
from soso.query.variants import drop_filters, drop_kind

__all__ = ["FACETS", "Refinement", "add_chat", "drop_filters", "drop_kind", "list_refinements"]

FACETS: Final = ("chat", "lang", "month")

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Refinement(Value):
    """A facet's value as a link.

    text: the query it leads to: with the filter, or without it where it is active.
    """

    facet: FacetValue
    text: str
    active: bool


def list_refinements(
    text: str, facet: str, values: tuple[FacetValue, ...]
) -> tuple[Refinement, ...]:
    """Return what a facet offers beside the answer to a query; choosing one drops another."""
    query = parse(text).query
    rest = tuple(part for part in query.parts if not _is_of(part, facet))
    found = []
    for value in values:
        wanted = _filters_for(facet, value)
        if not wanted:
            continue
        active = all(node in query.parts for node in wanted)
        parts = rest if active else rest + wanted
        found.append(Refinement(facet=value, text=unparse(Query(parts=parts)), active=active))
    return tuple(found)


def add_chat(text: str, ref: str) -> str:
    """Return the query asked inside one chat."""
    parts = tuple(part for part in parse(text).query.parts if not _is_of(part, "chat"))
    return unparse(Query(parts=(*parts, Choice(name="chat", values=(ref,)))))


def _filters_for(facet: str, value: FacetValue) -> tuple[Node, ...]:
    match facet:
        case "chat":
            ref = value.chat.ref if value.chat is not None else ""
            return (Choice(name="chat", values=(ref,)),) if ref else ()
        case "month":
            return _month_filters(value.value)
        case _:
            return (Choice(name=facet, values=(value.value,)),) if value.value else ()


def _month_filters(month: str) -> tuple[Node, ...]:
    """2026-12 is asked for as after:2026-12 before:2027-01."""
    match = _MONTH.fullmatch(month)
    if match is None or match[1] == "9999":
        return ()
    year, number = int(match[1]), int(match[2])
    following = f"{year + number // 12:04}-{number % 12 + 1:02}"
    return After(date=month), Before(date=following)


def _is_of(node: Node, facet: str) -> bool:
    if facet == "month":
        return isinstance(node, After | Before)
    return isinstance(node, Choice) and node.name == facet
