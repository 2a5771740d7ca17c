"""What a post must have to be told: the strict tier of the search that the watch is.

Knows how a watch becomes a plan. Must not know how many there are, or a store.
"""

from collections.abc import Iterable, Sequence

from soso.alerts.watch import Watch
from soso.query.ast import After, And, Before, Choice, Node, Not, Or
from soso.query.clauses import AllOf, Clause, OneOf
from soso.query.parse import parse
from soso.query.plan import Boosts, Context, make_plan, narrow
from soso.query.plan_types import Sort
from soso.schema import fields
from soso.text.analyzers import Analyzers


def demand_of(watch: Watch, analyzers: Analyzers, boosts: Boosts, context: Context) -> Clause:
    """Return what is satisfied by the posts that a search finds which have all that was asked.

    Nothing sensitive satisfies it. boosts: as in searches; they weigh, and nothing depends on them.
    """
    plan = make_plan(parse(watch.text).query, analyzers, boosts, context)
    plan = narrow(plan, kind=None, sensitive=False, sort=Sort.NEWEST)
    clauses = [plan.full, *(filter_.clause for filter_ in plan.filters)]
    if watch.kinds:
        clauses.append(OneOf(field=fields.KIND, terms=watch.kinds))
    return AllOf(clauses=tuple(clauses))


def named_chats(watch: Watch) -> list[str]:
    """Return the chats that the watch names: which they are may change."""
    return [
        value
        for node in _walk(parse(watch.text).query.parts)
        if isinstance(node, Choice) and node.name == "chat"
        for value in node.values
    ]


def moves_with_time(watch: Watch) -> bool:
    """Whether what it asks for depends on when it is asked, such as after:7d."""
    dates = (
        node.date
        for node in _walk(parse(watch.text).query.parts)
        if isinstance(node, After | Before)
    )
    return any(not date[:4].isdecimal() for date in dates)


def _walk(nodes: Sequence[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        match node:
            case And(parts=parts) | Or(parts=parts):
                yield from _walk(parts)
            case Not(part=part):
                yield from _walk((part,))
