"""What a baseline is."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

Words = Callable[[str], Sequence[str]]
"""Cuts a text into the terms that our own index holds of it."""


class Baseline(Protocol):
    """A way to search that others use, built over the documents of one set.

    add is called once, before the first search. A query is text, never the baseline's own grammar.
    """

    def add(self, documents: Iterable[tuple[str, str]]) -> None:
        """Index documents: (id, text)."""
        ...

    def search(self, text: str, k: int) -> list[str]:
        """Return the ids of at most k documents, best first; odd text finds nothing."""
        ...

    def close(self) -> None:
        """Let go of what it holds; not used afterwards."""
        ...
