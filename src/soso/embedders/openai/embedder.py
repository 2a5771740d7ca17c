"""Any endpoint that speaks OpenAI's embeddings: Ollama, vLLM, a machine with a GPU, the cloud.

Knows how texts are parted into requests and what a model's vectors depend on; must not know HTTP or
JSON.
"""

import hashlib
import time
import weakref
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

import numpy as np

from soso.embedders.foreign import encodable
from soso.embedders.openai.client import Endpoint, Patience, is_here
from soso.embedders.openai.wire import build_request, parse_answer
from soso.embedders.passages import cut_passages
from soso.model.errors import BadInput
from soso.model.value import Value
from soso.ports.embedder import Vectors

LEAVES_THE_MACHINE: Final = (
    "Posts, private ones among them, and everything that people search for are sent to {host}."
)

_LONGEST: Final = 8_000
"""Characters of a text that are sent; within the 8,192 tokens that most models take."""

_PASSAGE_BUDGET: Final = 400
_BYTES_A_NUMBER: Final = 40
_BYTES_BESIDE: Final = 2**20

FOR_POSTS: Final = Patience(timeout_s=120, tries=5, longest_rest_s=60)
"""Nobody waits for the worker, and a model on a small machine needs its time."""

FOR_QUERIES: Final = Patience(timeout_s=5, tries=2, longest_rest_s=1)
"""Somebody waits, and the words alone give an answer."""


class Remote(Value):
    """A model elsewhere.

    url: up to /v1. dimension: how many numbers its vectors have. shorten: ask it for so many, which
    only some models can do. query_prefix, post_prefix: what the model was trained to see in front.
    at_once: texts a request.
    """

    url: str
    model: str
    dimension: int
    key: str = ""
    shorten: bool = False
    query_prefix: str = ""
    post_prefix: str = ""
    at_once: int = 64

    def __repr__(self) -> str:
        return f"Remote(url={self.url!r}, model={self.model!r}, dimension={self.dimension})"


class OpenAIEmbedder:
    """Fills ports.embedder.Embedder."""

    def __init__(self, remote: Remote, *, rest: Callable[[float], None] = time.sleep) -> None:
        """Send nothing yet. rest: waits so many seconds between tries. Raises BadInput."""
        if not remote.model or remote.dimension < 1 or remote.at_once < 1:
            raise BadInput("an endpoint needs the name of a model and the length of its vectors")
        self._remote = remote
        self._endpoint = Endpoint(remote.url, key=remote.key, rest=rest)
        weakref.finalize(
            self, self._endpoint.close
        )  # searches may be under way until nobody has it
        self._name = f"openai {remote.model} {remote.dimension}{_mark(remote)}"

    @property
    def name(self) -> str:
        """The model, its dimension and a mark of the prefixes; not the address, which may move."""
        return self._name

    @property
    def dimension(self) -> int:
        """As set."""
        return self._remote.dimension

    @property
    def warning(self) -> str | None:
        """What the operator must be told, None if the endpoint is this machine."""
        host = self._endpoint.host
        return None if is_here(host) else LEAVES_THE_MACHINE.format(host=host)

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def passages(self, text: str) -> list[str]:
        """Cut a post into texts of about a long paragraph."""
        return cut_passages(text, budget=_PASSAGE_BUDGET)

    def embed_posts(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text. A text that is refused refuses all of its request."""
        remote = self._remote
        vectors = np.empty((len(texts), remote.dimension), np.float32)
        for start in range(0, len(texts), remote.at_once):
            part = [
                remote.post_prefix + text for text in islice(texts, start, start + remote.at_once)
            ]
            vectors[start : start + len(part)] = self._embed(part, FOR_POSTS)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a query, or raise Unavailable within about ten seconds."""
        vector: Vectors = self._embed([self._remote.query_prefix + text], FOR_QUERIES)[0]
        return vector

    def _embed(self, texts: Sequence[str], patience: Patience) -> Vectors:
        remote = self._remote
        # An endpoint may refuse an empty text; a blank one means as much.
        sent = [encodable(text, longest=_LONGEST) or " " for text in texts]
        body = build_request(
            remote.model, sent, dimension=remote.dimension if remote.shorten else None
        )
        longest = len(sent) * remote.dimension * _BYTES_A_NUMBER + _BYTES_BESIDE
        answer = self._endpoint.ask(body, patience=patience, longest_bytes=longest)
        return parse_answer(answer, count=len(sent), dimension=remote.dimension)


def _mark(remote: Remote) -> str:
    if not remote.query_prefix and not remote.post_prefix:
        return ""
    prefixes = f"{remote.query_prefix}\0{remote.post_prefix}"
    return " " + hashlib.sha256(prefixes.encode("utf-8", "replace")).hexdigest()[:8]
