"""What an OpenAI-compatible endpoint for embeddings is sent, and what it answers.

Knows the JSON of POST /v1/embeddings; must not know HTTP. Pure. The answer is foreign: every length
and number in it is checked.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from soso.model.errors import BadInput, Unavailable
from soso.model.value import Value
from soso.ports.embedder import Vectors


class _Row(Value):
    embedding: list[float]
    index: int | None = None


class _Answer(Value):
    data: list[_Row]


def build_request(model: str, texts: Sequence[str], *, dimension: int | None) -> bytes:
    """Return the body that asks for vectors. dimension: ask the model to shorten them to this."""
    body: dict[str, object] = {"model": model, "input": list(texts), "encoding_format": "float"}
    if dimension is not None:
        body["dimensions"] = dimension
    return msgspec.json.encode(body)


def parse_answer(body: bytes, *, count: int, dimension: int) -> Vectors:
    """Return the vectors in the order of the texts, brought to unit length.

    Raises BadInput when they have another dimension than was set, Unavailable when the answer is
    none: not JSON, too few vectors, numbers that are not numbers.
    """
    try:
        rows = msgspec.json.decode(body, type=_Answer).data
    except msgspec.DecodeError as error:
        raise Unavailable(f"the endpoint's answer is not one of vectors: {error}") from error
    places = [place if row.index is None else row.index for place, row in enumerate(rows)]
    if sorted(places) != list(range(count)):
        raise Unavailable(f"the endpoint answered {len(rows)} vectors for {count} texts")
    lengths = {len(row.embedding) for row in rows}
    if lengths - {dimension}:
        raise BadInput(
            f"the model's vectors have {max(lengths)} numbers, the settings say {dimension}"
        )
    vectors = np.empty((count, dimension), np.float64)
    for place, row in zip(places, rows, strict=True):
        vectors[place] = row.embedding
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    if not (np.isfinite(largest) & (largest > 0)).all():
        raise Unavailable("the endpoint answered a vector without a direction")
    vectors /= largest  # so that no square overflows
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def parse_complaint(body: bytes) -> str:
    """Return what an endpoint says is wrong, in one line, "" if it says nothing we can read."""
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    for key in ("error", "message", "detail"):
        if isinstance(said, dict) and key in said:
            said = said[key]
    if not isinstance(said, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())
