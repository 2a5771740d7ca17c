"""The choice of related posts: evidence becomes a score, and scores a list worth following.

Knows every weight of it. Must not know where evidence comes from, nor texts. Pure.
The weights were chosen on one half of the labelled queries of two sets; docs/guide/related.md has
the figures of the other.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from soso.model.ids import ChatKey, PostKey
from soso.schema.bonds import Bond, BondKind

MEANING: Final = 1.25
"""What nearness in meaning counts beside the share of words, both 1 for the post itself."""

CROWDED: Final = 0.6
"""What is taken off for what lies near to everything."""

UNLIKE_LENGTH: Final = 0.03
LENGTH_FLOOR: Final = 20
"""Taken off for each e-fold of difference in length: beside a headline a headline, beside a report
a report. Below LENGTH_FLOOR characters lengths do not differ."""

SAME_STORY: Final = 0.5
BONDS: Final = {
    BondKind.LINK: 0.5,
    BondKind.POST: 0.5,
    BondKind.PICTURE: 0.3,
    BondKind.TAG: 0.15,
    BondKind.NAME: 0.15,
    BondKind.SOURCE: 0.1,
}
"""What is added for having the same, where only two posts have it; see rarity."""

MOST_WITH: Final = 100
"""What so many posts have ties none of them to another."""

MOST_WITHIN_A_CHAT: Final = 3
"""Of one chat's posts more than this have it: the chat signs with it."""

FAINT: Final = 0.08
FAINT_WITH_MEANING: Final = 0.25
FAINT_BY_MEANING_ALONE: Final = 0.38
HARDLY_A_WORD: Final = 0.05
"""What scores less is left out rather than shown: a list may be short, or empty. Chosen on the sample
archive, where meaning without a word in common made the tails that a reader would throw out."""

MOST_OF_A_CHAT: Final = 2
MOST_OF_A_DAY: Final = 0.75
"""Of the list, at most so much is of one day, while there is something of another."""

_PATIENCE: Final = 2
"""After so many lists of posts that were put off, nothing else is waited for."""


class Shared(NamedTuple):
    """Something that two posts both have. posts: how many have it, these two included."""

    bond: Bond
    posts: int


class Evidence(NamedTuple):
    """What speaks for a post being related to the subject.

    words: the score of its words by the subject's, as a share of what the subject itself has.
    meaning, crowd: similarity.nearness; None where one of the two has no vector.
    lengths: of the subject and of the post, in characters.
    """

    words: float = 0.0
    meaning: float | None = None
    crowd: float = 0.0
    shared: tuple[Shared, ...] = ()
    same_story: bool = False
    same_chat: bool = False
    lengths: tuple[int, int] = (0, 0)


class Candidate(NamedTuple):
    """A post that may be related, with its score. day: when it was published."""

    key: PostKey
    chat: ChatKey
    score: float
    day: date
    same_story: bool = False


def score(evidence: Evidence) -> float:
    """Return how related a post is; comparable between posts of one subject. Raises nothing.

    min(words, 1)
    + MEANING x meaning - CROWDED x crowd            where both have vectors
    - UNLIKE_LENGTH x |log of the ratio of lengths|
    + SAME_STORY + the best of BONDS x rarity
    """
    found = min(evidence.words, 1.0) - UNLIKE_LENGTH * _difference(*evidence.lengths)
    if evidence.meaning is not None:
        found += MEANING * evidence.meaning - CROWDED * evidence.crowd
    if evidence.same_story:
        found += SAME_STORY
    return found + max((weight_of(one, evidence) for one in evidence.shared), default=0.0)


def weight_of(shared: Shared, evidence: Evidence) -> float:
    """Return what a shared thing adds: all of its weight if no third post has it, then less."""
    if evidence.same_chat and shared.posts > MOST_WITHIN_A_CHAT:
        return 0.0
    return BONDS[shared.bond.kind] * rarity(shared.posts)


def rarity(posts: int) -> float:
    """Return 1 for what two posts have, falling with the logarithm to 0 at MOST_WITH."""
    return max(0.0, 1 - math.log(max(posts - 1, 1)) / math.log(MOST_WITH - 1))


def is_faint(evidence: Evidence, total: float) -> bool:
    """Whether a post is too little related to be shown."""
    if evidence.meaning is None:
        return total < FAINT
    has_more = evidence.words >= HARDLY_A_WORD or evidence.shared or evidence.same_story
    return total < (FAINT_WITH_MEANING if has_more else FAINT_BY_MEANING_ALONE)


def choose(
    candidates: Sequence[Candidate],
    *,
    limit: int,
    are_copies: Callable[[PostKey, PostKey], bool],
) -> list[Candidate]:
    """Return at most limit candidates: the subject's own story first, then the rest, by score.

    Of copies only the best stays. At most MOST_OF_A_CHAT come from a chat and MOST_OF_A_DAY of
    them from a day; only what is left empty then is filled with more of the same, by score.
    Deterministic: ties go to the later post.
    """
    ranked = sorted(candidates, key=lambda one: (not one.same_story, -one.score, -one.key))
    distinct = _distinct(ranked, are_copies)
    chosen: list[Candidate] = []
    waiting: list[Candidate] = []
    chats: Counter[ChatKey] = Counter()
    days: Counter[date] = Counter()
    most_of_a_day = max(1, math.ceil(limit * MOST_OF_A_DAY))
    for one in distinct:
        if len(chosen) >= limit or len(waiting) >= limit * _PATIENCE:
            break
        if chats[one.chat] >= MOST_OF_A_CHAT or days[one.day] >= most_of_a_day:
            waiting.append(one)
            continue
        chosen.append(one)
        chats[one.chat] += 1
        days[one.day] += 1
    for most in (MOST_OF_A_CHAT, limit):  # a day's share is given up before a chat's
        for one in waiting:
            if len(chosen) < limit and one not in chosen and chats[one.chat] < most:
                chosen.append(one)
                chats[one.chat] += 1
    return sorted(chosen, key=lambda one: (not one.same_story, -one.score, -one.key))


def _distinct(
    ranked: Sequence[Candidate], are_copies: Callable[[PostKey, PostKey], bool]
) -> Iterator[Candidate]:
    kept: list[Candidate] = []
    for one in ranked:
        if not any(are_copies(before.key, one.key) for before in kept):
            kept.append(one)
            yield one


def _difference(one: int, other: int) -> float:
    return abs(math.log((one + LENGTH_FLOOR) / (other + LENGTH_FLOOR)))
