"""Which texts are encoded together.

Knows lengths only; must not know models. Pure.
"""

from collections.abc import Iterator, Sequence
from typing import Final

TOKENS_AT_ONCE: Final = 256
"""Tokens of a batch, padding counted: more do not fit the processor's near memory. Of 64 to 1,024
this gave the most posts a second, for titles and for long posts."""


def batch(lengths: Sequence[int], *, tokens: int = TOKENS_AT_ONCE) -> Iterator[list[int]]:
    """Yield the places of texts in batches, like lengths together, so that little is padded.

    Each place comes once. A text longer than tokens is a batch by itself.
    """
    held: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if held and (len(held) + 1) * lengths[place] > tokens:
            yield held
            held = []
        held.append(place)
    if held:
        yield held
