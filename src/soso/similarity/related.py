"""The choice of related posts among candidates: near, none twice, not all of one chat."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from soso.model.ids import ChatKey, PostKey
from soso.similarity.copies import Print, is_copy

MOST_OF_A_CHAT: Final = 2
ABOUT_AS_NEAR: Final = 0.5
"""Another chat's post goes before a third of one chat if it scores at least this share of it."""

FAR: Final = 0.25
"""What scores less than this share of the nearest is left out rather than shown."""


class Candidate(NamedTuple):
    """A post that may be related; print: for telling copies."""

    key: PostKey
    chat: ChatKey
    score: float
    print: Print


def choose(subject: Print, candidates: Sequence[Candidate], *, limit: int) -> list[Candidate]:
    """Return at most limit candidates by falling score.

    subject: the print of the post itself; its copies are left out, and of several copies of
    another post only the best stays. What is far beside the nearest is left out too. At most
    MOST_OF_A_CHAT come from one chat while another chat has something about as near.
    """
    distinct: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda found: (-found.score, -found.key)):
        if distinct and candidate.score < distinct[0].score * FAR:
            break
        if is_copy(subject, candidate.print):
            continue
        if any(is_copy(kept.print, candidate.print) for kept in distinct):
            continue
        distinct.append(candidate)
        if len(distinct) >= limit * 4:
            break
    return _spread(distinct, limit)


def _spread(distinct: Sequence[Candidate], limit: int) -> list[Candidate]:
    chosen: list[Candidate] = []
    waiting = list(distinct)
    counts: Counter[ChatKey] = Counter()
    while waiting and len(chosen) < limit:
        best = waiting[0]
        pick = best
        if counts[best.chat] >= MOST_OF_A_CHAT:
            floor = best.score * ABOUT_AS_NEAR
            pick = next(_others(waiting, counts, floor), best)
        waiting.remove(pick)
        chosen.append(pick)
        counts[pick.chat] += 1
    return sorted(chosen, key=lambda found: (-found.score, -found.key))


def _others(
    waiting: Sequence[Candidate], counts: Counter[ChatKey], floor: float
) -> Iterator[Candidate]:
    return (one for one in waiting if counts[one.chat] < MOST_OF_A_CHAT and one.score >= floor)
