"""What a reader may have meant: proposals of the speller, as far as the index still has them.

The vocabulary is hours old; a word of a post that was taken down since must not be told. So each
proposal is shown only if all that is new in it stands in a document that may be found now. Nor may
it find less than what was typed; and one that the speller is not sure of must find something where
what was typed finds nothing.
"""

from datetime import tzinfo
from typing import Final, NamedTuple

import msgspec

from soso.ports.clock import Clock
from soso.ports.engine import Engine
from soso.ports.lexicon import Lexicon
from soso.query.ast import Exact, Query
from soso.query.parse import parse
from soso.query.plan import Context, make_plan, narrow
from soso.query.plan_types import Sort
from soso.ranking.weights import BOOSTS
from soso.spelling.propose import Proposal
from soso.text.analyzers import Analyzers

FEW: Final = 10
"""From so many results on that have all that was asked, nothing else was meant."""


class Guessing(NamedTuple):
    """What guessing needs."""

    lexicon: Lexicon
    engine: Engine
    analyzers: Analyzers
    clock: Clock
    zone: tzinfo


def did_you_mean(text: str, needs: Guessing) -> tuple[str, ...]:
    """Return at most three queries that may have been meant, best first.

    text: the grammar of query/parse.py. Filters, quotations and what is kept out stay as typed.
    Nothing while no vocabulary is learned. Raises Unavailable, IndexMismatch.
    """
    speller = needs.lexicon.find()
    if speller is None:
        return ()
    proposals = speller.propose(text)
    known = {
        piece: _stands(piece, needs)
        for piece in dict.fromkeys(piece for one in proposals for piece in one.pieces)
    }
    left = [one for one in proposals if all(known[piece] for piece in one.pieces)]
    typed = _count(parse(text).query, needs) if left else 0
    return tuple(one.text for one in left if _is_worth(one, typed, needs))


def _is_worth(proposal: Proposal, typed: int, needs: Guessing) -> bool:
    """typed: how many documents have all that was typed."""
    if proposal.is_sure and not typed:
        return True
    found = _count(parse(proposal.text).query, needs)
    return found >= typed if proposal.is_sure else found > typed == 0


def _stands(piece: str, needs: Guessing) -> bool:
    return _count(Query(parts=(Exact(text=piece),)), needs) > 0


def _count(query: Query, needs: Guessing) -> int:
    """How many documents have all of it. Names of chats are not looked up: a chat finds nothing."""
    context = Context(now=needs.clock.now(), zone=needs.zone, chats={})
    plan = make_plan(query, needs.analyzers, BOOSTS, context)
    plan = narrow(plan, kind=None, sensitive=False, sort=Sort.NEWEST)
    found = needs.engine.search(msgspec.structs.replace(plan, limit=1, facets=()))
    return found.total if found.full else 0
