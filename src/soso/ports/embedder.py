"""Meaning as numbers: texts that say alike get vectors that lie near each other."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Rows of unit length, so that a dot product is the cosine; a single vector has one axis."""


class Embedder(Protocol):
    """Asked by the worker (posts) and by searches (queries), from many threads at once.

    The same text gives the same vector, alone or among others (but for rounding, about 1e-3 in the
    cosine at worst). Any text is taken: empty ones, huge ones (what is past the model's reach does
    not count), control characters, lone surrogates. "No embedder" is None, not one of these.
    Raises Unavailable when the model or its endpoint can't answer now, BadInput when its settings
    can't work or the endpoint refuses what it is sent.
    """

    @property
    def name(self) -> str:
        """The model and all that its vectors depend on; vectors of two names do not compare."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    def passages(self, text: str) -> list[str]:
        """Cut a post into the texts to embed: one as a rule, several for a long post, none if there
        is nothing to read. Pure and quick; the passages stand in the order of the text."""
        ...

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text, shape (len(texts), dimension)."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of what someone typed, shape (dimension,)."""
        ...
