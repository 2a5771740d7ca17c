"""What processes count, told to each other: an approximate sum without a write per hit."""

from collections.abc import Mapping
from typing import Protocol


class Tallies(Protocol):
    """Counts of the last half minute, by the name of what is counted. May be lost."""

    def swap_tallies(
        self, name: str, me: str, hits: Mapping[str, int], *, after: int
    ) -> tuple[int, list[Mapping[str, int]]]:
        """Tell what was counted here since the last time; return what others told after a place.

        after: the place that the last call returned; -1 at first, and nothing older is given then.
        Returns the new place and the others' counts. Writes nothing where there are no hits.
        """
        ...
