"""multilingual-e5-small on this machine's processor.

Knows the prefixes that the model was trained with and how its inputs are laid out; must not know
how the graph came to be.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from soso.embedders.e5.batches import batch
from soso.embedders.e5.build import ENCODER, RECIPE, TOKENIZER, Build, find_or_build
from soso.embedders.e5.encoder import MASK, TOKENS
from soso.embedders.e5.runtime import open_session
from soso.embedders.e5.tokens import Tokenizer
from soso.embedders.passages import cut_passages
from soso.model.errors import Unavailable
from soso.ports.embedder import Vectors

LONGEST: Final = 128
"""Tokens of a text; the model's limit is 512, but time and the blur of the mean grow with them."""

_PASSAGE_BUDGET: Final = 60  # by weigh(); see docs/adr/0011-hybrid-search.md
_POST: Final = "passage: "
_QUERY: Final = "query: "


class E5Embedder:
    """Fills ports.embedder.Embedder. Holds about 130 MB; its calls run on the caller's thread."""

    def __init__(self, build: Build, *, threads: int = 1) -> None:
        """Load a build. threads: more than one only pays on cores that nothing else uses.

        Raises Unavailable.
        """
        self._session = open_session(build.path / ENCODER, threads=threads)
        self._tokenizer = Tokenizer(build.path / TOKENIZER, longest=LONGEST)
        self._name = f"multilingual-e5-small {build.label.source[:12]} {RECIPE} {LONGEST}"
        self._dimension = build.label.dimension

    @property
    def name(self) -> str:
        """The model, the weights it was built from, the recipe and the length texts are cut to."""
        return self._name

    @property
    def dimension(self) -> int:
        """384."""
        return self._dimension

    def passages(self, text: str) -> list[str]:
        """Cut a post into texts that the model reads whole."""
        return cut_passages(text, budget=_PASSAGE_BUDGET)

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text, of its first 128 tokens."""
        return self._embed(_POST, texts)

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a query."""
        vector: Vectors = self._embed(_QUERY, (text,))[0]
        return vector

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        ids = self._tokenizer.encode(prefix, texts)
        vectors = np.empty((len(ids), self._dimension), np.float32)
        for places in batch([len(text) for text in ids]):
            vectors[places] = self._run([ids[place] for place in places])
        return vectors

    def _run(self, ids: Sequence[Sequence[int]]) -> Vectors:
        shape = (len(ids), max(map(len, ids)))
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int32)
        for row, text in enumerate(ids):
            tokens[row, : len(text)] = text
            mask[row, : len(text)] = 1
        try:
            found: Vectors = self._session.run(None, {TOKENS: tokens, MASK: mask})[0]
        except Exception as error:
            raise Unavailable(f"the model failed: {error}") from error
        return found


def load_e5(folder: Path, *, threads: int = 1) -> E5Embedder:
    """Return the embedder, building the model in the folder the first time (some seconds).

    Raises Unavailable, BadInput.
    """
    return E5Embedder(find_or_build(folder), threads=threads)
