"""How much a suggestion weighs, so that the best of many that begin alike come first.

Knows the formulas. A weight never has to be computed again because time passes: what is newer
weighs more from the beginning, instead of what is older weighing less each day.
"""

import math
from typing import Final

DOUBLED: Final = 8
"""Twice the views, members or occurrences. The steps are coarse so that a post whose views rise
a little is not written anew."""

HALF_YEAR: Final = 8
"""Half a year younger counts as twice the views."""

LARGEST: Final = 2_000

_HALF_YEAR_S: Final = 182 * 86_400
_BEGINNING_S: Final = 1_376_000_000  # August 2013, when Telegram began
_MOST_OFTEN: Final = 64  # times that a title or tag is counted


def weigh_post(*, views: int, at_s: int) -> int:
    """Return the weight of what a post offers. at_s: Unix seconds, at most the present."""
    age = max(at_s - _BEGINNING_S, 0) * HALF_YEAR // _HALF_YEAR_S
    return _capped(_doublings(views) + age)


def weigh_chat(*, members: int, posts: int) -> int:
    """Return the weight of a chat: its audience first, then how much the archive has of it."""
    return _capped(2 * _doublings(members) + _doublings(posts))


def join_weights(best: int, count: int) -> int:
    """Return the weight of what so many posts offer, of which the best weighs so much."""
    return _capped(best + _doublings(min(count, _MOST_OFTEN) - 1))


def _doublings(number: int) -> int:
    return round(DOUBLED * math.log2(1 + min(max(number, 0), 2**62)))


def _capped(weight: int) -> int:
    return min(max(weight, 0), LARGEST)
