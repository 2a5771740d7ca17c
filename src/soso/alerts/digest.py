"""What an owner is told at once: posts, each for all its copies.

Knows how matches become lines. Must not know wording, HTML or a store.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from soso.alerts.watch import Watch
from soso.model.ids import PostKey
from soso.model.value import Value
from soso.query.results import Card

LISTED: Final = 10
"""Lines in one message; the rest is a number."""


class Digest(Value):
    """One telling.

    number: of the delivery, the same at every try. cards: newest first, each with `copying_chats`
    (how many other channels have it) and the matching words highlighted. more: posts that matched
    and are not listed. repeat: an earlier try may have arrived, nobody knows.
    """

    number: int
    watch: Watch
    cards: tuple[Card, ...]
    more: int = 0
    repeat: bool = False


class Folded(NamedTuple):
    """kept: one post a cluster; copies: those it stands for, and those told before."""

    kept: list[PostKey]
    copies: list[PostKey]


def fold_matches(
    waiting: Sequence[PostKey], heads: Mapping[PostKey, PostKey], told: frozenset[PostKey]
) -> Folded:
    """Keep one post of each cluster: the first, in the order given.

    heads: of the posts that are in clusters, those of the others themselves. told: heads of
    clusters that the owner was told of before.
    """
    kept: list[PostKey] = []
    copies: list[PostKey] = []
    seen = set(told)
    for key in waiting:
        head = heads.get(key, key)
        (copies if head in seen else kept).append(key)
        seen.add(head)
    return Folded(kept, copies)
