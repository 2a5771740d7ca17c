"""How much a story is being told now: many independent channels, within hours of one another.

Knows times and counts. Must not know posts. Pure.
"""

from collections.abc import Iterable
from math import log2
from typing import Final

HALF_LIFE_S: Final = 86_400.0
"""A channel counts for half a day after it took part."""


def heat(joined_s: Iterable[int]) -> float:
    """Return the heat of a story; the warmer of two stays so as time goes by.

    joined_s: when each independent channel took part for the first time, seconds since 1970; at
    least one. Each counts once and half as much for every day since, so that five channels within
    an hour outweigh five within a week, and yesterday's ten today's four. On a scale of days: one
    more is twice as many channels, or a day later.
    """
    times = sorted(joined_s)
    latest = times[-1]
    total = sum(2.0 ** ((at - latest) / HALF_LIFE_S) for at in times)
    return latest / HALF_LIFE_S + log2(total)
