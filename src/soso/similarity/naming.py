"""Which number a story keeps when its posts were told anew, so that its address lasts. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from soso.model.ids import PostKey


class Named(NamedTuple):
    """kept: for each group the number it keeps, None for a new one. moved: what became of numbers
    that no group keeps: the place of the group that has most of its posts."""

    kept: list[int | None]
    moved: dict[int, int]


def keep_numbers(groups: Sequence[Sequence[PostKey]], before: Mapping[PostKey, int]) -> Named:
    """Return the numbers that groups of posts keep.

    groups: the stories as they are now. before: the number of the story in which a post was. The
    story that has most of a number's posts keeps it; of equals the lower number, then the group
    that comes first. A number whose posts are in no group any more is neither kept nor moved.
    """
    shares = [Counter(before[key] for key in group if key in before) for group in groups]
    offers = sorted(
        (-count, number, place)
        for place, share in enumerate(shares)
        for number, count in share.items()
    )
    kept: list[int | None] = [None] * len(groups)
    taken: set[int] = set()
    for _, number, place in offers:
        if kept[place] is None and number not in taken:
            kept[place] = number
            taken.add(number)
    moved: dict[int, int] = {}
    for _, number, place in offers:
        if number not in taken:
            moved.setdefault(number, place)
    return Named(kept, moved)
